"""The commands of the first minute: an archive with a page in one step, the settings that hold, and the manual."""

"""The commands that look at an archive as a whole, copy it and mend it, one module each."""

"""What keeps an archive whole: looking at all of it, copies of it, and making sound again what is damaged."""

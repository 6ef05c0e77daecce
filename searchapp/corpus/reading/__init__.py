"""Paths to articles: the walker over files and folders, the registry of formats, and what could not be read."""

"""Paths to articles: the walker over files and folders, the registry that tells formats apart, what could not be read.

Not for what is in a file. It may import all the rooms beside it, and none of them imports it.
"""

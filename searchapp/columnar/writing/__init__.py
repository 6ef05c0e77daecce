"""Batches of articles to segments, segments to fewer segments, and the commit.

Useful for what a run of indexing costs in time and memory. Not for the layout of a file (`format`) nor for reading what
was committed (`asking`); it decides which articles live and in which segment they stand, and nothing about their sense.
"""

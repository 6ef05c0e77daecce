"""What stands in the files of an index: sections, dictionaries, postings, columns, stored articles, table of contents.

Useful for reading and writing one part of a segment. Not for putting articles together (`writing`), for questions
(`asking`), nor for which fields there are (`schema`): it imports none of them, and a column here knows how it is laid
out but not why somebody reads it. The README of `columnar` describes the same byte by byte.
"""

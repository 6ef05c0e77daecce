"""One module per format: how its files look, and how they become articles.

A new format is a module with a `FORMAT` and a line in `searchapp.corpus.reading.registry`. `fields` (what columns and
keys are called) and `items` (records of a feed or list) are shared by several. Not for finding files. It may import
`cleaning` and `decoding`.
"""

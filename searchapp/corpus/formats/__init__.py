"""One module per format: how its files look, and how they become articles.

A new format is a module with a `FORMAT` and a line in `searchapp.corpus.reading.registry`. What several formats share,
such as `data.fields` (what columns and keys are called) and `wire.items` (texts in several forms), stands beside them.
Not for finding files. It may import `cleaning` and `decoding`.
"""

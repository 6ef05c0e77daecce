"""Files to articles: one module per format, a registry that tells them apart, a walker over files and folders."""

from searchapp.corpus.reading.walker import read_file, walk

__all__ = ["read_file", "walk"]

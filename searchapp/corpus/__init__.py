"""Files to articles. Not for recognising names in them, nor for keeping them.

Its rooms, each importing only those before it: `cleaning`, `decoding`, `formats`, `reading`.
"""

from searchapp.corpus.reading.walker import read_file, walk, walk_kinds

__all__ = ["read_file", "walk", "walk_kinds"]

"""The index as one of Whoosh's own, for scripts that know Whoosh: its readers, searcher, field types and writer.

Not for the program itself: indexing, searching and serving never import this room, nor does the store (`format`,
`writing`, `asking`), which knows nothing of Whoosh but its schema, its query classes and the interface of its writer.
The README beside this file shows how it is used, and what is not offered.
"""

from __future__ import annotations

from searchapp.columnar.whoosh.codec import ColumnarCodec
from searchapp.columnar.whoosh.index import WhooshIndex, create_index, open_index
from searchapp.columnar.whoosh.writer import WhooshWriter

__all__ = ["ColumnarCodec", "WhooshIndex", "WhooshWriter", "create_index", "open_index"]

"""Articles in a Whoosh index: the engine for an archive on one machine."""

from searchapp.columnar import Damage, identity_of, mark_of
from searchapp.columnar import check as check_index
from searchapp.columnar.salvaging.copying import Copied
from searchapp.columnar.salvaging.copying import copy_state as copy_index
from searchapp.engines.whoosh.engine import WhooshEngine, is_index

__all__ = [
    "WRITE_LOCK",
    "Copied",
    "Damage",
    "WhooshEngine",
    "check_index",
    "copy_index",
    "identity_of",
    "is_index",
    "mark_of",
]

WRITE_LOCK = "MAIN_WRITELOCK"
"""The file of the lock that a writer holds."""

"""Articles in a Whoosh index: the engine for an archive on one machine."""

from searchapp.columnar import Damage, identity_of, mark_of
from searchapp.columnar import check as check_index
from searchapp.engines.whoosh.engine import WhooshEngine, is_index

__all__ = ["Damage", "WhooshEngine", "check_index", "identity_of", "is_index", "mark_of"]

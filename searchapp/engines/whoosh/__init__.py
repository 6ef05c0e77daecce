"""Articles in a Whoosh index: the engine for an archive on one machine."""

from searchapp.engines.whoosh.engine import WhooshEngine

__all__ = ["WhooshEngine"]

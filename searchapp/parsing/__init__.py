"""What the user typed -> a query tree and a list of problems. Never raises."""

from searchapp.parsing.parser import MAX_QUERY_CHARS, parse

__all__ = ["MAX_QUERY_CHARS", "parse"]

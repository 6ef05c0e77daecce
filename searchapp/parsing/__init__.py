"""What the user typed -> a query tree and a list of problems, and a query tree back to text. Never raises."""

from searchapp.parsing.parser import MAX_QUERY_CHARS, parse
from searchapp.parsing.writing import as_typed

__all__ = ["MAX_QUERY_CHARS", "as_typed", "parse"]

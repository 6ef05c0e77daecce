"""Articles on an OpenSearch cluster: the same answers as in a folder, for archives that outgrow one machine.

What was decided, and why, is in README.md beside this file.
"""

from searchapp.engines.opensearch.engine import OpenSearchEngine

__all__ = ["OpenSearchEngine"]

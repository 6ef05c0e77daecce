"""What leaves the page as a file or a feed: Atom, JSON Feed, OpenSearch, exports, citations, metadata."""

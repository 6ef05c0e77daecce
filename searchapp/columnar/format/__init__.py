"""What a segment is on disk: pages, sections, tables, columns, the fields of an index and its table of contents."""

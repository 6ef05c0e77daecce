"""What Whoosh's own searcher and writer need to use the index; the store itself never imports it."""

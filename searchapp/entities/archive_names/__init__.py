"""Labels of all articles to what the archive shows: which are one entity, kept up beside the index."""

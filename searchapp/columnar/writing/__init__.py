"""Batches of articles to segments, segments to fewer segments, and the commit."""

"""Spans to mentions within one article: which of them name one entity, and what it is called there."""

"""Spans to mentions within one article: which of them name one entity, and what it is called there.

`within` asks `people`, `places` and `organisations` in turn, over the `groups` of names that are written alike;
`boilerplate` says where no names are taken. Not for other articles: `archive_names` compares what this room found. It
may import `recognising` (what a span is) and `places`.
"""

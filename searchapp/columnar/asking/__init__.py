"""Questions to answers over one committed state: evaluating, ranking, counting, finding words, checking for damage.

Useful for how fast and how exact an answer is. Not for changing anything: it opens files and never writes one. A
`View` is the state, `Question` and `Answer` go in and out of an `Executor`, and a `FacetIndex` keeps what labels mean.
"""

"""Queries taken apart into what can be kept and compared quickly."""

from __future__ import annotations

import datetime as dt

from hypothesis import example, given
from hypothesis import strategies as st

from searchapp.model import query as q

_words = st.sampled_from(["oil", "gold", "And", "Not"])
_fields = st.sampled_from(["", "title"])
_leaves = st.one_of(
    st.builds(q.Term, _words, _fields),
    st.builds(q.Phrase, st.lists(_words, min_size=1, max_size=2).map(tuple), st.booleans(), _fields),
    st.builds(q.Near, st.just(("oil", "gold")), st.integers(1, 2)),
    st.builds(q.Wildcard, _words),
    st.builds(q.Fuzzy, _words, st.integers(1, 2)),
    st.builds(q.Named, st.sampled_from(["people", "places"]), st.just(("oil",)), text=_words),
    st.builds(q.DateRange, st.sampled_from([None, dt.date(1987, 3, 1)]), st.none()),
    st.builds(q.Dated, st.sampled_from(q.DATED)),
    st.builds(q.Everything),
    st.builds(q.Nothing),
)
_queries = st.recursive(
    _leaves,
    lambda child: st.one_of(
        st.builds(q.Not, child),
        *[st.builds(kind, st.lists(child, max_size=2).map(tuple)) for kind in (q.And, q.Or)],
    ),
    max_leaves=4,
)
_A, _B = q.Term("oil"), q.Term("gold")


@given(_queries, _queries)
@example(q.And((q.And((_A, _B)),)), q.And((q.And((_A,)), _B)))
@example(q.And((q.Not(_A), _B)), q.Not(q.And((_A, _B))))
def test_queries_have_the_same_atoms_where_they_are_equal_and_else_others(one: q.Query, other: q.Query) -> None:
    assert (q.atoms_of(one) == q.atoms_of(other)) == (one == other)
    assert hash(q.atoms_of(one)) == hash(q.atoms_of(one))

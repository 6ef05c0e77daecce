"""The table of what can be written says all that the parser reads, and nothing else."""

from __future__ import annotations

import typing
from collections.abc import Iterator

from searchapp.model import query as model
from searchapp.model.query import DATED, FACETS, TEXT_FIELDS, And, Dated, Named, Not, Nothing, Or, Query
from searchapp.parsing import parse
from searchapp.parsing.lexer import FIELDS
from searchapp.parsing.syntax import SYNTAX, USUAL_WORDS, fields

EXAMPLES = [syntax.example(USUAL_WORDS) for syntax in SYNTAX]


def nodes(query: Query) -> Iterator[Query]:
    yield query
    for child in query.children if isinstance(query, And | Or) else [query.child] if isinstance(query, Not) else []:
        yield from nodes(child)


FOUND = [node for example in EXAMPLES for node in nodes(parse(example)[0])]


def test_no_example_is_read_otherwise_than_it_is_written() -> None:
    assert {example: problems for example in EXAMPLES if (problems := parse(example)[1])} == {}


def test_every_kind_of_query_has_an_example() -> None:
    # An empty text asks for everything, and nobody can ask for nothing.
    wanted = set(typing.get_args(model.Query)) - {Nothing, model.Everything}
    assert {type(node) for node in FOUND} == wanted


def test_every_field_and_facet_has_an_example() -> None:
    assert {node.facet for node in FOUND if isinstance(node, Named)} == set(FACETS)
    assert {getattr(node, "field", "") for node in FOUND} == {"", *TEXT_FIELDS}
    assert {node.how for node in FOUND if isinstance(node, Dated)} == set(DATED)
    assert any(isinstance(node, Named) and node.prefix for node in FOUND)


def test_every_word_before_a_colon_is_listed_once() -> None:
    listed = [word for usual, others in fields() for word in (usual, *others)]
    assert sorted(listed) == sorted(FIELDS)


def test_examples_use_every_usual_word_and_no_other() -> None:
    assert {key for syntax in SYNTAX for key in syntax.needs} == set(USUAL_WORDS)


def test_no_two_examples_are_the_same() -> None:
    assert len(set(EXAMPLES)) == len(EXAMPLES)

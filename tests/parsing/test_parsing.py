"""What is typed becomes a query tree and plain-word problems, whatever is typed."""

from __future__ import annotations

import datetime as dt
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.model.query import And, DateRange, Everything, Fuzzy, Named, Not, Or, Phrase, Query, Term, Wildcard
from searchapp.parsing import MAX_QUERY_CHARS, parse


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("", Everything()),
        ("*", Everything()),
        ("Peace", Term("peace")),
        ("peace talks", And((Term("peace"), Term("talks")))),
        ("peace AND talks", And((Term("peace"), Term("talks")))),
        ("peace and talks", And((Term("peace"), Term("and"), Term("talks")))),
        ("a OR b c", Or((Term("a"), And((Term("b"), Term("c")))))),
        ("(a OR b) c", And((Or((Term("a"), Term("b"))), Term("c")))),
        ("-a", Not(Term("a"))),
        ("NOT a b", And((Not(Term("a")), Term("b")))),
        ("-(a b)", Not(And((Term("a"), Term("b"))))),
        ("NOT NOT a", Term("a")),
        ("peace - talks", And((Term("peace"), Term("talks")))),
        ('"Interest Rates"', Phrase(("interest", "rates"))),
        ("“Interest Rates”", Phrase(("interest", "rates"))),
        ("Nagorno-Karabakh", Phrase(("nagorno", "karabakh"), exact=False)),
        ("elect*", Wildcard("elect*")),
        ("wom?n", Wildcard("wom?n")),
        ("what?", Term("what")),
        ("Türk*", Wildcard("turk*")),
        ("talc~", Fuzzy("talc", 1)),
        ("ceasfire~", Fuzzy("ceasfire", 2)),
        ("talc~2", Fuzzy("talc", 2)),
        ("title:peace", Term("peace", title_only=True)),
        ("TITLE:peace", Term("peace", title_only=True)),
        ('person:"Nikol Pashinyan"', Named("people", ("nikol", "pashinyan"))),
        ("person:pash*", Named("people", ("pash",), prefix=True)),
        ("place:(York OR Leeds)", Or((Named("places", ("york",)), Named("places", ("leeds",))))),
        ("org:UN", Named("organisations", ("un",))),
        ("organization:UN", Named("organisations", ("un",))),
        ("date:2023", DateRange(dt.date(2023, 1, 1), dt.date(2023, 12, 31))),
        ("date:2023-02", DateRange(dt.date(2023, 2, 1), dt.date(2023, 2, 28))),
        ("date:2023-09..2023-10", DateRange(dt.date(2023, 9, 1), dt.date(2023, 10, 31))),
        ("date:2023-09..", DateRange(dt.date(2023, 9, 1), None)),
        ("date:..2023-09-05", DateRange(None, dt.date(2023, 9, 5))),
        ("10:30", Phrase(("10", "30"), exact=False)),
        ("https://example.org/a", Phrase(("https", "example", "org", "a"), exact=False)),
    ],
)
def test_a_sound_query_is_read_as_typed(typed: str, query: Query) -> None:
    assert parse(typed) == (query, ())


@pytest.mark.parametrize(
    ("typed", "query", "about"),
    [
        ('"peace talks', Phrase(("peace", "talks")), "never closed"),
        ("(peace", Term("peace"), "never closed"),
        ("peace)", Term("peace"), "without an opening one"),
        ("OR peace", Term("peace"), "nothing before it"),
        ("peace OR", Term("peace"), "nothing after it"),
        ("peace AND", Term("peace"), "nothing after it"),
        ("peace NOT", Term("peace"), "nothing after it"),
        ("title:", Term("title"), "nothing follows"),
        ("author:smith", And((Term("author"), Term("smith"))), 'no field "author:"'),
        ("date:soon", Term("soon"), "no date"),
        ("date:2023-02-31", Phrase(("2023", "02", "31"), exact=False), "no date"),
        ("date:2024..2023", DateRange(dt.date(2023, 1, 1), dt.date(2024, 12, 31)), "swapped"),
        ("?!", Everything(), "no word"),
        ('""', Everything(), "no word"),
        ("talc~9", Fuzzy("talc", 2), "1 or 2"),
        ("Nagorno-Kara*", And((Term("nagorno"), Wildcard("kara*"))), "within one word"),
        ("person:*", Everything(), "names nothing"),
    ],
)
def test_a_faulty_query_is_read_and_the_problem_said(typed: str, query: Query, about: str) -> None:
    read, problems = parse(typed)
    assert read == query
    assert any(about in problem.message for problem in problems), problems
    assert all(0 <= problem.start <= problem.end <= len(typed) for problem in problems)


def test_each_problem_is_said_once() -> None:
    messages = [problem.message for problem in parse("(" * 500)[1]]
    assert len(messages) == len(set(messages))


def test_what_is_longer_than_the_limit_is_cut_and_said() -> None:
    query, problems = parse("word " * MAX_QUERY_CHARS)
    assert isinstance(query, And)
    assert "only the first 2,000 were read" in problems[0].message


PIECES = [*"ab AORNDT\"()-:*?~.'“”é\u0301東\u202e0123 ", "title:", "person:", "date:", " OR ", "NOT ", "word"]
HOSTILE = [
    "(",
    "-",
    '"',
    "a.",
    "1",
    "title:",
    "*",
    "a*",
    "a* ",
    "x:y ",
    "-(",
    '"a" ',
    "((a) ",
    "1,",
    "'a",
    "date:1 ",
    "~",
]


@given(st.one_of(st.text(max_size=2_000), st.lists(st.sampled_from(PIECES), max_size=400).map("".join)))
@settings(max_examples=300, deadline=None)
def test_no_text_raises(typed: str) -> None:
    query, problems = parse(typed)
    assert isinstance(query, Query)
    assert all(problem.message for problem in problems)


def test_no_text_up_to_2000_characters_takes_over_50_ms() -> None:
    # Apart from the test above: what traces its lines would be measured too. Time of this process alone, best of
    # three, because the machine may be busy elsewhere.
    dice = random.Random(2)
    texts = [piece * (MAX_QUERY_CHARS // len(piece)) for piece in HOSTILE]
    texts += ["".join(dice.choices(PIECES, k=1_200))[:MAX_QUERY_CHARS] for _ in range(200)]
    for text in texts:
        times = []
        for _ in range(3):
            started = time.process_time()
            parse(text)
            times.append(time.process_time() - started)
        assert min(times) < 0.05, text[:40]

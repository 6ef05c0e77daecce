"""Queries in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.archive import Archive
from searchapp.engines.memory import MemoryEngine
from searchapp.model import query as q
from searchapp.parsing import as_typed
from searchapp.web.catalogue import catalogue
from searchapp.web.pages.wording import in_words

ARCHIVE = Archive(MemoryEngine())
WORDS = st.sampled_from(
    ["peace", "Karabakh", "nagorno-karabakh", "negotiat*", "pashinian~", "the", "U.S.", "3.5", '"peace talks"',
     'title:"peace talks"', "title:(peace OR war)", "person:pash*", 'place:"New York"', "org:un", "date:2023-09",
     "date:2023..2024", "date:2023..", "-war", "NOT (a b)", "OR", "(", ")", "-", "*", "AND", "O'Brien", "wom?n", "東京"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=8).map(" ".join))
def test_a_query_written_out_reads_as_the_same_query(text: str) -> None:
    query, _ = ARCHIVE.read_query(text)
    again, _ = ARCHIVE.read_query(as_typed(query))
    assert again == query


@given(st.text(max_size=80))
def test_every_query_can_be_said(text: str) -> None:
    query, _ = ARCHIVE.read_query(text)
    said = in_words(query, catalogue())
    assert said
    assert "<" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ceasefire talks", "“ceasefire” and “talks”"),
        ('"peace deal" OR war -russia', "(the phrase “peace deal” or (“war” and not “russia”))"),
        ("title:peace", "“peace” in the title"),
        ("person:pash*", "a person that begins with “pash”"),
        ("date:2023-09", "from 1 Sep 2023 to 30 Sep 2023"),
        ("<b>", "“b”"),
    ],
)
def test_the_reading_of_a_query_is_a_phrase(text: str, said: str) -> None:
    query, _ = ARCHIVE.read_query(text)
    assert str(in_words(query, catalogue())).strip("()") == said.strip("()")


def test_nothing_and_everything_have_words() -> None:
    assert in_words(q.Nothing(), catalogue()) == "nothing"
    assert in_words(q.Everything(), catalogue()) == "any text"

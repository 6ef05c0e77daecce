"""Rows of links and notices are told from what an article says."""

from __future__ import annotations

import time

import pytest

from searchapp.language.furniture import OPENINGS, is_furniture, is_navigation, is_table_row

NOTICES = [
    "Advertisement", "Read more: Jane Doe wins the prize", "Related articles: Oil rises", "Sign up for our newsletter",
    "Follow us on Twitter", "Follow @example", "Share this article", "3 min read", "Copyright 2024 The Daily Example",
    "Copyright The Daily Example. All rights reserved.", "All rights reserved", "Tags: oil, gas", "jane@example.org",
    "https://example.org/more", "* * *", "Story continues below advertisement", "RELATED What the vote means",
]  # fmt: skip


@pytest.mark.parametrize("line", NOTICES)
def test_notices_are_no_part_of_an_article(line: str) -> None:
    assert is_furniture(line)
    assert not line[0].isalpha() or line[:2].lower() in OPENINGS or "@" in line


@pytest.mark.parametrize(
    "line",
    [
        "Copyright law must change, says the minister.",
        "Follow the money, said the judge.",
        "Advertisement spending rose by half.",
        "Related companies rose too.",
        "She read more than Tolstoy.",
        "Share prices fell.",
    ],
)
def test_sentences_that_begin_like_notices_are_none(line: str) -> None:
    assert not is_furniture(line)


def test_a_row_of_a_table_has_neighbours_with_as_many_bars() -> None:
    assert is_table_row("York | 5 | 3", ["Team | P | W", ""])
    assert not is_table_row("Home | World | Sport", ["The talks went on."])
    assert not is_table_row("York", ["Leeds"])


@pytest.mark.parametrize("line", [" " * 3000 + "|", "| " * 1500, "a" + " " * 199])
def test_rows_of_links_are_told_in_no_time(line: str) -> None:
    began = time.process_time()
    for _ in range(100):
        is_navigation(line)
    assert time.process_time() - began < 1

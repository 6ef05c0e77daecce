"""Which articles of a file are one, and which only say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from searchapp.corpus.decoding.base import identifier
from searchapp.corpus.reading import identity
from searchapp.model.article import Article
from searchapp.model.result import Noted

_ITEM = "<item><guid>https://e.org/feed-1</guid><title>{0}</title><description>{0} words</description></item>"


def _feed(*titles: str) -> str:
    return f"<rss><channel>{''.join(map(_ITEM.format, titles))}</channel></rss>"


def _ids(found: list[Any]) -> dict[str, str]:
    return {one.title: one.id for one in found if isinstance(one, Article)}


def test_entries_of_a_feed_with_one_guid_and_several_texts_are_told_apart_in_any_order(
    read_as: Callable[..., list[Any]],
) -> None:
    found = read_as("a.rss", _feed("One", "Two", "Three"))
    ids = _ids(found)
    assert len(set(ids.values())) == 3
    assert all(name.startswith("https://e.org/feed-1-") for name in ids.values())
    assert ids == _ids(read_as("b.rss", _feed("Three", "One", "Two")))
    (note,) = [one for one in found if isinstance(one, Noted)]
    assert "3 articles" in note.reason
    assert "https://e.org/feed-1" in note.reason


def test_the_same_text_twice_under_one_id_is_one_article(read_as: Callable[..., list[Any]]) -> None:
    found = read_as("a.rss", _feed("One", "One"))
    assert {one.id for one in found} == {"https://e.org/feed-1"}


def test_rows_with_one_address_are_told_apart(read_as: Callable[..., list[Any]]) -> None:
    found = read_as("a.csv", "title,body,url\nA,first words,https://e.org/x\nB,other words,https://e.org/x\n")
    assert len(set(_ids(found).values())) == 2


def test_a_file_with_more_text_than_is_held_is_read_again(
    read_as: Callable[..., list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _ids(read_as("a.rss", _feed("One", "Two", "Three")))
    monkeypatch.setattr(identity, "_MOST_CHARS", 5)
    assert _ids(read_as("a.rss", _feed("One", "Two", "Three"))) == whole


def test_what_ends_the_reading_comes_after_the_articles_before(read_as: Callable[..., list[Any]]) -> None:
    *articles, note, last = read_as("a.rss", _feed("One", "Two").removesuffix("</rss>"))
    assert [one.title for one in articles] == ["One", "Two"]
    assert isinstance(note, Noted)
    assert "truncated" in last.reason


def test_versions_that_a_format_declares_keep_their_id(read_as: Callable[..., list[Any]]) -> None:
    item = '{{"uri": "urn:a:1", "versioncreated": "2024-01-0{0}T10:00:00Z", "headline": "A", "body_text": "text {0}"}}'
    found = read_as("a.json", f"[{item.format(1)}, {item.format(2)}]")
    assert [one.id for one in found] == ["urn:a:1", "urn:a:1"]


@pytest.mark.parametrize(
    "own", ["https://e.org", "https://e.org/", "http://www.e.org/index.html", "HTTP://E.ORG/Home.aspx", "N/A", "-", "0"]
)
def test_what_every_article_may_have_is_no_id(own: str) -> None:
    assert identifier(own) == ""


@pytest.mark.parametrize("own", ["https://e.org/?p=12", "https://e.org/a", "https://e.org/#/a/1", "urn:e.org", "e1"])
def test_what_one_article_has_is_its_id(own: str) -> None:
    assert identifier(own) == own

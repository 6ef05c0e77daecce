"""Articles, and what is reported beside them, as plain values that go through a pipe to another process and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import astuple, fields
from operator import attrgetter
from typing import Any

from searchapp.model.article import Article, Mention
from searchapp.model.frozen import FrozenDict
from searchapp.model.result import Noted, Skipped

__all__ = ["flat", "mentions_of", "packed", "unpacked"]

_CHANGED = {"published", "published_time", "file_modified", "assigned", "title_mentions", "mentions"}
"""Fields whose values go through the pipe in another form; all others go as they are."""
_PLAIN = tuple(field.name for field in fields(Article) if field.name not in _CHANGED)
_plain_of = attrgetter(*_PLAIN)


def packed(one: Article | Skipped | Noted) -> tuple[Any, ...]:
    """`one` as texts, numbers, tuples and dicts alone."""
    if isinstance(one, Skipped):
        return "skipped", *astuple(one)
    if isinstance(one, Noted):
        return "noted", *astuple(one)
    return (
        _plain_of(one),
        one.published.toordinal() if one.published else 0,
        one.published_time.isoformat() if one.published_time else "",
        one.file_modified.isoformat() if one.file_modified else "",
        dict(one.assigned),
        flat(one.title_mentions),
        flat(one.mentions),
    )


def unpacked(values: tuple[Any, ...]) -> Article | Skipped | Noted:
    """What `packed` gave `values` of."""
    if values[0] == "skipped":
        return Skipped(*values[1:])
    if values[0] == "noted":
        return Noted(*values[1:])
    plain, published, time, modified, assigned, title_mentions, mentions = values
    article = object.__new__(Article)
    put = object.__setattr__
    # All was checked when the article was made; checking it again would take several times as long as the rest.
    for name, value in zip(_PLAIN, plain, strict=True):
        put(article, name, value)
    put(article, "published", dt.date.fromordinal(published) if published else None)
    put(article, "published_time", dt.time.fromisoformat(time) if time else None)
    put(article, "file_modified", dt.datetime.fromisoformat(modified) if modified else None)
    put(article, "assigned", FrozenDict(assigned))
    put(article, "title_mentions", mentions_of(title_mentions))
    put(article, "mentions", mentions_of(mentions))
    return article


def flat(mentions: Sequence[Mention]) -> list[tuple[Any, ...]]:
    """Mentions as plain values."""
    return [(m.start, m.end, m.text, m.kind, m.label) for m in mentions]


def mentions_of(values: Sequence[tuple[Any, ...]]) -> tuple[Mention, ...]:
    """What `flat` gave `values` of."""
    return tuple(Mention(*mention) for mention in values)

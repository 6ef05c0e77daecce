"""Which of several versions of an article counts, whatever the order in which their files are read."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from searchapp.engines.base import EngineState
from searchapp.model.article import Article

__all__ = ["Changes", "Versions", "brief"]

_Rank = tuple[int, str]
"""When it was published, 0 for nobody knows, then the fingerprint: the greater one counts."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a batch of articles changes."""

    articles: tuple[Article, ...]
    """Those to store, each in place of any with its id."""
    added: int
    updated: int
    unchanged: int


class Versions:
    """The articles of one run, over the state `before` it.

    Of several with one id in one run the newest counts, and where dates do not tell them apart always the same one.
    Of the one that is stored and one from another file the newer counts too while the stored one's file is there:
    else reading the same files again would change what they hold. What a script gives has no file: the last one counts.
    `is_there` says of the path of a stored article whether its file is there and read by this run.
    """

    def __init__(self, before: EngineState, mark: str, *, is_there: Callable[[str], bool]) -> None:
        self._before = before
        self._mark = mark
        self._is_there = is_there
        self._ranks: dict[str, _Rank] = {}
        self._stored: set[str] = set()
        self.paths: set[str] = set()
        """Files that articles were read from."""

    def __contains__(self, article_id: object) -> bool:
        return article_id in self._ranks

    def fingerprint(self, article_id: str) -> str:
        """Of the version that counts."""
        return self._ranks[article_id][1]

    def changes(self, articles: Iterable[Article]) -> Changes:
        """What of these the index does not hold yet."""
        number = 0
        wanted: dict[str, Article] = {}
        for article in articles:
            number += 1
            self.paths.add(article.path)
            rank = self._rank(article)
            best = self._ranks.get(article.id)
            if best is None or (rank[1] != best[1] and (rank > best or not article.path)):
                self._ranks[article.id] = rank
                wanted[article.id] = article
        known = self._before.fingerprints(list(wanted))
        added = updated = 0
        for article in list(wanted.values()):
            if article.id in self._stored:
                updated += 1
            elif article.id not in known:
                added += 1
            elif known[article.id] == self._ranks[article.id][1] or self._is_older(article):
                del wanted[article.id]
                continue
            else:
                updated += 1
            self._stored.add(article.id)
        return Changes(tuple(wanted.values()), added, updated, number - added - updated)

    def _is_older(self, article: Article) -> bool:
        """Whether the stored version counts; then it stands for this run too."""
        if not article.path:
            return False
        stored = self._before.get(article.id)
        if stored is None or not stored.path or stored.path == article.path or not self._is_there(stored.path):
            return False
        rank = self._rank(stored)
        if rank < self._ranks[article.id]:
            return False
        # Whether it is stored as this run would store it shows when its own file is read.
        self._ranks[article.id] = (rank[0], "")
        return True

    def _rank(self, article: Article) -> _Rank:
        return article.published_key or 0, brief(f"{article.fingerprint}{self._mark}")


def brief(text: str) -> str:
    """64 bits that follow from `text`, as text: versions of one article are so few that it need not be longer."""
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return base64.b64encode(digest)[:11].decode()

"""Articles out of an index that is damaged or of another version, and into a sound one, in one commit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searchapp.columnar.format.segments import open_segment
from searchapp.columnar.salvaging import Salvaged, SalvagedIndex
from searchapp.columnar.writing.writer import ColumnarWriter
from searchapp.engines.whoosh.schema import ARTICLE, ORDER, add_entries, index_schema, stored_article
from searchapp.model.article import Article
from searchapp.model.entry import Entry

__all__ = ["Lost", "Salvage", "salvaging"]


@dataclass(frozen=True, slots=True)
class Lost:
    """Articles of one file that could not be read any more."""

    file: str
    ids: tuple[str, ...]
    """Those that are known by their ids."""
    count: int
    """How many they are at least."""


class Salvage:
    """An index that is being written anew: what `articles` gives is to be given back to `add`."""

    def __init__(self, index: SalvagedIndex, writer: ColumnarWriter) -> None:
        self._index = index
        self._writer = writer
        self.files = tuple(segment.file for segment in index.salvaged)
        """What is written anew."""
        self.contents_are_lost = index.contents_are_lost
        """Whether the table of contents was lost too, and all segments in the folder were taken."""
        self.lost: list[Lost] = []
        """What is lost of the articles given so far."""
        self.may_be_back: list[str] = []
        """Files of which nobody knows any more which articles were deleted, so that some may be back."""

    def articles(self) -> Iterator[tuple[Article, str]]:
        """Every article that is whole and not among those that stay, with its fingerprint, the oldest first."""
        staying: set[str] | None = None
        for segment in self._index.salvaged:
            if segment.dead is None and segment.docs != 0:
                self.may_be_back.append(segment.file)
            given: set[str] = set()
            count = 0
            deleted = segment.deleted_ids("id")
            for doc, values in segment.records():
                article = _article_of(values)
                if article is None or article.id in given:
                    continue
                if doc is None and deleted is None and segment.file not in self.may_be_back:
                    self.may_be_back.append(segment.file)
                if doc is None and deleted is not None and article.id in deleted:
                    continue
                if segment.file in self.may_be_back and staying is None:
                    staying = self._staying()
                count += 1
                given.add(article.id)
                if staying is None or article.id not in staying:
                    yield article, str(values.get("fingerprint", ""))
            lost = _lost(segment, given, count)
            if lost.count:
                self.lost.append(lost)

    def add(self, entries: Sequence[Entry]) -> None:
        """Stores articles in place of any with the same id."""
        add_entries(self._writer, entries)

    def _staying(self) -> set[str]:
        found: set[str] = set()
        for segment in self._index.sound:
            column = open_segment(self._index.folder, segment).ids("id")
            ids = column.ids() if column is not None else []
            found.update(
                one.decode("utf-8", "surrogatepass") for doc, one in enumerate(ids) if not segment.is_deleted(doc)
            )
        return found


@contextmanager
def salvaging(folder: Path, *, everything: bool, timeout_s: float) -> Iterator[Salvage]:
    """Writes anew what is damaged of the index in `folder`, or with `everything` all of it; commits at the end.

    What is sound of it stays as it is. When the block raises, the index is what it was. Raises `IndexNotFound`,
    `IndexLocked`, and `OtherVersion` for a newer format, or for an older one without `everything`.
    """
    index = SalvagedIndex(folder, index_schema(), order=ORDER, everything=everything)
    with index.writer(timeout=timeout_s) as writer:
        yield Salvage(index, writer)


def _article_of(values: Mapping[str, Any]) -> Article | None:
    """The article of stored values of any format; None where they are not those of one."""
    try:
        if "article" in values:
            return Article.from_dict(json.loads(values["article"].decode("utf-8", "surrogatepass")))
        article = stored_article([values[name] for name in ARTICLE])
        # Read now what is otherwise read when it is looked at.
        return Article(**{name: getattr(article, name) for name in Article.__slots__})
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None


def _lost(segment: Salvaged, given: set[str], count: int) -> Lost:
    ids = segment.ids("id")
    if ids is not None:
        missing = [one for one in ids.values() if one not in given]
        return Lost(segment.file, tuple(missing), len(missing))
    living = (segment.docs or 0) - len(segment.dead or ())
    return Lost(segment.file, (), max(0, living - count))

"""An article, and the names found in it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from searchapp.errors import InvalidArticle
from searchapp.model.brief import brief
from searchapp.model.facets import FACET_OF_KIND, KIND_OF_FACET, KINDS
from searchapp.model.frozen import FrozenDict
from searchapp.model.languages import language_name

__all__ = ["FACET_OF_KIND", "KINDS", "KIND_OF_FACET", "Article", "Mention", "composed"]

_LONGEST_SHOWN = 60
"""Characters of a wrong value in an error."""
_TEXTS = ("id", "title", "body", "byline", "published_source", "dateline", "source", "url", "section", "language")
"""The fields of an article that are a text, but for the path."""
_texts_of = attrgetter(*_TEXTS)


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """One place in a text where a name stands."""

    start: int
    """First character."""
    end: int
    """One past the last character."""
    text: str
    """The characters from `start` to `end`."""
    kind: str
    """person, place or organisation."""
    label: str
    """The fullest form of the name within this article: "Nikol Pashinyan" where `text` is "Pashinyan"."""


@dataclass(frozen=True, slots=True, eq=False)
class Article:
    """One news article. Only `id` and `body` are required.

    A `datetime` as `published` gives day and time. Names, topics and the source are held in composed letters, so that
    é is the same value however it was typed. Raises `InvalidArticle`, which names the field, for a wrong type.
    """

    id: str
    body: str
    title: str = ""
    byline: str = ""
    published: dt.date | None = None
    """The day of publication, as the article's own place counts days."""
    published_time: dt.time | None = None
    """Wall-clock time of publication where the file gives one; orders articles within a day."""
    published_source: str = ""
    """Where the date came from: metadata, dateline, address, text (a printed date of publication), estimated (a day
    that the article only mentions: about then), or empty when there is no date."""
    dateline: str = ""
    """The place that the dateline names."""
    source: str = ""
    """Agency, newspaper or site."""
    url: str = ""
    section: str = ""
    topics: tuple[str, ...] = ()
    language: str = ""
    """BCP 47 tag where the file gives one; in an archive else the language that the text is certainly in."""
    assigned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Facet (people, places, organisations) to the names that the file itself gives."""
    mentions: tuple[Mention, ...] = ()
    """Names recognised in `body`, in reading order, never overlapping."""
    title_mentions: tuple[Mention, ...] = ()
    """Names recognised in `title`; offsets count characters of `title`."""
    path: str = ""
    """The file that the article was read from, empty when a script gave it."""
    position: int = 0
    """Which article of that file it is, from 0."""
    file_modified: dt.datetime | None = None
    """When that file was last changed, local time. It says nothing of the article, and is no part of it."""
    version: str = ""
    """Which version of the article the file says that this is, as text that sorts by age: a number, a moment in UTC."""
    copies: tuple[str, ...] = ()
    """Further files with the same article, sorted."""
    published_offset: int | None = None
    """Minutes by which that clock is ahead of UTC, where the file says; articles are sorted by the instant."""
    pages: tuple[int, ...] = ()
    """Of a document with pages: for each, from the first on, the first character of `body` that stands on it."""

    def __post_init__(self) -> None:
        put = object.__setattr__
        for name in (*_TEXTS, "path", "version"):
            if not isinstance(getattr(self, name), str):
                raise _wrong(name, getattr(self, name), "text")
        if isinstance(self.published, dt.datetime):
            if self.published_time is None:
                put(self, "published_time", self.published.time())
                put(self, "published_offset", _minutes(self.published.utcoffset()))
            put(self, "published", self.published.date())
        elif self.published is not None and not isinstance(self.published, dt.date):
            raise _wrong("published", self.published, "a datetime.date or None")
        if self.published_time is not None:
            if not isinstance(self.published_time, dt.time):
                raise _wrong("published_time", self.published_time, "a datetime.time or None")
            if self.published_time.tzinfo is not None:
                put(self, "published_offset", _minutes(self.published_time.utcoffset()))
                put(self, "published_time", self.published_time.replace(tzinfo=None))
        if not isinstance(self.position, int) or isinstance(self.position, bool) or self.position < 0:
            raise _wrong("position", self.position, "a whole number from 0")
        for name in ("mentions", "title_mentions"):
            mentions = getattr(self, name)
            if type(mentions) is not tuple or not all(isinstance(mention, Mention) for mention in mentions):
                put(self, name, _mentions_in(name, mentions))
        if not isinstance(self.assigned, Mapping):
            raise _wrong("assigned", self.assigned, "a mapping from people, places or organisations to names")
        unknown = [facet for facet in self.assigned if facet not in KIND_OF_FACET]
        if unknown:
            raise InvalidArticle(f"assigned has {unknown[0]!r}; use people, places or organisations")
        assigned = {f: tuple(n for n in _labels(f"assigned {f}", names) if n) for f, names in self.assigned.items()}
        put(self, "assigned", FrozenDict({k: v for k, v in assigned.items() if v}))
        put(self, "topics", _labels("topics", self.topics))
        if self.copies:
            put(self, "copies", _paths(self.copies))
        if self.pages:
            put(self, "pages", _places(self.pages))
        put(self, "source", composed(self.source))

    def __repr__(self) -> str:
        known = [brief(self.id), brief(self.title) if self.title else "untitled"]
        known += [self.published.isoformat()] if self.published else []
        return f"<Article {', '.join(known)}, {len(self.body):,} characters>"

    def __eq__(self, other: object) -> bool:
        """Whether another says the same, however it is held."""
        if not isinstance(other, Article):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in Article.__slots__)

    def __hash__(self) -> int:
        return hash((self.id, self.title, self.published))

    def with_mentions(self, title_mentions: Iterable[Mention], mentions: Iterable[Mention]) -> Article:
        """This article with these names in place of any it had."""
        copy = self._copy()
        object.__setattr__(copy, "title_mentions", _with_composed_labels(title_mentions))
        object.__setattr__(copy, "mentions", _with_composed_labels(mentions))
        return copy

    def with_language(self, language: str) -> Article:
        """This article in this language; itself where it is that already."""
        if language == self.language:
            return self
        copy = self._copy()
        object.__setattr__(copy, "language", language)
        return copy

    def _copy(self) -> Article:
        copy = object.__new__(Article)
        # The rest was checked when this article was made; checking it again takes ten times as long as the copy.
        for name in Article.__slots__:
            object.__setattr__(copy, name, getattr(self, name))
        return copy

    def without_surrogates(self) -> Article:
        """This article with U+FFFD for half characters, which a damaged file can hold and no index can store.

        `path` keeps them: it must still open the file.
        """
        if self._is_sound():
            return self
        mended = _mended(self.to_dict()) | {"path": self.path, "copies": self.copies}
        return Article.from_dict(mended)

    def _is_sound(self) -> bool:
        """Whether everything but `path` can be encoded."""
        texts = [*_texts_of(self), *self.topics]
        for names in self.assigned.values():
            texts += names
        for mention in (*self.title_mentions, *self.mentions):
            texts.append(mention.label)
        try:
            for text in texts:
                # That a text is ASCII is known without looking at it.
                if text and not text.isascii():
                    text.encode()
        except UnicodeEncodeError:
            return False
        return True

    def names(self, facet: str) -> tuple[str, ...]:
        """Labels of this article under people, places or organisations, each once.

        Assigned names first, then recognised ones by number of mentions, then by first mention;
        the title counts as standing before the body.
        """
        kind = KIND_OF_FACET[facet]
        counts: dict[str, int] = {}
        for mention in (*self.title_mentions, *self.mentions):
            if mention.kind == kind:
                counts[mention.label] = counts.get(mention.label, 0) + 1
        ranked = sorted(counts, key=lambda label: -counts[label])
        return tuple(dict.fromkeys((*self.assigned.get(facet, ()), *ranked)))

    @property
    def people(self) -> tuple[str, ...]:
        """Labels of the people named, the most named first."""
        return self.names("people")

    @property
    def places(self) -> tuple[str, ...]:
        """Labels of the places named, the most named first."""
        return self.names("places")

    @property
    def organisations(self) -> tuple[str, ...]:
        """Labels of the organisations named, the most named first."""
        return self.names("organisations")

    def values(self, facet: str) -> tuple[str, ...]:
        """What this article counts under in `facet`, one of `searchapp.model.query.FACETS`."""
        if facet == "topics":
            return self.topics
        if facet == "sources":
            return (self.source,) if self.source else ()
        if facet == "languages":
            return (language_name(self.language),) if self.language.strip() else ()
        return self.names(facet)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file that the article was read from; none where a script gave it."""
        return (self.path, *self.copies) if self.path else ()

    def page_at(self, place: int) -> int:
        """The page, from 1, on which a character of `body` stands; 0 where the article has no pages."""
        return bisect_right(self.pages, place) if self.pages else 0

    @property
    def page_span(self) -> tuple[int, int]:
        """The first and the last page, from 1, that the article stands on; 0 and 0 where it has no pages."""
        return (max(1, self.page_at(0)), len(self.pages)) if self.pages else (0, 0)

    @property
    def published_key(self) -> int | None:
        """Seconds from 1 January of year 1 to the publication, None when undated: sorts by time."""
        if self.published is None:
            return None
        time = self.published_time
        seconds = 0 if time is None else time.hour * 3600 + time.minute * 60 + time.second
        if time is not None and self.published_offset is not None:
            seconds -= self.published_offset * 60
        return self.published.toordinal() * 86400 + seconds

    @property
    def tie_key(self) -> int:
        """A number in [0, 2**63) that follows from the id alone: puts otherwise equal hits in a fixed order."""
        digest = hashlib.blake2b(self.id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(digest, "big") >> 1

    @property
    def fingerprint(self) -> str:
        """32 hexadecimal digits that change when anything that was read changes.

        Where it was read is left out, and so is the id, which may follow from what was read; and so are recognised
        names, which follow from the text.
        """
        # What is estimated leans on the time of the file, which copying it changes, and nothing that was written in it.
        dated = self.published_source not in ("", "estimated")
        written = _texts_of(self)[1:]
        if not dated and self.published_source:
            written = tuple("" if name == "published_source" else getattr(self, name) for name in _TEXTS[1:])
        texts = [
            *written,
            self.published.isoformat() if dated and self.published else "",
            self.published_time.isoformat() if dated and self.published_time else "",
            self.version,
            str(len(self.topics)),
            *self.topics,
        ]
        if dated and self.published_offset is not None:
            texts.append(str(self.published_offset))
        for facet, names in sorted(self.assigned.items()):
            texts += (facet, str(len(names)), *names)
        # With the lengths before them no two lists of texts are joined to the same.
        content = f"{list(map(len, texts))}{''.join(texts)}"
        return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON; `from_dict` reads them back."""
        return {
            "id": self.id,
            "title": self.title,
            "body": self.body,
            "byline": self.byline,
            "published": self.published.isoformat() if self.published else None,
            "published_time": self.published_time.isoformat() if self.published_time else None,
            "published_offset": self.published_offset,
            "published_source": self.published_source,
            "dateline": self.dateline,
            "source": self.source,
            "url": self.url,
            "section": self.section,
            "topics": list(self.topics),
            "language": self.language,
            "assigned": {facet: list(names) for facet, names in self.assigned.items()},
            "mentions": [[m.start, m.end, m.kind, m.label] for m in self.mentions],
            "title_mentions": [[m.start, m.end, m.kind, m.label] for m in self.title_mentions],
            "path": self.path,
            "position": self.position,
            "file_modified": self.file_modified.isoformat() if self.file_modified else None,
            "version": self.version,
            "copies": list(self.copies),
            "pages": list(self.pages),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Article:
        """The article that `to_dict` gave `values` of."""
        fields = dict(values)
        title, body = fields.get("title", ""), fields["body"]
        if fields.get("published"):
            fields["published"] = dt.date.fromisoformat(fields["published"])
        if fields.get("published_time"):
            fields["published_time"] = dt.time.fromisoformat(fields["published_time"])
        if fields.get("file_modified"):
            fields["file_modified"] = dt.datetime.fromisoformat(fields["file_modified"])
        for name, text in (("mentions", body), ("title_mentions", title)):
            fields[name] = tuple(
                Mention(start, end, text[start:end], kind, label) for start, end, kind, label in fields.get(name, ())
            )
        return cls(**fields)


def _minutes(offset: dt.timedelta | None) -> int | None:
    return None if offset is None else round(offset.total_seconds() / 60)


def composed(text: str) -> str:
    """`text` with each letter and its accents as one character, where there is one: the normal form C of Unicode."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _labels(name: str, labels: str | Iterable[str]) -> tuple[str, ...]:
    """Each label once, in order."""
    listed = (labels,) if isinstance(labels, str) else labels
    # The names of a mapping or the letters of bytes are no list of labels.
    if isinstance(listed, bytes | bytearray | Mapping) or not isinstance(listed, Iterable):
        raise _wrong(name, labels, "a list of texts")
    found: dict[str, None] = {}
    for label in listed:
        if not isinstance(label, str):
            raise _wrong(name, label, "a list of texts")
        found[composed(label)] = None
    return tuple(found)


def _paths(paths: str | Iterable[str]) -> tuple[str, ...]:
    if isinstance(paths, str | bytes | bytearray | Mapping) or not isinstance(paths, Iterable):
        raise _wrong("copies", paths, "a list of paths")
    listed = tuple(paths)
    for path in listed:
        if not isinstance(path, str):
            raise _wrong("copies", path, "a list of paths")
    return listed


def _places(places: Iterable[int]) -> tuple[int, ...]:
    if isinstance(places, str | bytes | bytearray | Mapping) or not isinstance(places, Iterable):
        raise _wrong("pages", places, "a list of whole numbers from 0, in order")
    listed = tuple(places)
    if not all(isinstance(at, int) and at >= 0 for at in listed) or list(listed) != sorted(listed):
        raise _wrong("pages", listed, "a list of whole numbers from 0, in order")
    return listed


def _with_composed_labels(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    return tuple(
        [m if m.label.isascii() else Mention(m.start, m.end, m.text, m.kind, composed(m.label)) for m in mentions]
    )


def _mentions_in(name: str, mentions: Any) -> tuple[Mention, ...]:
    if not isinstance(mentions, Iterable):
        raise _wrong(name, mentions, "a list of Mention")
    listed = tuple(mentions)
    for mention in listed:
        if not isinstance(mention, Mention):
            raise _wrong(name, mention, "a list of Mention")
    return listed


def _wrong(name: str, value: object, wanted: str) -> InvalidArticle:
    shown = repr(value)
    shown = shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"
    return InvalidArticle(f"{name} of an article is {shown}; give {wanted}")


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        return {key: _mended(item) for key, item in value.items()}
    return value

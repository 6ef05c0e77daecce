"""An article of which text and mentions are read when they are looked at."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET, KINDS, Article, Mention
from searchapp.model.frozen import FrozenDict
from searchapp.model.names import AS_WRITTEN, Relabelling

__all__ = ["HeldArticle", "parts_of"]

_encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
"""JSON with an encoder that is made once: making one takes as long as a short text."""
_NO_SPANS = b"[[],[]]"
_NUMBER_OF_KIND = {kind: number for number, kind in enumerate(KINDS)}
_PLAIN = ("title", "byline", "published_source", "dateline", "source", "url", "section", "language", "path", "position")
"""Fields that are kept as they are, in the order of the head, behind the id."""
_DAY, _TIME, _TOPICS, _ASSIGNED, _NAMED, _MODIFIED, _VERSION, _COPIES, _PAGES, _OFFSET = range(
    1 + len(_PLAIN), 11 + len(_PLAIN)
)
"""Places of the others."""
_decoded = json.JSONDecoder().raw_decode


def parts_of(article: Article) -> tuple[bytes, bytes, bytes]:
    """What an article is kept as: its head, its body and its mentions, from which `HeldArticle.of` makes it again."""
    counts: dict[tuple[str, str], int] = {}
    for mention in (*article.title_mentions, *article.mentions):
        key = mention.kind, mention.label
        counts[key] = counts.get(key, 0) + 1
    time = article.published_time
    head = [
        article.id,
        *[getattr(article, name) for name in _PLAIN],
        article.published.toordinal() if article.published else 0,
        time.isoformat() if time else "",
        list(article.topics),
        {facet: list(names) for facet, names in article.assigned.items()},
        # In the order in which they are first named.
        [[_NUMBER_OF_KIND[kind], label, count] for (kind, label), count in counts.items()],
        article.file_modified.isoformat() if article.file_modified else "",
    ]
    zoned = article.published_offset is not None
    if article.version or article.copies or article.pages or zoned:
        head += [article.version, list(article.copies)]
    if article.pages or zoned:
        head.append(list(article.pages))
    if zoned:
        head.append(article.published_offset)
    text = article.body.encode("utf-8", "surrogatepass")
    if not counts:
        return _packed(head), text, _NO_SPANS
    places = {key: place for place, key in enumerate(counts)}
    spans = [
        [[mention.start, mention.end, places[mention.kind, mention.label]] for mention in mentions]
        for mentions in (article.title_mentions, article.mentions)
    ]
    return _packed(head), text, _packed(spans)


class HeldArticle(Article):
    """An article as a hit has it: equal to the same one held otherwise, and quick to make.

    Copies, pickles and changed versions of it are plain articles.
    """

    __slots__ = ("_assigned", "_body", "_head", "_mentions", "_names", "_spans", "_title_mentions")
    _head: list[Any]
    _assigned: Mapping[str, tuple[str, ...]] | dict[str, list[str]]
    _body: bytes | str
    _names: Relabelling
    _spans: bytes
    _mentions: tuple[Mention, ...] | None
    _title_mentions: tuple[Mention, ...]

    def __new__(cls, *args: Any, **values: Any) -> Any:
        """A plain article: this is how `dataclasses.replace` asks for a changed one."""
        return Article(*args, **values)

    @classmethod
    def of(cls, head: bytes, body: bytes, spans: bytes, names: Relabelling = AS_WRITTEN) -> Article:
        """The article that `parts_of` took apart, with its names as `names` shows them."""
        put = object.__setattr__
        held: Article = object.__new__(cls)
        text = head.decode("utf-8", "surrogatepass")
        values, end = _decoded(text)
        if end != len(text):
            raise ValueError(f"the head of an article goes on after its end at {end}")
        put(held, "_head", values)
        put(held, "_assigned", values[_ASSIGNED])
        put(held, "_names", names)
        put(held, "_body", body)
        put(held, "_spans", spans)
        put(held, "_mentions", None)
        return held

    @property
    def published(self) -> dt.date | None:
        ordinal = self._head[_DAY]
        return dt.date.fromordinal(ordinal) if ordinal else None

    @property
    def published_time(self) -> dt.time | None:
        time = self._head[_TIME]
        return dt.time.fromisoformat(time) if time else None

    @property
    def file_modified(self) -> dt.datetime | None:
        # An index of an earlier version has no time of the file.
        modified = self._head[_MODIFIED] if len(self._head) > _MODIFIED else ""
        return dt.datetime.fromisoformat(modified) if modified else None

    @property
    def version(self) -> str:
        return str(self._head[_VERSION]) if len(self._head) > _VERSION else ""

    @property
    def copies(self) -> tuple[str, ...]:
        return tuple(self._head[_COPIES]) if len(self._head) > _COPIES else ()

    @property
    def pages(self) -> tuple[int, ...]:
        return tuple(self._head[_PAGES]) if len(self._head) > _PAGES else ()

    @property
    def published_offset(self) -> int | None:
        return int(self._head[_OFFSET]) if len(self._head) > _OFFSET else None

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(self._head[_TOPICS])

    @property
    def _named(self) -> list[tuple[int, str, int]]:
        """Number of the kind, label and mentions of each name, in the order in which they are first named."""
        named: list[tuple[int, str, int]] = self._head[_NAMED]
        return named

    @property
    def assigned(self) -> Mapping[str, tuple[str, ...]]:
        assigned = self._assigned
        if not isinstance(assigned, FrozenDict):
            assigned = _assigned(self.id, assigned, self._names) if assigned else _NONE
            object.__setattr__(self, "_assigned", assigned)
        return assigned

    @property
    def body(self) -> str:
        body = self._body
        if isinstance(body, bytes):
            body = body.decode("utf-8", "surrogatepass")
            object.__setattr__(self, "_body", body)
        return body

    @property
    def mentions(self) -> tuple[Mention, ...]:
        self._read_mentions()
        return self._mentions or ()

    @property
    def title_mentions(self) -> tuple[Mention, ...]:
        self._read_mentions()
        return self._title_mentions

    def names(self, facet: str) -> tuple[str, ...]:
        kind = KIND_OF_FACET[facet]
        counts: dict[str, int] = {}
        for shown, (_, _, count) in zip(self._shown(), self._named, strict=True):
            if shown and shown[0] == kind:
                counts[shown[1]] = counts.get(shown[1], 0) + count
        ranked = sorted(counts, key=lambda label: -counts[label])
        return tuple(dict.fromkeys((*self.assigned.get(facet, ()), *ranked)))

    def __reduce__(self) -> Any:
        return Article, tuple(getattr(self, name) for name in Article.__slots__)

    def _shown(self) -> list[tuple[str, str] | None]:
        """Kind and label of each name as it is shown, None for one that is not."""
        resolve, found = self._names.resolve_in, []
        for number, label, _ in self._named:
            shown = resolve(self.id, FACET_OF_KIND[KINDS[number]], label)
            found.append((KIND_OF_FACET[shown[0]], shown[1]) if shown else None)
        return found

    def _read_mentions(self) -> None:
        if self._mentions is not None:
            return
        shown = self._shown()
        in_title, in_body = json.loads(self._spans)
        object.__setattr__(self, "_title_mentions", _mentions(self.title, in_title, shown))
        object.__setattr__(self, "_mentions", _mentions(self.body, in_body, shown))


# Each of these fields is read where it stands in the head: most of them are never looked at.
def _kept_at(place: int) -> property:
    return property(lambda held: held._head[place])


for _place, _name in enumerate(("id", *_PLAIN)):
    setattr(HeldArticle, _name, _kept_at(_place))

_NONE: Mapping[str, tuple[str, ...]] = FrozenDict()


def _mentions(
    text: str, spans: Sequence[tuple[int, int, int]], shown: Sequence[tuple[str, str] | None]
) -> tuple[Mention, ...]:
    return tuple([Mention(start, end, text[start:end], *to) for start, end, place in spans if (to := shown[place])])


def _assigned(
    article_id: str, assigned: Mapping[str, Iterable[str]], names: Relabelling
) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for facet, labels in assigned.items():
        for label in labels:
            if shown := names.resolve_in(article_id, facet, label):
                found.setdefault(shown[0], {})[shown[1]] = None
    return FrozenDict({facet: tuple(labels) for facet, labels in found.items()})


def _packed(value: Any) -> bytes:
    return _encoded(value).encode("utf-8", "surrogatepass")

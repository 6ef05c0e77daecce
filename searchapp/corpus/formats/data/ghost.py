"""The export of a site made with Ghost: its posts, whose authors and tags stand in lists beside them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import ijson

from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.formats.data.json_lists import objects_in
from searchapp.corpus.formats.data.records import articles_of, bytes_of
from searchapp.errors import UnreadableFile

__all__ = ["FORMAT"]

_START = re.compile(
    rb'(?:\xef\xbb\xbf)?\s{0,99}\{\s{0,99}(?:"db"\s{0,99}:\s{0,99}\[\s{0,99}\{\s{0,99})?"meta"\s{0,99}:'
)
_EXPORTED = b'"exported_on"'
_TABLES = frozenset({"users", "tags", "posts_authors", "posts_tags", "settings"})
_MOST_ROWS = 500_000


def recognises(head: bytes) -> bool:
    """Whether `head` begins such an export."""
    return bool(_START.match(head)) and _EXPORTED in head[:1_000]


def read(source: Source) -> Iterator[Yielded]:
    """The published posts, each under the names of all its authors in their order."""
    tables = _tables_beside(source)
    people, tags = (_names(tables[name]) for name in ("users", "tags"))
    authors = _joined(tables["posts_authors"], "author_id", people)
    topics = _joined(tables["posts_tags"], "tag_id", tags)
    site = next((str(row.get("value") or "") for row in tables["settings"] if row.get("key") == "title"), "")

    def posts() -> Iterator[tuple[str, Any]]:
        for number, (item, around) in enumerate(objects_in(lambda: bytes_of(source)), 1):
            key = str(item.get("id"))
            # Before there could be several authors the one was a number beside the post.
            names = authors.get(key) or [people[one] for one in (str(item.get("author_id")),) if one in people]
            added = {"byline": names, "topics": topics.get(key, []), "source": site}
            url = item.get("canonical_url")
            added["url"] = url if isinstance(url, str) else ""
            yield f"post {number:,}", ({**item, **added}, around)

    yield from articles_of(source, posts())


FORMAT = Format(
    name="Ghost export",
    suffixes=(".json",),
    recognises=recognises,
    read=read,
    group="web",
    about="published posts",
)


def _tables_beside(source: Source) -> dict[str, list[dict[str, Any]]]:
    """The rows of the small tables, by their names."""
    tables: dict[str, list[dict[str, Any]]] = defaultdict(list)
    builder: ijson.ObjectBuilder | None = None
    building = ""
    with bytes_of(source) as stream:
        try:
            for prefix, event, value in ijson.parse(stream, use_float=True):
                if builder is None and event == "start_map" and prefix.endswith(".item"):
                    name = prefix.removesuffix(".item").rpartition(".")[2]
                    if name in _TABLES and prefix.removesuffix(f".{name}.item").endswith("data"):
                        builder, building = ijson.ObjectBuilder(), prefix
                if builder is not None:
                    builder.event(event, value)
                    if event == "end_map" and prefix == building:
                        rows = tables[building.removesuffix(".item").rpartition(".")[2]]
                        if len(rows) < _MOST_ROWS:
                            rows.append(builder.value)
                        builder = None
        except (ijson.JSONError, ValueError, UnreadableFile):
            # It is told by who reads the posts, after those that are whole.
            return tables
    return tables


def _names(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {str(row.get("id")): name for row in rows if isinstance(name := row.get("name"), str) and name}


def _joined(rows: list[dict[str, Any]], key: str, names: dict[str, str]) -> dict[str, list[str]]:
    """The number of a post to the names that belong to it, in their order."""
    found: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: order if isinstance(order := row.get("sort_order"), int) else 0):
        if name := names.get(str(row.get(key))):
            found.setdefault(str(row.get("post_id")), []).append(name)
    return found

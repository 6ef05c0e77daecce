"""Tables of GDELT, which have tabs and no header: what it noted of articles elsewhere, whose texts it does not give.

A row of the Global Knowledge Graph is an article, with the names, places and themes that were found in it. In a table
of events several rows may come from one article: they are one here too. Where a row has no title, the words of the
address stand for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import decode, text_stream
from searchapp.corpus.decoding.markup import line_of_markup
from searchapp.corpus.decoding.notices import Notices
from searchapp.model.article import Article
from searchapp.model.result import Noted

__all__ = ["FORMAT"]

LONGEST_LINE = 4 << 20
"""Characters."""
_GRAPH, _OLD_GRAPH, _EVENTS = "graph", "old graph", "events"
_HEADER_OF_OLD = "DATE\tNUMARTS\tCOUNTS\tTHEMES"
_NUMBER_OF_RECORD = re.compile(r"\d{14}-T?\d{1,9}")
_TITLE = re.compile(r"<PAGE_TITLE>([^<]{1,1000})</PAGE_TITLE>")
_AUTHORS = re.compile(r"<PAGE_AUTHORS>([^<]{1,1000})</PAGE_AUTHORS>")
_MOMENT = re.compile(r"<PAGE_PRECISEPUBTIMESTAMP>(\d{14})</PAGE_PRECISEPUBTIMESTAMP>")
_NO_WORD = re.compile(r"[^a-z]|^(?:html?|php|aspx?|cms|index|story|article|news|id)$", re.IGNORECASE)
_MOST_NAMES = 100
_LEAST_WORDS = 3
_BLANKS = re.compile(r"[-_+ .]+")


def recognises(head: bytes) -> bool:
    """Whether the first line of `head` is a row of one of the tables."""
    return bool(_kind_of(decode(head[: 16 << 10]).partition("\n")[0]))


def read(source: Source) -> Iterator[Yielded]:
    """Each article that a row, or a run of rows, tells of."""
    notices = Notices(source.path)
    position = repeated = 0
    seen: set[int] = set()
    with text_stream(source.open()) as stream:
        kind = ""
        for number, line in enumerate(iter(lambda: stream.readline(LONGEST_LINE), ""), 1):
            kind = kind or _kind_of(line)
            cells = line.rstrip("\r\n").split("\t")
            if not line.strip() or cells[0] == "DATE":
                continue
            found = _READERS[kind](cells) if kind and len(cells) >= _FEWEST[kind] else None
            if found is None:
                yield from notices.skip(f"line {number:,}", "no row of this table")
                continue
            if kind == _EVENTS:
                mark = hash(found["url"])
                if mark in seen:
                    repeated += 1
                    continue
                seen.add(mark)
            yield Article(
                id=source.article_id(position, own=found["url"]), body="", path=source.path, position=position, **found
            )
            position += 1
    yield from notices.rest()
    if repeated:
        yield Noted(source.path, f"{repeated:,} further events of articles that were read")


FORMAT = Format(
    name="GDELT",
    suffixes=(".csv", ".tsv"),
    recognises=recognises,
    read=read,
    group="tables and records",
    about="knowledge graph and events: titles, names and addresses",
)


def _kind_of(line: str) -> str:
    cells = line.rstrip("\r\n").split("\t")
    if line.lstrip("\ufeff").startswith(_HEADER_OF_OLD):
        return _OLD_GRAPH
    if len(cells) >= _FEWEST[_GRAPH] and _NUMBER_OF_RECORD.fullmatch(cells[0]) and cells[1].isdigit():
        return _GRAPH
    events = len(cells) in (58, 61) and cells[0].isdigit() and len(cells[1]) == 8 and cells[1].isdigit()
    return _EVENTS if events and cells[-2].isdigit() else ""


def _row_of_graph(cells: Sequence[str]) -> dict[str, Any] | None:
    extras = cells[26] if len(cells) > 26 else ""
    title, authors, moment = (pattern.search(extras) for pattern in (_TITLE, _AUTHORS, _MOMENT))
    # The second of each pair tells more, in capitals and with the place in the text.
    people = _names(cells[12]) or _names(cells[11])
    organisations = _names(cells[14]) or _names(cells[13])
    return _fields(
        url=cells[4],
        moment=moment[1] if moment else cells[1],
        title=line_of_markup(title[1]) if title else "",
        byline=", ".join(part.strip() for part in authors[1].split(";")) if authors else "",
        source=cells[3],
        topics=[theme.partition(",")[0] for theme in cells[7].split(";")],
        people=people,
        places=_places(cells[9]),
        organisations=organisations,
    )


def _row_of_old_graph(cells: Sequence[str]) -> dict[str, Any] | None:
    return _fields(
        url=cells[10].split("<UDIV>")[0],
        moment=cells[0],
        source=cells[9].split(";")[0],
        topics=cells[3].split(";"),
        people=_names(cells[5]),
        places=_places(cells[4]),
        organisations=_names(cells[6]),
    )


def _row_of_events(cells: Sequence[str]) -> dict[str, Any] | None:
    url = cells[-1]
    # Up to version 1.0 a place had one column less.
    places = [cells[at] for at in ((36, 44, 52) if len(cells) == 61 else (36, 43, 50))]
    return _fields(url=url, moment=cells[-2], source=_site(url), places=[place.split(",")[0] for place in places])


_READERS = {_GRAPH: _row_of_graph, _OLD_GRAPH: _row_of_old_graph, _EVENTS: _row_of_events}
_FEWEST = {_GRAPH: 15, _OLD_GRAPH: 11, _EVENTS: 58}


def _fields(
    *,
    url: str,
    moment: str,
    source: str,
    title: str = "",
    byline: str = "",
    topics: Sequence[str] = (),
    people: Sequence[str] = (),
    places: Sequence[str] = (),
    organisations: Sequence[str] = (),
) -> dict[str, Any] | None:
    if not url.startswith(("http://", "https://")):
        return None
    published = parse_date(moment)
    listed = {"people": people, "places": places, "organisations": organisations}
    return {
        "url": url,
        "title": title or _title_in(url) or url,
        "byline": byline,
        "source": source,
        "published": published[0] if published else None,
        "published_source": "metadata" if published else "",
        "topics": _each_once(topics),
        "assigned": {facet: _each_once(names) for facet, names in listed.items()},
    }


def _each_once(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))[:_MOST_NAMES]


def _names(cell: str) -> list[str]:
    """The names of a cell such as "ingrid solberg;bo li" or "Ingrid Solberg,120;Bo Li,300"."""
    names = [part.partition(",")[0].strip() for part in cell.split(";")]
    return [" ".join(word.capitalize() for word in name.split()) if name.islower() else name for name in names if name]


def _places(cell: str) -> list[str]:
    """The places of a cell such as "1#Norway#NO#...;4#Larvik, Vestfold, Norway#NO#...": each by its own name."""
    parts = (part.split("#") for part in cell.split(";"))
    return [fields[1].partition(",")[0] for fields in parts if len(fields) > 1]


def _site(url: str) -> str:
    """The site of an address."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _title_in(url: str) -> str:
    """The words of an address that has those of a headline; empty for another."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return ""
    for part in reversed(path.split("/")):
        words = [word for word in _BLANKS.split(part) if word and not _NO_WORD.search(word)]
        if len(words) >= _LEAST_WORDS:
            return f"{words[0].capitalize()} {' '.join(words[1:])}"
    return ""

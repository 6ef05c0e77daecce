"""What METS says of an issue: which pages it has, which articles are on them, and what it is called.

See https://www.loc.gov/standards/mets/ and https://www.loc.gov/standards/mods/.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Source
from searchapp.corpus.decoding.encoding import read_text
from searchapp.corpus.decoding.streams import head_of
from searchapp.corpus.decoding.xml import Element, parse_xml, text_of
from searchapp.errors import UnreadableFile

__all__ = ["Area", "Issue", "Unit", "begins_mets", "issue_in", "tells_of"]

MAX_BYTES = 64 << 20
_ROOT = re.compile(rb"<(?:[\w.-]{1,20}:)?mets[\s>]", re.IGNORECASE)
_MOST_LOOKED_AT = 20
"""Files beside a page or above it that may tell of it."""
_NO_LETTERS = re.compile(r"[^a-z]+")
_UNITS = frozenset(
    "article articles advertisement advertisements ad advert announcement classified classifieds letter letters"
    " obituary obituaries deathnotice notice poem poetry story serial novel review editorial opinion interview report"
    " news newsitem feature column comment essay contribution item chapter weather sport shippingnews anzeige artikel"
    " bericht annonce publicite".split()
)
"""Kinds of divisions, their letters alone, that are read as one article."""
_ROLES = {
    **dict.fromkeys("title headline maintitle mainheadline".split(), "title"),
    **dict.fromkeys("author byline autor auteur".split(), "byline"),
    **dict.fromkeys("pagenumber runningtitle runninghead masthead".split(), "none"),
    **dict.fromkeys("body bodycontent text paragraph".split(), "text"),
}
_SECTIONS = frozenset("section rubric rubrik rubrique supplement".split())
_PLAIN = frozenset("article articles artikel news newsitem item text".split())
_DAY_AT_END = re.compile(r"[\s,.;:(]{0,9}\d{4}-\d{2}-\d{2}[\s).]{0,9}$")
_PAGES = frozenset("page npage pagina seite".split())


@dataclass(frozen=True, slots=True)
class Area:
    """A part of an article: a block of a page, or all of it."""

    role: str
    """title, byline, text or none."""
    file: str
    block: str
    """Empty for the whole page."""


@dataclass(frozen=True, slots=True)
class Unit:
    """An article, an advertisement or the like."""

    title: str
    authors: tuple[str, ...]
    section: str
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue of a newspaper, or a book."""

    name: str
    """Of the newspaper."""
    published: dt.date | None
    language: str
    pages: tuple[tuple[str, str, int], ...]
    """The id, the place and the number of each file with the words of a page, in the order of the pages."""
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class _Facts:
    title: str = ""
    authors: tuple[str, ...] = ()
    published: dt.date | None = None
    language: str = ""
    of: str = ""
    """What it is part of."""


def begins_mets(head: bytes) -> bool:
    """Whether a file that begins with `head` is METS."""
    return bool(_ROOT.search(head[:8192]))


def issue_in(source: Source) -> Issue:
    """The issue that a METS file tells of. Raises `UnreadableFile`."""
    root = parse_xml(read_text(source.open(), max_bytes=MAX_BYTES))
    if root.tag != "mets":
        raise UnreadableFile(f"no METS: its first element is <{root.tag}>")
    facts = {section.get("ID") or "": _facts(section) for section in root.iter("dmdSec")}
    maps = sorted(root.iter("structMap"), key=lambda one: not (one.get("TYPE") or "").lower().startswith("logical"))
    divisions = next((found for one in maps if (found := list(_unit_divisions(one)))), [])
    of_units = {name for division in divisions for name in (division.get("DMDID") or "").split()}
    # What is said of the issue stands nearer to its articles than what is said of the volume.
    around = [one for division in divisions[:1] for one in division.iterancestors("div")]
    names = [name for one in around for name in (one.get("DMDID") or "").split()]
    known = [facts[name] for name in (*names, *(name for name in facts if name not in of_units)) if name in facts]
    labels = [clean_line(one.get("LABEL") or "") for one in (*reversed(around), root)]
    titles = [*(one.of for one in known), *(one.title for one in reversed(known[: len(names)]))]
    titles += [*(one.title for one in known), *(_DAY_AT_END.sub("", label) for label in labels)]
    return Issue(
        name=next(filter(None, titles), ""),
        published=next((one.published for one in known if one.published), None),
        language=next((one.language for one in known if one.language), ""),
        pages=tuple(_pages(root)),
        units=tuple(_unit(division, facts) for division in divisions),
    )


def tells_of(page: Source) -> bool:
    """Whether a METS file beside a page, or in the folder above, tells of what is on it."""
    if page.around is None:
        return False
    own = posixpath.basename((page.inside or page.path).replace("\\", "/"))
    for folder in ("", ".."):
        names = [name for name in page.around.names(folder) if name.lower().endswith((".xml", ".mets"))]
        if not folder:
            names = [name for name in names if "mets" in name.lower()]
        for name in names[:_MOST_LOOKED_AT]:
            try:
                source = page.around.source(posixpath.join(folder, name))
            except UnreadableFile:
                continue
            if own in _named_in(source):
                return True
    return False


_known: dict[tuple[str, str, dt.datetime], frozenset[str]] = {}
"""What was found in the files that were looked at last: each page asks for the same ones."""
_MOST_KNOWN = 64


def _named_in(source: Source) -> frozenset[str]:
    """What the files are called that a file tells of; none where it is not METS, or cannot be read."""
    key = source.path, source.inside, source.modified
    if key not in _known:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        try:
            pages = issue_in(source).pages if begins_mets(head_of(source, 8192)) else ()
        except (UnreadableFile, OSError):
            pages = ()
        _known[key] = frozenset(posixpath.basename(place) for _, place, _ in pages)
    return _known[key]


def _unit_divisions(structure: Element) -> Iterator[Element]:
    """The outermost divisions that are read as one article and name the blocks of theirs."""
    waiting = list(reversed(structure.findall("div")))
    while waiting:
        division = waiting.pop()
        if _kind(division) in _UNITS:
            if any(_kind(inner) in ("article", "artikel") for inner in division.iterdescendants("div")):
                waiting += reversed(division.findall("div"))
            elif any(area.get("BEGIN") for area in division.iter("area")):
                yield division
        else:
            waiting += reversed(division.findall("div"))


def _unit(division: Element, facts: dict[str, _Facts]) -> Unit:
    known = [facts[name] for name in (division.get("DMDID") or "").split() if name in facts]
    kind, label = _kind(division), clean_line(division.get("LABEL") or "")
    sections = [one for one in division.iterancestors("div") if _kind(one) in _SECTIONS]
    section = next((text for one in sections if (text := clean_line(one.get("LABEL") or ""))), "")
    if not section and kind not in _PLAIN:
        section = clean_line(division.get("TYPE") or "").replace("_", " ").capitalize()
    return Unit(
        title=next((one.title for one in known if one.title), "") or label,
        authors=next((one.authors for one in known if one.authors), ()),
        section=section,
        areas=tuple(_areas(division, "text")),
    )


def _areas(division: Element, role: str) -> Iterator[Area]:
    for child in division:
        if child.tag == "div":
            yield from _areas(child, _ROLES.get(_kind(child), role))
        elif child.tag == "fptr":
            for area in (child, *child.iter("area")):
                if file := area.get("FILEID"):
                    yield Area(role, file, area.get("BEGIN") or "")


def _pages(root: Element) -> Iterator[tuple[str, str, int]]:
    """The files that may hold the words of a page, by what they are called."""
    order = _numbers(root)
    found: dict[str, str] = {}
    for file in root.iter("file"):
        place = file.find("FLocat")
        address = (place.get("href") or "") if place is not None else ""
        path = unquote(address.partition("://")[2] or address).replace("\\", "/")
        name = file.get("ID") or ""
        if name and (path.lower().endswith((".xml", ".alto")) or "alto" in name.lower()):
            found[name] = path
    listed = sorted(found, key=lambda name: order.get(name, len(found)))
    for position, name in enumerate(listed, 1):
        yield name, found[name], order.get(name, position)


def _numbers(root: Element) -> dict[str, int]:
    """By the id of a file, the number of the page that it belongs to."""
    numbers: dict[str, int] = {}
    for structure in root.iter("structMap"):
        for division in structure.iter("div"):
            if _kind(division) in _PAGES and (division.get("ORDER") or "").isdecimal():
                for pointer in division.iter("fptr", "area"):
                    if pointer.get("FILEID"):
                        numbers.setdefault(pointer.get("FILEID") or "", int(division.get("ORDER") or 0))
    return numbers


def _facts(section: Element) -> _Facts:
    """What MODS or Dublin Core says within a section."""
    mods = section.find(".//mods")
    record = mods if mods is not None else section
    own = [one for one in record.findall("titleInfo") if not one.get("type")] or list(record.iter("title"))[:1]
    host = record.find("relatedItem/titleInfo") if mods is not None else None
    dates = [clean_line(text_of(one)) for one in record.iter("dateIssued", "date", "dateCreated")]
    authors = [
        name
        for one in (*record.findall("name"), *record.iter("creator"))
        if (name := clean_line(" ".join(text_of(part) for part in one.iter("namePart")) or text_of(one)))
    ]
    return _Facts(
        title=_title(own[0]) if own else "",
        authors=tuple(dict.fromkeys(authors)),
        published=next((found[0] for text in dates if (found := parse_date(text))), None),
        language=next(
            (text for one in record.iter("languageTerm", "language") if (text := clean_line(text_of(one)))), ""
        ),
        of=_title(host) if host is not None else "",
    )


def _title(information: Element) -> str:
    parts: Sequence[str] = [text_of(one) for one in information.iter("nonSort", "title")] or [text_of(information)]
    return clean_line(" ".join(parts))


def _kind(division: Element) -> str:
    """What a division is, its letters alone, without a prefix: page for "np:page"."""
    return _NO_LETTERS.sub("", (division.get("TYPE") or "").lower().rpartition(":")[2])

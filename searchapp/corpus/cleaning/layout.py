"""What each line of a plain text article is: agency, headline, byline, date, caption, navigation or running text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from searchapp.corpus.cleaning.datelines import parse_dateline
from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import blocks_of, clean_line, joined_lines
from searchapp.language.agencies import agencies_in_line, is_agency
from searchapp.language.credits import byline_in, kind_of_credit
from searchapp.language.furniture import is_furniture, is_navigation, is_table_row
from searchapp.language.sentences import CLOSERS, RUNNING, ends_in

__all__ = ["Line", "date_in_line", "lay_out"]

KINDS = (
    "agency", "headline", "byline", "date", "url", "label", "caption", "credit", "navigation", "furniture", "paragraph"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line or paragraph of a text and what it is."""

    kind: str
    """One of `KINDS`."""
    text: str


HEAD_LINES = 8
"""Bylines and dates of publication stand among the first lines of an article."""
LONGEST_HEADLINE = 250

_DATE_LABEL = re.compile(
    r"(?:(?:first\s+|last\s+|originally\s+)?(?:published|posted|updated|modified|issued|date|filed|created)"
    r"(?:\s+(?:on|at|date))?\s*[:\s]\s*)+",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?P<name>title|headline|date|published|author|byline|source|publication|section|url|link)\s*:\s+(?P<value>\S.*)",
    re.IGNORECASE,
)
_BETWEEN_DATES = re.compile(
    r"(?:(?<!\s)\s++)?[|·•]\s*|(?:(?:[,;]|(?<![\s,;]))\s++|[,;])?\(?(?:last\s++)?(?:updated|modified)\b",
    re.IGNORECASE,
)
_URL_LINE = re.compile(r"<?https?://\S+>?", re.IGNORECASE)


def lay_out(text: str) -> list[Line]:
    """The lines and paragraphs of an article as a file holds it, in order, each with its kind and clean.

    At most one is the headline; without one, the text begins with its first paragraph.
    """
    parts = list(_parts(text))
    kinds = [_kind(part, parts, index) for index, part in enumerate(parts)]
    _mark_agency(parts, kinds)
    _mark_headline(parts, kinds)
    head_ends = _head_end(kinds)
    lines = []
    for index, (part, kind) in enumerate(zip(parts, kinds, strict=True)):
        # Further down "By ..." opens a sentence, a date is a heading, an agency ends a caption.
        in_text = kind in ("byline", "date", "label", "url") and index >= head_ends
        lines.append(Line("paragraph" if in_text else kind, part))
    return lines


def date_in_line(line: str) -> tuple[dt.date, dt.time | None] | None:
    """The date of publication, where `line` is that and nothing else: "Published: 22 Sept 2023, 10:15 GMT"."""
    if len(line) > 120:
        return None
    label = _DATE_LABEL.match(line)
    rest = line[label.end() :] if label else line
    # "Published 22 September 2023, updated 23 September 2023" and "22 September 2023 | 10:15".
    pieces = re.split(
        r"(?:(?<!\s)\s++)?[|·•]\s*|(?:(?:[,;]|(?<![\s,;]))\s++|[,;])?\(?(?:last\s++)?(?:updated|modified)\b",
        rest,
        flags=re.IGNORECASE,
    )
    first = pieces[0].strip(" ()")
    if any(not (_is_clock(piece) or parse_date(_DATE_LABEL.sub("", piece).strip(" :()"))) for piece in pieces[1:]):
        return None
    if not re.search(r"\d", first) or (not label and re.fullmatch(r"[\d.]+", first)):
        return None
    return parse_date(first + (f" {pieces[1]}" if len(pieces) > 1 and _is_clock(pieces[1]) else "")) or parse_date(
        first
    )


def _is_clock(text: str) -> bool:
    return bool(re.match(r"\s*+(?:at\s++)?:?\s*+\d{1,2}[:.h]\d{2}", text)) or not text.strip()


def _parts(text: str) -> Iterator[str]:
    """Paragraphs and lines that say something by themselves, clean."""
    for number, block in enumerate(blocks_of(text)):
        pending: list[str] = []
        for line in block:
            if _stands_alone(clean_line(line), head=number < HEAD_LINES):
                yield from joined_lines(pending)
                pending = []
                yield clean_line(line)
            else:
                if parse_dateline(line) and len(pending) == 1 and number < 3:
                    yield from joined_lines(pending)
                    pending = []
                pending.append(line)
        yield from joined_lines(pending)


def _stands_alone(line: str, *, head: bool) -> bool:
    if is_navigation(line) or _URL_LINE.fullmatch(line):
        return True
    return head and bool(agencies_in_line(line) or date_in_line(line) or byline_in(line) or _LABEL.fullmatch(line))


def _kind(part: str, parts: Sequence[str], index: int) -> str:
    if is_navigation(part) and not is_table_row(part, _neighbours(parts, index)):
        return "navigation"
    if _URL_LINE.fullmatch(part):
        return "url"
    if is_furniture(part):
        return "furniture"
    if index < HEAD_LINES:
        if date_in_line(part):
            return "date"
        if byline_in(part):
            return "byline"
        if agencies_in_line(part):
            return "agency"
        if _LABEL.fullmatch(part):
            return "label"
    return kind_of_credit(part) or "paragraph"


def _mark_agency(parts: Sequence[str], kinds: list[str]) -> None:
    """Call the first line an agency if it is named like one or signs the dateline, and a headline follows."""
    content = [index for index, kind in enumerate(kinds) if kind in ("paragraph", "caption")]
    if len(content) < 3 or "agency" in kinds or kinds[content[0]] != "paragraph":
        return
    first, second = parts[content[0]], parts[content[1]]
    if len(first.split()) > 6 or len(second.split()) < 3 or not _like_a_headline(second):
        return
    datelines = (parse_dateline(parts[index]) for index in content[1:HEAD_LINES])
    if is_agency(first) or any(dateline and dateline.agency == first for dateline in datelines):
        kinds[content[0]] = "agency"


def _mark_headline(parts: Sequence[str], kinds: list[str]) -> None:
    """Call the first paragraph the headline if it looks like one and something follows it."""
    for index, kind in enumerate(kinds):
        if kind == "label" and parts[index].lower().startswith(("title", "headline")):
            return
        if kind in ("paragraph", "caption"):
            alone = not any(later in ("paragraph", "caption") for later in kinds[index + 1 :])
            if kind == "paragraph" and not alone and _like_a_headline(parts[index]):
                kinds[index] = "headline"
            return


def _like_a_headline(part: str) -> bool:
    sentence = ends_in(part, RUNNING) and not part.rstrip(CLOSERS).endswith("...")
    return len(part) <= LONGEST_HEADLINE and not sentence and not parse_dateline(part)


def _head_end(kinds: Sequence[str]) -> int:
    """The index of the third paragraph of running text, after which no line belongs to the head."""
    running = 0
    for index, kind in enumerate(kinds):
        running += kind == "paragraph"
        if running >= 3 or index >= HEAD_LINES:
            return index
    return len(kinds)


def _neighbours(parts: Sequence[str], index: int) -> Sequence[str]:
    return [*parts[max(index - 1, 0) : index], *parts[index + 1 : index + 2]]

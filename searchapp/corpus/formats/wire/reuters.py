"""The Reuters-21578 collection: SGML of 1987 that is no XML, in Latin-1, with control characters as `&#3;`.

One `REUTERS` element is one article. Its `TEXT` may be of type BRIEF (a headline alone) or UNPROC (a table, or
a story whose parts were never marked). The codes in its header become the labels of reuters.tsv and labels.tsv.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from searchapp.corpus.cleaning.datelines import place_label
from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import body_of, clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.errors import UnreadableFile
from searchapp.language.calendar import MONTH
from searchapp.language.labels import label_table, readable_label
from searchapp.model.article import Article
from searchapp.model.result import Skipped

__all__ = ["FORMAT", "collection_label"]

READ_BYTES = 1 << 18
MAX_ARTICLE_BYTES = 1 << 18
"""The longest article of the collection has 13 thousand bytes; what runs on for longer has lost its end."""

_START, _END = b"<REUTERS", b"</REUTERS>"
_NUMBER = re.compile(r'\bNEWID="(\d+)"')
_CODES = re.compile(r"<D>([^<]*)</D>")
_TEXT = re.compile(r"<TEXT([^<>]*)>")
_MARKED = ("TITLE", "DATELINE", "AUTHOR", "BODY")
_TAG = re.compile(r"</?[A-Z]{1,20}(?: [^<>]{0,200})?>")

_REFERENCE = re.compile(r"&(?:#(\d{1,5})|lt|gt|amp|quot);?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
# A cursor movement that an editing terminal left behind, and a carriage return written out.
_TERMINAL = re.compile("\x1b\\[?[A-D]?|\\^M")
# On a line of its own, or after the end of a sentence or figure; mistyped now and then.
_SIGN_OFF = re.compile(
    r"""(?:\A|\n\s{0,60}|(?<=[\w.!?"')>])\ {2,60}|(?<=[.!?"')>\d])\s{1,60})"""
    r"""(?:(?:REU?I?E?TERS?|RUTER|REUTE)(?:\.{3}|\d[\d:/A-Z]*|\ [A-Z]{1,3})?|(?<=\s)(?:more|interrupted))\s{0,60}\Z""",
    re.IGNORECASE,
)
_FILLER = re.compile(r"\A\s*+(?:Blah blah blah\.)?\s*+\Z")

_MONTH = rf"(?:{MONTH})\.?"
# Months are mistyped now and then, and a day may stand before its month.
_MONTH_OF_DATELINE = rf"(?:{_MONTH}|(?:Ja|Fe|Ma|Ap|Ju|Au|Se|Oc|No|De)[a-z]{{1,7}})"
_DATELINE = re.compile(
    rf"[\s*]*(?P<place>[^\W\d_][^\d]{{1,60}}?),?\s+(?:{_MONTH_OF_DATELINE}\s*\d[\dO]?|\d{{1,2}}\s+{_MONTH})\s*"
    r"(?:,\s*(?:Reuters?\s*)?)?(?:[-–]+|\Z)\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_DATE_ONLY = re.compile(rf"[\s*]*{_MONTH}\s*\d{{1,2}}\s*+[-–]*+\s*+", re.IGNORECASE)
_PLACE_ONLY = re.compile(r"[\s*]*(?P<place>[^\W\d_][^\d()]{1,60}?)\s*[-–]+\s*")
_DATED_TITLE = re.compile(
    rf"(.{{4,70}}?-\s*(?:{_MONTH}\s*\d{{1,2}}|\d{{1,2}}\s*-?\s*{_MONTH}))\s+([^-\s].*)", re.IGNORECASE
)
_STAMP = re.compile(r"\s*(?P<day>\d{1,2}-[A-Z]{3}-\d{4})\s*(?P<hour>\d{1,2}:\d{2}:\d{2}\b)?")
_BYLINE = re.compile(r"\s*+by\s++(.*)", re.IGNORECASE | re.DOTALL)
_AGENCY_OF_BYLINE = re.compile(r",?\s{0,9}Reuters?d?\.?\Z", re.IGNORECASE)

SHORT_LINE_CHARS = 38
"""A line shorter than this was not cut by the margin: the next one begins a paragraph."""


def recognises(head: bytes) -> bool:
    """Whether a file begins as those of the collection do."""
    start = head[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith((b"<!DOCTYPE lewis", b"<REUTERS ")) or b"<REUTERS TOPICS=" in start


def read(source: Source) -> Iterator[Yielded]:
    """Every article of the file, one element in memory at a time."""
    position = 0
    for element in _elements(source):
        if element is None:
            yield Skipped(source.path, f"the file breaks off within article {position + 1}; fetch it again")
        else:
            yield _article(element, source, position)
        position += 1
    if not position:
        raise UnreadableFile("no <REUTERS> element in it; check that it is a file of the Reuters-21578 collection")


@lru_cache(maxsize=4_096)
def collection_label(code: str, facet: str) -> str:
    """What a code of the collection stands for: in PEOPLE `reagan` is Ronald Reagan, in TOPICS `earn` is Earnings.

    `facet` is people, places, organisations, topics or exchanges. A surname means someone only within the collection,
    which is why `readable_label` does not know these.
    """
    own = label_table("reuters.tsv").get(facet, {})
    return own.get(code) or readable_label(_plain(code), facet)


def _elements(source: Source) -> Iterator[str | None]:
    """The text of each element, without its end tag; None for one that never ends."""
    pending = b""
    searched = 0
    with source.open() as stream:
        while chunk := stream.read(READ_BYTES):
            pending += chunk
            done = 0
            while (end := pending.find(_END, max(searched, done))) >= 0:
                start = pending.find(_START, done, end)
                if start >= 0:
                    # An element that never ended runs into the next one: keep the one that does end.
                    last = pending.rfind(_START, start, end)
                    if last > start:
                        yield None
                    yield pending[last:end].decode("latin-1")
                done = end + len(_END)
            pending = pending[done:]
            searched = max(0, len(pending) - len(_END))
            if len(pending) > MAX_ARTICLE_BYTES:
                if _START in pending:
                    yield None
                pending = pending[-len(_END) :]
                searched = 0
    if _START in pending:
        yield None


def _article(element: str, source: Source, position: int) -> Yielded:
    head_end = element.find(">")
    number = _NUMBER.search(element, 0, head_end)
    text = _TEXT.search(element, head_end)
    if text is None:
        return Skipped(source.path, f"article {position + 1} has no <TEXT> element")
    header, content = element[: text.start()], element[text.end() :].partition("</TEXT>")[0]
    title, dateline, byline, body = _parts(text[1], content)
    published, time = _moment(_inside(header, "DATE"))
    return Article(
        id=f"reuters21578-{number[1]}" if number else source.article_id(position),
        title=title,
        body=body,
        byline=byline,
        dateline=dateline,
        published=published,
        published_time=time,
        published_source="metadata" if published else "",
        source="Reuters",
        # An exchange is a subject here: the collection keeps its codes apart from those of organisations.
        topics=(*_labels(header, "TOPICS", "topics"), *_labels(header, "EXCHANGES", "exchanges")),
        language="en",
        assigned={
            "people": _labels(header, "PEOPLE", "people"),
            "places": _labels(header, "PLACES", "places"),
            "organisations": _labels(header, "ORGS", "organisations"),
        },
        path=source.path,
        position=position,
    )


def _labels(header: str, name: str, facet: str) -> tuple[str, ...]:
    listed = _inside(header, name)
    return tuple(collection_label(code, facet) for code in _CODES.findall(listed)) if listed else ()


def _inside(text: str, name: str) -> str:
    """What stands in the first element of this name; one that never ends goes on to the next tag."""
    start = text.find(f"<{name}>")
    if start < 0:
        return ""
    start += len(name) + 2
    end = text.find(f"</{name}>", start)
    return text[start:end] if end >= 0 else text[start:].partition("<")[0]


def _moment(text: str) -> tuple[dt.date | None, dt.time | None]:
    match = _STAMP.match(text)
    if match is None:
        return None, None
    # The hour of one article does not exist; a remark in another says that it was made up.
    moment = parse_date(f"{match['day']} {match['hour']}") if match["hour"] and " #" not in text else None
    found = moment or parse_date(match["day"])
    return found or (None, None)


def _parts(kind: str, text: str) -> tuple[str, str, str, str]:
    """Title, dateline, byline and body of a TEXT element."""
    if "UNPROC" in kind:
        return _unmarked_parts(text)
    parts = {name: _inside(text, name) for name in _MARKED}
    title = clean_line(_plain(parts["TITLE"]))
    author = _BYLINE.fullmatch(_plain(parts["AUTHOR"]))
    byline = clean_line(_AGENCY_OF_BYLINE.sub("", author[1].rstrip()) if author else _plain(parts["AUTHOR"]))
    body = _plain(parts["BODY"] if "<BODY>" in text else _unmarked(text, parts))
    dateline, rest = _dateline(_plain(parts["DATELINE"]))
    if rest:
        body = f"{rest} {body.lstrip()}"
    if _FILLER.fullmatch(body):
        body = ""
    return title, dateline, byline, _body(body)


def _unmarked(text: str, parts: Mapping[str, str]) -> str:
    """What of `text` is in none of its `parts`, without the stars of a flash."""
    for name, part in parts.items():
        text = text.replace(f"<{name}>{part}</{name}>", "", 1)
    return _TAG.sub("", text).replace("*", "")


def _unmarked_parts(text: str) -> tuple[str, str, str, str]:
    text = _signed_off(_plain(_TAG.sub("", text))).strip()
    if text == text.upper() and text.count("\n") < 3 and not re.search(r"\n\s|\d\s{2,}", text):
        # A flash: the headline is all there is.
        return clean_line(text), "", "", ""
    first, _, rest = text.partition("\n")
    dated = _DATED_TITLE.fullmatch(first.strip())
    if dated:
        first, rest = dated[1], f"{dated[2]}\n{rest}"
    dateline = ""
    second, _, after = rest.lstrip("\n").partition("\n")
    match = _DATELINE.fullmatch(second)
    if match and match["place"] == match["place"].upper():
        dateline, rest = place_label(clean_line(match["place"])), f"{match['rest']}\n{after}"
    return clean_line(first), dateline, "", _body(rest)


def _dateline(text: str) -> tuple[str, str]:
    """The place of a dateline, and what stands in it that is none."""
    match = _DATELINE.fullmatch(text)
    if match and (text.startswith("    ") or all(word[0].isupper() for word in match["place"].split())):
        return place_label(clean_line(match["place"]).rstrip(" ,-")), match["rest"].strip()
    if _DATE_ONLY.fullmatch(text):
        return "", ""
    # In tables any line with a dash was marked as a dateline; a real one is set in by four blanks.
    match = _PLACE_ONLY.fullmatch(text)
    if match and text.startswith("    ") and match["place"] == match["place"].upper():
        return place_label(clean_line(match["place"])), ""
    return "", text.strip()


def _body(text: str) -> str:
    """The paragraphs of `text`: a line set in begins one, and so does any line after a short one."""
    paragraphs: list[str] = []
    previous = 0
    for index, line in enumerate(_signed_off(text).split("\n")):
        if previous >= SHORT_LINE_CHARS and line[:1] not in ("", " ", "\t"):
            paragraphs[-1] += " " + line
        else:
            paragraphs.append(line)
        # The first line stood beside the dateline, so its length says nothing.
        previous = len(line) if index else SHORT_LINE_CHARS
    return body_of(paragraphs)


def _signed_off(text: str) -> str:
    """`text` without the agency's name and the marks of an unfinished take at its end."""
    while True:
        text = text.strip("\n").rstrip()
        shorter = _SIGN_OFF.sub("", text[-60:])
        if len(shorter) == len(text[-60:]):
            return text
        text = text[:-60] + shorter


def _plain(text: str) -> str:
    """`text` with its character references read and terminal codes left out."""
    if "&" in text:
        text = _REFERENCE.sub(_character, text)
    return _TERMINAL.sub("", text) if "\x1b" in text or "^M" in text else text


def _character(match: re.Match[str]) -> str:
    if match[1] is None:
        return _NAMED[match[0].strip("&;")]
    number = int(match[1])
    return chr(number) if number == 27 or 32 <= number < 127 or 160 <= number < 0xD800 else " "


FORMAT = Format(
    name="Reuters-21578", suffixes=(".sgm", ".sgml"), recognises=recognises, read=read, group="the trade's own"
)

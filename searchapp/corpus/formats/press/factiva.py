"""Factiva: articles with codes of two letters before each part, or as they are shown, with their number at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import decode
from searchapp.corpus.formats.press.flat import flat_lines, flat_text
from searchapp.corpus.formats.press.heads import Found, articles_of, date_of, is_copyright

__all__ = ["FORMAT"]

_FIELD_OF_CODE = {
    "HD": "title", "BY": "byline", "SN": "source", "PD": "published", "SE": "section", "LA": "language", "LP": "body",
    "TD": "body", "NS": "topics", "RE": "places", "CO": "organisations", "AN": "id", "ET": "time", "WC": "", "SC": "",
    "ED": "", "PG": "", "CY": "", "IN": "", "IPC": "", "IPD": "", "PUB": "", "CLM": "", "CR": "", "ART": "", "RF": "",
    "CT": "", "VOL": "", "DLN": "", "CX": "",
}  # fmt: skip
_CODE = re.compile(
    r"(?P<code>HD|BY|SN|PD|SE|LA|LP|TD|NS|RE|CO|AN|ET|WC|SC|ED|PG|CY|IN|IPC|IPD|PUB|CLM|CR|ART|RF|CT|VOL|DLN|CX)(?:\s+(?P<value>\S.*))?"
)
_NUMBER = re.compile(
    r"(?:(?:AN\s+)?(?:document|dokument|documento|doc\.?)\s+)(?P<number>[A-Z]{2,12}\d{4,}[A-Za-z0-9]{4,})",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"\d[\d,.\s]{0,8}\s?(?:words|wörter|wörtern|mots|palabras|parole|palavras|woorden|ord|слов\w*|字)", re.IGNORECASE
)
_SHORT_CODE = re.compile(r"[A-Z0-9]{2,12}")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?:\s?[AP]M)?(?:\s?[A-Z]{2,4})?", re.IGNORECASE)
_MAYBE = re.compile(r"\bHD\b|\b(?:document|dokument|documento|doc\.?)\s+[A-Z]{2,12}\d{4}", re.IGNORECASE)
"""Without which no more of a file need be looked at."""
_CODED_NAME = re.compile(r"^\S+\s:\s")


def recognises(head: bytes) -> bool:
    """Whether `head` has the codes of an article, or a count of words and a document number below it."""
    raw = decode(head)
    if not _MAYBE.search(raw):
        return False
    lines = [line.strip() for line in flat_text(raw).split("\n")]
    codes = {match["code"] for line in lines if (match := _CODE.fullmatch(line))}
    if {"HD", "PD"} <= codes and codes & {"LP", "TD", "WC"}:
        return True
    return any(_WORDS.fullmatch(line) for line in lines) and any(_NUMBER.fullmatch(line) for line in lines)


def read(source: Source) -> Iterator[Yielded]:
    """The articles of the export, in its order."""
    documents = (
        (f"document {number}", _found(lines)) for number, lines in enumerate(_documents(flat_lines(source)), 1)
    )
    yield from articles_of(
        documents, source, lacking="neither headline nor text", without="no article in this export of Factiva"
    )


def _documents(lines: Sequence[str]) -> Iterator[list[str]]:
    document: list[str] = []
    for line in lines:
        document.append(line)
        if _NUMBER.fullmatch(line):
            yield document
            document = []
    if any(line.startswith("HD") for line in document):
        yield document


def _found(lines: Sequence[str]) -> Found:
    coded = sum(bool(_CODE.fullmatch(line)) for line in lines) >= 3
    return _coded(lines) if coded else _shown(lines)


def _coded(lines: Sequence[str]) -> Found:
    found = Found()
    name = ""
    paragraph: list[str] = []
    for line in (*lines, ""):
        match = _CODE.fullmatch(line)
        if (match or not line) and paragraph:
            found.paragraphs.append("\n".join(paragraph))
            paragraph = []
        if match:
            name, line = _FIELD_OF_CODE[match["code"]], match["value"] or ""
        if not line or not name:
            continue
        if name == "body":
            paragraph.append(line)
        else:
            found.texts[name] = f"{found.texts.get(name, '')} {line}".strip()
    if number := _NUMBER.search(found.texts.get("id", "")):
        found.texts["id"] = number["number"]
    for facet in ("topics", "places", "organisations"):
        named = (_CODED_NAME.sub("", part.strip()) for part in found.texts.get(facet, "").split("|"))
        found.texts[facet] = ";".join(part for part in named if part)
    moment = date_of(found.texts.get("published", ""))
    found.day, found.time = moment if moment else (None, None)
    return found


def _shown(lines: Sequence[str]) -> Found:
    """An article without codes: headline, byline, words, date, source, its code, language, copyright, text."""
    found = Found()
    number = _NUMBER.fullmatch(lines[-1]) if lines else None
    if number:
        found.texts["id"] = number["number"]
    filled = [line for line in lines if line and not _NUMBER.fullmatch(line)]
    at = next((place for place, line in enumerate(filled) if _WORDS.fullmatch(line)), None)
    if at is None:
        return found
    above = filled[:at]
    if len(above) > 1:
        found.texts["byline"] = above[-1]
        above = above[:-1]
    # A section may stand above the headline.
    found.texts["title"] = above[-1] if above else ""
    if len(above) > 1:
        found.texts["section"] = above[0]
    below = filled[at + 1 :]
    dated = next((place for place, line in enumerate(below[:4]) if date_of(line)), None)
    if dated is not None:
        moment = date_of(below[dated])
        found.day, found.time = moment if moment else (None, None)
        below = below[dated + 1 :]
    while below and _CLOCK.fullmatch(below[0]):
        below = below[1:]
    if below:
        found.texts["source"] = below[0]
    ends = next((place for place, line in enumerate(below[:10]) if is_copyright(line)), None)
    if ends is None:
        ends = next((place for place, line in enumerate(below[:8]) if place and _SHORT_CODE.fullmatch(line)), 0)
    found.paragraphs = below[ends + 1 :]
    return found


FORMAT = Format(
    name="Factiva",
    suffixes=(".txt", ".html", ".htm", ".rtf"),
    recognises=recognises,
    read=read,
    group="press databases",
)

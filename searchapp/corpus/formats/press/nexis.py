"""Nexis and LexisNexis: many articles in one text, page or rich text, older and newer ways of laying them out.

Older exports count ("1 of 2 DOCUMENTS") and put source and date above the headline. Newer ones end each article with
"End of Document" and put the headline first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import decode
from searchapp.corpus.formats.press.flat import flat_lines, flat_text
from searchapp.corpus.formats.press.heads import Found, articles_of, blocks_of_lines, date_of, is_copyright, label_in

__all__ = ["FORMAT"]

_COUNT = re.compile(
    r"(?:(?:document|dokument|documento|artikel)\s+)?\d{1,6}\s+(?:of|von|de|sur|di|van|af|av|z)\s+\d{1,6}"
    r"(?:\s+(?:documents?|dokumenten?|documentos?|documenti|documenten|dokumenter|dokument|artikel))?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{6,}")
_END = re.compile(
    r"(?:end of document|ende des dokuments|fin du document|fin del documento|einde van document)", re.IGNORECASE
)
_PAGE = re.compile(r"(?:page|seite|página|pagina)\s\d{1,5}(?:\s(?:of|von|de|sur|di|van)\s\d{1,5})?", re.IGNORECASE)
_BODY_LINE = re.compile(r"(?:body|haupttext|textkörper|corps|cuerpo|texto)", re.IGNORECASE)
_SIGNS = re.compile(
    r"^(?:length|länge|longueur|longitud|lunghezza|lengte|load-date|update|date-chargement)\s?:",
    re.IGNORECASE | re.MULTILINE,
)
_EDITION = re.compile(r"\b(?:edition|ausgabe|édition|edición|editie)(?:\s+\d{1,3})?$", re.IGNORECASE)
_MAYBE = re.compile(
    r"\b(?:length|länge|longueur|longitud|lunghezza|lengte|load-date|update|date-chargement)\s?(?:</\w{1,9}>\s?)?:",
    re.IGNORECASE,
)
"""Without which no more of a file need be looked at."""
_CLASSIFICATION = re.compile(r"(?:classification|klassifizierung|notes|graphic)", re.IGNORECASE)
_HEAD_FIELDS = frozenset({"title", "byline", "section", "length", "dateline", "lead", "source", "published"})
_TAIL_FIELDS = frozenset({"loaded", "language", "topics", "people", "places", "organisations", "other", "id", "url"})


def recognises(head: bytes) -> bool:
    """Whether articles are counted in `head` or end in it, and have the labels of the database."""
    raw = decode(head)
    if not _MAYBE.search(raw):
        return False
    text = flat_text(raw)
    lines = [line.strip() for line in text.split("\n")]
    counted = any(_is_count(line) for line in lines[:400])
    ended = any(_END.fullmatch(line) for line in lines)
    return (counted or ended) and bool(_SIGNS.search("\n".join(lines)))


def read(source: Source) -> Iterator[Yielded]:
    """The articles of the export, in its order."""
    documents = (
        (f"document {number}", _found(lines)) for number, lines in enumerate(_documents(flat_lines(source)), 1)
    )
    yield from articles_of(
        documents, source, lacking="neither headline nor text", without="no article in this export of Nexis"
    )


def _is_count(line: str) -> bool:
    return len(line) < 60 and bool(_COUNT.fullmatch(line)) and bool(_WORD.search(line))


def _documents(lines: Sequence[str]) -> Iterator[list[str]]:
    counted = any(_is_count(line) for line in lines)
    document: list[str] = []
    begun = not counted
    for line in lines:
        if counted and _is_count(line):
            if begun and any(document):
                yield document
            document, begun = [], True
        elif not counted and _END.fullmatch(line):
            yield document
            document = []
        elif not _END.fullmatch(line) and not _PAGE.fullmatch(line):
            document.append(line)
    # What stands behind the last end is a list of what was ordered.
    if begun and counted and any(document):
        yield document


def _found(lines: Sequence[str]) -> Found:
    found = Found()
    above: list[str] = []
    part = "above"
    for block in blocks_of_lines(lines):
        rest: list[str] = []
        current = ""
        for line in block:
            labelled = label_in(line) if part != "body" or len(line) < 400 else None
            name = labelled[0] if labelled else ""
            if labelled and name in _TAIL_FIELDS and (part != "above" or name != "other"):
                part, current = "tail", name
                found.texts.setdefault(name, labelled[1])
            elif labelled and part in ("above", "head") and name in _HEAD_FIELDS:
                part, current = "head", name
                found.texts.setdefault(name, labelled[1])
            elif labelled and name == "body" and part in ("above", "head"):
                part, current = "body", ""
                rest += [labelled[1]] if labelled[1] else []
            elif part in ("above", "head") and _BODY_LINE.fullmatch(line):
                part, current = "body", ""
            elif part == "body" and _CLASSIFICATION.fullmatch(line):
                part = "tail"
            elif current:
                found.texts[current] += f" {line}"
            elif part == "tail" or is_copyright(line):
                continue
            else:
                rest.append(line)
        if not rest:
            continue
        if part == "above":
            above += ["\n".join(rest)]
        else:
            part = "body" if part == "head" else part
            found.paragraphs.append("\n".join(rest))
    _read_above(found, above)
    return found


def _read_above(found: Found, above: Sequence[str]) -> None:
    """Source, date and headline, which stand without labels: the date tells which is which."""
    lines = [
        (place, line) for place, block in enumerate(above) for line in block.split("\n") if not _EDITION.search(line)
    ]
    at = next((number for number, (_, line) in enumerate(lines) if date_of(line)), None)
    if at is None:
        if lines:
            found.texts.setdefault("title", lines[-1][1])
        return
    moment = date_of(lines[at][1])
    found.day, found.time = moment if moment else (None, None)
    before = [line for _, line in lines[:at]]
    if below := lines[at + 1 :]:
        # A headline may go over several lines of its block.
        place = below[0][0]
        found.texts.setdefault("title", " ".join(line for block, line in below if block == place))
        found.paragraphs[:0] = [line for block, line in below if block != place]
        source = before[-1:]
    else:
        found.texts.setdefault("title", next(iter(before), ""))
        source = before[1:][-1:]
    if source:
        found.texts.setdefault("source", source[0])


FORMAT = Format(
    name="Nexis",
    suffixes=(".txt", ".html", ".htm", ".rtf"),
    recognises=recognises,
    read=read,
    group="press databases",
)

"""ProQuest, NewsBank, WiseSearch and their like: many articles in one text, each part of each with its label."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import decode
from searchapp.corpus.formats.press.flat import flat_lines, flat_text
from searchapp.corpus.formats.press.heads import Found, articles_of, is_copyright, label_in

__all__ = ["FORMAT"]

_RULE = re.compile(r"([_=*#-])\1{9,}")
_COUNT = re.compile(r"(?:document|article|record|result)\s+\d{1,6}\s+of\s+\d{1,6}", re.IGNORECASE)
_OF_PROQUEST = re.compile(r"^(?:proquest document id|full text|publication title)\s?:", re.IGNORECASE | re.MULTILINE)
_MAYBE = re.compile(
    r"\b(?:title|headline|titel|titre|título|titulo|titolo)\s?(?:</\w{1,9}>\s?)?:|[标標][题題]\s?[:：]", re.IGNORECASE
)
"""Without which no more of a file need be looked at."""
_TELLING = frozenset({"published", "source", "byline", "section", "body", "length"})


def recognises(head: bytes) -> bool:
    """Whether several articles with labels stand in `head`, or one with those of ProQuest."""
    raw = decode(head)
    if not _MAYBE.search(raw):
        return False
    text = flat_text(raw)
    lines = [line.strip() for line in text.split("\n")]
    counts = Counter(label[0] for line in lines if (label := label_in(line)))
    if len({name.casefold() for name in _OF_PROQUEST.findall(text)}) >= 2:
        return counts["title"] > 0
    many = sum(counts[name] > 1 for name in _TELLING)
    return counts["title"] > 1 and many > 1


def read(source: Source) -> Iterator[Yielded]:
    """The articles of the export, in its order."""
    documents = (
        (f"document {number}", found)
        for number, lines in enumerate(_documents(flat_lines(source)), 1)
        # What was searched for stands on top, notes of the database at the end.
        if "title" in (found := _found(lines)).texts
    )
    yield from articles_of(
        documents,
        source,
        lacking="neither title nor text",
        without='no article in this export; its parts need labels such as "Title:"',
    )


def _documents(lines: Sequence[str]) -> Iterator[list[str]]:
    document: list[str] = []
    titled = False
    for line in lines:
        label = label_in(line)
        title = bool(label and label[0] == "title")
        if _RULE.fullmatch(line) or _COUNT.fullmatch(line) or (title and titled):
            if document:
                yield document
            document, titled = [], False
        if not _RULE.fullmatch(line) and not _COUNT.fullmatch(line):
            document.append(line)
            titled = titled or title
    if any(document):
        yield document


def _found(lines: Sequence[str]) -> Found:
    found = Found()
    name = ""
    paragraph: list[str] = []
    untitled: list[str] = []
    for line in (*lines, ""):
        label = label_in(line)
        if (label or not line) and paragraph:
            found.paragraphs.append("\n".join(paragraph))
            paragraph = []
        if label:
            name = label[0]
            if name == "body":
                paragraph += [label[1]] if label[1] else []
            elif name not in found.texts:
                found.texts[name] = label[1]
        elif not line:
            # A blank line ends every part but the text.
            name = name if name == "body" or (name and not found.texts.get(name)) else ""
        elif name == "body" or ("title" in found.texts and not name):
            if not is_copyright(line):
                paragraph.append(line)
        elif name:
            found.texts[name] = f"{found.texts.get(name, '')} {line}".strip()
        else:
            untitled.append(line)
    return found


FORMAT = Format(
    name="ProQuest, NewsBank or WiseSearch",
    suffixes=(".txt", ".html", ".htm", ".rtf"),
    recognises=recognises,
    read=read,
    group="press databases",
)

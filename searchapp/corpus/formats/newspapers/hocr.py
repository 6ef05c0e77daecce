"""hOCR: pages of scans as HTML, as Tesseract and its like write it.

See http://kba.github.io/hocr-spec/1.2/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.etree
import lxml.html

from searchapp.corpus.cleaning.printed import Line
from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import read_text
from searchapp.corpus.decoding.xml import Element
from searchapp.corpus.formats.newspapers.scans import (
    ScannedBlock,
    ScannedPage,
    articles_of_pages,
    levelled,
    number_of,
)
from searchapp.errors import UnreadableFile

__all__ = ["FORMAT"]

MAX_BYTES = 128 << 20
_PAGE = re.compile(rb"class\s*=\s*[\"']?ocr_page\b|name\s*=\s*[\"']ocr-(?:system|capabilities)[\"']", re.IGNORECASE)
_LINES = frozenset({"ocr_line", "ocrx_line", "ocr_header", "ocr_caption", "ocr_textfloat"})
_BLOCKS = ("ocr_par", "ocr_carea", "ocrx_block", "ocr_page")
"""The smallest that a line is in is its block."""
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_BROKEN = re.compile(r"(?<=[^\W\d_])[\u00ad¬⸗‐]$")


def recognises(head: bytes) -> bool:
    """Whether `head` begins a page of hOCR."""
    return bool(_PAGE.search(head))


def read(source: Source) -> Iterator[Yielded]:
    """The one article of a file of hOCR, with its pages."""
    text = _DECLARATION.sub("", read_text(source.open(), max_bytes=MAX_BYTES), count=1)
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace").replace(b"\0", b""), parser=parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise UnreadableFile("no hOCR: there is no page in it") from error
    found = [element for element in tree.iter() if "ocr_page" in _classes(element)]
    if not found:
        raise UnreadableFile("no hOCR: there is no page in it")
    pages = [_page(element, position) for position, element in enumerate(found, 1)]
    numbers = [page.number for page in pages]
    if sorted(set(numbers)) != numbers:
        pages = [ScannedPage(page.blocks, position) for position, page in enumerate(pages, 1)]
    yield from articles_of_pages(source, pages)


FORMAT = Format(
    name="hOCR",
    suffixes=(".hocr", ".html", ".htm"),
    recognises=recognises,
    read=read,
    group="scanned newspapers",
    about="with its pages",
)


def _page(page: Element, position: int) -> ScannedPage:
    blocks: dict[Element, list[Line]] = {}
    for element in page.iter():
        if _LINES.isdisjoint(_classes(element)):
            continue
        if line := _line(element):
            blocks.setdefault(_block(element, page), []).append(line)
    number = _properties(page).get("ppageno", [""])[0]
    return ScannedPage(
        levelled([ScannedBlock(tuple(lines)) for lines in blocks.values()]),
        int(number) + 1 if number.isdecimal() and len(number) < 7 else position,
    )


def _block(line: Element, page: Element) -> Element:
    above = [element for element in line.iterancestors() if element is not page]
    for kind in _BLOCKS:
        for element in above:
            if kind in _classes(element):
                return element
    return page


def _line(element: Element) -> Line | None:
    words = [word for word in element.iter() if "ocrx_word" in _classes(word)]
    text = clean_line(" ".join(str(word.text_content()) for word in words) if words else str(element.text_content()))
    if not text:
        return None
    properties = _properties(element)
    box = [number_of(value) for value in properties.get("bbox", [])][:4]
    left, top, right, bottom = box if len(box) == 4 else (0.0, 0.0, 0.0, 0.0)
    size = number_of(next(iter(properties.get("x_size") or properties.get("x_fsize") or [""]), ""))
    return Line(_BROKEN.sub("-", text), left, right, -bottom, max(size or bottom - top, 1.0))


def _properties(element: Element) -> dict[str, list[str]]:
    """What the title of an element says: "bbox 10 20 300 40; x_size 30"."""
    found: dict[str, list[str]] = {}
    for part in (element.get("title") or "").split(";"):
        name, *values = part.split() or [""]
        found[name] = values
    return found


def _classes(element: Element) -> list[str]:
    return str(element.get("class") or "").split() if isinstance(element.tag, str) else []

"""Word (DOCX) and OpenDocument text (ODT)."""

from __future__ import annotations

from collections.abc import Iterator

from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.xml import Element, text_of
from searchapp.corpus.formats.documents.packages import Package, begins_zip, opened, part_of, xml_of
from searchapp.corpus.formats.documents.reading import About, articles_of_document
from searchapp.errors import UnreadableFile

__all__ = ["FORMATS"]

_UNSEEN_IN_WORD = frozenset(
    {"del", "moveFrom", "instrText", "delText", "footnoteReference", "Fallback", "delInstrText"}
)
_UNSEEN_IN_ODT = frozenset({"tracked-changes", "annotation", "sequence-decls", "forms", "bibliography-mark", "note"})
_MOST_DEEP = 200


def recognises_docx(head: bytes) -> bool:
    """Whether `head` begins a Word document."""
    return begins_zip(head) and b"word/" in head


def recognises_odt(head: bytes) -> bool:
    """Whether `head` begins an OpenDocument text."""
    return begins_zip(head) and b"application/vnd.oasis.opendocument.text" in head[:300]


def read_docx(source: Source) -> Iterator[Yielded]:
    """The one article of a Word document, or those of the export that was saved as one."""
    with opened(source) as package:
        root = xml_of(package, part_of(package, "word/document.xml", "word/document"))
        if root is None:
            raise UnreadableFile("no Word document: its text is missing")
        styles = _names_of_styles(package)
        about = _about(xml_of(package, "docProps/core.xml"))
    lines: list[str] = []
    headings: list[str] = []
    for paragraph in root.iter("p"):
        if any(above.tag in _UNSEEN_IN_WORD for above in paragraph.iterancestors()):
            continue
        text = "".join(_pieces(paragraph))
        lines.append(text)
        style = paragraph.find("pPr/pStyle")
        name = styles.get(_value(style), _value(style)).lower() if style is not None else ""
        if text.strip() and (name in ("title", "titel", "titre", "título") or name.startswith("heading")):
            headings.append(clean_line(text))
    yield from articles_of_document(source, "\n\n".join(lines), about, headings)


def read_odt(source: Source) -> Iterator[Yielded]:
    """The one article of an OpenDocument text, or those of the export that was saved as one."""
    with opened(source) as package:
        root = xml_of(package, "content.xml")
        if root is None:
            raise UnreadableFile("no OpenDocument text: its text is missing")
        about = _about(xml_of(package, "meta.xml"))
    lines: list[str] = []
    headings: list[str] = []
    for element in root.iter("p", "h"):
        if any(above.tag in _UNSEEN_IN_ODT for above in element.iterancestors()):
            continue
        text = "".join(_pieces_of_odt(element))
        lines.append(text)
        is_title = any(name.lower() == "title" for name in (element.get("style-name") or "",))
        if text.strip() and (element.tag == "h" or is_title):
            headings.append(clean_line(text))
    yield from articles_of_document(source, "\n\n".join(lines), about, headings)


FORMATS = (
    Format(
        name="Word",
        suffixes=(".docx", ".docm"),
        recognises=recognises_docx,
        read=read_docx,
        group="documents",
        takes_any=True,
        binary=True,
        hard=True,
    ),
    Format(
        name="OpenDocument text",
        suffixes=(".odt",),
        recognises=recognises_odt,
        read=read_odt,
        group="documents",
        takes_any=True,
        binary=True,
        hard=True,
    ),
)


def _pieces(element: Element, deep: int = 0) -> Iterator[str]:
    """The text of a paragraph of Word, without what was deleted from it and without paragraphs within it."""
    for child in element:
        tag = child.tag
        if tag == "t":
            yield child.text or ""
        elif tag == "tab":
            yield "\t"
        elif tag in ("br", "cr"):
            yield "\n"
        elif tag == "noBreakHyphen":
            yield "-"
        elif tag != "p" and tag not in _UNSEEN_IN_WORD and deep < _MOST_DEEP:
            yield from _pieces(child, deep + 1)


def _pieces_of_odt(element: Element, deep: int = 0) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "tab":
            yield "\t"
        elif child.tag == "line-break":
            yield "\n"
        elif child.tag == "s":
            yield " "
        elif child.tag not in ("p", "h") and child.tag not in _UNSEEN_IN_ODT and deep < _MOST_DEEP:
            yield from _pieces_of_odt(child, deep + 1)
        yield child.tail or ""


def _names_of_styles(package: Package) -> dict[str, str]:
    """The names of styles as the program shows them; in other languages their ids are of those languages."""
    root = xml_of(package, "word/styles.xml")
    if root is None:
        return {}
    return {style.get("styleId") or "": _value(style.find("name")) for style in root.iter("style")}


def _value(element: Element | None) -> str:
    return str(element.get("val") or "") if element is not None else ""


def _about(root: Element | None) -> About:
    if root is None:
        return About()

    def first(*names: str) -> str:
        return next((clean_line(text_of(found)) for name in names for found in root.iter(name) if text_of(found)), "")

    return About(
        title=first("title"), author=first("initial-creator", "creator"), created=first("created", "creation-date")
    )

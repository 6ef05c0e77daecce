"""The smallest documents of each kind, as the programs write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

__all__ = ["docx", "epub", "ods", "odt", "pdf", "xlsx", "zipped"]

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_CORE = (
    '<cp:coreProperties xmlns:cp="urn:c" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
    "<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator><dcterms:created>{created}</dcterms:created>"
    "</cp:coreProperties>"
)
_OFFICE = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
)

_CONTENT = f"<office:document-content {_OFFICE}><office:body>{{}}</office:body></office:document-content>"
_CONTAINER = '<container><rootfiles><rootfile full-path="OEBPS/a.opf"/></rootfiles></container>'


def zipped(parts: Iterable[tuple[str, str | bytes]]) -> bytes:
    """A ZIP archive of these parts in this order, the first of them not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for number, (name, content) in enumerate(parts):
            box.writestr(name, content, zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED)
    return out.getvalue()


def docx(paragraphs: Iterable[tuple[str, str]], *, title: str = "", author: str = "", created: str = "") -> bytes:
    """A Word document of paragraphs, each with the id of its style, empty for none."""
    body = "".join(
        f"<w:p>{f'<w:pPr><w:pStyle w:val={chr(34)}{style}{chr(34)}/></w:pPr>' if style else ''}"
        f"<w:r><w:t>{escape(text[:3])}</w:t></w:r><w:r><w:t>{escape(text[3:])}</w:t></w:r></w:p>"
        for style, text in paragraphs
    )
    styles = f'<w:styles {_W}><w:style w:styleId="Titel"><w:name w:val="Title"/></w:style></w:styles>'
    return zipped(
        [
            ("[Content_Types].xml", "<Types/>"),
            ("word/document.xml", f"<?xml version='1.0'?><w:document {_W}><w:body>{body}</w:body></w:document>"),
            ("word/styles.xml", styles),
            ("docProps/core.xml", _CORE.format(title=escape(title), author=escape(author), created=created)),
        ]
    )


def odt(paragraphs: Iterable[tuple[str, str]], *, author: str = "") -> bytes:
    """An OpenDocument text of paragraphs `p` and headings `h`."""
    body = "".join(f"<text:{tag}>{escape(text)}</text:{tag}>" for tag, text in paragraphs)
    return zipped(
        [
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            (
                "content.xml",
                _CONTENT.format(body),
            ),
            ("meta.xml", f"<office:document-meta {_OFFICE}><dc:creator>{author}</dc:creator></office:document-meta>"),
        ]
    )


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    """An OpenDocument spreadsheet of one sheet."""
    cells = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in row)
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        for row in rows
    )
    table = f'<table:table table:name="One">{cells}</table:table>'
    return zipped(
        [
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            (
                "content.xml",
                _CONTENT.format(table),
            ),
        ]
    )


def xlsx(sheets: dict[str, Sequence[Sequence[object]]]) -> bytes:
    """An Excel workbook."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def epub(chapters: Sequence[tuple[str, str]], *, title: str, author: str, date: str) -> bytes:
    """A book of chapters, each with its title and its markup."""
    items = "".join(
        f'<item id="c{n}" href="text/c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    points = "".join(
        f'<navPoint><navLabel><text>{escape(name)}</text></navLabel><content src="text/c{n}.xhtml#top"/></navPoint>'
        for n, (name, _) in enumerate(chapters)
    )
    package = (
        f'<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator><dc:date>{date}</dc:date>"
        f"<dc:language>en</dc:language></metadata><manifest>{items}"
        f'<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>'
        f"<spine>{spine}</spine></package>"
    )
    return zipped(
        [
            ("mimetype", "application/epub+zip"),
            (
                "META-INF/container.xml",
                '<container><rootfiles><rootfile full-path="OEBPS/a.opf"/></rootfiles></container>',
            ),
            ("OEBPS/a.opf", package),
            ("OEBPS/toc.ncx", f"<ncx><navMap>{points}</navMap></ncx>"),
            *[
                (f"OEBPS/text/c{n}.xhtml", f"<html><body>{markup}</body></html>")
                for n, (_, markup) in enumerate(chapters)
            ],
        ]
    )


def pdf(pages: Sequence[Sequence[tuple[float, float, float, str]]], *, title: str = "", author: str = "") -> bytes:
    """A PDF of pages of lines, each with its place from the left and the bottom, its size and its text."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for lines in pages:
        for left, bottom, size, text in lines:
            canvas.setFont("Helvetica", size)
            canvas.drawString(left, bottom, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()

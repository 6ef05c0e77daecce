"""Spreadsheets (XLSX, ODS): each sheet read like a table in text."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.streams import seekable
from searchapp.corpus.decoding.xml import Element, text_of
from searchapp.corpus.formats.data import tables
from searchapp.corpus.formats.documents.packages import begins_zip, opened, xml_of
from searchapp.corpus.formats.documents.reading import as_source
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article

__all__ = ["FORMATS"]

MOST_CELLS = 20_000_000
"""Of one sheet: a sheet of Excel can claim to have seventeen thousand million."""
_MOST_REPEATED = 1_000


def recognises_xlsx(head: bytes) -> bool:
    """Whether `head` begins a workbook of Excel."""
    return begins_zip(head) and b"xl/" in head


def recognises_ods(head: bytes) -> bool:
    """Whether `head` begins an OpenDocument spreadsheet."""
    return begins_zip(head) and b"application/vnd.oasis.opendocument.spreadsheet" in head[:300]


def read_xlsx(source: Source) -> Iterator[Yielded]:
    """The articles of all sheets."""
    try:
        import openpyxl
    except ImportError as error:
        raise UnreadableFile("an Excel workbook; pip install 'searchapp[documents]' to read it") from error
    with closing(seekable(source)) as stream:
        try:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        except Exception as error:  # The library raises whatever its parts do: of ZIP, of XML, of missing keys.
            raise UnreadableFile(f"damaged workbook ({type(error).__name__}); save it anew, or as CSV") from error
        with closing(book):
            yield from _articles(source, ((sheet.title, _rows(sheet)) for sheet in book.worksheets))


def read_ods(source: Source) -> Iterator[Yielded]:
    """The articles of all sheets."""
    with opened(source) as package:
        root = xml_of(package, "content.xml")
    if root is None:
        raise UnreadableFile("no spreadsheet: its cells are missing")
    yield from _articles(source, ((table.get("name") or "", _rows_of_ods(table)) for table in root.iter("table")))


FORMATS = (
    Format(
        name="Excel",
        suffixes=(".xlsx", ".xlsm"),
        recognises=recognises_xlsx,
        read=read_xlsx,
        group="documents",
        takes_any=True,
        binary=True,
        hard=True,
        extra="documents",
    ),
    Format(
        name="OpenDocument spreadsheet",
        suffixes=(".ods",),
        recognises=recognises_ods,
        read=read_ods,
        group="documents",
        takes_any=True,
        binary=True,
        hard=True,
    ),
)


def _articles(source: Source, sheets: Iterable[tuple[str, Iterator[Sequence[Any]]]]) -> Iterator[Yielded]:
    """The articles of each sheet that has any, counted through; what is wrong with the only one is the file's fault."""
    position = 0
    faults: list[str] = []
    for name, rows in sheets:
        text = _as_text(rows)
        if not text:
            continue
        try:
            for found in tables.read(as_source(source, text, ".csv")):
                if isinstance(found, Article):
                    found = dataclasses.replace(found, position=position)
                    position += 1
                yield found
        except UnreadableFile as error:
            faults.append(f"sheet {name!r}: {error}")
    if not position:
        raise UnreadableFile(faults[0] if faults else "empty: no cell holds anything")


def _as_text(rows: Iterator[Sequence[Any]]) -> str:
    text = io.StringIO()
    # With a delimiter that hardly any cell holds, hardly any cell needs quotation marks.
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    cells = 0
    for row in rows:
        values = [_shown(value) for value in row]
        while values and not values[-1]:
            values.pop()
        cells += len(values) + 1
        if cells > MOST_CELLS:
            raise UnreadableFile(f"more than {MOST_CELLS:,} cells in a sheet; save it as CSV")
        if values:
            writer.writerow(values)
    return text.getvalue()


def _rows(sheet: Any) -> Iterator[Sequence[Any]]:
    try:
        # What a sheet says of its size is often wrong.
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True)
    except UnreadableFile:
        raise
    except Exception as error:  # As above: what is damaged shows only when it is read.
        raise UnreadableFile(f"damaged workbook ({type(error).__name__}); save it anew, or as CSV") from error


def _rows_of_ods(table: Element) -> Iterator[Sequence[Any]]:
    for row in table.iter("table-row"):
        cells: list[str] = []
        for cell in row:
            if cell.tag not in ("table-cell", "covered-table-cell"):
                continue
            value = cell.get("date-value") or "\n\n".join(text_of(line) for line in cell.iter("p"))
            # A row may end in a cell that is repeated a thousand times.
            cells += [value] * min(int(cell.get("number-columns-repeated") or 1), _MOST_REPEATED if value else 100)
        yield cells


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ") if value.time() != dt.time() else value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)

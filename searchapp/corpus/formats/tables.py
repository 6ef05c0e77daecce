"""Tables of articles, one a row: CSV with any usual delimiter, TSV, exports of spreadsheets."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import text_stream
from searchapp.corpus.decoding.notices import Notices
from searchapp.corpus.formats.fields import FIELDS, Chosen, article_from, choose_columns, folded
from searchapp.errors import UnreadableFile

__all__ = ["FORMAT"]

LONGEST_CELL = 32 << 20
"""Characters; a longer one means that a quotation mark was never closed."""

_DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n?", re.IGNORECASE)
_ROWS_TO_JUDGE_DATES = 2000
_USUAL_NAMES = {name for names in FIELDS.values() for name in names}

# The limit is one for the whole process; nobody else's is ever lowered.
csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))


def recognises(head: bytes) -> bool:
    """Never by content alone: any text with commas could be a table."""
    return False


def read(source: Source) -> Iterator[Yielded]:
    """The articles of a table with a header row."""
    with _rows(source) as rows:
        chosen = choose_columns(rows.header, source.columns)
        day_first = _day_first(source, chosen)
        notices = Notices(source.path)
        position = 0
        for line, cells, fault in rows:
            if fault:
                yield from notices.skip(f"line {line:,}: {fault}")
                continue
            article = article_from(source, position, dict(zip(rows.header, cells)), chosen, day_first=day_first)  # noqa: B905 - short rows have empty cells at their end
            if article is None:
                yield from notices.skip(f"line {line:,}: neither text nor title")
                continue
            position += 1
            yield article
        yield from notices.rest()


FORMAT = Format(name="CSV or TSV", suffixes=(".csv", ".tsv", ".tab"), recognises=recognises, read=read)


class _Rows:
    """The rows of a table after its header, each as (number of its first line, cells, what is wrong with it)."""

    def __init__(self, stream: io.TextIOWrapper, suffix: str) -> None:
        self._stream = stream
        self._raw: list[str] = []
        first = self._line()
        if match := _SEPARATOR_LINE.fullmatch(first):
            delimiter, first = match[1], self._line()
            self._skipped_lines = 1
        else:
            delimiter, self._skipped_lines = "", 0
        # Blank lines may stand above the header.
        while first and not first.strip():
            first = self._line()
            self._skipped_lines += 1
        self._pending = [first]
        delimiter = delimiter or _delimiter(first, suffix)
        self._reader = csv.reader(self._lines(), delimiter=delimiter, skipinitialspace=True)
        header = self._next()
        if header is None:
            raise UnreadableFile("empty: no header row")
        self.header = [name.strip().lstrip("\ufeff").strip() for name in header]

    def __iter__(self) -> Iterator[tuple[int, list[str], str]]:
        while True:
            line = self._reader.line_num + self._skipped_lines + 1
            cells = self._next()
            if cells is None:
                return
            if not any(cells):
                continue
            yield line, cells, self._fault(cells)

    def __enter__(self) -> _Rows:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def _fault(self, cells: list[str]) -> str:
        wide, width = len(cells), len(self.header)
        if any(cells[width:]):
            return f"{wide} cells where the header has {width}; put cells that hold the delimiter in quotes"
        # Only at the very end of a file can a quoted cell be left open.
        if self._ended and "".join(self._raw).count('"') % 2:
            return "cut off: a quotation mark is never closed"
        return ""

    def _next(self) -> list[str] | None:
        self._raw.clear()
        try:
            return next(self._reader, None)
        except csv.Error as error:
            raise UnreadableFile(f"line {self._reader.line_num + self._skipped_lines:,}: {error}") from error

    _ended = False

    def _lines(self) -> Iterator[str]:
        while line := self._pending.pop() if self._pending else self._line():
            self._raw.append(line)
            yield line
        self._ended = True

    def _line(self) -> str:
        line = self._stream.readline(LONGEST_CELL)
        return line.replace("\0", "")


def _rows(source: Source) -> _Rows:
    stream = text_stream(source.open())
    try:
        return _Rows(stream, source.suffix)
    except BaseException:
        stream.close()
        raise


def _delimiter(header: str, suffix: str) -> str:
    """The delimiter under which the header has the most usual names, then the most columns."""

    def worth(delimiter: str) -> tuple[int, int]:
        names = next(csv.reader([header], delimiter=delimiter, skipinitialspace=True), [])
        return sum(folded(name) in _USUAL_NAMES for name in names), len(names)

    order = ("\t", *_DELIMITERS) if suffix in (".tsv", ".tab") else _DELIMITERS
    return max(order, key=worth)


def _day_first(source: Source, chosen: Chosen) -> bool | None:
    """Whether dates such as 03/04/2023 have the day first, where other rows of the table settle it."""
    columns = chosen.get("published", ())
    if not columns:
        return None
    orders = set()
    with _rows(source) as rows:
        for _, cells, _ in islice(rows, _ROWS_TO_JUDGE_DATES):
            record = dict(zip(rows.header, cells))  # noqa: B905
            text = next((value for column in columns if (value := record.get(column, ""))), "")
            if not re.match(r"\s*\d{1,2}[/-]\d{1,2}[/-]\d{4}", text):
                continue
            read_as = parse_date(text)
            if read_as and read_as[0].day != read_as[0].month:
                orders.add(int(re.split("[/-]", text.strip())[0]) == read_as[0].day)
    return orders.pop() if len(orders) == 1 else None

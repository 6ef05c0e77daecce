"""Tables of articles, one a row: CSV with any usual delimiter, TSV, exports of spreadsheets, whatever their ending."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import decode, text_stream
from searchapp.corpus.decoding.notices import Notices
from searchapp.corpus.formats.data.fields import FIELDS, Chosen, article_from, choose_columns, folded, unread_date
from searchapp.corpus.formats.data.rows import DELIMITERS, LONGEST_CELL, Row, cells_of_line, rows_of
from searchapp.errors import UnreadableFile

__all__ = ["FORMAT"]

_SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n?", re.IGNORECASE)
_ROWS_TO_JUDGE_DATES = 2000
_LINES_ABOVE_HEADER = 30
_LONGEST_NAME = 60
_USUAL_NAMES = {name for names in FIELDS.values() for name in names}
_TELLING_NAMES = {*FIELDS["title"], *FIELDS["body"]}
_EITHER_ORDER = re.compile(r"\s*(\d{1,2})[/-](\d{1,2})[/-](?:\d{4}|\d{2})(?!\d)")


def recognises(head: bytes) -> bool:
    """Whether `head` begins with a row of usual names and rows of as many cells, under whatever ending."""
    lines = [line for line in decode(head[:16_384]).lstrip("\ufeff").splitlines()[:6] if line.strip()]
    if len(lines) < 2 or len(lines[0]) > 2_000:
        return False
    delimiter = _delimiter(lines[0], "")
    names = cells_of_line(lines[0], delimiter)
    known = [folded(name) for name in names if folded(name) in _USUAL_NAMES]
    if len(known) < 2 or len(known) * 2 < len(names) or not _TELLING_NAMES & set(known):
        return False
    return lines[1].count(delimiter) >= len(names) - 1


def read(source: Source) -> Iterator[Yielded]:
    """The articles of a table with a header row."""
    with _Table(source) as table:
        chosen = choose_columns(table.header, source.columns, explain=table.without_header)
        day_first = _day_first(source, chosen)
        notices = Notices(source.path)
        position = 0
        for row in table.rows(chosen):
            where = f"line {row.line:,}"
            cells = _fitted(row, table.header, chosen)
            if cells is None:
                yield from notices.skip(
                    where,
                    f"{len(row.cells)} cells where the header has {len(table.header)}; "
                    "put cells that hold the delimiter in quotes",
                )
                continue
            record = _record(table.header, cells)
            article = article_from(source, position, record, chosen, day_first=day_first)
            if article is None:
                yield from notices.skip(where, "neither text nor title")
                continue
            if article.published is None and (unread := unread_date(record, chosen)):
                yield from notices.note(where, f"the date {unread!r} cannot be read")
            position += 1
            yield article
        yield from notices.rest()


FORMAT = Format(
    name="CSV or TSV",
    suffixes=(".csv", ".tsv", ".tab"),
    recognises=recognises,
    read=read,
    group="tables and records",
    about="columns are found by their usual names, or `--map title=Headline`",
    takes_any=True,
)


class _Table:
    """A table, read as far as its header."""

    def __init__(self, source: Source) -> None:
        self._stream = text_stream(source.open())
        try:
            self._read_header(source)
        except BaseException:
            self._stream.close()
            raise

    def _read_header(self, source: Source) -> None:
        lines = [line for _ in range(_LINES_ABOVE_HEADER) if (line := self._line())]
        delimiter = ""
        if lines and (match := _SEPARATOR_LINE.fullmatch(lines[0])):
            delimiter = match[1]
            lines[0] = "\n"
        mapped = frozenset(folded(column) for column in source.columns.values())
        at = _header_line(lines, delimiter, source.suffix, mapped)
        if at is None:
            raise UnreadableFile("empty: no header row")
        self._delimiter = delimiter or _delimiter(lines[at], source.suffix)
        self._first_line = at + 1
        self._lines = lines[at:]
        first = next(rows_of(self._stream, self._delimiter, first_line=1, head=self._lines, likeness=lambda _: 0))
        # What the header's cells took of the stream, should one of them go over several lines, is read again below.
        self.header = [name.strip().lstrip("\ufeff").strip() for name in first.cells]

    def without_header(self) -> str:
        """Why no column can be told, where the first row is no header but an article."""
        long = any(len(name) > _LONGEST_NAME or (" " in name.strip() and len(name) > 25) for name in self.header)
        if long or any(name.replace(".", "").replace("-", "").isdigit() for name in self.header if name):
            return "no header row: the first line holds an article; put a line with the names of the columns on top"
        return ""

    def rows(self, chosen: Chosen) -> Iterator[Row]:
        """The rows below the header that hold anything."""
        width = len(self.header)
        telling = [
            (self.header.index(column), field)
            for field in ("published", "url")
            for column in chosen.get(field, ())[:1]
            if column in self.header
        ]

        def likeness(cells: list[str]) -> int:
            if len(cells) != width or width < 2:
                return 0
            for at, field in telling:
                if cells[at].startswith("http") if field == "url" else parse_date(cells[at], serials=True):
                    return 2
            return 1

        found = rows_of(self._stream, self._delimiter, first_line=self._first_line, head=self._lines, likeness=likeness)
        for row in islice(found, 1, None):
            if any(cell.strip() for cell in row.cells):
                yield row

    def __enter__(self) -> _Table:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def _line(self) -> str:
        return self._stream.readline(LONGEST_CELL).replace("\0", "")


def _header_line(lines: Sequence[str], delimiter: str, suffix: str, mapped: frozenset[str]) -> int | None:
    """Which of the first lines names the columns: the first with several usual names, else the first that is not blank.

    Exports of databases put what was searched for on top.
    """
    filled = [at for at, line in enumerate(lines) if line.strip()]
    for at in filled:
        names = {folded(name) for name in cells_of_line(lines[at], delimiter or _delimiter(lines[at], suffix))}
        if len(names) > 1 and (names & mapped or (len(names & _USUAL_NAMES) > 1 and names & _TELLING_NAMES)):
            return at
        if len(names & _TELLING_NAMES) > 0 and (len(names) > 1 or at == filled[0]):
            return at
    return filled[0] if filled else None


def _fitted(row: Row, header: Sequence[str], chosen: Chosen) -> list[str] | None:
    """The cells of a row, as many as the header has at most; None for a row with more that is not to be mended.

    Where a quotation mark lost its partner the text itself is parted by delimiters: it is put together again.
    """
    width = len(header)
    if not any(row.cells[width:]):
        return row.cells[:width]
    if not row.mended:
        return None
    surplus = len(row.cells) - width
    body = next((column for column in chosen.get("body", ()) if column in header), None)
    at = header.index(body) if body is not None else width - 1
    # Only blanks can tell which delimiter it was.
    return [*row.cells[:at], "; ".join(row.cells[at : at + surplus + 1]), *row.cells[at + surplus + 1 :]]


def _record(header: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    """Name of a column to its cell; of several with one name the first that is not empty."""
    record: dict[str, str] = {}
    for name, cell in zip(header, cells, strict=False):
        if not record.get(name):
            record[name] = cell
    return record


def _delimiter(header: str, suffix: str) -> str:
    """The delimiter under which the header has the most usual names, then the most columns."""

    def worth(delimiter: str) -> tuple[int, int]:
        names = cells_of_line(header, delimiter)
        return sum(folded(name) in _USUAL_NAMES for name in names), len(names)

    order = ("\t", *DELIMITERS) if suffix in (".tsv", ".tab") else DELIMITERS
    return max(order, key=worth)


def _day_first(source: Source, chosen: Chosen) -> bool | None:
    """Whether dates such as 03/04/2023 have the day first, where other rows of the table settle it."""
    columns = chosen.get("published", ())
    if not columns:
        return None
    orders = set()
    with _Table(source) as table:
        for row in islice(table.rows(chosen), _ROWS_TO_JUDGE_DATES):
            record = _record(table.header, row.cells)
            text = next((value for column in columns if (value := record.get(column, ""))), "")
            match = _EITHER_ORDER.match(text)
            if not match:
                continue
            read_as = parse_date(text, ahead=True)
            if read_as and read_as[0].day != read_as[0].month:
                orders.add(int(match[1]) == read_as[0].day)
    return orders.pop() if len(orders) == 1 else None

"""From the columns of a table, the keys of a record or the lines of a front matter to an `Article`."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import body_of, clean_line, paragraphs_of
from searchapp.corpus.decoding.base import Source, identifier
from searchapp.corpus.decoding.markup import line_of_markup, looks_like_markup, paragraphs_of_markup
from searchapp.errors import UnreadableFile, UsageError
from searchapp.model.article import KIND_OF_FACET, Article

__all__ = ["FIELDS", "Chosen", "Value", "article_from", "check_columns", "choose_columns", "folded", "names_in"]

_USUAL = {
    "title": "title headline head webtitle heading articletitle newstitle",
    "body": (
        "body bodytext text content fulltext articlebody articletext articlecontent article story maintext contenthtml"
        " bodyhtml contenttext description summary abstract lead leadparagraph standfirst excerpt snippet"
    ),
    "published": (
        "published publishedat datepublished pubdate publishdate publisheddate publicationdate publishedon date"
        " datetime webpublicationdate publishedtime firstpublished createdat created datecreated"
        " versioncreated timestamp"
    ),
    "byline": "byline author authors writer writers reporter creator journalist by",
    "source": "source publication publisher agency newspaper outlet sitename site provider sourcename",
    "url": "url link permalink weburl canonicalurl articleurl href uri",
    "section": "section sectionname category desk newsdesk rubric",
    "topics": "topics tags keywords topic tag subjects categories",
    "people": "people persons person",
    "places": "places locations place location",
    "organisations": "organisations organizations orgs organisation organization org companies company",
    "dateline": "dateline",
    "language": "language lang inlanguage languagecode",
    "id": "id guid uuid articleid docid documentid newsid identifier uid",
}
FIELDS: Mapping[str, tuple[str, ...]] = {field: tuple(names.split()) for field, names in _USUAL.items()}
"""What each field is usually called, folded to lower-case letters and digits; the likeliest name first."""

Value: TypeAlias = str | Sequence[str]
"""A cell, or the values of a list."""
Chosen: TypeAlias = Mapping[str, Sequence[str]]
"""Field to the columns that may hold it; the first that is not empty counts."""

_FOLD = re.compile(r"[\W_]+")
_LIST_BREAK = re.compile(r"\s*[;|\n]\s*")
_BYLINE_START = re.compile(r"by[:\s]\s*", re.IGNORECASE)
_LONGEST_LIST = 20_000
_MOST_COLUMNS_SHOWN = 30


def check_columns(columns: Mapping[str, str]) -> dict[str, str]:
    """`columns` under the names of `FIELDS`; usual names such as "date" or "author" are understood too.

    Raises `UsageError` for a field that there is not.
    """
    field_of = {name: field for field, names in FIELDS.items() for name in (field, *names)}
    checked = {}
    for name, column in columns.items():
        field = field_of.get(folded(name))
        if field is None:
            raise UsageError(f"there is no field {name!r} to map a column to; use one of {', '.join(FIELDS)}")
        checked[field] = column
    return checked


def choose_columns(available: Iterable[str], columns: Mapping[str, str]) -> Chosen:
    """Which of the `available` columns hold which field: as `columns` says, else by their usual names.

    Raises `UnreadableFile` when a mapped column is missing, or when neither a text nor a title is found.
    """
    names = list(dict.fromkeys(available))
    shown = ", ".join(repr(name) for name in names[:_MOST_COLUMNS_SHOWN])
    shown += ", ..." if len(names) > _MOST_COLUMNS_SHOWN else ""
    by_fold: dict[str, str] = {}
    for name in names:
        by_fold.setdefault(folded(name), name)
    chosen: dict[str, list[str]] = {}
    for field, column in columns.items():
        found = column if column in names else by_fold.get(folded(column))
        if found is None:
            raise UnreadableFile(f"no column {column!r} for {field}; the columns are {shown}")
        chosen[field] = [found]
    taken = {column for listed in chosen.values() for column in listed}
    for field, usual in FIELDS.items():
        if field not in chosen:
            found_columns = [by_fold[name] for name in usual if name in by_fold and by_fold[name] not in taken]
            if found_columns:
                chosen[field] = found_columns
    if "body" not in chosen and "title" not in chosen:
        raise UnreadableFile(f"no column for body or title among {shown}; name it with --map body=COLUMN")
    return chosen


def article_from(
    source: Source,
    position: int,
    record: Mapping[str, Value],
    chosen: Chosen,
    *,
    day_first: bool | None = None,
) -> Article | None:
    """The article that `record` holds under the `chosen` columns; None when it has neither text nor title."""
    title = line_of_markup(_line(record, chosen, "title"))
    body = _body(_text(record, chosen, "body", between="\n\n"))
    if not title and not body:
        return None
    published = next(
        (
            found
            for column in chosen.get("published", ())
            if (found := parse_date(clean_line(_joined(record.get(column, ""))), day_first=day_first))
        ),
        (None, None),
    )
    url = _line(record, chosen, "url")
    return Article(
        id=source.article_id(position, own=identifier(_line(record, chosen, "id"), url)),
        title=title,
        body=body,
        byline=_BYLINE_START.sub("", line_of_markup(_line(record, chosen, "byline")), count=1),
        published=published[0],
        published_time=published[1],
        published_source="metadata" if published[0] else "",
        dateline=_line(record, chosen, "dateline"),
        source=line_of_markup(_line(record, chosen, "source")),
        url=url,
        section=line_of_markup(_line(record, chosen, "section")),
        topics=names_in(_value(record, chosen, "topics"), commas=True),
        language=_line(record, chosen, "language"),
        assigned={facet: names_in(_value(record, chosen, facet)) for facet in KIND_OF_FACET},
        path=source.path,
        position=position,
    )


def names_in(value: Value, *, commas: bool = False) -> tuple[str, ...]:
    """The names that a list or a delimited cell holds: parted by `;`, `|` or line ends, or written as a JSON list.

    With `commas` they part names too where none of those stands; else only between names of two words or more,
    for "Aliyev, Ilham" is one person.
    """
    if not value:
        return ()
    if not isinstance(value, str):
        parts = list(value)
    else:
        parts = _listed(value.strip()) or _LIST_BREAK.split(value)
        if len(parts) == 1 and "," in parts[0]:
            pieces = [piece.strip() for piece in parts[0].split(",")]
            if commas or all(" " in piece for piece in pieces):
                parts = pieces
    return tuple(dict.fromkeys(name for part in parts if (name := line_of_markup(part))))


def folded(name: str) -> str:
    """`name` in lower case without blanks and punctuation: "Pub_Date" gives "pubdate"."""
    return _FOLD.sub("", name).lower()


def _listed(cell: str) -> list[str]:
    """The strings of a cell such as `["a", "b"]` or, as some programs export lists, `['a', 'b']`."""
    if not (cell.startswith("[") and cell.endswith("]")) or len(cell) > _LONGEST_LIST:
        return []
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(cell)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(found, list):
            return [str(item) for item in found if isinstance(item, str | int | float)]
    return []


def _value(record: Mapping[str, Value], chosen: Chosen, field: str) -> Value:
    return next((value for column in chosen.get(field, ()) if (value := record.get(column, ""))), "")


def _text(record: Mapping[str, Value], chosen: Chosen, field: str, *, between: str = ", ") -> str:
    values = (_joined(record.get(column, ""), between) for column in chosen.get(field, ()))
    return next((value for value in values if value.strip()), "")


def _line(record: Mapping[str, Value], chosen: Chosen, field: str) -> str:
    return clean_line(_text(record, chosen, field))


def _joined(value: Value, between: str = ", ") -> str:
    return value if isinstance(value, str) else between.join(value)


def _body(text: str) -> str:
    return body_of(paragraphs_of_markup(text) if looks_like_markup(text) else paragraphs_of(text))

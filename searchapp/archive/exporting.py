"""Articles as records: plain values for JSON, and the forms of files that a search is exported to."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from searchapp.archive.citations import bibtex, ris
from searchapp.language.detecting import is_foreign
from searchapp.model.article import FACET_OF_KIND, Article, Mention
from searchapp.model.languages import language_name

__all__ = [
    "FORMS",
    "Form",
    "article_record",
    "csv_rows",
    "full_record",
    "json_lines",
    "many_lines",
    "mention_records",
    "safe_json",
    "unread_language",
]

_COLUMNS = (
    "id",
    "title",
    "published",
    "source",
    "byline",
    "dateline",
    "section",
    "url",
    "language",
    "topics",
    "people",
    "places",
    "organisations",
    "body",
)
_BETWEEN_NAMES = "; "

# A cell that begins so is run as a formula by spreadsheet programs; see OWASP, "CSV Injection".
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")

# C0 and C1 control characters, marks that reorder the text around them, and halves of characters.
_NOT_IN_LINES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_NOT_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def article_record(article: Article) -> dict[str, Any]:
    """What an article says and whom it names, without where the names stand; with the time of day, if known."""
    values: dict[str, Any] = {name: getattr(article, name) for name in _COLUMNS}
    values["published"] = article.published.isoformat() if article.published else None
    if article.published and article.published_time:
        values["published"] += f"T{article.published_time.isoformat()}"
    for name in ("topics", *FACET_OF_KIND.values()):
        values[name] = list(values[name])
    return values


def full_record(article: Article) -> dict[str, Any]:
    """Everything that is known of an article, with every place where a name stands."""
    return {
        **article.to_dict(),
        **{facet: list(article.names(facet)) for facet in FACET_OF_KIND.values()},
        "title_mentions": mention_records(article.title_mentions),
        "mentions": mention_records(article.mentions),
    }


def mention_records(mentions: Iterable[Mention]) -> list[dict[str, Any]]:
    """Mentions as `start`, `end`, `text`, `kind` and `label`."""
    return [{"start": m.start, "end": m.end, "text": m.text, "kind": m.kind, "label": m.label} for m in mentions]


def unread_language(article: Article) -> str:
    """What the language of an article is called in which no names were recognised for that reason; else empty."""
    if article.mentions or article.title_mentions or not is_foreign(article.title, article.body, article.language):
        return ""
    return language_name(article.language)


def json_lines(articles: Iterable[Article]) -> Iterator[str]:
    """One JSON object a line, each ending with a line break."""
    for article in articles:
        yield safe_json(article_record(article)) + "\n"


def csv_rows(articles: Iterable[Article]) -> Iterator[str]:
    """A heading, then a row for each article; no cell is one that a spreadsheet program runs.

    A row ends with a line break and may hold more of them inside quotes.
    """
    buffer = io.StringIO()
    table = csv.writer(buffer, lineterminator="\n")
    for cells in _cells(articles):
        table.writerow(cells)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


@dataclass(frozen=True, slots=True)
class Form:
    """A form of file that articles are exported to."""

    name: str
    """What the command line calls it."""
    media_type: str
    """What it is sent as."""
    write: Callable[[Iterable[Article]], Iterator[str]]
    """Its text piece by piece: one for each article, after those of the heading."""
    headings: int = 0
    """Pieces before the first article."""


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "csv": Form("csv", "text/csv; charset=utf-8", csv_rows, headings=1),
        "jsonl": Form("jsonl", "application/jsonl; charset=utf-8", json_lines),
        "bib": Form("bibtex", "application/x-bibtex; charset=utf-8", lambda articles: map(bibtex, articles)),
        "ris": Form("ris", "application/x-research-info-systems; charset=utf-8", lambda articles: map(ris, articles)),
    }
)
"""Ending of a file to the form that it has."""


def _cells(articles: Iterable[Article]) -> Iterator[Iterable[str]]:
    yield _COLUMNS
    for article in articles:
        yield [_cell(value) for value in article_record(article).values()]


def _cell(value: str | list[str] | None) -> str:
    text = _BETWEEN_NAMES.join(value) if isinstance(value, list) else value or ""
    # The test comes before control characters go: a leading carriage return is one of them.
    return ("'" if _FORMULA.match(text) else "") + many_lines(text)


def many_lines(text: str) -> str:
    """`text` with a blank for every control character but tab and line break; offsets stay the same."""
    return _NOT_IN_LINES.sub(" ", text)


def safe_json(value: Any, *, indent: int | None = None, ascii_only: bool = False) -> str:
    """`value` as JSON in which every control character is escaped; accents stay readable unless `ascii_only`."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent, allow_nan=False)
    return _NOT_IN_JSON.sub(lambda match: f"\\u{ord(match.group()):04x}", text)

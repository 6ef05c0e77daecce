"""`searchapp extract`: the names in one file, without an index."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from searchapp.archive import Archive
from searchapp.archive.exporting import mention_records, unread_language
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.options import json_option
from searchapp.cli.output import console_for, counted, one_line, paragraph, print_json, tell
from searchapp.errors import NothingIndexed
from searchapp.model.article import FACET_OF_KIND, Article, Mention
from searchapp.model.query import SearchRequest

__all__ = ["extract"]

_FORMS_SHOWN = 6


@click.command(cls=ExampleCommand, example="searchapp extract seeds/caucasus/2023-09-22-karabakh-talks.txt")
@click.argument("file")
@json_option
def extract(file: str, as_json: bool) -> None:
    """List the names in one file, without an index.

    People, places and organisations, each with the forms in which the text names it.

    With --json also every mention: offsets count characters of the title or body that stand under "articles". Names are
    recognised in English texts only; that one is in another language is said.
    """
    with Archive.open(":memory:") as archive:
        report = archive.add_files(file)
        articles = sorted(archive.matches(SearchRequest()), key=lambda article: (article.path, article.position))
    if not articles:
        reason = report.skipped[0].reason if report.skipped else "no article in it"
        raise NothingIndexed(f"{file!r} cannot be read: {reason}")
    for name, count in Counter(filter(None, map(unread_language, articles))).items():
        where = "it is" if len(articles) == 1 else f"{counted(count, 'article')} in it {'is' if count == 1 else 'are'}"
        tell("Note", f"{where} in {name}; names are recognised in English texts only")
    for skipped in report.skipped:
        tell("Warning", f"skipped part of {skipped.path}: {skipped.reason}")
    mentions = [mention for article in articles for mention in (*article.title_mentions, *article.mentions)]
    names = _names(mentions)
    if as_json:
        listed = [record for article in articles for record in _placed_mentions(article)]
        texts = [
            {"id": article.id, "title": article.title, "body": article.body, "language": article.language}
            for article in articles
        ]
        print_json({"mentions": listed, **names, "articles": texts})
    else:
        _print_names(console_for(sys.stdout), names, articles=len(articles))


def _names(mentions: Iterable[Mention]) -> dict[str, list[dict[str, Any]]]:
    """Facet to its names: `label`, `count` of mentions and the `forms` it stands in; the most frequent first."""
    forms: dict[str, dict[str, dict[str, int]]] = {facet: {} for facet in FACET_OF_KIND.values()}
    for mention in mentions:
        found = forms[FACET_OF_KIND[mention.kind]].setdefault(mention.label, {})
        found[mention.text] = found.get(mention.text, 0) + 1
    return {
        facet: [
            {"label": label, "count": sum(found.values()), "forms": _by_count(found)}
            for label, found in sorted(labels.items(), key=lambda item: (-sum(item[1].values()), item[0]))
        ]
        for facet, labels in forms.items()
    }


def _by_count(counts: Mapping[str, int]) -> list[str]:
    return sorted(counts, key=lambda name: (-counts[name], name))


def _placed_mentions(article: Article) -> list[dict[str, Any]]:
    """The mentions of an article in reading order, each with the text that its offsets count in."""
    return [
        {**record, "field": field, "article": article.id}
        for field, mentions in (("title", article.title_mentions), ("body", article.mentions))
        for record in mention_records(mentions)
    ]


def _print_names(console: Console, names: dict[str, list[dict[str, Any]]], *, articles: int) -> None:
    columns = 2 + max((len(f"{name['count']:,}") for found in names.values() for name in found), default=1)
    for facet in FACET_OF_KIND.values():
        found = names[facet]
        mentions = sum(name["count"] for name in found)
        about = f"{facet}: {len(found):,}, mentioned {counted(mentions, 'time')}" if found else f"{facet}: none"
        paragraph(console, Text(about, style="bold"))
        for name in found:
            line = Text(one_line(name["label"]))
            others = [form for form in name["forms"] if form != name["label"]]
            if others:
                more = f", {len(others) - _FORMS_SHOWN:,} more" if len(others) > _FORMS_SHOWN else ""
                line.append(f" ({one_line(', '.join(others[:_FORMS_SHOWN]))}{more})", style="dim")
            paragraph(console, line, indent=columns + 2, first=f"{name['count']:,}".rjust(columns))
    if articles > 1:
        paragraph(console, Text(f"in {articles:,} articles", style="dim"))

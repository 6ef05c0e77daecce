"""`searchapp show`: one article, with the names in it."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click
from rich.console import Console
from rich.text import Text

from searchapp.archive.exporting import full_record, many_lines
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.opening import opened
from searchapp.cli.options import index_option, json_option
from searchapp.cli.output import console_for, one_line, paragraph, print_json
from searchapp.model.article import KIND_OF_FACET, Article, Mention

__all__ = ["show"]

_LABEL_COLUMNS = 15
_STYLES = {"person": "cyan", "place": "green", "organisation": "magenta"}


@click.command(cls=ExampleCommand, example='searchapp show "$(searchapp search ceasefire --ids --page-size 1)"')
@click.argument("article_id", metavar="ID")
@index_option
@json_option
def show(article_id: str, location: str, as_json: bool) -> None:
    """Show one article and the names in it.

    ID is what `search` prints below a title.
    """
    with opened(location) as archive:
        article = archive.get(article_id)
    if as_json:
        print_json(full_record(article))
    else:
        _print_article(console_for(sys.stdout), article)


def _print_article(console: Console, article: Article) -> None:
    paragraph(console, _named(one_line(article.title), article.title_mentions, before="bold") or Text("(no title)"))
    for label, value in _details(article):
        if value:
            paragraph(console, Text(one_line(value)), indent=_LABEL_COLUMNS, first=label)
    console.print()
    for piece in _named(many_lines(article.body), article.mentions).split("\n"):
        paragraph(console, piece)
    names = [(facet, article.names(facet)) for facet in KIND_OF_FACET]
    if any(labels for _, labels in names):
        console.print()
    for facet, labels in names:
        if labels:
            line = Text(one_line(", ".join(labels)), style=_STYLES[KIND_OF_FACET[facet]])
            paragraph(console, line, indent=_LABEL_COLUMNS, first=facet)


def _details(article: Article) -> Iterable[tuple[str, str]]:
    published = article.published.isoformat() if article.published else "undated"
    if article.published and article.published_source:
        found_in = article.published_source
        published = f"about {published}" if found_in == "estimated" else f"{published} (from its {found_in})"
    yield "published", published
    yield "source", article.source
    yield "byline", article.byline
    yield "dateline", article.dateline
    yield "section", article.section
    yield "topics", ", ".join(article.topics)
    yield "pages", "–".join(map(str, sorted({*article.page_span} - {0})))
    yield "url", article.url
    yield "file", article.path
    yield "id", article.id


def _named(text: str, mentions: Iterable[Mention], *, before: str = "") -> Text:
    """`text` with each name in the colour of its kind."""
    styled = Text(text, style=before)
    for mention in mentions:
        styled.stylize(_STYLES[mention.kind], mention.start, mention.end)
    return styled

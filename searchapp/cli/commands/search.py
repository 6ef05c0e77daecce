"""`searchapp search`: ranked hits with snippets, and the facets in short."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from searchapp.cli.examples import QueryCommand
from searchapp.cli.opening import opened
from searchapp.cli.options import index_option, json_option, page_options, search_options, sort_option
from searchapp.cli.output import (
    MAX_COLUMNS,
    columns_of,
    console_for,
    counted,
    day_of,
    one_line,
    paragraph,
    print_json,
    quoted_search,
    tell_problems,
)
from searchapp.model.query import SearchRequest
from searchapp.model.question import HEADS, Question
from searchapp.model.result import FacetResult, Hit, SearchResult, Snippet

__all__ = ["search"]

_LABEL_COLUMNS = 15
"""The longest facet name and two blanks."""
_VALUES_SHOWN = 3


@click.command(
    cls=QueryCommand,
    example='searchapp search "ceasefire talks" --place Armenia --since 2020 --sort newest',
)
@index_option
@search_options
@sort_option
@page_options
@json_option
@click.option("--ids", is_flag=True, help="Print only the ids of the articles, one a line.")
def search(request: SearchRequest, location: str, as_json: bool, ids: bool) -> None:
    """Find articles by words, people, places and more.

    QUERY may hold OR, NOT, (groups), "exact phrases", word*, word~, title:word, byline:word, section:word,
    dateline:word, url:part, person:name, place:name, org:name, source:name, topic:name, date:2023-09..2023-10,
    date:none and date:estimated. Without QUERY the filters alone decide.
    """
    if as_json and ids:
        raise click.UsageError("--json and --ids exclude each other; give one of them")
    with opened(location) as archive:
        if ids:
            (answer,) = archive.ask(Question(request, hits=HEADS))
            tell_problems(answer.problems)
            if not answer.total:
                tell_problems(archive.hints(request))
            for hit in answer.hits:
                click.echo(one_line(hit.article.id))
            return
        with archive.state() as state:
            result = state.find(request)
            titles = state.marked_titles(state.read_query(request.text)[0], [hit.article for hit in result.hits])
    tell_problems(result.problems)
    if as_json:
        print_json(result.to_dict())
    else:
        _print_result(console_for(sys.stdout), result, titles)


def _print_result(console: Console, result: SearchResult, titles: Sequence[Snippet]) -> None:
    request = result.request
    asked = quoted_search(request)
    paragraph(console, Text(_headline(result, asked)))
    first = (request.page - 1) * request.page_size + 1
    number_columns = len(str(first + len(result.hits))) + 2
    for number, (hit, title) in enumerate(zip(result.hits, titles, strict=True), start=first):
        console.print()
        _print_hit(console, hit, title, f"{number}.", indent=number_columns)
    if result.total:
        console.print()
        for facet in result.facets.values():
            if facet.values and (facet.tells or request.selected(facet.name)):
                _print_facet(console, facet)
        if result.undated and result.timeline:
            undated = f"{result.undated:,} (list them with: --dated none)"
            paragraph(console, Text(undated), indent=_LABEL_COLUMNS, first="undated")


def _headline(result: SearchResult, asked: str) -> str:
    request = result.request
    articles = counted(result.total, "article")
    found = f"{articles} for {asked}" if asked else f"{articles} in the index"
    if not result.total:
        return f"No article for {asked}" if asked else "The index is empty; add articles with: searchapp index FILES"
    if not result.hits:
        return f"{found}; there is no page {request.page:,}, the last is {result.pages:,}"
    if result.pages > 1:
        found += f", page {request.page:,} of {result.pages:,}"
    return f"{found} ({result.took_ms:,.1f} ms)"


def _print_hit(console: Console, hit: Hit, title: Snippet, number: str, *, indent: int) -> None:
    article = hit.article
    shown = _snippet_text(title) if title.text.strip() else Text("(no title)")
    paragraph(console, Text("", style="bold").append_text(shown), indent=indent, first=number)
    published = day_of(article)
    known = [published, article.source, f"p. {hit.page}" if hit.page else "", article.id]
    paragraph(console, Text(" · ".join(one_line(part) for part in known if part), style="dim"), indent=indent)
    if hit.snippet.text.strip():
        paragraph(console, _snippet_text(hit.snippet), indent=indent)


def _snippet_text(snippet: Snippet) -> Text:
    text = Text(one_line(snippet.text))
    for start, end in snippet.ranges:
        text.stylize("bold yellow", start, end)
    return text


def _print_facet(console: Console, facet: FacetResult) -> None:
    """At least three values and as many as one line holds, chosen ones marked by a star; how many more there are."""
    room = (columns_of(console) or MAX_COLUMNS) - _LABEL_COLUMNS - len(" · 99,999 more")
    line = Text()
    shown = 0
    # What was chosen comes first: it must not fall behind the end of the line.
    for value in sorted(facet.values, key=lambda value: not value.selected):
        piece = f"{one_line(value.label)}{'*' if value.selected else ''} {value.count:,}"
        if shown >= _VALUES_SHOWN and line.cell_len + cell_len(piece) > room:
            break
        line.append(" · " if shown else "").append(piece, style="bold" if value.selected else "")
        shown += 1
    if facet.total_values > shown:
        line.append(f" · {facet.total_values - shown:,} more", style="dim")
    paragraph(console, line, indent=_LABEL_COLUMNS, first=facet.name)

"""Options and arguments that several commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import click

from searchapp.model.facets import FACET_OF_WORD, FACET_TABLE, KIND_OF_FACET
from searchapp.model.query import DATED, SORTS, SearchRequest
from searchapp.settings import Settings

__all__ = [
    "chosen_index",
    "index_option",
    "json_option",
    "map_option",
    "name_facet_option",
    "names_facet",
    "page_options",
    "page_served_options",
    "search_options",
    "sort_option",
]

_F = TypeVar("_F", bound=Callable[..., Any])

_ANY_OR_ALL = click.Choice(["any", "all"])


def index_option(command: _F) -> _F:
    """Adds --index, handed over as `location`."""
    return click.option(
        "--index",
        "location",
        default=chosen_index,
        metavar="DIR",
        help="The folder of the index.  [default: what `searchapp config` shows, else ./index]",
    )(command)


def chosen_index() -> str:
    """The index that is named before the command, or by the settings."""
    context = click.get_current_context(silent=True)
    named = context.find_root().params.get("index") if context is not None else None
    return named or Settings.load().index


def page_served_options(command: _F) -> _F:
    """Adds --host, --port and --title, for what serves the page; None where the settings of its archive decide."""
    command = click.option("--title", metavar="TEXT", help="What the page calls the archive.  [default: News archive]")(
        command
    )
    command = click.option(
        "--port", type=click.IntRange(0, 65535), help="The port to listen on; 0 takes any free one.  [default: 8080]"
    )(command)
    return click.option(
        "--host",
        help="The address to listen on; any but a local one lets other machines read the archive.  "
        "[default: 127.0.0.1]",
    )(command)


def json_option(command: _F) -> _F:
    """Adds --json, handed over as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")(command)


def sort_option(command: _F) -> _F:
    """Adds --sort; with `search_options` below it becomes part of the request."""
    return click.option(
        "--sort", type=click.Choice(SORTS), default="relevance", show_default=True, help="Order of the articles."
    )(command)


def page_options(command: _F) -> _F:
    """Adds --page and --page-size; with `search_options` below they become part of the request."""
    command = click.option("--page-size", type=int, default=10, show_default=True, help="Articles on a page.")(command)
    return click.option("--page", type=int, default=1, show_default=True, help="Which page, from 1.")(command)


def search_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds QUERY and the filters; the command gets them, and any sort and page, as one `request`."""

    @functools.wraps(command)
    def with_request(
        query: tuple[str, ...],
        match: str,
        about: bool,
        since: str | None,
        until: str | None,
        dated: str | None,
        within: str,
        **others: Any,
    ) -> Any:
        chosen: dict[str, Any] = {"exclude": {}}
        for facet in FACET_TABLE:
            chosen[facet.name] = others.pop(facet.word)
            chosen["exclude"][facet.name] = others.pop(f"not_{facet.word}")
        for name in ("sort", "page", "page_size"):
            if name in others:
                chosen[name] = others.pop(name)
        request = SearchRequest(
            text=" ".join(query),
            match=match,  # type: ignore[arg-type]
            scope="about" if about else "mentions",
            since=since,  # type: ignore[arg-type]
            until=until,  # type: ignore[arg-type]
            dated=dated or "",
            within=within,
            **chosen,
        )
        return command(request=request, **others)

    decorated: Callable[..., Any] = with_request
    # Decorators apply from the last to the first, and help shows the last applied on top.
    decorated = click.option(
        "--dated", type=click.Choice(DATED), help="Only articles with any date, an estimated one, or none."
    )(decorated)
    decorated = click.option(
        "--within", metavar="COUNTRY", default="", help="Only articles that name this country or a place in it."
    )(decorated)
    decorated = click.option("--until", metavar="DATE", help="Published by then; a month or year means its end.")(
        decorated
    )
    decorated = click.option("--since", metavar="DATE", help="Published from then on: 2023, 2023-09 or 2023-09-22.")(
        decorated
    )
    decorated = click.option(
        "--about",
        is_flag=True,
        help="Count people, places and organisations only for the articles that are mainly about them: that have them "
        "in headline or first lines, come back to them, or list them.",
    )(decorated)
    decorated = click.option(
        "--match",
        type=_ANY_OR_ALL,
        default="any",
        show_default=True,
        help="Whether any or all of the names given for one facet must be there.",
    )(decorated)
    for facet in reversed(FACET_TABLE):
        decorated = click.option(
            f"--not-{facet.word}", multiple=True, metavar="NAME", help=f"Leave out this {facet.one}."
        )(decorated)
        decorated = click.option(
            f"--{facet.word}",
            multiple=True,
            metavar="NAME",
            help=f"Only this {facet.one}; repeat it for several {facet.name}.",
        )(decorated)
    return click.argument("query", nargs=-1)(decorated)


def _columns(ctx: click.Context, parameter: click.Parameter, pairs: tuple[str, ...]) -> dict[str, str]:
    columns = {}
    for pair in pairs:
        field, equals, column = (part.strip() for part in pair.partition("="))
        if not (field and equals and column):
            raise click.BadParameter(f"{pair!r} is no FIELD=COLUMN, such as title=Headline")
        columns[field] = column
    return columns


def map_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --map, which the command gets as `columns`: fields to the columns or keys that hold them."""
    return click.option(
        "--map",
        "columns",
        multiple=True,
        metavar="FIELD=COLUMN",
        callback=_columns,
        help="Read FIELD (title, body, published, people, ...) from this column or key; repeatable.",
    )(command)


def names_facet(ctx: click.Context, parameter: click.Parameter, name: str | None) -> str:
    """The facet that is called so, which must be one of names; empty for none."""
    facet = FACET_OF_WORD.get(name or "", name or "")
    if facet and facet not in KIND_OF_FACET:
        raise click.BadParameter(f"{name!r} has no names; use {', '.join(KIND_OF_FACET)}")
    return facet


def name_facet_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --facet for a name that two facets may have."""
    return click.option(
        "--facet",
        callback=names_facet,
        metavar="FACET",
        help="people, places or organisations; needed only where two of them have the label.",
    )(command)

"""`searchapp facets`: every value of one facet, with its number of articles."""

from __future__ import annotations

import sys
from dataclasses import replace

import click
from rich.text import Text

from searchapp.cli.examples import QueryCommand
from searchapp.cli.opening import opened
from searchapp.cli.options import index_option, json_option, search_options
from searchapp.cli.output import console_for, counted, one_line, paragraph, print_json, tell, tell_problems
from searchapp.model.facets import FACET_OF_WORD, FACETS
from searchapp.model.query import SearchRequest
from searchapp.model.question import FacetWanted, Question
from searchapp.model.result import FacetResult

__all__ = ["facets"]


def _facet(ctx: click.Context, parameter: click.Parameter, name: str) -> str:
    """The facet with that name; "people" and "person" are one."""
    facet = FACET_OF_WORD.get(name.strip().lower())
    if facet is None:
        raise click.BadParameter(f"there is no facet {name!r}; use one of {', '.join(FACETS)}")
    return facet


@click.command(cls=QueryCommand, example="searchapp facets people ceasefire --limit 10")
@click.argument("name", callback=_facet, metavar="NAME")
@index_option
@search_options
@click.option("--limit", type=click.IntRange(min=1), help="Show only the first so many values.  [default: all]")
@click.option(
    "--by-country", is_flag=True, help="Show countries, each with the articles that name it or a place in it."
)
@json_option
def facets(
    name: str, request: SearchRequest, location: str, limit: int | None, by_country: bool, as_json: bool
) -> None:
    """List all values of a facet with their counts.

    NAME is people, places, organisations, topics, sources or languages. Counts are articles, not mentions, the most
    frequent first. QUERY and the filters narrow which articles count.
    """
    if by_country and name != "places":
        raise click.UsageError(f"--by-country is for places; leave it out for {name}")
    with opened(location) as archive:
        if by_country:
            _print_countries(archive.facet(name, request, by_country=True), limit, as_json=as_json)
            return
        (answer,) = archive.ask(Question(request, facets=(FacetWanted(name, size=limit),)))
        tell_problems(answer.problems)
        if not answer.total:
            tell_problems(archive.hints(request))
    facet = answer.facets[0]
    if limit is not None:
        # Chosen values that are further down come besides.
        facet = replace(facet, values=facet.values[:limit])
    if as_json:
        print_json({"name": facet.name, **facet.to_dict()})
        return
    console = console_for(sys.stdout)
    columns = max([len(f"{value.count:,}") for value in facet.values], default=0) + 2
    for value in facet.values:
        label = Text(one_line(value.label), style="bold" if value.selected else "")
        paragraph(console, label, indent=columns, first=f"{value.count:,}".rjust(columns - 2))
    more = facet.total_values - len(facet.values)
    notes = [f"{more:,} more"] if more else []
    notes += [f"{counted(facet.missing, 'article')} without {name}"] if facet.missing else []
    if notes or not facet.values:
        tell("Note", "; ".join(notes) or "no article matches")


def _print_countries(places: FacetResult, limit: int | None, *, as_json: bool) -> None:
    known = [group for group in places.groups if group.name]
    countries = known[:limit]
    if as_json:
        print_json({"name": places.name, "countries": [group.to_dict() for group in countries]})
        return
    console = console_for(sys.stdout)
    columns = max([len(f"{group.count:,}") for group in countries], default=0) + 2
    for group in countries:
        text = Text(one_line(group.name))
        paragraph(console, text, indent=columns, first=f"{group.count:,}".rjust(columns - 2))
    more = len(known) - len(countries)
    if more or not countries:
        tell("Note", f"{more:,} more" if more else "no article names a place of a country that is known")

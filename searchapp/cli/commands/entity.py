"""`searchapp entity`: what the archive knows of one person, place or organisation."""

from __future__ import annotations

import sys

import click
from rich.console import Console
from rich.text import Text

from searchapp.archive import Profile
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.opening import opened
from searchapp.cli.options import index_option, json_option, name_facet_option
from searchapp.cli.output import console_for, counted, day_of, one_line, paragraph, print_json, tell

__all__ = ["entity"]

_LABEL_COLUMNS = 15
_NAMES_SHOWN = 8
_FORMS_SHOWN = 6
_SENTENCES_SHOWN = 5


@click.command(cls=ExampleCommand, example='searchapp entity "United Nations"')
@click.argument("label")
@index_option
@name_facet_option
@json_option
def entity(label: str, location: str, facet: str, as_json: bool) -> None:
    """Tell about a person, place or organisation.

    In how many articles and when, written how, with whom and what it appears, and the newest sentences that name it.
    """
    with opened(location) as archive:
        found = archive.entity(label, facet=facet)
    if as_json:
        print_json(found.to_dict())
    else:
        _print_profile(console_for(sys.stdout), found)


def _print_profile(console: Console, found: Profile) -> None:
    dates = f", {found.first} to {found.last}" if found.first and found.last else ""
    headline = f"{one_line(found.label)}: {found.kind} in {counted(found.articles, 'article')}{dates}"
    paragraph(console, Text(headline, style="bold"))
    forms = [f"{one_line(form)} {count:,}" for form, count in list(found.reading.forms.items())[:_FORMS_SHOWN]]
    lines = [("written", forms)]
    lines += [
        (facet, [f"{one_line(value.label)} {value.count:,}" for value in values[:_NAMES_SHOWN]])
        for facet, values in found.related.items()
    ]
    for name, items in lines:
        if items:
            paragraph(console, Text(" · ".join(items)), indent=_LABEL_COLUMNS, first=name)
    if found.reading.articles < found.articles:
        tell("Note", f"forms and sentences are those of the newest {counted(found.reading.articles, 'article')}")
    for line in found.reading.lines[:_SENTENCES_SHOWN]:
        console.print()
        text = Text(one_line(line.text))
        for start, end in line.ranges:
            text.stylize("bold yellow", start, end)
        paragraph(console, text)
        published = day_of(line.article)
        known = [published, line.article.source, line.article.id]
        paragraph(console, Text(" · ".join(one_line(part) for part in known if part), style="dim"))

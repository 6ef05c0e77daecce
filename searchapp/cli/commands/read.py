"""`searchapp read`: the articles of one file as JSON, without an index."""

from __future__ import annotations

import click

from searchapp.archive.reading import articles_of
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.options import map_option
from searchapp.cli.output import print_json, tell
from searchapp.errors import NothingIndexed
from searchapp.model.article import Article
from searchapp.model.result import Noted, Skipped
from searchapp.settings import Settings

__all__ = ["read"]


@click.command(cls=ExampleCommand, example="searchapp read seeds/caucasus/2023-09-22-karabakh-talks.txt")
@click.argument("file")
@map_option
def read(file: str, columns: dict[str, str]) -> None:
    """Print the articles of one file as JSON, without an index.

    Every field as the file gives it, and under "skipped" and "noted" what of the file could not be read. No names are
    recognised: that is what extract does.
    """
    articles: list[Article] = []
    skipped: list[Skipped] = []
    noted: list[Noted] = []
    for found in articles_of(file, columns=columns, settings=Settings.load()):
        if isinstance(found, Article):
            articles.append(found)
        elif isinstance(found, Skipped):
            skipped.append(found)
        else:
            noted.append(found)
    if not articles:
        raise NothingIndexed(f"{file!r} cannot be read: {skipped[0].reason if skipped else 'no article in it'}")
    for one in skipped:
        tell("Warning", f"skipped part of {one.path}: {one.reason}")
    print_json(
        {
            "articles": [article.to_dict() for article in articles],
            "skipped": [one.to_dict() for one in skipped],
            "noted": [one.to_dict() for one in noted],
        }
    )

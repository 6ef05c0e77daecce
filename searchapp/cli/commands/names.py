"""`searchapp names`: corrections of names, which hold at once and stay."""

from __future__ import annotations

import sys
from typing import IO, Any

import click
from rich.text import Text

from searchapp.archive import Archive
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.opening import opened
from searchapp.cli.options import index_option, json_option, name_facet_option, names_facet
from searchapp.cli.output import console_for, counted, one_line, paragraph, print_json, tell

__all__ = ["names"]

EXAMPLE = 'searchapp names why "United Nations"'

_INDENT = 4


class _ExampleGroup(click.Group):
    """A group whose help ends with an example, as that of a command does."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Example"):
            formatter.write(f"{'':>{formatter.current_indent}}{EXAMPLE}\n")


@click.group(cls=_ExampleGroup)
def names() -> None:
    """Correct names: merge, rename, retype, split, block.

    A correction holds at once, without reading any file again, and stays when files are indexed anew. All are in one
    plain text file, ledger.toml in the folder of the index, or the file that SEARCHAPP_LEDGER names.
    """


def _correct(location: str, action: str, label: str, target: str = "", **options: Any) -> None:
    with opened(location) as archive:
        correction = archive.correct(action, label, target, **options)
    click.echo(one_line(f"{correction.facet}: {correction}"))


@names.command(cls=ExampleCommand, example='searchapp names merge "U.S. Senate" "U.S. Congress"')
@click.argument("label")
@click.argument("into")
@name_facet_option
@index_option
def merge(label: str, into: str, facet: str, location: str) -> None:
    """Let LABEL count under INTO."""
    _correct(location, "merge", label, into, facet=facet)


@names.command(cls=ExampleCommand, example='searchapp names rename "Abiy Ahmed" "Abiy Ahmed Ali"')
@click.argument("label")
@click.argument("to")
@name_facet_option
@index_option
def rename(label: str, to: str, facet: str, location: str) -> None:
    """Show LABEL as TO."""
    _correct(location, "rename", label, to, facet=facet)


@names.command(cls=ExampleCommand, example="searchapp names retype Kremlin places")
@click.argument("label")
@click.argument("to", callback=names_facet, metavar="FACET")
@name_facet_option
@index_option
def retype(label: str, to: str, facet: str, location: str) -> None:
    """Move LABEL to another FACET: people, places or organisations."""
    _correct(location, "retype", label, to, facet=facet)


@names.command(
    cls=ExampleCommand,
    example='searchapp names split Paris "Paris (opera)" --article "$(searchapp search place:Paris --ids | head -n 1)"',
)
@click.argument("label")
@click.argument("into")
@click.option("--article", "articles", multiple=True, required=True, metavar="ID", help="An article that means INTO.")
@name_facet_option
@index_option
def split(label: str, into: str, articles: tuple[str, ...], facet: str, location: str) -> None:
    """In some articles LABEL means INTO."""
    with opened(location) as archive:
        for article in articles:
            archive.get(article)
    _correct(location, "split", label, into, facet=facet, articles=articles)


@names.command(cls=ExampleCommand, example="searchapp names block Amazon --facet places")
@click.argument("label")
@name_facet_option
@index_option
def block(label: str, facet: str, location: str) -> None:
    """Show LABEL nowhere: it is no name."""
    _correct(location, "block", label, facet=facet)


@names.command(cls=ExampleCommand, example="searchapp names undo")
@index_option
def undo(location: str) -> None:
    """Take the last correction back."""
    with opened(location) as archive:
        correction = archive.undo_correction()
    click.echo(one_line(f"taken back: {correction.facet}: {correction}"))


@names.command(cls=ExampleCommand, example="searchapp names clear --yes")
@click.option("--yes", is_flag=True, help="Do not ask.")
@index_option
def clear(yes: bool, location: str) -> None:
    """Take all corrections back.

    Also where the ledger cannot be read or is gone. What it was stays beside it, as ledger.toml.old.
    """
    if not yes:
        click.confirm("Take back all corrections of names?", abort=True, err=True)
    with Archive.open(location) as archive:
        cleared = archive.names.clear()
    click.echo(f"{counted(cleared, 'correction')} taken back")


@names.command("export", cls=ExampleCommand, example="searchapp names export > corrections.toml")
@index_option
def export_corrections(location: str) -> None:
    """Print all corrections as the text of a ledger, to be edited."""
    with opened(location) as archive:
        ledger = archive.names.ledger()
    sys.stdout.buffer.write(ledger)


@names.command("import", cls=ExampleCommand, example="searchapp names export | searchapp names import -")
@click.argument("file", type=click.File("rb"))
@index_option
def import_corrections(file: IO[bytes], location: str) -> None:
    """Put the corrections in FILE in place of all that there are.

    FILE is a ledger, such as names export prints; - reads from another command. A faulty line is named, and nothing
    is changed.
    """
    with Archive.open(location) as archive:
        taken = archive.names.take_over(file.read())
    click.echo(f"{counted(taken, 'correction')}")


@names.command("list", cls=ExampleCommand, example="searchapp names list")
@index_option
@json_option
def list_corrections(location: str, as_json: bool) -> None:
    """List all corrections, in the order in which they apply."""
    with opened(location) as archive:
        corrections = archive.corrections
    if as_json:
        fields = ("action", "facet", "label", "target", "note", "line")
        listed = [{name: getattr(c, name) for name in fields} | {"articles": list(c.articles)} for c in corrections]
        print_json({"corrections": listed})
        return
    for correction in corrections:
        note = f"  # {correction.note}" if correction.note else ""
        click.echo(one_line(f"line {correction.line}: {correction.facet}: {correction}{note}"))
    if not corrections:
        tell("Note", "there are no corrections")


@names.command(cls=ExampleCommand, example=EXAMPLE)
@click.argument("label")
@name_facet_option
@index_option
@json_option
def why(label: str, facet: str, location: str, as_json: bool) -> None:
    """Say which forms count under LABEL, and how each came to."""
    with opened(location) as archive:
        forms = archive.why(label, facet=facet)
    if as_json:
        fields = ("text", "facet", "label", "articles", "reason")
        listed = [{name: getattr(f, name) for name in fields} | {"examples": list(f.examples)} for f in forms]
        print_json({"label": label, "forms": listed})
        return
    console = console_for(sys.stdout)
    for form in forms:
        paragraph(console, Text(one_line(f"{form.text} ({counted(form.articles, 'article')}): {form.reason}")))
        for example in form.examples:
            paragraph(console, Text(one_line(f"… {example} …"), style="dim"), indent=_INDENT)

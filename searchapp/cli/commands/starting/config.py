"""`searchapp config`: the settings that hold, and what set them."""

from __future__ import annotations

import dataclasses
import sys

import click
from rich.text import Text

from searchapp.archive.location import shown_location
from searchapp.cli.examples import ExampleCommand
from searchapp.cli.options import index_option, json_option
from searchapp.cli.output import console_for, one_line, print_json
from searchapp.settings import SECRETS, held

__all__ = ["config"]


@click.command(cls=ExampleCommand, example="searchapp config")
@index_option
@json_option
@click.pass_context
def config(ctx: click.Context, location: str, as_json: bool) -> None:
    """Show the settings that hold, and what set them.

    An option counts most, then an environment variable, such as SEARCHAPP_PORT for port, then searchapp.toml beside the
    index, in the folder that the index is in, then searchapp.toml in your configuration folder.
    """
    named = ctx.get_parameter_source("location") is click.core.ParameterSource.COMMANDLINE
    named = named or bool(ctx.find_root().params.get("index"))
    found = held(location if named else "")
    values = dataclasses.asdict(found.settings)
    values["index"] = shown_location(values["index"])
    values |= {name: "(set)" for name in SECRETS if values[name]}
    if as_json:
        print_json(
            {
                "settings": {
                    name: {"value": value, "from": found.origins[name] or "default"} for name, value in values.items()
                },
                "files": [{"path": str(path), "exists": path.is_file()} for path in found.files],
            }
        )
        return
    console = console_for(sys.stdout)
    shown = {name: one_line(str(value)) or "-" for name, value in values.items()}
    columns = max(map(len, shown.values()))
    for name, value in shown.items():
        origin = found.origins[name]
        line = Text.assemble(
            f"{name:<16}  {value:<{columns}}  ", (one_line(origin) or "default", "" if origin else "dim")
        )
        console.print(line, soft_wrap=True)
    console.print()
    for path in found.files:
        console.print(one_line(f"{'read' if path.is_file() else 'not there'}: {path}"), soft_wrap=True)

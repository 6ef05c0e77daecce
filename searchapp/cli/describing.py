"""What the commands and the addresses for programs tell of themselves, for the manual."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import click

from searchapp.manual.references.commands import CommandText

__all__ = ["api_document", "command_texts", "text_of"]


def command_texts(root: click.Context) -> Sequence[CommandText]:
    """Every command of the program that `root` runs, in its order."""
    if not isinstance(root.command, click.Group):
        return ()
    return [text_of(command, f"searchapp {name}") for name, command in root.command.commands.items()]


def text_of(command: click.Command, path: str) -> CommandText:
    """A command that is called so, with those that it has itself."""
    ctx = click.Context(command, info_name=path)
    records = [parameter.get_help_record(ctx) for parameter in command.get_params(ctx)]
    within: Mapping[str, click.Command] = command.commands if isinstance(command, click.Group) else {}
    return CommandText(
        path,
        " ".join(command.collect_usage_pieces(ctx)),
        inspect.cleandoc(command.help or ""),
        [record for record in records if record is not None and record[1]],
        getattr(command, "example", "").splitlines(),
        [text_of(one, f"{path} {name}") for name, one in within.items()],
    )


def api_document() -> Mapping[str, Any]:
    """The description of the addresses that programs ask."""
    # Without the web stack, which no description needs.
    from searchapp.web.api.openapi import document

    return document("News archive")

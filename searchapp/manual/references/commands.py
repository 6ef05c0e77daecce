"""The commands, from what they say of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from searchapp.manual.references.tables import code, table

__all__ = ["CommandText", "command_markdown", "command_reference"]


@dataclass(frozen=True, slots=True)
class CommandText:
    """What a command tells of itself when it is asked for help."""

    path: str
    """How it is called: "searchapp names merge"."""
    usage: str
    """What follows it: "[OPTIONS] LABEL INTO"."""
    about: str
    """The first line stands alone in lists."""
    options: Sequence[tuple[str, str]] = ()
    examples: Sequence[str] = ()
    commands: Sequence[CommandText] = ()
    """Those that it has itself."""


def command_reference(commands: Iterable[CommandText]) -> str:
    """Every command, one after the other."""
    return "\n\n".join(command_markdown(command) for command in commands)


def command_markdown(command: CommandText, *, level: int = 2) -> str:
    """One command, with those that it has itself below it."""
    parts = [
        f"{'#' * level} {command.path}",
        f"```text\n{command.path} {command.usage}\n```",
        command.about,
        table(("option", "meaning"), [(code(option), meaning) for option, meaning in command.options])
        if command.options
        else "",
        "```sh\n" + "\n".join(command.examples) + "\n```" if command.examples else "",
        *(command_markdown(one, level=level + 1) for one in command.commands),
    ]
    return "\n\n".join(part for part in parts if part)

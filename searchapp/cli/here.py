"""Commands that messages name, as they can be typed here."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from searchapp.archive.location import shown_location
from searchapp.platform.program import called, quoted
from searchapp.settings import started_as

__all__ = ["again", "as_called", "program", "with_index"]

_NAME = "searchapp"
_COMMAND = re.compile(r"(?<=[:;,`] )searchapp (?=[a-z])")


def program() -> str:
    """What a shell here runs this program by: "searchapp", "python -m searchapp", "uvx searchapp", ".venv/bin/..."."""
    return called(_NAME)


def as_called(message: str) -> str:
    """A message with the commands in it as they can be typed here."""
    name = program()
    return message if name == _NAME else _COMMAND.sub(lambda _: f"{name} ", message)


def again(*, port: int | None = None) -> str:
    """What runs the command of now again: the same line, with another port where one is given."""
    if outer := started_as():
        # Such as make, which takes what differs as a variable.
        return outer if port is None else f"{outer} PORT={port}"
    words = _typed()
    if port is not None:
        words = [*_without(words, "--port"), "--port", str(port)]
    # What a terminal shows others may see: the user and the password of an address are left out.
    return f"{program()} {quoted([_shown(word) for word in words])}"


def with_index(command: str, location: str) -> str:
    """A command that is about the index at a location, which it need not name where it is the usual one."""
    chosen = "" if location == "index" else f" --index {quoted([shown_location(location)])}"
    return f"{program()} {command}{chosen}"


def _shown(word: str) -> str:
    option, mark, value = word.partition("=")
    return f"{option}={shown_location(value)}" if mark and option.startswith("--") else shown_location(word)


def _typed() -> list[str]:
    context = click.get_current_context(silent=True)
    typed = context.find_object(tuple) if context is not None else None
    return list(typed or ())


def _without(words: Sequence[str], option: str) -> list[str]:
    kept: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word == option:
            skip = True
        elif not word.startswith(f"{option}="):
            kept.append(word)
    return kept

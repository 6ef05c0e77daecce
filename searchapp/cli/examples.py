"""A command whose help ends with an example that can be pasted into a shell."""

from __future__ import annotations

from typing import Any

import click

__all__ = ["ExampleCommand"]


class ExampleCommand(click.Command):
    """A command with an `example`: one or more lines for a shell, run in a folder that holds `seeds` and `index`."""

    def __init__(self, *args: Any, example: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.example = example

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        lines = self.example.splitlines()
        with formatter.section("Example" if len(lines) == 1 else "Examples"):
            # Unlike text, a command must not be wrapped.
            for line in lines:
                formatter.write(f"{'':>{formatter.current_indent}}{line}\n")

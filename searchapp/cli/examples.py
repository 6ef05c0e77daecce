"""A command whose help ends with an example that can be pasted into a shell."""

from __future__ import annotations

from typing import Any

import click

__all__ = ["ExampleCommand", "QueryCommand"]

_MARK = "\0"
"""What no argument can hold stands before a word of a query that begins with a dash."""


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


class QueryCommand(ExampleCommand):
    """A command that takes a query, in which `-russia` leaves a word out.

    A dash and two letters or more are a word, for all options have one letter or two dashes.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        taking = {name for parameter in self.params if _takes_a_value(parameter) for name in parameter.opts}
        marked: list[str] = []
        value_next = False
        for number, word in enumerate(args):
            if word == "--" and not value_next:
                marked += args[number:]
                break
            is_word = len(word) > 2 and word[0] == "-" and word[1] != "-" and not value_next
            value_next = word in taking and not value_next
            marked.append(_MARK + word if is_word else word)
        try:
            rest = super().parse_args(ctx, marked)
        except click.NoSuchOption as error:
            if ctx.resilient_parsing:
                raise
            words = " ".join(word for word in args if word not in taking)
            raise click.NoSuchOption(
                error.option_name,
                f"No such option {error.option_name!r}. Such a word is searched for behind two dashes: -- {words}",
                possibilities=error.possibilities,
                ctx=ctx,
            ) from error
        ctx.params["query"] = tuple(word.removeprefix(_MARK) for word in ctx.params.get("query") or ())
        return rest


def _takes_a_value(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and not parameter.is_flag

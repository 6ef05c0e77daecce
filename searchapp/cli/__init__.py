"""The command line: click commands over an `Archive`; `searchapp.cli:main` is the program."""

from searchapp.cli.program import main

__all__ = ["main"]

"""The command line: click commands over an `Archive`; `main` is all of them."""

from searchapp.cli.program import main

__all__ = ["main"]

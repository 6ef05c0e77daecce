"""Standard output and error, made ready before anything else is loaded."""

from __future__ import annotations

import io
import sys

__all__ = ["prepare_streams"]


def prepare_streams() -> None:
    """Lets characters that stdout or stderr cannot encode come out as `?` and not as an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")

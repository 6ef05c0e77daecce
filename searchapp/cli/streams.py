"""Standard output and error, made ready before anything else is loaded, and ended without noise."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys

__all__ = ["finish_output", "prepare_streams"]


def prepare_streams() -> None:
    """Lets text come out as it is: what goes to a pipe or a file is UTF-8, whatever the locale says.

    A terminal shows `?` for what it cannot show. Where standard output is closed, writing to it is an error and not
    silence; where standard error is, nothing is said.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="replace")
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None:
        sys.stderr = io.StringIO()


def finish_output() -> OSError | None:
    """Writes out what standard output holds back; what went wrong with that, None for nothing.

    After it nothing is held back, or Python would try once more while it ends, and complain.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
        return error
    except ValueError:  # It was closed on the way.
        return None
    return None


class _Closed(io.StringIO):
    """Standard output of a program that was started without one."""

    def write(self, text: str, /) -> int:
        if text:
            raise OSError(errno.EBADF, "standard output is closed")
        return 0

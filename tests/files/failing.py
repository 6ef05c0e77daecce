"""A system of which any call can fail."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from searchapp.files import system


class Unsynced(system.System):
    """The system, which forces nothing to the disk: what a test can see is the same, and it takes no time."""

    def sync(self, handle: int) -> None:
        pass

    def sync_folder(self, path: str) -> None:
        pass


class Watched(Unsynced):
    """The system, which notes its calls and fails at the one numbered `fail_at`, counted from 0."""

    def __init__(self, fail_at: int = -1, error: int = errno.EIO) -> None:
        self.calls: list[str] = []
        self.fail_at = fail_at
        self.error = error

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        return _noted(self, name, found) if callable(found) and not name.startswith("_") else found


def _noted(watched: Watched, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def noted(*arguments: Any) -> Any:
        watched.calls.append(name)
        if len(watched.calls) - 1 == watched.fail_at:
            raise OSError(watched.error, "made to fail")
        return call(*arguments)

    return noted


@contextmanager
def watching(fail_at: int = -1, error: int = errno.EIO) -> Iterator[Watched]:
    watched = Watched(fail_at, error)
    with system.using(watched):
        yield watched

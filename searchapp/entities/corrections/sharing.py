"""The corrections of an archive that is in no folder: a document that several people change at once."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

from searchapp.entities.corrections.keeping import Reading, reading_of
from searchapp.entities.corrections.ledger import (
    INTRODUCTION,
    Correction,
    parse_bytes,
    with_entry,
    without_last,
)
from searchapp.errors import LedgerError
from searchapp.model.beside import Beside

__all__ = ["SharedLedger"]

NAME = "ledger"
PATIENCE_S = 30.0


class SharedLedger:
    """The ledger as a document of `beside`; see `searchapp.entities.corrections.keeping.Ledger`.

    What it holds can always be read, as nobody edits it but through this class. May be used from several threads.
    """

    def __init__(self, beside: Beside) -> None:
        self.path = Path("ledger.toml")
        """What errors call it."""
        self._beside = beside
        self._last: tuple[str | None, bytes, Reading] | None = None
        self._lock = threading.Lock()

    def read(self) -> Reading:
        """The corrections that hold now."""
        return self._read()[2]

    def add(self, correction: Correction) -> None:
        """Puts an entry behind the others. Raises `LedgerError` when it contradicts one that is there."""
        self._change(lambda data, _: with_entry(data or INTRODUCTION.encode(), correction))

    def undo(self) -> Correction:
        """Takes the last entry off and gives it. Raises `LedgerError` where there is none."""
        undone: list[Correction] = []

        def change(data: bytes, corrections: tuple[Correction, ...]) -> bytes:
            if not corrections:
                raise LedgerError("the ledger of this archive has no entry to undo")
            undone[:] = [corrections[-1]]
            return without_last(data, corrections[-1])

        self._change(change)
        return undone[0]

    def clear(self) -> int:
        """Takes all entries off; gives how many there were."""
        return self.take_over(INTRODUCTION.encode())

    def take_over(self, data: bytes) -> int:
        """Puts the content of another ledger in place of this one; gives how many corrections were there before.

        Raises `LedgerError` where it cannot be read.
        """
        before = 0

        def change(_: bytes, corrections: tuple[Correction, ...]) -> bytes:
            nonlocal before
            before = len(corrections)
            return data

        self._change(change)
        return before

    def good_bytes(self) -> bytes:
        """The ledger as text; empty where there are no corrections yet."""
        return self._read()[1]

    def _change(self, of: Callable[[bytes, tuple[Correction, ...]], bytes]) -> None:
        until, tries = time.monotonic() + PATIENCE_S, 0
        while True:
            version, data, reading = self._read()
            changed = of(data, reading.corrections)
            parse_bytes(changed, name=str(self.path))
            if self._beside.write(NAME, changed, version=version):
                return
            tries += 1
            if time.monotonic() > until:
                raise LedgerError("others have been correcting names without a break; try again")
            time.sleep(min(0.5, 0.01 * tries * random.uniform(0.5, 1.5)))

    def _read(self) -> tuple[str | None, bytes, Reading]:
        version = self._beside.version(NAME)
        with self._lock:
            last = self._last
        if last is not None and last[0] == version:
            return last
        found = self._beside.read(NAME)
        data = found[0] if found is not None else b""
        corrections = parse_bytes(data, name=str(self.path), before=(last[1], last[2].corrections) if last else None)
        now = (found[1] if found is not None else None, data, reading_of(corrections))
        with self._lock:
            self._last = now
        return now

"""The ledger of one archive: one writer at a time, and the last good corrections while it cannot be read."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from searchapp.entities.corrections.ledger import (
    INTRODUCTION,
    Correction,
    parse_bytes,
    read_bytes,
    with_entry,
    without_last,
)
from searchapp.errors import LedgerError
from searchapp.files.folders import make_folder
from searchapp.files.locking import Lock
from searchapp.files.reading import read
from searchapp.files.replacing import replace
from searchapp.files.sealing import sealed, unsealed

__all__ = ["Ledger", "Reading", "reading_of"]

LOCK_TIMEOUT_S = 30.0
"""A correction takes some milliseconds, so that only a stopped process keeps another one waiting so long."""
_SEAL = "ledger"
_MOST_ENDS = 1_000
"""Additions that can be undone to the byte."""

_Stamp = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """The corrections that hold."""

    corrections: tuple[Correction, ...]
    version: str
    """Changes with them."""
    problem: str = ""
    """Why the file cannot be read, when these are the ones that were read last; empty when they are from the file."""


@dataclass(frozen=True, slots=True)
class _Good:
    """A file as it was when it could be understood."""

    data: bytes
    corrections: tuple[Correction, ...]
    ends: tuple[int, ...] = ()
    """How many bytes the file had before each of the last additions."""


class Ledger:
    """The file of corrections at `path`, which need not exist, and what is `kept` of it for the time it cannot be read.

    One object may serve several threads.
    """

    def __init__(
        self, path: Path, *, kept: Path | None = None, index: Callable[[], str | None] = str, keeps: bool = True
    ) -> None:
        """`index` names the index that `kept` stands beside: what was kept beside another one is not believed. None
        where that cannot be told: then all is.

        With `keeps=False` nothing is written by reading.
        """
        self._keeps = keeps
        self.path = path
        self._kept = kept
        self._index = index
        self._good: _Good | None = None
        self._last: tuple[_Stamp, Reading] | None = None

    def read(self) -> Reading:
        """The corrections that hold now. Raises `LedgerError` when the file is faulty and none were ever read."""
        # Taken before the file is read: whoever changes it meanwhile gives it another stamp.
        stamp = _stamp(self.path)
        last = self._last
        if last is None or last[0] != stamp:
            last = (stamp, self._read(stamp))
            self._last = last
        return last[1]

    def add(self, correction: Correction) -> None:
        """Puts an entry behind the others; once this returns it survives a power cut.

        Raises `LedgerError`, and leaves the file as it is, when the entry contradicts one that is there, or while the
        file cannot be read.
        """
        with self._writing() as good:
            there = os.path.lexists(self.path)
            before = good.data if there else INTRODUCTION.encode()
            data = with_entry(before, correction)
            corrections = self._parsed(data, good)
            self._write(data)
            self._keep(_Good(data, corrections, (*good.ends, len(before))[-_MOST_ENDS:]))

    def undo(self) -> Correction:
        """Takes the last entry off and gives it; the rest stays to the byte. Raises `LedgerError` like `add`."""
        with self._writing() as good:
            if not good.corrections:
                raise LedgerError(f"the ledger {str(self.path)!r} has no entry to undo")
            ends = good.ends[:-1]
            data = good.data[: good.ends[-1]] if good.ends else without_last(good.data, good.corrections[-1])
            after = _Good(data, parse_bytes(data, name=str(self.path)), ends)
            # An empty ledger is believed only when it is known to have been emptied on purpose.
            if not after.corrections:
                self._keep(after)
            self._write(data)
            self._keep(after)
            return good.corrections[-1]

    def clear(self) -> int:
        """Takes all entries off, readable or not; gives how many held. What the file was stays beside it as `.old`."""
        with self._locked():
            good = self._recall() or self._good
            with contextlib.suppress(LedgerError):
                good = _Good(b"", self.read().corrections)
            data = read_bytes(self.path)
            if data:
                target = Path(os.path.realpath(self.path))
                self._write(data, target.with_name(target.name + ".old"))
            after = _Good(INTRODUCTION.encode(), ())
            self._keep(after)
            self._write(after.data)
            return len(good.corrections) if good else 0

    def good_bytes(self) -> bytes:
        """The file as it could be read last: as it is, or as it was kept while it cannot be; empty where there is none.

        Raises `LedgerError` where it is faulty and nothing is kept.
        """
        reading = self.read()
        kept = self._recall() if reading.problem else None
        return kept.data if kept is not None else read_bytes(self.path) or b""

    def take_over(self, data: bytes, *, keep_old: bool = False) -> int:
        """Puts the content of another ledger in place of this one; gives how many corrections that are.

        With `keep_old`, what was here and is not the same stays beside it as `.old`. Raises `LedgerError`.
        """
        corrections = parse_bytes(data, name=str(self.path))
        with self._locked():
            before = read_bytes(self.path)
            if before == data or (before is None and not data):
                self._keep(_Good(data, corrections))
                return len(corrections)
            if before and keep_old:
                target = Path(os.path.realpath(self.path))
                self._write(before, target.with_name(target.name + ".old"))
            after = _Good(data, corrections)
            # An empty ledger is believed only when it is known to have been emptied on purpose, and one with entries
            # that are not in the file yet would seem to have been lost.
            if not corrections:
                self._keep(after)
            self._write(data)
            self._keep(after)
            return len(corrections)

    def put_back(self) -> int:
        """Writes what is kept of a file that is gone or has been emptied; gives how many corrections that are.

        0 where the file has entries, or nothing is kept. Raises `LedgerError`.
        """
        with self._locked():
            good = self._recall()
            if good is None or not good.corrections or parse_bytes(read_bytes(self.path) or b"", name=str(self.path)):
                return 0
            self._write(good.data)
            return len(good.corrections)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[_Good]:
        """Nobody else writes meanwhile; what the file holds."""
        with self._locked():
            reading = self.read()
            if reading.problem:
                raise LedgerError(f"no correction can be made now: {reading.problem}")
            data = read_bytes(self.path) or b""
            good = self._good
            if good is None or good.data != data or not good.ends:
                kept = self._recalled()
                good = _Good(data, reading.corrections, kept[1] if kept and kept[0] == data else ())
            yield good

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            make_folder(Path(os.path.realpath(self.path)).parent)
            with Lock.beside(self.path, timeout_s=LOCK_TIMEOUT_S):
                try:
                    self._last = None
                    yield
                finally:
                    self._last = None
        except TimeoutError as error:
            raise LedgerError(f"somebody else has been writing the ledger for long: {error}") from error
        except OSError as error:
            raise LedgerError(
                f"cannot write the ledger {str(self.path)!r}: {error.strerror or error}; check its permissions"
            ) from error

    def _read(self, stamp: _Stamp) -> Reading:
        try:
            data = read_bytes(self.path)
            corrections = self._parsed(data or b"", self._good)
        except LedgerError as error:
            good = self._recall() or self._good
            if good is None:
                raise
            return reading_of(good.corrections, f"{error}; until then the corrections that were read last hold")
        if not corrections:
            good = self._recall() or self._good
            if good is not None and good.corrections:
                what = "is gone" if data is None else "has no entry any more"
                return reading_of(
                    good.corrections,
                    f"the ledger {str(self.path)!r} {what}, where there were {len(good.corrections):,}, which hold "
                    "until it is put back; to empty it on purpose: searchapp names clear",
                )
            if fault := self.kept_fault():
                return reading_of(
                    (),
                    f"the ledger {str(self.path)!r} has no entry, and whether it had any nobody can tell, for of its "
                    f"copy {str(self._kept)!r} {fault}; put it back, or empty it on purpose: searchapp names clear",
                )
        good = self._good
        if good is None or good.data != data:
            self._good = _Good(data or b"", corrections)
            self._keep_if_new(stamp)
        return reading_of(corrections)

    def _parsed(self, data: bytes, good: _Good | None) -> tuple[Correction, ...]:
        """The corrections in `data`; what is behind those of `good` is all that is read where the file only grew."""
        return parse_bytes(data, name=str(self.path), before=(good.data, good.corrections) if good else None)

    def _write(self, data: bytes, path: Path | None = None) -> None:
        replace(path or self.path, data)

    def _keep_if_new(self, stamp: _Stamp) -> None:
        """Keeps what was read of a file that somebody else wrote."""
        good = self._good
        if self._kept is None or good is None:
            return
        recalled = self._recalled()
        if recalled is not None and recalled[0] == good.data:
            return
        if not good.corrections:
            self._keep(good)
            return
        # Under the lock, or a reader could put what a writer has just replaced in place of what is newer.
        with contextlib.suppress(OSError, RuntimeError):
            lock = Lock.beside(self.path)
            if lock.acquire():
                try:
                    if _stamp(self.path) == stamp:
                        self._keep(good)
                finally:
                    lock.release()

    def _keep(self, good: _Good) -> None:
        self._good = good
        if self._kept is None or not self._keeps:
            return
        about = {"of": os.path.realpath(self.path), "index": self._index(), "ends": good.ends}
        content = json.dumps(about).encode("ascii") + b"\n" + good.data
        # Who may not write there can still read, and a power cut leaves what was kept before.
        with contextlib.suppress(OSError):
            replace(self._kept, sealed(_SEAL, content), durable=False)

    def _recall(self) -> _Good | None:
        """What was kept of this very file, understood; None for nothing sound."""
        recalled = self._recalled()
        try:
            return _Good(recalled[0], self._parsed(recalled[0], self._good), recalled[1]) if recalled else None
        except LedgerError:
            return None

    def _recalled(self) -> tuple[bytes, tuple[int, ...]] | None:
        """The bytes of the file as they were kept, and how many there were before each of the last additions."""
        if self._kept is None:
            return None
        with contextlib.suppress(OSError, ValueError):
            about, _, data = unsealed(_SEAL, read(self._kept)).partition(b"\n")
            values = json.loads(about)
            # Earlier versions did not say which index it stands beside.
            index = values.get("index")
            if values["of"] == os.path.realpath(self.path) and (index is None or self._index() in (None, index)):
                return data, tuple(values["ends"])
        return None

    def kept_fault(self) -> str:
        """What is wrong with the copy that is kept, so that it is not believed; empty where nothing is, or none is."""
        if self._kept is None:
            return ""
        try:
            unsealed(_SEAL, read(self._kept))
        except FileNotFoundError:
            return ""
        except (OSError, ValueError) as error:
            return str(error)
        return ""

    def changes(self) -> str:
        """What the file has that it had not when it was read last, and the other way round, in words; else empty.

        Who edits it knows; nobody does who has edited nothing. Nothing is kept by asking.
        """
        kept, data = self._recall(), read_bytes(self.path)
        if kept is None or data is None or kept.data == data:
            return ""
        with contextlib.suppress(LedgerError):
            now, before = Counter(map(str, self._parsed(data, None))), Counter(map(str, kept.corrections))
            parts = [
                f"{sum(some.values()):,} {word} (such as: {next(iter(some))})"
                for some, word in ((now - before, "new"), (before - now, "gone"))
                if some
            ]
            return ", ".join(parts)
        return ""


def reading_of(corrections: tuple[Correction, ...], problem: str = "") -> Reading:
    """Corrections as they hold, with a version of their own."""
    content = [(c.action, c.facet, c.label, c.target, c.articles, c.line) for c in corrections]
    version = hashlib.blake2b(json.dumps(content).encode("ascii"), digest_size=8).hexdigest()
    return Reading(corrections, version, problem)


def _stamp(path: Path) -> _Stamp:
    try:
        status = os.stat(path)
    except OSError:
        return (0, 0, 0, 0)
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns

"""The names of an archive, kept beside its index: a table of rows, and a journal of what has changed since.

`names.json` says which table and which journal are meant. A change is put behind the journal. When that has become
long beside the table, both are written anew under other names, and then `names.json` is replaced. Everything has
checksums and the generation of the index that it belongs to; what does not fit is not believed, and computed anew.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from searchapp.entities.archive_names.keeping.journal import read_records, record_bytes
from searchapp.entities.archive_names.keeping.rows import LayeredRows, shown_in
from searchapp.entities.archive_names.keeping.table import Table, write_table
from searchapp.entities.archive_names.rules.keys import Node
from searchapp.files.appending import append
from searchapp.files.locking import Lock
from searchapp.files.reading import read
from searchapp.files.removing import remove_unless_used
from searchapp.files.replacing import replace
from searchapp.files.sealing import sealed, unsealed

__all__ = ["KeptNames", "beside", "pointer_in"]

_SEAL = "names"
_FORMAT = 5
"""Changes when the rows or what the rules come to do, so that nobody goes on with what an older version kept."""
_LEAST_JOURNAL = 256 << 10
_JOURNAL_SHARE = 16
"""The journal is written into a new table once it has this part of the bytes of the table."""
_LOCK_S = 10.0


class KeptNames:
    """What is kept at `path`, read again when another process has changed it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, ...] = ()
        self._token = ""
        self._table: Table | None = None
        self._journal_bytes = 0
        self.generation = ""
        """The generation of the index that it is about; empty where nothing sound is kept."""
        self.digest = 0
        """That of `searchapp.entities.archive_names.names.digest_of` for what it shows."""
        self.rows: LayeredRows | None = None

    def read(self) -> Iterator[dict[str, str | None] | None]:
        """What has come since it was read last: the rows of each change; None where all of it is to be read anew.

        `generation`, `digest` and `rows` are those after what was given. Raises `NamesDamaged`.
        """
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            stamp = _stamp(self._path)
            if stamp != self._stamp:
                content = pointer_in(self._path)
                if content["format"] == _FORMAT and content["token"] != self._token:
                    self._open(str(content["token"]))
                    yield None
                self._stamp = stamp
            if self._table is not None:
                yield from self._follow()

    def _open(self, token: str) -> None:
        self.forget()
        table = Table(beside(self._path, token, "table"))
        self._table, self._token, self._journal_bytes = table, token, 0
        self.rows = LayeredRows(table, {})
        self.generation, self.digest = str(table.description["generation"]), int(table.description["digest"], 16)

    def _follow(self) -> Iterator[dict[str, str | None]]:
        for record in read_records(beside(self._path, self._token, "journal"), self._journal_bytes):
            if record.description["before"] != self.generation:
                return
            self._lay(record.rows, str(record.description["generation"]), int(record.description["digest"], 16))
            self._journal_bytes = record.end
            yield record.rows

    def _lay(self, rows: Mapping[str, str | None], generation: str, digest: int) -> None:
        assert self.rows is not None
        self.rows.lay(rows)
        self.generation, self.digest = generation, digest

    def forget(self) -> None:
        """Holds nothing any more, until it is read again."""
        if self._table is not None:
            self._table.close()
        self._table, self._token, self._stamp, self.rows = None, "", (), None
        self.generation, self.digest, self._journal_bytes = "", 0, 0

    def shown(self) -> Iterator[tuple[Node, Node]]:
        """Every label that is shown otherwise than it is written, and as what."""
        for key, value in self.rows.scan("s") if self.rows is not None else ():
            node, shown = shown_in(key, value)
            if shown is not None:
                yield node, shown

    @contextlib.contextmanager
    def locked(self) -> Iterator[bool]:
        """Whether nobody else writes meanwhile."""
        lock = Lock.beside(self._path)
        try:
            held = lock.acquire(timeout_s=_LOCK_S)
        except OSError:
            held = False
        try:
            yield held
        finally:
            lock.release()

    def add(self, rows: Mapping[str, str | None], generation: str, digest: int) -> None:
        """Puts a change behind what is kept; the caller holds the lock and has read everything. Raises `OSError`."""
        assert self._table is not None
        assert self.rows is not None
        description = {"before": self.generation, "generation": generation, "digest": f"{digest:x}"}
        record = record_bytes(description, rows)
        if self._journal_bytes + len(record) > max(_LEAST_JOURNAL, self._table.size // _JOURNAL_SHARE):
            self.write(LayeredRows(self.rows, rows).scan(""), generation, digest)
            return
        journal = beside(self._path, self._token, "journal")
        try:
            append(journal, record, size=self._journal_bytes, durable=False)
        except FileExistsError:
            # A killed run left a part of a record.
            replace(journal, read(journal)[: self._journal_bytes] + record, durable=False)
        self._journal_bytes += len(record)
        self._lay(rows, generation, digest)
        # Nobody needs to be told for more than to see it: the journal says the same.
        with contextlib.suppress(OSError):
            self._point(self._token, generation)

    def write(self, rows: Iterable[tuple[str, str]], generation: str, digest: int) -> None:
        """Keeps these rows, which come sorted, in place of all there are. Raises `OSError`."""
        token = secrets.token_hex(6)
        write_table(beside(self._path, token, "table"), rows, {"generation": generation, "digest": f"{digest:x}"})
        try:
            replace(beside(self._path, token, "journal"), b"", durable=False)
            self._point(token, generation)
            self._open(token)
            self._stamp = _stamp(self._path)
        finally:
            self.remove_others()

    def _point(self, token: str, generation: str) -> None:
        """Says which files are meant, and for whoever looks, which generation they are about."""
        content = {"format": _FORMAT, "generation": generation, "token": token}
        replace(self._path, sealed(_SEAL, json.dumps(content).encode("utf-8")), durable=False)

    def remove_others(self) -> None:
        """Removes what is no longer meant, also what killed runs left."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            meant = pointer_in(self._path)["token"]
            pattern = re.compile(re.escape(self._path.stem) + r"-([0-9a-f]{12})\.(?:table|journal)")
            for file in list(self._path.parent.iterdir()):
                match = pattern.fullmatch(file.name)
                if match and match[1] != meant:
                    remove_unless_used(file)


def beside(path: Path, token: str, ending: str) -> Path:
    """The table or the journal of that token, for names at `path`."""
    return path.with_name(f"{path.stem}-{token}.{ending}")


def pointer_in(path: Path) -> Mapping[str, Any]:
    """What says which files are meant. Raises `OSError` and `ValueError`."""
    content: Mapping[str, Any] = json.loads(unsealed(_SEAL, read(path)))
    return content


def _stamp(path: Path) -> tuple[int, ...]:
    status = path.stat()
    return (status.st_mtime_ns, status.st_size, status.st_ino)

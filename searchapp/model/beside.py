"""What an archive keeps besides articles where it is in no folder: a few documents that several processes write."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Beside"]


class Beside(Protocol):
    """Small documents by name. Each is replaced as a whole, under the version that was read: nobody's work is lost."""

    def read(self, name: str) -> tuple[bytes, str] | None:
        """The document and its version; None where there is none."""

    def version(self, name: str) -> str | None:
        """The version alone."""

    def write(self, name: str, data: bytes, *, version: str | None) -> bool:
        """Puts a document in place of the one of that version, or with None where there is none.

        Gives False, and changes nothing, where another one is there by now.
        """

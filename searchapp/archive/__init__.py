"""`Archive`, the face of the program, and articles as records that can leave it."""

from searchapp.archive.archive import Archive, ArchiveStats

__all__ = ["Archive", "ArchiveStats"]

"""`Archive`, the face of the program: states to ask, adding, names and their corrections, and articles as records."""

from searchapp.archive.archive import Archive
from searchapp.engines.state import State, result_of
from searchapp.insight.entity import Profile
from searchapp.insight.overview import ArchiveStats

__all__ = ["Archive", "ArchiveStats", "Profile", "State", "result_of"]

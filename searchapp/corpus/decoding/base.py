"""What a format is, and what its reader is handed."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, TypeAlias

from searchapp.model.article import Article
from searchapp.model.result import Noted, Skipped

__all__ = ["MADE_OF_TEXT", "Around", "Format", "Source", "Yielded", "identifier"]

Yielded: TypeAlias = Article | Skipped | Noted
"""A reader yields the articles of a file in order, a `Skipped` for each one that it had to leave out, and a `Noted` for
what it could not read of one."""

_PLACEHOLDERS = frozenset(
    (
        *("n/a", "na", "n.a.", "n.a", "#n/a", "none", "(none)", "null", "(null)", "nil", "nan", "undefined", "unknown"),
        *("missing", "empty", "tbd", "tba", "todo", "true", "false", "not available", "not applicable", "no url"),
        *("no link", "no id", "url", "link", "id", "guid", "http:", "https:", "about:blank"),
    )
)
"""In small letters."""
_FRONT_PAGE = re.compile(r"https?://[^/?#]*+(?:/(?:(?:index|default|home)\.[a-z]{2,5})?)?", re.IGNORECASE)
MADE_OF_TEXT = "\0"
"""What a reader gives as the id of an article that is to get one made of its text; a number may follow."""


def identifier(*candidates: str) -> str:
    """The first of these that can tell an article from others, without blanks around it; empty for none.

    What people put where there is nothing to put, such as "N/A", is none, and neither is a site's front page.
    """
    return next((own for text in candidates if (own := text.strip()) and not _is_placeholder(own)), "")


def _is_placeholder(own: str) -> bool:
    if _FRONT_PAGE.fullmatch(own):
        return True
    text = own.casefold().rstrip("/")
    return not any(letter.isalnum() for letter in own) or text in _PLACEHOLDERS or not text.strip("0.")


@dataclass(frozen=True, slots=True)
class Around:
    """The files around one, in folders or within a box; places are as seen from the file, with slashes."""

    names: Callable[[str], Sequence[str]]
    """What the files in a folder are called, in order: in "" those beside the file, in ".." those in the one above."""
    source: Callable[[str], Source]
    """The file at a place: "alto/1.xml". Raises `UnreadableFile` where there is none, and for places further away."""


@dataclass(frozen=True, slots=True)
class Source:
    """One input file, decompressed as it is read."""

    path: str
    """Absolute path of the file."""
    suffix: str
    """Its ending in lower case without `.gz`: ".txt"."""
    modified: dt.datetime
    """When the file was last changed, local time."""
    open: Callable[[], BinaryIO]
    """A fresh stream of the decompressed bytes; raises `UnreadableFile` past the size limit."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Field of `Article` to the column or key that holds it, where the user said so with --map."""
    max_bytes: int = 512 << 20
    """The most that may be read of it, and of each file within it."""
    is_plain: bool = False
    """Whether its bytes are those of the file at `path`, neither compressed nor part of another."""
    inside: str = ""
    """Which file within the one at `path` it is: "2023/a.html"; empty for that file itself."""
    around: Around | None = None
    """What else is there, for formats that spread an article over files; None where that cannot be told."""

    @property
    def place(self) -> str:
        """The path; of a file within a box the path that it would have were the box a folder, and never above that."""
        parts = [part for part in re.split(r"[/\\\0]", self.inside) if part not in ("", ".", "..")]
        return os.sep.join((self.path, *parts))

    def article_id(self, position: int, *, own: str = "") -> str:
        """`own`, the id or url that the file itself gives, else what asks for an id that is made of the article's text.

        A bare number is only unique inside its file: it becomes part of an id that is made of the text. `position` is
        that of the article in the file.
        """
        own = identifier(own)
        return own if own and not own.isdecimal() else MADE_OF_TEXT + own


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file that can be read."""

    name: str
    """What reports call it: "NITF"."""
    suffixes: tuple[str, ...]
    """Endings that this format usually has, in lower case with the dot."""
    recognises: Callable[[bytes], bool]
    """Whether the first 64 KB of a file look like this format."""
    read: Callable[[Source], Iterator[Yielded]]
    """The articles of a file, one at a time, in bounded memory. Raises `UnreadableFile` with the reason."""
    group: str = "others"
    """What it is listed under: "web", "mail"."""
    about: str = ""
    """What to say of it in a list beside its name: "columns are found by their usual names"."""
    takes_any: bool = False
    """Whether its reader takes any text under its endings, or says best what is wrong with it."""
    versions: bool = False
    """Whether it says of items with one id that they are versions of one article."""
    binary: bool | None = False
    """Whether its files are no text; None where some are and some are not."""
    hard: bool = False
    """Whether a small file, too, may take long or much memory: it is read in a process of its own."""
    extra: str = ""
    """The extra that brings the libraries it needs, as in `searchapp[documents]`; empty where nothing is needed."""
    may_be_part: bool = False
    """Whether another file may tell of what is in one, so that it is no fault where one gives no article."""

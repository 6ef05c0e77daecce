"""The pages of the manual, as they are told of and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from searchapp.manual.references.api import api_reference
from searchapp.manual.references.commands import CommandText, command_reference
from searchapp.manual.references.formats import format_reference
from searchapp.manual.references.python import error_reference, python_reference
from searchapp.manual.references.query import example_reference, field_reference, query_reference
from searchapp.manual.references.settings import setting_reference

__all__ = ["INDEX", "PAGES", "Here", "Manual", "Page", "title_of"]

INDEX = "index"
"""The page that leads to the others."""

_HERE = Path(__file__).parent
_PLACE = re.compile(r"^<!-- (\w+) -->$", re.MULTILINE)
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its name in addresses and on the command line, and what it is for."""

    name: str
    about: str


PAGES = (
    Page("tutorial", "from nothing to a searched archive in ten minutes"),
    Page("howto", "read your own files, take part of an archive away, mend names, keep it safe"),
    Page("query", "everything that can be typed into the search box"),
    Page("keys", "what the keyboard does on the page"),
    Page("naming", "how names are recognised, and put right"),
    Page("serving", "the page for others: containers, services, another machine in front"),
    Page("commands", "every command with its options and an example"),
    Page("settings", "the file of settings, environment variables, options"),
    Page("formats", "every kind of file that is read"),
    Page("api", "addresses that programs ask, with parameters and answers"),
    Page("python", "the Python interface, from its own descriptions"),
)
"""In the order in which they are read."""


@dataclass(frozen=True, slots=True)
class Here:
    """What an archive has to show the query language by."""

    words: Mapping[str, str]
    """For keys of `USUAL_WORDS`."""
    examples: Sequence[tuple[str, str, int]] = ()
    """Searches, what each finds in words, and how many articles."""


@dataclass(frozen=True)
class Manual:
    """The manual of a program with these commands and these addresses, each told only when its page is asked for."""

    commands: Callable[[], Sequence[CommandText]] | None = None
    """None where there is no command line, as under another server: then the page of commands is left out."""
    api: Callable[[], Mapping[str, Any]] | None = None
    """The OpenAPI document."""
    _kept: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def pages(self) -> tuple[Page, ...]:
        """Those that there are, in order."""
        lacking = {"commands": self.commands is None, "api": self.api is None}
        return tuple(page for page in PAGES if not lacking.get(page.name))

    def markdown(self, name: str, here: Here | None = None) -> str:
        """A page as Markdown, with what is made of the code in its places; `name` may be that of the index.

        With `here` the examples of queries are those of an archive, and lead to their articles. Raises `KeyError`
        where there is no such page.
        """
        if name != INDEX and name not in {page.name for page in self.pages}:
            raise KeyError(name)
        if here is None and name in self._kept:
            return self._kept[name]
        text = _PLACE.sub(lambda place: self._made(place[1], here), read(name))
        if here is None:
            self._kept[name] = text
        return text

    def _made(self, place: str, here: Here | None) -> str:
        match place:
            case "examples":
                return example_reference(here.examples if here else ())
            case "contents":
                return "\n".join(f"- [{title_of(page.name)}]({page.name}.md): {page.about}" for page in self.pages)
            case "queries":
                return query_reference(here.words if here else {})
            case "fields":
                return field_reference()
            case "formats":
                return format_reference()
            case "settings":
                return setting_reference()
            case "python":
                return python_reference()
            case "errors":
                return error_reference()
            case "commands":
                return command_reference(self.commands() if self.commands else ())
            case "api":
                return api_reference(self.api() if self.api else {})
            case "keys":
                return read("keys").partition("\n\n")[2].strip()
        raise KeyError(place)


def read(name: str) -> str:
    """A page as it was written."""
    return (_HERE / f"{name}.md").read_text(encoding="utf-8")


def title_of(name: str) -> str:
    """What a page is called."""
    found = _TITLE.search(read(name))
    return found[1] if found else name

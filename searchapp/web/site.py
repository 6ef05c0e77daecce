"""What every page needs: the archive, its title, templates, strings and static files."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import bottle
import jinja2

from searchapp.archive import Archive
from searchapp.errors import SearchappError
from searchapp.manual.references.commands import CommandText
from searchapp.model.article import KINDS, Article
from searchapp.web.catalogue import Catalogue, catalogue
from searchapp.web.compressing import gzipped
from searchapp.web.display import CHOICES, Display, read_display
from searchapp.web.responses import shown_path

__all__ = ["Asset", "Site", "find_static"]

_PACKAGE = Path(__file__).resolve().parent.parent
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
_MADE_OF = ("web/**/*.html", "web/**/*.toml", "web/**/*.py", "manual/**/*.md", "manual/**/*.py")
_BLANK_LINES = re.compile(r"\n\s*\n+")


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file."""

    content: bytes
    type: str
    digest: str
    """Changes with the content."""
    packed: bytes
    """The content compressed by gzip."""


def find_static() -> Path:
    """The folder of stylesheet, script and icons: inside an installed package, beside it in a working copy."""
    inside = _PACKAGE / "static"
    return inside if inside.is_dir() else _PACKAGE.parent / "static"


@dataclass(frozen=True)
class Site:
    """One archive on the web. Made once by `make_app` and handed to every page."""

    archive: Archive
    title: str
    noindex: bool = True
    """Whether search engines are asked to stay away."""
    add: str = ""
    """The command that adds articles to this archive."""
    commands: Callable[[], Sequence[CommandText]] | None = None
    """What the commands tell of themselves, where there is a command line."""
    edit: bool = False
    """Whether who sits at this machine may correct names."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    """Stands in every form that changes something: no page elsewhere can know it."""
    strings: Catalogue = field(default_factory=catalogue)

    @cached_property
    def assets(self) -> Mapping[str, Asset]:
        """Name to static file. Only these are ever served."""
        found = {}
        folder = find_static()
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.suffix in _TYPES and path.is_file():
                content = path.read_bytes()
                digest = hashlib.blake2b(content, digest_size=6).hexdigest()
                found[path.name] = Asset(content, _TYPES[path.suffix], digest, gzipped(content, level=9))
        return MappingProxyType(found)

    @cached_property
    def build(self) -> str:
        """Changes with any template, string or static file."""
        digest = hashlib.blake2b(digest_size=6)
        for path in sorted(path for kind in _MADE_OF for path in _PACKAGE.glob(kind)):
            digest.update(path.read_bytes())
        for asset in self.assets.values():
            digest.update(asset.digest.encode())
        digest.update(self.title.encode("utf-8", "replace"))
        return digest.hexdigest()

    @cached_property
    def _templates(self) -> jinja2.Environment:
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        strings = self.strings
        kinds = json.dumps(
            {kind: str(strings(f"kinds.{kind}")) for kind in (*KINDS, "title", "search")}, ensure_ascii=False
        )
        environment.globals.update(t=strings, site=self, asset=self.asset_path, kinds_json=kinds, choices=CHOICES)
        environment.filters.update(
            number=strings.number,
            day=strings.day,
            short_day=strings.short_day,
            dated=self.dated,
            month=strings.month,
            file=shown_path,
        )
        return environment

    def dated(self, article: Article) -> str:
        """The day of an article in short, "about 22 Sep 2023" where it is estimated; empty where it has none."""
        day = self.strings.short_day(article.published)
        return str(self.strings("dates.estimated", day=day)) if article.published_source == "estimated" else day

    @property
    def display(self) -> Display:
        """How whoever asks wants pages to look."""
        return read_display(bottle.request.environ.get("HTTP_COOKIE", ""))

    @property
    def names_problem(self) -> str:
        """Why corrections of names are not those of the ledger; empty when they are."""
        try:
            return self.archive.names.short_problem
        except SearchappError:
            # A page that says what is wrong with the archive must not fail for the same reason.
            return ""

    def asset_path(self, name: str) -> str:
        """The address of a static file; it changes with the content, so that browsers may keep it for good."""
        return f"/static/{name}?v={self.assets[name].digest}" if name in self.assets else f"/static/{name}"

    def render(self, template: str, **values: object) -> bytes:
        """A page as UTF-8. Lone surrogates, which no encoding can hold, become question marks."""
        text = self._templates.get_template(template).render(display=self.display.chosen, **values)
        return _BLANK_LINES.sub("\n", text).encode("utf-8", "replace")

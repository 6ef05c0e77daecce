"""A small archive with a site over it, asked through WSGI without a socket."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from searchapp.archive import Archive
from searchapp.engines.memory import MemoryEngine
from searchapp.model.article import Article, Mention
from searchapp.web.app import make_app


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def hrefs(self) -> list[str]:
        return [unescape(href) for href in re.findall(r'href="([^"]*)"', self.text)]

    def href(self, pattern: str) -> str:
        """The only address that fits."""
        found = set(re.findall(rf'<a[^>]*?href="([^"]*)"[^>]*>(?:(?!</a>).)*?{pattern}', self.text, re.S))
        assert len(found) == 1, (pattern, found)
        return unescape(found.pop())


Ask = Callable[..., Reply]


def asker(app: Any) -> Ask:
    checked = validator(app)

    def ask(address: str = "/", *, method: str = "GET", **headers: str) -> Reply:
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1") or "/",
            "QUERY_STRING": query,
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
        }
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        setup_testing_defaults(environ)
        seen: list[tuple[str, list[tuple[str, str]]]] = []
        parts: Iterable[bytes] = checked(environ, lambda status, fields, exc=None: seen.append((status, fields)))
        try:
            body = b"".join(parts)
        finally:
            parts.close()  # type: ignore[attr-defined]
        status, fields = seen[-1]
        return Reply(int(status.split()[0]), dict(fields), body)

    return ask


def named(body: str, *names: tuple[str, str, str]) -> tuple[Mention, ...]:
    """Mentions of (text, kind, label), each where the text first stands in `body`."""
    found = [(body.index(text), text, kind, label) for text, kind, label in names]
    return tuple(sorted(Mention(start, start + len(text), text, kind, label) for start, text, kind, label in found))


def article(number: int, title: str, body: str, names: Iterable[tuple[str, str, str]] = (), **fields: Any) -> Article:
    fields = {"published": dt.date(2023, 9, number), "published_source": "metadata", "source": "The Wire"} | fields
    return Article(id=f"a{number}", title=title, body=body, mentions=named(body, *names), **fields)


ARMEN = ("Armen", "person", "Armen Sargsyan")
PASHINYAN = ("Nikol Pashinyan", "person", "Nikol Pashinyan")
YEREVAN = ("Yerevan", "place", "Yerevan")
BAKU = ("Baku", "place", "Baku")
UN = ("United Nations", "organisation", "United Nations")

ARTICLES = [
    article(1, "Talks open in Yerevan", "Nikol Pashinyan opened talks in Yerevan on Friday.", [PASHINYAN, YEREVAN]),
    article(2, "Baku replies", "Baku said the talks could go on.", [BAKU], source="Evening Post"),
    article(
        3,
        "A third round",
        "Nikol Pashinyan flew to Baku.\n\nThe United Nations welcomed the talks.",
        [PASHINYAN, BAKU, UN],
        topics=("diplomacy", "peace"),
        url="https://example.org/third",
        byline="Ann Field",
    ),
    article(4, "Snow in the hills", "Snow closed the road to Yerevan.", [YEREVAN]),
    article(5, "Letters", "A reader writes about bread.", published=None, source=""),
]

IN_PASSING = article(
    6,
    "Baku builds a bridge",
    f"Baku builds a bridge. {'It is long. ' * 200}A road to Yerevan is far away.",
    [BAKU, YEREVAN],
)
"""It is about Baku, and names Yerevan once near its end."""


@pytest.fixture
def archive() -> Iterator[Archive]:
    with Archive(MemoryEngine()) as made:
        made.add(ARTICLES, recognise=False)
        yield made


@pytest.fixture
def ask(archive: Archive) -> Ask:
    return asker(make_app(archive, title="Test archive"))

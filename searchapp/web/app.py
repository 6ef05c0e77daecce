"""The Bottle application: routes of every page, errors as pages, headers of every response."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Collection, Sequence
from typing import Any

import bottle

from searchapp.archive import Archive, State
from searchapp.errors import ArchiveError, ArticleNotFound, SearchappError, SearchTimeout, UsageError
from searchapp.manual.references.commands import CommandText
from searchapp.web import pages
from searchapp.web.api import routes as api
from searchapp.web.compressing import LEAST_BYTES, accepts_gzip, gzipped
from searchapp.web.feeds import exports
from searchapp.web.feeds import routes as feeds
from searchapp.web.pacing import Pace, Turns
from searchapp.web.responses import as_json
from searchapp.web.site import Site

__all__ = ["LOOPBACK_HOSTS", "make_app"]

_log = logging.getLogger("searchapp.web")

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")
"""What a browser on the same machine may call the server."""

PAGE_TIMEOUT_S = 10.0

ADD = "searchapp index FOLDER"

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_FOR_PROGRAMS = ("/api/", "/export.", "/feed.")
"""Addresses that programs ask: failures are JSON there, and pages elsewhere may read them where a setting says so."""
_WITHOUT_SLASH = re.compile(
    r"(/(?:archive|display|help(?:/[\w-]+)?|facet/\w+|robots\.txt|opensearch\.xml|opensearch-suggest|feed\.\w+|export\.\w+"
    r"|api/(?:search|suggest|openapi\.json|facets/\w+)))/+"
)
"""Addresses that hold no name or id, which may end in anything."""
_ALLOWED = "GET, HEAD, OPTIONS"

_ROOMS = (pages.add_routes, api.add_routes, feeds.add_routes, exports.add_routes)
"""Each adds the routes of one part of the site."""


def make_app(
    archive: Archive,
    *,
    title: str = "News archive",
    hosts: Collection[str] | None = None,
    noindex: bool = True,
    add: str = "",
    commands: Callable[[], Sequence[CommandText]] | None = None,
    cors: str = "",
    edit: bool = False,
    page_timeout_s: float = PAGE_TIMEOUT_S,
) -> bottle.Bottle:
    """The site over `archive` as a WSGI application.

    A page that takes longer than `page_timeout_s` is given up: the answer is 503, and says so.

    `add` is the command that adds articles, for an archive that has none. `commands` tell of themselves in the manual,
    which leaves them out without.

    `cors` names the origins whose pages may read feeds, exports and what is for programs, parted by blanks; "*" is all.

    With `edit` who sits at this machine may correct names in the page.

    With `hosts` only requests that call the server by one of these names are answered, whatever the port: a page
    elsewhere could otherwise have its own name point here and read the archive.
    """
    site = Site(archive, title, noindex, add or ADD, commands, edit)
    app = bottle.Bottle()

    origins = frozenset(cors.split())

    def check_request() -> None:
        if hosts is not None and _host_name() not in hosts:
            raise bottle.HTTPError(421)
        if bottle.request.method == "OPTIONS":
            raise bottle.HTTPResponse(status=204, headers={"Allow": _ALLOWED})
        if bare := _WITHOUT_SLASH.fullmatch(bottle.request.path):
            query = f"?{bottle.request.query_string}" if bottle.request.query_string else ""
            raise bottle.HTTPResponse(status=301, headers={"Location": bare[1] + query})

    def finish() -> None:
        _add_headers(bottle.response, site)
        _let_read(bottle.response, origins)

    app.add_hook("before_request", check_request)
    app.add_hook("after_request", finish)
    answering = _answering(site, Turns(), page_timeout_s)
    app.install(answering)
    app.default_error_handler = lambda error: _failure(site, error.status_code)
    for add_routes in _ROOMS:
        add_routes(app, site)

    def static(name: str) -> bottle.HTTPResponse:
        asset = site.assets.get(name)
        if asset is None:
            raise bottle.HTTPError(404)
        packed = accepts_gzip(bottle.request.get_header("Accept-Encoding", ""))
        response = bottle.HTTPResponse(asset.packed if packed else asset.content)
        response.set_header("Content-Type", asset.type)
        response.set_header("Vary", "Accept-Encoding")
        if packed:
            response.set_header("Content-Encoding", "gzip")
        # A relative request without its version may be stale, one with it never is.
        kept = "public, max-age=31536000, immutable" if bottle.request.query_string else "no-cache"
        response.set_header("Cache-Control", kept)
        return response

    def robots() -> bottle.HTTPResponse:
        response = bottle.HTTPResponse("User-agent: *\nDisallow: /\n" if noindex else "User-agent: *\nAllow: /\n")
        response.set_header("Content-Type", "text/plain; charset=utf-8")
        return response

    app.route("/static/<name>", callback=static, skip=[answering])
    app.route("/robots.txt", callback=robots, skip=[answering])
    return app


def _answering(site: Site, turns: Turns, timeout_s: float) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A plugin: hands each page a state, answers 304 where nothing changed, makes pages of the program's errors."""

    def plugin(callback: Callable[..., Any]) -> Callable[..., Any]:
        def answer(*args: Any, **kwargs: Any) -> Any:
            try:
                with Pace(turns, timeout_s) as pace, site.archive.state(check=pace.check) as state:
                    tag = _etag(site, state)
                    known = bottle.request.method != "POST"
                    if known and tag in (
                        part.strip() for part in bottle.request.get_header("If-None-Match", "").split(",")
                    ):
                        response = bottle.HTTPResponse(status=304)
                        response.set_header("ETag", tag)
                        return response
                    out = callback(state, *args, **kwargs)
            except SearchappError as error:
                status, message = _status(error)
                if status >= 500:
                    _log.warning("%s: %s", bottle.request.path, error)
                return _failure(site, status, message)
            target = out if isinstance(out, bottle.HTTPResponse) else bottle.response
            if target.status_code == 200 and "Cache-Control" not in target.headers:
                target.set_header("ETag", tag)
                target.set_header("Cache-Control", "private, no-cache")
            return _packed(out, target)

        return answer

    return plugin


def _packed(out: Any, target: Any) -> Any:
    """The answer, compressed where the client can read it so and it is no stream."""
    target.set_header("Vary", "Accept-Encoding, Cookie")
    body = out.body if isinstance(out, bottle.HTTPResponse) else out
    if not isinstance(body, bytes) or len(body) < LEAST_BYTES or "Content-Encoding" in target.headers:
        return out
    if not accepts_gzip(bottle.request.get_header("Accept-Encoding", "")):
        return out
    target.set_header("Content-Encoding", "gzip")
    if isinstance(out, bottle.HTTPResponse):
        out.body = gzipped(body)
        return out
    return gzipped(body)


def _status(error: SearchappError) -> tuple[int, str]:
    """The status of an error of the program, and what the reader is told."""
    if isinstance(error, UsageError):
        return 400, str(error)
    if isinstance(error, ArticleNotFound):
        # Its message is for the command line.
        return 404, ""
    if isinstance(error, SearchTimeout):
        return 503, str(error)
    if isinstance(error, ArchiveError):
        # These messages name folders of this machine, which are nobody else's business.
        return 503, ""
    return 500, ""


def _failure(site: Site, status: int, message: str = "") -> bottle.HTTPResponse:
    """A page, or JSON for programs, that says what went wrong and nothing about how the server is made."""
    key = f"errors.{status}.title"
    shown = status if key in site.strings else (400 if 400 <= status < 500 else 500)
    title = str(site.strings(f"errors.{shown}.title"))
    text = message or str(site.strings(f"errors.{shown}.text"))
    if bottle.request.path.startswith(_FOR_PROGRAMS):
        response = bottle.HTTPResponse(as_json({"error": text}), status=status)
        response.set_header("Content-Type", "application/json")
    else:
        values = {"heading": title, "text": text, "status": status, "search_text": "", "offers": ()}
        response = bottle.HTTPResponse(site.render("failure.html", **values), status=status)
        response.set_header("Content-Type", "text/html; charset=UTF-8")
    response.set_header("Cache-Control", "no-store")
    if status == 405:
        response.set_header("Allow", _ALLOWED)
    if status == 503:
        response.set_header("Retry-After", "5")
    _add_headers(response, site)
    # Bottle takes over the headers of what an error handler returns.
    return response


def _add_headers(response: Any, site: Site) -> None:
    for name, value in _HEADERS.items():
        response.set_header(name, value)
    if site.noindex:
        response.set_header("X-Robots-Tag", "noindex, nofollow")


def _let_read(response: Any, origins: Collection[str]) -> None:
    """Lets pages of these origins read what is for programs."""
    if not origins or not bottle.request.path.startswith(_FOR_PROGRAMS):
        return
    origin = bottle.request.get_header("Origin", "")
    response.set_header("Vary", "Accept-Encoding, Cookie, Origin")
    if "*" not in origins and origin not in origins:
        return
    response.set_header("Access-Control-Allow-Origin", "*" if "*" in origins else origin)
    response.set_header("Access-Control-Allow-Methods", _ALLOWED)
    response.set_header("Access-Control-Expose-Headers", "Content-Disposition, ETag")
    response.set_header("Cross-Origin-Resource-Policy", "cross-origin")


def _etag(site: Site, state: State) -> str:
    """Weak: the bytes may differ in how long a search took."""
    request = bottle.request
    parts = (site.build, state.generation, request.path, request.query_string, site.display.kept)
    return f'W/"{hashlib.blake2b("|".join(parts).encode("utf-8", "replace"), digest_size=10).hexdigest()}"'


def _host_name() -> str:
    """What the client calls this server, without the port, in lower case."""
    host = bottle.request.environ.get("HTTP_HOST", "").strip().lower()
    if host.startswith("["):
        return str(host.partition("]")[0] + "]")
    return str(host.partition(":")[0])

"""Choosing how pages look: an address that sets the cookie and leads back to where the choice was made."""

from __future__ import annotations

from urllib.parse import urlsplit

import bottle

from searchapp.archive import State
from searchapp.web.display import CHOICES, COOKIE, read_display
from searchapp.web.links import read_pairs
from searchapp.web.site import Site

__all__ = ["add_routes"]

KEPT_S = 365 * 24 * 3600


def add_routes(app: bottle.Bottle, site: Site) -> None:
    """Adds `/display`, which takes the names and words of `CHOICES`."""

    def choose(state: State) -> bottle.HTTPResponse:
        environ = bottle.request.environ
        given = {name: word for name, word in read_pairs(bottle.request.query_string) if name in CHOICES}
        display = read_display(environ.get("HTTP_COOKIE", "")).choosing(**given)
        kept = f"{COOKIE}={display.kept}; Path=/; Max-Age={KEPT_S if display.kept else 0}; SameSite=Lax; HttpOnly"
        response = bottle.HTTPResponse(status=303)
        response.set_header("Location", _back(environ.get("HTTP_REFERER", ""), environ.get("HTTP_HOST", "")))
        response.set_header("Set-Cookie", kept)
        response.set_header("Cache-Control", "no-store")
        return response

    app.route("/display", callback=choose)


def _back(referer: str, host: str) -> str:
    """The page of this server that led here, else the search page."""
    try:
        came = urlsplit(referer)
    except ValueError:
        return "/"
    if not host or came.netloc.lower() != host.lower() or came.path.startswith(("//", "/display")):
        return "/"
    place = came.path + (f"?{came.query}" if came.query else "")
    return place if place.startswith("/") and place.isascii() and place.isprintable() else "/"

"""The manual, with examples made of what the archive has."""

from __future__ import annotations

from functools import lru_cache

import bottle
from markupsafe import Markup

from searchapp.archive import State
from searchapp.insight.examples import examples, words_of
from searchapp.manual.pages import INDEX, Here, Manual, title_of
from searchapp.manual.showing.html import headings, to_html
from searchapp.web.api.openapi import document
from searchapp.web.site import Site

__all__ = ["add_routes"]

LIVE = {INDEX, "query"}
"""Pages with examples of queries."""


def add_routes(app: bottle.Bottle, site: Site) -> None:
    """Adds the pages of the manual."""
    manual = Manual(commands=site.commands, api=lambda: document(site.title))
    app.route("/help", callback=lambda state: show(site, manual, state, INDEX))
    app.route("/help/<name>", callback=lambda state, name: show(site, manual, state, name))


def show(site: Site, manual: Manual, state: State, name: str) -> bytes:
    """One page of the manual."""
    try:
        text = manual.markdown(name, here(state) if name in LIVE else None)
    except KeyError:
        raise bottle.HTTPError(404) from None
    return site.render(
        "help.html",
        search_text="",
        name=name,
        title=title_of(name),
        pages=[(page.name, title_of(page.name)) for page in manual.pages],
        headings=headings(text) if name != INDEX else (),
        content=_html(text),
    )


def here(state: State) -> Here | None:
    """What the archive has for examples; None where it is empty."""
    words = words_of(state)
    if not words:
        return None
    return Here(words, [(one.text, one.syntax.finds, one.total) for one in examples(state)])


@lru_cache(maxsize=32)
def _html(text: str) -> Markup:
    # The manual is ours, markup in it is text, and what an archive has in it was put between marks of code.
    return Markup(to_html(text, address))


def address(name: str) -> str:
    """Where a page of the manual is."""
    return "/help" if name == INDEX else f"/help/{name}"

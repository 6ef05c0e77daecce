"""Corrections of names in the page: what one would change, said first, and then done; only where the site lets."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

import bottle

from searchapp.archive import Archive, State
from searchapp.errors import ArticleNotFound, LedgerError
from searchapp.model.article import KIND_OF_FACET
from searchapp.model.query import SearchRequest
from searchapp.model.question import Question
from searchapp.web.links import entity_path, read_pairs
from searchapp.web.site import Site

__all__ = ["add_routes"]

ACTIONS = ("merge", "rename", "retype", "split", "block")
MAX_CHARS = 1_000
"""Of a label."""
MAX_ARTICLES = 1_000
"""Of a split."""
LISTED = 200
"""Corrections on their page, the last first."""
_FORWARDED = ("FORWARDED", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_FORWARDED_PROTO", "X_REAL_IP", "VIA")
"""Headers by which a server in front says that a request came from elsewhere."""


def add_routes(app: bottle.Bottle, site: Site) -> None:
    """Adds `/correct` and `/corrections` to a site that lets its reader correct names, and nothing to others."""
    if not site.edit:
        return

    def preview(state: State) -> bytes:
        _check_reader()
        return show(site, state, dict(read_pairs(bottle.request.query_string)))

    def correct(state: State) -> bottle.HTTPResponse | bytes:
        _check_sender(site)
        given = _form()
        try:
            made = apply(site.archive, given)
        except LedgerError as error:
            return show(site, state, given, problem=str(error))
        return _see(made)

    def listed(state: State) -> bytes:
        _check_reader()
        return show_all(site)

    def undo(state: State) -> bottle.HTTPResponse | bytes:
        _check_sender(site)
        try:
            site.archive.undo_correction()
        except LedgerError as error:
            return show_all(site, problem=str(error))
        return _see("/corrections")

    app.route("/correct", callback=preview)
    app.route("/correct", method="POST", callback=correct)
    app.route("/corrections", callback=listed)
    app.route("/corrections", method="POST", callback=undo)


def show(site: Site, state: State, given: Mapping[str, str], *, problem: str = "") -> bytes:
    """What a correction would change, with the button that makes it. Raises `HTTPError` 400 for none that there is."""
    action, facet, label = given.get("action", ""), given.get("facet", ""), given.get("label", "").strip()
    if action not in ACTIONS or facet not in KIND_OF_FACET or not label or len(label) > MAX_CHARS:
        raise bottle.HTTPError(400)
    target = given.get("target", "").strip()[:MAX_CHARS]
    articles = _ids(given.get("articles", ""))
    (answer,) = state.ask(Question(SearchRequest().replace(**{facet: (label,)})))
    total = answer.total
    if action == "split":
        total = sum(_has(state, one, facet, label) for one in articles)
    moved = action == "retype" and target in KIND_OF_FACET
    missing = (
        (action == "retype" and not moved)
        or (action in ("merge", "rename", "split") and not target)
        or (action == "split" and not articles)
    )
    return site.render(
        "correct.html",
        search_text="",
        action=action,
        facet=facet,
        kind=KIND_OF_FACET[facet],
        label=label,
        target=target,
        shown_target=site.strings(f"facets.{target}.title") if moved else target,
        articles="\n".join(articles),
        total=total,
        problem=problem or (str(site.strings("correct.missing")) if missing else ""),
        ready=not missing,
        back=entity_path(KIND_OF_FACET[facet], label),
        token=site.token,
    )


def show_all(site: Site, *, problem: str = "") -> bytes:
    """Every correction, the last first, which can be taken back."""
    try:
        corrections = site.archive.corrections
    except LedgerError:
        # Its message names a folder of this machine.
        corrections, problem = (), problem or site.names_problem
    return site.render(
        "corrections.html",
        search_text="",
        corrections=[str(one) for one in reversed(corrections)][:LISTED],
        total=len(corrections),
        problem=problem,
        token=site.token,
    )


def apply(archive: Archive, given: Mapping[str, str]) -> str:
    """Makes the correction that a form gives; the page to look at then. Raises `LedgerError`, and `HTTPError` 400."""
    action, facet, label = given.get("action", ""), given.get("facet", ""), given.get("label", "").strip()
    target = given.get("target", "").strip()
    if action not in ACTIONS or facet not in KIND_OF_FACET or max(len(label), len(target)) > MAX_CHARS:
        raise bottle.HTTPError(400)
    archive.correct(action, label, target, facet=facet, articles=_ids(given.get("articles", "")))
    if action == "block":
        return "/corrections"
    if action == "retype":
        return entity_path(KIND_OF_FACET[target], label)
    return entity_path(KIND_OF_FACET[facet], target)


def _ids(text: str) -> tuple[str, ...]:
    """Ids of articles, one in each line."""
    found = dict.fromkeys(line.strip() for line in text.splitlines() if line.strip())
    return tuple(found)[:MAX_ARTICLES]


def _has(state: State, article_id: str, facet: str, label: str) -> bool:
    try:
        return label in state.get(article_id).names(facet)
    except ArticleNotFound:
        return False


def _check_reader() -> None:
    """Raises `HTTPError` 403 unless whoever asks sits at this machine, with no server between."""
    environ = bottle.request.environ
    if any(environ.get(f"HTTP_{name}") for name in _FORWARDED):
        raise bottle.HTTPError(403)
    try:
        near = ipaddress.ip_address(environ.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        near = False
    if not near:
        raise bottle.HTTPError(403)


def _check_sender(site: Site) -> None:
    """Raises `HTTPError` 403 unless the form is one that this site gave to whoever sends it."""
    _check_reader()
    environ = bottle.request.environ
    host = environ.get("HTTP_HOST", "").lower()
    came_from = environ.get("HTTP_ORIGIN") or environ.get("HTTP_REFERER", "")
    try:
        place = urlsplit(came_from).netloc.lower()
    except ValueError:
        place = ""
    if not host or place != host or environ.get("HTTP_SEC_FETCH_SITE", "same-origin") != "same-origin":
        raise bottle.HTTPError(403)
    if not hmac.compare_digest(_form().get("token", "").encode(), site.token.encode()):
        raise bottle.HTTPError(403)


def _form() -> dict[str, str]:
    forms = bottle.request.forms
    return {name: forms.getunicode(name, "") or "" for name in forms}


def _see(path: str) -> bottle.HTTPResponse:
    response = bottle.HTTPResponse(status=303)
    response.set_header("Location", path)
    response.set_header("Cache-Control", "no-store")
    return response

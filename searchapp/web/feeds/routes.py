"""The newest matches of any search as an Atom feed or a JSON Feed, and what lets a browser search from its own bar."""

from __future__ import annotations

import datetime as dt
import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable

import bottle

from searchapp.archive import State, result_of
from searchapp.archive.citations import web_address
from searchapp.insight.suggestions import suggestions
from searchapp.model.article import Article
from searchapp.model.query import FACETS, SearchRequest
from searchapp.model.question import HitsWanted, Question
from searchapp.model.result import Hit, SearchResult
from searchapp.web.links import article_path, read_pairs, read_search, suggestion_path, write_search
from searchapp.web.responses import as_json, sent
from searchapp.web.site import Site

__all__ = ["add_routes", "feed_links", "feed_search"]

ENTRIES = 50
"""Of one page of a feed; each page links to the next."""
MAX_SHORT_NAME = 16
"""Characters that OpenSearch 1.1 allows a ShortName."""

_ATOM = "http://www.w3.org/2005/Atom"
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HOST = re.compile(r"(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.IGNORECASE | re.ASCII)
_NO_DATE = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""Atom asks for a date where an article has none."""


def add_routes(app: bottle.Bottle, site: Site) -> None:
    """Adds the feeds, the OpenSearch description and the suggestions in the form that browsers ask for."""

    def feed(state: State, write: Callable[[Site, SearchResult, str], bytes], media_type: str) -> bottle.HTTPResponse:
        request = read_search(bottle.request.query_string).replace(sort="newest", page_size=ENTRIES)
        (answer,) = state.ask(Question(request, hits=HitsWanted()))
        return sent(write(site, result_of(answer), own_address()), media_type)

    def completions(state: State) -> bottle.HTTPResponse:
        text = dict(read_pairs(bottle.request.query_string)).get("q", "")
        found = suggestions(state, text)
        root = own_address()
        about = [_words(site, f"kinds.{one.kind}") for one in found]
        answer = [text, [one.label for one in found], about, [root + suggestion_path(one) for one in found]]
        return sent(as_json(answer), "application/x-suggestions+json")

    def described(state: State) -> bottle.HTTPResponse:
        return sent(description(site, own_address()), "application/opensearchdescription+xml; charset=utf-8")

    app.route("/feed.atom", callback=lambda state: feed(state, atom, "application/atom+xml; charset=utf-8"))
    app.route("/feed.json", callback=lambda state: feed(state, json_feed, "application/feed+json"))
    app.route("/opensearch.xml", callback=described)
    app.route("/opensearch-suggest", callback=completions)


def feed_search(request: SearchRequest) -> str:
    """The query string of the feed of a search: order and page are the feed's own matter."""
    return write_search(request, sort="relevance", page=1, page_size=10, facet_size=20)


def feed_links(request: SearchRequest) -> list[tuple[str, str]]:
    """Media type and address of each feed of a search."""
    search = feed_search(request)
    end = f"?{search}" if search else ""
    return [("application/atom+xml", f"/feed.atom{end}"), ("application/feed+json", f"/feed.json{end}")]


def own_address() -> str:
    """Scheme and host under which the client reached this server. Raises `HTTPError` 400 for an impossible host."""
    environ = bottle.request.environ
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    if not _HOST.fullmatch(host):
        raise bottle.HTTPError(400)
    return f"{environ['wsgi.url_scheme']}://{host}"


def atom(site: Site, result: SearchResult, root: str) -> bytes:
    """An Atom feed (RFC 4287), paged (RFC 5005)."""
    request = result.request
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": site.strings.language})
    _add(feed, "title", _title(site, request))
    _add(feed, "id", _identity("search", feed_search(request)))
    _add(feed, "updated", _moment(result.hits[0].article if result.hits else None).isoformat())
    _add(feed, "link", rel="self", type="application/atom+xml", href=_feed_address(root, "atom", request))
    _add(feed, "link", rel="alternate", type="text/html", href=_page_address(root, request))
    if request.page < result.pages:
        _add(feed, "link", rel="next", href=_feed_address(root, "atom", request, request.page + 1))
    author = _add(feed, "author")
    _add(author, "name", site.title)
    for hit in result.hits:
        _add_entry(feed, site, hit, root)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _add_entry(feed: ET.Element, site: Site, hit: Hit, root: str) -> None:
    article = hit.article
    entry = _add(feed, "entry")
    _add(entry, "title", article.title.strip() or _words(site, "search.untitled"))
    _add(entry, "id", _identity("article", article.id))
    _add(entry, "updated", _moment(article).isoformat())
    if article.published and article.published_source != "estimated":
        _add(entry, "published", _moment(article).isoformat())
    _add(entry, "link", rel="alternate", type="text/html", href=root + article_path(article.id))
    if web_address(article.url):
        _add(entry, "link", rel="via", href=web_address(article.url))
    author = _add(entry, "author")
    _add(author, "name", article.byline.strip() or article.source.strip() or site.title)
    _add(entry, "summary", _about(site, article) + hit.snippet.to_html(), type="html")
    for facet in ("people", "places", "organisations", "topics"):
        for label in article.values(facet):
            _add(entry, "category", term=label, scheme=f"{root}/facet/{facet}")


def json_feed(site: Site, result: SearchResult, root: str) -> bytes:
    """A JSON Feed (https://www.jsonfeed.org/version/1.1)."""
    request = result.request
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(site, request),
        "home_page_url": _page_address(root, request),
        "feed_url": _feed_address(root, "json", request),
        "language": site.strings.language,
        "items": [_item(site, hit, root) for hit in result.hits],
    }
    if request.page < result.pages:
        feed["next_url"] = _feed_address(root, "json", request, request.page + 1)
    return as_json(feed)


def _item(site: Site, hit: Hit, root: str) -> dict[str, object]:
    article = hit.article
    names = [*article.people, *article.places, *article.organisations, *article.topics]
    item: dict[str, object] = {
        "id": _identity("article", article.id),
        "url": root + article_path(article.id),
        "title": article.title.strip() or _words(site, "search.untitled"),
        "content_html": _about(site, article) + hit.snippet.to_html(),
        "summary": _about(site, article) + hit.snippet.text,
        "tags": list(dict.fromkeys(names)),
    }
    if web_address(article.url):
        item["external_url"] = web_address(article.url)
    if article.published and article.published_source != "estimated":
        item["date_published"] = _moment(article).isoformat()
    if article.byline.strip() or article.source.strip():
        item["authors"] = [{"name": article.byline.strip() or article.source.strip()}]
    if article.language:
        item["language"] = article.language
    return item


def _about(site: Site, article: Article) -> str:
    """What stands before the passage of an article whose day is estimated: a feed has no other place for it."""
    return f"({site.dated(article)}) " if article.published_source == "estimated" else ""


def description(site: Site, root: str) -> bytes:
    """An OpenSearch 1.1 description, by which a browser can add the archive to its search engines."""
    found = ET.Element("OpenSearchDescription", {"xmlns": _OPENSEARCH})
    _add(found, "ShortName", _short(site.title))
    _add(found, "Description", _words(site, "site.search_label"))
    _add(found, "LongName", site.title[:48])
    _add(found, "InputEncoding", "UTF-8")
    _add(found, "OutputEncoding", "UTF-8")
    _add(found, "Image", root + site.asset_path("icon.svg"), width="64", height="64", type="image/svg+xml")
    terms = "q={searchTerms}"
    _add(found, "Url", type="text/html", method="get", template=f"{root}/?{terms}")
    _add(found, "Url", type="application/x-suggestions+json", template=f"{root}/opensearch-suggest?{terms}")
    _add(found, "Url", type="application/atom+xml", template=f"{root}/feed.atom?{terms}&page={{startPage?}}")
    _add(found, "Url", type="application/opensearchdescription+xml", rel="self", template=f"{root}/opensearch.xml")
    return bytes(ET.tostring(found, encoding="utf-8", xml_declaration=True))


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, name, {key: _in_xml(value) for key, value in attributes.items()})
    child.text = _in_xml(text) or None
    return child


def _in_xml(text: str) -> str:
    """XML 1.0 has no way to write most control characters."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _short(title: str) -> str:
    if len(title) <= MAX_SHORT_NAME:
        return title
    whole = title[: MAX_SHORT_NAME + 1].rpartition(" ")[0]
    return whole or title[:MAX_SHORT_NAME]


def _title(site: Site, request: SearchRequest) -> str:
    labels = (label for facet in FACETS for label in request.selected(facet))
    asked = ", ".join([text for text in (request.text.strip(), *labels) if text])
    return _words(site, "search.title", query=asked, title=site.title) if asked else site.title


def _words(site: Site, key: str, **values: str) -> str:
    """A text of the interface for what is no HTML."""
    return site.strings(key, **values).unescape()


def _feed_address(root: str, form: str, request: SearchRequest, page: int = 0) -> str:
    search = feed_search(request)
    number = page or request.page
    pairs = [pair for pair in (search, f"page={number}" if number > 1 else "") if pair]
    return f"{root}/feed.{form}" + (f"?{'&'.join(pairs)}" if pairs else "")


def _page_address(root: str, request: SearchRequest) -> str:
    search = feed_search(request)
    return f"{root}/?{search}" if search else f"{root}/"


def _identity(what: str, name: str) -> str:
    """Stays the same wherever the archive is served from, as an Atom id must."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"searchapp:{what}:{name}".encode("utf-8", "replace").decode()).urn


def _moment(article: Article | None) -> dt.datetime:
    """When an article was published, taken as if its clock showed universal time: files rarely name the zone."""
    if article is None or article.published is None:
        return _NO_DATE
    zone = dt.timezone(dt.timedelta(minutes=article.published_offset or 0))
    return dt.datetime.combine(article.published, article.published_time or dt.time(), zone)

"""Objects of JSON as well-known programs and services write them, put under the names that `fields` looks for.

Each shape is a test and a function; what fits none stays as it is. An object that is no article, such as a draft or a
note that somebody joined, becomes a `Fault` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from searchapp.corpus.decoding.markup import line_of_markup
from searchapp.language.labels import natural_order

__all__ = ["Fault", "usual_shape"]

Item: TypeAlias = dict[str, Any]
Around: TypeAlias = Mapping[str, str]
"""The texts of the objects that hold an object: the name of the channel beside its messages."""


class Fault(str):
    """Why there is no article in a line or an object."""


_UNPUBLISHED = frozenset(
    {"draft", "auto-draft", "trash", "pending", "private", "future", "scheduled", "inherit", "sent"}
)
_PEOPLE, _PLACES, _ORGANISATIONS = "people", "places", "organisations"


def usual_shape(item: Item, around: Around) -> Item | Fault:
    """`item` with the fields that its shape gives in place of its own; a `Fault` where it is no article."""
    status = item.get("status")
    if isinstance(status, str) and status.lower() in _UNPUBLISHED and item.keys() & _OF_POSTS:
        return Fault(f"not published: its status is {status!r}")
    for fits, read in _SHAPES:
        if fits(item):
            found = read(item, around)
            return found if isinstance(found, Fault) else {**item, **found}
    return item


_OF_POSTS = frozenset(
    {"html", "plaintext", "content", "mobiledoc", "lexical", "post_type", "published_at", "post_date"}
)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _objects(value: Any) -> list[Item]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _object(value: Any) -> Item:
    return value if isinstance(value, dict) else {}


def _new_york_times(item: Item, around: Around) -> Item:
    """The Article Search and Archive interfaces: keywords are pairs of a kind and a value."""
    kinds = {"persons": _PEOPLE, "person": _PEOPLE, "glocations": _PLACES, "location": _PLACES}
    kinds |= {"organizations": _ORGANISATIONS, "organization": _ORGANISATIONS}
    named: dict[str, list[str]] = {"topics": [], _PEOPLE: [], _PLACES: [], _ORGANISATIONS: []}
    for word in _objects(item.get("keywords")):
        facet = kinds.get(_text(word.get("name")).lower(), "topics")
        value = _text(word.get("value"))
        named[facet].append(natural_order(value) if facet == _PEOPLE else value)
    byline = _object(item.get("byline"))
    people = [
        " ".join(part for key in ("firstname", "middlename", "lastname") if (part := _text(person.get(key))))
        for person in _objects(byline.get("person"))
    ]
    headline = _object(item.get("headline"))
    return {
        "title": _text(headline.get("main")) or _text(headline.get("print_headline")),
        "body": next(
            (text for key in ("body", "lead_paragraph", "abstract", "snippet") if (text := _text(item.get(key)))), ""
        ),
        "byline": _text(byline.get("original")) or people,
        "published": _text(item.get("pub_date")),
        "source": _text(item.get("source")) or "The New York Times",
        "section": _text(item.get("section_name")) or _text(item.get("news_desk")),
        "keywords": "",
        **named,
    }


def _newswire(item: Item, around: Around) -> Item:
    """The other interfaces of the New York Times: names by kind in lists of their own."""
    return {
        "byline": _text(item.get("byline")),
        "topics": _listed(item.get("des_facet")),
        _PEOPLE: [natural_order(_text(name)) for name in _listed(item.get("per_facet"))],
        _PLACES: _listed(item.get("geo_facet")),
        _ORGANISATIONS: _listed(item.get("org_facet")),
    }


def _guardian(item: Item, around: Around) -> Item:
    """The Content interface of the Guardian: text among the fields, topics and authors among the tags."""
    fields = _object(item.get("fields"))
    tags = _objects(item.get("tags"))
    authors = [_text(tag.get("webTitle")) for tag in tags if tag.get("type") == "contributor"]
    return {
        "title": _text(fields.get("headline")) or _text(item.get("webTitle")),
        "body": next((text for key in ("body", "bodyText", "trailText") if (text := _text(fields.get(key)))), ""),
        "byline": authors or _text(fields.get("byline")),
        "published": _text(item.get("webPublicationDate")),
        "url": _text(item.get("webUrl")),
        "source": _text(fields.get("publication")) or "The Guardian",
        "section": _text(item.get("sectionName")),
        "topics": [_text(tag.get("webTitle")) for tag in tags if tag.get("type") == "keyword"],
        "tags": "",
    }


def _washington_post(item: Item, around: Around) -> Item:
    """The collection of TREC: the text is a list of typed pieces."""
    pieces = _objects(item.get("contents"))
    of = {kind: [_text(piece.get("content")) for piece in pieces if piece.get("type") == kind] for kind in _POST_KINDS}
    return {
        "title": _text(item.get("title")) or next(iter(of["title"]), ""),
        "body": [f"<p>{text}</p>" for text in of["sanitized_html"] if text],
        "byline": _text(item.get("author")) or of["byline"][:1],
        "published": _text(item.get("published_date")) or next(iter(of["date"]), ""),
        "section": next(iter(of["kicker"]), ""),
        "contents": "",
    }


_POST_KINDS = ("title", "byline", "date", "kicker", "sanitized_html")


def _tweet(item: Item, around: Around) -> Item | Fault:
    inner = _object(item.get("tweet")) or item
    whole = _object(inner.get("retweeted_status")) or inner
    user = _object(whole.get("user"))
    longer = _object(whole.get("extended_tweet"))
    name, account = _text(user.get("name")), _text(user.get("screen_name"))
    number = _text(inner.get("id_str")) or _text(inner.get("id"))
    tags = _objects(_object(whole.get("entities")).get("hashtags"))
    return {
        "body": next(
            (t for t in (_text(longer.get("full_text")), _text(whole.get("full_text")), _text(whole.get("text"))) if t),
            "",
        ),
        "title": "",
        "byline": name,
        "source": "Twitter",
        "published": _text(inner.get("created_at")),
        "url": f"https://twitter.com/{account or 'i/web'}/status/{number}" if number else "",
        "id": f"twitter-{number}" if number else "",
        "language": _text(whole.get("lang")),
        "topics": [_text(tag.get("text")) for tag in tags],
        "entities": "",
    }


def _scraped_tweet(item: Item, around: Around) -> Item:
    """A tweet as snscrape and its like write it."""
    user = _object(item.get("user"))
    number = _text(item.get("id"))
    return {
        "body": _text(item.get("rawContent")) or _text(item.get("content")) or _text(item.get("renderedContent")),
        "title": "",
        "byline": _text(user.get("displayname")) or _text(user.get("username")),
        "source": "Twitter",
        "id": f"twitter-{number}" if number else "",
        "language": _text(item.get("lang")),
    }


def _toot(item: Item, around: Around) -> Item | Fault:
    """A post of Mastodon, as its interface and as its archive of an account (ActivityPub) give it."""
    if "account" not in item:
        post = _object(item.get("object")) or item
        if item.get("type") == "Announce" or not _text(post.get("content")):
            return Fault("a post of somebody else that was passed on")
    else:
        post = _object(item.get("reblog")) or item
    readers = [_text(name) for key in ("to", "cc") for name in _listed(post.get(key))]
    if post.get("visibility") in ("direct", "private") or (readers and not any(n.endswith("Public") for n in readers)):
        return Fault("a post that was not public")
    account = _object(post.get("account"))
    languages = list(_object(post.get("contentMap")))
    tags = [_text(tag.get("name")).lstrip("#") for tag in _objects(post.get("tags") or post.get("tag"))]
    return {
        "title": _text(post.get("spoiler_text")) or _text(post.get("summary")),
        "body": _text(post.get("content")),
        "byline": _text(account.get("display_name"))
        or _text(account.get("acct"))
        or _account(post.get("attributedTo")),
        "source": "Mastodon",
        "published": _text(post.get("created_at")) or _text(post.get("published")),
        "url": _text(post.get("url")),
        "id": _text(post.get("uri")) or _text(post.get("id")),
        "language": _text(post.get("language")) or (languages[0] if len(languages) == 1 else ""),
        "topics": tags,
        "tags": "",
        "object": "",
    }


def _account(address: Any) -> str:
    return _text(address).rstrip("/").rpartition("/")[2].lstrip("@")


def _telegram(item: Item, around: Around) -> Item | Fault:
    """A message of a chat or channel, as Telegram Desktop exports it: its text may be in pieces."""
    if item.get("type") != "message":
        return Fault("a note about the chat, no message")
    pieces = item.get("text")
    listed = pieces if isinstance(pieces, list) else [pieces]
    text = "".join(piece if isinstance(piece, str) else _text(_object(piece).get("text")) for piece in listed)
    if not text.strip():
        return Fault("a message without text")
    channel = around.get("name", "")
    sender = _text(item.get("from"))
    tags = [_text(piece.get("text")).lstrip("#") for piece in _objects(listed) if piece.get("type") == "hashtag"]
    mark = around.get("id", "") or channel
    return {
        "body": text,
        "title": "",
        "byline": _text(item.get("author")) or (sender if sender != channel else ""),
        "source": channel,
        "published": _text(item.get("date")),
        "id": f"telegram-{mark}-{_text(item.get('id'))}" if mark else _text(item.get("id")),
        "topics": tags,
        "text": "",
        "text_entities": "",
    }


def _fundus(item: Item, around: Around) -> Item:
    """fundus: the body in sections, the address beside the page."""
    body = _object(item.get("body"))
    paragraphs = [text for text in body.get("summary") or () if isinstance(text, str)]
    for section in _objects(body.get("sections")):
        for key in ("headline", "paragraphs"):
            part = section.get(key)
            paragraphs += [
                text for text in (part if isinstance(part, list) else [part]) if isinstance(text, str) and text
            ]
    page = _object(item.get("html"))
    return {
        "body": "\n\n".join(paragraphs),
        "url": _text(page.get("responded_url")) or _text(page.get("requested_url")) or _text(item.get("url")),
        "published": _text(item.get("publishing_date")),
        "html": "",
        "source": _text(item.get("publisher")) or _text(_object(page.get("source_info")).get("publisher")),
    }


def _wordpress(item: Item, around: Around) -> Item:
    """The REST interface of WordPress: authors, categories and tags are numbers of things elsewhere."""
    embedded = _object(item.get("_embedded"))
    authors = [_text(author.get("name")) for author in _objects(embedded.get("author"))]
    groups = embedded.get("wp:term")
    terms = [term for group in (groups if isinstance(groups, list) else []) for term in _objects(group)]
    named = {
        kind: [_text(t.get("name")) for t in terms if t.get("taxonomy") == kind] for kind in ("category", "post_tag")
    }
    return {
        "title": line_of_markup(_text(_object(item.get("title")).get("rendered"))),
        "body": _text(_object(item.get("content")).get("rendered"))
        or _text(_object(item.get("excerpt")).get("rendered")),
        "byline": authors,
        "author": "",
        "section": next(iter(named["category"]), ""),
        "topics": named["post_tag"],
        "tags": "",
        "categories": "",
        "published": _text(item.get("date")),
        "url": _text(item.get("link")),
        "id": _text(item.get("link")) or _text(_object(item.get("guid")).get("rendered")),
    }


def _webz(item: Item, around: Around) -> Item:
    """Webz.io: names by kind, the site in the thread around the post."""
    thread = _object(item.get("thread"))
    named = _object(item.get("entities"))
    listed = {
        facet: [_text(name.get("name")) for name in _objects(named.get(key))]
        for facet, key in ((_PEOPLE, "persons"), (_PLACES, "locations"), (_ORGANISATIONS, "organizations"))
    }
    return {
        "source": _text(thread.get("site")) or _text(thread.get("site_full")),
        "section": _text(thread.get("section_title")),
        "entities": "",
        **listed,
    }


_SHAPES: tuple[tuple[Callable[[Item], bool], Callable[[Item, Around], Item | Fault]], ...] = (
    (lambda i: isinstance(i.get("headline"), dict) and "pub_date" in i, _new_york_times),
    (lambda i: {"des_facet", "per_facet", "geo_facet"} <= i.keys(), _newswire),
    (lambda i: "renderedContent" in i or ("rawContent" in i and "user" in i), _scraped_tweet),
    (lambda i: "webTitle" in i and "webPublicationDate" in i, _guardian),
    (
        lambda i: any("mime" in p or p.get("type") == "sanitized_html" for p in _objects(i.get("contents"))),
        _washington_post,
    ),
    (lambda i: {"created_at", "id_str"} <= (_object(i.get("tweet")) or i).keys(), _tweet),
    (lambda i: {"account", "created_at", "content"} <= i.keys(), _toot),
    (lambda i: i.get("type") in ("Create", "Announce", "Note") and ("object" in i or "attributedTo" in i), _toot),
    (
        lambda i: (
            {"id", "type", "date"} <= i.keys()
            and (i.keys() & {"text_entities", "from_id", "actor_id"} != set() or i["type"] == "service")
        ),
        _telegram,
    ),
    (lambda i: isinstance(i.get("body"), dict) and "sections" in i["body"], _fundus),
    (lambda i: "rendered" in _object(i.get("title")) and "rendered" in _object(i.get("content")), _wordpress),
    (lambda i: isinstance(i.get("thread"), dict) and "uuid" in i, _webz),
)

"""The article page: the text with names linked and matches marked, and what is known of the article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlencode

import bottle
from markupsafe import Markup

from searchapp.archive import State, citations
from searchapp.archive.exporting import unread_language
from searchapp.insight.neighbours import Neighbours, neighbours_in, questions_around
from searchapp.insight.similar import alike, question_of_similar
from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET, KINDS, Article, Mention
from searchapp.model.query import SearchRequest
from searchapp.model.result import Hit
from searchapp.web.feeds.metadata import citation_meta, json_ld
from searchapp.web.links import (
    SearchLinks,
    article_path,
    entity_path,
    read_number,
    read_pairs,
    read_search,
    write_search,
)
from searchapp.web.pages.filters import language_of
from searchapp.web.pages.marking import Numbering, paragraphs, with_marks
from searchapp.web.site import Site

__all__ = ["add_routes"]

Matches: TypeAlias = tuple[list[tuple[int, int]], list[tuple[int, int]]]
"""Characters of the title, and of the body."""

SIMILAR = 5
LINES = 200
"""Matches that are listed with what stands around them."""
AROUND = 70
"""Characters on either side of a listed match."""
JUMPS = 15
"""Matches with a link of their own where no script steps through them."""

_NOTHING_ASKED = SearchRequest()
_CITATIONS = {
    "bib": (citations.bibtex, "application/x-bibtex; charset=utf-8"),
    "ris": (citations.ris, "application/x-research-info-systems; charset=utf-8"),
}


@dataclass(frozen=True, slots=True)
class NameView:
    """A name of the article, with how often it is mentioned."""

    label: str
    mentions: int
    path: str
    only: str
    """The search for its articles."""


@dataclass(frozen=True, slots=True)
class SimilarView:
    """An article that is much like this one."""

    article: Article
    path: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the article stands among the hits of the search it was opened from."""

    number: int
    total: int
    back: str
    before: str
    after: str


def add_routes(app: bottle.Bottle, site: Site) -> None:
    """Adds the article page and its citations."""

    def by_parameter(state: State) -> bytes:
        return show(site, state, _id_parameter())

    def by_path(state: State, article_id: str) -> bytes:
        return show(site, state, article_id)

    def citation(state: State, form: str) -> bottle.HTTPResponse:
        write, kind = _CITATIONS[form]
        response = bottle.HTTPResponse(write(state.get(_id_parameter())).encode("utf-8", "replace"))
        response.set_header("Content-Type", kind)
        response.set_header("Content-Disposition", f'attachment; filename="citation.{form}"')
        return response

    app.route("/article", callback=by_parameter)
    app.route("/article/<article_id:path>", callback=by_path)
    app.route("/cite.<form:re:bib|ris>", callback=citation)


def show(site: Site, state: State, article_id: str) -> bytes:
    """The page of one article. Raises `ArticleNotFound`."""
    article = state.get(article_id)
    query_string = bottle.request.query_string
    request = read_search(query_string)
    number = read_number("hit", query_string, default=0)
    similar: tuple[Hit, ...] | None = state.recall(("similar", article.id))
    around = questions_around(request, number) if number else []
    answers = state.ask(*around, *([question_of_similar(article, limit=SIMILAR)] if similar is None else []))
    if similar is None:
        similar = alike(answers[-1], article, limit=SIMILAR)
        state.keep(("similar", article.id), similar)
    beside = neighbours_in(answers[: len(around)], number, article.id)
    numbering = Numbering()
    matches = state.marks(request.text, article)
    title, body = marked(article, matches, numbering, check=state.check)
    names = names_of(article)
    identified = urlencode({"id": article.id}, errors="replace")
    return site.render(
        "article.html",
        article=article,
        search_text=request.text,
        language=language_of(article, site),
        title=title,
        paragraphs=body,
        matches=numbering.last,
        lines=lines_of(article, matches) if sum(map(len, matches)) == numbering.last else (),
        jumps=range(1, min(numbering.last, JUMPS) + 1),
        names=names,
        unread=unread_language(article),
        marked_kinds=[kind for kind in KINDS if any(name.mentions for name in names.get(kind, ()))],
        standing=standing_of(request, beside),
        similar=[SimilarView(hit.article, article_path(hit.article.id)) for hit in similar],
        url=citations.web_address(article.url),
        linked_data=json_ld(article),
        citation_meta=citation_meta(article),
        citation=citations.plain(article, page=article.page_at(matches[1][0][0]) if matches[1] else 0),
        citation_links=[(form, f"/cite.{form}?{identified}") for form in _CITATIONS],
        topics=[(topic, SearchLinks(SearchRequest(topics=(topic,)), path="/").paging(1)) for topic in article.topics],
        source_link=SearchLinks(SearchRequest(sources=(article.source,)), path="/").paging(1) if article.source else "",
    )


def marked(
    article: Article, matches: Matches, numbering: Numbering, *, check: Callable[[], None] = lambda: None
) -> tuple[Markup, list[Markup]]:
    """Title and paragraphs of an article with its names linked and the matches in each marked.

    `check` is called before each paragraph.
    """
    title_matches, body_matches = matches

    addresses: dict[tuple[str, str], str] = {}

    def link(mention: Mention) -> str:
        named = mention.kind, mention.label
        found = addresses.get(named)
        if found is None:
            found = addresses[named] = entity_path(*named)
        return found

    title = with_marks(
        article.title, mentions=article.title_mentions, matches=title_matches, link=link, numbering=numbering
    )
    text, mentions = article.body, article.mentions
    body = []
    for span in paragraphs(text):
        check()
        body.append(
            with_marks(text, span=span, mentions=mentions, matches=body_matches, link=link, numbering=numbering)
        )
    return title, body


def lines_of(article: Article, matches: Matches) -> list[tuple[int, Markup]]:
    """The number of each of the first matches, and the words around it with the match marked."""
    title_matches, body_matches = matches
    spans = [(article.title, span) for span in title_matches] + [(article.body, span) for span in body_matches]
    lines = []
    for number, (text, (start, end)) in enumerate(spans[:LINES], start=1):
        before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
        # Whole words, but for one that is longer than all that is shown.
        before = before.partition(" ")[2] or before if start > AROUND else before
        after = after.rpartition(" ")[0] or after if end + AROUND < len(text) else after
        lines.append((number, Markup("{}<mark>{}</mark>{}").format(before, text[start:end], after)))
    return lines


def names_of(article: Article) -> dict[str, list[NameView]]:
    """Kind to the names of that kind, the most mentioned first; a name that only the file gives has no mention."""
    counts: Counter[tuple[str, str]] = Counter()
    for mention in (*article.title_mentions, *article.mentions):
        counts[mention.kind, mention.label] += 1
    for facet, labels in article.assigned.items():
        for label in labels:
            counts.setdefault((KIND_OF_FACET[facet], label), 0)
    found: dict[str, list[NameView]] = {kind: [] for kind in KINDS}
    for (kind, label), count in sorted(counts.items(), key=lambda item: -item[1]):
        only = SearchLinks(_NOTHING_ASKED, path="/").choosing(FACET_OF_KIND[kind], label)
        found[kind].append(NameView(label, count, entity_path(kind, label), only))
    return {kind: names for kind, names in found.items() if names}


def standing_of(request: SearchRequest, beside: Neighbours | None) -> Standing | None:
    """Links to the hits before and after; None where the article is not, or no longer, that hit of the search."""
    if beside is None:
        return None
    search = write_search(request, page=1)
    return Standing(
        number=beside.number,
        total=beside.total,
        back=SearchLinks(request, path="/").paging((beside.number - 1) // request.page_size + 1),
        before=article_path(beside.before, search, hit=beside.number - 1) if beside.before else "",
        after=article_path(beside.after, search, hit=beside.number + 1) if beside.after else "",
    )


def _id_parameter() -> str:
    return dict(read_pairs(bottle.request.query_string)).get("id", "")

"""Articles without names to articles with names: recognise, link, and put the mentions in place."""

from __future__ import annotations

from collections.abc import Sequence

from searchapp.entities.linking.boilerplate import Boilerplate
from searchapp.entities.linking.boundaries import settled_spans
from searchapp.entities.linking.forms import FORMS, Form
from searchapp.entities.linking.within import link
from searchapp.entities.places.gazetteer import is_demonym
from searchapp.entities.recognising.base import Passage, Recogniser, Span
from searchapp.language.detecting import is_foreign
from searchapp.model.article import Article, Mention

__all__ = ["annotated"]


def annotated(articles: Sequence[Article], recogniser: Recogniser) -> list[Article]:
    """The articles with their mentions, in the same order.

    Mentions that an article has already (its file marks names in the text) are kept and win over recognised ones
    that overlap them. Nothing is taken from credits, bylines and navigation, and no place from a demonym alone. In an
    article that is certainly in another language than those of the recogniser, nothing is recognised.
    """
    passages = [Passage(article.title, article.body) for article in articles]
    read = [_reads(recogniser, article) for article in articles]
    spans_of = iter(recogniser.spans([passage for passage, is_read in zip(passages, read, strict=True) if is_read]))
    found = [next(spans_of) if is_read else [] for is_read in read]
    return [
        _with_mentions(article, passage, spans)
        for article, passage, spans in zip(articles, passages, found, strict=True)
    ]


def _reads(recogniser: Recogniser, article: Article) -> bool:
    # Names of other languages would be cut wrongly and glued together.
    if not article.language or not getattr(recogniser, "english_only", False):
        return True
    return not is_foreign(article.title, article.body, article.language)


def _with_mentions(article: Article, passage: Passage, spans: Sequence[Span]) -> Article:
    text, body_start, title_end = passage.text, passage.body_start, len(passage.title)
    given: dict[tuple[int, int], Mention] = {}
    forms: list[Form] | None = None
    if spans:
        spans, forms = _names_in(text, spans)
    if article.mentions or article.title_mentions:
        for mention in article.title_mentions:
            given[mention.start, mention.end] = mention
        for mention in article.mentions:
            given[mention.start + body_start, mention.end + body_start] = mention
        spans, forms = _merged(given, spans), None
    title_mentions: list[Mention] = []
    mentions: list[Mention] = []
    linked = link(text, spans, body_start=body_start, assigned=article.assigned, forms=forms, dateline=article.dateline)
    for span, (kind, label) in zip(spans, linked, strict=True):
        if not label:
            continue
        start, end = span.start, span.end
        if given and (marked := given.get((start, end))) is not None:
            kind = marked.kind
            label = label if marked.label == marked.text else marked.label
        if start >= body_start:
            mentions.append(Mention(start - body_start, end - body_start, text[start:end], kind, label))
        elif end <= title_end:
            title_mentions.append(Mention(start, end, text[start:end], kind, label))
    return article.with_mentions(title_mentions, mentions)


def _names_in(text: str, spans: Sequence[Span]) -> tuple[list[Span], list[Form]]:
    """Those of `spans` that name what the article reports on, and their forms."""
    kept: list[Span] = []
    forms: list[Form] = []
    boilerplate = Boilerplate(text)
    for span in settled_spans(text, spans):
        form = FORMS[span.kind][text[span.start : span.end]]
        if form.nameable is None:
            form.nameable = _can_name(form, span.kind)
        if form.nameable and not boilerplate.holds(span.start):
            kept.append(span)
            forms.append(form)
    return kept, forms


def _can_name(form: Form, kind: str) -> bool:
    """Whether a stretch of text has a letter and is not a demonym: "Azeri", "Russians"."""
    if not form.shown.isalpha() and not any(map(str.isalpha, form.shown)):
        return False
    return kind == "person" or not is_demonym(form.place)


def _merged(given: dict[tuple[int, int], Mention], spans: Sequence[Span]) -> list[Span]:
    """The given mentions as spans, and those of `spans` that overlap none of them, in reading order."""
    merged = [Span(start, end, mention.kind, 1.0) for (start, end), mention in given.items()]
    merged.sort(key=lambda span: span.start)
    taken = list(merged)
    at = 0
    for span in spans:
        while at < len(taken) and taken[at].end <= span.start:
            at += 1
        if at == len(taken) or taken[at].start >= span.end:
            merged.append(span)
    merged.sort(key=lambda span: span.start)
    return merged

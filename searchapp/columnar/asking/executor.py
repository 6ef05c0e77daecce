"""Searches a view: exact totals, the best hits, facets that leave out their own choice, a timeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.query import qcore

from searchapp import compiled
from searchapp.columnar.asking.answers import (
    Answer,
    FacetAsked,
    FacetCounts,
    FacetFilter,
    Found,
    HitsAsked,
    KeptSearch,
    Question,
)
from searchapp.columnar.asking.counting import NO_LABEL, Counted, count_facet, count_together
from searchapp.columnar.asking.docsets import Found as Matches
from searchapp.columnar.asking.docsets import Selection
from searchapp.columnar.asking.evaluation import Evaluation, Others
from searchapp.columnar.asking.facets import FacetIndex, Relabelling, SegmentFacet
from searchapp.columnar.asking.queries import LabelIn, LabelWords, SpelledLike
from searchapp.columnar.asking.ranking import Nearness, Preferences
from searchapp.columnar.asking.scoring import Scoring
from searchapp.columnar.asking.surface import forms_of_leaf, positive_leaves
from searchapp.columnar.asking.together import LabelRows
from searchapp.columnar.asking.views import Clock, SegmentView, View
from searchapp.columnar.format.columns import NumberColumn

__all__ = ["Executor"]

Array = npt.NDArray[Any]

KEY_BYTES = 80
"""About what each part of a key takes."""


@dataclass(slots=True)
class _SegmentMatches:
    """What matches in one segment."""

    full: Matches
    """Under all filters."""
    chosen: Selection
    """The articles of `full`."""
    sideways: dict[str, Selection]
    """For a facet whose own choice is left out: the articles then."""


class Executor:
    """Answers questions about one view. Safe to use from several threads."""

    def __init__(
        self, view: View, facets: FacetIndex, others: Others | None = None, *, scoring: Scoring | None = None
    ) -> None:
        """`others` evaluates over a segment what this cannot; without it such a query raises `TypeError`."""
        self.view = view
        self.facets = facets
        self._others = others
        self._scoring = scoring or Scoring()

    def search(self, question: Question) -> Answer:
        """The answer. Raises `SearchTimeout` when it takes longer than the question allows."""
        if question.key is None:
            return self._searched(question, KeptSearch())
        key = (self.view.mark, self.facets.serial, question.relabelling.version, question.key)
        known = self.view.cache.known(key)
        kept = KeptSearch.of(known) if known else KeptSearch()
        answer = self._searched(question, kept)
        if kept.grown:
            self.view.cache.keep(key, kept.packed(), kept.nbytes + KEY_BYTES * len(question.key))
        return answer

    def _searched(self, question: Question, kept: KeptSearch) -> Answer:
        """The answer, of what is kept and of what is looked for now, which is kept too."""
        clock = Clock(question.deadline_s)
        parts: list[_SegmentMatches] = []

        def matches() -> list[_SegmentMatches]:
            if not parts:
                parts.extend([self._matches(place, question, clock) for place in range(len(self.view.segments))])
                clock.check()
            return parts

        if kept.total < 0:
            kept.total = sum([len(part.full.docs) for part in matches()])
        hits = []
        for asked in question.hits:
            page = kept.page(asked)
            if page is None:
                wanted = kept.wanted(asked)
                docs, scores = self._best(matches(), wanted, question.preferences, clock)
                kept.keep(wanted, docs, scores)
                place = slice(asked.offset - wanted.offset, asked.offset - wanted.offset + asked.limit)
                page = docs[place], scores[place]
            hits.append(tuple(map(Found, page[0].tolist(), page[1].tolist())))
        facets = kept.facets(question.facets)
        if facets is None:
            facets = self._facets(matches(), question, clock)
            kept.keep_facets(question.facets, facets)
        dates = (question.timeline, question.steps.name if question.steps else "")
        timeline = kept.timelines.get(dates)
        if timeline is None:
            timeline = self._timeline(matches(), question) if question.timeline else ((), ())
            kept.timelines[dates] = timeline
            kept.grown = True
        return Answer(total=kept.total, hits=tuple(hits), facets=facets, timeline=tuple(zip(*timeline, strict=True)))

    def docs(self, query: qcore.Query, relabelling: Relabelling | None = None) -> Array:
        """int64: all matching articles, ascending, by their number over all segments."""
        question = Question(query=query, relabelling=relabelling or Relabelling())
        clock = Clock(None)
        parts = [
            self._matches(place, question, clock).full.docs.astype(np.int64) + base
            for place, base in enumerate(self.view.bases)
        ]
        return np.concatenate([np.empty(0, np.int64), *parts])

    def surface_forms(self, query: qcore.Query, *, limit: int = 1_000) -> frozenset[str]:
        """Forms of words that make an article match, for marking them; at most about `limit` of them."""
        found: set[str] = set()
        for leaf in positive_leaves(query):
            for segment in self.view.segments:
                if len(found) < limit:
                    found.update(forms_of_leaf(segment, leaf, limit))
        return frozenset(found)

    def spelled(self, tree: SpelledLike) -> dict[str, int]:
        """Each form that the query matches, with the number of living articles that hold it in any of its fields."""
        counts: dict[str, int] = {}
        for segment in self.view.segments:
            holders: dict[str, list[Array]] = {}
            for field in tree.fields:
                text = segment.data.text(field)
                for number in segment.forms_like(field, tree.word, tree.edits).tolist():
                    assert text is not None
                    form = text.forms[number].decode("utf-8", "surrogatepass")
                    holders.setdefault(form, []).extend(text.docs_of_forms(np.array([number])))
            for form, parts in holders.items():
                count = len(segment.living(np.unique(np.concatenate([np.empty(0, np.int64), *parts]))))
                if count:
                    counts[form] = counts.get(form, 0) + count
        return counts

    def _matches(self, place: int, question: Question, clock: Clock) -> _SegmentMatches:
        evaluation = Evaluation(
            self.view,
            place,
            clock,
            label_docs=lambda at, tree: self._docs_labelled(at, tree, question.relabelling),
            others=self._others,
            scoring=self._scoring,
        )
        found = evaluation.find(question.query)
        base: Array | None = None
        for bounds in question.ranges:
            base = _and(base, evaluation.range_mask(bounds))
        chosen: dict[str, Array] = {}
        for rule in question.filters:
            if rule.excluded:
                base = _and(base, ~self._any(place, rule.facet, rule.excluded, question.relabelling))
            if rule.chosen:
                chosen[rule.facet] = self._chosen(place, rule, question.relabelling)
        if base is not None:
            found = found.kept(base[found.docs])
        if not chosen:
            return _SegmentMatches(found, self._select(place, found.docs), {})
        clock.check()
        any_of = {rule.facet for rule in question.filters if rule.chosen and not rule.every}
        inside = {facet: mask[found.docs] for facet, mask in chosen.items()}
        sideways = {}
        for facet in (asked.facet for asked in question.facets):
            if facet in any_of:
                # Leave out this facet's own choice, or choosing York would hide every other place.
                others = [flags for name, flags in inside.items() if name != facet]
                docs = found.docs[np.flatnonzero(np.logical_and.reduce(others))] if others else found.docs
                sideways[facet] = self._select(place, docs)
        full = found.kept(np.logical_and.reduce(list(inside.values())))
        return _SegmentMatches(full, self._select(place, full.docs), sideways)

    def _select(self, place: int, docs: Array) -> Selection:
        segment = self.view.segments[place]
        return Selection(docs, segment.docs, segment.live, segment.live_count)

    def _chosen(self, place: int, rule: FacetFilter, relabelling: Relabelling) -> Array:
        if not rule.every:
            return self._any(place, rule.facet, rule.chosen, relabelling)
        masks = [self._any(place, rule.facet, (label,), relabelling) for label in rule.chosen]
        mask: Array = np.logical_and.reduce(masks)
        return mask

    def _any(self, place: int, facet: str, labels: Sequence[str], relabelling: Relabelling) -> Array:
        segment = self.view.segments[place]
        counted = self.facets.of(segment, facet, relabelling)
        mask = np.zeros(segment.docs, bool)
        for label in labels:
            number = self.facets.number(facet, label)
            if number is not None:
                mask[counted.docs(number)] = True
        return mask

    def shows(self, facet: str, label: str, relabelling: Relabelling) -> bool:
        """Whether an article has the label of a facet as it is shown."""
        views = [self.facets.of(segment, facet, relabelling) for segment in self.view.segments]
        number = self.facets.number(facet, label)
        return number is not None and any(len(view.docs(number)) for view in views)

    def _docs_labelled(self, place: int, tree: LabelIn | LabelWords, relabelling: Relabelling) -> Array:
        if isinstance(tree, LabelIn):
            return np.flatnonzero(self._any(place, tree.facet, tree.labels, relabelling))
        # Every segment's labels must be known before the table of all is searched.
        for segment in self.view.segments:
            self.facets.of(segment, tree.facet, relabelling)
        numbers = self.facets.with_words(tree.facet, tree.words, prefix=tree.prefix)
        segment = self.view.segments[place]
        counted = self.facets.of(segment, tree.facet, relabelling)
        mask = np.zeros(segment.docs, bool)
        for number in numbers.tolist():
            mask[counted.docs(number)] = True
        return np.flatnonzero(mask)

    def _best(
        self, parts: Sequence[_SegmentMatches], asked: HitsAsked, preferences: Preferences, clock: Clock
    ) -> tuple[Array, Array]:
        """A page of articles by their numbers over all segments, and their scores."""
        count = asked.offset + asked.limit
        best = [
            self._best_of_segment(part.full, count, asked.sort, Nearness(segment, preferences, clock))
            for segment, part in zip(self.view.segments, parts, strict=True)
        ]
        filled = [
            (docs + base, scores) for base, (docs, scores) in zip(self.view.bases, best, strict=True) if len(docs)
        ]
        if not filled:
            return np.empty(0, np.int64), np.empty(0)
        docs, scores = filled[0]
        if len(filled) > 1:
            docs = np.concatenate([docs for docs, _ in filled])
            scores = np.concatenate([scores for _, scores in filled])
            order = self._order(docs, scores, asked.sort)
            docs, scores = docs[order], scores[order]
        page = slice(asked.offset, count)
        return docs[page], scores[page]

    def _best_of_segment(self, matches: Matches, count: int, sort: str, nearness: Nearness) -> tuple[Array, Array]:
        """Articles and scores of the best `count` of a segment, in order."""
        segment = nearness.segment
        if not len(matches.docs) or not count:
            return np.empty(0, np.int64), np.empty(0)
        ranks = segment.oldest_ranks if sort == "oldest" else segment.newest_ranks
        if sort == "score" and (nearness.most or not isinstance(matches.scores, float)):
            return nearness.best(matches.docs, matches.score_array(), ranks, count)
        best, scores = compiled.steps.best(matches.docs, None, ranks, count, 0.0, None)
        if matches.scores == 0.0 and not nearness.most:
            return best, scores
        # Scores are asked for in the order of articles.
        found = Matches(np.sort(best), matches.scores)
        return best, (found.score_array() + nearness.of(found.docs))[np.searchsorted(found.docs, best)]

    def _order(self, docs: Array, scores: Array, sort: str) -> Array:
        """What sorts hits of several segments, the articles of which are together."""
        keys: list[Array] = [docs]
        if self.view.order is not None:
            places = np.searchsorted(self.view.bases, docs, side="right") - 1
            dates, ties = np.zeros(len(docs), np.int64), np.zeros(len(docs), np.int64)
            undated = np.ones(len(docs), bool)
            for place in np.unique(places).tolist():
                here = places == place
                data = self.view.segments[place].data
                date_column, tie_column = (data.numbers(name) for name in self.view.order)
                own = docs[here] - self.view.bases[place]
                if date_column is not None:
                    dates[here], undated[here] = date_column.numbers(own)
                if tie_column is not None:
                    ties[here] = tie_column.numbers(own)[0]
            keys = [ties, dates if sort == "oldest" else ~dates, undated]
        if sort == "score":
            keys.append(-scores)
        return np.lexsort(keys)

    def _facets(self, parts: Sequence[_SegmentMatches], question: Question, clock: Clock) -> tuple[FacetCounts, ...]:
        names = tuple(dict.fromkeys(asked.facet for asked in question.facets))
        if not names:
            return ()
        views = {
            name: [self.facets.of(segment, name, question.relabelling) for segment in self.view.segments]
            for name in names
        }
        clock.check()
        hits = [part.chosen for part in parts]
        rows = [self._rows(place, names, [views[name][place] for name in names]) for place in range(len(parts))]
        shown = dict(zip(names, count_together(rows, hits), strict=True)) if parts else {}
        rules = {rule.facet: rule for rule in question.filters}
        aside: dict[str, Counted] = {}
        for name in names:
            if (rule := rules.get(name)) and rule.chosen and not rule.every:
                alone = [self._rows(place, (name,), [views[name][place]]) for place in range(len(parts))]
                aside |= zip([name], count_together(alone, [part.sideways[name] for part in parts]), strict=False)
        found = []
        for asked in question.facets:
            name = asked.facet
            sideways = [part.sideways[name] for part in parts] if name in aside else None
            counts = count_facet(
                self.facets,
                asked,
                views[name],
                hits=hits,
                sideways=sideways,
                chosen=rules[name].chosen if name in rules else (),
                counted=aside.get(name) or shown.get(name, NO_LABEL),
                shown=shown.get(name, NO_LABEL),
            )
            if asked.timeline:
                chosen = sideways or hits
                timelines = tuple(self._timeline_of(asked, label, views[name], chosen) for label in counts.labels)
                counts = replace(counts, timelines=timelines)
            found.append(counts)
        return tuple(found)

    def _rows(self, place: int, names: tuple[str, ...], facets: Sequence[SegmentFacet]) -> LabelRows:
        """The labels of these facets by article, kept for as long as the facets are what they are."""
        segment = self.view.segments[place]
        key = ("rows", names)
        known: LabelRows | None = segment.facets.get(key)
        if known is None or not known.is_of(facets):
            known = segment.facets[key] = LabelRows(facets, segment.docs)
        return known

    def _timeline_of(
        self, asked: FacetAsked, label: str, views: Sequence[SegmentFacet], selections: Sequence[Selection]
    ) -> tuple[tuple[int, int], ...]:
        """The articles of one label by number."""
        number = self.facets.number(asked.facet, label)
        total: dict[int, int] = {}
        for segment, view, selection in zip(self.view.segments, views, selections, strict=True):
            column = segment.data.numbers(asked.timeline)
            if column is None or number is None:
                continue
            docs = view.docs(number)
            docs = docs[np.flatnonzero(selection.mask[docs])]
            counts = np.bincount(column.codes.take(docs), minlength=len(column.values) + 1)[:-1]
            for place in np.flatnonzero(counts).tolist():
                value = int(column.values[place])
                total[value] = total.get(value, 0) + int(counts[place])
        return tuple(sorted(total.items()))

    def _timeline(
        self, parts: Sequence[_SegmentMatches], question: Question
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        counted: list[tuple[Array, Array]] = []
        for part, segment in zip(parts, self.view.segments, strict=True):
            column = segment.data.numbers(question.timeline)
            if column is not None and len(part.chosen.docs):
                codes, counts = _date_counts(segment, question.timeline, column, part.chosen)
                counted.append((column.values[codes], counts))
        if not counted:
            return (), ()
        found, numbers = counted[0]
        if len(counted) > 1:
            found = np.concatenate([values for values, _ in counted])
            order = np.argsort(found, kind="stable")
            numbers = np.concatenate([counts for _, counts in counted])[order]
            found, numbers = compiled.steps.added_up(found[order], numbers)
        if question.steps is not None and len(found):
            found, numbers = compiled.steps.added_up(question.steps.of(found), numbers)
        return tuple(found.tolist()), tuple(numbers.tolist())


def _date_counts(segment: SegmentView, field: str, column: NumberColumn, chosen: Selection) -> tuple[Array, Array]:
    """The codes of the column's numbers that the articles have, ascending, and how many have each."""
    size = len(column.values)
    if not chosen.most:
        return compiled.steps.code_counts(chosen.docs, column.codes, size)
    key = ("", field)
    totals: Array | None = segment.facets.get(key)
    if totals is None:
        totals = segment.facets[key] = np.bincount(column.codes.take(segment.all_docs), minlength=size + 1)[:size]
    if not chosen.everything:
        codes, counts = compiled.steps.code_counts(chosen.rest.docs, column.codes, size)
        totals = totals.copy()
        totals[codes] -= counts
    codes = np.flatnonzero(totals)
    return codes, totals[codes]


def _and(mask: Array | None, other: Array) -> Array:
    return other if mask is None else mask & other

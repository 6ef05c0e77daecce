"""A query tree, evaluated over the arrays of one segment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from whoosh import query
from whoosh.query import qcore

from searchapp.columnar.asking.docsets import NOTHING, Found, difference, intersection, union
from searchapp.columnar.asking.phrases import near_docs, phrase_docs
from searchapp.columnar.asking.queries import (
    LabelIn,
    LabelWords,
    NearIn,
    NumberRange,
    PatternIn,
    PhraseIn,
    SpelledLike,
    TermIn,
    Weights,
)
from searchapp.columnar.asking.scoring import Parts, Scaled, Scoring, Sum
from searchapp.columnar.asking.views import Clock, View

__all__ = ["Evaluation", "Others", "boosted"]

Array = npt.NDArray[Any]


class Evaluation:
    """Evaluates queries over one segment of a view."""

    def __init__(
        self,
        view: View,
        place: int,
        clock: Clock,
        *,
        label_docs: Callable[[int, LabelIn | LabelWords], Array],
        others: Others | None = None,
        scoring: Scoring | None = None,
    ) -> None:
        """`label_docs` finds what only the facets tell, `others` queries of classes that are not known here."""
        self.view = view
        self.place = place
        self.segment = view.segments[place]
        self.size = self.segment.docs
        self.clock = clock
        self.scoring = scoring or Scoring()
        self._label_docs = label_docs
        self._others = others

    def find(self, tree: qcore.Query) -> Found:
        """The living articles that match, with their scores. Raises `TypeError` for a query that nobody knows."""
        self.clock.check()
        way = _WAYS.get(type(tree))
        found = way(self, tree) if way else None
        if found is not None:
            return found
        if self._others is None:
            raise TypeError(f"the store cannot evaluate {tree!r}; ask an index opened with searchapp.columnar.whoosh")
        return self._others(self, tree)

    def everything(self) -> Found:
        """Every living article."""
        return Found(self.segment.all_docs)

    def _every(self, tree: query.Every) -> Found | None:
        return self.everything() if tree.fieldname is None else None

    def _nothing(self, _tree: qcore.Query) -> Found:
        return NOTHING

    def _and(self, tree: query.And) -> Found:
        wanted = [child for child in tree.subqueries if type(child) is not query.Not]
        unwanted = [child.query for child in tree.subqueries if type(child) is query.Not]
        found = intersection([self.find(child) for child in wanted]) if wanted else self.everything()
        for child in unwanted:
            if not len(found.docs):
                break
            found = difference(found, self.find(child).docs)
        return boosted(found, tree.boost)

    def _or(self, tree: query.Or) -> Found | None:
        if tree.scale:
            return None
        return boosted(union([self.find(child) for child in tree.subqueries], self.size), tree.boost)

    def _not(self, tree: query.Not) -> Found:
        return difference(self.everything(), self.find(tree.query).docs)

    def _term_in(self, tree: TermIn) -> Found:
        return self.term(tree.stems, tree.fields)

    def term(self, stems: Sequence[str], fields: Weights) -> Found:
        """Articles with a word in any of the fields, of each of which its stem is given."""
        return self.holding(tuple([stem.encode("utf-8", "surrogatepass") for stem in stems]), fields)

    def holding(self, stems: tuple[bytes, ...], fields: Weights) -> Found:
        """The same, of stems as they are stored."""
        return self.view.scored(self.place, fields, stems, self.scoring)

    def _phrase_in(self, tree: PhraseIn) -> Found:
        return self.view.cached((self.place, "phrase", tree.key()), lambda: self.phrase(tree))

    def phrase(self, tree: PhraseIn) -> Found:
        """Articles where the words stand next to each other in one of the fields."""
        return self._of_places(
            tree, lambda text, *words: phrase_docs(text, *words, exact=tree.exact, check=self.clock.check)
        )

    def _near_in(self, tree: NearIn) -> Found:
        return self.view.cached((self.place, "near", tree.key()), lambda: self.near(tree))

    def near(self, tree: NearIn) -> Found:
        """Articles where the words stand near each other in one of the fields."""
        return self._of_places(
            tree, lambda text, *words: near_docs(text, *words, within=tree.within, check=self.clock.check)
        )

    def _of_places(self, tree: PhraseIn | NearIn, docs_in: Callable[..., Array]) -> Found:
        words = [word.encode("utf-8", "surrogatepass") for word in tree.words]
        found = []
        for number, (field, _) in enumerate(tree.fields):
            text = self.segment.data.text(field)
            if text is not None:
                stems = [own[number].encode("utf-8", "surrogatepass") for own in tree.stems]
                found.append(Found(docs_in(text, words, stems)))
        docs = self.segment.living(union(found, self.size).docs)
        if not len(docs):
            return NOTHING
        return Found(docs, Sum([self.term(own, tree.fields).scores for own in tree.stems]))

    def _pattern_in(self, tree: PatternIn) -> Found:
        forms = self.segment.forms_matching
        return self._of_forms(tree, lambda field: forms(field, tree.pattern))

    def _spelled_like(self, tree: SpelledLike) -> Found:
        forms = self.segment.forms_like
        found = self._of_forms(tree, lambda field: forms(field, tree.word, tree.edits))
        if not tree.itself:
            return found
        own = self._pattern_in(PatternIn(tree.word, tree.fields))
        if not len(own.docs):
            return found
        return Found(found.docs, Parts([(found.docs, 1.0), (own.docs, tree.itself)], self.size))

    def _of_forms(self, tree: PatternIn | SpelledLike, choose: Callable[[str], Array]) -> Found:
        key = (self.place, "forms", type(tree), *tree.key())
        return self.view.cached(key, lambda: self._find_forms(tree.fields, choose))

    def _find_forms(self, fields: Sequence[str], choose: Callable[[str], Array]) -> Found:
        """Articles with any of the chosen forms; each scores 1."""
        mask = np.zeros(self.size, bool)
        for field in fields:
            text = self.segment.data.text(field)
            if text is None:
                continue
            forms = choose(field)
            for docs in text.docs_of_forms(forms):
                self.clock.check()
                mask[docs] = True
        if self.segment.live is not None:
            mask &= self.segment.live
        return Found(np.flatnonzero(mask), 1.0)

    def _labelled(self, tree: LabelIn | LabelWords) -> Found:
        return Found(self._label_docs(self.place, tree))

    def _number_range(self, tree: NumberRange) -> Found:
        return Found(np.flatnonzero(self.range_mask(tree)))

    def range_mask(self, tree: NumberRange) -> Array:
        """bool for each article: whether it lives and its number is in the range."""
        column = self.segment.data.numbers(tree.fieldname)
        if column is None:
            return np.zeros(self.size, bool)
        start, stop = column.code_range(tree.low, tree.high)
        mask: Array = column.codes < stop
        if start:
            mask &= column.codes >= start
        if self.segment.live is not None:
            mask &= self.segment.live
        return mask


def boosted(found: Found, boost: float) -> Found:
    """The same articles, their scores multiplied."""
    if boost == 1.0:
        return found
    scores = found.scores
    return Found(found.docs, scores * boost if isinstance(scores, float) else Scaled(scores, boost))


Others: TypeAlias = Callable[[Evaluation, qcore.Query], Found]

_WAYS: dict[type, Callable[[Evaluation, Any], Found | None]] = {
    query.And: Evaluation._and,
    query.Or: Evaluation._or,
    query.Not: Evaluation._not,
    query.Every: Evaluation._every,
    type(query.NullQuery): Evaluation._nothing,
    TermIn: Evaluation._term_in,
    PhraseIn: Evaluation._phrase_in,
    NearIn: Evaluation._near_in,
    PatternIn: Evaluation._pattern_in,
    SpelledLike: Evaluation._spelled_like,
    LabelIn: Evaluation._labelled,
    LabelWords: Evaluation._labelled,
    NumberRange: Evaluation._number_range,
}

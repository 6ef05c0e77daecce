"""A query tree, evaluated over the arrays of one segment."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import query
from whoosh.query import qcore

from searchapp.columnar.asking.docsets import NOTHING, Found, difference, intersection, union
from searchapp.columnar.asking.phrases import phrase_docs
from searchapp.columnar.asking.queries import LabelWords, NumberRange, PatternIn, PhraseIn, SpelledLike, TermIn, Weights
from searchapp.columnar.asking.views import Clock, View
from searchapp.columnar.format.fields import EXACT_SUFFIX
from searchapp.columnar.whoosh.expansion import words_of

__all__ = ["Evaluation"]

Array = npt.NDArray[Any]
log = logging.getLogger(__name__)


class Evaluation:
    """Evaluates queries over one segment of a view."""

    def __init__(
        self,
        view: View,
        place: int,
        clock: Clock,
        *,
        label_docs: Callable[[int, LabelWords], Array],
        fallback: Callable[[int, qcore.Query], Found],
    ) -> None:
        self.view = view
        self.place = place
        self.segment = view.segments[place]
        self.size = self.segment.docs
        self._clock = clock
        self._label_docs = label_docs
        self._fallback = fallback

    def find(self, tree: qcore.Query) -> Found:
        """The living articles that match, with their scores."""
        self._clock.check()
        way = _WAYS.get(type(tree))
        if way is None:
            log.debug("no vectorised way for %s; asking Whoosh", type(tree).__name__)
            return self._fallback(self.place, tree)
        found = way(self, tree)
        if found is None:
            log.debug("no vectorised way for %r; asking Whoosh", tree)
            return self._fallback(self.place, tree)
        return found

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
        found = intersection([self.find(child) for child in wanted], self.size) if wanted else self.everything()
        for child in unwanted:
            if not len(found.docs):
                break
            found = difference(found, self.find(child).docs, self.size)
        return _boosted(found, tree.boost)

    def _or(self, tree: query.Or) -> Found | None:
        if tree.scale:
            return None
        return _boosted(union([self.find(child) for child in tree.subqueries], self.size), tree.boost)

    def _not(self, tree: query.Not) -> Found:
        return difference(self.everything(), self.find(tree.query).docs, self.size)

    def _and_not(self, tree: query.AndNot) -> Found:
        found = self.find(tree.a)
        return difference(found, self.find(tree.b).docs, self.size) if len(found.docs) else found

    def _and_maybe(self, tree: query.AndMaybe) -> Found:
        sure = self.find(tree.a)
        maybe = intersection([Found(sure.docs), self.find(tree.b)], self.size)
        return union([sure, maybe], self.size)

    def _require(self, tree: query.Require) -> Found:
        return intersection([self.find(tree.a), Found(self.find(tree.b).docs)], self.size)

    def _constant(self, tree: query.ConstantScoreQuery) -> Found:
        return Found(self.find(tree.child).docs, float(tree.score))

    def _term_in(self, tree: TermIn) -> Found:
        return self.view.cached(
            (self.place, "term", tree.key()), lambda: self.term(tree.stem.encode("utf-8", "surrogatepass"), tree.fields)
        )

    def term(self, stem: bytes, fields: Weights) -> Found:
        """Articles with a stem in any of the fields."""
        parts = []
        for field, weight in fields:
            text = self.segment.data.text(field)
            if text is not None and (number := text.stems.find(stem)) >= 0:
                parts.append(self.view.scored(self.place, field, stem, number, weight))
        return union(parts, self.size)

    def _term(self, tree: query.Term) -> Found | None:
        field = tree.fieldname
        word = tree.text if isinstance(tree.text, bytes) else str(tree.text).encode("utf-8", "surrogatepass")
        if self.segment.data.text(field) is not None:
            return self.term(word, ((field, tree.boost),))
        if (labels := self.segment.data.labels(field)) is not None:
            number = labels.table.find(word)
            docs = labels.postings.docs(number) if number >= 0 else NOTHING.docs
            return Found(self.segment.living(docs))
        if (ids := self.segment.data.ids(field)) is not None:
            docs = np.array(sorted(doc for _, doc in ids.find([word])), np.int64)
            return Found(self.segment.living(docs))
        return None

    def _phrase_in(self, tree: PhraseIn) -> Found:
        return self.view.cached((self.place, "phrase", tree.key()), lambda: self.phrase(tree))

    def phrase(self, tree: PhraseIn) -> Found:
        """Articles where the words stand next to each other in one of the fields."""
        parts = []
        for field, weight in tree.fields:
            text = self.segment.data.text(field)
            if text is None:
                continue
            docs = phrase_docs(
                text,
                [word.encode("utf-8", "surrogatepass") for word in tree.words],
                exact=tree.exact,
                check=self._clock.check,
            )
            docs = self.segment.living(docs)
            if len(docs):
                terms = [self.term(stem.encode("utf-8", "surrogatepass"), ((field, weight),)) for stem in tree.stems]
                parts.append(intersection([Found(docs), *terms], self.size))
        return union(parts, self.size)

    def _pattern_in(self, tree: PatternIn) -> Found:
        forms = self.segment.forms_matching
        return self._of_forms(tree, lambda field: forms(field, tree.pattern))

    def _spelled_like(self, tree: SpelledLike) -> Found:
        forms = self.segment.forms_like
        return self._of_forms(tree, lambda field: forms(field, tree.word, tree.edits))

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
                self._clock.check()
                mask[docs] = True
        if self.segment.live is not None:
            mask &= self.segment.live
        return Found(np.flatnonzero(mask), 1.0)

    def _phrase(self, tree: query.Phrase) -> Found | None:
        field, exact = _without_suffix(tree.fieldname)
        text = self.segment.data.text(field)
        words = [word for word in tree.words if isinstance(word, str)]
        if text is None or tree.slop != 1 or len(words) != len(tree.words):
            return None
        stems = words
        if exact:
            forms = [text.forms.find(word.encode("utf-8", "surrogatepass")) for word in words]
            if -1 in forms:
                return NOTHING
            stems = [text.stems[int(text.form_stems[form])].decode("utf-8", "surrogatepass") for form in forms]
        return self._phrase_in(PhraseIn(words, ((field, tree.boost),), exact=exact, stems=stems))

    def _multi_term(self, tree: query.MultiTerm) -> Found | None:
        """Words of a pattern, a prefix, a range or a spelling, in a field of stems, forms or labels."""
        field, exact = _without_suffix(tree.fieldname)
        text, labels = self.segment.data.text(field), self.segment.data.labels(tree.fieldname)
        if text is None and labels is None:
            return None
        table = labels.table if labels is not None else text.forms if exact else text.stems  # type: ignore[union-attr]
        chosen = words_of(table, tree)
        if chosen is None:
            return None
        if text is not None and exact:
            parts = text.docs_of_forms(chosen)
        else:
            parts = iter([(labels or text).postings.select(chosen).docs])  # type: ignore[union-attr]
        mask = np.zeros(self.size, bool)
        for docs in parts:
            self._clock.check()
            mask[docs] = True
        if self.segment.live is not None:
            mask &= self.segment.live
        return Found(np.flatnonzero(mask), tree.boost)

    def _whoosh_range(self, tree: query.NumericRange) -> Found | None:
        if self.segment.data.numbers(tree.fieldname) is None:
            return None
        low, high = tree.start, tree.end
        if not all(end is None or isinstance(end, int) for end in (low, high)):
            return None
        low = low + 1 if low is not None and tree.startexcl else low
        high = high - 1 if high is not None and tree.endexcl else high
        return Found(self._number_range(NumberRange(tree.fieldname, low, high)).docs, tree.boost)

    def _label_words(self, tree: LabelWords) -> Found:
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


def _without_suffix(name: str) -> tuple[str, bool]:
    """A text field, and whether its exact forms are meant."""
    return (name.removesuffix(EXACT_SUFFIX), True) if name.endswith(EXACT_SUFFIX) else (name, False)


def _boosted(found: Found, boost: float) -> Found:
    return found if boost == 1.0 else Found(found.docs, found.scores * boost)


_WAYS: dict[type, Callable[[Evaluation, Any], Found | None]] = {
    query.And: Evaluation._and,
    query.Or: Evaluation._or,
    query.Not: Evaluation._not,
    query.AndNot: Evaluation._and_not,
    query.AndMaybe: Evaluation._and_maybe,
    query.Require: Evaluation._require,
    query.ConstantScoreQuery: Evaluation._constant,
    query.Every: Evaluation._every,
    type(query.NullQuery): Evaluation._nothing,
    query.Term: Evaluation._term,
    query.Phrase: Evaluation._phrase,
    query.Prefix: Evaluation._multi_term,
    query.Wildcard: Evaluation._multi_term,
    query.FuzzyTerm: Evaluation._multi_term,
    query.TermRange: Evaluation._multi_term,
    query.NumericRange: Evaluation._whoosh_range,
    TermIn: Evaluation._term_in,
    PhraseIn: Evaluation._phrase_in,
    PatternIn: Evaluation._pattern_in,
    SpelledLike: Evaluation._spelled_like,
    LabelWords: Evaluation._label_words,
    NumberRange: Evaluation._number_range,
}

"""Whoosh's queries over the arrays of one segment, and posting by posting what there is no faster way for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import query
from whoosh.query import qcore
from whoosh.searching import SearchContext, Searcher

from searchapp.columnar.asking.docsets import NOTHING, Found, difference, intersection, union
from searchapp.columnar.asking.evaluation import Evaluation, boosted
from searchapp.columnar.asking.queries import NumberRange, PhraseIn
from searchapp.columnar.format.dictionary import WordTable
from searchapp.columnar.schema.fields import EXACT_SUFFIX

__all__ = ["evaluate"]

Array = npt.NDArray[Any]
log = logging.getLogger(__name__)


def evaluate(evaluation: Evaluation, tree: qcore.Query, searcher: Callable[[], Searcher]) -> Found:
    """The living articles of a segment that match, with their scores.

    `searcher` makes Whoosh's own over all segments of the view; it is asked for queries that no array answers.
    """
    way = _WAYS.get(type(tree))
    found = way(evaluation, tree) if way else None
    if found is not None:
        return found
    log.debug("no vectorised way for %r; asking Whoosh", tree)
    whole = searcher()
    leaf = whole.subsearchers[evaluation.place][0] if whole.subsearchers else whole
    docs, scores = [], []
    matcher = tree.matcher(leaf, SearchContext(weighting=leaf.weighting))
    while matcher.is_active():
        docs.append(matcher.id())
        scores.append(matcher.score())
        if not len(docs) & 1023:
            evaluation.clock.check()
        matcher.next()
    return Found.given(np.array(docs, np.int64), np.array(scores, np.float64))


def _and_not(evaluation: Evaluation, tree: query.AndNot) -> Found:
    found = evaluation.find(tree.a)
    return difference(found, evaluation.find(tree.b).docs) if len(found.docs) else found


def _and_maybe(evaluation: Evaluation, tree: query.AndMaybe) -> Found:
    sure = evaluation.find(tree.a)
    maybe = intersection([Found(sure.docs), evaluation.find(tree.b)])
    return union([sure, maybe], evaluation.size)


def _require(evaluation: Evaluation, tree: query.Require) -> Found:
    return intersection([evaluation.find(tree.a), Found(evaluation.find(tree.b).docs)])


def _constant(evaluation: Evaluation, tree: query.ConstantScoreQuery) -> Found:
    return Found(evaluation.find(tree.child).docs, float(tree.score))


def _term(evaluation: Evaluation, tree: query.Term) -> Found | None:
    field = tree.fieldname
    word = tree.text if isinstance(tree.text, bytes) else str(tree.text).encode("utf-8", "surrogatepass")
    if evaluation.segment.data.text(field) is not None:
        return boosted(evaluation.holding((word,), ((field, 1),)), float(tree.boost))
    if (labels := evaluation.segment.data.labels(field)) is not None:
        number = labels.table.find(word)
        docs = labels.postings.docs(number) if number >= 0 else NOTHING.docs
        return Found(evaluation.segment.living(docs))
    if (ids := evaluation.segment.data.ids(field)) is not None:
        docs = np.array(sorted(doc for _, doc in ids.find([word])), np.int64)
        return Found(evaluation.segment.living(docs))
    return None


def _phrase(evaluation: Evaluation, tree: query.Phrase) -> Found | None:
    field, exact = _without_suffix(tree.fieldname)
    text = evaluation.segment.data.text(field)
    words = [word for word in tree.words if isinstance(word, str)]
    if text is None or tree.slop != 1 or len(words) != len(tree.words):
        return None
    stems = words
    if exact:
        forms = [text.forms.find(word.encode("utf-8", "surrogatepass")) for word in words]
        if -1 in forms:
            return NOTHING
        stems = [text.stems[int(text.form_stems[form])].decode("utf-8", "surrogatepass") for form in forms]
    return boosted(evaluation.find(PhraseIn(words, ((field, 1),), exact=exact, stems=stems)), float(tree.boost))


def _multi_term(evaluation: Evaluation, tree: query.MultiTerm) -> Found | None:
    """Words of a pattern, a prefix, a range or a spelling, in a field of stems, forms or labels."""
    field, exact = _without_suffix(tree.fieldname)
    text, labels = evaluation.segment.data.text(field), evaluation.segment.data.labels(tree.fieldname)
    if text is None and labels is None:
        return None
    table = labels.table if labels is not None else text.forms if exact else text.stems  # type: ignore[union-attr]
    chosen = _words_of(table, tree)
    if chosen is None:
        return None
    if text is not None and exact:
        parts = text.docs_of_forms(chosen)
    else:
        parts = iter([(labels or text).postings.select(chosen).docs])  # type: ignore[union-attr]
    mask = np.zeros(evaluation.size, bool)
    for docs in parts:
        evaluation.clock.check()
        mask[docs] = True
    if evaluation.segment.live is not None:
        mask &= evaluation.segment.live
    return Found(np.flatnonzero(mask), float(tree.boost))


def _whoosh_range(evaluation: Evaluation, tree: query.NumericRange) -> Found | None:
    if evaluation.segment.data.numbers(tree.fieldname) is None:
        return None
    low, high = tree.start, tree.end
    if not all(end is None or isinstance(end, int) for end in (low, high)):
        return None
    low = low + 1 if low is not None and tree.startexcl else low
    high = high - 1 if high is not None and tree.endexcl else high
    return Found(evaluation.find(NumberRange(tree.fieldname, low, high)).docs, float(tree.boost))


def _words_of(table: WordTable, tree: query.MultiTerm) -> Array | None:
    """The words that a query for many words stands for, ascending; None when Whoosh must be asked."""
    if isinstance(tree, query.Prefix):
        return np.arange(*table.prefix_range(_encoded(tree.text)))
    if isinstance(tree, query.Wildcard):
        # In Whoosh brackets stand for sets of characters.
        return None if "[" in tree.text else table.matching(_encoded(tree.text))
    if isinstance(tree, query.TermRange):
        return _range(table, tree)
    if isinstance(tree, query.FuzzyTerm) and tree.maxdist <= 2:
        return table.spelled_like(tree.text, tree.maxdist, same=tree.prefixlength)
    return None


def _range(table: WordTable, tree: query.TermRange) -> Array:
    start = 0 if tree.start is None else table.place(_encoded(tree.start))
    stop = len(table) if tree.end is None else table.place(_encoded(tree.end))
    if tree.start is not None and tree.startexcl and start < len(table) and table[start] == _encoded(tree.start):
        start += 1
    if tree.end is not None and not tree.endexcl and stop < len(table) and table[stop] == _encoded(tree.end):
        stop += 1
    return np.arange(start, max(start, stop))


def _encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def _without_suffix(name: str) -> tuple[str, bool]:
    """A text field, and whether its exact forms are meant."""
    return (name.removesuffix(EXACT_SUFFIX), True) if name.endswith(EXACT_SUFFIX) else (name, False)


_WAYS: dict[type, Callable[[Evaluation, Any], Found | None]] = {
    query.AndNot: _and_not,
    query.AndMaybe: _and_maybe,
    query.Require: _require,
    query.ConstantScoreQuery: _constant,
    query.Term: _term,
    query.Phrase: _phrase,
    query.Prefix: _multi_term,
    query.Wildcard: _multi_term,
    query.FuzzyTerm: _multi_term,
    query.TermRange: _multi_term,
    query.NumericRange: _whoosh_range,
}

"""The words, as they stand in articles, that a query is about."""

from __future__ import annotations

from collections.abc import Iterator

from whoosh import query
from whoosh.query import qcore

from searchapp.columnar.asking.queries import NearIn, PatternIn, PhraseIn, SpelledLike, TermIn
from searchapp.columnar.asking.views import SegmentView
from searchapp.columnar.format.compounds import is_written
from searchapp.columnar.format.texts import TextColumn

__all__ = ["forms_of_leaf", "positive_leaves"]


def positive_leaves(tree: qcore.Query) -> Iterator[qcore.Query]:
    """The leaves of a query, without those under a NOT."""
    if isinstance(tree, query.Not):
        return
    if isinstance(tree, (query.AndNot, query.Require)):
        yield from positive_leaves(tree.a)
        if isinstance(tree, query.Require):
            yield from positive_leaves(tree.b)
        return
    children = list(tree.children())
    if children:
        for child in children:
            yield from positive_leaves(child)
    else:
        yield tree


def forms_of_leaf(segment: SegmentView, leaf: qcore.Query, limit: int) -> tuple[str, ...]:
    """The forms in a segment that a leaf matches, at most `limit` for each of its fields."""
    if not isinstance(leaf, (TermIn, PhraseIn, NearIn, PatternIn, SpelledLike)):
        return ()
    key = (segment.key, "surface", type(leaf).__name__, limit, *leaf.key())
    found: tuple[str, ...] = segment.cache.get(key, lambda: _find(segment, leaf, limit), _weight)
    return found


def _find(
    segment: SegmentView, leaf: TermIn | PhraseIn | NearIn | PatternIn | SpelledLike, limit: int
) -> tuple[str, ...]:
    found: set[str] = set()
    for place, name in enumerate([field if isinstance(field, str) else field[0] for field in leaf.fields]):
        text = segment.data.text(name)
        if text is None:
            continue
        if isinstance(leaf, TermIn):
            forms = _forms_of(text, leaf.stems[place])
        elif isinstance(leaf, (PhraseIn, NearIn)):
            exact = isinstance(leaf, NearIn) or leaf.exact
            forms = [
                form
                for word, stems in zip(leaf.words, leaf.stems, strict=True)
                for form in _forms_of(text, stems[place])
                if not exact or is_written(form, word.encode("utf-8", "surrogatepass"))
            ]
        else:
            if isinstance(leaf, PatternIn):
                chosen = segment.forms_matching(name, leaf.pattern)
            else:
                chosen = segment.forms_like(name, leaf.word, leaf.edits)
            forms = [text.forms[number] for number in chosen[:limit].tolist()]
        found.update(form.decode("utf-8", "surrogatepass") for form in forms)
    return tuple(found)


def _forms_of(text: TextColumn, stem: str) -> list[bytes]:
    number = text.stems.find(stem.encode("utf-8", "surrogatepass"))
    return text.forms_of(number) if number >= 0 else []


def _weight(forms: tuple[str, ...]) -> int:
    return 100 * len(forms)

"""Of which kind a bare name is, where the articles disagree: "Texaco" is no person where an archive has Texaco Inc.

A name alone looks like a person's or a place's more often than not, so a recogniser often errs; the full names of the
same archive tell. What people bear as their name is left alone: there are too many Smiths beside Smith Inc.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from searchapp.entities.archive_names.rules.clusters import Cluster
from searchapp.entities.archive_names.rules.facts import Facts
from searchapp.entities.archive_names.rules.keys import Node, prefixes
from searchapp.entities.linking.bodies import known_body
from searchapp.entities.linking.organisations import base_words
from searchapp.entities.places.gazetteer import Place, place_of
from searchapp.language.names import LEGAL_SUFFIXES, spelled, words_of

__all__ = ["kinds_by_full_names", "names_read_by"]

Whole = Callable[[Node], Cluster | None]
Shown = Callable[[Cluster], Node]

_MOST_LOOKED_AT = 300
"""Organisations that begin with a word; with more of them it says nothing."""
_FEW = 20
_BEARERS = 5
"""A single word is a company's where so many times fewer articles have people who bear it; twice as many times fewer
where the company's name has more words."""
_RIVALS = 3
"""A company is meant by the first words of its name when the next one that begins with them is so many times rarer."""
_PLENTY = 2
"""A bare name is a company's when it stands, as another's, in at most so many times the articles of the company."""
_TOWN = 30_000
_CITY = 100_000
_ANYBODYS = frozenset(
    "new first general american national united international standard federal north south east west northern southern "
    "eastern western central royal pacific atlantic european british canadian continental global great old public "
    "trans universal world".split()
)
"""Words that begin so many names that alone they mean none."""
_CLOSING = frozenset("group holdings holding industries international brothers airlines motors motor".split())
"""What closes the full name of a company beside its legal suffix."""


def kinds_by_full_names(
    folded: str, named: Mapping[Node, int], facts: Facts, whole: Whole, shown: Shown
) -> dict[Node, Node]:
    """What people and places, shown under one name, count under instead; `named` has them with their articles."""
    found: dict[Node, Node] = {}
    doubtful = [node for node in sorted(named) if node[0] != "organisation"]
    if not doubtful:
        return found
    words = words_of(folded)
    if not words:
        return found
    for node in doubtful:
        target = _of_known(node, named, facts, words) or _company(node, named[node], words, facts, whole, shown)
        if target is not None:
            found[node] = target
    return found


def names_read_by(node: Node, words: tuple[str, ...], bears: tuple[str, ...]) -> set[str]:
    """The folded names whose kind may depend on a label, which has these words."""
    if node[0] == "person":
        return set(bears)
    if node[0] == "organisation" and words:
        return {*words, *prefixes(" ".join(words)), *prefixes(" ".join(spelled(words)))}
    return set()


def _of_known(node: Node, named: Mapping[Node, int], facts: Facts, words: tuple[str, ...]) -> Node | None:
    """The well-known body or city that a single word means which nobody bears."""
    allowed = named[node] // _BEARERS
    if node[0] != "person" or len(words) != 1 or _bearers(node, words[0], facts, allowed) > allowed:
        return None
    body = known_body(node[1])
    if body is not None:
        return ("organisation", body)
    for kind, label in sorted(named):
        if kind == "place" and named[kind, label] >= named[node] and _is_at_least(place_of(label), _CITY):
            return (kind, label)
    return None


def _company(
    node: Node, articles: int, words: tuple[str, ...], facts: Facts, whole: Whole, shown: Shown
) -> Node | None:
    """What the company is called that a bare name means."""
    if node[0] == "place" and _is_at_least(place_of(node[1]), _TOWN):
        return None
    same, exact, longer = _companies(words, facts, whole)
    for clusters, is_exact in ((same, True), ({**same, **exact}, True), ({**same, **exact, **longer}, False)):
        ranked = sorted(clusters.values(), key=lambda cluster: (-cluster.total, cluster.root))
        if not ranked or (len(ranked) > 1 and ranked[1].total * _RIVALS > ranked[0].total):
            continue
        company = ranked[0]
        if articles > company.total * (_PLENTY if is_exact else 1):
            continue
        if node[0] == "person" and _is_persons(node, words, facts, company.total // (1 if is_exact else 2)):
            continue
        target = shown(company)
        if target != node:
            return target
    return None


def _companies(words: tuple[str, ...], facts: Facts, whole: Whole) -> tuple[dict[Node, Cluster], ...]:
    """Clusters of companies: of those called so but for a legal suffix, for "Group" and its like, and that begin so."""
    name = spelled(words)
    same: dict[Node, Cluster] = {}
    exact: dict[Node, Cluster] = {}
    longer: dict[Node, Cluster] = {}
    if name[0] in _ANYBODYS:
        return same, exact, longer
    for node in facts.folded(" ".join(words)):
        # A short form that the archive has joined with a full name: "Moody" with Moody's Investors Service Inc.
        cluster = whole(node) if node[0] == "organisation" else None
        if cluster is not None and any(map(_has_suffix, cluster.counts)):
            same[cluster.root] = cluster
    for label in _labels(words, name, facts):
        if not _has_suffix(label):
            continue
        base = base_words(spelled(words_of(label)))
        cluster = whole(("organisation", label))
        if cluster is None:
            continue
        rest = base[len(name) :]
        found = longer if not _CLOSING.issuperset(rest) else exact if rest else same
        found[cluster.root] = cluster
    return same, exact, longer


def _has_suffix(label: str) -> bool:
    own = spelled(words_of(label))
    return not LEGAL_SUFFIXES.isdisjoint(own[len(base_words(own)) :])


def _labels(words: tuple[str, ...], name: tuple[str, ...], facts: Facts) -> Iterator[str]:
    for start in {" ".join(words), " ".join(name)}:
        begun = list(islice(facts.beginning(start), _MOST_LOOKED_AT + 1))
        if len(begun) <= _MOST_LOOKED_AT:
            yield from sorted(begun)
        else:
            yield from (label for _, label, _ in facts.family("organisation", "=" + " ".join(name)))


def _is_persons(node: Node, words: tuple[str, ...], facts: Facts, company: int) -> bool:
    """Whether articles use a name for people more often than a company with so many articles allows."""
    if len(words) == 1:
        allowed = company // _BEARERS
        return _bearers(node, words[0], facts, allowed) > allowed
    # Whom articles call by the surname after the full name is a person; a company is called by its first word.
    short = ((form, words_of(form)) for form in facts.forms(node))
    surnames = [form for form, own in short if len(own) == 1 and own[0] == words[-1]]
    called = sum(count for form in surnames for label, count in facts.targets((node[0], form)) if label == node[1])
    return called * 2 > company


def _bearers(node: Node, word: str, facts: Facts, most: int) -> int:
    """Articles with people of several words who bear the word, or who are meant by it; reads on to more than `most`."""
    found = facts.uses(node)
    for label in facts.bearing(word):
        if found > most:
            break
        if not _begins_company(label, facts):
            found += facts.count(("person", label))
    return found


def _begins_company(label: str, facts: Facts) -> bool:
    """Whether what was taken for a person's name is how that of a company begins: "Shearson Lehman"."""
    words = words_of(label)
    return len(words) > 1 and any(map(_has_suffix, islice(facts.beginning(" ".join(words)), _FEW)))


def _is_at_least(place: Place | None, people: int) -> bool:
    return place is not None and (place.kind != "city" or place.weight >= people)

"""The rules that join the labels of an archive, kind by kind; `names` says which and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from searchapp.entities.archive_names.evidence import Clusters, Evidence, Node
from searchapp.entities.linking.bodies import known_body
from searchapp.entities.linking.organisations import acronyms_of, base_words, is_acronym
from searchapp.entities.linking.people import compatible, surname_words
from searchapp.entities.linking.spelling import skeletons
from searchapp.entities.places.gazetteer import place_of
from searchapp.language.names import GENERIC_ORGANISATION_WORDS, PARTICLES, place_key, spelled

__all__ = ["join_organisations", "join_people", "join_places"]

Words = tuple[str, ...]

_MIN_SHORT_FORM = 3
_SHARE_SHORT_FORM = 0.95
_SHARE_ACRONYM = 0.9
_RIVALS = 0.1
_PLENTY = 20
_SUPPORT = 0.5
"""A bare name that twice as many articles use alone than as somebody's short form ("Pelé") is a name of its own,
unless plenty use it as a short form."""


def join_places(evidence: Evidence, clusters: Clusters) -> None:
    """Joins names of one place, and names that are the same but for signs."""
    first: dict[tuple[str, ...], Node] = {}
    for label in evidence.labels("place"):
        place = place_of(label)
        node = ("place", label)
        if place is None:
            identity: tuple[str, ...] = ("", *evidence.words[label])
        else:
            identity = (place.label, place.country_code, place.division)
            # "Curacao" or "Curaçao" as most articles have it, but never "Türkiye" for Turkey.
            if place.kind != "city" and place_key(label) != place_key(place.label):
                clusters.fixed[node] = place.label
        other = first.setdefault(identity, node)
        if other != node:
            reason = "the same but for case, accents and signs" if place is None else f"another name of {place.label}"
            clusters.join(node, other, reason)


def join_organisations(evidence: Evidence, clusters: Clusters) -> None:
    """Joins spellings, companies with and without their suffix, acronyms and first parts of names."""
    by_base: dict[Words, dict[str, list[str]]] = {}
    bodies: dict[str, str] = {}
    for label in evidence.labels("organisation"):
        body = known_body(label)
        if body is not None:
            other = bodies.setdefault(body, label)
            clusters.fixed["organisation", label] = body
            clusters.join(("organisation", label), ("organisation", other), f"another name of {body}")
            continue
        words = spelled(evidence.words[label])
        base = base_words(words)
        by_base.setdefault(base, {}).setdefault(" ".join(words[len(base) :]), []).append(label)
    for base, suffixes in by_base.items():
        _join_suffixes(base, suffixes, evidence, clusters)
    totals = _totals(evidence, clusters, "organisation")
    starts: dict[str, list[Node]] = {}
    for root in totals:
        words = evidence.words[root[1]]
        if len(words) > 1:
            starts.setdefault(words[0], []).append(root)
    for (kind, form), counted in evidence.meant.items():
        if kind != "organisation" or known_body(form) is not None:
            continue
        root, articles, share = _meant(kind, form, counted, clusters)
        if is_acronym(form):
            spelt = evidence.words[form][0] in acronyms_of(root[1])
            if share >= _SHARE_ACRONYM and articles >= (1 if spelt and len(form) > 3 else 2):
                clusters.join((kind, form), root, f"an acronym that {_articles(articles)} write out")
        elif share >= _SHARE_SHORT_FORM and articles >= _MIN_SHORT_FORM:
            words = evidence.words[form]
            generic = all(word in GENERIC_ORGANISATION_WORDS for word in words)
            if not generic and spelled(evidence.words[root[1]])[: len(words)] == spelled(words):
                rivals = [n for n in starts.get(words[0], []) if evidence.words[n[1]][: len(words)] == words]
                if _unrivalled(root, rivals, totals, clusters):
                    clusters.join((kind, form), root, f"a short form in {_articles(articles)}")


def _join_suffixes(base: Words, suffixes: dict[str, list[str]], evidence: Evidence, clusters: Clusters) -> None:
    """Joins the labels of one base name, whose legal suffixes are the keys of `suffixes`.

    "Bell Inc" and "Bell Corp" can be two companies. So with a base of one word and several suffixes, each stays for
    itself, and the bare word too.
    """
    for labels in suffixes.values():
        for label in labels[1:]:
            clusters.join(("organisation", label), ("organisation", labels[0]), "the same but for spelling")
    named = [suffix for suffix in suffixes if suffix]
    if len(base) == 1 and len(named) > 1:
        return
    firsts = [labels[0] for labels in suffixes.values()]
    for label in firsts[1:]:
        reason = "the same company, with its legal suffix or not"
        clusters.join(("organisation", label), ("organisation", firsts[0]), reason)


def join_people(evidence: Evidence, clusters: Clusters) -> None:
    """Joins spellings, names with and without initials or middle names, and bare surnames that are beyond doubt."""
    first: dict[str, Node] = {}
    surnames: dict[str, list[Words]] = {}
    for label in evidence.labels("person"):
        words = evidence.words[label]
        key = " ".join(words) or label
        node = ("person", label)
        other = first.setdefault(key, node)
        if other != node:
            clusters.join(node, other, "the same but for case, accents and signs")
        elif len(words) > 1:
            surnames.setdefault(skeletons(surname_words(words)[-1:])[0], []).append(words)
    for bearers in surnames.values():
        if len(bearers) > 1:
            _join_variants(bearers, first, clusters)
    short = [(form, counted) for (kind, form), counted in evidence.meant.items() if kind == "person"]
    for form, counted in short:
        if len(evidence.words[form]) > 1:
            root, articles, share = _meant("person", form, counted, clusters)
            if share >= _SHARE_SHORT_FORM:
                clusters.join(("person", form), root, f"a form of the name in {_articles(articles)}")
    bare = [(form, counted) for form, counted in short if len(evidence.words[form]) == 1]
    if bare:
        _join_bare_names(bare, evidence, clusters)


def _join_bare_names(bare: Sequence[tuple[str, Mapping[str, int]]], evidence: Evidence, clusters: Clusters) -> None:
    """Joins names of one word, each with the labels that it stands for elsewhere, to the person meant beyond doubt."""
    bearing: dict[str, list[Node]] = {evidence.words[form][0]: [] for form, _ in bare}
    for label in evidence.labels("person"):
        words = evidence.words[label]
        if len(words) > 1:
            for word in {words[0], surname_words(words)[-1]} & bearing.keys():
                bearing[word].append(("person", label))
    totals = _totals(evidence, clusters, "person")
    for form, counted in bare:
        root, articles, share = _meant("person", form, counted, clusters)
        alone = evidence.counts["person", form]
        enough = articles >= min(_PLENTY, max(_MIN_SHORT_FORM, alone * _SUPPORT)) and share >= _SHARE_SHORT_FORM
        if enough and _unrivalled(root, bearing[evidence.words[form][0]], totals, clusters):
            clusters.join(("person", form), root, f"a short form in {_articles(articles)}, and nobody else's")


def _join_variants(bearers: Sequence[Words], first: Mapping[str, Node], clusters: Clusters) -> None:
    """Joins names of one surname when they can all be one person's."""
    bearers = [words for words in bearers if len(set(words) - PARTICLES) > 1]
    if len(bearers) < 2:
        return
    fullest = max(bearers, key=lambda words: (len(words), words))
    sounds = skeletons(fullest)
    if all(compatible(skeletons(words), sounds) for words in bearers):
        for words in bearers:
            if words != fullest:
                reason = "a variant of a name that nobody else in the archive has"
                clusters.join(first[" ".join(words)], first[" ".join(fullest)], reason)


def _meant(kind: str, form: str, counted: Mapping[str, int], clusters: Clusters) -> tuple[Node, int, float]:
    """The cluster that a short form means most, in how many articles, and its share of all that use the form so."""
    by_root: dict[Node, int] = {}
    for label, count in counted.items():
        if label != form:
            root = clusters.root((kind, label))
            by_root[root] = by_root.get(root, 0) + count
    if not by_root:
        return (kind, form), 0, 0.0
    best = max(by_root, key=lambda root: (by_root[root], root))
    return best, by_root[best], by_root[best] / sum(by_root.values())


def _unrivalled(root: Node, rivals: Iterable[Node], totals: Mapping[Node, int], clusters: Clusters) -> bool:
    """Whether the other clusters that have the word together are rare beside the one of `root`."""
    root = clusters.root(root)
    others = {clusters.root(node) for node in rivals} - {root}
    return sum(totals.get(node, 0) for node in others) <= totals.get(root, 0) * _RIVALS


def _totals(evidence: Evidence, clusters: Clusters, kind: str) -> dict[Node, int]:
    """Articles of each cluster of a kind, by its root."""
    totals: dict[Node, int] = {}
    for node, count in evidence.counts.items():
        if node[0] == kind:
            root = clusters.root(node)
            totals[root] = totals.get(root, 0) + count
    return totals


@lru_cache(maxsize=1000)
def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count} articles"

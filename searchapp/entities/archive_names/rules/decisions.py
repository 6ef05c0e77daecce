"""Which short forms are names of somebody beyond doubt: what the numbers of articles say, form by form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from searchapp.entities.archive_names.rules.clusters import Cluster
from searchapp.entities.archive_names.rules.facts import Facts
from searchapp.entities.archive_names.rules.keys import BODIES, NO_COUNTRY, Keys, Node, keys_of
from searchapp.entities.linking.organisations import acronyms_of, is_acronym
from searchapp.language.names import GENERIC_ORGANISATION_WORDS, spelled, words_of

__all__ = ["ClusterOf", "Decision", "organisation_meant", "person_meant", "surname_meant"]

ClusterOf = Callable[[Node], Cluster | None]
"""The cluster of a label as far as the rules before have joined it; None for a label that no article has."""

_MIN_SHORT_FORM = 3
_SHARE_SHORT_FORM = 0.95
_SHARE_ACRONYM = 0.9
_ESTABLISHED = 3
"""Articles with a full name, in one of which it may have said what its three letters are."""
_RIVALS = 0.1
_SHARE_BODY, _RIVALS_OF_BODY = 0.85, 0.2
"""The same for a parliament or ministry whose country an article does not tell."""
_PLENTY = 20
_SUPPORT = 0.5
"""A bare name that twice as many articles use alone than as somebody's short form ("Pelé") is a name of its own,
unless plenty use it as a short form."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A short form is a name of the cluster with this root."""

    root: Node
    reason: str


@dataclass(frozen=True, slots=True)
class _Meant:
    cluster: Cluster
    articles: int


def organisation_meant(form: str, facts: Facts, cluster_of: ClusterOf) -> Decision | None:
    """The organisation that an acronym or the first part of a name means."""
    node = ("organisation", form)
    uses = facts.uses(node)
    if not uses or keys_of(node).usual:
        return None
    if is_acronym(form):
        meant = _meant(node, facts, cluster_of, _SHARE_ACRONYM)
        if meant is None:
            return None
        root = meant.cluster.root
        spelt = words_of(form)[0] in acronyms_of(root[1])
        once = spelt and (len(form) > 3 or meant.cluster.total >= _ESTABLISHED)
        if meant.articles < (1 if once else 2):
            return None
        return Decision(root, f"an acronym that {_articles(meant.articles)} write out")
    words = words_of(form)
    if uses < _MIN_SHORT_FORM:
        return None
    keys = keys_of(node)
    public = keys.family.startswith(BODIES)
    if public and keys.spelling != NO_COUNTRY:
        return None
    if not public and all(word in GENERIC_ORGANISATION_WORDS for word in words):
        return None
    meant = _meant(node, facts, cluster_of, _SHARE_BODY if public else _SHARE_SHORT_FORM)
    if meant is None or meant.articles < _MIN_SHORT_FORM:
        return None
    root = meant.cluster.root
    if public:
        if keys_of(root).family != keys.family:
            return None
        rivals = _of_other_countries(keys, facts, cluster_of)
    else:
        if spelled(words_of(root[1]))[: len(words)] != spelled(words):
            return None
        rivals = _with_these_words(words, facts, cluster_of)
    if not _unrivalled(meant.cluster, rivals, _RIVALS_OF_BODY if public else _RIVALS):
        return None
    return Decision(root, f"a short form in {_articles(meant.articles)}")


def _with_these_words(words: tuple[str, ...], facts: Facts, cluster_of: ClusterOf) -> Iterable[Cluster]:
    """The clusters that stand under a name of several words, the first of which are `words`."""
    for label in facts.beginning(" ".join(words)):
        cluster = cluster_of(("organisation", label))
        if cluster is not None and cluster.root[1] == label and len(words_of(label)) > 1:
            yield cluster


def _of_other_countries(keys: Keys, facts: Facts, cluster_of: ClusterOf) -> Iterable[Cluster]:
    """The public bodies of this kind, one cluster for each label that says its country."""
    for country, label, _ in facts.family("organisation", keys.family):
        if country != NO_COUNTRY:
            cluster = cluster_of(("organisation", label))
            if cluster is not None:
                yield cluster


def person_meant(form: str, facts: Facts, cluster_of: ClusterOf) -> Decision | None:
    """The person whom a name of several words means, where articles use it for a fuller one."""
    meant = _meant(("person", form), facts, cluster_of, _SHARE_SHORT_FORM)
    if meant is None:
        return None
    return Decision(meant.cluster.root, f"a form of the name in {_articles(meant.articles)}")


def surname_meant(form: str, facts: Facts, cluster_of: ClusterOf) -> Decision | None:
    """The person whom a single word means when nothing is said beside it."""
    if facts.uses(("person", form)) < _MIN_SHORT_FORM:
        return None
    meant = _meant(("person", form), facts, cluster_of, _SHARE_SHORT_FORM)
    if meant is None:
        return None
    alone = facts.count(("person", form))
    if meant.articles < min(_PLENTY, max(_MIN_SHORT_FORM, alone * _SUPPORT)):
        return None
    (word,) = words_of(form)
    bearers = (cluster_of(("person", label)) for label in facts.bearing(word))
    if not _unrivalled(meant.cluster, (cluster for cluster in bearers if cluster is not None)):
        return None
    return Decision(meant.cluster.root, f"a short form in {_articles(meant.articles)}, and nobody else's")


def _meant(form: Node, facts: Facts, cluster_of: ClusterOf, least: float) -> _Meant | None:
    """The cluster that at least this share of the articles with a short form mean by it.

    Reads no further than to where no cluster can have that share any more: of a surname that a thousand people bear,
    the most frequent few.
    """
    uses = facts.uses(form)
    sums: dict[Node, int] = {}
    clusters: dict[Node, Cluster | None] = {}
    best: Node | None = None
    read = 0
    for label, count in facts.targets(form):
        cluster = cluster_of((form[0], label))
        root = cluster.root if cluster else (form[0], label)
        clusters[root] = cluster
        sums[root] = sums.get(root, 0) + count
        read += count
        if best is None or sums[root] > sums[best]:
            best = root
        if (uses - (read - sums[best])) / uses < least:
            return None
    found = clusters[best] if best is not None else None
    return _Meant(found, sums[found.root]) if found else None


def _unrivalled(cluster: Cluster, rivals: Iterable[Cluster], share: float = _RIVALS) -> bool:
    """Whether the other clusters are rare together beside this one; reads no further than until they are not."""
    allowed = cluster.total * share
    seen = {cluster.root}
    others = 0
    for rival in rivals:
        if rival.root not in seen:
            seen.add(rival.root)
            others += rival.total
            if others > allowed:
                return False
    return True


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count} articles"

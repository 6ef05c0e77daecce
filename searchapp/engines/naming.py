"""Which values a name means that somebody wrote, in one state of an archive.

The first of these levels that has any decides: the very label, as it is shown, or else where a correction has taken it;
a label that differs in case, accents, hyphens and signs alone; a name of which this is a form; a name that is called so
beyond the archive. What is shown is never resolved further. A label that has come to count in another facet is followed
there. Where several names are on one level, any of them is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from searchapp.engines.base import EngineState
from searchapp.engines.matching import edit_distance_within
from searchapp.entities.places.gazetteer import country_of, is_country
from searchapp.language.names import name_key
from searchapp.language.words import forms as forms_of
from searchapp.model import query as q
from searchapp.model.article import KIND_OF_FACET, composed
from searchapp.model.facets import PARAMETER_OF_FACET
from searchapp.model.languages import language_name
from searchapp.model.names import NameForms, Relabelling
from searchapp.model.query import FACETS, SearchRequest
from searchapp.model.question import FacetWanted, Question
from searchapp.model.result import Offer, Problem

__all__ = ["Meaning", "Node", "Resolver"]

Node: TypeAlias = tuple[str, str]
"""Facet and label."""

OFFERED = 3
LOOKED_AT = 500
"""Labels with a part of a word, the most frequent first, that are compared with it."""
MOST_KEPT = 10_000
"""Of more names what they mean is not kept: a state may be asked for as long as a server runs."""
MOST_WORDS = 4
"""Words of a name that are looked for."""


@dataclass(slots=True)
class Meaning:
    """A request with the labels that are meant."""

    request: SearchRequest
    """What an engine is asked."""
    shown: SearchRequest
    """The same for whoever reads the answer; a name of several, all of which would be needed, stays as it was typed."""
    also: list[q.Query] = field(default_factory=list)
    """What must hold besides."""
    problems: list[Problem] = field(default_factory=list)


class Resolver:
    """Says what names mean in one state. Of what was asked lately nothing is looked up twice."""

    def __init__(self, engine: EngineState, names: Relabelling, forms: NameForms) -> None:
        self._engine = engine
        self._names = names
        self._forms = forms
        self._known: dict[Node, tuple[Node, ...]] = {}
        self._inside: Mapping[str, list[str]] | None = None
        self._said: dict[Node, tuple[Problem, ...]] = {}

    def called(self, facet: str, text: str) -> tuple[Node, ...]:
        """Every value that is called so, the most frequent first; empty for none. The facet may be another one."""
        found = self._known.get((facet, text))
        if found is None:
            found = self._find(facet, composed(text))
            _keep(self._known, (facet, text), found)
        return found

    def request(self, request: SearchRequest) -> Meaning:
        """The request with every chosen and excluded label as the archive shows it."""
        meaning = Meaning(request, request)
        if request.dated:
            meaning.also.append(q.Dated(request.dated))
        if request.within:
            named = q.Named("places", tuple(forms_of(request.within)), text=request.within, country=True)
            meaning.also.append(self._within(named, meaning.problems))
        if not request.exclude and not any(map(request.selected, FACETS)):
            return meaning
        asked: dict[str, list[str]] = {facet: [] for facet in FACETS}
        shown: dict[str, list[str]] = {facet: [] for facet in FACETS}
        excluded: dict[str, list[str]] = {facet: [] for facet in FACETS}
        for facet in FACETS:
            every = request.match_of(facet) == "all"
            for label in request.selected(facet):
                nodes = self._meant(facet, label, meaning.problems)
                if every and len(nodes) > 1:
                    # Any of these, but all of the others.
                    also = q.Named(facet, tuple(forms_of(label)), text=label, labels=tuple(to for _, to in nodes))
                    meaning.also.append(also)
                    shown[facet].append(label)
                    continue
                for home, to in nodes:
                    asked[home].append(to)
                    shown[home].append(to)
            for label in request.excluded(facet):
                for home, to in self._meant(facet, label, meaning.problems):
                    excluded[home].append(to)
        meaning.request = _with_labels(request, asked, excluded)
        meaning.shown = _with_labels(request, shown, excluded)
        return meaning

    def query(self, query: q.Query, problems: list[Problem]) -> q.Query:
        """The query with the labels that its names mean; what there is to say of them is added to `problems`."""
        match query:
            case q.Named(country=True) if not query.labels:
                return self._within(query, problems)
            case q.Named(facet, text=text) if text and not query.labels:
                return self._named(query, self.called(facet, text), problems)
            case q.And(children):
                return q.And(tuple(self.query(child, problems) for child in children))
            case q.Or(children):
                return q.Or(tuple(self.query(child, problems) for child in children))
            case q.Not(child):
                return q.Not(self.query(child, problems))
        return query

    def offers(self, nodes: Sequence[Node]) -> tuple[Offer, ...]:
        """Values with their articles in the whole archive."""
        counts = self._counts(nodes)
        return tuple(Offer(facet, label, count=counts[facet, label]) for facet, label in nodes)

    def nearest(self, facet: str, text: str, *, most: int = OFFERED) -> tuple[Offer, ...]:
        """Values that may be meant by a name that none has: of its name elsewhere, then spelled like it."""
        elsewhere = (self._find(other, composed(text)) for other in KIND_OF_FACET if other != facet)
        nodes = list(dict.fromkeys(node for found in elsewhere for node in found))[:most]
        nodes += [(facet, label) for label in self._spelled_like(facet, text)][: most - len(nodes)]
        return self.offers(nodes)

    def has_words(self, query: q.Named) -> bool:
        """Whether a value has the words of a name."""
        (answer,) = self._engine.ask([Question(query=query)], names=self._names)
        return bool(answer.total)

    def _find(self, facet: str, label: str) -> tuple[Node, ...]:
        if not label.strip():
            return ()
        own = (facet, label)
        if self._shows(own):
            return (own,)
        taken = self._names.corrected.get(own)
        if taken is not None and self._shows(taken):
            return (taken,)
        key = name_key(label)
        if facet in KIND_OF_FACET:
            alike = self._shown(facet, self._forms.alike(label))
            found = [node for node in alike if name_key(node[1]) == key] or alike
            found = found or self._shown(facet, self._forms.aliases(facet, label))
            if not found:
                # Under another kind, where a correction or most articles have it.
                corrected = self._names.corrected.items()
                taken_away = [to for (home, old), to in corrected if home == facet and name_key(old) == key]
                moved = self._names.resolve(*own)
                found = [to for to in dict.fromkeys((*taken_away, moved)) if to is not None and self._shows(to)]
        else:
            found = [(facet, other) for other in self._holding(facet, label) if name_key(other) == key]
            if not found and facet == "languages":
                found = self._shown(facet, [(facet, language_name(label))])
        if len(found) < 2:
            return tuple(found)
        counts = self._counts(found)
        return tuple(sorted(found, key=lambda node: (-counts[node], node)))

    def _within(self, query: q.Named, problems: list[Problem]) -> q.Query:
        """The query for the places of a country, itself among them; nothing where there are none."""
        text = query.text
        country = country_of(text)
        if not country:
            problems += _about(query, [Problem(f"no country is called {text!r}, so none of its places can be found")])
            return q.Nothing()
        if not is_country(text):
            problems += _about(query, [Problem(f"{text!r} is no country; places in {country} were looked for")])
        labels = tuple(sorted(self._places().get(country, ())))
        return replace(query, labels=labels) if labels else q.Nothing()

    def _places(self) -> Mapping[str, list[str]]:
        """Countries to the places of the archive that are in them."""
        if self._inside is None:
            (answer,) = self._engine.ask([Question(facets=(FacetWanted("places", None),))], names=self._names)
            found: dict[str, list[str]] = {}
            for value in answer.facets[0].values:
                found.setdefault(country_of(value.label), []).append(value.label)
            self._inside = found
        return self._inside

    def _counts(self, nodes: Iterable[Node]) -> dict[Node, int]:
        """The articles of each value in the whole archive."""
        labels: dict[str, list[str]] = {}
        for facet, label in nodes:
            labels.setdefault(facet, []).append(label)
        wanted = tuple(FacetWanted(facet, labels=tuple(held)) for facet, held in labels.items())
        if not wanted:
            return {}
        (answer,) = self._engine.ask([Question(facets=wanted)], names=self._names)
        return {(facet.name, value.label): value.count for facet in answer.facets for value in facet.values}

    def _shows(self, node: Node) -> bool:
        return self._engine.shows(*node, names=self._names)

    def _shown(self, facet: str, nodes: Iterable[Node]) -> list[Node]:
        return [node for node in nodes if node[0] == facet and self._shows(node)]

    def _holding(self, facet: str, text: str) -> list[str]:
        wanted = FacetWanted(facet, None, find=text, find_words=True)
        (answer,) = self._engine.ask([Question(facets=(wanted,))], names=self._names)
        return [value.label for value in answer.facets[0].values]

    def _meant(self, facet: str, label: str, problems: list[Problem]) -> tuple[Node, ...]:
        """What a chosen label means, and itself where it means nothing."""
        nodes = self.called(facet, label)
        problems += self._told(facet, label, nodes)
        return nodes or ((facet, composed(label)),)

    def _named(self, query: q.Named, nodes: Sequence[Node], problems: list[Problem]) -> q.Query:
        if not nodes:
            held = self._with_words(query)
            problems += _about(query, [held] if held else self._told(query.facet, query.text, nodes))
            return query
        problems += _about(query, self._told(query.facet, query.text, nodes))
        homes: dict[str, list[str]] = {}
        for home, label in nodes:
            homes.setdefault(home, []).append(label)
        parts = tuple(replace(query, facet=home, labels=tuple(to)) for home, to in homes.items())
        return parts[0] if len(parts) == 1 else q.Or(parts)

    def _with_words(self, query: q.Named) -> Problem | None:
        """What there is to say of a name that none has, but of whose words some names are made; None for no such."""
        wanted = f" {' '.join(query.words)} "
        holding = self._holding(query.facet, " ".join(query.words))
        labels = [label for label in holding if wanted in f" {' '.join(forms_of(label))} "]
        if not labels:
            return None
        offers = self.offers([(query.facet, label) for label in labels[:OFFERED]])
        listed = ", ".join(f"{offer.label} ({offer.count:,})" for offer in offers)
        more = f" and {len(labels) - len(offers):,} more" if len(labels) > len(offers) else ""
        none = f"no {PARAMETER_OF_FACET[query.facet]} is called {query.text!r}"
        return Problem(f"{none}; those with it in their name were taken: {listed}{more}", offers=offers)

    def _told(self, facet: str, text: str, nodes: Sequence[Node]) -> tuple[Problem, ...]:
        """What there is to say of a name that means none, several, or one in another facet."""
        found = self._said.get((facet, text))
        if found is None:
            found = tuple(self._tell(facet, text, nodes))
            _keep(self._said, (facet, text), found)
        return found

    def _tell(self, facet: str, text: str, nodes: Sequence[Node]) -> Iterator[Problem]:
        if not nodes:
            offers = self.nearest(facet, text)
            listed = " or ".join(_offered(offer, facet) for offer in offers)
            hint = f"did you mean {listed}?" if offers else f"list them with: searchapp facets {facet}"
            yield Problem(f"the {facet} have no {text!r}; {hint}", offers=offers)
        elif len(nodes) > 1:
            offers = self.offers(nodes)
            listed = ", ".join(f"{offer.label} ({offer.count:,})" for offer in offers)
            yield Problem(f"{text!r} is the name of {len(nodes)} {facet}; any of them counts: {listed}", offers=offers)
        elif nodes[0][0] != facet:
            home, label = nodes[0]
            message = f"{text!r} is among the {home}, as {label!r}; it was looked for there"
            yield Problem(message, offers=self.offers(nodes))

    def _spelled_like(self, facet: str, text: str) -> list[str]:
        """Labels with words spelled like those of a text, the most alike first, then those of most articles."""
        words = [word for word in dict.fromkeys(forms_of(text)) if len(word) > 1]
        looked_for = sorted(words, key=len, reverse=True)[:MOST_WORDS]
        pieces = dict.fromkeys(piece for word in looked_for for piece in _pieces(word))
        if not pieces:
            return []
        wanted = tuple(FacetWanted(facet, LOOKED_AT, find=piece) for piece in pieces)
        (answer,) = self._engine.ask([Question(facets=wanted)], names=self._names)
        counts: Mapping[str, int] = {value.label: value.count for found in answer.facets for value in found.values}
        ranked = []
        for label, count in counts.items():
            distance = _distance(words, forms_of(label))
            if distance is not None:
                ranked.append((distance, -count, label))
        return [label for *_, label in sorted(ranked)]


def _about(query: q.Named, said: Iterable[Problem]) -> list[Problem]:
    """What is said of a name, with where in the query it stands."""
    return [replace(problem, start=query.at[0], end=query.at[1]) for problem in said]


def _keep(kept: dict[Node, tuple[Any, ...]], name: Node, told: tuple[Any, ...]) -> None:
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[name] = told


def _with_labels(
    request: SearchRequest, chosen: Mapping[str, Sequence[str]], excluded: Mapping[str, Sequence[str]]
) -> SearchRequest:
    labels = {facet: tuple(dict.fromkeys(held)) for facet, held in chosen.items()}
    unwanted = {facet: tuple(dict.fromkeys(held)) for facet, held in excluded.items() if held}
    changes = {facet: held for facet, held in labels.items() if held != request.selected(facet)}
    if unwanted != dict(request.exclude):
        return request.replace(**changes, exclude=unwanted)
    return request.replace(**changes) if changes else request


def _offered(offer: Offer, facet: str) -> str:
    return f"{offer.label!r}" if offer.facet == facet else f"{offer.label!r} among the {offer.facet}"


def _edits(word: str) -> int:
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2


def _pieces(word: str) -> list[str]:
    """Parts of a word, one of which every word spelled like it has."""
    edits = _edits(word)
    if not edits:
        return [word]
    size = -(-len(word) // (edits + 1))
    parts = [word[place : place + size] for place in range(0, len(word), size)]
    # Two letters that are swapped may belong to two parts.
    middle = word[size // 2 : size // 2 + size] if edits == 1 else ""
    return [part for part in (*parts, middle) if len(part) > 1]


def _distance(words: Sequence[str], others: Sequence[str]) -> tuple[int, int, int] | None:
    """How far a name is from a label: words that it lacks, changes of letters, words too many. None for too far."""
    joined = "".join(words)
    for edits in range(_edits(joined) + 1):
        if edit_distance_within(joined, "".join(others), edits):
            return 0, edits, 0
    missing = changes = 0
    for word in words:
        near = (
            n
            for n in range(_edits(word) + 1)
            if any(edit_distance_within(word, other, n) for other in others if len(word) > 3 or word[0] == other[:1])
        )
        found = next(near, None)
        missing += found is None
        changes += found or 0
    if missing * 2 > len(words) or missing == len(words):
        return None
    return missing, changes, max(0, len(others) - len(words))

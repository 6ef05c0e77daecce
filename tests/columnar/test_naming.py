"""What is known of all labels together is kept up as they come, and is what it would be if it were made anew."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.columnar import FacetIndex, Relabelling
from searchapp.columnar.asking.naming import LabelNames

from .conftest import FACETS, SIMPLE, Archive, Doc

LABELS = st.text(alphabet="abcdeé -'", max_size=6)


@given(st.lists(st.lists(LABELS, max_size=12), max_size=8))
def test_labels_that_come_a_few_at_a_time_are_sorted_as_all_of_them(batches: list[list[str]]) -> None:
    names = LabelNames(SIMPLE.forms)
    for batch in batches:
        names.number_all(batch)
        ranks, letter_ranks = names.ranks().tolist(), names.letter_ranks().tolist()
        by_name = sorted(names.names)
        by_form = sorted(names.names, key=lambda name: (f" {' '.join(SIMPLE.forms(name))} \n", name))
        assert [by_name[rank] for rank in ranks] == names.names
        assert [by_form[rank] for rank in letter_ranks] == names.names
        for text in ("a", " b", "a b", "é"):
            lines = [f" {' '.join(SIMPLE.forms(name))} \n" for name in names.names]
            assert names.holding(text).tolist() == [number for number, line in enumerate(lines) if text in line]
        assert names.initials(range(len(names.names))) == [(SIMPLE.forms(name) or [""])[0][:1] for name in names.names]


def test_a_new_label_sorts_none_of_the_others_again(monkeypatch: pytest.MonkeyPatch) -> None:
    names = LabelNames(SIMPLE.forms)
    names.number_all([f"name {number:04}" for number in range(3_000)])
    names.ranks()
    names.letter_ranks()
    looked_at = 0

    class Watched(str):
        def __lt__(self, other: str) -> bool:
            nonlocal looked_at
            looked_at += 1
            return str.__lt__(self, other)

    names.number_all([Watched("name 1500 and a half")])
    assert names.ranks()[-1] == 1501
    assert looked_at < 30


def test_a_relabelling_that_follows_another_gives_what_it_gives_by_itself(
    make_archive: Callable[..., Archive],
) -> None:
    chance = random.Random(5)
    labels = [f"name {number}" for number in range(12)]
    archive = make_archive()
    for part in range(3):
        archive.add(
            [
                Doc(
                    f"{part}-{number}",
                    people=tuple(chance.sample(labels, chance.randrange(4))),
                    places=tuple(chance.sample(labels, chance.randrange(3))),
                )
                for number in range(20)
            ],
            merge=False,
        )
    archive.delete("0-3", "1-7", merge=False)
    nodes = [(facet, label) for facet in FACETS for label in labels]
    changes: dict[tuple[str, str], tuple[str, str] | None] = {}
    for version in range(60):
        renewed = frozenset(chance.sample(nodes, chance.randrange(4)))
        changes = dict(changes)
        for node in renewed:
            choice = chance.random()
            if choice < 0.3:
                changes.pop(node, None)
            else:
                changes[node] = None if choice < 0.4 else chance.choice([*nodes, ("people", f"new {version}")])
        relabelling = Relabelling(version + 1, changes, follows=version, renewed=renewed)
        kept = archive.ask(relabelling=relabelling, facets=FACETS, facet_size=None)[0]
        anew = Archive(archive.index, FacetIndex({name: (name,) for name in FACETS}, forms=SIMPLE.forms), archive.docs)
        view = archive.index.view()
        held = [dict(segment.facets) for segment in view.segments]
        for segment in view.segments:
            segment.facets.clear()
        assert anew.ask(relabelling=Relabelling(version + 1, changes), facets=FACETS, facet_size=None)[0] == kept
        for segment, facets in zip(view.segments, held, strict=True):
            segment.facets = facets


def test_a_relabelling_of_labels_that_a_segment_lacks_leaves_its_facets_as_they_are(
    make_archive: Callable[..., Archive],
) -> None:
    archive = make_archive([Doc("1", people=("Ann",))])
    archive.add([Doc("2", people=("Bob",))], merge=False)
    archive.ask(facets=FACETS)
    before = [segment.facets["people", 0] for segment in archive.index.view().segments]
    changes = {("people", "Bob"): ("people", "Robert")}
    bob = frozenset([("people", "Bob")])
    answer, _ = archive.ask(facets=FACETS, relabelling=Relabelling(1, changes, follows=0, renewed=bob))
    assert answer.facets["people"].values == (("Ann", 1), ("Robert", 1))
    first, second = (segment.facets["people", 1] for segment in archive.index.view().segments)
    assert first is before[0]
    assert second is not before[1]

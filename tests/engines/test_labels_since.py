"""What a state of an engine tells of another one: which labels stand in more articles, and which in fewer."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from searchapp import Archive, Article
from searchapp.engines.base import Engine
from searchapp.entities.archive_names.names import EVIDENCE_COLUMNS, canonical_names
from searchapp.entities.columns import entry_of

PEOPLE = ["Ann Ek", "ANN EK", "Ek", "Bo Ny", "Bo B. Ny", "Ny", "York"]
PLACES = ["Türkiye", "Turkey", "York", "U.S.", "United States"]


def some(number: int, chance: random.Random) -> Article:
    people = chance.sample(PEOPLE, chance.randint(0, 3))
    return Article(
        f"a{number}", "x", assigned={"people": people, "places": chance.sample(PLACES, chance.randint(0, 2))}
    )


@pytest.mark.parametrize("seed", range(3))
def test_differences_are_those_of_the_counts_whatever_was_added_replaced_removed_and_merged(
    engine: Engine, seed: int
) -> None:
    chance = random.Random(seed)
    states = [engine.state()]
    for _ in range(12):
        with engine.writer(timeout_s=5) as writer:
            writer.delete([f"a{chance.randrange(60)}" for _ in range(chance.choice([0, 0, 3, 30]))])
            numbers = {chance.randrange(60) for _ in range(chance.choice([0, 1, 5, 40]))}
            writer.add([entry_of(some(number, chance), "") for number in numbers])
        states.append(engine.state())
        now = states[-1]
        for before in chance.sample(states, min(4, len(states))):
            for column in ("people", "places", "forms"):
                was, counts = before.labels(column), now.labels(column)
                expected = {label: n for label in was | counts if (n := counts.get(label, 0) - was.get(label, 0))}
                assert now.labels_since(before, column) == expected
                assert before.labels_since(now, column) == {label: -n for label, n in expected.items()}


@pytest.mark.parametrize("seed", range(3))
def test_an_archive_shows_after_every_commit_what_the_whole_of_it_gives(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with Archive.open(tmp_path / "index", create=True) as archive, Archive.open(tmp_path / "index") as reader:
        for _ in range(15):
            if chance.random() < 0.3:
                archive.delete([f"a{chance.randrange(60)}" for _ in range(chance.choice([1, 30]))])
            else:
                numbers = {chance.randrange(60) for _ in range(chance.choice([1, 5, 40]))}
                archive.add([some(number, chance) for number in numbers], recognise=False)
            for one in (archive, reader):
                with one.state() as state:
                    columns = {column: state.stored.labels(column) for column in EVIDENCE_COLUMNS}
                    whole = canonical_names(columns).relabelling
                    assert dict(state.names.changes) == whole.changes
                    assert state.names.version == whole.version

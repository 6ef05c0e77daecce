"""Few segments are left and nothing is written too often, whatever the sizes of commits: the bounds that are stated."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from searchapp.columnar.writing.policy import RATIO, run_to_merge

from .conftest import Archive, Doc
from .test_executor import random_docs

PER_DELETED = 6
"""Articles written again for each deleted one, at most."""


@dataclass
class Sizes:
    """The segments of an index, as numbers of articles alone."""

    sizes: list[int] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    added: int = 0
    removed: int = 0
    rewritten: int = 0

    def add(self, count: int) -> None:
        self.sizes.append(count)
        self.deleted.append(0)
        self.added += count

    def delete(self, place: int, share: float) -> None:
        place %= len(self.sizes)
        count = int((self.sizes[place] - self.deleted[place]) * share)
        self.deleted[place] += count
        self.removed += count

    def settle(self) -> None:
        """What a commit does until all is well."""
        while True:
            kept = [place for place, size in enumerate(self.sizes) if size > self.deleted[place]]
            self.sizes, self.deleted = [self.sizes[p] for p in kept], [self.deleted[p] for p in kept]
            run = run_to_merge(self.sizes, self.deleted)
            if run is None:
                break
            whole = slice(*run)
            live = sum(self.sizes[whole]) - sum(self.deleted[whole])
            self.rewritten += live
            self.sizes[whole], self.deleted[whole] = [live], [0]

    def holds(self) -> None:
        whole = max(self.added, 1)
        assert len(self.sizes) <= 1 + math.log2(whole)
        bound = self.added * (1 + math.log(whole, 1 + 1 / RATIO)) + PER_DELETED * self.removed
        assert self.rewritten <= bound


@given(st.lists(st.integers(1, 100_000) | st.integers(1, 3), max_size=120))
def test_the_bounds_hold_for_any_sizes_of_commits(counts: Sequence[int]) -> None:
    index = Sizes()
    for count in counts:
        index.add(count)
        index.settle()
        index.holds()


@given(st.lists(st.tuples(st.integers(1, 5_000), st.integers(0, 20), st.floats(0, 1)), max_size=80))
def test_the_bounds_hold_when_articles_are_deleted_too(changes: Sequence[tuple[int, int, float]]) -> None:
    index = Sizes()
    for count, place, share in changes:
        index.add(count)
        index.delete(place, share)
        index.settle()
        index.holds()


def test_commits_of_equal_size_write_an_article_about_half_log2_of_their_number_of_times() -> None:
    index = Sizes()
    for _ in range(1_000):
        index.add(1)
        index.settle()
    assert index.rewritten / index.added < math.log2(1_000) / 2
    assert len(index.sizes) <= 10


def test_what_is_sorted_by_falling_size_is_left_alone() -> None:
    assert run_to_merge([800, 400, 100, 50, 1], [0] * 5) is None
    assert run_to_merge([], []) is None


def test_an_index_keeps_to_the_bounds(make_archive: Callable[..., Archive]) -> None:
    chance = random.Random(3)
    archive = make_archive()
    written = number = 0
    for _ in range(40):
        before = {segment.segid for segment in archive.index.contents().segments}
        docs = [Doc(f"{number + at}", doc.body) for at, doc in enumerate(random_docs(number, chance.choice([1, 1, 9])))]
        number += len(docs)
        archive.add(docs)
        segments = archive.index.contents().segments
        written += sum(segment.docs for segment in segments if segment.segid not in before)
        assert len(segments) <= 1 + math.log2(number)
    assert written <= number * (2 + math.log(number, 1 + 1 / RATIO))

"""Labels for plain text from several trained models, to train the last one on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from searchapp.entities.recognising.base import Passage
from searchapp.entities.recognising.batches import Batch
from searchapp.entities.recognising.tagger import KINDS, Tagger
from searchapp.training.corpora import Labelled, blocks

__all__ = ["label", "merged"]

BLOCK = 400_000


def merged(teachers: Sequence[Tagger]) -> Tagger:
    """A tagger whose scores are the mean of the teachers' scores."""
    return _Panel(teachers)


class _Panel(Tagger):
    def __init__(self, teachers: Sequence[Tagger]) -> None:
        self.teachers = teachers
        self.gazetteers = teachers[0].gazetteers
        self.weights = {
            name: np.mean([teacher.weights[name] for teacher in teachers], axis=0)
            for name in ("transitions", "begin", "end")
        }

    def scores(self, batch: Batch) -> NDArray[np.float32]:
        total: NDArray[np.float32] = np.mean(
            [teacher.scores(batch) for teacher in self.teachers], axis=0, dtype=np.float32
        )
        return total


def label(texts: Iterable[str], teacher: Tagger, *, least: float = 0.0) -> Iterator[Labelled]:
    """Each text with the names that `teacher` finds; those it is less sure of than `least` are marked as unknown."""
    kinds = {kind: number for number, kind in enumerate(KINDS)}
    for block in blocks(texts, BLOCK):
        found = teacher.spans([Passage("", text) for text in block])
        for text, spans in zip(block, found, strict=True):
            yield Labelled(
                text + "\n\n",
                tuple((s.start, s.end, kinds[s.kind] if s.confidence >= least else -1) for s in spans),
            )

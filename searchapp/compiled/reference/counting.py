"""How many of some articles have each label, of several facets at once; and how many each number of a column."""

from __future__ import annotations

import numpy as np

from searchapp.compiled.contract import Array

__all__ = ["added_up", "code_counts", "highest", "label_counts"]

FEW = 4
"""With so many labels in all to one of an article, the labels of the articles are sorted; else all labels counted."""


def label_counts(docs: Array, starts: Array, labels: Array, offsets: Array, /) -> tuple[tuple[Array, Array, int], ...]:
    low = starts.take(docs).astype(np.int64)
    widths = starts.take(docs + 1).astype(np.int64) - low
    ends = np.cumsum(widths)
    total = int(ends[-1]) if len(ends) else 0
    held = labels.take(np.arange(total) + np.repeat(low - (ends - widths), widths))
    numbers, counts = _counted(held, int(offsets[-1]))
    borders = np.searchsorted(numbers, offsets).tolist()
    found = []
    for offset, last, start, stop in zip(
        offsets.tolist(), (offsets[1:] - 1).tolist(), borders, borders[1:], strict=False
    ):
        missing = 0
        if stop > start and numbers[stop - 1] == last:
            stop -= 1
            missing = int(counts[stop])
        found.append((numbers[start:stop] - offset, counts[start:stop], missing))
    return tuple(found)


def code_counts(docs: Array, codes: Array, size: int, /) -> tuple[Array, Array]:
    counts = np.bincount(codes.take(docs), minlength=size + 1)[:size]
    numbers = np.flatnonzero(counts)
    return numbers, counts[numbers]


def added_up(values: Array, counts: Array, /) -> tuple[Array, Array]:
    if not len(values):
        return values, counts
    heads = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    return values[heads], np.add.reduceat(counts, heads)


def highest(counts: Array, wanted: int, /) -> Array:
    places = np.arange(len(counts))
    wanted = max(0, wanted)
    if 0 < wanted < len(counts):
        border = np.partition(counts, len(counts) - wanted)[len(counts) - wanted]
        places = np.flatnonzero(counts >= border)
    return places[np.argsort(-counts[places], kind="stable")[:wanted]]


def _counted(held: Array, size: int) -> tuple[Array, Array]:
    if len(held) * FEW < size:
        held = np.sort(held)
        heads = np.flatnonzero(np.concatenate([[len(held) > 0], held[1:] != held[:-1]]))
        return held[heads].astype(np.int64), np.diff(heads, append=len(held))
    counts = np.bincount(held, minlength=size)
    numbers = np.flatnonzero(counts)
    return numbers, counts[numbers]

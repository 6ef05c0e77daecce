"""Rows of a matrix gathered and added up: what the tagger's network does beside multiplying."""

from __future__ import annotations

import numpy as np

from searchapp.compiled.contract import Array

__all__ = ["add_rows", "stretch_sums"]


def add_rows(sums: Array, table: Array, rows: Array, places: Array | None, width: int, each: int, /) -> None:
    into, source = sums.reshape(-1, width), table.reshape(-1, width)
    if np.shares_memory(sums, table) or (each != 1 if places is not None else len(rows) != each * len(into)):
        raise ValueError("each row that is added needs a place")
    if len(rows) and not 0 <= rows.min() <= rows.max() < len(source):
        raise IndexError("a row points outside of its array")
    if places is None:
        for number in range(each):
            into += source.take(rows[number::each], axis=0)
        return
    if len(places) != len(rows):
        raise ValueError("each row that is added needs a place")
    if len(places) and not 0 <= places.min() <= places.max() < len(into):
        raise IndexError("a place points outside of its array")
    # Rows for one place come one after the other: first those that are the first for theirs, and so on.
    order = np.argsort(places, kind="stable")
    sorted_places = places[order]
    turns = np.arange(len(order)) - np.searchsorted(sorted_places, sorted_places)
    for turn in range(int(turns.max(initial=-1)) + 1):
        now = order[turns == turn]
        into[places[now]] += source.take(rows[now], axis=0)


def stretch_sums(table: Array, rows: Array, firsts: Array, width: int, most: int, /) -> Array:
    source = table.reshape(-1, width)
    if len(rows) and not 0 <= rows.min() <= rows.max() < len(source):
        raise IndexError("a row points outside of its array")
    if len(firsts) and not 0 <= firsts.min() <= firsts.max() < len(rows):
        raise IndexError("a row points outside of its array")
    lengths = np.diff(np.append(firsts, len(rows)))
    if (lengths[:-1] <= 0).any() or most < 1:
        raise ValueError("stretches begin in rising order")
    # Most are short, so the first rows of all stretches are added up, then the second ones of those that have two, and
    # so on: far quicker than stretch by stretch.
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = firsts[order], lengths[order]
    sums = source[rows[starts]]
    for step in range(1, min(int(lengths[0]) if len(lengths) else 0, most)):
        alive = int(np.searchsorted(-lengths, -step, side="left"))
        sums[:alive] += source[rows[starts[:alive] + step]]
    for number in range(int(np.searchsorted(-lengths, -most, side="left"))):
        start = starts[number]
        # A sum would add in another order where rows have but one value.
        sums[number] += np.add.accumulate(source[rows[start + most : start + lengths[number]]], axis=0)[-1]
    result = np.empty_like(sums)
    result[order] = sums
    return result.ravel()

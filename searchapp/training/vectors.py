"""What unlabelled text tells of words: how they are written, and which words they resemble."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from searchapp.entities.recognising.features import case_keys
from searchapp.entities.recognising.tokens import CAPITALISED, CAPITALS, LOWER, MIXED, tokenise
from searchapp.training.corpora import blocks

__all__ = ["Statistics", "count_words", "word_vectors"]

SIDES = (-2, -1, 1, 2)

BLOCK = 500_000
"""Characters that are taken apart at once."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts over all the text that was read."""

    keys: NDArray[np.uint64]
    """Every token's case-aware key, 0 between sentences, in reading order."""
    case_words: NDArray[np.uint64]
    """Folded words seen within a sentence, sorted."""
    case_shares: NDArray[np.float32]
    """How often each of them was in lower case, in [0, 1]."""
    case_counts: NDArray[np.int64]


def count_words(texts: Iterable[str]) -> Statistics:
    """Reads all `texts` once."""
    keys: list[NDArray[np.uint64]] = []
    words: list[NDArray[np.uint64]] = []
    lower: list[NDArray[np.bool_]] = []
    for block in blocks(texts, BLOCK):
        tokens = tokenise("\n\n".join(block))
        sentence = np.cumsum(tokens.sentence_starts)
        own = np.insert(case_keys(tokens.words, tokens.shapes), np.flatnonzero(tokens.sentence_starts), 0)
        keys.append(own)
        # Headlines and lists are mostly capitalised and would say nothing.
        capital = np.isin(tokens.shapes, (CAPITALISED, CAPITALS, MIXED))
        is_word = capital | (tokens.shapes == LOWER)
        share = np.bincount(sentence, capital) / np.maximum(np.bincount(sentence, is_word), 1)
        fit = is_word & ~tokens.sentence_starts & (share[sentence] < 0.6)
        fit[1:] &= ~((tokens.shapes[:-1] == 0) & ~tokens.glued[:-1])
        words.append(tokens.words[fit])
        lower.append(~capital[fit])
    found, where = np.unique(np.concatenate(words), return_inverse=True)
    counts = np.bincount(where)
    small = np.bincount(where, np.concatenate(lower))
    keep = counts >= 3
    return Statistics(
        np.concatenate(keys),
        found[keep],
        ((small + 0.2) / (counts + 0.4))[keep].astype(np.float32),
        counts[keep],
    )


def word_vectors(
    keys: NDArray[np.uint64], *, size: int = 64, words: int = 60_000, contexts: int = 3_000, least: int = 4
) -> tuple[NDArray[np.uint64], NDArray[np.float32]]:
    """Keys of the commonest words (sorted) and a unit vector for each.

    Positive pointwise mutual information with the two neighbours on either side, with smoothed context counts
    (Levy, Goldberg and Dagan 2015), cut to `size` dimensions by a truncated singular value decomposition.
    """
    from scipy import sparse
    from sklearn.utils.extmath import randomized_svd

    found, where, counts = np.unique(keys, return_inverse=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    order = order[found[order] != 0]
    vocabulary = order[:words]
    vocabulary = vocabulary[counts[vocabulary] >= least]
    row_of = np.full(len(found), -1)
    row_of[vocabulary] = np.arange(len(vocabulary))
    column_of = np.full(len(found), -1)
    column_of[order[:contexts]] = np.arange(contexts)
    column_of[np.searchsorted(found, 0)] = contexts
    rows, columns = row_of[where], column_of[where]
    parts: list[Any] = []
    for side, offset in enumerate(SIDES):
        left, right = max(0, -offset), max(0, offset)
        here, there = rows[left : len(rows) - right], columns[right : len(columns) - left]
        fit = (here >= 0) & (there >= 0)
        shape = (len(vocabulary), (contexts + 1) * len(SIDES))
        cells = (here[fit], there[fit] + side * (contexts + 1))
        parts.append(sparse.coo_matrix((np.ones(int(fit.sum()), np.float32), cells), shape=shape).tocsr())
    table = sum(parts[1:], parts[0]).tocoo()
    total = table.data.sum()
    row_sum = np.asarray(table.sum(1)).ravel() / total
    column_sum = np.asarray(table.sum(0)).ravel() ** 0.75
    column_sum /= column_sum.sum()
    information = np.log(table.data / total / (row_sum[table.row] * column_sum[table.col]))
    positive = np.maximum(information, 0).astype(np.float32)
    matrix = sparse.coo_matrix((positive, (table.row, table.col)), shape=table.shape).tocsr()
    matrix.eliminate_zeros()
    left_vectors, values, _ = randomized_svd(matrix, size, n_iter=3, random_state=0)
    vectors = left_vectors * np.sqrt(values)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    by_key = np.argsort(found[vocabulary])
    return found[vocabulary][by_key], vectors[by_key].astype(np.float32)

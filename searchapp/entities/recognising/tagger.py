"""The shipped recogniser: a small network whose work is done once per distinct word, in numpy, in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from searchapp import compiled
from searchapp.entities.recognising.base import Passage, Span
from searchapp.entities.recognising.batches import BLOCK_CHARS, Batch, text_parts, unpack_lists
from searchapp.entities.recognising.features import PLACE_FEATURES, WordTypes, word_types
from searchapp.entities.recognising.gazetteers import Gazetteers
from searchapp.entities.recognising.packing import read_model
from searchapp.entities.recognising.tokens import CAPITALISED, LOWER, SIGN, hash_words, tokenise

__all__ = ["KINDS", "LONGEST_RUN", "TAGS", "Tagger", "cut_runs", "everywhere", "load_tagger", "surroundings"]

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

KINDS = ("person", "place", "organisation")
TAGS = ("O", "B-person", "I-person", "B-place", "I-place", "B-organisation", "I-organisation")
LONGEST_RUN = 32
"""Candidates that are decoded as one sequence; a longer run is cut."""
MOST_CANDIDATES = 24_000
"""Candidates that are scored at once, which bounds the memory; a block with more is halved."""
LONG_STRETCH = 64
"""Rows of one stretch that are added step by step; the rest of a longer one in one go."""
COMMONEST = 150
_BREAK = "\n\n"
_THE = hash_words(["the"])[0]


@dataclass(frozen=True, slots=True)
class _Common:
    keys: NDArray[np.uint64]
    rows: Ints
    tables: Floats
    """Place in the window, row, hidden unit."""

    def find(self, types: WordTypes) -> Ints:
        """Row of each word, 0 for those that are not common."""
        at = np.minimum(np.searchsorted(self.keys, types.identities), len(self.keys) - 1)
        return np.where(self.keys[at] == types.identities, self.rows[at], 0)


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a passage's text."""

    number: int
    """Which passage."""
    offset: int
    text: str


class Tagger:
    """Scores batches with the weights of a trained network."""

    english_only = True

    def __init__(self, weights: Mapping[str, NDArray[Any]]) -> None:
        self.weights = {name: np.asarray(value) for name, value in weights.items()}
        w = self.weights
        self.gazetteers = Gazetteers(w["phrases"], w["phrase_lists"], w["words"], w["word_lists"])
        self._common: _Common | None = None
        self._everywhere = everywhere(str(w["common"]).split("\n"))

    def spans(self, passages: Sequence[Passage]) -> list[list[Span]]:
        """For each passage its spans, in reading order, never overlapping.

        What is found in one passage does not depend on the others. Time grows with the length of the text; memory
        does not.
        """
        found: list[list[Span]] = [[] for _ in passages]
        # More threads would wait for each other: a block's matrices are small.
        with _threads().limit(limits=1, user_api="blas"):
            for block in _blocks(passages):
                self._tag(block, found)
        return found

    def _tag(self, block: Sequence[_Part], found: list[list[Span]]) -> None:
        ends = np.cumsum([len(part.text) + len(_BREAK) for part in block])
        tokens = tokenise(_BREAK.join(part.text for part in block))
        if np.count_nonzero(tokens.shapes > LOWER) > MOST_CANDIDATES:
            # The arrays of the whole block would stay in memory while its halves are read.
            del tokens
            for half in _halves(block):
                self._tag(half, found)
            return
        batch = Batch(tokens, ends, self.gazetteers)
        chosen = batch.candidates.tokens
        if not len(chosen):
            return
        scores = self.scores(batch)
        tags = self.decode(scores, batch.candidates.starts_run)
        first, last, kinds, sure = _names(tags, scores)
        owners = batch.documents[chosen[first]]
        shifts = np.array([part.offset for part in block]) - (ends - np.diff(ends, prepend=0))
        starts = tokens.starts[_with_article(batch, first)] + shifts[owners]
        stops = tokens.ends[chosen[last]] + shifts[owners]
        columns = (owners.tolist(), starts.tolist(), stops.tolist(), kinds.tolist(), sure.tolist())
        for owner, start, stop, kind, confidence in zip(*columns, strict=True):
            found[block[owner].number].append(Span(start, stop, KINDS[kind], confidence))

    def scores(self, batch: Batch) -> Floats:
        """For each candidate a score for each of `TAGS`."""
        w = self.weights
        hidden = self._first_layer(batch)
        starts = batch.candidates.starts_run
        # Candidates with a neighbour in their run; most stand alone and need no more than their own row.
        second = np.flatnonzero(~starts)
        first = second - 1
        inner = np.arange(len(second))
        for layer in range(int(w["layers"])):
            mixed = hidden @ w[f"own{layer}"]
            mixed += w[f"bias{layer}"]
            _add_rows(mixed, hidden[first] @ w[f"before{layer}"], inner, second)
            _add_rows(mixed, hidden[second] @ w[f"after{layer}"], inner, first)
            if layer == 0:
                _add_rows(mixed, _group_means(hidden, batch.groups) @ w["pool"], batch.groups)
            np.maximum(mixed, 0, out=mixed)
            hidden += mixed
        scores: Floats = hidden @ w["out"]
        scores += w["out_bias"]
        return scores

    def _first_layer(self, batch: Batch) -> Floats:
        w = self.weights
        window = batch.window
        hidden: Floats = batch.place_bits() @ w["place"]
        hidden += w["mix_bias"]
        at = batch.candidates.tokens
        about_sentences, about_documents = surroundings(batch, w["static"], w["static_keys"], self._everywhere)
        _add_rows(hidden, about_sentences @ w["sentence"], batch.sentences[at])
        _add_rows(hidden, about_documents @ w["document"], batch.documents[at])
        common = self._common_words()
        places, count, _ = common.tables.shape
        rows = common.find(batch.types)[window]
        _add_rows(hidden, common.tables, (rows + count * np.arange(places)).ravel(), each=places)
        # The common words are done; only the rare ones are worked out anew.
        rare = np.flatnonzero(rows.ravel() == 0)
        if len(rare):
            used, inverse = np.unique(window.ravel()[rare], return_inverse=True)
            tables = np.matmul(self.word_vectors(batch.types, used), w["mix"])
            owners, columns = np.divmod(rare, places)
            _add_rows(hidden, tables, inverse + columns * len(used), owners)
        np.maximum(hidden, 0, out=hidden)
        return hidden

    def _common_words(self) -> _Common:
        """The first layer's share of each common word at each place of the window, worked out once."""
        if self._common is None:
            tokens = tokenise("\n\n".join(str(self.weights["common"]).split("\n")))
            types = word_types(tokens, self.gazetteers)
            vectors = self.word_vectors(types, np.arange(len(types)))
            # Row 0 adds nothing: it stands for every word that is not common. The sentence's edge comes next.
            tables = np.matmul(vectors, self.weights["mix"])
            tables = np.concatenate((np.zeros_like(tables[:, :1]), tables), axis=1)
            keys = types.identities
            order = np.argsort(keys, kind="stable")
            self._common = _Common(keys[order], order + 1, tables)
        return self._common

    def word_vectors(self, types: WordTypes, which: NDArray[np.integer[Any]]) -> Floats:
        """A vector for each of the distinct words `which`."""
        w = self.weights
        vectors: Floats = unpack_lists(types.lists[which]) @ w["lists"]
        vectors += w["word_bias"]
        vectors += w["shapes"][types.shapes[which]]
        vectors += w["lengths"][types.lengths[which]]
        vectors += w["known"][_rows(w["known_words"], types.words[which])]
        vectors += w["static"][_rows(w["static_keys"], types.keys[which])] @ w["static_mix"]
        affixes = types.affixes[which]
        for column in range(affixes.shape[1]):
            vectors += w["affixes"][affixes[:, column]]
        np.maximum(vectors, 0, out=vectors)
        vectors[which == 0] = w["edge"]
        return vectors

    def decode(self, scores: Floats, starts_run: NDArray[np.bool_]) -> NDArray[np.int8]:
        """The best sequence of tags of each run (Viterbi 1967), over all runs at once."""
        transitions, begin, end = self.weights["transitions"], self.weights["begin"], self.weights["end"]
        runs = cut_runs(starts_run)
        lengths = np.diff(np.append(runs, len(scores)))
        order = np.argsort(-lengths, kind="stable")
        runs, lengths = runs[order], lengths[order]
        tags = np.zeros(len(scores), np.int8)
        best = scores[runs] + begin
        back: list[NDArray[np.int8]] = []
        for step in range(1, int(lengths[0]) if len(lengths) else 0):
            alive = int(np.searchsorted(-lengths, -step, side="left"))
            paths = best[:alive, :, None] + transitions
            chosen = paths.argmax(1)
            back.append(chosen.astype(np.int8))
            best[:alive] = np.take_along_axis(paths, chosen[:, None], 1)[:, 0] + scores[runs[:alive] + step]
        current = (best + end).argmax(1)
        tags[runs + lengths - 1] = current
        for step in range(len(back), 0, -1):
            alive = len(back[step - 1])
            current[:alive] = back[step - 1][np.arange(alive), current[:alive]]
            tags[runs[:alive] + step - 1] = current[:alive]
        return tags


def everywhere(common: Sequence[str]) -> NDArray[np.uint64]:
    """Hashes of the commonest words, which say nothing of what a sentence is about."""
    return hash_words(common[:COMMONEST])


def surroundings(
    batch: Batch, static: Floats, static_keys: NDArray[np.uint32], left_out: NDArray[np.uint64]
) -> tuple[Floats, Floats]:
    """The mean vector of the lower-case words of each sentence, and of each document."""
    small = np.flatnonzero(batch.tokens.shapes == LOWER)
    row_of_type = _rows(static_keys, batch.types.keys)
    row_of_type[np.isin(batch.types.words, left_out)] = 0
    rows = row_of_type[batch.types.of_token[small]]
    small, rows = small[rows > 0], rows[rows > 0]
    sentences = batch.sentences[small]
    sums = np.zeros((int(batch.sentences[-1]) + 1, static.shape[1]), np.float32)
    first = np.flatnonzero(np.diff(sentences, prepend=-1))
    if len(first):
        sums[sentences[first]] = _sums(static, rows, first)
    counts = np.bincount(sentences, minlength=len(sums)).astype(np.float32)[:, None]
    starts = np.flatnonzero(batch.tokens.sentence_starts)
    documents = batch.documents[starts]
    first = np.flatnonzero(np.diff(documents, prepend=-1))
    whole = np.zeros((int(documents[-1]) + 1, static.shape[1]), np.float32)
    whole[documents[first]] = np.add.reduceat(sums, first, axis=0)
    totals = np.zeros((len(whole), 1), np.float32)
    totals[documents[first]] = np.add.reduceat(counts, first, axis=0)
    return sums / (counts + 1), whole / (totals + 1)


def _group_means(hidden: Floats, groups: Ints) -> Floats:
    order = np.argsort(groups, kind="stable")
    firsts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    means = _sums(hidden, order, firsts)
    means /= np.diff(np.append(firsts, len(order)))[:, None].astype(np.float32)
    return means


def _sums(table: Floats, rows: Ints, firsts: Ints) -> Floats:
    """Sum of the `rows` of `table` for each stretch of rows; `firsts` says where the stretches begin."""
    width = table.shape[1]
    return compiled.steps.stretch_sums(table.ravel(), rows, firsts, width, LONG_STRETCH).reshape(-1, width)


def _add_rows(sums: Floats, table: Floats, rows: NDArray[Any], places: Ints | None = None, *, each: int = 1) -> None:
    """Adds rows of one matrix to rows of another; see `searchapp.compiled.contract`."""
    compiled.steps.add_rows(sums.reshape(-1), table.reshape(-1), rows, places, sums.shape[1], each)


def cut_runs(starts_run: NDArray[np.bool_]) -> Ints:
    """Where runs begin, the long ones cut."""
    runs = np.flatnonzero(starts_run)
    lengths = np.diff(np.append(runs, len(starts_run)))
    if not len(runs) or lengths.max() <= LONGEST_RUN:
        return runs
    pieces = -(-lengths // LONGEST_RUN)
    within = np.arange(int(pieces.sum())) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    cut: Ints = np.repeat(runs, pieces) + within * LONGEST_RUN
    return cut


def _names(tags: NDArray[np.int8], scores: Floats) -> tuple[Ints, Ints, Ints, NDArray[np.float64]]:
    """First and last candidate, kind and confidence of each name."""
    begins = np.flatnonzero(tags % 2 == 1)
    inside = (tags > 0) & (tags % 2 == 0)
    gaps = np.flatnonzero(~inside)
    after = np.searchsorted(gaps, begins, side="right")
    last = np.append(gaps, len(tags))[after] - 1
    kinds = (tags[begins].astype(np.int64) - 1) // 2
    # The share of the name's own tag at its first word among all tags, a cheap stand-in for its probability.
    shares = np.exp(scores[begins] - scores[begins].max(1, keepdims=True))
    sure = shares[np.arange(len(begins)), 2 * kinds + 1] / shares.sum(1)
    return begins, last, kinds, np.round(sure.astype(np.float64), 3)


def _with_article(batch: Batch, first: Ints) -> Ints:
    """The first token of each name, given its first candidate.

    A capital "The" within a sentence belongs to the name that it stands before: "The Hague", "The Indian Express". The
    training text leaves it out everywhere, so the network cannot know.
    """
    tokens = batch.tokens
    at = batch.candidates.tokens[first]
    before = np.maximum(at - 1, 0)
    article = (tokens.words[before] == _THE) & (tokens.shapes[before] == CAPITALISED)
    within = ~tokens.sentence_starts[at] & ~tokens.sentence_starts[before]
    # After a quote, bracket or colon "The" begins anew; in a headline every word has a capital.
    within &= tokens.shapes[np.maximum(before - 1, 0)] != SIGN
    within &= (batch.places[first] >> np.uint32(PLACE_FEATURES.index("sentence capitalised")) & np.uint32(1)) == 0
    groups = batch.groups[first]
    # Where the article writes it so once, it is so at the start of a sentence too.
    opening = tokens.sentence_starts[before] & np.isin(groups, groups[article & within])
    result: Ints = at - (article & (within | opening))
    return result


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def _blocks(passages: Sequence[Passage]) -> Iterator[list[_Part]]:
    block: list[_Part] = []
    size = 0
    for number, passage in enumerate(passages):
        for offset, text in text_parts(passage.text):
            if block and size + len(text) > BLOCK_CHARS:
                yield block
                block, size = [], 0
            block.append(_Part(number, offset, text))
            size += len(text) + len(_BREAK)
    if block:
        yield block


def _halves(block: Sequence[_Part]) -> tuple[Sequence[_Part], Sequence[_Part]]:
    if len(block) > 1:
        return block[: len(block) // 2], block[len(block) // 2 :]
    (part,) = block
    pieces = [
        _Part(part.number, part.offset + offset, text)
        for offset, text in text_parts(part.text, len(part.text) // 2 + 1)
    ]
    return pieces[:1], pieces[1:]


def _rows(known: NDArray[np.uint32], hashes: NDArray[np.uint64]) -> Ints:
    """One past the position of each hash's upper half in `known`, 0 where missing."""
    short = (hashes >> np.uint64(32)).astype(np.uint32)
    at = np.minimum(np.searchsorted(known, short), len(known) - 1)
    return np.where(known[at] == short, at + 1, 0)


@cache
def load_tagger() -> Tagger:
    """The tagger that comes with the package."""
    with as_file(files("searchapp.entities.recognising") / "model" / "tagger.npz") as path:
        return Tagger(read_model(path))

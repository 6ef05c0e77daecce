"""Fitting the tagger's weights: the same network as `searchapp.entities.recognising.tagger`, in PyTorch."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from searchapp.entities.recognising.batches import BLOCK_CHARS, Batch, unpack, unpack_lists
from searchapp.entities.recognising.features import AFFIX_BITS, PLACE_FEATURES, WINDOW
from searchapp.entities.recognising.gazetteers import PHRASE_LISTS, WORD_LISTS, Gazetteers
from searchapp.entities.recognising.tagger import TAGS, Tagger, cut_runs, everywhere, surroundings
from searchapp.entities.recognising.tokens import SHAPES, tokenise
from searchapp.training.corpora import Labelled

__all__ = ["Corpus", "Plan", "Weights", "assemble", "fit"]

Weights = dict[str, NDArray[Any]]

AVERAGE_EVERY = 20
"""Steps between the weights that are averaged."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes and rates."""

    width: int = 64
    hidden: int = 128
    layers: int = 2
    rounds: int = 6
    step: int = 3000
    """Candidates in one step of training."""
    rate: float = 3e-3
    seed: int = 1
    average_from: float = 0.6
    """Share of the steps after which the weights are averaged."""
    least_known: int = 3
    """Times a word must occur to have a vector of its own."""
    drop_hidden: float = 0.2
    drop_word: float = 0.1
    drop_static: float = 0.05
    drop_affixes: float = 0.0
    drop_lists: float = 0.2
    drop_marks: float = 0.3
    drop_about: float = 0.2
    teaching: float = 1.0
    """How much the teachers' opinions count beside the tags, where there are any."""
    weights: dict[str, float] = field(default_factory=dict)
    """Weight of a corpus in the loss, 1 where not named."""


@dataclass(slots=True)
class Corpus:
    """All training text as one batch, with tags."""

    batch: Batch
    tags: NDArray[np.int8]
    corpora: NDArray[np.int16]
    """Number of the corpus of each document."""
    names: list[str]
    first: NDArray[np.int64]
    """First candidate of each document, and one past the last."""
    opinions: NDArray[np.float16] | None = None
    """The teachers' score for each tag of each candidate, where there are teachers."""


def assemble(
    parts: Sequence[tuple[str, Sequence[Labelled]]], gazetteers: Gazetteers, *, teacher: Tagger | None = None
) -> Corpus:
    """Reads the documents of all corpora, given with their names, and asks `teacher` what it thinks of each word."""
    documents = [document for _, group in parts for document in group]
    corpora = np.repeat(np.arange(len(parts)), [len(group) for _, group in parts]).astype(np.int16)
    ends = np.cumsum([len(document.text) for document in documents])
    batch = Batch(tokenise("".join(document.text for document in documents)), ends, gazetteers)
    starts = ends - np.diff(ends, prepend=0)
    spans = np.array(
        [(s + o, e + o, k) for d, o in zip(documents, starts.tolist(), strict=True) for s, e, k in d.spans], np.int64
    ).reshape(-1, 3)
    at = batch.candidates.tokens
    token_starts = batch.tokens.starts[at]
    first = np.searchsorted(token_starts, spans[:, 0])
    last = np.searchsorted(token_starts, spans[:, 1])
    tags = np.zeros(len(at), np.int8)
    run = np.cumsum(batch.candidates.starts_run)
    good = (first < last) & (first < len(at))
    good &= token_starts[np.minimum(first, len(at) - 1)] == spans[:, 0]
    good &= run[np.minimum(first, len(at) - 1)] == run[np.maximum(last - 1, 0)]
    good &= batch.tokens.letters[at[np.maximum(last - 1, 0)]] >= spans[:, 1] - 1
    for a, b, k in zip(first[good].tolist(), last[good].tolist(), spans[good, 2].tolist(), strict=True):
        tags[a] = 1 + 2 * k if k >= 0 else -1
        tags[a + 1 : b] = 2 + 2 * k if k >= 0 else -1
    # What cannot be tagged as it should be is left out of the loss.
    for a, b in zip(first[~good].tolist(), last[~good].tolist(), strict=True):
        tags[max(0, a - 1) : b] = np.where(tags[max(0, a - 1) : b] == 0, -1, tags[max(0, a - 1) : b])
    edges = np.searchsorted(batch.documents[at], np.arange(len(documents) + 1))
    opinions = _opinions(teacher, documents, gazetteers) if teacher else None
    return Corpus(batch, tags, corpora, [name for name, _ in parts], edges, opinions)


def _opinions(teacher: Tagger, documents: Sequence[Labelled], gazetteers: Gazetteers) -> NDArray[np.float16]:
    """The teacher's scores of all candidates of the documents, in their order."""
    found: list[NDArray[np.float16]] = []
    ends = np.cumsum([len(document.text) for document in documents])
    for block in np.split(np.arange(len(documents)), np.flatnonzero(np.diff(ends // BLOCK_CHARS)) + 1):
        texts = [documents[number].text for number in block]
        batch = Batch(tokenise("".join(texts)), np.cumsum([len(text) for text in texts]), gazetteers)
        if len(batch.candidates.tokens):
            found.append(teacher.scores(batch).astype(np.float16))
    return np.concatenate(found)


class Network(nn.Module):
    """Mirrors `Tagger.scores`."""

    def __init__(self, plan: Plan, known: int, static: NDArray[np.float32], corpora: int) -> None:
        super().__init__()
        width, hidden = plan.width, plan.hidden
        self.plan = plan

        def table(rows: int, columns: int, scale: float = 0.1) -> nn.Parameter:
            return nn.Parameter(torch.randn(rows, columns) * scale)

        self.known = nn.Embedding(known + 1, width, sparse=True)
        self.affixes = nn.Embedding(1 << AFFIX_BITS, width, sparse=True)
        nn.init.normal_(self.known.weight, std=0.05)
        nn.init.normal_(self.affixes.weight, std=0.05)
        self.register_buffer("static", torch.from_numpy(static))
        self.static_mix = table(static.shape[1], width, static.shape[1] ** -0.5)
        self.shapes = table(len(SHAPES), width)
        self.lengths = table(16, width)
        self.lists = table(len(WORD_LISTS) + 8, width)
        self.word_bias = nn.Parameter(torch.zeros(width))
        self.edge = table(1, width)
        self.mix = nn.Parameter(torch.randn(2 * WINDOW + 1, width, hidden) * (width * 4) ** -0.5)
        self.place = table(3 * len(PHRASE_LISTS) + len(PLACE_FEATURES), hidden)
        self.sentence = table(static.shape[1], hidden)
        self.document = table(static.shape[1], hidden)
        self.mix_bias = nn.Parameter(torch.zeros(hidden))
        self.own = nn.ParameterList(table(hidden, hidden, 0.5 * hidden**-0.5) for _ in range(plan.layers))
        self.before = nn.ParameterList(table(hidden, hidden, 0.5 * hidden**-0.5) for _ in range(plan.layers))
        self.after = nn.ParameterList(table(hidden, hidden, 0.5 * hidden**-0.5) for _ in range(plan.layers))
        self.bias = nn.ParameterList(nn.Parameter(torch.zeros(hidden)) for _ in range(plan.layers))
        self.pool = table(hidden, hidden, 0.5 * hidden**-0.5)
        self.corpus = nn.Parameter(torch.zeros(corpora, hidden))
        self.out = table(hidden, len(TAGS), hidden**-0.5)
        self.out_bias = nn.Parameter(torch.zeros(len(TAGS)))
        self.transitions = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.begin = nn.Parameter(torch.zeros(len(TAGS)))
        self.end = nn.Parameter(torch.zeros(len(TAGS)))

    def scores(self, piece: dict[str, Tensor]) -> Tensor:
        """For each candidate of the piece a score for each tag."""
        plan, train = self.plan, self.training

        def kept(count: int, share: float) -> Tensor:
            return (torch.rand(count, 1) >= share).float() if train else torch.ones(1, 1)

        types = piece["known"].shape[0]
        vectors = self.known(piece["known"]) * kept(types, plan.drop_word)
        vectors = vectors + (self.static[piece["static"]] @ self.static_mix) * kept(types, plan.drop_static)
        vectors = vectors + self.affixes(piece["affixes"]).sum(1) * kept(types, plan.drop_affixes)
        vectors = vectors + self.shapes[piece["shapes"]] + self.lengths[piece["lengths"]]
        vectors = vectors + (piece["lists"] * kept(types, plan.drop_lists)) @ self.lists + self.word_bias
        vectors = torch.relu(vectors)
        vectors = torch.where(piece["is_edge"][:, None], self.edge, vectors)
        seen = vectors[piece["window"]].flatten(1)
        hidden = seen @ self.mix.flatten(0, 1) + piece["place"] @ self.place + self.mix_bias
        hidden = hidden + (piece["about_sentence"] * kept(len(seen), plan.drop_about)) @ self.sentence
        hidden = hidden + (piece["about_document"] * kept(len(seen), plan.drop_about)) @ self.document
        hidden = torch.relu(hidden)
        drop = nn.functional.dropout
        hidden = drop(hidden, plan.drop_hidden, train)
        groups = piece["groups"]
        pooled = torch.zeros(int(groups.max()) + 1, plan.hidden).index_add(0, groups, hidden)
        pooled = pooled / torch.bincount(groups)[:, None]
        joins = piece["joins"][:, None]
        edge = torch.zeros(1, plan.hidden)
        for layer in range(plan.layers):
            before = torch.cat((edge, hidden[:-1])) * joins
            after = torch.cat((hidden[1:] * joins[1:], edge))
            mixed = (
                hidden @ self.own[layer] + before @ self.before[layer] + after @ self.after[layer] + self.bias[layer]
            )
            if layer == 0:
                mixed = mixed + (pooled @ self.pool)[groups] + self.corpus[piece["corpus"]]
            hidden = hidden + drop(torch.relu(mixed), plan.drop_hidden, train)
        scores: Tensor = hidden @ self.out + self.out_bias
        return scores

    def loss(self, piece: dict[str, Tensor]) -> Tensor:
        """Negative log likelihood of the tags, summed over runs by their weights, and distance from the teachers.

        Runs come longest first, so that each step advances only those that go on.
        """
        scores = self.scores(piece)
        at, tags, lengths = piece["runs"], piece["tags"], piece["lengths_of_runs"]
        going = [int((lengths > step).sum()) for step in range(at.shape[1])]
        alpha = scores[at[:, 0]] + self.begin
        path = alpha.gather(1, tags[:, :1])[:, 0]
        ended, paths = [], []
        for step in range(1, at.shape[1] + 1):
            count = going[step] if step < at.shape[1] else 0
            if count < len(alpha):
                ended.append(torch.logsumexp(alpha[count:] + self.end, 1))
                paths.append(path[count:] + self.end[tags[count : len(alpha), step - 1]])
            if not count:
                break
            emitted = scores[at[:count, step]]
            alpha = torch.logsumexp(alpha[:count, :, None] + self.transitions, 1) + emitted
            now, before = tags[:count, step], tags[:count, step - 1]
            path = path[:count] + self.transitions[before, now] + emitted.gather(1, now[:, None])[:, 0]
        # Both lists hold the shortest runs first.
        each = torch.cat(ended[::-1]) - torch.cat(paths[::-1])
        total = (each * piece["weights"]).sum()
        if "opinions" in piece:
            # Knowledge distillation (Hinton, Vinyals and Dean 2015): how sure the teachers are says more than the tag.
            wanted = torch.softmax(piece["opinions"], 1)
            total = total - self.plan.teaching * (wanted * torch.log_softmax(scores, 1)).sum()
        return total


class Pieces:
    """Cuts a corpus into the tensors of one step each."""

    def __init__(
        self,
        corpus: Corpus,
        known_words: NDArray[np.uint64],
        static_keys: NDArray[np.uint64],
        table: NDArray[np.float32],
        common: Sequence[str],
        plan: Plan,
    ) -> None:
        types = corpus.batch.types
        self.corpus, self.plan = corpus, plan
        self.known = _rows(known_words, types.words)
        self.static = _rows(static_keys, types.keys)
        self.lists = types.lists
        runs = cut_runs(corpus.batch.candidates.starts_run)
        self.runs = runs
        self.run_ends = np.append(runs[1:], len(corpus.tags))
        joins = np.ones(len(corpus.tags), np.float32)
        joins[np.flatnonzero(corpus.batch.candidates.starts_run)] = 0
        self.joins = joins
        self.about_sentences, self.about_documents = surroundings(
            corpus.batch, table, _upper_half(static_keys), everywhere(common)
        )

    def piece(self, documents: NDArray[np.int64], rng: np.random.Generator) -> dict[str, Tensor]:
        corpus, plan = self.corpus, self.plan
        batch = corpus.batch
        spans = [np.arange(corpus.first[d], corpus.first[d + 1]) for d in documents]
        at = np.concatenate(spans)
        sizes = [len(span) for span in spans]
        used, window = np.unique(batch.window[at], return_inverse=True)
        types = batch.types
        marks = np.repeat(rng.random(len(documents)) >= plan.drop_marks, sizes)
        place = unpack(np.where(marks, batch.marks[at], np.uint64(0)), batch.places[at])
        _, groups = np.unique(batch.groups[at], return_inverse=True)
        numbers = np.repeat(corpus.corpora[documents], sizes)
        moved = np.full(int(at.max()) + 2, -1)
        moved[at] = np.arange(len(at))
        low, high = (
            np.searchsorted(self.runs, corpus.first[documents]),
            np.searchsorted(self.runs, corpus.first[documents + 1]),
        )
        runs = np.concatenate([np.arange(a, b) for a, b in zip(low, high, strict=True)])
        lengths = self.run_ends[runs] - self.runs[runs]
        order = np.argsort(-lengths, kind="stable")
        runs, lengths = runs[order], lengths[order]
        steps = np.arange(int(lengths.max()))
        real = steps < lengths[:, None]
        grid = np.where(real, self.runs[runs][:, None] + steps, self.runs[runs][:, None])
        tags = corpus.tags[grid].astype(np.int64)
        weights = np.array([plan.weights.get(name, 1.0) for name in corpus.names], np.float32)
        # A run with an unknown tag teaches nothing.
        shares = weights[numbers[moved[self.runs[runs]]]] * (tags >= 0).all(1)
        tensors: dict[str, Any] = {
            "known": self.known[used], "static": self.static[used], "affixes": types.affixes[used].astype(np.int64),
            "shapes": types.shapes[used].astype(np.int64), "lengths": types.lengths[used].astype(np.int64),
            "lists": unpack_lists(types.lists[used]), "is_edge": used == 0, "window": window.reshape(len(at), -1),
            "place": place, "groups": groups, "joins": self.joins[at], "corpus": numbers.astype(np.int64),
            "about_sentence": self.about_sentences[batch.sentences[batch.candidates.tokens[at]]],
            "about_document": self.about_documents[batch.documents[batch.candidates.tokens[at]]],
            "runs": moved[grid], "lengths_of_runs": lengths, "tags": np.maximum(tags, 0),
            "weights": shares.astype(np.float32),
        }  # fmt: skip
        if corpus.opinions is not None:
            tensors["opinions"] = corpus.opinions[at].astype(np.float32)
        return {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in tensors.items()}


def _rows(known: NDArray[np.uint64], keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[at] == keys, at + 1, 0)


def _deal(corpus: Corpus, step: int, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """The documents in random order, in steps of about the same number of candidates."""
    sizes = np.diff(corpus.first)
    order = rng.permutation(len(sizes))
    order = order[sizes[order] > 0]
    steps = np.cumsum(sizes[order]) // step
    return np.split(order, np.flatnonzero(np.diff(steps)) + 1)


def fit(
    corpus: Corpus,
    gazetteers: Gazetteers,
    static_keys: NDArray[np.uint64],
    static: NDArray[np.float32],
    common: Sequence[str],
    plan: Plan,
    *,
    after_round: Callable[[int, Callable[[], Weights]], None] | None = None,
) -> Weights:
    """Weights for `Tagger`. The same corpus, plan and kind of machine give the same weights.

    `common` lists the words whose share of the first layer is worked out when the model is loaded. `after_round` is
    called with the number of each round and a function that gives the weights of that moment.
    """
    torch.manual_seed(plan.seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(plan.seed)
    words, counts = np.unique(corpus.batch.tokens.words, return_counts=True)
    known_words = words[counts >= plan.least_known]
    # Row 0 is a word without a vector; the scale brings the vectors to that of the other tables.
    table = np.concatenate(
        (np.zeros((1, static.shape[1]), np.float32), static * np.float32(static.shape[1] ** 0.5 / 2))
    )
    network = Network(plan, len(known_words), table, len(corpus.names))
    sparse = [network.known.weight, network.affixes.weight]
    dense = [value for value in network.parameters() if all(value is not other for other in sparse)]
    optimisers = [
        torch.optim.SparseAdam(sparse, lr=plan.rate),
        torch.optim.AdamW(dense, lr=plan.rate, weight_decay=0.01),
    ]
    pieces = Pieces(corpus, known_words, static_keys, table, common, plan)
    total = plan.rounds * len(_deal(corpus, plan.step, np.random.default_rng(0)))
    done = 0
    averaged = _Average()

    def weights() -> Weights:
        return {
            **_exported(averaged.over(network), plan.layers),
            "known_words": _upper_half(known_words),
            "static_keys": _upper_half(static_keys),
            "phrases": gazetteers.phrases,
            "phrase_lists": gazetteers.phrase_lists,
            "words": gazetteers.words,
            "word_lists": gazetteers.word_lists,
            "common": np.array("\n".join(common)),
        }

    for number in range(plan.rounds):
        network.train()
        begun, losses = time.monotonic(), 0.0
        for documents in _deal(corpus, plan.step, rng):
            rate = plan.rate * min(1.0, (done + 1) / 200) * max(0.02, 1 - done / total)
            for optimiser in optimisers:
                optimiser.param_groups[0]["lr"] = rate
                optimiser.zero_grad(set_to_none=True)
            piece = pieces.piece(documents, rng)
            loss = network.loss(piece) / max(1, len(piece["weights"]))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(dense, 5.0)
            for optimiser in optimisers:
                optimiser.step()
            losses += float(loss.detach())
            done += 1
            if done % AVERAGE_EVERY == 0 and done >= total * plan.average_from:
                averaged.add(network)
        print(
            f"round {number + 1}: loss {losses:.1f} in {time.monotonic() - begun:.0f} s",
            file=sys.stderr,
            flush=True,
        )
        if after_round is not None:
            after_round(number, weights)
    return weights()


def _exported(state: Weights, layers: int) -> Weights:
    """The network's own weights by the names that `Tagger` uses.

    Each corpus has a bias of its own, which takes up its habits of labelling; the model keeps their mean.
    """
    weights: Weights = {
        name: state[name]
        for name in (
            "static", "static_mix", "sentence", "document", "shapes", "lengths", "lists", "word_bias", "mix", "place",
            "mix_bias", "pool", "out", "out_bias", "transitions", "begin", "end",
        )
    }  # fmt: skip
    weights["known"], weights["affixes"] = state["known.weight"], state["affixes.weight"]
    weights["edge"] = state["edge"][0]
    for layer in range(layers):
        for name in ("own", "before", "after", "bias"):
            weights[f"{name}{layer}"] = state[f"{name}.{layer}"]
    weights["bias0"] = weights["bias0"] + state["corpus"].mean(0)
    weights["layers"] = np.array(layers)
    return weights


class _Average:
    """The mean of a network's weights over its last steps, which is steadier than any one of them."""

    def __init__(self) -> None:
        self._sums: dict[str, Tensor] = {}
        self._count = 0

    def add(self, network: Network) -> None:
        self._count += 1
        for name, value in network.state_dict().items():
            if name not in self._sums:
                self._sums[name] = torch.zeros_like(value)
            self._sums[name] += value.detach()

    def over(self, network: Network) -> Weights:
        """The mean, or the network as it is where nothing was added."""
        if not self._count:
            return {name: value.detach().numpy().copy() for name, value in network.state_dict().items()}
        return {name: (value / self._count).numpy() for name, value in self._sums.items()}


def _upper_half(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    return (hashes >> np.uint64(32)).astype(np.uint32)

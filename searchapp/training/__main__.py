"""Makes the model file: `python -m searchapp.training --data DIR --out FILE`.

`DIR` holds `train/` (labelled text), `text/` (plain text) and `lists/` (facts), as described in the model card. The
steps, all seeded:

1. Count words in all the text: how they are written, which words they resemble.
2. Pack the lists.
3. Fit the teachers, larger networks, on the labelled text and on copies of it with other names in it.
4. Let the teachers, together, label the plain text and that of the corpora whose labels are automatic.
5. Fit the model on all of this: on the labels, and on how sure the teachers are of each.

Takes about half an hour on one core. `--teachers 0` leaves out the teachers.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from searchapp.entities.recognising.packing import write_model
from searchapp.entities.recognising.tagger import Tagger
from searchapp.entities.recognising.tokens import tokenise
from searchapp.training.corpora import LABELLED, Labelled, plain_documents, read_labelled, shouted
from searchapp.training.lists import gather
from searchapp.training.network import Plan, Weights, assemble, fit
from searchapp.training.renaming import read_pools, renamed
from searchapp.training.silver import label, merged
from searchapp.training.vectors import count_words, word_vectors

KNOWN = 44_000
"""Words that have a vector of their own in the model, which bounds its size."""
COMMON = 9_000
"""Words whose share of the first layer is worked out when the model is loaded."""
SHOUTED = 0.03
"""Share of sentences put in capitals."""
RENAMED = 0.6
"""Share of names changed in the copy of the labelled text."""
RELABELLED = "gmb_relab"
"""The corpus whose own labels are automatic: the model learns from the teachers' labels of its text."""
SELF_LABELLED = "current_events_self"
"""The corpus whose text is part of the plain text: only the teachers learn from it."""
PLAIN = "plain"
"""What the teachers alone have labelled."""
TEACHER = Plan(width=96, hidden=256, rounds=3, drop_hidden=0.25, drop_word=0.25, drop_static=0.1, drop_affixes=0.1)
STUDENT = Plan(
    rounds=5, step=4000, drop_hidden=0.15, drop_word=0.15, drop_static=0.05, drop_affixes=0.05, drop_marks=0.2
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs all steps and prints what each took."""
    parser = argparse.ArgumentParser(prog="python -m searchapp.training", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with train/, text/ and lists/")
    parser.add_argument("--out", type=Path, required=True, help="model file to write")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--teachers", type=int, default=3, help="models that label the plain text; 0 for none")
    parser.add_argument("--rounds", type=int, default=STUDENT.rounds, help="times the last model reads all text")
    options = parser.parse_args(arguments)
    train(options.data, options.out, seed=options.seed, teachers=options.teachers, rounds=options.rounds)


def train(data: Path, out: Path, *, seed: int, teachers: int, rounds: int) -> None:
    """Makes the model file `out` from the folder `data`."""
    labelled = {name: list(read_labelled(data / "train" / f"{name}.iob2")) for name in LABELLED}
    _say(f"{sum(map(len, labelled.values()))} labelled documents")
    texts = (document.text for documents in labelled.values() for document in documents)
    statistics = count_words(itertools.chain(plain_documents(data / "text"), texts))
    static_keys, static = word_vectors(statistics.keys)
    common = common_words(plain_documents(data / "text"))
    gazetteers = gather(data / "lists", statistics)
    _say(f"{len(static)} word vectors, {len(gazetteers.phrases)} listed names")

    pools = read_pools(data / "lists")

    def fitted(parts: dict[str, list[Labelled]], plan: Plan, panel: Tagger | None = None) -> Weights:
        rng = random.Random(plan.seed)
        given = [name for name in parts if name not in (RELABELLED, SELF_LABELLED, PLAIN)]
        copies = {f"{name}, renamed": [renamed(one, pools, RENAMED, rng) for one in parts[name]] for name in given}
        loud = [
            (name, [shouted(document, SHOUTED, rng) for document in group]) for name, group in (parts | copies).items()
        ]
        corpus = assemble(loud, gazetteers, teacher=panel)
        return fit(corpus, gazetteers, static_keys, static, common, plan)

    parts, panel = dict(labelled), None
    if teachers:
        panel = merged([Tagger(fitted(labelled, replace(TEACHER, seed=seed + 1 + n))) for n in range(teachers)])
        _say(f"{teachers} teachers fitted")
        del parts[SELF_LABELLED]
        parts[RELABELLED] = list(label((document.text for document in labelled[RELABELLED]), panel))
        parts[PLAIN] = list(label(plain_documents(data / "text"), panel))
        _say(f"{len(parts[PLAIN])} plain documents labelled")
    write_model(out, shortened(fitted(parts, replace(STUDENT, seed=seed, rounds=rounds), panel)))
    _say(f"wrote {str(out)!r}")


def shortened(weights: Weights) -> Weights:
    """The weights without the vectors of words of which little was learned: those stay short."""
    lengths = np.linalg.norm(weights["known"][1:], axis=1)
    kept = np.sort(np.argsort(-lengths, kind="stable")[:KNOWN])
    vectors = np.concatenate((weights["known"][:1], weights["known"][1:][kept]))
    return weights | {"known": vectors, "known_words": weights["known_words"][kept]}


def common_words(texts: Iterator[str]) -> list[str]:
    """The commonest tokens of all texts, as they are written."""
    counts: Counter[str] = Counter()
    for text in texts:
        tokens = tokenise(text)
        counts.update(text[start:end] for start, end in zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True))
    return [word for word, _ in counts.most_common(COMMON)]


def _say(message: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

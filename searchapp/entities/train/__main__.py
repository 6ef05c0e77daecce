"""Makes the model file: `python -m searchapp.entities.train --data DIR --out FILE`.

`DIR` holds `train/` (labelled text), `text/` (plain text) and `lists/` (facts), as described in the model card. The
steps, all seeded:

1. Count words in all the text: how they are written, which words they resemble.
2. Pack the lists.
3. Fit the teachers on the labelled text.
4. Let the teachers, together, label the plain text and that of the corpora whose labels are automatic.
5. Fit the model on the labelled text, on the same with other names in it, and on what the teachers labelled.

Takes about an hour on one core. `--teachers 0` leaves out steps 3 and 4.
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

from searchapp.entities.packing import write_model
from searchapp.entities.tagger import Tagger
from searchapp.entities.tokens import tokenise
from searchapp.entities.train.corpora import LABELLED, Labelled, plain_documents, read_labelled, shouted
from searchapp.entities.train.lists import gather
from searchapp.entities.train.network import Plan, Weights, assemble, fit
from searchapp.entities.train.renaming import read_pools, renamed
from searchapp.entities.train.silver import label, merged
from searchapp.entities.train.vectors import count_words, word_vectors

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
TEACHER = Plan(rounds=4, drop_hidden=0.25, drop_word=0.25, drop_static=0.1, drop_affixes=0.1)
STUDENT = Plan(
    rounds=3, step=4000, drop_hidden=0.15, drop_word=0.15, drop_static=0.05, drop_affixes=0.05, drop_marks=0.2
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs all steps and prints what each took."""
    parser = argparse.ArgumentParser(prog="python -m searchapp.entities.train", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with train/, text/ and lists/")
    parser.add_argument("--out", type=Path, required=True, help="model file to write")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--teachers", type=int, default=2, help="models that label the plain text; 0 for none")
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

    def fitted(parts: dict[str, list[Labelled]], plan: Plan) -> Weights:
        rng = random.Random(plan.seed)
        loud = [(name, [shouted(document, SHOUTED, rng) for document in group]) for name, group in parts.items()]
        return fit(assemble(loud, gazetteers), gazetteers, static_keys, static, common, plan)

    parts = dict(labelled)
    if teachers:
        panel = merged([Tagger(fitted(labelled, replace(TEACHER, seed=seed + 1 + n))) for n in range(teachers)])
        _say(f"{teachers} teachers fitted")
        del parts[SELF_LABELLED]
        parts[RELABELLED] = list(label((document.text for document in labelled[RELABELLED]), panel))
        parts["plain"] = list(label(plain_documents(data / "text"), panel))
        _say(f"{len(parts['plain'])} plain documents labelled")
    pools, rng = read_pools(data / "lists"), random.Random(seed)
    for name in [name for name in parts if name not in (RELABELLED, SELF_LABELLED, "plain")]:
        parts[f"{name}, renamed"] = [renamed(document, pools, RENAMED, rng) for document in parts[name]]
    write_model(out, fitted(parts, replace(STUDENT, seed=seed, rounds=rounds)))
    _say(f"wrote {str(out)!r}")


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

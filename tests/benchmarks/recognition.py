"""Scores and speed of the shipped recogniser: `python tests/benchmarks/recognition.py [--data DIR]`.

Prints the scores on the annotated articles beside what others were measured at there, tokens a second on one core, and
how often faster that is than spaCy's small architecture (untrained: its speed does not depend on its weights), where
spaCy is installed. Time is processor time of this process.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# One core means one thread; numpy's library for matrices reads this when it is loaded.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

from searchapp.entities.recognising.base import Passage, Recogniser
from searchapp.entities.recognising.spacy_recogniser import SpacyRecogniser
from searchapp.entities.recognising.tagger import load_tagger
from searchapp.entities.recognising.tokens import tokenise
from searchapp.training.evaluate import lines, report

SHARED = Path(os.environ.get("SEARCHAPP_TEST_DATA", Path(__file__).parents[3] / "shared"))
OTHERS = (
    ("CRF trained on CoNLL-2003, with lists and clusters", 69.9),
    ("spaCy from blank on the same open corpora", 64.8),
    ("linear model on the same open corpora, two passes", 78.9),
)
"""Entity F1 on all 1,075 articles of the set that the development articles are drawn from."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=SHARED / "ner" / "dev" / "worldwide")
    options = parser.parse_args(arguments)
    if not options.data.is_dir():
        sys.exit(f"no annotated articles in {str(options.data)!r}; name their folder with --data")
    begun = time.perf_counter()
    tagger = load_tagger()
    print(f"model loaded in {time.perf_counter() - begun:.2f} s")
    values = report(options.data, tagger)
    print("\n".join(lines(values)))
    for name, score in OTHERS:
        print(f"  {name}: {score}")
    passages = [Passage("", path.read_text(encoding="utf-8")) for path in sorted(options.data.glob("*.txt"))]
    tokens = sum(len(tokenise(passage.text)) for passage in passages)
    own = tokens / min(_seconds(tagger, passages) for _ in range(5))
    print(f"{own:,.0f} tokens a second; {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most")
    small = _small_architecture()
    if small is None:
        print("spaCy is not installed: no comparison")
        return
    few = passages[:30]
    other = sum(len(tokenise(passage.text)) for passage in few) / _seconds(small, few)
    print(f"{other:,.0f} tokens a second with spaCy's small architecture: {own / other:.0f} times as many")


def _seconds(recogniser: Recogniser, passages: Sequence[Passage]) -> float:
    begun = time.process_time()
    recogniser.spans(passages)
    return time.process_time() - begun


def _small_architecture() -> Recogniser | None:
    """A pipeline with the vectors and recogniser of spaCy's small English model, its weights as they are at birth."""
    try:
        import spacy
    except ImportError:
        return None
    encoder: dict[str, Any] = {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": 96,
            "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE", "SPACY", "IS_SPACE"],
            "rows": [5000, 1000, 2500, 2500, 50, 50],
            "include_static_vectors": False,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": 96,
            "depth": 4,
            "window_size": 1,
            "maxout_pieces": 3,
        },
    }
    pipeline = spacy.blank("en")
    recogniser = pipeline.add_pipe("ner", config={"model": {
        "@architectures": "spacy.TransitionBasedParser.v2", "state_type": "ner", "extra_state_tokens": False,
        "hidden_width": 64, "maxout_pieces": 2, "use_upper": True, "tok2vec": encoder,
    }})  # fmt: skip
    for label in ("PERSON", "GPE", "LOC", "FAC", "ORG", "NORP"):
        recogniser.add_label(label)
    pipeline.initialize()
    return SpacyRecogniser(pipeline)


if __name__ == "__main__":
    main()

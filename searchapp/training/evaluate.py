"""Scores a recogniser on a folder of annotated articles: `python -m searchapp.training.evaluate --data DIR`.

A folder holds, per article, `NAME.txt` (the raw text) and `NAME.iob2` (its tokens, one a line, a tab, a tag in IOB2
over PER, LOC and ORG). Gold names become stretches of characters by finding the tokens in order in the text. A name is
right if its first and last character and its kind are all equal to a gold name's. The facet score compares, article by
article, the sets of (kind, characters): what a reader sees.

A folder may also, or only, hold `*.jsonl` files of texts with their names grouped by what they name: `{"text",
"entities": [{"kind", "mentions": [[start, end], ...]}]}`. There the joining of names is scored, on the names as given.

Files `NAME.txt` without any of these hold articles of their own: `# ` before each headline, and names in braces behind
p, l or o for a person, place or organisation: `{p|Jane Doe} of {o|Oxfam}`.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searchapp.entities.linking.boundaries import settled_spans
from searchapp.entities.linking.within import link
from searchapp.entities.recognising.base import Passage, Recogniser, Span
from searchapp.entities.recognising.tokens import tokenise
from searchapp.errors import UsageError

__all__ = [
    "Annotated",
    "Score",
    "entity_scores",
    "facet_scores",
    "main",
    "merge_scores",
    "read_articles",
    "report",
]

KIND_OF_TAG = {"PER": "person", "LOC": "place", "ORG": "organisation"}
KIND_OF_MARK = {"p": "person", "l": "place", "o": "organisation"}
_HEADLINE = re.compile(r"^# ", re.MULTILINE)
_MARK = re.compile(r"\{([plo])\|([^{}]+)\}")
ALL = "all"
FARTHEST = 1_000
"""Characters between two tokens past which an article counts as not matching its tokens."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """An article and the names that people marked in it."""

    name: str
    text: str
    spans: tuple[tuple[int, int, str], ...]
    """Start, end and kind of each name, in order."""


@dataclass(frozen=True, slots=True)
class Score:
    """How many names were found rightly, found wrongly, and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of what was found that is right, in [0, 1]."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of what there is that was found, in [0, 1]."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


def read_articles(folder: Path) -> tuple[list[Annotated], list[str]]:
    """The annotated articles of a folder by name, and the names of those whose tokens do not fit their text."""
    found, misfits = [], []
    for path in sorted(folder.glob("*.iob2")):
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        spans = _aligned(text, path.read_text(encoding="utf-8").split("\n"))
        if spans is None:
            misfits.append(path.stem)
        else:
            found.append(Annotated(path.stem, text, tuple(spans)))
    marked = [path for path in sorted(folder.glob("*.txt")) if not path.with_suffix(".iob2").exists()]
    found += [article for path in marked for article in _marked(path.stem, path.read_text(encoding="utf-8"))]
    if not found:
        raise UsageError(f"no annotated articles (NAME.iob2 beside NAME.txt, or marked ones) in {str(folder)!r}")
    return found, misfits


def _marked(name: str, content: str) -> Iterator[Annotated]:
    """The articles of a file in which names are marked; none where nothing is."""
    for number, article in enumerate(_HEADLINE.split(content)):
        text, spans, at = "", [], 0
        for mark in _MARK.finditer(article):
            text += article[at : mark.start()]
            spans.append((len(text), len(text) + len(mark[2]), KIND_OF_MARK[mark[1]]))
            text += mark[2]
            at = mark.end()
        if spans:
            yield Annotated(f"{name} {number}", (text + article[at:]).strip("\n"), tuple(spans))


def _aligned(text: str, lines: Iterable[str]) -> list[tuple[int, int, str]] | None:
    spans: list[tuple[int, int, str]] = []
    position, going = 0, False
    for line in lines:
        token, tab, tag = line.rpartition("\t")
        if not tab or token == "-DOCSTART-":
            going = False
            continue
        start = text.find(token, position)
        if start < 0 or start - position > FARTHEST:
            return None
        position = start + len(token)
        kind = KIND_OF_TAG.get(tag[2:], "")
        if tag[0] == "I" and going and spans[-1][2] == kind:
            spans[-1] = (spans[-1][0], position, kind)
        elif kind:
            spans.append((start, position, kind))
        going = bool(kind)
    return spans


def entity_scores(articles: Sequence[Annotated], found: Sequence[Sequence[Span]]) -> dict[str, Score]:
    """By kind and for all: names whose first and last character and kind are equal, pooled over articles."""
    pairs = (
        (
            {(kind, (start, end)) for start, end, kind in article.spans},
            {(s.kind, (s.start, s.end)) for s in spans},
        )
        for article, spans in zip(articles, found, strict=True)
    )
    return _pooled(pairs)


def facet_scores(articles: Sequence[Annotated], found: Sequence[Sequence[Span]]) -> dict[str, Score]:
    """By kind and for all: the distinct names of each article, pooled over articles."""
    pairs = (
        (
            {(kind, article.text[start:end]) for start, end, kind in article.spans},
            {(span.kind, article.text[span.start : span.end]) for span in spans},
        )
        for article, spans in zip(articles, found, strict=True)
    )
    return _pooled(pairs)


def _pooled(pairs: Iterable[tuple[set[tuple[str, Any]], set[tuple[str, Any]]]]) -> dict[str, Score]:
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for gold, own in pairs:
        for names, counter in ((gold & own, right), (own - gold, wrong), (gold - own, missed)):
            for kind, _ in names:
                counter.update((kind, ALL))
    return {kind: Score(right[kind], wrong[kind], missed[kind]) for kind in (*KIND_OF_TAG.values(), ALL)}


def merge_scores(
    groups: Iterable[tuple[Sequence[Sequence[tuple[int, int]]], dict[tuple[int, int], str]]],
) -> dict[str, float]:
    """Pairwise and B-cubed precision, recall and F1 of joining names.

    Each item is one text: the gold groups of stretches, and for each stretch the label it was given. Only stretches
    that both hold count.
    """
    together = claimed = both = 0
    size, precision_sum, recall_sum = 0, 0.0, 0.0
    for gold, labels in groups:
        group_of = {span: number for number, spans in enumerate(gold) for span in spans if span in labels}
        cells = Counter((group_of[span], labels[span]) for span in group_of)
        by_group = Counter(group_of.values())
        by_label = Counter(labels[span] for span in group_of)
        both += sum(_pairs(count) for count in cells.values())
        together += sum(_pairs(count) for count in by_group.values())
        claimed += sum(_pairs(count) for count in by_label.values())
        size += len(group_of)
        precision_sum += sum(count * count / by_label[label] for (_, label), count in cells.items())
        recall_sum += sum(count * count / by_group[group] for (group, _), count in cells.items())
    pairwise = (both / max(1, claimed), both / max(1, together))
    cubed = (precision_sum / max(1, size), recall_sum / max(1, size))
    return {
        "pairwise_precision": pairwise[0], "pairwise_recall": pairwise[1], "pairwise_f1": _harmonic(*pairwise),
        "bcubed_precision": cubed[0], "bcubed_recall": cubed[1], "bcubed_f1": _harmonic(*cubed),
    }  # fmt: skip


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0


def report(folder: Path, recogniser: Recogniser) -> dict[str, Any]:
    """All scores on a folder, as plain values: of `recogniser` on articles, of the linker on grouped names."""
    grouped = sorted(folder.glob("*.jsonl"))
    values: dict[str, Any] = {}
    if grouped:
        values["merging"] = {name: round(value, 4) for name, value in merge_scores(_joined(grouped)).items()}
    if not grouped or any(folder.glob("*.iob2")) or any(folder.glob("*.txt")):
        values |= _recognition(folder, recogniser)
    return values


def _joined(
    paths: Sequence[Path],
) -> Iterator[tuple[list[list[tuple[int, int]]], dict[tuple[int, int], str]]]:
    """Per text of the files, the gold groups and the label that the linker gives each name."""
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            kinds: dict[tuple[int, int], str] = {}
            groups = [[(start, end) for start, end in entity["mentions"]] for entity in record["entities"]]
            for entity, group in zip(record["entities"], groups, strict=True):
                kinds.update(dict.fromkeys(group, KIND_OF_TAG.get(entity["kind"], entity["kind"])))
            spans = _apart([Span(start, end, kind, 1.0) for (start, end), kind in sorted(kinds.items())])
            linked = link(record["text"], spans)
            yield (
                groups,
                {(s.start, s.end): f"{k} {label}" for s, (k, label) in zip(spans, linked, strict=True)},
            )


def _apart(spans: Iterable[Span]) -> list[Span]:
    """The spans without those that overlap an earlier one."""
    kept: list[Span] = []
    for span in spans:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _recognition(folder: Path, recogniser: Recogniser) -> dict[str, Any]:
    articles, misfits = read_articles(folder)
    passages = [Passage("", article.text) for article in articles]
    recogniser.spans(passages[:1])
    begun = time.perf_counter()
    spans = recogniser.spans(passages)
    found = [settled_spans(passage.text, own) for passage, own in zip(passages, spans, strict=True)]
    seconds = time.perf_counter() - begun
    tokens = sum(len(tokenise(article.text)) for article in articles)
    return {
        "articles": len(articles),
        "left_out": misfits,
        "entities": _plain(entity_scores(articles, found)),
        "facets": _plain(facet_scores(articles, found)),
        "tokens": tokens,
        "tokens_per_second": round(tokens / seconds),
    }


def _plain(scores: dict[str, Score]) -> dict[str, dict[str, float]]:
    return {
        kind: {"precision": round(s.precision, 4), "recall": round(s.recall, 4), "f1": round(s.f1, 4)}
        for kind, s in scores.items()
    }


def lines(values: dict[str, Any]) -> Iterator[str]:
    """A table for people to read."""
    if "merging" in values:
        yield f"{'merging':14}{'P':>7}{'R':>7}{'F1':>7}"
        for name in ("pairwise", "bcubed"):
            scores = (values["merging"][f"{name}_{part}"] for part in ("precision", "recall", "f1"))
            yield f"  {name:12}" + "".join(f"{100 * score:7.1f}" for score in scores)
    if "articles" not in values:
        return
    left_out = len(values["left_out"])
    yield f"{values['articles']} articles, {left_out} left out because their tokens do not fit their text"
    for title in ("entities", "facets"):
        yield f"{title:14}{'P':>7}{'R':>7}{'F1':>7}"
        for kind, score in values[title].items():
            yield f"  {kind:12}" + "".join(f"{100 * score[name]:7.1f}" for name in ("precision", "recall", "f1"))
    yield f"{values['tokens']} tokens, {values['tokens_per_second']} a second"


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the scores of the shipped tagger, or of another recogniser, on a folder."""
    parser = argparse.ArgumentParser(prog="python -m searchapp.training.evaluate", description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of annotated articles")
    parser.add_argument("--recogniser", default="tagger", help="tagger (the default) or spacy:MODEL")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    values = report(options.data, _recogniser(options.recogniser))
    print(json.dumps(values, indent=1) if options.json else "\n".join(lines(values)))


def _recogniser(name: str) -> Recogniser:
    if name.startswith("spacy:"):
        from searchapp.entities.recognising.spacy_recogniser import SpacyRecogniser

        return SpacyRecogniser(name.removeprefix("spacy:"))
    from searchapp.entities.recognising.tagger import load_tagger

    return load_tagger()


if __name__ == "__main__":
    main()

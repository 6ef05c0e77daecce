"""Text that no newspaper prints: it neither breaks recognition nor takes more than linear time."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable, Sequence

import pytest

from searchapp.entities import annotate, load_recogniser
from searchapp.entities.columns import entry_of
from searchapp.entities.recognising.base import Passage, Span
from searchapp.model.article import Article

PROSE = "President Ann Doe of Ruritania met John Roe, head of Acme Corp, in Lima on Friday. Doe said talks went well.\n"


def noise(size: int) -> str:
    return random.Random(7).randbytes(size).decode("latin-1")


def repeated(piece: str) -> Callable[[int], str]:
    return lambda size: (piece * (size // len(piece) + 1))[:size]


def fresh_names(size: int) -> str:
    """Names that are all different, so that nothing that was found out before helps."""
    pieces = (f"Ann Name{number} of Comp{number} Inc met Bob{number} in Ville{number}. " for number in range(size))
    found, length = [], 0
    for piece in pieces:
        found.append(piece)
        length += len(piece)
        if length >= size:
            break
    return "".join(found)[:size]


TEXTS = {
    "prose": (repeated(PROSE), 600_000),
    "prose on one line": (repeated(PROSE.replace("\n", " ")), 600_000),
    "names that are all different": (fresh_names, 200_000),
    "single capitals": (repeated("A "), 80_000),
    "one word": (repeated("Abcdefgh"), 2_000_000),
    "line breaks": (repeated("\n"), 2_000_000),
    "noise": (noise, 200_000),
    "emoji": (repeated("😀🎉 👩‍👩‍👧 😀"), 1_000_000),
    "right to left": (repeated("قال الرئيس محمد بن سلمان في الرياض يوم الثلاثاء. "), 1_000_000),
}


@pytest.mark.parametrize("name", TEXTS)
def test_time_grows_with_the_length_of_an_article_only(name: str) -> None:
    text, size = TEXTS[name]

    def seconds(length: int) -> float:
        article = Article(id="a", body=text(length))
        begun = time.process_time()
        (found,) = annotate([article])
        entry_of(found, "")
        assert all(article.body[m.start : m.end] == m.text for m in found.mentions)
        return time.process_time() - begun

    seconds(1000)
    # Four times the text; what grows with the square takes sixteen times as long, each time that it is tried.
    bound = 9 * max(seconds(size // 4), 0.05)
    assert any(seconds(size) < bound for _ in range(3))


class Given:
    """A recogniser that finds the names it was told, in one passage."""

    def __init__(self, spans: list[Span]) -> None:
        self._spans = spans

    def spans(self, passages: Sequence[Passage]) -> list[list[Span]]:
        return [self._spans for _ in passages]


def test_the_memory_that_linking_takes_is_a_few_hundred_bytes_a_name() -> None:
    body = fresh_names(200_000)
    (spans,) = load_recogniser().spans([Passage("", body)])
    article = Article(id="a", body=body)
    tracemalloc.start()
    annotate([article], recogniser=Given(spans))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4000 * len(spans)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Ann Ali met {0}ali. ", ("person", "person")),
        ("Bank of {1} ({2}), ", ("organisation", "organisation")),
        ("{1} Bridge or {1}, ", ("place", "place")),
        ("Paris, Texas, ", ("place", "place")),
        ("Acme {1} Inc sued Acme. ", ("organisation", "organisation")),
    ],
)
def test_names_that_are_made_to_be_alike_link_in_linear_time(text: str, kinds: tuple[str, str]) -> None:
    def seconds(count: int) -> float:
        spans: list[Span] = []
        parts: list[str] = []
        at = 0
        for number in range(count):
            word = "".join(chr(97 + int(digit)) for digit in str(number))
            piece = text.format("a" * (number % 40 + 1), word.capitalize(), f"B{word[:3].upper()}")
            capitals = [i for i, c in enumerate(piece) if c.isupper() and (not i or piece[i - 1] in " (")]
            first, second = capitals[0], capitals[-1]
            middle = max(piece.rfind(sign, 0, second) for sign in (" met", " (", " or", ",", " sued"))
            stop = next(i for i in range(second, len(piece)) if piece[i] in "),.")
            if first < middle <= second < stop:
                spans += [Span(at + first, at + middle, kinds[0], 0.9), Span(at + second, at + stop, kinds[1], 0.9)]
            parts.append(piece)
            at += len(piece)
        article, times = Article(id="a", body="".join(parts)), []
        for _ in range(2):
            begun = time.process_time()
            annotate([article], recogniser=Given(spans))
            times.append(time.process_time() - begun)
        return min(times)

    # Eight times the names; what grows with the square takes 64 times as long.
    assert seconds(8000) < 24 * max(seconds(1000), 0.01)

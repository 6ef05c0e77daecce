"""Sentences around names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.insight.concordance import MAX_SENTENCE_CHARS, lines, sentence_around
from searchapp.model.article import Article, Mention

from .conftest import named

TEXT = (
    "Mr. Baker met U.S. envoys on Jan. 3 in Geneva. “Talks go on,” he said. It was late!\n\n"
    "Gen. J. Smith left. Baker stayed"
)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("Baker met", "Mr. Baker met U.S. envoys on Jan. 3 in Geneva."),
        ("envoys", "Mr. Baker met U.S. envoys on Jan. 3 in Geneva."),
        ("he said", "“Talks go on,” he said."),
        ("late", "It was late!"),
        ("Smith", "Gen. J. Smith left."),
        ("stayed", "Baker stayed"),
    ],
)
def test_a_sentence_ends_at_its_full_stop_and_at_no_other(word: str, sentence: str) -> None:
    at = TEXT.index(word)
    start, end = sentence_around(TEXT, at, at + len(word))
    assert TEXT[start:end] == sentence


@given(st.text(alphabet="aB.! \n“U", max_size=300), st.data())
def test_the_sentence_holds_the_name_and_keeps_within_bounds(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    first, last = sentence_around(text, start, end)
    assert 0 <= first <= start <= end <= last <= len(text)


def test_a_sentence_without_end_is_cut_around_the_name() -> None:
    text = "figures " * 500 + "Baku " + "numbers " * 500
    at = text.index("Baku")
    first, last = sentence_around(text, at, at + 4)
    assert last - first <= 2 * MAX_SENTENCE_CHARS
    assert text[first:last].split()[0] == "figures"


def test_each_sentence_is_one_line_however_often_it_names_someone() -> None:
    body = "Anna Lee spoke.\nThen Lee\n  and Lee again left. Bo wept."
    mentions = [*named(body, ("Anna Lee", "person", "Anna Lee"), ("Bo", "person", "Bo"))]
    for at in (body.index("Then Lee") + 5, body.index("and Lee") + 4):
        mentions.append(Mention(at, at + 3, "Lee", "person", "Anna Lee"))
    article = Article(
        id="a",
        title="Lee speaks",
        body=body,
        mentions=tuple(sorted(mentions)),
        title_mentions=(Mention(0, 3, "Lee", "person", "Anna Lee"),),
    )
    found = list(lines([article], lambda mention: mention.label == "Anna Lee"))
    assert [(line.form, line.text) for line in found] == [
        ("Lee", "Lee speaks"),
        ("Anna Lee", "Anna Lee spoke."),
        ("Lee", "Then Lee and Lee again left."),
    ]
    for line in found:
        assert {line.text[start:end] for start, end in line.ranges} <= {"Lee", "Anna Lee"}
    assert len(found[2].ranges) == 2

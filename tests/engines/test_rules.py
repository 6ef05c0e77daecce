"""Which words of a query rank articles higher by standing as they were typed, and next to each other."""

from __future__ import annotations

import pytest

from searchapp.engines import rules
from searchapp.parsing import parse


@pytest.mark.parametrize(
    ("query", "words", "pairs"),
    [
        ("bank holding company", "bank holding company", ["bank holding", "holding company"]),
        ("bank OR holding", "bank holding", ["bank holding"]),
        ("oil (price OR rates)", "oil price rates", ["price rates"]),
        ("oil -price rates", "oil rates", []),
        ('oil "interest rates" price', "oil price", []),
        ("oil NOT (bank holding)", "oil", []),
        ("title:oil price", "oil price", []),
        ("title:(oil price)", "oil price", ["oil price"]),
        ("bank of england", "bank england", []),
        ("the", "", []),
        ("oil price oil price", "oil price", ["oil price", "price oil"]),
        ("pri* oil~ place:york", "", []),
    ],
)
def test_neighbours_are_plain_words_of_one_group_that_say_something(query: str, words: str, pairs: list[str]) -> None:
    tree, _ = parse(query)
    assert " ".join(term.word for term in rules.plain_words(tree)) == words
    assert [f"{one.word} {other.word}" for one, other in rules.plain_pairs(tree)] == pairs


def test_neighbours_under_and_weigh_more_than_under_or() -> None:
    assert list(rules.plain_pairs(parse("oil price")[0]).values()) == [rules.PHRASE_SCORE]
    assert list(rules.plain_pairs(parse("oil OR price")[0]).values()) == [rules.OR_PHRASE_SCORE]
    assert list(rules.plain_pairs(parse("(oil OR price) (oil price)")[0]).values()) == [rules.PHRASE_SCORE]
    assert rules.PHRASE_SCORE > rules.OR_PHRASE_SCORE


def test_scores_are_multiples_of_the_step_so_that_their_sums_are_exact() -> None:
    fixed = (rules.PATTERN_SCORE, rules.SPELLED_SCORE, rules.FORM_SCORE, rules.PHRASE_SCORE, rules.OR_PHRASE_SCORE)
    score = rules.word_score(3, 96, holders=7, articles=1000, average=81.5)
    for number in (*fixed, rules.NEAR_SCORE, score):
        assert number / rules.SCORE_STEP == int(number / rules.SCORE_STEP)
    assert score == pytest.approx(4.8939 * 3 / (3 + 1.5 * (0.25 + 0.75 * 96 / 81.5)), abs=1e-3)

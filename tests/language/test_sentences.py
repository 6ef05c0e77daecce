"""Where sentences end, and where a full stop ends nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.language.sentences import BREAK, ends_in, is_abbreviated, sentence_breaks


def sentences(text: str) -> list[str]:
    pieces, start = [], 0
    for stop in sentence_breaks(text):
        pieces.append(text[start : stop.end()].strip())
        start = stop.end()
    return [*pieces, text[start:].strip()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. He left.", ["It rained.", "He left."]),
        ('"It rained." He left!', ['"It rained."', "He left!"]),
        ("Was it he? “Yes.” So it was.", ["Was it he?", "“Yes.”", "So it was."]),
        ("Mr. Smith met Gen. J. R. Doe in St. Petersburg.", ["Mr. Smith met Gen. J. R. Doe in St. Petersburg."]),
        ("The U.S. Senate sat on Sept. 21, 2023.", ["The U.S. Senate sat on Sept. 21, 2023."]),
        ("No. 5 is alive. He said no. Then he left.", ["No. 5 is alive.", "He said no.", "Then he left."]),
        ("Acme Inc. President Doe resigned.", ["Acme Inc. President Doe resigned."]),
        ("It cost 3.5 million. 120 people came.", ["It cost 3.5 million.", "120 people came."]),
        ("and so on. or not", ["and so on. or not"]),
        ("A heading\n\nA paragraph", ["A heading", "A paragraph"]),
        ("one\n    two", ["one", "two"]),
    ],
)
def test_a_text_is_parted_into_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_quotes_and_brackets_may_follow_the_last_sign_of_a_line() -> None:
    assert ends_in("He left.", ".!?")
    assert ends_in("(“He left.”)", ".!?")
    assert not ends_in("He left", ".!?")
    assert not ends_in("He left:", ".!?")
    assert not ends_in("”", ".!?")


def test_an_abbreviation_is_a_word_of_its_own() -> None:
    assert is_abbreviated("said Dr. Who", 7)
    assert not is_abbreviated("said Adr. Who", 8)


@given(st.text(st.sampled_from('aA1.!?…\n \t"”’)]'), max_size=40))
def test_breaks_come_in_order_and_end_behind_space(text: str) -> None:
    last = 0
    for stop in sentence_breaks(text):
        assert last <= stop.start() < stop.end() <= len(text)
        assert text[stop.end() - 1].isspace()
        last = stop.end()
    assert all(text[match.end() - 1].isspace() for match in BREAK.finditer(text))

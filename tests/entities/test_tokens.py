"""Tokens: exact offsets, sensible sentences, hashes, linear time."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.entities.recognising.tokens import SHAPES, fold, hash_words, tokenise


def texts_of(text: str) -> list[str]:
    tokens = tokenise(text)
    return [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]


def sentences_of(text: str) -> list[str]:
    tokens = tokenise(text)
    firsts = np.flatnonzero(tokens.sentence_starts)
    lasts = np.append(firsts[1:], len(tokens)) - 1
    return [text[tokens.starts[first] : tokens.ends[last]] for first, last in zip(firsts, lasts, strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. O'Neill's U.S.-led force", ["Mr.", "O'Neill", "'s", "U.S.", "-", "led", "force"]),
        ("AT&T Inc. rose 3.5% to 1,200", ["AT&T", "Inc.", "rose", "3.5", "%", "to", "1,200"]),
        ("J.K. Rowling and J. Smith", ["J.K.", "Rowling", "and", "J.", "Smith"]),
        ("Nagorno-Karabakh’s", ["Nagorno", "-", "Karabakh", "’s"]),
        ("Côte d’Ivoire", ["Côte", "d’Ivoire"]),
        ('"Wait...", she said', ['"', "Wait", "...", '"', ",", "she", "said"]),
        ("Say “no”.", ["Say", "“", "no", "”", "."]),
        ("example.org/news", ["example.org", "/", "news"]),
    ],
)
def test_tokens_keep_names_whole_and_split_the_rest(text: str, expected: list[str]) -> None:
    assert texts_of(text) == expected


@pytest.mark.parametrize(
    "sentences",
    [
        ["Mr. Smith met Sen. Jones in the U.S. capital.", "They agreed."],
        ["He works for Acme Inc. The firm is small."],
        ["J. R. R. Tolkien wrote it.", "Then he rested."],
        ["“We won.”", "He smiled."],
        ['"Is it over?"', '"No," she said.'],
        ["YEREVAN, Armenia (AP) - Talks began on Jan. 5 at 3 p.m. in Baku.", "Nobody left."],
        ["Prices rose 2.5 percent...", "Then they fell!"],
    ],
)
def test_sentences_split_at_their_ends_only(sentences: list[str]) -> None:
    text = " ".join(sentences)
    expected = sentences if "Acme" not in text else ["He works for Acme Inc.", "The firm is small."]
    assert sentences_of(text) == expected


def test_a_blank_line_ends_a_sentence_and_a_wrapped_line_does_not() -> None:
    wrapped = "The long line of this paragraph goes on until it meets Nikol\nPashinyan in the next one."
    assert sentences_of(f"A headline\n\n{wrapped}") == ["A headline", wrapped]


def test_bullets_and_short_lines_stand_alone() -> None:
    assert sentences_of("• First item\n• Second item") == ["• First item", "• Second item"]


def test_the_hash_forgets_case_accents_and_quote_style() -> None:
    assert (hash_words(["São", "O’Neill", "MAY"]) == hash_words(["sao", "o'neill", "May"])).all()
    assert len(set(hash_words(["tsar", "star", "rats", "arts", "art"]).tolist())) == 5


def test_a_token_has_the_hash_of_its_text_and_its_affixes() -> None:
    tokens = tokenise("Say Yerevan twice")
    second = np.array([1])
    assert tokens.words[1] == hash_words(["yerevan"])[0]
    assert tokens.affixes(second, 3, suffix=True)[0] == hash_words(["van"])[0]
    assert tokens.affixes(second, 3, suffix=False)[0] == hash_words(["yer"])[0]
    assert tokens.affixes(second, 30, suffix=True)[0] == tokens.words[1]


def test_shapes_tell_capitals_from_numbers_and_signs() -> None:
    tokens = tokenise("May NATO iPhone U.S. J. 1999 G20 21st , may 中国")
    assert [SHAPES[shape] for shape in tokens.shapes] == [
        "capitalised", "capitals", "mixed", "dotted", "initial", "number", "code", "ordinal", "sign", "lower", "uncased"
    ]  # fmt: skip


def test_addresses_and_handles_are_junk() -> None:
    text = "Write to Jo@Example.org or see https://Example.org/A and @Jo now"
    tokens = tokenise(text)
    junk = {text[s:e] for s, e, flag in zip(tokens.starts, tokens.ends, tokens.junk, strict=True) if flag}
    assert {"Example.org", "https", "Jo"} <= junk
    assert not junk & {"Write", "and", "now"}


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec=None), max_size=200) | st.text("aA1 .'’s-&\n\"\r", max_size=60))
def test_any_text_gives_tokens_that_cover_all_but_spaces_in_order(text: str) -> None:
    tokens = tokenise(text)
    assert (tokens.starts < tokens.ends).all()
    assert (tokens.starts[1:] >= tokens.ends[:-1]).all()
    covered = np.zeros(len(text), bool)
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        covered[start:end] = True
    assert all(char.isspace() for char, inside in zip(text, covered, strict=True) if not inside)
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("unit", ["A ", "a", "'s", "A.", "@x ", "...", "\n", "🙂", "مرحبا ", "\x00\x01", "“A” "])
def test_time_grows_with_length_only(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    begun = time.process_time()
    tokenise(text)
    assert time.process_time() - begun < 3


def test_co_operation_is_one_word_and_other_hyphens_part_words() -> None:
    def parts(text: str) -> list[str]:
        tokens = tokenise(text)
        return [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]

    assert parts("Economic Co-operation, the Co-op and Co-ordination") == [
        "Economic", "Co-operation", ",", "the", "Co-op", "and", "Co-ordination",
    ]  # fmt: skip
    assert parts("Co-founder of Disco-op in Beijing-based co-operation") == [
        "Co", "-", "founder", "of", "Disco", "-", "op", "in", "Beijing", "-", "based", "co", "-", "operation",
    ]  # fmt: skip
    assert parts("Co-") == ["Co", "-"]
    assert parts("-o") == ["-", "o"]

"""The one fold: what it does to letters, and that everything which compares words goes by it."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.entities.recognising import tokens
from searchapp.language.fold import LETTERS, folded
from searchapp.language.names import words_of
from searchapp.language.words import fold

BLOCKS = (
    (0x0041, 0x024F), (0x0250, 0x02AF), (0x1D00, 0x1DBF), (0x1E00, 0x1EFF), (0x2C60, 0x2C7F), (0xA720, 0xA7FF),
    (0xAB30, 0xAB6F), (0xFB00, 0xFB06), (0xFF21, 0xFF5A),
)  # fmt: skip
"""All blocks of Unicode whose letters are Latin."""
LATIN = [chr(point) for first, last in BLOCKS for point in range(first, last + 1) if chr(point).isalpha()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Łódź Ørsted İstanbul Straße STRASSE", "lodz orsted istanbul strasse strasse"),
        ("İlham Əliyev ISPARTA ısı", "ilham aliyev isparta isi"),
        ("Đặng Þór Guðrún Ħal Æbelø œuvre Ŧ", "dang thor gudrun hal aebelo oeuvre t"),
        ("Ɗan Ƙasa Garaŋ Ɛdɔ", "dan kasa garang edo"),
        ("L’État ‘quoted’ Hawaiʻi Ukraʼina", "l'etat 'quoted' hawai'i ukra'ina"),
        ("ﬁne Ｆｕｌｌ e\u0301", "fine full e"),
        ("Москва Ёлка Αθήνα", "москва елка αθηνα"),
    ],
)
def test_folding_leaves_what_a_reader_of_english_types(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_a_latin_letter_with_a_mark_folds_to_the_letter() -> None:
    for letter in LATIN:
        match = re.fullmatch(r"LATIN \w+ LETTER ([A-Z]{1,2}) WITH (?!SMALL LETTER).*", unicodedata.name(letter))
        # The marks of these are signs of their own: ʾ and the dot of Paraŀlel.
        if match and letter not in "ẚŀĿ":
            assert folded(letter) == match[1].lower()


def test_search_and_linking_fold_every_latin_letter_alike() -> None:
    for letter in LATIN:
        plain = folded(letter)
        # Within a word, as an apostrophe at its edge is not part of it.
        assert fold(f"x{letter}x") == f"x{plain}x"
        assert words_of(f"x{letter}x") == words_of(f"x{plain}x")
        if plain.isalnum():
            assert words_of(f"x{letter}x") == (f"x{plain}x",)


def test_the_tagger_sees_the_first_letter_of_what_a_letter_folds_to() -> None:
    for first, last in tokens.FOLDED:
        for letter in map(chr, range(first, last)):
            # What the shipped model was trained to see stays as it is.
            kept = letter.lower() if letter.lower() in tokens.UNFOLDED else folded(letter)
            if letter.isalpha():
                assert tokens.fold(letter) == kept[0]


def test_the_table_holds_only_what_unicode_does_not_take_apart() -> None:
    for letter in LETTERS:
        assert unicodedata.normalize("NFKD", letter.casefold()) == letter


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(), st.text())
def test_case_does_not_matter(text: str, other: str) -> None:
    assert folded(text.upper()) == folded(text.upper().lower())
    assert folded(f"{text} {other}") == f"{folded(text)} {folded(other)}"

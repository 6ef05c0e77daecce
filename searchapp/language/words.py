"""Text to words, and words to what an index holds: the one definition that every engine and the parser share.

A *token* is a stretch of text that counts as one word. Its *form* is the token folded: case and accents gone, a
possessive ending cut. Its *stem* is the form without English endings (Porter 2). Quotes and patterns ask for
forms, plain words for stems. No word is left out: "to be" is a phrase like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import Stemmer

from searchapp.language.fold import folded

__all__ = ["TOKEN", "fold", "forms", "stem", "stem_of_token", "tokens"]

# Combining accents, and the vowel signs of the scripts of South and South-East Asia, belong to their word.
_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff\u0e31-\u0e4e\u200d"
# Chinese and Japanese write no spaces: each character is a token, and a phrase of them finds a word.
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = rf"(?:[^\W_{_IDEOGRAPHS}]|[{_MARKS}])"

TOKEN = re.compile(
    rf"[{_IDEOGRAPHS}]"
    r"|(?:[A-Za-z]\.){2,}(?:[A-Za-z](?![A-Za-z]))?"  # U.S. and U.S, U.N.H.C.R.
    r"|\d+(?:[.,]\d+)+"  # 3.5 and 120,000
    rf"|{_LETTER}+(?:['\u2019]{_LETTER}+)*"  # Armenia's, O'Brien
)
"""Finds every token of a text, left to right."""

MAX_FORM_CHARS = 64
"""Longer forms are cut: they are encoded data or lines without spaces, not words."""

_STEMMER = Stemmer.Stemmer("english", 0)


def tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and form of every token of `text`, in order; the end is exclusive."""
    for match in TOKEN.finditer(text):
        form = fold(match.group())
        if form:
            yield match.start(), match.end(), form


def forms(text: str) -> list[str]:
    """The form of every token of `text`, in order."""
    return [form for _, _, form in tokens(text)]


def fold(token: str) -> str:
    """The form of a token: "Türkiye's" gives "turkiye". Empty where nothing but accents is left."""
    form = folded(token)
    if form.endswith("'s"):
        form = form[:-2]
    # "ʻOkina" begins with a letter that folds to an apostrophe.
    return form.rstrip(".").strip("'")[:MAX_FORM_CHARS]


def stem(form: str) -> str:
    """The stem of a form: "elections" gives "elect"."""
    stemmed: str = _STEMMER.stemWord(form)
    return stemmed


def stem_of_token(token: str) -> str:
    """The stem of a token as it stands in a text."""
    return stem(fold(token))

"""Words without their endings: the one definition that every engine shares.

The words of an article are stemmed in its language, and a word of a query is looked for in an article by its stem in
the language of that article. So nobody needs to say, or to guess, what language a query is in: "chevaux" finds
"cheval" where the article is French. An article in no certain language, or in one without a stemmer here, is stemmed
like an English one.

A stemmer is given forms, which have no accents, because people type without them: where the endings that it looks for
have some, they are put back first.
"""

from __future__ import annotations

import re

import Stemmer

from searchapp.language.words import COMPOUND, fold
from searchapp.model.languages import language_code

__all__ = ["STEMMED", "stem", "stem_language", "stem_of_token"]

_LATIN = ""
_OF_ALPHABET = {
    # Words in letters of another alphabet are stemmed in the language that most texts in these are in.
    "Cyrillic": ("\u0400", "\u052f", "russian"),
    "Greek": ("\u0370", "\u03ff", "greek"),
    "Arabic": ("\u0620", "\u06d5", "arabic"),
    "Devanagari": ("\u0900", "\u097f", "hindi"),
    "Armenian": ("\u0561", "\u0587", "armenian"),
    "Tamil": ("\u0b80", "\u0bff", "tamil"),
}
_OF_LANGUAGE = {
    "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "eo": "esperanto", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hu": "hungarian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nl": "dutch", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "sr": "serbian", "sv": "swedish", "tr": "turkish",
    "fa": "persian", "ne": "nepali",
}  # fmt: skip
_WRITTEN_IN = {"fa": ("Arabic",), "ne": ("Devanagari",), "sr": (_LATIN, "Cyrillic")}
"""The alphabets in which a stemmer of a language knows its words, where these are not the Latin one alone."""
_LIKE = {"bs": "sr", "hr": "sr", "ms": "id"}
"""Languages whose endings are those of another, from which a short text is not always told."""

_ENGLISH = Stemmer.Stemmer("english", 0)
_STEMMERS = {("", name): Stemmer.Stemmer(own, 0) for name, (_, _, own) in _OF_ALPHABET.items()} | {
    (code, alphabet): Stemmer.Stemmer(name, 0)
    for code, name in _OF_LANGUAGE.items()
    for alphabet in _WRITTEN_IN.get(code, (_LATIN,))
}

STEMMED = tuple(sorted(_OF_LANGUAGE))
"""Codes of the languages whose articles have stems of their own."""


class _Endings:
    """Endings that a form has folded, and what a stemmer looks for instead."""

    def __init__(self, **endings: str) -> None:
        self._endings = endings
        self._any = re.compile(f"(?<=..)(?:{'|'.join(sorted(endings, key=len, reverse=True))})$")

    def restored(self, form: str) -> str:
        return self._any.sub(lambda found: self._endings[found.group()], form)


_ENDINGS = {
    # Russian short i, Arabic ta marbuta.
    ("", "Cyrillic"): _Endings(ыи="ый", ои="ой", еи="ей"),
    ("", "Arabic"): _Endings(ه="\u0629"),
    ("ca", _LATIN): _Endings(cio="ció"),
    ("cs", _LATIN): _Endings(ach="ách"),
    ("fr", _LATIN): _Endings(ite="ité", ites="ités", ee="ée", ees="ées", us="u"),
    ("pl", _LATIN): _Endings(ow="ów"),
    # The stemmer does not know that "eleições" are several of "eleição".
    ("pt", _LATIN): _Endings(ao="ão", oes="ão", aos="ão"),
}


def stem_language(tag: str) -> str:
    """The language, one of `STEMMED`, in which an article is stemmed whose language has this tag; empty for English."""
    if not tag:
        return ""
    code = language_code(tag)
    code = _LIKE.get(code, code)
    return code if code in _OF_LANGUAGE else ""


def stem(form: str, language: str = "") -> str:
    """The stem of a form in an article that is stemmed in a language.

    "elections" gives "elect", "1980s" "1980", "мерах" "мер", and in French "chevaux" "cheval".
    """
    if form[-1:] == "s" and form[-2:-1].isdigit():
        form = form[:-1]
    form = form.replace(COMPOUND, "")
    alphabet = _LATIN if form.isascii() else _alphabet_of(form)
    own = (language, alphabet) if (language, alphabet) in _STEMMERS else ("", alphabet)
    if own in _ENDINGS:
        form = _ENDINGS[own].restored(form)
    stemmed: str = _STEMMERS.get(own, _ENGLISH).stemWord(form)
    return stemmed


def _alphabet_of(form: str) -> str:
    """That of its last letter, before which a form in Latin letters may stand."""
    for name, (first, last, _) in _OF_ALPHABET.items():
        if first <= form[-1] <= last:
            return name
    return _LATIN


def stem_of_token(token: str, language: str = "") -> str:
    """The stem of a word as it stands in a text."""
    return stem(fold(token), language)

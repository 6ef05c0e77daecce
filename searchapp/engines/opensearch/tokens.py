"""A text as tokens that a cluster splits at blanks and knows no more of: our words, at our places.

The tokens of one place are joined by `TOGETHER`, which a filter of the cluster parts again. A place without a word, as
an empty line is, has `GAP` alone, which another filter takes out, so that the place stays. A compound takes as many
places as it has parts. It stands at the first of them as `2^ceasefire` and at every other one as `2$ceasefire`, where 2
is how many there are: so what asks for a phrase can tell where it ends, and no plain word is the same. A stem of an
article that is not stemmed like an English one has its language in front: `fr:cheval`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from searchapp.language.stemming import stem
from searchapp.language.words import COMPOUND, MAX_PARTS, joined, places_of, words

__all__ = ["GAP", "TOGETHER", "Tokens", "alternatives", "anywhere", "starts", "stem_token", "token", "tokens_of"]

TOGETHER = "|"
GAP = "|"
_NOT_IN_TOKENS = re.compile(r"[\s|]")
_INSTEAD = "\ue000"
"""Stands in a token for a blank: the form of a ligature may hold some."""
LENGTHS = range(2, MAX_PARTS + 1)
"""Parts that a compound can have."""


def token(form: str) -> str:
    """A form or stem as the cluster has it."""
    return _NOT_IN_TOKENS.sub(_INSTEAD, form) if not form.isalnum() else form


@lru_cache(maxsize=200_000)
def stem_token(form: str, language: str = "") -> str:
    """The stem of a form in articles of a language as the cluster has it: no other language has the same."""
    own = token(stem(form, language))
    return f"{language}:{own}" if language else own


class Tokens(NamedTuple):
    """What of some texts is searched; each but `forms` is what several texts give, one after the other."""

    words: list[str]
    """The stems, in any order, each as often as it stands there: what scores are counted from."""
    stems: list[str]
    """The stems at their places."""
    exact: list[str]
    """The forms at their places, compounds without what joins their parts."""
    forms: list[str]
    """Each form once, compounds with what joins their parts."""
    joined: list[str]
    """Each compound once, without."""


def tokens_of(text: str, language: str) -> Tokens:
    """The tokens of a text that is stemmed in a language."""
    stems: list[str] = []
    at_stems: list[str] = []
    at_forms: list[str] = []
    forms: dict[str, None] = {}
    compounds: dict[str, None] = {}
    ahead: list[tuple[int, str, str]] = []
    """Places where compounds go on, and their tokens there."""
    for word in words(text):
        form, place = word.form, word.place
        forms[token(form)] = None
        if COMPOUND in form:
            own, together = stem_token(form, language), token(joined(form))
            compounds[together] = None
            stems.append(own)
            count = places_of(form)
            at_stems[-1] += f"{TOGETHER}{count}^{own}"
            at_forms[-1] += f"{TOGETHER}{count}^{together}"
            ahead += [(place + step, f"{count}${own}", f"{count}${together}") for step in range(1, count)]
            continue
        own = stem_token(form, language)
        stems.append(own)
        while len(at_stems) < place:
            at_stems.append(GAP)
            at_forms.append(GAP)
        form = token(form)
        for stop, goes_on, together in ahead:
            if stop == place:
                own += TOGETHER + goes_on
                form += TOGETHER + together
        if ahead and ahead[-1][0] <= place:
            ahead = [one for one in ahead if one[0] > place]
        at_stems.append(own)
        at_forms.append(form)
    return Tokens(stems, at_stems, at_forms, list(forms), list(compounds))


def _can_be_compound(own: str) -> bool:
    """Whether the token of a form or stem may be that of a compound, too."""
    word = own.rpartition(":")[2]
    return len(word) > 1 and word.isalnum() and not word.isdigit()


def starts(own: str) -> list[str]:
    """Every token that stands where a word begins whose token is `own`."""
    return [own, *(f"{count}^{own}" for count in LENGTHS)] if _can_be_compound(own) else [own]


def anywhere(own: str) -> list[str]:
    """Every token that stands at any of its places."""
    if not _can_be_compound(own):
        return [own]
    return [own, *(f"{count}{sign}{own}" for count in LENGTHS for sign in "^$")]


def alternatives(own: str) -> list[Sequence[str]]:
    """Every way in which it may stand: the tokens of its places."""
    if not _can_be_compound(own):
        return [[own]]
    return [[own], *([f"{count}^{own}", *[f"{count}${own}"] * (count - 1)] for count in LENGTHS)]

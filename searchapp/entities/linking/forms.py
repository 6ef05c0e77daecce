"""A name as it stands in a text, cleaned and folded: what two spellings are compared by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from searchapp.language.names import OFFICES, TITLES, place_words, words_of

__all__ = ["FORMS", "Form", "form_of", "shown_form"]

_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$", re.IGNORECASE)
_MOST_FORMS = 100_000
"""Forms of one kind that are kept; Reuters-21578 has 20,000 of organisations."""
_LONGEST_KEPT = 200
_EDGES = "\"'“”‘’«»[]{}<>,;:!?*_•·-–— \t\n"


@dataclass(slots=True, eq=False)
class Form:
    """One spelling of a name; every mention spelled so shares it, and what was found out about it once."""

    shown: str
    """As written, without possessive, quotes, a leading "the" and (people) titles."""
    words: tuple[str, ...]
    """Folded words; hyphens part words."""
    key: str
    """The words, spaced: equal for spellings that differ in case, accents and signs alone."""
    capitals: bool
    """Whether every letter is a capital, and there are two or more."""
    title: str
    """The folded title in front of a person's name, or nothing."""
    place: str
    """The words as `place_key` has them."""
    nameable: bool | None = None
    """Whether it can name something at all; None until somebody asked."""
    label: str = ""
    """What an entity is called that has this form alone; empty until somebody asked."""


def form_of(surface: str, kind: str) -> Form:
    """The form of a stretch of text that names something of this kind."""
    return FORMS[kind][surface]


class _Forms(dict[str, Form]):
    """Stretch of text to form, for one kind; a missing one is made."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __missing__(self, surface: str) -> Form:
        form = _read(surface, self.kind)
        if len(self) >= _MOST_FORMS:
            self.clear()
        if len(surface) <= _LONGEST_KEPT:
            self[surface] = form
        return form


class _FormsByKind(dict[str, _Forms]):
    def __missing__(self, kind: str) -> _Forms:
        return self.setdefault(kind, _Forms(kind))


FORMS: Mapping[str, Mapping[str, Form]] = _FormsByKind()
"""Kind to stretch of text to form: `form_of` without the call, for what runs once per mention."""


def _read(surface: str, kind: str) -> Form:
    shown, title = _shown(surface, kind)
    words = words_of(shown)
    if shown.isascii():
        capitals = shown.isupper() and sum(map(str.isalpha, shown)) > 1
    else:
        letters = [c for c in shown if c.isalpha()]
        capitals = len(letters) > 1 and all(c.isupper() for c in letters)
    return Form(shown, words, " ".join(words) or shown.lower(), capitals, title, place_words(words))


def shown_form(surface: str, kind: str) -> str:
    """`Form.shown` alone, in a fraction of the time."""
    return _shown(surface, kind)[0]


def _shown(surface: str, kind: str) -> tuple[str, str]:
    """What is shown of a stretch of text, and the folded title in front of it."""
    parts = surface.split()
    shown = " ".join(parts)
    # Most names are plain words: they have no quotes, brackets or possessive to lose.
    if not (shown.isascii() and "".join(parts).isalnum()):
        shown = _without_signs(shown)
    if kind == "person":
        return _without_titles(shown) if " " in shown else (shown, "")
    if shown[:4] in ("the ", "The ", "THE ") and len(shown) > 4 and shown.lower() != "the hague":
        return shown[4:], ""
    return shown, ""


def _without_signs(shown: str) -> str:
    shown = shown.strip(_EDGES)
    if "(" in shown or ")" in shown:
        for one, other in ("()", ")("):
            if (one in shown) != (other in shown):
                shown = shown.strip(one + " ")
    return _POSSESSIVE.sub("", shown) or shown if "'" in shown or "’" in shown else shown


_HONOURS = frozenset("OBE MBE CBE KBE DBE QC KC SC MP MBBS PhD Ph.D. Ph.D MD M.D. DSO MC VC CH OM AM AO AC".split())
"""What stands behind the name of who was honoured, or holds an office or a degree."""


def _without_titles(shown: str) -> tuple[str, str]:
    words = shown.split(" ")
    while len(words) > 2 and words[-1] in _HONOURS:
        words.pop()
    shown = " ".join(words)
    at = 0
    while at < len(words) - 1:
        word = words[at].lower().rstrip(".")
        if word not in TITLES and not (word in OFFICES and words[at + 1].lower() in TITLES):
            break
        at += 1
    return (" ".join(words[at:]), words[at - 1].lower().rstrip(".")) if at else (shown, "")

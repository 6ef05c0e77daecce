"""Text to words, and words to what an index holds: the one definition that every engine and the parser share.

A *token* is a stretch of text that is read as a whole. Mostly it is one word; "cease-fire", "d'Estaing" and "$5bn" are
two, at one *place* after the other. A word's *form* is it folded: case, accents and what cannot be seen gone, a
possessive ending cut, initials and numbers written in one way. Its *stem* is the form without its endings (`stemming`).
Quotes and patterns ask for forms, plain words for stems. No word is left out: "to be" is a phrase like any other.

Parts that a hyphen or an apostrophe joins are a *compound* as well, one more word at the place of its first part. Its
form has `COMPOUND` between its parts, its stem is that of the parts written together: so "ceasefire" finds
"cease-fire", and "F16" finds "F-16". An empty line between two words counts as one place, so that no phrase runs
across it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from searchapp.language.fold import folded

__all__ = [
    "COMPOUND",
    "INITIALS",
    "JOINING",
    "MAX_FORM_CHARS",
    "TOKEN",
    "Word",
    "apart",
    "fold",
    "forms",
    "joined",
    "mended",
    "pieces_of",
    "places_of",
    "query_words",
    "tokens",
    "words",
    "words_of",
]

COMPOUND = "-"
"""Stands between the parts of a compound's form, and in no other form."""
MAX_FORM_CHARS = 64
"""Longer forms are cut: they are encoded data or lines without spaces, not words."""
JOINING = frozenset(
    # Articles and what may stand for them.
    "a an the this that these those some any each every either neither no all both such another other "
    # Prepositions.
    "about above across after against along among around as at before behind below between beyond by despite down "
    "during except for from in inside into near of off on onto out over per since through throughout till to toward "
    "towards under until up upon via with within without "
    # Conjunctions and other particles.
    "and but or nor so yet if then than because although though while whereas whether unless not also too only just "
    "even very there here now "
    # Pronouns and question words.
    "i me my mine we us our ours you your yours he him his she her hers it its they them their theirs one who whom "
    "whose which what when where why how "
    # Auxiliary verbs.
    "am is are was were be been being do does did doing have has had having will would shall should can could may "
    "might must ought".split()
)
"""Words that join others and by themselves say nothing: articles, prepositions, pronouns, auxiliary verbs."""
MAX_PARTS = 3
"""Of a compound: what has more parts is a phrase ("state-of-the-art")."""

# Soft hyphens, joiners, signs of direction and their like.
_UNSEEN = "\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
# Combining accents, and the vowel signs of the scripts of South and South-East Asia, belong to their word.
_MARKS = "\u0300-\u034e\u0350-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670"
_THAI_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_MARKS += "\u0900-\u0dff" + _THAI_MARKS
# Chinese and Japanese write no spaces: each character is a token, and a phrase of them finds a word.
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Thai writes none either: each letter is one, with the vowels above and below it and its tone.
_THAI = "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46"
_APOSTROPHES = "'`\u00b4\u2018\u2019\u2032\u02bb\u02bc\uff07"
_HYPHENS = "\u2010\u2011\ufe63\uff0d-"

_LETTER = rf"(?:[^\W_{_IDEOGRAPHS}{_THAI}\u02bb\u02bc]|[{_MARKS}{_UNSEEN}])"
# A soft hyphen at the end of a line: the word goes on in the next.
_LETTERS = rf"(?:\u00ad\n(?=[^\W_])|{_LETTER})++"
_INITIALS = r"(?:(?:[A-Za-z]\.){1,8}[A-Za-z](?![A-Za-z.])|(?:[A-Za-z]\.){2,8})"  # U.S and U.S.
_DECADE = rf"[{_APOSTROPHES}][3-9]0s(?!{_LETTER})"
_NUMBER = r"\d++(?:[.,'\u2019]\d++)++"
_UNIT = (
    rf"(?:{_INITIALS}(?:[{_APOSTROPHES}]s(?!{_LETTER}))?|{_NUMBER}|{_DECADE}"
    rf"|{_LETTERS}(?:[{_APOSTROPHES}]{_LETTERS})*+)"
)

_ALONE = rf"[{_IDEOGRAPHS}]|[{_THAI}][{_THAI_MARKS}]*+"

TOKEN = re.compile(rf"{_ALONE}|{_UNIT}(?:[{_HYPHENS}]\n?{_UNIT})*+")
"""Finds every token of a text, left to right. A token holds no space, and a line break only inside a broken word."""

_ONE_UNIT = re.compile(rf"{_ALONE}|{_UNIT}")
_PIECE = re.compile(_LETTERS)
_POSSESSIVE = re.compile(f"[{_APOSTROPHES}]s?$")
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")
_HYPHEN = re.compile(f"[{_HYPHENS}]")
_IS_INITIALS = re.compile(rf"({_INITIALS})(?:[{_APOSTROPHES}]s)?")
_IS_NUMBER = re.compile(_NUMBER)
_IS_DECADE = re.compile(rf"[{_APOSTROPHES}]([3-9]0s)")
_GROUPED = re.compile(r"\d{1,3}(?:[,']\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}", re.ASCII)
_GROUPED_BY_DOTS = re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?", re.ASCII)
_AMOUNT = re.compile(
    r"(\d+)(bn|m|mn|tn|k|km|kg|kph|kmh|mph|km2|cm|mm|ft|lb|lbs|gw|mw|kw|kwh|mwh|twh|pct|pc|pp|am|pm|hrs?|mins?|secs?)",
    re.ASCII | re.IGNORECASE,
)
_BROKEN = re.compile(rf"\u00ad\n(?=[^\W_])|[{_HYPHENS}]\n(?=[^\W\d_])")
_WHITE = "".join(map(chr, range(33)))
_EMPTY_LINE = re.compile(r"\n[\x00-\x20]*\n[\x00-\x20]*")

_CONTRACTED = frozenset({"t", "re", "ve", "ll", "d", "m", "em"})
"""What stands behind the apostrophe of "don't" and "we're": they are one word."""
_IN_CAPITALS = {"US": "u.s", "WHO": "w.h.o"}
"""Initials without full stops that, in small letters, are other words."""
_LIKE_A_WORD = frozenset(JOINING)
"""Initials keep their full stops where without them they would be one of these: U.S. and us, a.m. and am."""

INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
"""A form that keeps its full stops. Typed without the last one it would not always be read as one word."""

_STRAIGHT = str.maketrans(dict.fromkeys(_APOSTROPHES, "'"))
_UNSEEN_SIGN = re.compile(f"[{_UNSEEN}\n]")


class Word(NamedTuple):
    """A word where it stands in a text."""

    start: int
    end: int
    """Exclusive. A compound reaches to the end of its last part."""
    form: str
    place: int
    """Counted from 0; that of a compound is that of its first part. Two words next to each other differ by one."""


def words(text: str) -> Iterator[Word]:
    """The words of `text` in order, a compound after its first part."""
    place = -1
    # Empty lines before the text begins are none between words.
    last = len(text) - len(text.lstrip(_WHITE))
    for token in TOKEN.finditer(text):
        start = token.start()
        if text.find("\n", last, start) >= 0:
            place += sum(1 for _ in _EMPTY_LINE.finditer(text, last, start))
        for low, high, form in words_of(token.group()):
            place += COMPOUND not in form
            yield Word(start + low, start + high, form, place)
        last = token.end()


def apart(text: str, start: int, end: int) -> bool:
    """Whether there is an empty line between two places of a text, so that the words there are no neighbours."""
    return text.find("\n", start, end) >= 0 and _EMPTY_LINE.search(text, start, end) is not None


def tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and form of every word of `text` but the compounds, in order; the end is exclusive."""
    for token in TOKEN.finditer(text):
        start = token.start()
        for low, high, form in words_of(token.group()):
            if COMPOUND not in form:
                yield start + low, start + high, form


def forms(text: str) -> list[str]:
    """The form of every word of `text` but the compounds, in order."""
    return [form for _, _, form in tokens(text)]


def query_words(text: str) -> tuple[str, ...]:
    """The forms that a search for `text` is for: a compound instead of its parts."""
    found: list[str] = []
    for token in TOKEN.finditer(text):
        own = words_of(token.group())
        longest = {start: (end, form) for start, end, form in sorted(own)}
        after = 0
        for start, _, _ in own:
            if start >= after:
                after, form = longest[start]
                found.append(form)
    return tuple(found)


def words_of(token: str) -> list[tuple[int, int, str]]:
    """Start, end and form of the words of a token, in order, a compound after its first part."""
    if token.isascii():
        # Most words, without a look at what else they might be.
        if token.isalpha() and token not in _IN_CAPITALS:
            return [(0, len(token), token.lower()[:MAX_FORM_CHARS])]
        if token.replace("-", "").isalpha() and _IN_CAPITALS.keys().isdisjoint(held := token.split("-")):
            return _of_letters(held)
    if "\u0e01" <= token[0] <= "\u0e46":
        return [(0, len(token), fold(token))]
    if _HYPHEN.search(token) is None:
        parts, split = _parts(token)
        if len(parts) == 1 or not split:
            return parts
        units = []
    else:
        parts, units = [], list(_ONE_UNIT.finditer(token))
    compounds: list[tuple[int, int, int, str]] = []
    for unit in units:
        own, split = _parts(unit.group())
        own = [(unit.start() + low, unit.start() + high, form) for low, high, form in own]
        if split and len(units) > 1:
            _join(own, len(parts), compounds)
        parts += own
    broken = (token[before.end() : after.end()] for before, after in pairwise(units))
    if all("\n" not in part or part[2:3].islower() for part in broken):
        _join(parts, 0, compounds)
    if not compounds:
        return parts
    found: list[tuple[int, int, str]] = []
    for number, part in enumerate(parts):
        found.append(part)
        found += [(low, high, form) for first, low, high, form in compounds if first == number]
    return found


def _of_letters(held: list[str]) -> list[tuple[int, int, str]]:
    """The words of parts that have letters alone, with a hyphen between each two."""
    parts: list[tuple[int, int, str]] = []
    start = 0
    for part in held:
        parts.append((start, start + len(part), part.lower()[:MAX_FORM_CHARS]))
        start += len(part) + 1
    compounds: list[tuple[int, int, int, str]] = []
    _join(parts, 0, compounds)
    if compounds:
        parts.insert(1, compounds[0][1:])
    return parts


def _join(parts: list[tuple[int, int, str]], first: int, compounds: list[tuple[int, int, int, str]]) -> None:
    """Adds the compound of some parts, where they are one."""
    held = [form for _, _, form in parts]
    # "10-year" and "1980-81" are no words, "3-D" is one.
    if not 2 <= len(held) <= MAX_PARTS or (held[0][0].isdigit() and (len(held) > 2 or len(held[1]) > 1)):
        return
    together = "".join(held)
    if len(together) < MAX_FORM_CHARS and together.isalnum() and not together.isdigit():
        compounds.append((first, parts[0][0], parts[-1][1], COMPOUND.join(held)))


def _parts(unit: str) -> tuple[list[tuple[int, int, str]], bool]:
    """Start, end and form of the words that stand between two hyphens, and whether an apostrophe joins several."""
    plain = unit.isalpha()
    form = None if plain else _written_as(unit)
    if form is None and not plain and (amount := _AMOUNT.fullmatch(unit)) is not None:
        return [(0, amount.end(1), amount[1]), (amount.end(1), len(unit), amount[2].lower())], False
    if form is None and unit[:2].isupper():
        form = _IN_CAPITALS.get(_POSSESSIVE.sub("", unit))
    if form is not None:
        return [(0, len(unit), form)], False
    if plain and _APOSTROPHE.search(unit) is None:
        form = fold(unit)
        return [(0, len(unit), form)] if form else [], False
    pieces = [(piece.start(), piece.end(), fold(piece.group())) for piece in _PIECE.finditer(unit)]
    if len(pieces) > 1 and pieces[-1][2] == "s":
        del pieces[-1]
        pieces[-1] = (pieces[-1][0], len(unit), pieces[-1][2])
    if len(pieces) == 2 and pieces[1][2] in _CONTRACTED:
        return [(0, len(unit), fold(unit))], False
    pieces = [piece for piece in pieces if piece[2]]
    return pieces, len(pieces) > 1


def _written_as(unit: str) -> str | None:
    """The form of figures and initials, which have several ways to be written; None for other words."""
    if unit.isdigit():
        return unit[:MAX_FORM_CHARS] if unit.isascii() else None
    if unit[0].isdigit():
        return _number(unit.replace("\u2019", "'")) if _IS_NUMBER.fullmatch(unit) else None
    if unit[1:2] == "." and (initials := _IS_INITIALS.fullmatch(unit)) is not None:
        dotted = initials[1].lower().rstrip(".")
        plain = dotted.replace(".", "")
        return dotted if plain in _LIKE_A_WORD else plain
    decade = _IS_DECADE.fullmatch(unit)
    return f"19{decade[1]}" if decade is not None else None


def _number(text: str) -> str:
    """A number without what groups its digits: 120,000 and 1.200.000,5 give 120000 and 1200000.5."""
    if text.isascii() and text.count(".") == 1 and "," not in text and "'" not in text:
        return text[:MAX_FORM_CHARS]
    if _GROUPED.fullmatch(text):
        return text.replace(",", "").replace("'", "")
    if _GROUPED_BY_DOTS.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    return text[:MAX_FORM_CHARS]


def fold(token: str) -> str:
    """The form of one word: "Türkiye's" gives "turkiye". Empty where nothing but accents is left."""
    if not token.isalnum():
        token = _UNSEEN_SIGN.sub("", token).translate(_STRAIGHT)
    form = folded(token)
    if form.endswith("'s"):
        form = form[:-2]
    # "ʻOkina" begins with a letter that folds to an apostrophe.
    return form.rstrip(".").strip("'")[:MAX_FORM_CHARS]


def mended(text: str) -> str:
    """`text` with words that are broken at the end of a line on one line: the words stay the same."""
    if "-\n" not in text and (text.isascii() or not _BROKEN.search(text)):
        return text
    return _BROKEN.sub(lambda broken: _at_line_end(text, broken), text)


def _at_line_end(text: str, broken: re.Match[str]) -> str:
    sign = broken.group()
    return sign[0] if sign[0] == "\u00ad" or text[broken.end()].islower() else sign


def joined(form: str) -> str:
    """The form without what joins the parts of a compound."""
    return form.replace(COMPOUND, "")


def places_of(form: str) -> int:
    """How many places a word of this form takes: one, and for a compound one for each part."""
    return 1 + form.count(COMPOUND)


_LAST_DIGITS = re.compile(r"\d{1,3}s?$", re.ASCII)


def pieces_of(form: str) -> tuple[str, ...]:
    """Texts in small letters: whatever has this form holds one of them, unless letters outside ASCII or full stops
    between initials hide it."""
    if INITIALS.fullmatch(form):
        return form, form.replace(".", "")
    form = max(form.replace("'", COMPOUND).split(COMPOUND), key=len)
    if (digits := _LAST_DIGITS.search(form)) is not None:
        return (digits.group()[-3:],)
    return (form,)

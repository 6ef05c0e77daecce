"""Which names of organisations in one article are forms of one organisation's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from searchapp.entities.linking.groups import Group, any_shared
from searchapp.entities.linking.people import MANY
from searchapp.language.names import GENERIC_ORGANISATION_WORDS, LEGAL_SUFFIXES, SMALL_WORDS

__all__ = ["acronyms_of", "base_words", "is_acronym", "join_organisations", "owned_by"]

_SMALL = SMALL_WORDS.union("le du des et e di do da für der die &".split())
_ACRONYM = re.compile(r"(?=.{2,10}$)(?:[^\W\d_a-z]\.?){2,}s?|(?=.{2,8}$)[A-Z][A-Za-z&-]*[A-Z0-9&][A-Za-z0-9]*")
_ARMS = frozenset(
    "research ventures capital foundation museum library hospital secretariat airport academy pension studios".split()
)
"""What a part of a body adds to the body's name: "Dunmore Research" is not Dunmore."""
_PARTS = re.compile(r"[\s/]+")
_DOTTED = re.compile(r"(?:[A-Z]\.)+[A-Z]?")


def join_organisations(groups: Sequence[Group], *, stands_alone: Callable[[Group], bool]) -> None:
    """Joins acronyms and shortened names to full ones; what fits several gets them all in `among`.

    "IMF" is a form of "International Monetary Fund", "Amnesty" of "Amnesty International", "Security Council" of "U.N.
    Security Council". A name for which `stands_alone` holds (a place, a well-known body) is never taken for a short
    form: "United Nations" is not "United Nations Development Programme".
    """
    full = [group for group in groups if len(group.words) > 1]
    single = {group.words[0]: group for group in groups if len(group.words) == 1}
    owners = [word + "s" for word in single]
    shared = any_shared((_telling_words(group.words) for group in full), [*single, *owners])
    acronyms = bool(full) and any(is_acronym(group.form.shown) for group in single.values())
    if shared or acronyms:
        full.sort(key=lambda group: (-len(base_words(group.words)), group.first))
    holders = _join_full(full, stands_alone) if shared else {}
    by_acronym = _by_acronym(full, acronyms_of) if acronyms else {}
    by_letters: Mapping[str, list[Group]] | None = None
    halves = single.keys() - GENERIC_ORGANISATION_WORDS if holders else frozenset()
    for group in groups if single else ():
        if len(group.words) != 1 or group.into is not None:
            continue
        word = group.words[0]
        if acronyms and is_acronym(group.form.shown):
            fits = by_acronym.get(word)
            if fits is None:
                # It can come from a language with another order of words: PSD for Social Democratic Party.
                if by_letters is None:
                    by_letters = _by_acronym(full, _acronym_letters)
                fits = by_letters.get("".join(sorted(word)), [])
            _assign(group, fits[:MANY])
        if group.into is None and not group.among and word[-1:] == "s" and len(word) > 5 and word[:-1] in single:
            # "Democrats" are who makes "Democrat" voters.
            group.join(single[word[:-1]])
        if group.into is None and not group.among and word not in holders and word + "s" in holders:
            # "Moody's" loses its ending as a name of its own, and not within "Moody's Investors Service".
            owned = [other for other in holders[word + "s"][:MANY] if owned_by(other, word)]
            _assign(group, owned)
        if group.into is None and not group.among and word in holders:
            fits = [other for other in holders[word][:MANY] if _shortened(group, other, stands_alone)]
            # Where "Exxon" and "Mobil" stand beside "Exxon Mobil", the article tells of three companies.
            _assign(group, [other for other in fits if not _merged_of(base_words(other.words), halves)])


def owned_by(group: Group, word: str) -> bool:
    """Whether a name begins with the possessive of a word: "Moody's Investors Service"."""
    return group.form.shown.split(" ", 1)[0].lower().replace("’", "'") == f"{word}'s"


def _join_full(full: Sequence[Group], stands_alone: Callable[[Group], bool]) -> dict[str, list[Group]]:
    """Joins names of several words, the longest first, that are parts of longer ones; gives who has each word."""
    holders: dict[str, list[Group]] = {}
    turned: dict[tuple[str, ...], Group] = {}
    for group in full:
        first = base_words(group.words)[0]
        same = turned.setdefault(_turned(group.words), group)
        if same is not group:
            group.join(same)
        if first in holders:
            _assign(group, [other for other in holders[first][:MANY] if _shortened(group, other, stands_alone)])
        for word in _telling_words(group.words):
            holders.setdefault(word, []).append(group)
    return holders


@lru_cache(maxsize=100_000)
def _turned(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a name in the order of "Angostura Congress", which is also the Congress of Angostura."""
    if len(words) > 2 and words[1] == "of" and words[0] in GENERIC_ORGANISATION_WORDS:
        rest = words[3:] if words[2] == "the" and len(words) > 3 else words[2:]
        return (*rest, words[0])
    return words


def _by_acronym(full: Sequence[Group], acronyms: Callable[[str], Iterable[str]]) -> dict[str, list[Group]]:
    found: dict[str, list[Group]] = {}
    for group in full:
        for acronym in acronyms(group.form.shown):
            found.setdefault(acronym, []).append(group)
    return found


def _merged_of(words: tuple[str, ...], halves: AbstractSet[str]) -> bool:
    return len(words) > 1 and words[0] in halves and words[-1] in halves


def _assign(group: Group, fits: Sequence[Group]) -> None:
    if not fits:
        return
    roots = [root for root in dict.fromkeys([other.root for other in fits]) if root is not group]
    if len(roots) == 1:
        group.join(roots[0])
    elif roots:
        group.among = roots


def _shortened(short: Group, full: Group, stands_alone: Callable[[Group], bool]) -> bool:
    small, large = base_words(short.words), base_words(full.words)
    if small == large:
        return True
    if len(small) >= len(large) or stands_alone(short):
        return False
    if large[-len(small) :] == small:
        generic = small[-1] in GENERIC_ORGANISATION_WORDS
    elif large[: len(small)] == small:
        rest = large[len(small) :]
        if rest[-1] in _ARMS:
            return False
        generic = small[-1] in GENERIC_ORGANISATION_WORDS and rest[0] in _SMALL
        generic = generic or all(word in GENERIC_ORGANISATION_WORDS for word in rest)
    else:
        # "the Ministry" may stand for "Ministry of Finance" or "Finance Ministry", never for its inner words.
        return False
    return generic or full.first < short.first


@lru_cache(maxsize=100_000)
def base_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """`words` without "Inc", "and Co" and the like at the end."""
    end = len(words)
    while end > 1 and (words[end - 1] in LEGAL_SUFFIXES or (end < len(words) and words[end - 1] in ("&", "and"))):
        end -= 1
    return words[:end]


@lru_cache(maxsize=100_000)
def _telling_words(words: tuple[str, ...]) -> frozenset[str]:
    """The different `base_words` without "of" and its like."""
    return frozenset(base_words(words)) - _SMALL


@lru_cache(maxsize=100_000)
def is_acronym(shown: str) -> bool:
    """Whether a name is one word of capitals, or nearly: IMF, U.N., PiS, G77, AT&T."""
    return _ACRONYM.fullmatch(shown) is not None


@lru_cache(maxsize=100_000)
def acronyms_of(shown: str) -> frozenset[str]:
    """Folded acronyms that a name of several words can have, by the first letters of its words.

    Small words and a company's legal suffix may count or not, parts of hyphenated words too; an acronym inside a name
    counts with all its letters ("U.S. Agency for International Development" has usaid).
    """
    words = [word.strip("\"'“”‘’(),.") or word for word in _PARTS.split(shown) if word[:1].isalnum()]
    found: set[str] = set()
    for parts in (words, [part for word in words for part in word.split("-") if part]) if "-" in shown else (words,):
        telling = [part for part in parts if part.lower() not in _SMALL]
        for kept in (telling, parts) if len(telling) < len(parts) else (parts,):
            initials = [_initials(part) for part in kept]
            while len(kept) > 2:
                found.add("".join(initials[: len(kept)]).lower())
                if kept[-1].lower().rstrip(".") not in LEGAL_SUFFIXES:
                    break
                kept = kept[:-1]
            if len(kept) == 2:
                found.add("".join(initials[:2]).lower())
    return frozenset(acronym for acronym in found if len(acronym) > 1)


@lru_cache(maxsize=100_000)
def _acronym_letters(shown: str) -> frozenset[str]:
    """The sorted letters of each acronym of three or more that a name can have."""
    return frozenset("".join(sorted(acronym)) for acronym in acronyms_of(shown) if len(acronym) > 2)


def _initials(word: str) -> str:
    if _DOTTED.fullmatch(word) or (len(word) < 5 and word.isupper() and word.isalpha()):
        return word.replace(".", "")
    return word if word.isdecimal() else word[0]

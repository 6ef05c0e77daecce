"""Where names begin and end, put right by what stands around them, and what is no name left out.

A recogniser sees a few words at a time: it cuts "Kidder, Peabody and Co" in two and takes the ticker in "Texaco <TX>"
for a place. What is done here follows from signs and from closed lists alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from searchapp.entities.linking.bodies import known_body
from searchapp.entities.linking.given_names import known_given_names
from searchapp.entities.linking.namesakes import in_holder
from searchapp.entities.linking.non_names import is_no_name
from searchapp.entities.linking.organisations import acronyms_of, is_acronym
from searchapp.entities.places.gazetteer import is_demonym, place_of, readings
from searchapp.entities.recognising.base import Span
from searchapp.language.names import GENERIC_ORGANISATION_WORDS, LEGAL_SUFFIXES, place_key, words_of

__all__ = ["settled_spans"]

_LOOKED_BACK = 90
_LOOKED_AHEAD = 160
_LONGEST_TICKER = 8
_MOST_LOOKED_AT = 200
"""Places of words in one text that are looked at for whether a sentence begins there."""
_LARGE = 100_000
_CERTAIN = 1.0
"""The confidence of a recogniser that was told which words are names."""
_CLOSINGS = LEGAL_SUFFIXES.union("sons brothers bros partners associates".split()) - {
    "sa",
    "se",
    "ag",
    "ab",
    "as",
    "co",
}
"""What closes the name of a firm and never begins one."""
_FIRM = LEGAL_SUFFIXES - {"sa", "se", "ag", "ab", "nv", "company", "bv", "lp"}
"""What only firms end with, whatever a recogniser took them for."""
_BANKS = frozenset("banque banco banca societe compagnie sociedad".split())
"""What only firms begin with."""
_BEFORE = re.compile(
    r"(?<![\w'’])((?:[A-Z][\w.'’&-]{0,30} ){0,4}[A-Z][\w.'’-]{0,30})"
    r"(?:,? (?:and|&) (?:[A-Z][\w.'’-]{0,30} )?|, | \([A-Z][\w .]{1,30}\) | [a-z]{2,20} | )\Z"
)
_OPENING = frozenset(
    "the a an but and in on at of for with by from as to its it he she they said says while when if after before "
    "chairman president analyst analysts new managers underwriters".split()
)
"""Words in capitals before a firm that are no part of its name."""
_TAIL = re.compile(r"[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)? (?:and|&) (?:Co|Company|Sons|Brothers|Partners)\b")
_PAIRS = frozenset(
    "goldman sachs|kidder peabody|dillon read|donaldson lufkin|lufkin jenrette|merrill pierce|lynch pierce|"
    "pierce fenner|fenner smith|smith upham|barney harris|standard poor|standard poors|dean witter|"
    "drexel burnham|bear stearns|price waterhouse|shearson lehman|kuhn loeb|lazard freres|marks spencer|"
    "procter gamble|johnson johnson|ernst young|arthur andersen|dun bradstreet|black decker|smith wesson|"
    "harley davidson|rolls royce|barnes noble|abercrombie fitch|crosse blackwell|tate lyle|reckitt colman|"
    "skidmore owings|owings merrill|wilmer cutler|davis polk|sullivan cromwell|cravath swaine|swaine moore|"
    "skadden arps|legg mason|deloitte touche|brown root|pratt whitney|duff phelps|"
    "phillips drew|philips drew|hambrecht quist|harper row|wagner brown|allen overy|freshfields bruckhaus|"
    "slaughter may|smith nephew|rowe pitman|wertheim schroder".split("|")
)
"""Words of one firm's name that a comma, "and" or "&" stands between."""
_FIRSTS = frozenset(pair.split(" ")[0] for pair in _PAIRS)
_SECONDS = frozenset(pair.split(" ")[1] for pair in _PAIRS)
_ONE_AND = re.compile(r"(?<![\w'’])([A-Z][\w'’-]{1,20}) (?:and|&) \Z")
_AND_ONE = re.compile(r"(?: (?:and|&) |/)([A-Z][\w-]{1,20})(?:['’]s(?= [A-Z]))?(?![\w'’]{2})")
_CUES = ("with ", "at ", "of ", "in ", "for ", "brokers ", "stockbrokers ", "firm ", "company ", "brokerage ", "group ")
_LONGEST_CUE = 40
_FIRM_BEFORE = re.compile(
    r"\b(?:(?:analysts?|economists?|strategists?|traders?|dealers?|brokers?|stockbrokers?|underwriters?) "
    r"(?:with|at|for)"
    r"|brokers|stockbrokers|(?:brokerage|securities|investment|law|accounting|software|oil|steel|drug|technology) "
    r"(?:firm|company|group|house)|brokerage"
    r"|(?:shares|stake|stock|interest|shareholders|shareholding) (?:of|in)"
    r"|(?:unit|subsidiary|division|affiliate) of) \Z"
)
"""What stands before the name of a company, though a recogniser took it for a person's."""
_SHORT_GIVEN = frozenset("Alex Geo Wm Chas Thos Jos Jas Edw Robt".split())
_NO_OWNERS = frozenset(
    "people women men children workers teachers farmers students nurses doctors king queen prince princess st saint "
    "peoples womens mens childrens".split()
)
_OWNED = re.compile(r"(.{2,40}?)['’]s? ((?:[A-Z][\w'’-]* )*+[A-Z][\w'’-]*(?: (?:of|on|for|and) .+)?)")
_MARKETS = frozenset("dollar dollars dlr dlrs currency market markets treasuries bonds stocks cts".split())
_SUBJECT_HEAD = re.compile(
    r"(?:[A-Z]\w* ){0,3}(?:Ministry|Department|Faculty|Commission|Committee|Institute|School|Office|Bureau|"
    r"Directorate|Council|Board|Secretariat|Centre|Center|College|Division|Agency|Authority) (?:of|for|on) .+"
)
_SUBJECTS = frozenset(
    "administration affairs agriculture air antiquities aquaculture architecture archives arts aviation "
    "broadcasting budget business children climate co-operatives commerce communication communications community "
    "construction cooperatives cottage culture customs defence defense design development digital disability "
    "disaster drainage economic economics economy education elderly employment energy engineering enterprise "
    "environment equality ethnic external families family finance fisheries fishery food foreign forest forestry "
    "forests fuels gas gender health heritage higher home housing human humanities immigration industries "
    "industry information infrastructure innovation integration interior international investment irrigation "
    "justice labor labour land lands language law livestock local management manpower maritime marine media "
    "medicine mines minerals mining museums national natural nutrition oil parks peace pensions petroleum "
    "planning ports posts power prisons public railways reconstruction recreation reform regional rehabilitation "
    "relations religious research resources rights roads rural sanitation science sciences security services "
    "settlement shipping skills social space sport sports statistics supplies survey sustainable taxation "
    "technology telecommunications textiles tourism town trade traffic training transport transportation tribal "
    "urban veterans water welfare wildlife women works youth".split()
)
"""What ministries, departments and faculties are about."""
_MORE_SUBJECTS = re.compile(
    r"(?:, [A-Z][\w'’-]{2,20}(?: [A-Z][\w'’-]{2,20}){0,2}){0,4},? (?:and|&) "
    r"[A-Z][\w'’-]{2,20}(?: [A-Z][\w'’-]{2,20}){0,2}"
)
_PARTS = re.compile(r",? (?:and|&) |, | ")
_REGIONS = frozenset("Near East|Middle East|Far East|Americas|Caribbean|Pacific|Arab World|Third World".split("|"))
_SOCIETIES = frozenset(
    "association federation union organisation organization conference council congress society alliance league "
    "institute committee commission confederation network".split()
)
_GROUPS = re.compile(r"(?<![\w-])G-?(?:7|8|20|77)(?![\w-])")
_PARTICLE = re.compile(r"-[a-z]{1,2}\Z")
"""How a name ends that goes on behind a hyphen: "Thong-o" of "Thong-o-sot"."""
_BRACKETED = re.compile(r" \(([A-Z][A-Za-z&]{1,9})\)")


_ACRONYM = re.compile(r"(?<![\w/-])[A-Z][A-Za-z&]{1,9}(?![\w/-]| \d)")
"""An acronym; "SKW 3" is one of several teams, as a whole another name."""


class _Standing:
    """What stands in a text, looked for when it is first asked for."""

    __slots__ = ("_looked_at", "_openings", "_words", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._words: frozenset[str] | None = None
        self._openings: dict[str, bool] = {}
        self._looked_at = 0

    @property
    def words(self) -> frozenset[str]:
        """Whatever spaces part, with the signs that are next to it."""
        if self._words is None:
            self._words = frozenset(self.text.split())
        return self._words

    def has_word(self, word: str) -> bool:
        """Whether a word stands in the text as it is, alone or before a sign that ends a sentence or a part of one."""
        return not self.words.isdisjoint((word, f"{word},", f"{word}."))

    def is_opening_word(self, shown: str) -> bool:
        """Whether a word stands small elsewhere, and with a capital only where a sentence or a line begins."""
        found = self._openings.get(shown)
        if found is None:
            found = self._openings[shown] = self.has_word(shown.lower()) and self._only_opens(shown)
        return found

    def _only_opens(self, shown: str) -> bool:
        text, at = self.text, self.text.find(shown)
        while at >= 0 and self._looked_at < _MOST_LOOKED_AT:
            self._looked_at += 1
            if not _opens(text, at):
                return False
            at = text.find(shown, at + 1)
        return at < 0


def _opens(text: str, at: int) -> bool:
    before = text[max(0, at - 3) : at].rstrip(" ")
    return not before or before[-1] in '\n.!?:"“'


class _Traits(NamedTuple):
    """What the words of a stretch of text tell, whatever stands around it."""

    no_name: bool = False
    closing: bool = False
    """Begins with what a firm's name ends with."""
    firm: bool = False
    second: bool = False
    """Begins with what follows "and" in the name of a firm of two."""
    first: bool = False
    body: bool = False
    """Is the name of a known body, whatever a recogniser took it for."""
    opening: bool = False
    """One word with a capital, which may have it from the sentence that it opens."""
    owned: int = 0
    """Where the second of two names begins: FIFA's Ethics Committee."""
    owner_end: int = 0
    subjects: bool = False
    market_end: int = 0
    """Where the country ends: the U.S. Dollar."""
    place: bool = False
    capitals: bool = False
    hyphen: bool = False
    society: bool = False
    acronym: bool = False


_PLAIN = _Traits()


def settled_spans(text: str, spans: Sequence[Span]) -> list[Span]:
    """The names of a text from the spans that a recogniser found in it; in order, never overlapping.

    Time grows with the number of spans, not with the length of the text.
    """
    found: list[Span] = []
    spelled_out: set[str] = set()
    standing = _Standing(text)
    for span in spans:
        start, end = span.start, span.end
        if found and start < found[-1].end:
            continue  # It is part of a longer name by now.
        shown = text[start:end]
        traits = _traits(shown, span.kind)
        if found and start - found[-1].end < 9 and _joined(text, found, span, shown, traits):
            continue
        if traits is not _PLAIN or (
            span.kind == "person" and text.endswith(_CUES, max(0, start - _LONGEST_CUE), start)
        ):
            _take(standing, span, shown, traits, found, spelled_out)
        else:
            found.append(span)
    if spelled_out or "G7" in text or "G20" in text or "G8" in text or "G77" in text or "G-7" in text:
        found = _with_acronyms(text, found, spelled_out)
    return found


def _take(
    standing: _Standing, span: Span, shown: str, traits: _Traits, found: list[Span], spelled_out: set[str]
) -> None:
    """Adds what a span with traits of its own comes to."""
    text = standing.text
    start, end, kind, sure = span.start, span.end, span.kind, span.confidence
    if traits.capitals and (_is_ticker(text, start, end) or _is_common_word(standing, shown)):
        return
    if traits.opening and sure < _CERTAIN and standing.is_opening_word(shown):
        return
    if traits.closing or traits.second:
        begin = _pair_start(text, start, shown) if traits.second else start
        if begin == start and traits.closing:
            begin = _firm_start(text, start)
        if begin < start:
            while found and found[-1].end > begin:
                begin = min(begin, found.pop().start)
            found.append(Span(begin, end, "organisation", sure))
            return
    if traits.no_name:
        spelt = (f"({shown}){sign}" in standing.words for sign in ("", ",", "."))
        if not (traits.acronym and kind == "organisation" and any(spelt)):
            return
    elif traits.owned:
        owner = text[start : start + traits.owner_end]
        owner_kind = "place" if known_body(owner) is None and _is_large(owner) else "organisation"
        found.append(Span(start, start + traits.owner_end, owner_kind, sure))
        start += traits.owned
        shown = text[start:end]
    elif traits.market_end:
        end, kind = start + traits.market_end, "place"
    elif traits.firm or traits.body:
        kind = "organisation"
    elif traits.place and kind != "place" and text.startswith(".", end) and text.endswith(", ", 0, start):
        kind = "place"
    if traits.first and (match := _AND_ONE.match(text, end)) and f"{_last_word(shown)} {match[1].lower()}" in _PAIRS:
        end, kind = match.end(), "organisation"
    if kind == "person" and text.endswith(_CUES, max(0, start - _LONGEST_CUE), start) and _of_firm(text, start):
        kind = "organisation"
    if traits.subjects:
        end = _subjects_end(text, end)
    if traits.hyphen and text.startswith("-", end):
        while end < len(text) and (text[end] == "-" or text[end].isalpha()):
            end += 1
    if kind == "organisation" and text.startswith(" (", end):
        match = _BRACKETED.match(text, end)
        if match and match[1].lower() in acronyms_of(text[start:end]):
            spelled_out.add(match[1])
    found.append(Span(start, end, kind, sure))


@lru_cache(maxsize=100_000)
def _traits(shown: str, kind: str) -> _Traits:
    words = words_of(shown)
    if not words:
        return _PLAIN
    several = len(words) > 1
    owned = owner_end = market_end = 0
    if kind == "organisation" and ("'" in shown or "’" in shown) and (match := _OWNED.fullmatch(shown)):
        owner, rest = match[1], words_of(match[2])
        known = is_acronym(owner) or known_body(owner) is not None or _is_large(owner)
        if known and words_of(owner)[-1] not in _NO_OWNERS and any(word in GENERIC_ORGANISATION_WORDS for word in rest):
            owned, owner_end = match.start(2), match.end(1)
    if several and words[-1] in _MARKETS:
        bare = shown[: shown.rstrip().rfind(" ")]
        place = place_of(bare)
        market_end = len(bare) if place is not None and place.kind == "country" else 0
    made = _Traits(
        no_name=is_no_name(shown, kind),
        closing=words[0] in _CLOSINGS or (words[0] == "co" and (not several or words[1] in LEGAL_SUFFIXES)),
        firm=several and kind != "organisation" and (words[-1] in _FIRM or words[0] in _BANKS),
        second=words[0] in _SECONDS,
        first=words[-1] in _FIRSTS,
        body=kind == "person" and known_body(shown) is not None and not known_given_names(words[0]),
        opening=not several and kind != "place" and shown.istitle() and known_body(shown) is None,
        owned=owned,
        owner_end=owner_end,
        subjects=kind == "organisation" and _SUBJECT_HEAD.fullmatch(shown) is not None and " and " not in shown,
        market_end=market_end,
        place=not several and kind == "person" and bool(readings(place_key(shown + "."))),
        capitals=not several and shown.isupper() and len(shown) > 1,
        hyphen=kind == "person" and _PARTICLE.search(shown) is not None,
        society=kind == "organisation" and not _SOCIETIES.isdisjoint(words),
        acronym=not several,
    )
    plain = not any(made[:-1])
    return made._replace(acronym=False) if kind == "organisation" and several else _PLAIN if plain else made


def _is_large(name: str) -> bool:
    """Whether a name means a country, a region or a large city."""
    found = readings(place_key(name))
    return bool(found) and (found[0].kind != "city" or found[0].weight >= _LARGE)


def _joined(text: str, found: list[Span], span: Span, shown: str, traits: _Traits) -> bool:
    """Whether the span was joined with the one before it: "Kidder" and "Peabody and Co"."""
    before = found[-1]
    gap = text[before.end : span.start]
    kind = ""
    if gap in (", ", " and ", " & ", ", and "):
        words = words_of(text[before.start : before.end]), words_of(shown)
        if not words[0] or not words[1]:
            return False
        if gap == ", " and span.kind == "place" != before.kind and in_holder(" ".join(words[0]), " ".join(words[1])):
            # Cambridge, Massachusetts, is no university.
            found[-1] = Span(before.start, before.end, "place", before.confidence)
            return False
        of_firm = gap == ", " and span.kind != "place" and len(words[0]) < 3 and _TAIL.match(shown)
        if of_firm or f"{words[0][-1]} {words[1][0]}" in _PAIRS:
            kind = "organisation"
        elif gap == " and " and before.kind == span.kind == "place":
            whole = place_key(text[before.start : span.end])
            parts = (place_key(text[one.start : one.end]) for one in (before, span))
            # "Jammu" and "Kashmir" are places of their own, "Herzegovina" alone is not.
            kind = "place" if readings(whole) and not all(map(readings, parts)) else ""
        elif gap != " and " and traits is not _PLAIN and traits.closing:
            return False
    elif gap == ". " and text[before.start : before.end] in _SHORT_GIVEN:
        kind = "organisation" if span.kind == "organisation" else "person"
    elif gap == " in the " and span.kind == "place" and shown in _REGIONS:
        own = text[before.start : before.end]
        kind = before.kind if before.kind == "organisation" and _traits(own, before.kind).society else ""
    if kind:
        found[-1] = Span(before.start, span.end, kind, min(before.confidence, span.confidence))
    return bool(kind)


def _is_ticker(text: str, start: int, end: int) -> bool:
    """Whether a word stands as the sign of a share: <TX>, <ABSB.O>."""
    return end - start <= _LONGEST_TICKER and text[start - 1 : start] == "<" and text[end : end + 1] in (">", ".")


def _is_common_word(standing: _Standing, shown: str) -> bool:
    """Whether a word in capitals is one that the text writes small, and nowhere with one capital: "ARMY", "army"."""
    if len(shown) < 4 or not shown.isalpha() or known_body(shown) is not None:
        return False
    lower = shown.lower()
    if not standing.has_word(lower) or shown.capitalize() in standing.words:
        return False
    return not readings(place_key(shown)) and not is_demonym(lower)


def _firm_start(text: str, start: int) -> int:
    """Where the name of a firm begins whose end stands at `start`; `start` itself where none is to be seen."""
    match = _BEFORE.search(text, max(0, start - _LOOKED_BACK), start)
    begin = match.start(1) if match else start
    while match and begin < match.end(1):
        word = text[begin : match.end(1)].split(" ", 1)[0]
        if word.lower() not in _OPENING:
            return begin
        begin += len(word) + 1
    return start


def _pair_start(text: str, start: int, shown: str) -> int:
    """The same for the second half of a firm of two: "Standard and" before "Poor's"."""
    match = _ONE_AND.search(text, max(0, start - _LONGEST_CUE), start)
    if match is None or f"{match[1].lower()} {words_of(shown)[0]}" not in _PAIRS:
        return start
    return match.start(1)


def _last_word(shown: str) -> str:
    return words_of(shown)[-1]


def _of_firm(text: str, start: int) -> bool:
    """Whether the words before a name say that it is a company's: "analyst at", "brokers", "shares of"."""
    return _FIRM_BEFORE.search(text, max(0, start - _LONGEST_CUE), start) is not None


def _subjects_end(text: str, end: int) -> int:
    """The end of a body's name when all that is listed behind it is what such bodies are about."""
    match = _MORE_SUBJECTS.match(text, end, end + _LOOKED_AHEAD)
    if match is None:
        return end
    words = [word.lower().replace("’", "'") for word in _PARTS.split(match[0]) if word]
    # The last words may belong to what comes after: "... and Fisheries Nairobi".
    return match.end() if all(word in _SUBJECTS for word in words) else end


def _with_acronyms(text: str, found: list[Span], spelled_out: set[str]) -> list[Span]:
    """The spans with those of acronyms that the text itself spells out, and of groups of countries, where none are."""
    ranges = [match.span() for match in _GROUPS.finditer(text)]
    if spelled_out:
        ranges += [match.span() for match in _ACRONYM.finditer(text) if match[0] in spelled_out]
        ranges.sort()
    if not ranges:
        return found
    merged: list[Span] = []
    rest = iter(ranges)
    start, end = next(rest)
    for span in [*found, Span(len(text) + 1, len(text) + 1, "", 0.0)]:
        while start <= span.start:
            if end <= span.start and (not merged or merged[-1].end <= start):
                merged.append(Span(start, end, "organisation", 0.9))
            start, end = next(rest, (len(text) + 2, 0))
        if not span.kind:
            break
        known = text[span.start : span.end] in spelled_out
        merged.append(Span(span.start, span.end, "organisation", span.confidence) if known else span)
    return merged

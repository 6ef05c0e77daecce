"""Where a text speaks of its own making: credits, bylines, agency lines, navigation. No names are taken there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchapp.corpus.cleaning.layout import is_navigation

__all__ = ["Boilerplate", "boilerplate_ranges"]

_AGENCY_NAMES = (
    "REUTERS|Reuters|Thomson Reuters|AP|Associated Press|The Associated Press|AFP|Agence France[- ]Presse|"
    "UPI|EPA|EPA-EFE|EFE|DPA|dpa|ANSA|TASS|ITAR-TASS|RIA Novosti|Interfax|Sputnik|Xinhua|Kyodo|Kyodo News|"
    "Jiji|Yonhap|PTI|ANI|IANS|APP|Bernama|Antara|MENA|SPA|WAM|KUNA|QNA|Petra|IRNA|Anadolu|Anadolu Agency|"
    "AA|Bloomberg|Bloomberg News|CNS|CMC|Canadian Press|The Canadian Press|PA|PA Media|Press Association|"
    "AAP|Getty|Getty Images|Shutterstock|Alamy|iStock|Photolure|NurPhoto|Zuma|Zuma Press|Sipa|Pool|POOL|"
    "IPS|NAN|GNA|ANP|Belga|MTI|PAP|CTK|Armenpress|Azertac|Ukrinform"
).split("|")
_AGENCIES = rf"(?:{'|'.join(_AGENCY_NAMES)})"
_AGENCY_LIST = rf"{_AGENCIES}(?:(?:,| and| with|/|;|,? via| &) ?{_AGENCIES}){{0,4}}"

_AGENCY_LINE = re.compile(rf"^[ \t]*(?:(?:Source|SOURCE|From|By)s?:? )?\(?{_AGENCY_LIST}\)?[ \t]*[.:]?[ \t]*$")
_DATELINE_AGENCY = re.compile(
    rf"^[^\n()]{{1,70}}(?P<range>\({_AGENCY_LIST}\)) ?[-–—:]"
    # After a city in capitals, with or without a date, the brackets can hold any agency.
    r"|^[ \t]*[A-ZÀ-Ý]{2}[A-ZÀ-Ý .'’/-]{1,40}(?:,[^\n()]{1,40})? ?(?P<other>\([^\W\d_][^()\n]{1,40}\)) ?[-–—]"
)
_CREDIT_TAIL = re.compile(
    rf"(?:/ ?|\bvia |\|[ \t]?|© ?|\bcredit: ?){_AGENCIES}(?:/[\w .'’-]{{1,40}})?(?: (?:via|for) [\w ]{{1,30}})?"
    r"(?: ?(?:file )?(?:photo|picture|image|handout|Photo|Images))?[)\]]?\.?[ \t]*$"
)
_AGENCY_FIRST = re.compile(
    # REUTERS/Jane Doe
    rf"(?:^|(?<=[.!?”\"')] )){_AGENCIES} ?/ ?[A-ZÀ-Þ][\w.'’-]{{1,30}}(?: [A-ZÀ-Þ][\w.'’-]{{0,30}}){{0,3}}[ \t]*$"
)
_SIGNED = re.compile(rf"(?:^|(?<=[.!?”\"')] ))[—–-]{{1,2}} ?{_AGENCIES}$")
_ADDRESS = re.compile(r"https?://\S+")
_CONTRIBUTED = re.compile(
    r"[^\n]{2,120}\bcontributed (?:reporting\b|(?:reporting )?to this (?:report|story|article)\b)[^\n]{0,60}$"
)
_BRACKET_CREDIT = re.compile(
    r"[(\[](?:[\w.' ’/-]{0,40})\b(?:[Pp]hotos?|PHOTOS?|[Ii]mages?|[Pp]ictures?|[Cc]redit|[Cc]ourtesy|[Ff]ile)\b"
    r"(?:[:/]| by | of | via |,| courtesy )[^()\[\]\n]{0,120}[)\]]"
)
_LABELLED_CREDIT = re.compile(
    r"(?:^|(?<=[.?!”\"'] )|(?<=\|))[ \t]*"
    r"(?:(?:[Ff]ile |FILE )?"
    r"(?:[Pp]hoto(?:graph)?s?|PHOTOS?|[Ii]mages?|[Pp]ictures?|[Vv]ideo|[Gg]raphic|[Ii]llustration)"
    r"(?: ?(?:[Cc]redits?|[Cc]ourtesy(?: of)?|[Ss]ource|CREDITS?)\b:?|: ?| by |/)|[Cc]redits?:|©[:\s])"
    r"[^\n]{1,120}$"
)
_BYLINE = re.compile(
    r"^[ \t]*(?:By|BY)(?::? (?:[^\W\d_a-z][\w.'’-]{0,30}|and|in|at|for|of|with|the|de|van|von|bin|al|,|&|\||/)[,;]?)"
    r"{1,14}[ \t]*$"
)
_MADE_BY = re.compile(
    r"(?:^|(?<=[.)(] )|\()[ \t]*(?:Reporting|Additional reporting|Editing|Writing|Written|Compiled|Edited|Translated|"
    r"Published|Posted|Reported|With reporting|With files|Produced)(?: and (?:editing|writing|reporting))? "
    r"(?:by|from) [^\n]{1,300}$"
)
_HOUSEKEEPING = re.compile(
    r"^[ \t]*(?:©|Copyright\b|\(c\) \d|All rights reserved|Read (?:more|also|next|the full)\b|Also read\b|See also\b|"
    r"Follow (?:us|the|@)|Subscribe\b|Sign up\b|Related(?: articles?| stor(?:y|ies)| news| topics)?[:\n]|"
    r"Share (?:this|on)\b|Click here\b|Tags?:|Filed under\b|Advertisement\b|ADVERTISEMENT\b|Download (?:the|our)\b|"
    r"Join (?:us|our)\b|Trending[:\n]|More (?:on|from) this\b|READ (?:MORE|ALSO|NEXT)\b|ALSO READ\b|RELATED\b|"
    r"https?://|www\.)[^\n]{0,240}$"
)
_WHOLE_LINES = (_AGENCY_LINE, _BYLINE, _HOUSEKEEPING)
_OPENINGS = frozenset(
    opening[:2]
    for opening in (
        # What _AGENCY_LINE, _BYLINE and _HOUSEKEEPING can begin with, blanks and a bracket aside.
        *"Source SOURCE From By BY © Copyright c) All Read Also See Follow Subscribe Sign Related Share Click".split(),
        *"Tags Tag: Filed Advertisement ADVERTISEMENT Download Join Trending More READ ALSO RELATED http www".split(),
        *_AGENCY_NAMES,
    )
)
"""The first two characters of every line that is boilerplate as a whole: most lines need no closer look."""
_PICTURES = ("photo", "image", "picture")
_CREDITS = ("credit", "courtesy", "©", "video", "graphic", "illustration")
"""In lower case, what a credit of a picture has one of, "file" in brackets apart."""
_MADE = (
    "eporting", "diting", "riting", "ritten", "ompiled", "dited", "ranslated", "ublished", "osted", "eported", "files",
    "roduced",
)  # fmt: skip
"""What stands before "by" or "from" in a note on who made an article."""
_LINK_SIGNS = "|¦>»›"
_TAIL_SIGNS = ("/", "|", "via ", "©", "credit:")
_DASHES = frozenset("-–—:")
_SENTENCE_END = re.compile(r"[.?!]['\")\]’”]? (?=[^\W\d_a-z])")
_FILE_PICTURE = re.compile(r"(?i)\b(?:file|archive|handout) (?:photo|picture|image)\.?\s*$")
_LONGEST_CREDIT = 120
_EDGE = 400
"""Characters at either end of a line that are looked at; a longer line is prose."""


def boilerplate_ranges(text: str) -> list[tuple[int, int]]:
    """Stretches of `text` that credit, navigate or ask, as (start, end) in order, joined where they meet.

    Found are photo credits (not the caption before them), bylines, lines, dateline brackets and sign-offs that only
    name the agency, rows of links, addresses, and notices such as "Read more" or "All rights reserved". Takes time in
    proportion to the length of the text.
    """
    joined: list[tuple[int, int]] = []
    signs = _Signs(text)
    begin = 0
    while begin < len(text):
        end = text.find("\n", begin)
        end = end if end >= 0 else len(text)
        for start, stop in sorted(_in_line(text, begin, end, signs)) if end > begin else ():
            if joined and begin + start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(begin + stop, joined[-1][1]))
            else:
                joined.append((begin + start, begin + stop))
        begin = end + 1
    return joined


class Boilerplate:
    """Tells which characters of a text stand in one of its `boilerplate_ranges`; lines not asked for cost nothing."""

    __slots__ = ("_begin", "_end", "_ranges", "_signs", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._signs = _Signs(text)
        self._begin, self._end = 0, -1
        self._ranges: Sequence[tuple[int, int]] = ()

    def holds(self, position: int) -> bool:
        """Whether the character at `position` does; ask for positions in rising order."""
        if position > self._end:
            # Looking no further back than the last line keeps this linear on a text without line breaks.
            text, after = self._text, self._end + 1
            self._begin = begin = text.rfind("\n", after, position) + 1 or after
            end = text.find("\n", position)
            self._end = end = end if end >= 0 else len(text)
            plain = self._signs.none and text[begin : begin + 2] not in _OPENINGS
            # Prose begins with a letter and ends in a full stop.
            if plain and text[begin : begin + 1] not in " \t" and not text[end - 1 : end].isalpha():
                self._ranges = ()
            else:
                self._ranges = _in_line(text, begin, end, self._signs)
        if not self._ranges:
            return False
        position -= self._begin
        return any(start <= position < end for start, end in self._ranges)


class _Signs:
    """What a text has that a line of it must have for a closer look to be worth it."""

    __slots__ = ("addresses", "brackets", "contributors", "links", "makers", "none", "pictures", "tails")

    def __init__(self, text: str) -> None:
        lower = text.lower()
        self.brackets = "(" in text or "[" in text
        self.links = _has_any(text, _LINK_SIGNS)
        self.addresses = "://" in text
        self.contributors = "contributed" in text
        self.pictures = _has_any(lower, _PICTURES) or _has_any(lower, _CREDITS) or (self.brackets and "file" in lower)
        self.makers = _made_by(text, " by ") or _made_by(text, " from ")
        self.tails = [sign for sign in _TAIL_SIGNS if sign in text]
        noted = self.makers or self.contributors or self.addresses
        self.none = not (self.brackets or self.links or self.pictures or self.tails or noted)


def _has_any(text: str, signs: Sequence[str]) -> bool:
    for sign in signs:  # noqa: SIM110 - a generator takes as long as the search
        if sign in text:
            return True
    return False


def _made_by(text: str, word: str) -> bool:
    """Whether a word of `_MADE` stands before `word`."""
    at = text.find(word)
    while at >= 0:
        if text.endswith(_MADE, max(0, at - 9), at):
            return True
        at = text.find(word, at + 1)
    return False


def _in_line(text: str, begin: int, end: int, signs: _Signs) -> list[tuple[int, int]]:
    """The ranges in the line from `begin` to `end`, counted from its start."""
    line = text[begin:end]
    if signs.links and is_navigation(line) and not _in_table(text, begin, end):
        return [(0, len(line))]
    if len(line) <= _EDGE and line.lstrip(" \t(")[:2] in _OPENINGS:
        for pattern in _WHOLE_LINES:
            if pattern.match(line):
                return [(0, len(line))]
    if signs.contributors and len(line) <= _EDGE and "contributed" in line and _CONTRIBUTED.match(line):
        return [(0, len(line))]
    found: list[tuple[int, int]] = []
    if signs.brackets and (bracket := line.find("(", 0, _EDGE)) > 0:
        close = line.find(")", bracket, _EDGE)
        if close > 0 and line[close + 1 : close + 3].lstrip(" ")[:1] in _DASHES:
            match = _DATELINE_AGENCY.match(line, 0, _EDGE)
            if match:
                found.append(match.span("range" if match["range"] else "other"))
    tail = max(0, len(line) - _EDGE)
    if signs.pictures:
        lower = line[tail:].lower()
        if (signs.brackets and "file" in lower) or _has_any(lower, _PICTURES) or _has_any(lower, _CREDITS):
            for pattern in (_BRACKET_CREDIT, _LABELLED_CREDIT):
                found += [match.span() for match in pattern.finditer(line, tail)]
            if picture := _FILE_PICTURE.search(line, max(0, len(line) - 40)):
                found.append((_credit_start(line, picture.start()), len(line)))
    if signs.makers and (" by " in line or " from " in line):
        found += [match.span() for match in _MADE_BY.finditer(line, tail)]
    if signs.addresses:
        found += [match.span() for match in _ADDRESS.finditer(line)]
    if line[-1:].isalpha() and _has_any(line[-40:], "—–-") and (match := _SIGNED.search(line, max(0, len(line) - 40))):
        found.append(match.span())
    if signs.tails and _has_any(line[-100:], signs.tails):
        tail = max(0, len(line) - 100)
        if match := _CREDIT_TAIL.search(line, tail):
            found.append((_credit_start(line, match.start(), closing=match[0].rstrip(" .\t")[-1:]), match.end()))
        elif match := _AGENCY_FIRST.search(line, tail):
            found.append(match.span())
    return found


def _in_table(text: str, begin: int, end: int) -> bool:
    """Whether the line next to this one has as many bars: results and tables are no navigation."""
    bars = text.count("|", begin, end)
    if not bars:
        return False
    before = text.rfind("\n", 0, max(0, begin - 1)) + 1
    after = text.find("\n", end + 1)
    after = after if after >= 0 else len(text)
    return bars in (text.count("|", before, max(0, begin - 1)), text.count("|", end + 1, after))


def _credit_start(line: str, tail: int, *, closing: str = "") -> int:
    """Where the credit that ends in the agency at `tail` begins: at the line's start, or after the caption.

    `closing` is its last character: what a bracket closes begins where it opens.
    """
    start = max(0, tail - _LONGEST_CREDIT)
    if closing and closing in ")]" and (opening := line.rfind("(" if closing == ")" else "[", start, tail)) >= 0:
        return opening
    found = start == 0
    for end in _SENTENCE_END.finditer(line, start, tail):
        start, found = end.end(), True
    # A long stretch without a full stop is a caption, of which only the agency is credit.
    return start if found else tail

"""Where a text speaks of its own making: credits, bylines, agency lines, navigation. No names are taken there."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["boilerplate_ranges"]

_AGENCIES = (
    r"(?:REUTERS|Reuters|Thomson Reuters|AP|Associated Press|The Associated Press|AFP|Agence France[- ]Presse|UPI|"
    r"EPA|EPA-EFE|EFE|DPA|dpa|ANSA|TASS|ITAR-TASS|RIA Novosti|Interfax|Sputnik|Xinhua|Kyodo|Kyodo News|Jiji|Yonhap|"
    r"PTI|ANI|IANS|APP|Bernama|Antara|MENA|SPA|WAM|KUNA|QNA|Petra|IRNA|Anadolu|Anadolu Agency|AA|Bloomberg|"
    r"Bloomberg News|CNS|CMC|Canadian Press|The Canadian Press|PA|PA Media|Press Association|AAP|Getty|Getty Images|"
    r"Shutterstock|Alamy|iStock|Photolure|NurPhoto|Zuma|Zuma Press|Sipa|Pool|POOL|IPS|NAN|GNA|ANP|Belga|MTI|PAP|CTK|"
    r"Armenpress|Azertac|Ukrinform)"
)
_AGENCY_LIST = rf"{_AGENCIES}(?:(?:,| and| with|/|;|,? via| &) ?{_AGENCIES}){{0,4}}"

_NAVIGATION = re.compile(r"^[^|\n]{0,160}(?:\|[^|\n]{0,160}){3,}$")
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
_BRACKET_CREDIT = re.compile(
    r"[(\[](?:[\w.' ’/-]{0,40})\b(?:[Pp]hotos?|PHOTOS?|[Ii]mages?|[Pp]ictures?|[Cc]redit|[Cc]ourtesy|[Ff]ile)\b"
    r"(?:[:/]| by | of | via |,| courtesy )[^()\[\]\n]{0,120}[)\]]"
)
_LABELLED_CREDIT = re.compile(
    r"(?:^|(?<=[.?!”\"'] )|(?<=\|))[ \t]*"
    r"(?:(?:[Ff]ile |FILE )?"
    r"(?:[Pp]hoto(?:graph)?s?|PHOTOS?|[Ii]mages?|[Pp]ictures?|[Vv]ideo|[Gg]raphic|[Ii]llustration)"
    r"(?: ?(?:[Cc]redits?|[Cc]ourtesy(?: of)?|[Ss]ource|CREDITS?)\b:?|: ?| by |/)|(?:[Cc]redits?|©)[:\s])"
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
_CREDIT_SIGNS = (
    "hoto",
    "HOTO",
    "mage",
    "icture",
    "redit",
    "REDIT",
    "ourtesy",
    "ideo",
    "raphic",
    "lustration",
    "©",
    "ile/",
    "ile ",
)
_SENTENCE_END = re.compile(r"[.?!]['\")\]’”]? (?=[^\W\d_a-z])")
_FILE_PICTURE = re.compile(r"(?i)\b(?:file|archive|handout) (?:photo|picture|image)\.?\s*$")
_LONGEST_CREDIT = 120
_EDGE = 400
"""Characters at either end of a line that are looked at; a longer line is prose."""


def boilerplate_ranges(text: str) -> list[tuple[int, int]]:
    """Stretches of `text` that credit, navigate or ask, as (start, end) in order, joined where they meet.

    Found are photo credits (not the caption before them), bylines, lines and dateline brackets that only name the
    agency, lines of links separated by "|", and notices such as "Read more" or "All rights reserved". Takes time in
    proportion to the length of the text.
    """
    joined: list[tuple[int, int]] = []
    offset = 0
    for line in text.split("\n"):
        if line:
            for start, end in sorted(_in_line(line)):
                if joined and offset + start <= joined[-1][1]:
                    joined[-1] = (joined[-1][0], max(offset + end, joined[-1][1]))
                else:
                    joined.append((offset + start, offset + end))
        offset += len(line) + 1
    return joined


def _in_line(line: str) -> Iterator[tuple[int, int]]:
    if line.count("|") > 2 and _NAVIGATION.match(line):
        yield 0, len(line)
        return
    if len(line) <= _EDGE and any(pattern.match(line) for pattern in _WHOLE_LINES):
        yield 0, len(line)
        return
    if "(" in line:
        match = _DATELINE_AGENCY.match(line, 0, _EDGE)
        if match:
            yield match.span("range" if match["range"] else "other")
    tail = max(0, len(line) - _EDGE)
    if any(sign in line for sign in _CREDIT_SIGNS):
        for pattern in (_BRACKET_CREDIT, _LABELLED_CREDIT):
            for match in pattern.finditer(line, tail):
                yield match.span()
    if " by " in line or " from " in line:
        for match in _MADE_BY.finditer(line, tail):
            yield match.span()
    if picture := _FILE_PICTURE.search(line, max(0, len(line) - 40)):
        yield _credit_start(line, picture.start()), len(line)
    end = line[-100:]
    if "/" in end or "|" in end or "via " in end or "©" in end or "credit:" in end:
        match = _CREDIT_TAIL.search(line, max(0, len(line) - 100))
        if match:
            yield _credit_start(line, match.start()), match.end()


def _credit_start(line: str, tail: int) -> int:
    """Where the credit that ends in the agency at `tail` begins: at the line's start, or after the caption."""
    start = max(0, tail - _LONGEST_CREDIT)
    found = start == 0
    for end in _SENTENCE_END.finditer(line, start, tail):
        start, found = end.end(), True
    # A long stretch without a full stop is a caption, of which only the agency is credit.
    return start if found else tail

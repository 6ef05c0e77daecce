"""Parts of a line that say who made what is there: credits of pictures, bylines, notes of who reported and edited."""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchapp.language.agencies import CREDITED, WIRE
from searchapp.language.names import PARTICLES
from searchapp.language.sentences import RUNNING, ends_in, sentence_breaks

__all__ = [
    "LONGEST_CREDIT",
    "byline_in",
    "credit_ranges",
    "is_caption",
    "is_old_picture",
    "kind_of_credit",
    "maker_ranges",
]

_NAME = rf"[A-ZÀ-Þ][\w.'’-]*(?:\s{{1,3}}(?:[A-ZÀ-Þ][\w.'’-]*|{'|'.join(sorted(PARTICLES))}|and|&)){{0,5}}"
_TAIL_WORDS = (
    r"(?:[\s/-]{0,3}(?:via\s{1,3}\w[\w\s]{1,30}|[Ff]ile(?:\s{1,3}[Pp](?:hoto|icture|ic))?"
    r"|FILE(?:\s{1,3}PHOTO)?|[Pp]hoto|[Pp]ool|[Hh]andout|POOL|HANDOUT)){0,4}"
)
_OWNER = rf"(?:{CREDITED})\b"

_BRACKETED = tuple(
    re.compile(pattern)
    for pattern in (
        # (AP Photo/Evan Vucci), (Photo by Name/Getty Images), [Name/Reuters], (Image: Name), (Name via AP)
        rf"[(\[](?:[^()\[\]\n]{{0,60}}\b)?(?:{_OWNER}\s+)?(?:[Pp](?:hoto|hotograph|icture)s?|PHOTOS?)\b"
        r"(?:\s*(?:by|courtesy|credit|via)\b|[:/,])[^()\[\]\n]{1,100}[)\]]",
        r"[(\[](?:[Ii]mage|[Cc]redit|[Ss]creenshot|[Cc]ourtesy|[Ff]ile)s?(?:\s*(?:by|of|credit|via)\b|[:/,])"
        r"[^()\[\]\n]{1,100}[)\]]",
        rf"[(\[][^()\[\]\n/]{{2,60}}(?:/|\s+via\s+){_OWNER}[^()\[\]\n]{{0,40}}[)\]]",
        rf"[(\[]{_OWNER}\s*/\s*[^()\[\]\n]{{2,60}}[)\]]",
    )
)
_BEGINNING = re.compile(r"[.!?…\"”'’)\]|][\s\u00a0]+")
"""What stands before a credit that ends a line."""
_AT_END = re.compile(
    "|".join(
        (
            # ... in Yerevan. Name/Agency via REUTERS/file photo
            rf"{_NAME}\s{{0,3}}(?:/|,?\s{{1,3}}via\s{{1,3}})\s{{0,3}}(?:\w+\s{{1,3}}via\s{{1,3}})?{_OWNER}{_TAIL_WORDS}(?:/[\w\s]{{1,30}})?{_TAIL_WORDS}\.?\s{{0,9}}$",
            # ... in Yerevan. REUTERS/Name
            rf"{_OWNER}\s{{0,3}}/\s{{0,3}}{_NAME}{_TAIL_WORDS}\.?\s{{0,9}}$",
            # ... in Yerevan. AFP via Getty Images
            rf"{_OWNER}(?:\s{{0,3}}(?:/|via)\s{{0,3}}{_OWNER})?{_TAIL_WORDS}\.?\s{{0,9}}$",
            # ... in Yerevan. Example News file photo
            rf"{_NAME}(?:\s{{0,3}}/\s{{0,3}}{_NAME})?\s{{1,3}}(?:[Ff]ile\s{{1,3}})?(?:[Pp]hoto|[Pp]icture)\.?\s{{0,9}}$",
            # Photograph: Name/Getty Images
            r"(?:[Ff]ile\s{1,3}|FILE\s{1,3})?(?:PHOTO|IMAGE|CREDIT|[Pp]hoto(?:graph)?|[Ii]mage|[Pp]icture|[Cc]redit|[Vv]ideo|[Gg]raphic"
            r"|[Ii]llustration)[sS]?\s{0,3}(?:[Cc]redits?|CREDITS?|[Ss]ource|[Bb]y|[Cc]ourtesy(?:\s{1,3}of)?)?\s{0,3}"
            r"(?::\s{0,3}\S|(?:[/,]|(?<=[Bb]y)|(?<=of))\s{0,3}[A-ZÀ-Þ©@])(?:[^.\n]|\.(?!\s{1,3}\S)){1,90}$",
            rf"[Cc]ourtesy\s{{0,3}}(?:[:/]|of\b)\s{{0,3}}{_NAME}\.?\s{{0,9}}$",
        )
    )
)
_SIGNED = re.compile(rf"(?<![^\s.!?”\"])[—–-]{{1,2}}\s?{_OWNER}{_TAIL_WORDS}\.?\s{{0,9}}$")
_OWNED = re.compile(r"(?:©|\([Cc]\)\s)\s*[A-ZÀ-Þ\d][^\n]{1,90}$")
_SOLD = re.compile(
    # Whatever stands before it: ... Jane Doe and others/Reuters
    rf"(?:/ ?|\bvia |\|\s?|\b[Cc]redit: ?){WIRE}(?:/[\w .'’-]{{1,40}})?(?: (?:via|for) [\w ]{{1,30}})?"
    r"(?: ?(?:[Ff]ile )?(?:[Pp]hoto|[Pp]icture|[Ii]mages?|[Hh]andout))?[)\]]?\.?\s*$"
    r"|\b(?:[Ff]ile|[Aa]rchive|[Hh]andout) (?:[Pp]hoto|[Pp]icture|[Ii]mage)\.?\s*$"
)
_CAPTION_LABEL = re.compile(
    r"^(?:FILE(?:\s+PHOTO)?\b\s*(?::|[—–-]+(?=\s|$))|(?:Image|Photo|Picture)\s+caption\b[,:]?)\s*", re.IGNORECASE
)
_OLD_PICTURE = re.compile(
    r"\bfile\b[\s/-]*(?:photo|picture|pic|image|footage)\b|^\s*file\s*(?::|[—–-]\s)|\barchive\b|/file\b", re.IGNORECASE
)

_BYLINE = re.compile(
    r"(?:[Bb]y|BY|[Ww]ritten by|[Ss]tory by|[Rr]eport(?:ed|ing)? by|[Aa]uthors?:|[Bb]ylines?:)\s+"
    r"(?P<who>[^\W\d_].{1,150})"
)
_CONTRIBUTED = re.compile(
    r"[^\n]{2,120}\bcontributed (?:reporting\b|(?:reporting )?to this (?:report|story|article)\b)[^\n]{0,60}"
)
_MADE_BY = re.compile(
    r"(?:^|(?<=[.)(] )|\()[ \t]*(?:Reporting|Additional reporting|Editing|Writing|Written|Compiled|Edited|Translated|"
    r"Published|Posted|Reported|With reporting|With files|Produced)(?: and (?:editing|writing|reporting))? "
    r"(?:by|from) [^\n]{1,300}$"
)

LONGEST_CREDIT = 240
"""Characters at the end of a line, as the two below."""
_LONGEST_SOLD = 120
_LONGEST_NOTE = 400


def credit_ranges(line: str) -> Iterator[tuple[int, int]]:
    """Where `line` credits a picture, as (start, end); ranges may overlap."""
    yield from _told_apart(line)
    if match := _SOLD.search(line, max(0, len(line) - _LONGEST_SOLD)):
        yield _start_of_sold(line, match), match.end()


def kind_of_credit(line: str) -> str:
    """ "credit" where `line` is nothing but one, "caption" where it is labelled so or ends in one, else empty."""
    end = len(line.rstrip(" ."))
    if any(start == 0 and stop >= end for start, stop in _told_apart(line)):
        return "credit"
    ends = any(stop >= end for _, stop in credit_ranges(line))
    return "caption" if ends or _CAPTION_LABEL.match(line) else ""


def is_caption(line: str) -> bool:
    """Whether `line` is the caption of a picture: labelled so, or ending in a credit."""
    return kind_of_credit(line) == "caption"


def is_old_picture(line: str) -> bool:
    """Whether a caption says that the picture was taken for another occasion."""
    return bool(_OLD_PICTURE.search(line))


def byline_in(line: str) -> str:
    """Who wrote the article, where `line` is a byline and nothing else: "Jane Doe and John Roe"; else empty."""
    line = line.strip()
    match = _BYLINE.fullmatch(line) if len(line) <= 160 else None
    if not match:
        return ""
    who = match["who"].rstrip(" ,|-–—")
    words = who.split()
    capitals = sum(word[:1].isupper() for word in words)
    # A sentence such as "By Friday the talks had failed." ends in a full stop or runs in small letters.
    if ends_in(re.sub(r"\b(?:Jr|Sr|[A-Z])\.$", "", who), RUNNING) or capitals < 0.5 * len(words) or "?" in who:
        return ""
    return who


def maker_ranges(line: str) -> Iterator[tuple[int, int]]:
    """Where `line` says who reported, wrote or edited: "(Reporting by ...; editing by ...)", "... contributed ..."."""
    if len(line) <= _LONGEST_NOTE and "contributed" in line and _CONTRIBUTED.fullmatch(line):
        yield 0, len(line)
    elif " by " in line or " from " in line:
        yield from (match.span() for match in _MADE_BY.finditer(line, max(0, len(line) - _LONGEST_NOTE)))


def _told_apart(line: str) -> Iterator[tuple[int, int]]:
    """The credits whose own beginning can be seen."""
    if "(" in line or "[" in line:
        for pattern in _BRACKETED:
            yield from (match.span() for match in pattern.finditer(line))
    # The other shapes end the line, so a long paragraph need not be gone through.
    tail = max(0, len(line) - LONGEST_CREDIT)
    begins = [match.end() for match in _BEGINNING.finditer(line, tail)]
    for begin in begins if tail else (0, *begins):
        if match := _AT_END.match(line, begin):
            yield match.span()
    for pattern in (_SIGNED, _OWNED):
        if match := pattern.search(line, tail):
            yield match.span()


def _start_of_sold(line: str, sold: re.Match[str]) -> int:
    """Where the credit begins that ends in `sold`: at the line's start, after the caption, or where a bracket opens."""
    start = max(0, sold.start() - _LONGEST_SOLD)
    closing = sold[0].rstrip(" .\t")[-1:]
    if closing in (")", "]") and (opening := line.rfind("(" if closing == ")" else "[", start, sold.start())) >= 0:
        return opening
    found = start == 0
    for stop in sentence_breaks(line, start, sold.start()):
        start, found = stop.end(), True
    # A long stretch without a full stop is a caption, of which only the agency is credit.
    return start if found else sold.start()

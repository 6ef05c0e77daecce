"""Parts of a line that say who took a picture or owns it, and captions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchapp.language.agencies import CREDITED

__all__ = ["credit_ranges", "is_caption", "is_old_picture", "kind_of_credit"]

_NAME = r"[A-ZÀ-Þ][\w.'’-]*(?:\s+(?:[A-ZÀ-Þ][\w.'’-]*|de|van|von|bin|al|el|da|di|and|&)){0,5}"
_SENTENCE_END = r"(?:(?<=[.!?…][\s ])|(?<=[.!?…][\"”’)][\s ])|^)"
_TAIL_WORDS = (
    r"(?:[\s/-]*(?:via\s+\w[\w\s]{1,30}|[Ff]ile(?:\s+[Pp](?:hoto|icture|ic))?"
    r"|FILE(?:\s+PHOTO)?|[Pp]hoto|[Pp]ool|[Hh]andout|POOL|HANDOUT))*"
)
_OWNER = rf"(?:{CREDITED})\b"

_BRACKETED = tuple(
    re.compile(pattern)
    for pattern in (
        # (AP Photo/Evan Vucci), (Photo by Name/Getty Images), [Name/Reuters], (Image: Name), (Name via AP)
        rf"[(\[](?:[^()\[\]\n]{{0,60}}\b)?(?:{_OWNER}\s+)?[Pp](?:hoto|hotograph|icture)s?\b(?:\s*(?:by|courtesy|credit)\b|[:/])[^()\[\]\n]{{1,100}}[)\]]",
        r"[(\[](?:[Ii]mage|[Cc]redit|[Ss]creenshot|[Cc]ourtesy)s?(?:\s*(?:by|of|credit)\b|[:/])[^()\[\]\n]{1,100}[)\]]",
        rf"[(\[][^()\[\]\n/]{{2,60}}(?:/|\s+via\s+){_OWNER}[^()\[\]\n]{{0,40}}[)\]]",
        rf"[(\[]{_OWNER}\s*/\s*[^()\[\]\n]{{2,60}}[)\]]",
    )
)
_AT_END = tuple(
    re.compile(pattern)
    for pattern in (
        # ... in Yerevan. Name/Agency via REUTERS/file photo
        rf"{_SENTENCE_END}{_NAME}\s*(?:/|,?\s+via\s+)\s*(?:\w+\s+via\s+)?{_OWNER}{_TAIL_WORDS}(?:/[\w\s]{{1,30}})?{_TAIL_WORDS}\.?$",
        # ... in Yerevan. REUTERS/Name
        rf"{_SENTENCE_END}{_OWNER}\s*/\s*{_NAME}{_TAIL_WORDS}\.?$",
        # ... in Yerevan. AFP via Getty Images
        rf"{_SENTENCE_END}{_OWNER}(?:\s*(?:/|via)\s*{_OWNER})?{_TAIL_WORDS}\.?$",
        # ... in Yerevan. — AFP
        rf"(?<=[\s.!?”\"])[—–-]{{1,2}}\s?{_OWNER}{_TAIL_WORDS}\.?$",
        # ... in Yerevan. Example News file photo
        rf"{_SENTENCE_END}{_NAME}(?:\s*/\s*{_NAME})?\s+(?:[Ff]ile\s+)?(?:[Pp]hoto|[Pp]icture)\.?$",
        # Photograph: Name/Getty Images
        rf"{_SENTENCE_END}(?:[Ff]ile\s+)?(?:PHOTO|IMAGE|CREDIT|[Pp]hoto(?:graph)?|[Ii]mage|[Pp]icture|[Cc]redit)s?\s*(?:[Cc]redit|[Ss]ource|[Bb]y|[Cc]ourtesy(?:\s+of)?)?\s*(?:[:/,]|(?<=[Bb]y)|(?<=of))\s*[A-ZÀ-Þ©@][^.!?\n]{{1,90}}\.?$",
        rf"{_SENTENCE_END}[Cc]ourtesy\s*(?:[:/]|of\b)\s*{_NAME}\.?$",
        r"(?:©|\([Cc]\)\s)\s*[A-ZÀ-Þ\d][^\n]{1,90}$",
    )
)
_CAPTION_LABEL = re.compile(
    r"^(?:FILE(?:\s+PHOTO)?\b\s*[:—–-]+|(?:Image|Photo|Picture)\s+caption\b[,:]?)\s*", re.IGNORECASE
)
_OLD_PICTURE = re.compile(
    r"\bfile\b[\s/-]*(?:photo|picture|pic|image|footage)\b|^\s*file\s*[:—–-]|\barchive\b|/file\b", re.IGNORECASE
)

_LONGEST_CREDIT = 240
"""Characters at the end of a line."""


def credit_ranges(line: str) -> Iterator[tuple[int, int]]:
    """Where `line` credits a picture, as (start, end); ranges may overlap."""
    if "(" in line or "[" in line:
        for pattern in _BRACKETED:
            yield from (match.span() for match in pattern.finditer(line))
    # The other shapes end the line, so a long paragraph need not be gone through.
    tail = max(0, len(line) - _LONGEST_CREDIT)
    for pattern in _AT_END:
        yield from (match.span() for match in pattern.finditer(line, tail) if match.end() > match.start())


def kind_of_credit(line: str) -> str:
    """ "credit" where `line` is nothing but one, "caption" where it is labelled so or ends in one, else empty."""
    found = list(credit_ranges(line))
    if (0, len(line)) in found:
        return "credit"
    end = len(line.rstrip(" ."))
    ends = any(stop >= end and start > 0 for start, stop in found)
    return "caption" if ends or _CAPTION_LABEL.match(line) else ""


def is_caption(line: str) -> bool:
    """Whether `line` is the caption of a picture: labelled so, or ending in a credit."""
    return kind_of_credit(line) == "caption"


def is_old_picture(line: str) -> bool:
    """Whether a caption says that the picture was taken for another occasion."""
    return bool(_OLD_PICTURE.search(line))

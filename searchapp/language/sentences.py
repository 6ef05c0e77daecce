"""Where sentences end: the signs that end them, what may follow a sign, and after which words a full stop ends nothing.

`BREAK` is for cutting a text into pieces that begin well, fast. `sentence_breaks` is careful: it knows abbreviations
and looks at what comes next. `ends_in` is about one line. The tagger goes by the same lists, over arrays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchapp.language.calendar import MONTHS

__all__ = [
    "BREAK",
    "CLOSERS",
    "MAY_END",
    "NEVER_END",
    "RUNNING",
    "STARTERS",
    "ends_in",
    "is_abbreviated",
    "sentence_breaks",
]

CLOSERS = "\"'”’)]"
"""What may stand between the sign that ends a sentence and the space after it."""
_CLOSED = rf"[{re.escape(CLOSERS)}]*"

_TITLES = (
    "Mr Mrs Ms Messrs Mme Mlle Dr Drs St Ste Sgt Capt Cpl Maj Col Gen Lt Cmdr Adm Rev Fr Hon Gov Sen Rep Reps Pres "
    "Prof Supt Insp Mt Ft Dept Univ Assn Bros"
).split()
_SMALL = "vs est fig vol pp ed eds al".split()
_LARGE_OR_SMALL = (
    "Jr Sr Inc Corp Ltd Co Cos LLC PLC Plc plc Bhd Pvt Pty Tel Ave Blvd Rd Sq etc PhD MD Esq Cie SA NV AG"
).split()
_MONTHS = [name.capitalize() for name in MONTHS if len(name) < 5 and name not in ("may", "june", "july")]

NEVER_END = frozenset(word.lower() for word in (*_TITLES, *_SMALL, *_MONTHS))
"""Words, folded, whose full stop is part of them, and after which a sentence goes on."""
MAY_END = frozenset(word.lower() for word in _LARGE_OR_SMALL)
"""Words, folded, whose full stop is part of them, and can end a sentence too: Inc., etc."""
STARTERS = frozenset(
    "the a an in on at it he she they we i but and this that these those his her its their our if when "
    "while after before for as with by from there however meanwhile according what who why how some many "
    "most all both".split()
)
"""Words that seldom stand in capitals but at the beginning of a sentence."""

# One set of first characters lets the search skip all others quickly; two alternatives would not.
BREAK = re.compile(rf"[.!?\n](?:(?<=\n)\n*|{_CLOSED}\s+)")
"""The end of a sentence or line with the space behind it, by signs alone."""

RUNNING = ".;:,"
"""What lines of running text end in, and headlines and links do not."""

_STOP = re.compile(rf"[.!?]{_CLOSED}\s+(?=[\"'“‘(\[]*[A-Z0-9\u00c0-\U0010ffff])|\n[ \t]*\n\s*|\n(?=[ \t]{{3,}})")
# "No." is a number, "no." the end of a sentence: words count as they are usually written. So do initials and U.S.
_ABBREVIATED = re.compile(
    r"(?:^|[\s(\"“'‘])(?:[A-Z]|(?:[A-Za-z]\.)+[A-Za-z]|No|"
    + "|".join(sorted({*_TITLES, *_SMALL, *_LARGE_OR_SMALL, *_MONTHS}))
    + ")$"
)
_LONGEST_ABBREVIATION = 12


def sentence_breaks(text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
    """The ends of sentences between two places of `text`, each as a match from the sign to what comes next.

    A sentence ends in a full stop, exclamation or question mark before a capital or figure, unless the stop is an
    abbreviation's; and at an empty line, and before a line that is indented.
    """
    for stop in _STOP.finditer(text, start, len(text) if end is None else end):
        if text[stop.start()] != "." or not is_abbreviated(text, stop.start()):
            yield stop


def is_abbreviated(text: str, stop: int) -> bool:
    """Whether the full stop at `stop` belongs to the word before it: Mr., Sept., J., U.S."""
    return _ABBREVIATED.search(text, max(0, stop - _LONGEST_ABBREVIATION), stop) is not None


def ends_in(text: str, signs: str) -> bool:
    """Whether `text` ends in one of `signs`, closing quotes and brackets behind it aside."""
    return text.rstrip(CLOSERS).endswith(tuple(signs))

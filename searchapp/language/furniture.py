"""Lines of a page that are no part of an article: rows of links, and notices that ask or advertise."""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchapp.language.sentences import RUNNING, ends_in

__all__ = ["LONGEST_NOTICE", "OPENINGS", "is_furniture", "is_navigation", "is_table_row"]

_BARS = re.compile(r"[|¦]")
_STEPS = re.compile(r"\s+(?:[·•»›>→]|::|/)\s+")
_MENU_WORDS = frozenset(
    "home news world politics business sport sports opinion about contact privacy subscribe login search menu video"
    " videos audio rss terms cookies sitemap newsletter newsletters podcasts photos entertainment culture tech"
    " technology science health travel weather latest archive help careers advertise login register facebook"
    " twitter instagram"
    " youtube linkedin telegram whatsapp email print share".split()
)
_SHORT_LINK = 70
LONGEST_NOTICE = 400
"""Characters; a longer line is prose."""
_NOTICE = re.compile(
    r"""
    (?:advertisement|advertising|sponsored(?:\s+content)?|promoted|advertisement\s*[-–—|:.].{0,200}
     |story\s+continues\s+below(?:\s+advertisement)?
     |article\s+continues\s+(?:after|below).{0,40}|share(?:\s+(?:this|on|via|to|with)\b.{0,200})?|tweet|print|e-?mail|comments?
     |\d+\s+(?:comments?|shares?|min(?:ute)?s?\s+read)|reading\s+time.{0,30}|skip\s+to\s+.{0,30}|menu|search|close|loading\W*
     |(?:related|recommended|more)\s+(?:articles?|stories|news|topics|content|reading|coverage|from|on)\b.{0,80}
     |related\s+(?:articles?|stor(?:y|ies)|news|topics)\s*:.{0,240}|(?-i:RELATED)\b.{0,240}|more\s+(?:on|from)\s+this\b.{0,240}
     |most\s+(?:read|popular|viewed).{0,30}|trending.{0,30}|trending\s*:.{0,240}|read\s+(?:more|next|also|the\s+full)\b.{0,240}
     |(?:related|watch|listen|don['’]t\s+miss|must\s+read|editor['’]s\s+picks?)\s*[:|–—-].{0,240}|(?:also\s+read|see\s+also)\b.{0,240}
     |(?:sign\s+up|subscribe|register|log\s*in|sign\s+in)\b.{0,240}
     |follow\s+(?:us|@|\S+\s+on|.{1,40}\s+on\s+(?:twitter|facebook|x|instagram))\b.{0,160}
     |like\s+us\s+on\b.{0,80}|click\s+here\b.{0,240}|download\s+(?:our\b|the\s+app\b).{0,240}|join\s+(?:us|our)\b.{0,240}
     |get\s+our\b.{0,120}|(?:tags?|topics?|keywords|categories)\s*:.{1,300}|filed\s+under\b.{1,300}
     |(?:copyright\s*(?:©|\(c\)|\d)|copyright\b.{0,80}\ball\s+rights\s+reserved|all\s+rights\s+reserved).{0,240}
     |this\s+(?:article|story|report)\s+(?:was\s+)?(?:first\s+|originally\s+)?(?:published|appeared)\b.{0,160}
     |(?:contact|reach|e-?mail)\s+the\s+(?:writer|reporter|author)s?\b.{0,160}|\S+@\S+\.\S+|(?:https?://|www\.)\S.{0,240}
     |the\s+views\s+expressed\b.{0,300}|back\s+to\s+top|next\s+(?:article|story|page).{0,100}|previous\s+(?:article|story|page).{0,100}
     |\[/?photo\].{0,300}|[-–—_=*#~.\s]{3,})
    """,
    re.IGNORECASE | re.VERBOSE,
)
_OPENING_WORDS = (
    "advertisement sponsored promoted story article share tweet print email e-mail comments reading skip menu search "
    "close loading related recommended more most trending read watch listen don't must editor also see sign subscribe "
    "register log follow like click download join get tags topics keywords categories filed copyright all this contact "
    "reach http www. the back next previous"
)
OPENINGS = frozenset(word[:2] for word in _OPENING_WORDS.split())
"""How, in small letters, every notice begins that begins with a letter: most lines need no closer look."""


def is_navigation(line: str) -> bool:
    """Whether `line` is a row of links, such as "World | Audio and Video | About us" or "Home > World > Asia"."""
    if len(line) > 3000:
        return False
    links = [link for part in _BARS.split(line) if (link := part.strip())] if "|" in line or "¦" in line else []
    if len(links) >= 3:
        menu_words = sum(link.lower() in _MENU_WORDS for link in links)
        usual = sum(len(link) <= _SHORT_LINK and not ends_in(link, RUNNING) for link in links)
        return (len(links) >= 4 or menu_words > 0) and usual >= 0.8 * len(links)
    if len(line) > 200:
        return False
    steps = [step.lower() for step in _STEPS.split(line)]
    return len(steps) >= 3 and sum(step in _MENU_WORDS for step in steps) * 3 >= len(steps)


def is_furniture(line: str) -> bool:
    """Whether `line` is a notice and nothing else: "Read more: ...", "Sign up for ...", "Advertisement"."""
    return len(line) <= LONGEST_NOTICE and _NOTICE.fullmatch(line) is not None


def is_table_row(line: str, neighbours: Sequence[str]) -> bool:
    """Whether a line with bars stands next to another with as many: results and tables are no navigation."""
    bars = len(_BARS.findall(line))
    return bars > 0 and any(len(_BARS.findall(other)) == bars for other in neighbours)

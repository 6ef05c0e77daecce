"""Lines of a page that are no part of an article: rows of links, and notices that ask or advertise."""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchapp.language.sentences import RUNNING, ends_in

__all__ = ["LONGEST_NOTICE", "OPENINGS", "is_furniture", "is_navigation", "is_table_row"]

_BARS = re.compile(r"[|¦]")
_STEPS = re.compile(r"(?<!\s)\s++(?:[·•»›>→]|::|/)\s+")
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
    (?:advertisement|advertising|sponsored(?:\s{1,3}content)?|promoted|advertisement\s{0,3}[-–—|:.].{0,200}
     |story\s{1,3}continues\s{1,3}below(?:\s{1,3}advertisement)?
     |article\s{1,3}continues\s{1,3}(?:after|below).{0,40}|share(?:\s{1,3}(?:this|on|via|to|with)\b.{0,200})?|tweet|print|e-?mail|comments?
     |\d+\s{1,3}(?:comments?|shares?|min(?:ute)?s?\s{1,3}read)|reading\s{1,3}time.{0,30}|skip\s{1,3}to\s{1,3}.{0,30}|menu|search|close|loading\W{0,9}
     |(?:related|recommended|more)\s{1,3}(?:articles?|stories|news|topics|content|reading|coverage|from|on)\b.{0,80}
     |related\s{1,3}(?:articles?|stor(?:y|ies)|news|topics)\s{0,3}:.{0,240}|(?-i:RELATED)\b.{0,240}|more\s{1,3}(?:on|from)\s{1,3}this\b.{0,240}
     |most\s{1,3}(?:read|popular|viewed).{0,30}|trending.{0,30}|trending\s{0,3}:.{0,240}|read\s{1,3}(?:more|next|also|the\s{1,3}full)\b.{0,240}
     |(?:related|watch|listen|don['’]t\s{1,3}miss|must\s{1,3}read|editor['’]s\s{1,3}picks?)\s{0,3}[:|–—-].{0,240}|(?:also\s{1,3}read|see\s{1,3}also)\b.{0,240}
     |(?:sign\s{1,3}up|subscribe|register|log\s{0,3}in|sign\s{1,3}in)\b.{0,240}
     |follow\s{1,3}(?:us|@|\S+\s{1,3}on|.{1,40}\s{1,3}on\s{1,3}(?:twitter|facebook|x|instagram))\b.{0,160}
     |like\s{1,3}us\s{1,3}on\b.{0,80}|click\s{1,3}here\b.{0,240}|download\s{1,3}(?:our\b|the\s{1,3}app\b).{0,240}|join\s{1,3}(?:us|our)\b.{0,240}
     |get\s{1,3}our\b.{0,120}|(?:tags?|topics?|keywords|categories)\s{0,3}:.{1,300}|filed\s{1,3}under\b.{1,300}
     |(?:copyright\s{0,3}(?:©|\(c\)|\d)|copyright\b.{0,80}\ball\s{1,3}rights\s{1,3}reserved|all\s{1,3}rights\s{1,3}reserved).{0,240}
     |this\s{1,3}(?:article|story|report)\s{1,3}(?:was\s{1,3})?(?:first\s{1,3}|originally\s{1,3})?(?:published|appeared)\b.{0,160}
     |(?:contact|reach|e-?mail)\s{1,3}the\s{1,3}(?:writer|reporter|author)s?\b.{0,160}|[^\s@]++@[^\s.]++\.\S+|(?:https?://|www\.)\S.{0,240}
     |the\s{1,3}views\s{1,3}expressed\b.{0,300}|back\s{1,3}to\s{1,3}top|next\s{1,3}(?:article|story|page).{0,100}|previous\s{1,3}(?:article|story|page).{0,100}
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

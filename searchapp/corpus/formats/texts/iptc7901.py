"""The text formats of agencies before XML: IPTC 7901 and ANPA 1312, articles between control characters.

An article is a heading behind SOH, a text between STX and ETX, and after it the day as `121030 mar 19`: day, hour,
minute, month and year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import read_text
from searchapp.corpus.decoding.notices import Notices
from searchapp.corpus.formats.texts.text import article_of_text
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article

__all__ = ["FORMAT"]

MAX_BYTES = 64 << 20
_LOOK = re.compile(rb"[\s\x00\x16]{0,40}\x01[^\x02\x03]{1,600}\x02")
_MESSAGE = re.compile("\x01(?P<head>[^\x01\x02\x03]{1,2000})\x02(?P<text>[^\x01\x03]*+)\x03?(?P<tail>[^\x01]*+)")
_HEADING = re.compile(r"(?P<source>[A-Za-z]{2,8})\s?(?P<number>\d{2,6})\b(?P<rest>.*)", re.DOTALL)
_STAMP = re.compile(
    r"\b(?P<day>\d{2})(?P<clock>\d{4})\s?(?:GMT|UTC|[A-Z]{2,4}T)?\s?(?P<month>[A-Za-z]{3,9})\.?\s?(?P<year>\d{2,4})\b"
)
_CONTROL = re.compile("[\x00\x0e-\x1f\x7f\x11-\x14]")


def recognises(head: bytes) -> bool:
    """Whether `head` begins with a heading between SOH and STX."""
    return bool(_LOOK.match(head))


def read(source: Source) -> Iterator[Yielded]:
    """The articles of the file, in its order."""
    text = read_text(source.open(), max_bytes=MAX_BYTES)
    notices = Notices(source.path)
    position = 0
    for number, message in enumerate(_MESSAGE.finditer(text), 1):
        try:
            yield _article(message, source, position)
            position += 1
        except UnreadableFile as error:
            yield from notices.skip(f"message {number}", str(error))
    yield from notices.rest()
    if not position:
        raise UnreadableFile("no message in it that holds a text")


def _article(message: re.Match[str], source: Source, position: int) -> Article:
    head, tail = message["head"], message["tail"]
    article = article_of_text(source, _CONTROL.sub("", message["text"]))
    heading = _HEADING.match(clean_line(head))
    stamp = _STAMP.search(clean_line(tail)) or _STAMP.search(clean_line(head))
    published = (
        parse_date(f"{stamp['day']} {stamp['month']} {stamp['year']} {stamp['clock'][:2]}:{stamp['clock'][2:]}")
        if stamp
        else None
    )
    own = f"{heading['source']}{heading['number']}-{published[0]}" if heading and published else ""
    return replace(
        article,
        id=source.article_id(position, own=own),
        published=published[0] if published else article.published,
        published_time=published[1] if published else article.published_time,
        published_source="metadata" if published else article.published_source,
        source=article.source or (heading["source"].upper() if heading else ""),
        position=position,
    )


FORMAT = Format(
    name="IPTC 7901 or ANPA", suffixes=(".iptc", ".anpa"), recognises=recognises, read=read, group="the trade's own"
)

"""Where and when a page was saved, as whoever saved it says."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from searchapp.corpus.cleaning.dates import parse_date

__all__ = ["Capture", "capture_noted", "is_note", "original_address", "same_page"]

_HEAD_CHARS = 64 << 10
_SAVED_FROM = re.compile(
    r"saved from url=\(\d{1,6}\)(?P<browser>https?://[^\s>]{1,2000})"
    r"|Page saved with SingleFile\s{1,9}url:[ \t]{0,9}(?P<single>https?://[^\s>]{1,2000})"
    r"(?:\s{1,9}saved date:[ \t]{0,9}(?P<date>[^\r\n<>]{6,80}))?",
    re.IGNORECASE,
)
_FILED = re.compile(r"FILE ARCHIVED ON (?P<time>\d\d:\d\d:\d\d) (?P<date>[A-Z][a-z]{2} \d{1,2}, \d{4})")
_OF_COPIES = re.compile(
    r"https?://(?:web\.archive\.org|[\w.-]{1,100}/(?:wayback|web|all|archive))(?:/web)?/"
    r"(?P<moment>\d{14})(?:[a-z]{2}_)?/(?P<url>https?:/{1,2}[^\s]{1,2000})",
    re.IGNORECASE,
)
_TRACKING = re.compile(r"utm_\w{1,40}|fbclid|gclid|mc_[ce]id|ref|cmpid|ocid|smid|_ga|share", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Capture:
    """The saving of one page: where it was, and when that was; either may be unknown."""

    url: str = ""
    moment: dt.datetime | None = None


def capture_noted(markup: str) -> Capture:
    """What a browser, SingleFile or a web archive notes in a comment in a page that it saves."""
    match = _SAVED_FROM.search(markup[:_HEAD_CHARS])
    url = (match["browser"] or match["single"]).strip() if match else ""
    moment = _read(match["date"]) if match and match["date"] else None
    copied = original_address(url)
    if moment is None and (filed := _FILED.search(markup, max(0, len(markup) - _HEAD_CHARS))):
        moment = _read(f"{filed['date']} {filed['time']}")
    return Capture(copied.url, copied.moment or moment)


def is_note(comment: str) -> bool:
    """Whether a comment in a page is such a note: what it dates is the saving."""
    return bool(_SAVED_FROM.search(comment[:_HEAD_CHARS]) or _FILED.search(comment[:_HEAD_CHARS]))


def original_address(url: str) -> Capture:
    """The address of the page of which a web archive has a copy at `url`, and when it was made; else `url` itself."""
    match = _OF_COPIES.match(url)
    if not match:
        return Capture(url)
    original = re.sub(r"^(https?:)/(?!/)", r"\1//", match["url"])
    try:
        return Capture(original, dt.datetime.strptime(match["moment"], "%Y%m%d%H%M%S"))
    except ValueError:
        return Capture(original)


def same_page(first: str, second: str) -> bool:
    """Whether two addresses lead to one page: they differ in the scheme, in "www." or in marks of campaigns at most."""
    return _essence(first) == _essence(second)


def _essence(url: str) -> tuple[object, ...]:
    try:
        parts = urlsplit(url)
        asked = sorted(pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0]))
    except ValueError:
        return (url,)
    return parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/"), *asked


def _read(text: str) -> dt.datetime | None:
    found = parse_date(text.partition("GMT")[0].partition("(")[0].strip())
    return dt.datetime.combine(found[0], (found[1] or dt.time()).replace(tzinfo=None)) if found else None

"""E-mail: one message (.eml) or a mailbox (.mbox), as press releases, newsletters and lists arrive in."""

from __future__ import annotations

import datetime as dt
import email
import email.header
import email.policy
import email.utils
import io
import re
from collections.abc import Iterator
from email.message import Message
from typing import BinaryIO

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import clean_line, paragraphs_of
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import decode
from searchapp.corpus.formats.wire.items import Rendition, richest_text
from searchapp.errors import UnreadableFile
from searchapp.language.labels import topics_of
from searchapp.model.article import Article
from searchapp.model.result import Skipped

__all__ = ["FORMATS"]

MAX_MESSAGE_BYTES = 64 << 20
LONGEST_LINE = 1 << 20
LONGEST_HEADER_CHARS = 10_000
LONGEST_FOOTER_CHARS = 4_000
LONGEST_STUB_CHARS = 600
_TIMES_A_STUB = 2
_LONGEST_SIGNATURE_LINE = 100

_FIELD = re.compile(rb"([!-9;-~]{1,70}):[^\r\n]*+(?:\r?\n[ \t][^\r\n]*+)*+(?:\r?\n|\Z)")
_TELLING = frozenset(
    b"from message-id received return-path mime-version delivered-to reply-to to subject date sender list-id".split()
)
_SURE = frozenset(b"message-id received return-path mime-version delivered-to".split())
_BEFORE_HEADER = re.compile(rb"\s{0,400}+(?:>?From [^\r\n]{1,400}\r?\n)?")
_SAVED_BY_BROWSER = re.compile(rb"From: [\"<]{0,2}Saved by ", re.IGNORECASE)
_MMDF = b"\x01\x01\x01\x01"
_POSTMARK = re.compile(rb"From \S.*\b(?:19|20)\d\d(?:\s|\Z)")
_CERTAIN_POSTMARK = re.compile(rb"From \S.{0,160}\b\w{3}\s+\w{3}\s+\d{1,2}\s+\d{1,2}:\d\d(?::\d\d)?\s")
_QUOTED_POSTMARK = re.compile(rb"^>(>*From )")
_POSTMARK_DATE = re.compile(r"From \S++\s++(.*\d{4})")

_FORWARDED = re.compile(r"^(?:(?:fwd?|wg|tr|rv|fw)\s*:\s*)+", re.IGNORECASE)
_LIST_TAG = re.compile(r"^((?:re\s*:\s*)?)\[[^\[\]]{1,60}\]\s*", re.IGNORECASE)
_DESK = re.compile(
    r"\b(?:news|newsletter|newsroom|press|media|alerts?|agency|agence|desk|editors?|editorial|daily|weekly|times|post"
    r"|herald|tribune|journal|gazette|digest|briefing|update|service|office|ministry|department|team|committee|council"
    r"|commission|group|inc|ltd|university|institute|radio|tv|list|announce|notifications?)\b",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"(?:no-?reply|do-?not-?reply|newsletters?|news|press|media|alerts?|info|editor|desk|contact|list|announce|mailer)"
    r"(?:[.+_-].*)?@",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^-- ?$|^_{20,}$", re.MULTILINE)
_FOOTER_LINE = re.compile(r"(?:un)?subscrib|mailing list|list-?info", re.IGNORECASE)
_QUOTE_MARKS = re.compile(r"^(?:>[ \t]?)+", re.MULTILINE)


def recognises(head: bytes) -> bool:
    """Whether a file begins with the header of a message."""
    names: set[bytes] = set()
    start = _BEFORE_HEADER.match(head)
    at = start.end() if start else 0
    if start and _POSTMARK.match(start[0].lstrip()):
        # Such a line begins a mailbox.
        return False
    for _ in range(200):
        field = _FIELD.match(head, at)
        if not field:
            break
        names.add(field[1].lower())
        at = field.end()
    if b"snapshot-content-location" in names or _SAVED_BY_BROWSER.match(head, start.end() if start else 0):
        # A page that a browser saved is no message, whatever its ending.
        return False
    known = names & _TELLING
    return len(known) >= 3 and (b"from" in known or bool(known & _SURE))


def recognises_mailbox(head: bytes) -> bool:
    """Whether a file begins with the postmark of a mailbox, and a header after it."""
    first, _, rest = head.lstrip(b"\r\n").partition(b"\n")
    return (bool(_POSTMARK.match(first)) or first.rstrip() == _MMDF) and bool(_FIELD.match(rest))


def recognises_apple(head: bytes) -> bool:
    """Whether a file begins with a number on a line, and a header after it."""
    first, _, rest = head.partition(b"\n")
    return first.strip().isdigit() and recognises(rest)


def read(source: Source) -> Iterator[Yielded]:
    """The one message of a file."""
    with source.open() as stream:
        data = stream.read(MAX_MESSAGE_BYTES + 1)
    if len(data) > MAX_MESSAGE_BYTES:
        raise UnreadableFile(f"a message of more than {MAX_MESSAGE_BYTES >> 20} MB; save it without its attachments")
    start = _BEFORE_HEADER.match(data)
    yield _article(data[start.end() if start else 0 :], source, 0, postmark="")


def read_apple(source: Source) -> Iterator[Yielded]:
    """The one message of a file of Apple Mail: its length above, a list of properties below."""
    with source.open() as stream:
        data = stream.read(MAX_MESSAGE_BYTES + 1)
    if len(data) > MAX_MESSAGE_BYTES:
        raise UnreadableFile(f"a message of more than {MAX_MESSAGE_BYTES >> 20} MB; save it without its attachments")
    message = data.partition(b"\n")[2]
    properties = message.rfind(b"<?xml")
    if properties >= 0 and b"<plist" in message[properties:]:
        message = message[:properties]
    yield _article(message, source, 0, postmark="")


def read_mailbox(source: Source) -> Iterator[Yielded]:
    """Each message of a mailbox, one at a time."""
    position = 0
    with source.open() as stream:
        for postmark, data in _messages(stream):
            if data is None:
                yield Skipped(source.path, f"message {position + 1}: larger than {MAX_MESSAGE_BYTES >> 20} MB")
            else:
                yield _article(data, source, position, postmark=postmark)
            position += 1
    if not position:
        raise UnreadableFile(
            'no message in it; a mailbox begins with a line such as "From name@example.org Mon Feb 26"'
        )


class _AsWritten(email.policy.Compat32):
    """Parses like `compat32`, and hands out headers as they stand in the message."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_AS_WRITTEN = _AsWritten()

FORMATS = (
    Format(name="mailbox", suffixes=(".mbox", ".mbx"), recognises=recognises_mailbox, read=read_mailbox, group="mail"),
    Format(name="e-mail", suffixes=(".eml",), recognises=recognises, read=read, group="mail"),
    Format(name="Apple Mail", suffixes=(".emlx",), recognises=recognises_apple, read=read_apple, group="mail"),
)


def _messages(stream: BinaryIO) -> Iterator[tuple[str, bytes | None]]:
    """The postmark and the bytes of each message; None for one that is too large to hold."""
    postmark: str | None = None
    held = io.BytesIO()
    blank_before = True
    following = stream.readline(LONGEST_LINE)
    while line := following:
        following = stream.readline(LONGEST_LINE)
        if line.rstrip() == _MMDF:
            # In this dialect such a line stands on both sides of a message.
            if postmark is not None and held.tell():
                yield postmark, _within_limit(held)
            postmark, held = "", io.BytesIO()
        elif _is_postmark(line, following, blank_before=blank_before):
            if postmark is not None:
                yield postmark, _within_limit(held)
            postmark = line.decode("latin-1").strip()
            held = io.BytesIO()
        elif postmark is not None and held.tell() <= MAX_MESSAGE_BYTES:
            held.write(_QUOTED_POSTMARK.sub(rb"\1", line))
        blank_before = not line.strip()
    if postmark is not None and (held.tell() or postmark):
        yield postmark, _within_limit(held)


def _is_postmark(line: bytes, following: bytes, *, blank_before: bool) -> bool:
    """Whether a line begins a message: sentences, too, begin with "From" and name a year, but no header follows."""
    if not line.startswith(b"From ") or not _POSTMARK.match(line):
        return False
    header = bool(_FIELD.match(following)) or following.startswith(b">From ")
    return header and (blank_before or bool(_CERTAIN_POSTMARK.match(line)))


def _within_limit(held: io.BytesIO) -> bytes | None:
    return held.getvalue() if held.tell() <= MAX_MESSAGE_BYTES else None


def _article(data: bytes, source: Source, position: int, *, postmark: str) -> Yielded:
    where = f"message {position + 1}"
    try:
        message = email.message_from_bytes(data, policy=_AS_WRITTEN)
        renditions = list(_renditions(message))
    except RecursionError:
        return Skipped(source.path, f"{where}: parts nested too deeply")
    if not message.keys():
        return Skipped(source.path, f"{where}: no header such as From or Subject")
    listed = bool(message.get("List-Id") or message.get("List-Post"))
    title = _FORWARDED.sub("", _header(message, "Subject"))
    if listed:
        title = _LIST_TAG.sub(r"\1", title)
    body = _body(renditions, title)
    if not title and not body:
        return Skipped(source.path, f"{where}: neither subject nor text")
    byline, publisher = _sender(message)
    published, time = _moment(message, postmark)
    return Article(
        id=source.article_id(position, own=_header(message, "Message-ID").strip("<> ")),
        title=title,
        body=body,
        byline=byline,
        published=published,
        published_time=time,
        published_source="metadata" if published else "",
        source=publisher,
        url=next((u for u in (_header(message, "Archived-At").strip("<> "),) if u.startswith("http")), ""),
        topics=topics_of(_header(message, "Keywords").split(",")),
        language=_header(message, "Content-Language").split(",")[0].strip(),
        path=source.path,
        position=position,
    )


def _renditions(message: Message) -> Iterator[Rendition]:
    """The parts of a message that are its text, in order; attachments left out."""
    for part in message.walk():
        kind = part.get_content_type()
        if part.is_multipart() or not kind.startswith("text/"):
            continue
        disposition = str(part.get("Content-Disposition", "")).strip().lower()
        named = bool(part.get_param("name") or part.get_param("filename", header="content-disposition"))
        if disposition.startswith("attachment") or (named and not disposition.startswith("inline")):
            continue
        text = _decoded(part)
        if kind == "text/html":
            yield Rendition(kind, text)
        elif kind in ("text/plain", "text/enriched", "text/markdown"):
            yield Rendition("text/plain", _unflowed(text, part), "flowed" if _is_flowed(part) else "")


def _decoded(part: Message) -> str:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        # The transfer encoding is not what the part says; its bytes are still the best there is.
        payload = str(part.get_payload()).encode("utf-8", "surrogateescape")
    data = payload if isinstance(payload, bytes) else str(payload or "").encode("utf-8", "surrogateescape")
    return _text(data, _charset(part))


def _text(data: bytes, charset: str) -> str:
    """`data` as UTF-8 where it can be nothing else, for many programs declare another charset; else as declared."""
    if not data.isascii():
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return decode(data, declared=charset)


def _charset(part: Message) -> str:
    try:
        return str(part.get_content_charset(""))
    except (ValueError, LookupError, TypeError):
        return ""


def _is_flowed(part: Message) -> bool:
    return str(part.get_param("format", "")).lower() == "flowed"


def _unflowed(text: str, part: Message) -> str:
    """`text` with the lines joined that its writer's program only broke for transport (RFC 3676)."""
    if not _is_flowed(part):
        return text
    removed = str(part.get_param("delsp", "")).lower() == "yes"
    lines: list[str] = []
    open_line = False
    for line in text.splitlines():
        if open_line and line.strip():
            lines[-1] = (lines[-1][:-1] if removed else lines[-1]) + line.removeprefix(" ")
        else:
            lines.append(line.removeprefix(" "))
        open_line = line.endswith(" ") and line != "-- "
    # Every line that is left ends a paragraph.
    return "\n\n".join(lines)


def _body(renditions: list[Rendition], title: str) -> str:
    plain = [r for r in renditions if r.content_type == "text/plain"]
    text = "\n\n".join(str(r.content) for r in plain)
    body = "\n\n".join(paragraphs_of(_QUOTE_MARKS.sub("", _without_footer(text))))
    if len(body) > LONGEST_STUB_CHARS:
        return body
    marked = [r for r in renditions if r.content_type == "text/html"]
    rich = "\n\n".join(text for r in marked if (text := richest_text([r], title=title).body.text))
    # Many newsletters say no more in their plain part than where to read them.
    return rich if not body or len(rich) > _TIMES_A_STUB * len(body) else body


def _without_footer(text: str) -> str:
    """`text` without a signature, and without what a mailing list puts below every message."""
    text = text.replace("\r\n", "\n")
    marks = list(_SIGNATURE.finditer(text))
    # Digests part their stories by the same mark as stands above a signature.
    alone = sum(mark[0].startswith("--") for mark in marks) == 1
    for mark in reversed(marks):
        if mark.start() < len(text) - LONGEST_FOOTER_CHARS:
            break
        below = text[mark.end() :]
        short = below.count("\n") <= 12 and all(len(line) <= _LONGEST_SIGNATURE_LINE for line in below.split("\n"))
        is_signature = short and mark[0].startswith("--") and (alone or (mark is marks[-1] and mark[0] == "-- "))
        is_footer = len(below) < 1_000 and bool(_FOOTER_LINE.search(below))
        if is_signature or is_footer:
            text = text[: mark.start()]
    return text


def _sender(message: Message) -> tuple[str, str]:
    """Who wrote it and who published it: a person has a byline, an office or a list is a source."""
    try:
        name, address = email.utils.parseaddr(_header(message, "From"))
    except (ValueError, IndexError, TypeError, RecursionError):
        name, address = _header(message, "From"), ""
    name = clean_line(name).strip("\"' ")
    outlet = _list_name(message) or _header(message, "Organization") or _header(message, "Organisation")
    if not name:
        return "", outlet or _domain(address) or clean_line(address)
    # "Jane Doe via Example List" names both.
    person, _, via = name.partition(" via ")
    if len(person.split()) == 1 or _DESK.search(person) or (_MACHINE.match(address) and not via):
        return "", name
    if "," in person and person.count(",") == 1 and len(person.split()) <= 4:
        family, given = (part.strip() for part in person.split(","))
        person = f"{given} {family}".strip()
    return person, outlet or via or _domain(address)


def _list_name(message: Message) -> str:
    text = _header(message, "List-Id")
    return clean_line(text.partition("<")[0]).strip("\"' ")


def _domain(address: str) -> str:
    return address.rpartition("@")[2].strip("> ").lower() if "@" in address else ""


def _moment(message: Message, postmark: str) -> tuple[dt.date | None, dt.time | None]:
    received = message.get_all("Received") or []
    written = _POSTMARK_DATE.match(postmark)
    for text in (
        _header(message, "Date"),
        *(str(hop).rpartition(";")[2] for hop in received[:1]),
        written[1] if written else "",
    ):
        found = _parsed(text)
        if found:
            return found
    return None, None


def _parsed(text: str) -> tuple[dt.date, dt.time | None] | None:
    text = clean_line(text)
    if not text:
        return None
    if found := parse_date(text):
        return found
    try:
        parsed = email.utils.parsedate_tz(text)
        # The zone is left aside: the clock stays as the sender wrote it.
        if not parsed or not 1970 <= parsed[0] <= dt.date.today().year:
            return None
        return dt.date(*parsed[:3]), dt.time(*parsed[3:6])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _header(message: Message, name: str) -> str:
    """One field of the header on one line, its encoded words read."""
    raw = message.get(name)
    if raw is None:
        return ""
    text = str(raw)[:LONGEST_HEADER_CHARS]
    if not text.isascii():
        # Bytes that the standard does not allow in a header; most programs mean UTF-8 by them.
        text = decode(text.encode("utf-8", "surrogateescape"))
    if "=?" not in text:
        return clean_line(text)
    try:
        words = email.header.decode_header(text)
    except (email.errors.HeaderParseError, ValueError):
        return clean_line(text)
    pieces = (word if isinstance(word, str) else _text(word, charset or "") for word, charset in words)
    return clean_line("".join(pieces))

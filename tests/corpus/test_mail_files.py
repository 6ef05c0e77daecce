"""E-mail messages and mailboxes, whole and damaged."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import tracemalloc
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.corpus.decoding.base import Source
from searchapp.corpus.formats.texts.mail import FORMATS
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article
from searchapp.model.result import Skipped

MAILBOX, MESSAGE = FORMATS
HEADER = (
    "Message-ID: <17@example.org>\nFrom: Jane Roe <jane.roe@example.org>\nTo: desk@example.net\n"
    "Date: Wed, 07 Feb 2024 10:15:00 +0100\nSubject: Talks resume in Geneva\n"
)
LONG = "This line is as long as the lines of a message usually are, until the end"
POSTMARK = "From jane.roe@example.org Wed Feb  7 10:15:00 2024\n"


def source_of(content: bytes) -> Source:
    return Source("/archive/mail.eml", ".eml", dt.datetime(2024, 5, 1), lambda: io.BufferedReader(io.BytesIO(content)))


def read(content: str | bytes) -> Article:
    (found,) = MESSAGE.read(source_of(content.encode() if isinstance(content, str) else content))
    assert isinstance(found, Article), found
    return found


def built(html: str = "", **header: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {"From": "Jane Roe <jane@example.org>", "Subject": "S", **header}.items():
        message[name.replace("_", "-")] = value
    message.set_content("Plain text.\n")
    if html:
        message.add_alternative(html, subtype="html")
    return message


def test_a_message_gives_its_fields() -> None:
    found = read(f"{HEADER}Keywords: talks, Geneva\nContent-Language: en\n\n{LONG}\nof a paragraph.\n\nSecond.\n")
    assert (found.id, found.title) == ("17@example.org", "Talks resume in Geneva")
    assert found.body == f"{LONG} of a paragraph.\n\nSecond."
    assert (found.byline, found.source) == ("Jane Roe", "example.org")
    assert (found.published, found.published_time) == (dt.date(2024, 2, 7), dt.time(10, 15))
    assert (found.topics, found.language, found.published_source) == (("talks", "Geneva"), "en", "metadata")


def test_encoded_headers_are_read() -> None:
    found = read(built(Subject="Жители Еревана вышли на улицы", From="Ünal Çelik <u@example.org>").as_bytes())
    assert (found.title, found.byline) == ("Жители Еревана вышли на улицы", "Ünal Çelik")


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("=?utf-8?Q?Caf=C3=A9?= =?utf-8?Q?_au_lait?=", "Café au lait"),
        ("=?klingon?Q?Caf=C3=A9?=", "Café"),
        ("=?utf-8?B?broken!?=", "=?utf-8?B?broken!?="),
        ("=?utf-8?Q?never ended", "=?utf-8?Q?never ended"),
        ("Fwd: FW: Talks", "Talks"),
        ("Re: Talks", "Re: Talks"),
    ],
)
def test_subjects_are_read_as_far_as_they_can_be(subject: str, title: str) -> None:
    assert read(f"Message-ID: <1@a>\nFrom: a@example.org\nSubject: {subject}\n\nText\n").title == title


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_raw_bytes_in_a_header_are_letters(encoding: str) -> None:
    assert read("From: a@b.org\nSubject: Café\nTo: x\n\nText\n".encode(encoding)).title == "Café"


@pytest.mark.parametrize(
    ("sender", "byline", "source"),
    [
        ("Jane Roe <jane@mail.example.org>", "Jane Roe", "mail.example.org"),
        ('"Roe, Jane" <jane@example.org>', "Jane Roe", "example.org"),
        ("UN News <noreply@example.org>", "", "UN News"),
        ("Ministry of Culture <x@example.org>", "", "Ministry of Culture"),
        ("Jane Roe via Peace List <list@example.org>", "Jane Roe", "Peace List"),
        ("press@example.org", "", "example.org"),
        ("", "", ""),
    ],
)
def test_a_person_has_a_byline_and_an_office_is_a_source(sender: str, byline: str, source: str) -> None:
    found = read(f"From: {sender}\nSubject: S\nTo: x\n\nText\n")
    assert (found.byline, found.source) == (byline, source)


def test_a_list_is_the_source_and_its_tag_no_title() -> None:
    found = read(f"{HEADER.replace('Talks', '[peace] Talks')}List-Id: Peace Talks List <peace.example.org>\n\nText\n")
    assert (found.title, found.byline, found.source) == ("Talks resume in Geneva", "Jane Roe", "Peace Talks List")


def test_plain_text_is_preferred_to_markup() -> None:
    assert read(built("<p>Marked up.</p>").as_bytes()).body == "Plain text."


def test_markup_alone_becomes_text() -> None:
    message = EmailMessage()
    message["From"] = "a@example.org"
    message.set_content("<style>p {}</style><h1>Head</h1><p>One<br>line &amp; more.</p>", subtype="html")
    assert read(message.as_bytes()).body == "Head\n\nOne line & more."


def test_attachments_are_no_text() -> None:
    message = built()
    message.add_attachment("Secret attached text", filename="notes.txt")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="x.png")
    assert read(message.as_bytes()).body == "Plain text."


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("base64", "VGFsa3MgcmVzdW1l!!!ZCBpbiBHZW5ldmE"),
        ("base64", "VGFsa3MgcmVzdW1lZ"),
        ("quoted-printable", "Talks =E2=80=94 resume=\nd =ZZ in Geneva ="),
        ("x-unheard-of", "Talks resumed"),
    ],
)
def test_damaged_transfer_encodings_give_what_can_be_read(encoding: str, text: str) -> None:
    assert "alks" in read(f"{HEADER}Content-Transfer-Encoding: {encoding}\n\n{text}\n").body or encoding == "base64"


@pytest.mark.parametrize("charset", ["klingon", "zip", "utf-16", "", '"', "us-ascii"])
def test_unknown_charsets_are_read_as_the_bytes_suggest(charset: str) -> None:
    content = f"{HEADER}MIME-Version: 1.0\nContent-Type: text/plain; charset={charset}\n\nCafé au lait\n"
    assert read(content.encode()).body == "Café au lait"


def test_lines_broken_for_transport_are_joined() -> None:
    flowed = f"{HEADER}Content-Type: text/plain; format=flowed\n\nOne \nparagraph.\nAnother.\n"
    assert read(flowed).body == "One paragraph.\n\nAnother."


def test_signatures_and_list_footers_are_no_text() -> None:
    footer = "_" * 47 + "\nPeace mailing list\nhttp://example.org/listinfo/peace\n"
    assert read(f"{HEADER}\nText.\n\n-- \nJane Roe\nDesk\n{footer}").body == "Text."


def test_marks_of_quoting_are_no_text() -> None:
    assert read(f"{HEADER}\n> > {LONG}\n> and on.\n").body == f"{LONG} and on."


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("Wed, 7 Feb 2024 23:59:00 -1100", dt.date(2024, 2, 7)),
        ("7 Feb 24 10:15 GMT", dt.date(2024, 2, 7)),
        ("Wed Feb  7 10:15:00 2024", dt.date(2024, 2, 7)),
        ("soon", None),
        ("Wed, 77 Feb 2024 99:99:99", None),
    ],
)
def test_the_day_is_that_of_the_sender(date: str, day: dt.date | None) -> None:
    assert read(f"From: a@example.org\nTo: b\nSubject: S\nDate: {date}\n\nText\n").published == day


def test_a_mailbox_gives_its_messages_one_by_one() -> None:
    first = f"{POSTMARK}{HEADER}\nIt said:\n\n>From here on all is well.\n\nFrom now on too.\n\n"
    second = f"{POSTMARK}{HEADER.replace('17@', '18@')}\nSecond.\n"
    found = list(MAILBOX.read(source_of((first + second).encode())))
    assert [(item.id, item.body) for item in found if isinstance(item, Article)] == [
        ("17@example.org", "It said:\n\nFrom here on all is well.\n\nFrom now on too."),
        ("18@example.org", "Second."),
    ]


def test_messages_without_an_id_are_numbered() -> None:
    message = f"{POSTMARK}From: a@b.org\nSubject: S\n\nText\n\n"
    ids = [item.id for item in MAILBOX.read(source_of((message * 3).encode())) if isinstance(item, Article)]
    assert len(set(ids)) == 3


def test_the_postmark_dates_a_message_without_a_date() -> None:
    (found,) = MAILBOX.read(source_of(f"{POSTMARK}From: a@b.org\nSubject: S\n\nText\n".encode()))
    assert isinstance(found, Article)
    assert found.published == dt.date(2024, 2, 7)


def test_a_large_mailbox_is_read_in_little_memory() -> None:
    content = (f"{POSTMARK}{HEADER}\n" + "words " * 2_000 + "\n\n").encode() * 200
    tracemalloc.start()
    assert sum(1 for _ in MAILBOX.read(source_of(content))) == 200
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3_000_000


def test_a_message_without_subject_and_text_is_skipped() -> None:
    (found,) = MESSAGE.read(source_of(b"From: a@b.org\nTo: x\nMIME-Version: 1.0\n\n"))
    assert isinstance(found, Skipped)
    assert "neither subject nor text" in found.reason


def test_a_mailbox_without_messages_is_unreadable() -> None:
    with pytest.raises(UnreadableFile, match="no message"):
        list(MAILBOX.read(source_of(b"words\n")))


def test_parts_nested_without_end_do_no_harm() -> None:
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3_000))
    (found,) = MESSAGE.read(source_of((HEADER + nested).encode()))
    assert isinstance(found, Article | Skipped)


def test_a_line_of_ten_megabytes_is_read() -> None:
    assert len(read(HEADER.encode() + b"\n" + b"word " * 2_000_000).body) == 9_999_999


@pytest.mark.parametrize(
    ("content", "mailbox", "message"),
    [
        (HEADER, False, True),
        (POSTMARK + HEADER, True, False),
        ("Received: by x;\n Wed\nReturn-Path: <a>\nSubject: S\n\n", False, True),
        ("Title: News\nDate: 2024-02-07\nAuthor: Jane\n\nText", False, False),
        ("From Jane we heard in 2024\nthat all is well", False, False),
        ("From: here\n\nText", False, False),
        ("", False, False),
    ],
)
def test_mail_is_told_by_its_header(content: str, mailbox: bool, message: bool) -> None:
    assert (MAILBOX.recognises(content.encode()), MESSAGE.recognises(content.encode())) == (mailbox, message)


LINES = st.sampled_from(
    [
        b"From: a@b\n", b"Subject: =?utf-8?B?zz?=\n", b"Date: x\n", b"\n", b" folded\n", b"--b\n", b"--b--\n",
        b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: text/plain; charset*=utf-7''x\n", b"====\n",
        b"Content-Type: text/html; charset=punycode\n", b"Content-Transfer-Encoding: base64\n", b"\xff\xfe\n",
        b"Content-Type: message/rfc822\n", b"From a@b Mon Jan 1 2024\n", b"Content-Disposition: a; name*0=x\n",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(LINES | st.binary(max_size=40), max_size=20))
def test_any_bytes_give_articles_reports_or_unreadable(lines: list[bytes]) -> None:
    content = b"".join(lines)
    for form in FORMATS:
        form.recognises(content)
        with contextlib.suppress(UnreadableFile):
            assert all(isinstance(item, Article | Skipped) for item in form.read(source_of(content)))

"""E-mail messages and mailboxes, whole and damaged."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import tracemalloc
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.corpus.decoding.base import Source, Yielded
from searchapp.corpus.formats.texts.mail import FORMATS
from searchapp.corpus.reading.walker import read_file
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article
from searchapp.model.result import Skipped

MAILBOX, MESSAGE, _ = FORMATS
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


def test_messages_without_an_id_are_told_apart_by_what_they_say(tmp_path: Path) -> None:
    message = f"{POSTMARK}From: a@b.org\nSubject: S\n\nText {{}}\n\n"
    (tmp_path / "a.mbox").write_text("".join(map(message.format, "122")), encoding="utf-8")
    ids = [item.id for item in read_file(tmp_path / "a.mbox") if isinstance(item, Article)]
    assert len(set(ids)) == 2


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


Read = Callable[..., list[Yielded]]

STORY_HEAD = (
    "From: Mona Haug <mona@daily.example>\nTo: l@daily.example\nSubject: Ferry closes\n"
    "Date: Tue, 12 Mar 2019 08:00:00 +0100\nMessage-ID: <{}@daily.example>\n"
)
STORY = (
    "The harbour council of Larvik voted on Tuesday to close the old ferry quay after forty years of service, he said."
)


def bodies(found: list[Yielded]) -> list[str]:
    return [item.body for item in found if isinstance(item, Article)]


def test_a_sentence_that_begins_with_from_cuts_no_message(read_as: Read) -> None:
    text = f"{STORY}\n\nFrom January to the end of 2019 the crews will use the terminal.\n\n{STORY}"
    postmark = "From mona@daily.example Tue Mar 12 08:00:00 2019\n"
    found = read_as("a.mbox", "".join(f"{postmark}{STORY_HEAD.format(at)}\n{text}\n\n" for at in range(2)))
    assert len(bodies(found)) == 2
    assert all(body.endswith(STORY) and "From January" in body for body in bodies(found))
    # Some programs put no blank line before a postmark.
    found = read_as("b.mbox", "".join(f"{postmark}{STORY_HEAD.format(at)}\n{STORY}\n" for at in range(2)))
    assert bodies(found) == [STORY, STORY]


def test_mailboxes_of_other_dialects_are_read(read_as: Read) -> None:
    mmdf = "".join(f"\x01\x01\x01\x01\n{STORY_HEAD.format(at)}\n{STORY}\n\x01\x01\x01\x01\n" for at in range(2))
    assert bodies(read_as("a.mbox", mmdf)) == [STORY, STORY]
    list_archive = (
        f"From mona at daily.example  Tue Mar 12 08:00:00 2019\n{STORY_HEAD.format(1)}\n>From here on: {STORY}\n"
    )
    assert bodies(read_as("b.mbox", list_archive)) == [f"From here on: {STORY}"]


def test_stories_of_a_digest_are_kept_and_a_signature_is_not(article_as: Callable[..., Article]) -> None:
    digest = f"Good morning.\n\n--\n\nFERRY\n\n{STORY}\n\n--\n\nBUS\n\n{STORY}\n"
    assert article_as("a.eml", f"{STORY_HEAD.format(1)}\n{digest}").body.count(STORY) == 2
    one = f"{STORY}\n\n--\n\nFERRY\n\n{STORY}\n"
    assert article_as("b.eml", f"{STORY_HEAD.format(2)}\n{one}").body.count(STORY) == 2
    signed = f"{STORY}\n\n-- \nMona Haug\nExample Daily, Larvik\n"
    assert article_as("c.eml", f"{STORY_HEAD.format(3)}\n{signed}").body == STORY


def test_the_part_that_holds_the_news_is_read(article_as: Callable[..., Article]) -> None:
    message = (
        STORY_HEAD.format(1) + 'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="b"\n\n--b\n'
        "Content-Type: text/plain\n\nTo read this newsletter, open it in your browser: https://daily.example/n/1\n\n--b\n"
        f"Content-Type: text/html\n\n<html><body><p>{STORY}</p><p>{STORY}</p></body></html>\n\n--b--\n"
    )
    assert article_as("a.eml", message).body == f"{STORY}\n\n{STORY}"


def test_what_programs_put_around_a_message_is_passed_over(article_as: Callable[..., Article]) -> None:
    plist = '<?xml version="1.0"?><plist version="1.0"><dict><key>flags</key><integer>1</integer></dict></plist>'
    for name, content in (
        ("a.emlx", f"612\n{STORY_HEAD.format(1)}\n{STORY}\n{plist}\n"),
        ("b.eml", f"From mona@daily.example\n{STORY_HEAD.format(1)}\n{STORY}\n"),
        ("c.txt", f"          \nDelivered-To: l@daily.example\n{STORY_HEAD.format(1)}\n{STORY}\n"),
    ):
        article = article_as(name, content)
        assert (article.title, article.byline, article.body) == ("Ferry closes", "Mona Haug", STORY)


def test_a_date_far_ahead_is_not_believed(article_as: Callable[..., Article]) -> None:
    header = STORY_HEAD.format(1).replace("12 Mar 2019", "30 Jun 3609")
    received = "Received: from a by b; Tue, 12 Mar 2019 08:00:00 +0100\n"
    assert str(article_as("a.eml", f"{received}{header}\n{STORY}").published) == "2019-03-12"
    assert article_as("b.eml", f"{header}\n{STORY}").published is None

"""NewsML-G2 items and messages."""

from __future__ import annotations

import contextlib
import datetime as dt
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.corpus.decoding.base import Source
from searchapp.corpus.formats.wire.newsml import FORMAT
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article
from searchapp.model.result import Skipped

NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"
NITF_TEXT = """<inlineXML contenttype="application/nitf+xml"><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body>
 <body.head><hedline><hl1>Central bank holds rates</hl1></hedline>
  <byline>By Jane Roe, <byttl>Staff Writer</byttl></byline></body.head>
 <body.content><p><location>Oslo</location> (EW) - <person>Ida Wolden Bache</person> spoke.</p>
  <p><person>Bache</person> said no more.</p></body.content></body></nitf></inlineXML>"""
META = """<catalogRef href="http://127.0.0.1:9/catalog.xml"/>
 <itemMeta><itemClass qcode="ninat:text"/><provider qcode="nprov:EXAMPLE"><name>Example Wire</name></provider>
  <versionCreated>2024-03-02T16:25:32+01:00</versionCreated>{more}</itemMeta>"""
ABOUT = """<contentMeta><contentCreated>2024-03-01T15:21:06+01:00</contentCreated>
 <located qcode="city:OSL"><name>Oslo</name></located>
 <by>By Jane Roe</by><dateline>OSLO, Friday (EW)</dateline>
 <slugline>NORWAY-RATES</slugline><headline> Central bank
  holds rates </headline><keyword>krone</keyword>{subjects}</contentMeta>"""
SUBJECTS = """
 <subject type="cpnat:person" qcode="pers:17"><name xml:lang="nb">Ida W. Bache</name>
  <name xml:lang="en">Ida Wolden Bache</name></subject>
 <subject type="cpnat:organisation" literal="Norges Bank"/>
 <subject type="cpnat:geoArea" qcode="city:Tromsø"><broader qcode="cntry:NOR"/></subject>
 <subject qcode="iso3166-1a3:NOR"/>
 <subject type="cpnat:poi" qcode="poi:9"><name>Oslo Opera House</name></subject>
 <subject qcode="medtop:04000000"><name>economy, business and finance</name></subject>
 <subject type="cpnat:abstract" qcode="medtop:20000350"/>
 <subject qcode="x:42"/>"""


def source_of(content: bytes) -> Source:
    return Source("/archive/item.xml", ".xml", dt.datetime(2024, 5, 1), lambda: io.BufferedReader(io.BytesIO(content)))


def item(
    content: str = NITF_TEXT,
    *,
    guid: str = "urn:newsml:example.org:1",
    meta: str = "",
    about: str = ABOUT,
    rest: str = "",
) -> str:
    return (
        f'<newsItem xmlns="{NAMESPACE}" guid="{guid}" version="2" xml:lang="en-GB">{META.format(more=meta)}'
        f"{about.format(subjects=SUBJECTS)}{rest}<contentSet>{content}</contentSet></newsItem>"
    )


def read(content: str | bytes) -> list[Article | Skipped]:
    return list(FORMAT.read(source_of(content.encode() if isinstance(content, str) else content)))


def article(content: str) -> Article:
    (found,) = read(content)
    assert isinstance(found, Article), found
    return found


def reason(content: str) -> str:
    (found,) = read(content)
    assert isinstance(found, Skipped)
    return found.reason


def test_an_item_gives_its_fields() -> None:
    found = article(item())
    assert (found.id, found.title) == ("urn:newsml:example.org:1", "Central bank holds rates")
    assert found.body == "Oslo (EW) - Ida Wolden Bache spoke.\n\nBache said no more."
    assert (found.byline, found.dateline, found.source) == ("Jane Roe", "Oslo", "Example Wire")
    assert (found.published, found.published_time) == (dt.date(2024, 3, 1), dt.time(15, 21, 6))
    assert (found.language, found.published_source) == ("en-GB", "metadata")


def test_subjects_are_told_apart_by_type_and_scheme() -> None:
    found = article(item())
    assert found.assigned["people"] == ("Ida Wolden Bache",)
    assert found.assigned["organisations"] == ("Norges Bank",)
    assert found.assigned["places"] == ("Tromsø", "Norway", "Oslo Opera House", "Oslo")
    assert found.topics == ("economy, business and finance", "krone")


def test_names_marked_in_the_text_are_mentions() -> None:
    found = article(item())
    assert [(m.text, m.label) for m in found.mentions] == [
        ("Oslo", "Oslo"),
        ("Ida Wolden Bache", "Ida Wolden Bache"),
        ("Bache", "Ida Wolden Bache"),
    ]
    assert all(found.body[m.start : m.end] == m.text for m in found.mentions)


def test_names_marked_in_the_headline_are_mentions_of_the_title() -> None:
    marked = NITF_TEXT.replace("Central bank", "<org>Central bank</org>")
    assert [m.text for m in article(item(marked)).title_mentions] == ["Central bank"]


def test_an_assertion_says_what_a_bare_code_means() -> None:
    about = '<contentMeta><headline>T</headline><subject qcode="x:42"/></contentMeta>'
    asserted = '<assert qcode="x:42"><type qcode="cpnat:person"/><name>Jonas Gahr Store</name></assert>'
    assert article(item(about=about, rest=asserted)).assigned["people"][0] == "Jonas Gahr Store"


@pytest.mark.parametrize(
    "content",
    [
        '<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head>'
        "<title>x</title></head><body><p>One <b>bold</b>.</p><figure><img/><figcaption>No.</figcaption></figure>"
        "<p>Two.</p></body></html></inlineXML>",
        '<inlineData contenttype="text/plain">One bold.\n\nTwo.</inlineData>',
        '<inlineData contenttype="text/html">&lt;p&gt;One bold.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</inlineData>',
        '<inlineData contenttype="text/html">'
        "<![CDATA[<h1>Central bank holds rates</h1><p>One bold.<p>Two.]]></inlineData>",
    ],
)
def test_text_is_read_from_every_form(content: str) -> None:
    assert article(item(content)).body == "One bold.\n\nTwo."


def test_of_several_forms_the_one_that_marks_names_is_read() -> None:
    plain = '<inlineData contenttype="text/plain">Plain.</inlineData>'
    assert article(item(plain + NITF_TEXT)).mentions


def test_a_message_gives_each_of_its_items() -> None:
    message = (
        f'<newsMessage xmlns="{NAMESPACE}"><header><sent>2024-03-01T10:00:00Z</sent></header>'
        f"<itemSet><packageItem guid='p'/>{item(guid='a')}{item(guid='b')}</itemSet><itemSet>{item(guid='c')}</itemSet>"
        "</newsMessage>"
    )
    assert [found.id for found in read(message) if isinstance(found, Article)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("meta", "why"),
    [
        ('<pubStatus qcode="stat:canceled"/>', "cancelled by its publisher"),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/withheld"/>', "withheld by its publisher"),
        ("<embargoed>2190-01-01T00:00:00Z</embargoed>", "under embargo until 2190-01-01"),
    ],
)
def test_what_must_not_be_published_is_skipped_with_the_reason(meta: str, why: str) -> None:
    assert reason(item(meta=meta)) == f"urn:newsml:example.org:1: {why}"


def test_an_embargo_that_is_over_hides_nothing() -> None:
    past = '<embargoed>2024-03-01T18:00:00Z</embargoed><pubStatus qcode="stat:usable"/>'
    assert article(item(meta=past)).title


def test_a_picture_is_skipped_with_the_reason() -> None:
    picture = item('<remoteContent href="x.jpg"/>').replace("ninat:text", "ninat:picture")
    assert reason(picture).endswith("a picture, no text")


def test_an_item_without_headline_takes_that_of_its_text() -> None:
    assert article(item(about="<contentMeta/>")).title == "Central bank holds rates"


def test_a_package_alone_is_unreadable() -> None:
    with pytest.raises(UnreadableFile, match="no <newsItem>"):
        read(f'<packageItem xmlns="{NAMESPACE}"/>')


def test_a_broken_message_gives_what_came_before() -> None:
    items = FORMAT.read(source_of(f'<newsMessage xmlns="{NAMESPACE}">{item()}<newsItem>'.encode()))
    assert isinstance(next(items), Article)
    with pytest.raises(UnreadableFile, match="truncated"):
        next(items)


def test_newsml_is_told_by_its_namespace_and_element() -> None:
    assert FORMAT.recognises(item().encode())
    assert not FORMAT.recognises(b"<newsItem>")
    assert not FORMAT.recognises(f'<feed xmlns:g="{NAMESPACE}"/>'.encode())


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_articles_reports_or_unreadable(content: bytes) -> None:
    wrapped = item("@").encode().replace(b"@", content)
    for attempt in (content, wrapped, item().encode().replace(b"cpnat:person", content)):
        FORMAT.recognises(attempt)
        with contextlib.suppress(UnreadableFile):
            assert all(isinstance(found, Article | Skipped) for found in read(attempt))

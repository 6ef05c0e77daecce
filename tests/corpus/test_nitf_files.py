"""NITF of agencies and newspapers."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.corpus.decoding.base import Source
from searchapp.corpus.formats.wire.nitf import FORMAT, place_of_dateline
from searchapp.corpus.reading.walker import read_file
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article
from searchapp.model.result import Skipped

WIRE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "http://www.nitf.org/IPTC/NITF/3.3/specification/dtd/nitf-3-3.dtd">
<nitf xml:lang="en" uno="wire:1">
 <head>
  <title>Slug</title>
  <tobject tobject.type="news">
   <tobject.subject tobject.subject.type="Politics" tobject.subject.matter="Election"/>
  </tobject>
  <docdata>
   <doc-id regsrc="Example Wire" id-string="20240207-17"/>
   <date.issue norm="20240207T101500+0100"/>
   <key-list><keyword key="ballot"/><keyword key="election"/></key-list>
   <identified-content>
    <person>Doe, Jane (Gov)</person><org>worldbank</org><location><city>Baku</city><country>AZE</country></location>
    <classifier type="subject">Voting</classifier><classifier type="taxonomic_classifier">Top/News</classifier>
   </identified-content>
  </docdata>
 </head>
 <body>
  <body.head>
   <hedline><hl1>Voters in <location>Baku</location> choose</hl1><hl2>Turnout is high</hl2></hedline>
   <byline>By <person>Jane Roe</person><byttl>Staff Writer</byttl></byline>
   <distributor>Example Wire</distributor>
   <dateline><location>BAKU, Azerbaijan</location> <story.date norm="20240206">Feb. 6</story.date></dateline>
   <abstract><p>Not repeated.</p></abstract>
  </body.head>
  <body.content>
   <p>  <person><name.given>Ilham</name.given> <name.family>Aliyev</name.family></person>
      voted in <location><city>Baku</city>, <country>Azerbaijan</country></location>.</p>
   <media media-type="image">
    <media-reference source="x.jpg"/><media-producer>A Photographer</media-producer>
    <media-caption><p>A caption about <person>Someone Else</person></p></media-caption>
   </media>
   <p>&#8220;Yes,&#8221; <person>Aliyev</person> told the <org>Central <em>Election</em> Commission</org>.</p>
   <note><p>Editors: hold.</p></note>
   <table><tr><td>For</td><td>92</td></tr></table>
  </body.content>
  <body.end><tagline>Contact the desk</tagline></body.end>
 </body>
</nitf>"""

NEWSPAPER = """<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><head><title>Baseball</title>
<meta name="dsk" content="Sports Desk"/><meta name="online_sections" content="Sports; New York"/>
<docdata><doc-id id-string="1165027"/><doc.copyright holder="An Example Times" year="2000"/>
<identified-content>
<classifier class="indexing_service" type="descriptor">Baseball</classifier>
<classifier class="online_producer" type="general_descriptor">BASEBALL</classifier>
<classifier class="online_producer" type="taxonomic_classifier">Top/News/Sports</classifier>
<classifier class="online_producer" type="types_of_material">News</classifier>
<org class="indexing_service">New York Mets</org>
<person class="indexing_service">Piazza, Mike</person><person class="online_producer">PIAZZA, MIKE</person>
<location class="indexing_service">Queens (NYC)</location></identified-content></docdata>
<pubdata date.publication="20000102T000000" ex-ref="http://example.org/piazza" name="An Example Times"
 position.section="D"/></head>
<body><body.head><hedline><hl1>Mets Win</hl1><hl2 class="online_headline">Mets Win Online</hl2></hedline>
<byline class="print_byline">By JOHN Q. DOE</byline><byline class="normalized_byline">Doe, John Q</byline>
<dateline>FLUSHING, Queens, Jan. 1</dateline></body.head>
<body.content><block class="lead_paragraph"><p>The Mets won.</p></block>
<block class="full_text"><p>The Mets won.</p><p>They were glad.</p></block></body.content></body></nitf>"""


def source_of(content: bytes) -> Source:
    return Source("/archive/item.xml", ".xml", dt.datetime(2024, 5, 1), lambda: io.BufferedReader(io.BytesIO(content)))


def read(content: str | bytes) -> list[Article | Skipped]:
    return list(FORMAT.read(source_of(content.encode() if isinstance(content, str) else content)))


def article(content: str | bytes) -> Article:
    (found,) = read(content)
    assert isinstance(found, Article)
    return found


def document(content: str, head: str = "") -> str:
    return f"<nitf><body><body.head>{head}</body.head><body.content>{content}</body.content></body></nitf>"


def test_a_wire_article_gives_its_fields() -> None:
    found = article(WIRE)
    assert (found.id, found.title, found.source) == ("20240207-17", "Voters in Baku choose", "Example Wire")
    assert (found.byline, found.dateline, found.language) == ("Jane Roe", "Baku, Azerbaijan", "en")
    assert (found.published, found.published_time) == (dt.date(2024, 2, 7), dt.time(10, 15))
    assert found.topics == ("Voting", "Election", "ballot")
    assert found.body == (
        "Turnout is high\n\nIlham Aliyev voted in Baku, Azerbaijan.\n\n"
        "“Yes,” Aliyev told the Central Election Commission.\n\nFor 92"
    )


def test_names_marked_in_the_text_are_mentions_at_their_place() -> None:
    found = article(WIRE)
    assert [(m.text, m.kind, m.label) for m in found.mentions] == [
        ("Ilham Aliyev", "person", "Ilham Aliyev"),
        ("Baku", "place", "Baku"),
        ("Azerbaijan", "place", "Azerbaijan"),
        ("Aliyev", "person", "Ilham Aliyev"),
        ("Central Election Commission", "organisation", "Central Election Commission"),
    ]
    assert all(found.body[m.start : m.end] == m.text for m in found.mentions)
    assert [(m.start, m.text) for m in found.title_mentions] == [(10, "Baku")]


def test_marked_and_identified_names_are_assigned_once_each() -> None:
    found = article(WIRE)
    assert found.assigned["people"] == ("Jane Doe", "Ilham Aliyev")
    assert found.assigned["places"] == ("Baku", "Azerbaijan")
    assert found.assigned["organisations"] == ("World Bank", "Central Election Commission")


def test_names_in_captions_are_no_names_of_the_article() -> None:
    assert "Someone Else" not in article(WIRE).people


def test_a_newspaper_article_has_its_names_and_topics_given_by_hand() -> None:
    found = article(NEWSPAPER)
    assert found.assigned["people"] == ("Mike Piazza",)
    assert found.assigned["places"] == ("Queens",)
    assert found.assigned["organisations"] == ("New York Mets",)
    assert found.topics == ("Baseball",)
    assert (found.section, found.source, found.url) == ("Sports", "An Example Times", "http://example.org/piazza")


def test_the_lead_paragraph_is_not_said_twice() -> None:
    assert article(NEWSPAPER).body == "The Mets won.\n\nThey were glad."


def test_a_day_alone_has_no_time_of_day() -> None:
    found = article(NEWSPAPER)
    assert (found.published, found.published_time, found.published_source) == (dt.date(2000, 1, 2), None, "metadata")


def test_the_printed_byline_is_taken_in_usual_letters() -> None:
    assert article(NEWSPAPER).byline == "John Q. Doe"


def test_several_names_in_capitals_are_put_in_usual_letters() -> None:
    head = "<byline>By JANE DOE and RAY O'NEIL</byline>"
    assert article(document("<p>Words.</p>", head)).byline == "Jane Doe and Ray O'Neil"


def test_the_number_of_a_document_is_joined_to_a_mark_of_its_text(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(NEWSPAPER, encoding="utf-8")
    (found,) = read_file(tmp_path / "a.xml")
    assert isinstance(found, Article)
    assert re.search(r"[.]1165027-[0-9a-f]{16}$", found.id)


def test_the_abstract_stands_in_for_a_missing_text() -> None:
    head = "<hedline><hl1>T</hl1></hedline><abstract><p>In short.</p></abstract>"
    assert article(document("", head)).body == "In short."


def test_text_without_paragraphs_is_one() -> None:
    assert article(document("Only   some\nwords. <br/>More.")).body == "Only some words. More."


def test_the_day_of_the_dateline_is_a_last_resort() -> None:
    found = article(
        document("<p>Words.</p>", '<dateline>ROME <story.date norm="20240105">Jan 5</story.date></dateline>')
    )
    assert (found.published, found.published_source, found.dateline) == (dt.date(2024, 1, 5), "dateline", "Rome")


def test_thousands_of_marked_people_find_their_full_names() -> None:
    people = "".join(f"<p><person>Jane Doe{n}</person> met <person>Doe{n}</person>.</p>" for n in range(3_000))
    assert [m.label for m in article(document(people)).mentions[-2:]] == ["Jane Doe2999", "Jane Doe2999"]


def test_a_name_inside_a_name_belongs_to_the_outer_one() -> None:
    found = article(document("<p>The <org><location>Paris</location> Club</org> met.</p>"))
    assert [(m.text, m.kind) for m in found.mentions] == [("Paris Club", "organisation")]


def test_a_surname_that_two_people_share_stays_a_surname() -> None:
    people = "<person>Ann Lee</person>, <person>Bo Lee</person> and <person>Mr. Lee</person>"
    assert [m.label for m in article(document(f"<p>{people}</p>")).mentions] == ["Ann Lee", "Bo Lee", "Lee"]


def test_several_documents_in_one_file_are_as_many_articles() -> None:
    found = read(f"<feed>{document('<p>One.</p>')}{document('<p>Two.</p>')}</feed>")
    assert [item.body for item in found if isinstance(item, Article)] == ["One.", "Two."]


def test_an_empty_document_is_skipped_with_the_reason() -> None:
    (found,) = read(document(""))
    assert isinstance(found, Skipped)
    assert "neither headline nor text" in found.reason


def test_a_file_of_other_xml_is_unreadable() -> None:
    with pytest.raises(UnreadableFile, match="no <nitf> element"):
        read("<rss/>")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (WIRE, True),
        (NEWSPAPER, True),
        ('<?xml version="1.0"?><n:nitf xmlns:n="u">', True),
        ('<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"><inlineXML><nitf>', False),
        ("<html><body>The <nitf> element", False),
        ("About NITF", False),
    ],
)
def test_nitf_is_told_by_its_outermost_element(content: str, expected: bool) -> None:
    assert FORMAT.recognises(content.encode()) is expected


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("MOSCOW, Monday (Reuters)", "Moscow"),
        ("New York, NY", "New York, NY"),
        ("WASHINGTON (AP) --", "Washington"),
        ("FLUSHING, Queens, Jan. 1", "Flushing, Queens"),
        ("PARIS, 3 May 2023 -", "Paris"),
        ("SUN CITY, Nov. 3", "Sun City"),
        ("MARCHENA, Spain", "Marchena, Spain"),
        ("", ""),
    ],
)
def test_a_dateline_by_itself_gives_its_place(written: str, place: str) -> None:
    assert place_of_dateline(written) == place


TAGS = ["person", "location", "org", "p", "em", "city", "country", "media", "block", "br"]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(TAGS), st.text("ab \n\t\x85é“", max_size=6), st.integers(0, 2)), max_size=30))
def test_mentions_are_where_they_say_and_never_overlap(pieces: list[tuple[str, str, int]]) -> None:
    content, opened = "", []
    for tag, text, closing in pieces:
        content += f"<{tag}>{text}"
        opened.append(tag)
        for _ in range(min(closing, len(opened))):
            content += f"</{opened.pop()}>{text}"
    content += "".join(f"</{tag}>" for tag in reversed(opened))
    for found in read(document(content, "<hedline><hl1>T</hl1></hedline>")):
        assert isinstance(found, Article)
        end = 0
        for mention in found.mentions:
            assert found.body[mention.start : mention.end] == mention.text
            assert end <= mention.start < mention.end
            end = mention.end
        assert all(part == " ".join(part.split()) and part for part in found.body.split("\n\n") if found.body)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_articles_reports_or_unreadable(content: bytes) -> None:
    for attempt in (content, document("@").encode().replace(b"@", content), WIRE.encode().replace(b"norm", content)):
        FORMAT.recognises(attempt)
        with contextlib.suppress(UnreadableFile):
            assert all(isinstance(item, Article | Skipped) for item in read(attempt))

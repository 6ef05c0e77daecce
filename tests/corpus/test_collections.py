from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from searchapp.corpus.decoding.base import Yielded
from searchapp.model.article import Article
from searchapp.model.result import Skipped

Read = Callable[..., list[Yielded]]
One = Callable[..., Article]

ONE = "The harbour council voted on Tuesday to close the old quay after forty years, citing rust in its pillars."
TWO = "Captain Ingrid Solberg said the crews would move to the new terminal across the bay before the autumn."


def test_elements_of_gigaword_are_articles(read_as: Read) -> None:
    text = "".join(
        f'<DOC id="APW_ENG_1995010{day}.0001" type="story" >\n<HEADLINE>\nFerry Quay Closes &amp; more\n</HEADLINE>\n'
        f"<DATELINE>\nLARVIK, Norway (AP)\n</DATELINE>\n<TEXT>\n<P>\n{ONE}\n</P>\n<P>\n{TWO}\n</P>\n</TEXT>\n</DOC>\n"
        for day in (1, 2)
    )
    first, second = (item for item in read_as("apw_199501", text) if isinstance(item, Article))
    assert (first.title, first.body) == ("Ferry Quay Closes & more", f"{ONE}\n\n{TWO}")
    assert (first.dateline, first.source, first.published) == ("Larvik, Norway", "AP", dt.date(1995, 1, 1))
    assert (second.id, second.published) == ("APW_ENG_19950102.0001", dt.date(1995, 1, 2))


@pytest.mark.parametrize(
    ("number", "date", "day"),
    [
        ("AP880212-0001", "", dt.date(1988, 2, 12)),
        ("LA010189-0001", "", dt.date(1989, 1, 1)),
        ("FT911-3", "<DATE>910514</DATE>", dt.date(1991, 5, 14)),
        ("X-1", "<DATE>May 14, 1991</DATE>", dt.date(1991, 5, 14)),
        ("CR-9", "<DATE_TIME>1999-03-12 08:00:00</DATE_TIME>", dt.date(1999, 3, 12)),
    ],
)
def test_elements_of_trec_are_articles(article_as: One, number: str, date: str, day: dt.date | None) -> None:
    text = (
        f"<DOC>\n<DOCNO> {number} </DOCNO>\n{date}\n<HEAD>Ferry closes</HEAD>\n<BYLINE>By MONA HAUG</BYLINE>\n"
        f"<TEXT>\n   {ONE}\n   {TWO}\n</TEXT>\n</DOC>\n"
    )
    article = article_as("a.txt", text)
    assert (article.id, article.title, article.byline) == (number, "Ferry closes", "Mona Haug")
    assert article.published == day
    assert ONE in article.body


def test_an_element_that_never_ends_costs_no_other(read_as: Read) -> None:
    text = f"<DOC><DOCNO>A-1</DOCNO><TEXT>{ONE}</TEXT></DOC><DOC><DOCNO>A-2</DOCNO><TEXT>{TWO}"
    article, skipped = read_as("a.sgml", text)
    assert isinstance(article, Article)
    assert isinstance(skipped, Skipped)
    assert skipped.place == "article 2"


def test_items_of_the_reuters_corpus_are_read(article_as: One) -> None:
    text = (
        '<?xml version="1.0" encoding="iso-8859-1" ?>\n<newsitem itemid="77" id="root" date="1996-08-20" xml:lang="en">'
        "<title>NORWAY: Ferry closes.</title><headline>Ferry closes.</headline><byline>Mona Haug</byline>"
        f"<dateline>LARVIK 1996-08-20</dateline><text><p>{ONE}</p><p>{TWO}</p></text>"
        '<metadata><dc element="dc.publisher" value="Reuters Holdings Plc"/></metadata></newsitem>'
    )
    article = article_as("77newsML.xml", text)
    assert (article.id, article.title, article.byline) == ("rcv1-77", "Ferry closes.", "Mona Haug")
    assert (article.published, article.dateline, article.source) == (dt.date(1996, 8, 20), "Larvik", "Reuters")
    assert article.body == f"{ONE}\n\n{TWO}"


def newsml1(content: str, *, status: str = "Usable", lines: str = "") -> str:
    return (
        '<?xml version="1.0"?><NewsML Version="1.2"><NewsItem xml:lang="en"><Identification><NewsIdentifier>'
        "<ProviderId>ex"
        "</ProviderId><NewsItemId>TX-1</NewsItemId><PublicIdentifier>urn:newsml:ex:TX-1</PublicIdentifier>"
        "</NewsIdentifier>"
        f"</Identification><NewsManagement><FirstCreated>20190312T080000+0000</FirstCreated><Status "
        f'FormalName="{status}"/>'
        "</NewsManagement><NewsComponent><NewsLines><HeadLine>Ferry closes</HeadLine><ByLine>By Mona Haug</ByLine>"
        f"{lines}</NewsLines><ContentItem><DataContent>{content}</DataContent></ContentItem></NewsComponent>"
        f"</NewsItem></NewsML>"
    )


@pytest.mark.parametrize(
    "content",
    [
        f"<p>{ONE}</p><p>{TWO}</p>",
        f"<nitf><body><body.content><p>{ONE}</p><p>{TWO}</p></body.content></body></nitf>",
        f"<html><body><p>{ONE}</p><p>{TWO}</p></body></html>",
        f"{ONE}\n\n{TWO}",
    ],
    ids=["paragraphs", "NITF", "XHTML", "text"],
)
def test_items_of_newsml_1_are_read(article_as: One, content: str) -> None:
    article = article_as("a.xml", newsml1(content, lines="<DateLine>LARVIK, March 12</DateLine>"))
    assert (article.title, article.byline, article.dateline) == ("Ferry closes", "Mona Haug", "Larvik")
    assert (article.published, article.source) == (dt.date(2019, 3, 12), "ex")
    assert (article.id, article.body) == ("urn:newsml:ex:TX-1", f"{ONE}\n\n{TWO}")


def test_what_the_sender_withdrew_is_left_out(reason_of: Callable[..., str]) -> None:
    assert "cancelled" in reason_of("a.xml", newsml1(ONE, status="Canceled"))
    nitf = (
        '<nitf><head><docdata management-status="{}"><doc-id id-string="ex.1"/></docdata></head><body><body.head>'
        "<hedline>"
        "<hl1>Ferry closes</hl1></hedline></body.head><body.content><p>One.</p></body.content></body></nitf>"
    )
    for status in ("canceled", "withheld", "killed"):
        assert "by its publisher" in reason_of(f"{status}.xml", nitf.format(status))


def test_a_placeholder_or_a_time_is_no_place_and_the_text_gives_it(article_as: One) -> None:
    for written in ("No-Data-Available", "n/a", "12:30", "2019-03-12"):
        text = (
            f"<nitf><body><body.head><dateline><location>{written}</location></dateline><hedline><hl1>Ferry</hl1>"
            f"</hedline>"
            f"</body.head><body.content><p>LARVIK, Norway (Reuters) - {ONE}</p></body.content></body></nitf>"
        )
        assert article_as("a.xml", text).dateline == "Larvik, Norway"


def test_messages_of_iptc_7901_are_articles(read_as: Read) -> None:
    def message(number: int) -> str:
        return (
            f"\x01EXA{number:04} 4 POL 10 EXA {number:04}\r\nFerry/Norway\r\n\x02Ferry quay closes\r\n\r\n"
            f"   LARVIK, Norway (AP) - {ONE}\r\n\r\n   {TWO}\r\n\x03\r\n12103{number} mar 19\r\n\x04\r\n"
        )

    first, second = (item for item in read_as("wire.txt", message(1) + message(2)) if isinstance(item, Article))
    assert (first.title, first.dateline, first.published) == (
        "Ferry quay closes",
        "Larvik, Norway",
        dt.date(2019, 3, 12),
    )
    assert first.published_time == dt.time(10, 31)
    assert first.body.endswith(TWO)
    assert first.id != second.id

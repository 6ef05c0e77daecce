from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from searchapp.corpus.decoding.base import Yielded
from searchapp.model.article import Article

Read = Callable[..., list[Yielded]]

ONE = "The harbour council voted on Tuesday to close the old quay after forty years, citing rust in its pillars."
TWO = "Captain Ingrid Solberg said the crews would move to the new terminal across the bay before the autumn."


def read(read_as: Read, name: str, content: str | bytes) -> list[Article]:
    found = read_as(name, content)
    assert all(isinstance(item, Article) for item in found), found
    return [item for item in found if isinstance(item, Article)]


def counted(
    number: int, title: str, *, day: str, labels: tuple[str, str, str] = ("BYLINE", "SECTION", "LENGTH")
) -> str:
    return (
        f"\n\n      {number} of 2 DOCUMENTS\n\n\n    The Example Guardian\n\n    {day}\n\n{title}\n\n"
        f"{labels[0]}: Mona Haug\n\n{labels[1]}: HOME PAGES; Pg. 4\n\n{labels[2]}: 85 words\n\n\n{ONE}\n\n{TWO}\n\n"
        "LOAD-DATE: January 12, 2010\n\nLANGUAGE: ENGLISH\n\nPUBLICATION-TYPE: Newspaper\n\n"
        "          Copyright 2010 Example Guardian Ltd\n               All Rights Reserved\n"
    )


NEWER = f"""Ferry quay closes

The Example Guardian
January 11, 2010 Monday
London Edition

Copyright 2010 Example Guardian Ltd All Rights Reserved

Section: HOME PAGES; Pg. 4
Length: 85 words
Byline: Mona Haug

Body

{ONE}

{TWO}

Classification

Language: ENGLISH
Subject: FERRIES (90%); PORTS & HARBORS (78%)
Person: INGRID SOLBERG (79%)
Geographic: LARVIK, NORWAY (93%)
Load-Date: January 12, 2010

End of Document

School gets a new roof

The Example Guardian
January 12, 2010 Tuesday

Length: 20 words

Body

{TWO}

End of Document
"""


def as_page(text: str) -> str:
    lines = "".join(f"<p>{line.strip()}</p>" for line in text.split("\n") if line.strip())
    return f"<!DOCTYPE html><html><body>{lines}</body></html>"


def as_rich_text(text: str) -> str:
    lines = "\\par\n".join(line.replace("–", "\\endash ") for line in text.split("\n"))
    return "{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\f0\\fs20 " + lines + "}"


@pytest.mark.parametrize("form", [str, as_page, as_rich_text], ids=["text", "page", "rich text"])
def test_newer_exports_of_nexis_are_read(read_as: Read, form: Callable[[str], str]) -> None:
    name = {"as_page": "a.html", "as_rich_text": "a.rtf"}.get(form.__name__, "a.txt")
    first, second = read(read_as, name, form(NEWER))
    assert (first.title, first.byline, first.source) == ("Ferry quay closes", "Mona Haug", "The Example Guardian")
    assert (first.published, first.section) == (dt.date(2010, 1, 11), "HOME PAGES")
    assert first.body == f"{ONE}\n\n{TWO}"
    assert first.topics == ("Ferries", "Ports & Harbors")
    assert first.people == ("Ingrid Solberg",)
    assert (second.title, second.published, second.body) == ("School gets a new roof", dt.date(2010, 1, 12), TWO)


@pytest.mark.parametrize("form", [str, as_page, as_rich_text], ids=["text", "page", "rich text"])
def test_older_exports_of_nexis_are_read(read_as: Read, form: Callable[[str], str]) -> None:
    name = {"as_page": "a.html", "as_rich_text": "a.rtf"}.get(form.__name__, "a.txt")
    text = counted(1, "Ferry quay closes", day="January 11, 2010 Monday") + counted(
        2, "Roof", day="January 12, 2010 Tuesday"
    )
    first, second = read(read_as, name, form(text))
    assert (first.title, first.source, first.byline) == ("Ferry quay closes", "The Example Guardian", "Mona Haug")
    assert (first.body, first.published) == (f"{ONE}\n\n{TWO}", dt.date(2010, 1, 11))
    assert (second.title, second.published, second.language) == ("Roof", dt.date(2010, 1, 12), "english")


@pytest.mark.parametrize(
    ("count", "labels", "day"),
    [
        ("Dokument {} von 2", ("AUTOR", "RUBRIK", "LÄNGE"), "11. Januar 2010 Montag"),
        ("{} sur 2 DOCUMENTS", ("AUTEUR", "RUBRIQUE", "LONGUEUR"), "lundi 11 janvier 2010"),
        ("{} de 2 DOCUMENTOS", ("AUTOR", "SECCIÓN", "LONGITUD"), "11 de enero de 2010 lunes"),
    ],
)
def test_interfaces_of_other_languages_are_understood(
    read_as: Read, count: str, labels: tuple[str, str, str], day: str
) -> None:
    text = "".join(counted(number, f"Story {number}", day=day, labels=labels) for number in (1, 2))
    for number in (1, 2):
        text = text.replace(f"{number} of 2 DOCUMENTS", count.format(number))
    first, second = read(read_as, "a.txt", text)
    assert (first.title, second.title) == ("Story 1", "Story 2")
    assert (first.published, first.byline, first.section) == (dt.date(2010, 1, 11), "Mona Haug", "HOME PAGES")


CODED = f"""HD   Ferry quay closes
BY   By Mona Haug
WC   85 words
PD   11 January 2010
SN   The Example Guardian
SC   EXGU
PG   4
LA   English
CY   (c) 2010 Example Guardian Ltd

LP
{ONE}

TD
{TWO}

NS
gtran : Transport | nrgn : Routine News
RE
norw : Norway
AN
Document EXGU000020100111e61b0001k

HD   School gets a new roof
WC   20 words
PD   12 January 2010
SN   The Example Guardian
LP
{TWO}
AN   Document EXGU000020100112e61c0002m
"""

SHOWN = f"""News
Ferry quay closes
By Mona Haug
85 words
11 January 2010
10:15 AM
The Example Guardian
EXGU
4
English
(c) 2010 Example Guardian Ltd

{ONE}

{TWO}

Document EXGU000020100111e61b0001k

School gets a new roof

20 words
12 January 2010
The Example Guardian
EXGU
English
Copyright 2010 Example Guardian Ltd

{TWO}

Document EXGU000020100112e61c0002m

Search Summary
Text: ferry
"""


@pytest.mark.parametrize("form", [str, as_page, as_rich_text], ids=["text", "page", "rich text"])
@pytest.mark.parametrize("text", [CODED, SHOWN], ids=["with codes", "as shown"])
def test_exports_of_factiva_are_read(read_as: Read, text: str, form: Callable[[str], str]) -> None:
    name = {"as_page": "a.html", "as_rich_text": "a.rtf"}.get(form.__name__, "a.txt")
    first, second = read(read_as, name, form(text))
    assert (first.title, first.byline, first.source) == ("Ferry quay closes", "Mona Haug", "The Example Guardian")
    assert (first.published, first.id) == (dt.date(2010, 1, 11), "EXGU000020100111e61b0001k")
    assert first.body == f"{ONE}\n\n{TWO}"
    assert (second.title, second.published, second.body) == ("School gets a new roof", dt.date(2010, 1, 12), TWO)
    if text == CODED:
        assert (first.topics, first.places) == (("Transport", "Routine News"), ("Norway",))


def test_exports_of_proquest_are_read(read_as: Read) -> None:
    rule = "_" * 60
    text = f"""Document 1 of 2

Title: Ferry quay closes

Author: Haug, Mona

Publication title: The Example Guardian; London

Publication date: Jan 11, 2010

Section: Home

Full text: {ONE}

{TWO}

Subject: Ferries; Ports

ProQuest document ID: 123456

Document URL: https://search.example/docview/123456

{rule}

Document 2 of 2

Title: School gets a new roof

Publication title: The Example Guardian

Publication date: Jan 12, 2010

Full text: {TWO}

ProQuest document ID: 123457

{rule}
Contact us at: https://search.example
"""
    first, second = read(read_as, "a.txt", text)
    assert (first.title, first.byline, first.body) == ("Ferry quay closes", "Mona Haug", f"{ONE}\n\n{TWO}")
    assert (first.published, first.topics) == (dt.date(2010, 1, 11), ("Ferries", "Ports"))
    assert first.url == "https://search.example/docview/123456"
    assert (second.title, second.published) == ("School gets a new roof", dt.date(2010, 1, 12))


def test_labelled_articles_one_after_another_are_several(read_as: Read) -> None:
    text = (
        f"Headline: Ferry closes\nPaper: Example Herald\nDate: March 12, 2019\nAuthor: Mona Haug\nPage: A1\n\n"
        f"{ONE}\n\n{TWO}\n\n"
        f"Headline: School roof\nPaper: Example Herald\nDate: March 13, 2019\nAuthor: Per Lie\nPage: A2\n\n{TWO}\n"
    )
    first, second = read(read_as, "a.txt", text)
    assert (first.title, first.source, first.byline) == ("Ferry closes", "Example Herald", "Mona Haug")
    assert (first.body, second.body) == (f"{ONE}\n\n{TWO}", TWO)
    assert (first.published, second.published) == (dt.date(2019, 3, 12), dt.date(2019, 3, 13))

    chinese = "标题：港口关闭\n媒体：示例日报\n日期：2019年3月12日\n\n港口委员会决定关闭旧码头。\n\n"
    first, second = read(read_as, "b.txt", chinese + chinese.replace("港口关闭", "学校屋顶").replace("12日", "13日"))
    assert (first.title, first.source, first.published) == ("港口关闭", "示例日报", dt.date(2019, 3, 12))
    assert (second.title, second.published) == ("学校屋顶", dt.date(2019, 3, 13))


def test_exports_of_europresse_are_read(read_as: Read) -> None:
    article = (
        '<article><header><span class="DocPublicationName">L’Exemple</span><span class="DocHeader">'
        "Politique, lundi 11 janvier "
        '2010, p. 4</span><p class="titreArticleVisu">{title}</p><p class="docAuthors">Mona Haug</p></header>'
        f'<div class="docOcurrContainer"><p>{ONE}</p><p>{TWO}</p></div></article>'
    )
    page = (
        "<!DOCTYPE html><html><body>"
        + article.format(title="Le quai ferme")
        + article.format(title="Le toit")
        + "</body></html>"
    )
    first, second = read(read_as, "a.html", page)
    assert (first.title, first.source, first.byline) == ("Le quai ferme", "L’Exemple", "Mona Haug")
    assert (first.published, first.body) == (dt.date(2010, 1, 11), f"{ONE}\n\n{TWO}")
    assert second.title == "Le toit"


def test_one_article_with_labels_on_top_is_one(read_as: Read) -> None:
    text = "Title: Ferry closes\nDate: March 12, 2019\nSource: Herald\nAuthor: Mona Haug\n\n"
    text += f"{ONE}\n\nSubject to change, he said: no."
    (article,) = read(read_as, "a.txt", text)
    assert article.title == "Ferry closes"
    assert "Subject to change" in article.body

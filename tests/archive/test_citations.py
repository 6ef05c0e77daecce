"""Authors one by one, and the time of day, in every form that articles are exported to."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest

from searchapp import Article
from searchapp.archive.citations import authors_in, bibtex, plain, ris
from searchapp.archive.exporting import FORMS
from searchapp.web.feeds.metadata import citation_meta


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("", ()),
        ("Ann Lee", ("Ann Lee",)),
        ("Ann Lee, Bo Chan", ("Ann Lee", "Bo Chan")),
        ("By Ann Lee and Bo Chan", ("Ann Lee", "Bo Chan")),
        ("by: Ann Lee", ("Ann Lee",)),
        ("Ann Lee, Bo Chan, and Cy Dee", ("Ann Lee", "Bo Chan", "Cy Dee")),
        ("Ann Lee & Bo Chan; Cy Dee | Di Eck", ("Ann Lee", "Bo Chan", "Cy Dee", "Di Eck")),
        ("Lee, Ann", ("Lee, Ann",)),
        ("Lee, Ann; Chan, Bo", ("Lee, Ann", "Chan, Bo")),
        ("Ann Lee, Jr.", ("Ann Lee, Jr.",)),
        ("Ann Lee, Ann Lee", ("Ann Lee",)),
        ("Byron Andrews", ("Byron Andrews",)),
        ("Jörg Groß und Zoë Weiß", ("Jörg Groß", "Zoë Weiß")),
    ],
)
def test_authors_of_a_byline(byline: str, authors: tuple[str, ...]) -> None:
    article = Article(id="a", body="b", byline=byline)
    assert authors_in(byline) == authors
    assert [line.removeprefix("AU  - ") for line in ris(article).splitlines() if line.startswith("AU")] == list(authors)
    written = [line.rstrip(",") for line in bibtex(article).splitlines() if line.strip().startswith("author")]
    assert written == ([f"  author = {{{' and '.join(authors)}}}"] if authors else [])


def test_every_form_of_export_keeps_the_time_of_day() -> None:
    article = Article(id="a", body="b", published=dt.date(2023, 9, 4), published_time=dt.time(14, 5))
    texts = {ending: "".join(form.write([article])) for ending, form in FORMS.items()}
    assert all("14:05:00" in text for text in texts.values())
    assert json.loads(texts["jsonl"])["published"] == "2023-09-04T14:05:00"
    assert next(csv.DictReader(io.StringIO(texts["csv"])))["published"] == "2023-09-04T14:05:00"
    assert "DA  - 2023/09/04/14:05:00\r\n" in texts["ris"]


def test_a_day_without_a_time_stays_a_day() -> None:
    article = Article(id="a", body="b", published=dt.date(2023, 9, 4))
    assert json.loads("".join(FORMS["jsonl"].write([article])))["published"] == "2023-09-04"
    assert "DA  - 2023/09/04\r\n" in ris(article)
    assert "time" not in bibtex(article)


def test_a_citation_of_what_has_pages_names_them_in_every_form() -> None:
    over_two = Article(id="a", title="Fog", body="Fog came. It went.", pages=(0, 0, 0, 10))
    assert over_two.page_span == (3, 4)
    assert plain(over_two) == "“Fog”. pp. 3–4."
    assert plain(over_two, page=4) == "“Fog”. p. 4."
    assert "pages = {3--4}" in bibtex(over_two)
    assert "SP  - 3\r\nEP  - 4\r\n" in ris(over_two)
    assert dict(citation_meta(over_two))["citation_firstpage"] == "3"
    on_one = Article(id="a", body="Fog.", pages=(0, 0))
    assert (plain(on_one), "pages = {2}" in bibtex(on_one)) == ("p. 2.", True)
    without = Article(id="a", body="Fog.")
    assert not any(word in plain(without) + bibtex(without) + ris(without) for word in ("p. ", "pages", "SP"))

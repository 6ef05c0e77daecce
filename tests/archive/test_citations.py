"""Authors one by one, and the time of day, in every form that articles are exported to."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pytest

from searchapp import Article
from searchapp.archive.citations import authors_in, bibtex, ris
from searchapp.archive.exporting import FORMS


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

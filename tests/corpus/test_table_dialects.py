"""Tables and records as people have them: in other languages, with other marks, in every way to write a list."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable

import pytest

from searchapp.corpus.decoding.base import Yielded
from searchapp.model.article import Article
from searchapp.model.result import Skipped

Reader = Callable[..., list[Yielded]]
TEXT = "The harbour council of Larvik voted on Tuesday to close the old ferry quay after forty years of service."
ROWS = [
    {"title": "Ferry quay closes", "text": TEXT, "date": "2019-03-12"},
    {"title": "School roof", "text": TEXT, "date": ""},
]


def titles(found: list[Yielded]) -> list[str]:
    return [one.title for one in found if isinstance(one, Article)]


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("Titel;Datum;Zeitung;Text;Autor", "12.03.2019"),
        ("Überschrift;Veröffentlicht;Quelle;Volltext;Verfasser", "12. März 2019"),
        ("titre;date;journal;texte;auteur", "12 mars 2019"),
        ("Titular;Fecha;Medio;Cuerpo;Periodista", "12 de marzo de 2019"),
        ("titolo;data;testata;testo;autore", "12 marzo 2019"),
        ("Título;Data;Veículo;Conteúdo;Autor", "2019-03-12"),
        ("Tytuł;Data publikacji;Źródło;Treść;Autor", "12.03.2019"),
        ("Tittel;Dato;Kilde;Brødtekst;Journalist", "12. mars 2019"),
        ("Otsikko;Päivämäärä;Lehti;Teksti;Kirjoittaja", "12.3.2019"),
        ("Başlık;Tarih;Kaynak;Metin;Yazar", "12.03.2019"),
        ("Заголовок;Дата;Источник;Текст;Автор", "12 марта 2019"),
        ("Τίτλος;Ημερομηνία;Πηγή;Κείμενο;Συγγραφέας", "12/03/2019"),
        ("العنوان;التاريخ;المصدر;النص;المؤلف", "2019-03-12"),
        ("标题;日期;来源;正文;作者", "2019年3月12日"),
        ("見出し;日付;掲載紙;本文;記者", "2019年3月12日"),
        ("제목;날짜;언론사;본문;기자", "2019-03-12"),
    ],
)
def test_columns_are_found_by_what_they_are_called_in_many_languages(read_as: Reader, header: str, day: str) -> None:
    # The thirteenth settles which of two numbers is the day.
    rows = f"Ferry;{day};The Port;{TEXT};Mona Haug\nSchool;13/03/2019;The Port;{TEXT};\n"
    (first, _) = read_as("a.csv", f"{header}\n{rows}")
    assert isinstance(first, Article)
    assert (first.title, first.published, first.source) == ("Ferry", dt.date(2019, 3, 12), "The Port")
    assert (first.body, first.byline) == (TEXT, "Mona Haug")


def test_a_preamble_in_another_language_is_above_the_header(read_as: Reader) -> None:
    content = f"Søk;12.03.2019\n\nAntall treff;1\n\nTittel;Kilde;Dato;Tekst\nFergekai;Avisen;12.03.2019;{TEXT}\n"
    assert titles(read_as("a.csv", content)) == ["Fergekai"]


def test_a_cell_that_begins_with_a_quoted_word_keeps_its_row(read_as: Reader) -> None:
    content = f'title;body;date\n"School" roof;new roof "soon";2019-03-13\nBus;{TEXT};2019-03-14\n'
    assert titles(read_as("a.csv", content)) == ['"School" roof', "Bus"]


def test_na_is_nobody(article_as: Callable[..., Article]) -> None:
    assert article_as("a.csv", "title,text,author,source\nFerry,Some words here,NA,NA\n").byline == ""


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({key: [row[key] for row in ROWS] for key in ROWS[0]}),
        json.dumps([list(ROWS[0]), *(list(row.values()) for row in ROWS)]),
        json.dumps({"columns": list(ROWS[0]), "data": [list(row.values()) for row in ROWS]}),
        json.dumps({"schema": {"fields": [{"name": "title", "type": "string"}]}, "data": ROWS}),
        "".join(f"\x1e{json.dumps(row)}\n" for row in ROWS),
        "".join(f"{json.dumps(row)},\n" for row in ROWS),
        json.dumps({"data": ROWS, "includes": {"users": [{"name": "Ann"}]}}) + "\n",
    ],
    ids=["lists", "values", "split", "table", "sequence", "commas", "envelope"],
)
def test_every_way_to_write_a_table_in_json_gives_its_rows(read_as: Reader, content: str) -> None:
    for name in ("a.json", "a.jsonl") if content.endswith("\n") else ("a.json",):
        assert titles(read_as(name, content)) == ["Ferry quay closes", "School roof"]


def test_rows_without_names_are_told(read_as: Reader) -> None:
    (told,) = read_as("a.json", json.dumps([list(row.values()) for row in ROWS]))
    assert isinstance(told, Skipped)
    assert told.reason == "rows without the names of their columns; save it anew as a list of objects"


def test_an_article_whose_text_is_a_list_of_paragraphs_is_one_article(article_as: Callable[..., Article]) -> None:
    article = article_as("a.json", json.dumps({"title": "Ferry", "body": ["One.", "Two."], "tags": ["a", "b"]}))
    assert (article.title, article.body) == ("Ferry", "One.\n\nTwo.")


def test_an_article_with_comments_is_no_envelope_of_them(read_as: Reader) -> None:
    line = json.dumps(
        {"headline": "Ferry", "comments": [{"title": "No", "text": "Bad"}, {"title": "So", "text": "Bad"}]}
    )
    assert titles(read_as("a.jsonl", f"{line}\n{line.replace('Ferry', 'Bus')}\n")) == ["Ferry", "Bus"]


def test_names_of_people_in_two_parts_are_joined(article_as: Callable[..., Article]) -> None:
    authors = [{"first_name": "Mona", "last_name": "Haug"}, {"firstname": "Per", "lastname": "Dahl"}]
    assert article_as("a.json", json.dumps({**ROWS[0], "authors": authors})).byline == "Mona Haug, Per Dahl"


def test_facets_of_the_newswire_are_names_of_their_kinds(article_as: Callable[..., Article]) -> None:
    facets = {
        "des_facet": ["Ferries"],
        "per_facet": ["Solberg, Ingrid"],
        "geo_facet": ["Larvik (Norway)"],
        "org_facet": [],
    }
    article = article_as("a.json", json.dumps({"results": [{"title": "Ferry", "abstract": TEXT, **facets}]}))
    assert dict(article.assigned) == {"people": ("Ingrid Solberg",), "places": ("Larvik (Norway)",)}
    assert article.topics == ("Ferries",)


def test_a_scraped_tweet_has_its_person_and_text(article_as: Callable[..., Article]) -> None:
    tweet = {"id": 7, "date": "2019-03-12T10:00:00+00:00", "rawContent": TEXT, "user": {"displayname": "Mona Haug"}}
    article = article_as("a.jsonl", json.dumps(tweet) + "\n")
    assert (article.id, article.body, article.byline) == ("twitter-7", TEXT, "Mona Haug")

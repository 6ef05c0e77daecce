"""Every match of a search as a file, sent piece by piece."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from searchapp.archive import Archive
from searchapp.engines.memory.engine import MemoryState
from searchapp.errors import SearchTimeout
from searchapp.model.article import Article
from searchapp.web.app import make_app
from searchapp.web.feeds.exports import AT_ONCE, EXPORTS
from searchapp.web.feeds.metadata import citation_meta, json_ld

from .conftest import Ask, asker


def test_a_table_has_a_row_for_every_match_whatever_the_page(ask: Ask) -> None:
    reply = ask("/export.csv?q=talks&page=2&page_size=1&sort=oldest")
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert reply.headers["Content-Disposition"] == 'attachment; filename="talks.csv"'
    rows = list(csv.DictReader(io.StringIO(reply.body.decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == ["a1", "a2", "a3"]
    assert rows[2]["people"] == "Nikol Pashinyan"
    assert rows[2]["topics"] == "diplomacy; peace"


def test_cells_that_a_spreadsheet_would_run_are_defused(ask: Ask, archive: Archive) -> None:
    archive.add([Article(id="x", title="=HYPERLINK(1)", body="+formula", byline="@x")], recognise=False)
    (row,) = csv.DictReader(io.StringIO(ask("/export.csv?q=formula").body.decode("utf-8-sig")))
    assert (row["title"], row["body"], row["byline"]) == ("'=HYPERLINK(1)", "'+formula", "'@x")


def test_json_lines_hold_an_article_each(ask: Ask) -> None:
    lines = ask("/export.jsonl?place=Baku").text.splitlines()
    assert sorted(json.loads(line)["id"] for line in lines) == ["a2", "a3"]


def test_bibtex_and_ris_have_an_entry_for_each_match(ask: Ask) -> None:
    entries = ask("/export.bib?q=talks").text
    assert entries.count("@article{") == 3
    assert len({line for line in entries.splitlines() if line.startswith("@article")}) == 3
    records = ask("/export.ris?q=talks").text
    assert records.count("TY  - NEWS\r\n") == records.count("ER  - \r\n") == 3


@pytest.mark.parametrize("form", EXPORTS)
def test_an_export_of_nothing_is_an_empty_file_and_can_be_repeated(ask: Ask, form: str) -> None:
    for _ in range(AT_ONCE + 1):
        reply = ask(f"/export.{form}?q=nothing+at+all")
        assert reply.status == 200
        assert len(reply.text.splitlines()) == (1 if form == "csv" else 0)


@pytest.mark.parametrize("form", EXPORTS)
def test_a_head_request_gives_back_its_place(ask: Ask, form: str) -> None:
    for _ in range(AT_ONCE + 1):
        reply = ask(f"/export.{form}", method="HEAD")
        assert (reply.status, reply.body) == (200, b"")


def start(app: Any, path: str) -> tuple[str, Any]:
    """Status and the body, of which nothing has been asked for yet."""
    environ: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": "", "wsgi.errors": io.StringIO()}
    setup_testing_defaults(environ)
    seen: list[str] = []
    body = app(environ, lambda status, headers, exc=None: seen.append(status))
    return seen[-1].split()[0], body


def test_articles_are_fetched_as_they_are_sent(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[str] = []

    def matches(self: Archive, request: object) -> Iterator[Article]:
        for number in range(1_000_000):
            fetched.append(str(number))
            yield Article(id=str(number), body="x" * 10_000)

    monkeypatch.setattr(Archive, "matches", matches)
    status, body = start(make_app(archive), "/export.jsonl")
    assert status == "200"
    assert len(fetched) < 20
    next(iter(body))
    assert len(fetched) < 40
    body.close()


def test_slow_readers_of_exports_leave_the_rest_of_the_site_answering(archive: Archive) -> None:
    archive.add([Article(id=f"n{n}", body="word " * 20_000) for n in range(4)], recognise=False)
    app = make_app(archive)
    started = [start(app, "/export.csv") for _ in range(AT_ONCE)]
    assert {status for status, _ in started} == {"200"}
    ask = asker(app)
    refused = ask("/export.csv")
    assert refused.status == 503
    assert refused.headers["Retry-After"]
    assert ask("/").status == 200
    started[0][1].close()
    started[0][1].close()
    assert ask("/export.csv").status == 200
    started[1][1].close()


def test_a_search_that_fails_is_an_error_and_no_broken_file(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def matches(self: object, *_: object, **__: object) -> Iterator[Article]:
        raise SearchTimeout("the query took longer than 5 seconds; use fewer or rarer words")
        yield

    monkeypatch.setattr(MemoryState, "matches", matches)
    ask = asker(make_app(archive))
    for _ in range(AT_ONCE + 1):
        reply = ask("/export.csv")
        assert reply.status == 503
        assert "fewer or rarer words" in reply.text


def test_an_article_page_describes_its_article_to_programs(ask: Ask) -> None:
    text = ask("/article/a3").text
    block = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    values = json.loads(block)
    assert values["@type"] == "NewsArticle"
    assert values["headline"] == "A third round"
    assert values["datePublished"] == "2023-09-03"
    assert {"@type": "Organization", "name": "United Nations"} in values["mentions"]
    assert '<meta name="citation_title" content="A third round">' in text
    assert '<meta name="citation_publication_date" content="2023/09/03">' in text


def test_the_description_cannot_end_its_script(archive: Archive) -> None:
    evil = "</script><script>alert(1)</script><!-- & \u2028"
    found = Article(id="x", body="b", title=evil, byline=evil, url="javascript:alert(1)", topics=(evil,))
    text = str(json_ld(found))
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text)["headline"] == evil
    assert "url" not in json.loads(text)
    assert ("citation_public_url", "javascript:alert(1)") not in citation_meta(found)


def test_times_of_publication_are_given_where_known() -> None:
    found = Article(id="x", body="b", published=dt.date(2023, 9, 3), published_time=dt.time(14, 30))
    assert json.loads(str(json_ld(found)))["datePublished"] == "2023-09-03T14:30:00"

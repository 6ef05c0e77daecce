from __future__ import annotations

import datetime as dt
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from searchapp.corpus import read_file
from searchapp.corpus.decoding.base import Yielded
from searchapp.model.article import Article
from searchapp.model.result import Skipped

Read = Callable[..., list[Yielded]]
One = Callable[..., Article]


def titles(found: list[Yielded]) -> list[str]:
    return [item.title for item in found if isinstance(item, Article)]


def reasons(found: list[Yielded]) -> list[str]:
    return [item.reason for item in found if isinstance(item, Skipped)]


def test_a_list_of_objects_gives_an_article_each(read_as: Read) -> None:
    assert titles(read_as("a.json", '[{"title": "A", "body": "x"}, {"title": "B", "body": "y"}]')) == ["A", "B"]


def test_an_object_by_itself_is_one_article(article_as: One) -> None:
    article = article_as("a.json", '{"headline": "A", "text": "x", "author": {"name": "Jane"}, "tags": ["p", "q"]}')
    assert (article.title, article.body, article.byline, article.topics) == ("A", "x", "Jane", ("p", "q"))


def test_a_list_inside_an_object_is_found(read_as: Read) -> None:
    answer = {
        "status": "ok",
        "title": "All articles",
        "facets": [{"title": "World", "count": 3}],
        "articles": [
            {
                "source": {"id": None, "name": "Reuters"},
                "title": "A",
                "content": "x",
                "publishedAt": "2023-09-22T10:15:00Z",
                "related": [{"title": "Other", "text": "no article of this file"}],
            },
            {"title": "B", "content": "y"},
        ],
    }
    found = read_as("a.json", json.dumps(answer))
    assert titles(found) == ["A", "B"]
    first = found[0]
    assert isinstance(first, Article)
    assert (first.source, first.published) == ("Reuters", dt.date(2023, 9, 22))


def test_fields_inside_a_wrapper_belong_to_the_article(article_as: One) -> None:
    item = {
        "webTitle": "A",
        "webPublicationDate": "2023-01-02T03:04:05Z",
        "fields": {"bodyText": "x", "byline": "Jane"},
    }
    article = article_as("a.json", json.dumps({"response": {"results": [item]}}))
    assert (article.title, article.body, article.byline) == ("A", "x", "Jane")


def test_keys_inside_objects_can_be_mapped(article_as: One) -> None:
    item = {"h": {"kicker": "A"}, "parts": {"lead": "x"}}
    article = article_as("a.json", json.dumps([item]), columns={"title": "h.kicker", "body": "parts.lead"})
    assert (article.title, article.body) == ("A", "x")


def test_a_missing_mapped_key_is_reported_with_those_there_are(reason_of: Callable[..., str]) -> None:
    reason = reason_of("a.jsonl", '{"kicker": "A"}\n{"kicker": "B"}\n', columns={"title": "headline"})
    assert reason == "no column 'headline' for title; the columns are 'kicker'"


def test_a_list_of_paragraphs_is_a_body(article_as: One) -> None:
    assert article_as("a.json", '[{"title": "A", "body": ["One.", "Two."]}]').body == "One.\n\nTwo."


def test_broken_lines_are_skipped_and_the_rest_is_read(read_as: Read) -> None:
    found = read_as("a.jsonl", '{"title": "A"}\n{"title": \n[1]\n\n{"title": "B"}\n{"n": 1}\n')
    assert titles(found) == ["A", "B"]
    assert reasons(found) == [
        "line 2: broken JSON: expecting value",
        "line 3: no JSON object",
        "line 6: neither text nor title",
    ]


def test_lines_are_read_whatever_the_ending_says(read_as: Read) -> None:
    assert titles(read_as("a.json", '{"title": "A"}\n{"title": "B"}\n')) == ["A", "B"]
    assert titles(read_as("b.jsonl", '[{"title": "A"},\n {"title": "B"}]')) == ["A", "B"]
    assert titles(read_as("c.jsonl", '{"title": "only"}\n')) == ["only"]


def test_a_first_line_that_is_broken_does_not_cost_the_others(read_as: Read) -> None:
    assert titles(read_as("a.jsonl", 'oops\n{"title": "A"}\n')) == ["A"]


def test_keys_that_come_late_are_used(read_as: Read) -> None:
    lines = [json.dumps({"title": str(number)}) for number in range(150)]
    lines.append(json.dumps({"title": "late", "body": "x"}))
    last = read_as("a.jsonl", "\n".join(lines))[-1]
    assert isinstance(last, Article)
    assert last.body == "x"


def test_a_cut_file_gives_what_stands_before_the_cut(read_as: Read) -> None:
    found = read_as("a.json", '[{"title": "A", "body": "x"}, {"title": "B", "bo')
    assert titles(found) == ["A"]
    assert reasons(found)[0].startswith("broken JSON")


@pytest.mark.parametrize("content", ['{"a": 1}', "[1, 2]", "[]", "{}", '"text"', "nonsense", "{", '[[{"x": 1}]]'])
def test_json_without_articles_says_so(reason_of: Callable[..., str], content: str) -> None:
    assert reason_of("a.json", content)


def test_json_nested_without_end_is_harmless(reason_of: Callable[..., str], read_as: Read) -> None:
    assert reason_of("a.json", "[" * 200_000)
    assert titles(read_as("b.jsonl", '{"title": "A", "x": ' + "[" * 100_000 + '\n{"title": "B"}\n')) == ["B"]


def test_other_encodings_of_json_are_read(article_as: One) -> None:
    assert article_as("a.json", '[{"title": "Zürich"}]'.encode("utf-16")).title == "Zürich"
    assert article_as("b.json", '[{"title": "Zürich"}]'.encode("utf-8-sig")).title == "Zürich"
    assert article_as("c.json", '[{"title": "Zürich"}]'.encode("cp1252")).title == "Zürich"


def test_halves_of_surrogate_pairs_do_no_harm(read_as: Read) -> None:
    assert titles(read_as("a.jsonl", '{"title": "A\\ud800B"}\n{"title": "C"}\n')) == ["AB", "C"]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_large_files_are_read_in_little_memory(tmp_path: Path, name: str) -> None:
    item = json.dumps({"title": "A", "body": "x" * 50_000})
    path = tmp_path / name
    path.write_text("[" + ",".join([item] * 200) + "]" if name == "a.json" else "\n".join([item] * 200))
    tracemalloc.start()
    try:
        assert sum(isinstance(found, Article) for found in read_file(path)) == 200
        assert tracemalloc.get_traced_memory()[1] < 8 << 20 < path.stat().st_size
    finally:
        tracemalloc.stop()

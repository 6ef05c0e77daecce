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


def articles(found: list[Yielded]) -> list[Article]:
    return [item for item in found if isinstance(item, Article)]


ROWS = [
    {"title": "Ferry closes", "date": "2019-03-12", "text": "One."},
    {"title": "Roof", "date": "2019-03-13", "text": "Two."},
]


@pytest.mark.parametrize(
    "table",
    [
        {key: {str(at): row[key] for at, row in enumerate(ROWS)} for key in ROWS[0]},
        {"columns": list(ROWS[0]), "index": [0, 1], "data": [list(row.values()) for row in ROWS]},
        {"columns": list(ROWS[0]), "data": [list(row.values()) for row in ROWS]},
        {str(at): row for at, row in enumerate(ROWS)},
        {"schema": {"fields": [{"name": "title"}]}, "data": [{"index": at, **row} for at, row in enumerate(ROWS)]},
        ROWS,
        {"articles": {str(at + 17): row for at, row in enumerate(ROWS)}},
    ],
    ids=["columns", "split", "split-without-index", "index", "table", "records", "objects-by-number"],
)
def test_tables_are_read_in_every_orientation(read_as: Read, table: object) -> None:
    found = articles(read_as("a.json", json.dumps(table)))
    assert [(item.title, str(item.published), item.body) for item in found] == [
        (row["title"], row["date"], row["text"]) for row in ROWS
    ]


@pytest.mark.parametrize("between", ["", "\n", " \n\n", ",\n"])
@pytest.mark.parametrize("indent", [None, 2])
def test_documents_one_after_another_are_read(read_as: Read, between: str, indent: int | None) -> None:
    if between == ",\n" and indent:
        return
    text = between.join(json.dumps(row, indent=indent) for row in ROWS)
    if between != ",\n":
        assert [item.title for item in articles(read_as("a.json", text))] == ["Ferry closes", "Roof"]


def test_nan_and_infinity_are_nothing(read_as: Read) -> None:
    text = '{"title": "A: NaN, \\"Infinity\\"", "author": NaN, "source": Infinity, "tags": [NaN], "text": "One NaN."}'
    for name, content in (
        ("a.json", text),
        ("b.jsonl", text),
        ("c.jsonl", f"{text}\n{text}\n"),
        ("d.json", f"[{text}]"),
    ):
        for article in articles(read_as(name, content)):
            assert (article.title, article.byline, article.source) == ('A: NaN, "Infinity"', "", "")
            assert (article.topics, article.body) == ((), "One NaN.")


def test_nan_is_found_wherever_the_reader_cuts_the_file(read_as: Read) -> None:
    rows = [
        {"title": f"Story {at}", "text": 'a\\ "NaN" ' * (at % 7 + 1) * 200, "author": float("nan")} for at in range(60)
    ]
    found = articles(read_as("a.json", json.dumps(rows)))
    assert [item.title for item in found] == [row["title"] for row in rows]
    assert {item.byline for item in found} == {""}
    assert found[3].body.startswith('a\\ "NaN" a')


def test_keywords_of_the_new_york_times_become_names_and_topics(article_as: One) -> None:
    keywords = [
        {"name": "persons", "value": "Solberg, Ingrid"},
        {"name": "glocations", "value": "Larvik (Norway)"},
        {"name": "organizations", "value": "Harbour Council"},
        {"name": "subject", "value": "Ferries"},
    ]
    item = {
        "headline": {"main": "Ferry Quay Closes"},
        "pub_date": "2019-03-12T08:00:00+0000",
        "web_url": "https://daily.example/f",
        "byline": {"original": "By Mona Haug"},
        "lead_paragraph": "The council voted.",
        "keywords": keywords,
        "source": "Daily",
    }
    article = article_as("a.json", json.dumps({"response": {"docs": [item]}}))
    assert (article.title, article.byline, article.topics) == ("Ferry Quay Closes", "Mona Haug", ("Ferries",))
    assert dict(article.assigned) == {
        "people": ("Ingrid Solberg",),
        "places": ("Larvik (Norway)",),
        "organisations": ("Harbour Council",),
    }
    assert (article.url, article.source) == ("https://daily.example/f", "Daily")


def test_articles_of_the_guardian_are_read(article_as: One) -> None:
    item = {
        "id": "world/2019/ferry",
        "webTitle": "Ferry closes",
        "webPublicationDate": "2019-03-12T08:00:00Z",
        "sectionName": "World",
        "webUrl": "https://guardian.example/f",
        "fields": {"body": "<p>One.</p><p>Two.</p>", "byline": "Mona Haug in Larvik"},
        "tags": [{"type": "keyword", "webTitle": "Ferries"}, {"type": "contributor", "webTitle": "Mona Haug"}],
    }
    article = article_as("a.json", json.dumps({"response": {"status": "ok", "results": [item]}}))
    assert (article.title, article.body, article.byline) == ("Ferry closes", "One.\n\nTwo.", "Mona Haug")
    assert (article.section, article.topics, article.source) == ("World", ("Ferries",), "The Guardian")


def test_pieces_of_the_washington_post_become_one_article(article_as: One) -> None:
    contents = [
        {"content": "World", "mime": "text/plain", "type": "kicker"},
        {"content": "Ferry closes", "mime": "text/plain", "type": "title"},
        {"content": "One.", "mime": "text/plain", "type": "sanitized_html"},
        {"content": "<a href=x>Two.</a>", "mime": "text/html", "type": "sanitized_html"},
        {"type": "image", "fullcaption": "x"},
    ]
    item = {
        "id": "b2",
        "title": "Ferry closes",
        "author": "Mona Haug",
        "published_date": 1552377600000,
        "contents": contents,
    }
    article = article_as("a.jsonl", json.dumps(item) + "\n")
    assert (article.title, article.body, article.section) == ("Ferry closes", "One.\n\nTwo.", "World")
    assert article.published == dt.date(2019, 3, 12)


def test_posts_of_networks_are_read_with_their_channel(read_as: Read) -> None:
    tweet = {
        "created_at": "Wed Oct 10 20:19:24 +0000 2018",
        "id_str": "105",
        "full_text": "Ferry closes",
        "lang": "en",
        "user": {"name": "Daily", "screen_name": "daily"},
        "source": "<a href=x>Web</a>",
        "entities": {"hashtags": [{"text": "port"}]},
    }
    (found,) = articles(read_as("a.jsonl", json.dumps(tweet) + "\n"))
    assert (found.body, found.byline, found.source, found.topics) == ("Ferry closes", "Daily", "Twitter", ("port",))
    assert (found.url, found.published) == ("https://twitter.com/daily/status/105", dt.date(2018, 10, 10))

    messages = [
        {
            "id": 1,
            "type": "service",
            "date": "2019-03-11T08:00:00",
            "action": "create_channel",
            "actor_id": "c1",
            "text": "",
        },
        {
            "id": 2,
            "type": "message",
            "date": "2019-03-12T08:00:00",
            "from": "Daily",
            "from_id": "c1",
            "text": ["Ferry closes, ", {"type": "bold", "text": "today"}, " ", {"type": "hashtag", "text": "#port"}],
        },
    ]
    found_in_chat = read_as(
        "b.json", json.dumps({"name": "Daily", "type": "public_channel", "id": 77, "messages": messages})
    )
    (found,) = articles(found_in_chat)
    assert (found.body, found.source, found.byline) == ("Ferry closes, today #port", "Daily", "")
    assert (found.id, found.topics) == ("telegram-77-2", ("port",))
    assert "no message" in "".join(item.reason for item in found_in_chat if isinstance(item, Skipped))

    note = {
        "type": "Note",
        "id": "https://m.example/1",
        "content": "<p>Ferry closes</p>",
        "published": "2019-03-12T08:00:00Z",
        "attributedTo": "https://m.example/users/daily",
        "tag": [{"name": "#port"}],
    }
    outbox = {
        "orderedItems": [
            {"id": "x", "type": "Create", "published": "2019-03-12T08:00:00Z", "object": note},
            {"id": "y", "type": "Announce", "published": "2019-03-12T09:00:00Z", "object": "https://m.example/2"},
        ]
    }
    (found,) = articles(read_as("outbox.json", json.dumps(outbox)))
    assert (found.id, found.body, found.byline) == ("https://m.example/1", "Ferry closes", "daily")
    assert (found.published, found.topics) == (dt.date(2019, 3, 12), ("port",))


def test_what_readers_of_news_write_is_read(article_as: One) -> None:
    article = article_as(
        "a.json",
        json.dumps(
            {
                "authors": ["Mona Haug", "Per Lie"],
                "date_download": "2024-01-05 10:00:00",
                "date_publish": "2019-03-12 08:00:00",
                "maintext": "One.",
                "source_domain": "daily.example",
                "title": "Ferry closes",
                "url": "https://daily.example/f",
            }
        ),
    )
    assert (article.published, article.source, article.byline) == (
        dt.date(2019, 3, 12),
        "daily.example",
        "Mona Haug, Per Lie",
    )

    body = {
        "summary": ["Short."],
        "sections": [{"headline": [], "paragraphs": ["One."]}, {"headline": ["Next"], "paragraphs": ["Two."]}],
    }
    article = article_as(
        "b.json",
        json.dumps(
            {
                "title": "Ferry closes",
                "authors": ["Mona Haug"],
                "publishing_date": "2019-03-12 08:00:00+01:00",
                "body": body,
                "html": {
                    "requested_url": "https://daily.example/f",
                    "content": "<html></html>",
                    "crawl_date": "2024-01-05",
                },
            }
        ),
    )
    assert (article.body, article.url) == ("Short.\n\nOne.\n\nNext\n\nTwo.", "https://daily.example/f")
    assert article.published == dt.date(2019, 3, 12)

    article = article_as(
        "c.json",
        json.dumps(
            {
                "posts": [
                    {
                        "uuid": "a1",
                        "title": "Ferry closes",
                        "text": "One.",
                        "published": "2019-03-12T08:00:00.000+02:00",
                        "thread": {"site": "daily.example", "title": "Other", "published": "2019-03-01"},
                        "entities": {"persons": [{"name": "ingrid solberg"}], "locations": [], "organizations": []},
                    }
                ]
            }
        ),
    )
    assert (article.source, article.people, article.published) == (
        "daily.example",
        ("Ingrid Solberg",),
        dt.date(2019, 3, 12),
    )


def test_moments_and_ids_of_mongodb_are_read(read_as: Read) -> None:
    lines = [
        {"_id": {"$oid": "5c87"}, "title": "A", "text": "One.", "date": {"$date": "2019-03-12T08:00:00Z"}},
        {"_id": {"$oid": "5c88"}, "title": "B", "text": "Two.", "date": {"$date": {"$numberLong": "1552377600000"}}},
    ]
    found = articles(read_as("a.jsonl", "\n".join(map(json.dumps, lines))))
    assert [(item.id, item.published) for item in found] == [
        ("5c87", dt.date(2019, 3, 12)),
        ("5c88", dt.date(2019, 3, 12)),
    ]


def test_posts_of_wordpress_have_no_numbers_for_names_and_drafts_are_left_out(read_as: Read) -> None:
    post = {
        "id": 7,
        "date": "2019-03-12T08:00:00",
        "link": "https://daily.example/f",
        "status": "publish",
        "type": "post",
        "title": {"rendered": "Ferry &#8216;quay&#8217; closes"},
        "content": {"rendered": "<p>One.</p>"},
        "author": 3,
        "tags": [12],
        "_embedded": {"author": [{"name": "Mona Haug"}], "wp:term": [[{"taxonomy": "category", "name": "World"}]]},
    }
    found = read_as(
        "a.json", json.dumps([post, {**post, "id": 8, "link": "https://daily.example/g", "status": "draft"}])
    )
    (article,) = articles(found)
    assert (article.title, article.byline, article.topics) == ("Ferry ‘quay’ closes", "Mona Haug", ())
    assert article.section == "World"
    assert [item.reason for item in found if isinstance(item, Skipped)] == [
        "object 2: not published: its status is 'draft'"
    ]

"""ninjs of all three generations."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.corpus.decoding.base import Source
from searchapp.corpus.formats.wire.ninjs import FORMAT
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article
from searchapp.model.result import Skipped

FIRST = {
    "uri": "http://example.org/items/1",
    "type": "text",
    "firstcreated": "2013-07-09T10:37:00Z",
    "versioncreated": "2013-07-10T08:00:00Z",
    "pubstatus": "usable",
    "language": "en",
    "byline": "By Jane Roe",
    "located": "Grosseto, Italy",
    "headline": "Ferry captain heard",
    "copyrightholder": "Example Wire",
    "body_text": "GROSSETO, Italy (AP) -- One. Two.",
    "body_xhtml": "<p>GROSSETO, Italy (AP) -- One.</p><p>Two &amp; three.</p>",
    "description_text": "In short.",
    "person": [{"name": "Gregorio De Falco", "rel": "about"}],
    "organisation": [{"name": "worldbank"}],
    "place": [{"name": "Grosseto"}, {"name": "usa", "code": "us"}],
    "subject": [{"name": "Accidents", "code": "03000000"}, {"code": "1"}],
    "associations": {"main": {"uri": "http://example.org/p", "type": "picture", "headline": "A picture"}},
}
SECOND = {
    "uri": "urn:example:2",
    "standard": {"name": "ninjs", "version": "2.0", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_2.0.json"},
    "type": "text",
    "contentcreated": "2019-08-09T09:30:04+02:00",
    "versioncreated": "2019-08-09T09:46:53+02:00",
    "headlines": [{"role": "short", "value": "Tomt"}, {"role": "main", "value": "Google har kjøpt tomt"}],
    "bodies": [
        {"role": "text", "contenttype": "text/plain", "value": "Ett.\n\nTo."},
        {"role": "html", "contenttype": "text/html", "value": "<h1>Google har kjøpt tomt</h1><p>Ett.<p>To."},
    ],
    "by": "NTB",
    "infosources": [{"name": "NTB", "role": "origin"}],
    "people": [{"name": "Ola Nordmann"}],
    "places": [{"literal": "Telemark"}, {"name": "Skien", "geojson": {"type": "Point"}}],
    "organisations": [{"name": "Google", "symbols": [{"symbol": "GOOG"}]}],
    "subjects": [{"name": "Teknologi", "literal": "13010000"}],
    "altids": [{"role": "transmission", "value": "a"}],
}
THIRD = {
    "uri": "urn:example:3",
    "versionCreated": "2024-05-10T16:02:28+02:00",
    "pubStatus": "usable",
    "headlines": [{"value": "Ein Titel"}],
    "bodies": [{"role": "html", "contentType": "text/html", "value": '<section class="main"><p>Eins.</p></section>'}],
    "by": "Von Christian Muster, dpa",
    "infoSources": [{"name": "dpa"}],
    "people": [{"name": "Lucien Favre", "uri": "http://example.org/favre"}],
}


def source_of(content: bytes) -> Source:
    return Source(
        "/archive/item.json", ".json", dt.datetime(2024, 5, 1), lambda: io.BufferedReader(io.BytesIO(content))
    )


def read(content: Any) -> list[Article | Skipped]:
    data = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    return list(FORMAT.read(source_of(data)))


def article(content: dict[str, Any], **changes: Any) -> Article:
    (found,) = read({**content, **changes})
    assert isinstance(found, Article), found
    return found


def reason(content: dict[str, Any], **changes: Any) -> str:
    (found,) = read({**content, **changes})
    assert isinstance(found, Skipped)
    return found.reason


def test_the_first_generation_gives_its_fields() -> None:
    found = article(FIRST)
    assert (found.id, found.url) == ("http://example.org/items/1", "http://example.org/items/1")
    assert (found.title, found.byline, found.dateline) == ("Ferry captain heard", "Jane Roe", "Grosseto, Italy")
    assert found.body == "GROSSETO, Italy (AP) -- One.\n\nTwo & three."
    assert (found.published, found.published_time) == (dt.date(2013, 7, 9), dt.time(10, 37))
    assert (found.source, found.language, found.topics) == ("Example Wire", "en", ("Accidents",))
    assert dict(found.assigned) == {
        "people": ("Gregorio De Falco",),
        "places": ("Grosseto", "United States"),
        "organisations": ("World Bank",),
    }


def test_the_second_generation_gives_its_fields() -> None:
    found = article(SECOND)
    assert (found.id, found.url, found.title) == ("urn:example:2", "", "Google har kjøpt tomt")
    assert found.body == "Ett.\n\nTo."
    assert (found.byline, found.source) == ("NTB", "NTB")
    assert found.published == dt.date(2019, 8, 9)
    assert found.assigned["places"] == ("Telemark", "Skien")
    assert (found.assigned["people"], found.assigned["organisations"]) == (("Ola Nordmann",), ("Google",))
    assert found.topics == ("Teknologi",)


def test_the_third_generation_writes_capitals_inside_names() -> None:
    found = article(THIRD)
    assert (found.title, found.body, found.byline) == ("Ein Titel", "Eins.", "Christian Muster, dpa")
    assert (found.published, found.source) == (dt.date(2024, 5, 10), "dpa")


def test_a_body_in_nitf_gives_its_marked_names() -> None:
    nitf = "<nitf><body><body.content><p><person>Pat McQuaid</person> spoke.</p></body.content></body></nitf>"
    bodies = [{"contentType": "text/plain", "value": "Plain."}, {"contentType": "text/vnd.IPTC.NITF", "value": nitf}]
    found = article(THIRD, bodies=bodies)
    assert [(m.text, m.kind) for m in found.mentions] == [("Pat McQuaid", "person")]
    assert "Pat McQuaid" in found.assigned["people"]


def test_a_broken_form_gives_way_to_a_sound_one() -> None:
    bodies = [
        {"contentType": "text/vnd.IPTC.NITF", "value": "<nitf><body>"},
        {"contentType": "text/plain", "value": "Ok."},
    ]
    assert article(THIRD, bodies=bodies).body == "Ok."


def test_without_a_text_the_description_stands_in() -> None:
    found = article({key: value for key, value in FIRST.items() if not key.startswith("body")})
    assert found.body == "In short."


def test_the_opening_of_the_text_gives_place_and_agency_where_nothing_else_does() -> None:
    found = article({key: value for key, value in FIRST.items() if key not in ("located", "copyrightholder")})
    assert (found.dateline, found.source) == ("Grosseto, Italy", "AP")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"pubstatus": "canceled"}, "cancelled by its publisher"),
        ({"pubstatus": "withheld"}, "withheld by its publisher"),
        ({"embargoed": "2190-01-01T00:00:00Z"}, "under embargo until 2190-01-01"),
        ({"type": "picture", "body_text": "", "body_xhtml": ""}, "a picture, no text"),
        ({"headline": "", "body_text": "", "body_xhtml": "", "description_text": ""}, "neither headline nor text"),
    ],
)
def test_what_gives_no_article_is_skipped_with_the_reason(changes: dict[str, str], why: str) -> None:
    assert reason(FIRST, **changes) == f"http://example.org/items/1: {why}"


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([FIRST, SECOND, THIRD]).encode(),
        json.dumps([FIRST, SECOND, THIRD], indent=2).encode(),
        json.dumps({"total": 3, "items": [FIRST, SECOND, THIRD]}).encode(),
        "\n".join(json.dumps(one) for one in (FIRST, SECOND, THIRD)).encode(),
        b"\xef\xbb\xbf\n" + json.dumps([FIRST, SECOND, THIRD]).encode(),
        json.dumps([FIRST, SECOND, THIRD]).encode("utf-16"),
    ],
)
def test_files_of_several_items_give_each(content: bytes) -> None:
    assert [found.id for found in read(content) if isinstance(found, Article)] == [
        "http://example.org/items/1",
        "urn:example:2",
        "urn:example:3",
    ]


def test_a_line_that_is_no_json_ends_the_reading_with_its_number() -> None:
    items = FORMAT.read(source_of(json.dumps(FIRST).encode() + b"\n\nnope\n"))
    assert isinstance(next(items), Article)
    with pytest.raises(UnreadableFile, match="in line 3"):
        next(items)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (json.dumps(FIRST).encode()[:-30], "truncated"),
        (b'{"uri": "x", "headline": nope}', "broken JSON"),
        (b"[" + json.dumps(FIRST).encode() + b", {", "truncated"),
        (b"[" + json.dumps(FIRST).encode() + b", nope]", "broken JSON"),
        (b'{"a":' * 100_000, "too deeply|truncated"),
        (b"[]", "no item in it"),
    ],
)
def test_the_reason_is_said_in_plain_words(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        read(content)


def test_ninjs_is_told_from_other_json() -> None:
    for item in (FIRST, SECOND, THIRD):
        assert FORMAT.recognises(json.dumps(item).encode())
    assert FORMAT.recognises(json.dumps([FIRST], indent=1).encode())
    for other in (
        {"title": "T", "body": "B", "uri": "x"},
        {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"}]},
        {"docs": [{"uri": "nyt://article/1", "headline": {"main": "T"}, "lead_paragraph": "B"}]},
        ["ninjs"],
    ):
        assert not FORMAT.recognises(json.dumps(other).encode())
    assert not FORMAT.recognises(b'the word "ninjs" and "headlines": []')


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "value", "role"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*FIRST, *SECOND, *THIRD]), VALUES, max_size=8))
def test_properties_of_any_kind_give_an_article_or_a_report(content: dict[str, Any]) -> None:
    (found,) = read(content)
    assert isinstance(found, Article | Skipped)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_articles_reports_or_unreadable(content: bytes) -> None:
    for attempt in (content, b"{" + content, b"[" + content, b'{"uri": "' + content + b'"}'):
        FORMAT.recognises(attempt)
        with contextlib.suppress(UnreadableFile):
            assert all(isinstance(found, Article | Skipped) for found in read(attempt))

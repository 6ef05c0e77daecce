"""XML that lies, attacks or breaks off."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.corpus.decoding.base import Source
from searchapp.corpus.decoding.xml import iterate_xml, parse_xml, text_of
from searchapp.errors import UnreadableFile


def source_of(content: bytes) -> Source:
    return Source("/archive/item.xml", ".xml", dt.datetime(2024, 5, 1), lambda: io.BufferedReader(io.BytesIO(content)))


def texts(content: bytes, *names: str) -> list[str]:
    return [text_of(element) for element in iterate_xml(source_of(content), *names)]


def test_external_entities_are_never_read(tmp_path) -> None:  # type: ignore[no-untyped-def]
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    document = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{secret.as_uri()}">]><a b="&e;">before &e;after</a>'
    assert texts(document.encode()) == ["before after"]


def test_a_billion_laughs_stay_unlaughed() -> None:
    names = "abcdefghij"
    entities = "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10 if before else "ha " * 10}">'
        for before, name in zip(["", *names], names, strict=False)
    )
    tracemalloc.start()
    assert texts(f'<?xml version="1.0"?><!DOCTYPE l [{entities}]><l a="&j;">&j;no</l>'.encode()) == ["no"]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


def test_document_types_are_neither_fetched_nor_needed() -> None:
    document = '<!DOCTYPE nitf PUBLIC "-//IPTC" "http://127.0.0.1:9/nitf.dtd" [<!-- ]> --> <?x ]> ?>]>\n<a>text</a>'
    assert texts(document.encode()) == ["text"]


def test_named_characters_of_html_are_read_without_a_document_type() -> None:
    assert texts(b"<a>caf&eacute; &mdash; &amp;lt; &unknown;&#8217;&#150;&#3;</a>") == ["café — &lt; ’–"]


@pytest.mark.parametrize("split", range(65_530, 65_542))
def test_a_reference_at_the_edge_of_a_block_stays_whole(split: int) -> None:
    text = "x" * (split - 3)
    assert texts(f"<a>{text}&eacute;y</a>".encode()) == [f"{text}éy"]


@pytest.mark.parametrize(
    "content",
    [
        '<?xml version="1.0" encoding="utf-8"?><a>café “oui”</a>'.encode("cp1252"),
        '<?xml version="1.0" encoding="windows-1252"?><a>café “oui”</a>'.encode("cp1252"),
        '<?xml version="1.0" encoding="klingon"?><a>café “oui”</a>'.encode(),
        '<?xml version="1.0" encoding="utf-16"?><a>café “oui”</a>'.encode("utf-16"),
        '\ufeff<?xml version="1.0"?><a>café “oui”</a>'.encode(),
    ],
)
def test_wrongly_declared_encodings_are_read_all_the_same(content: bytes) -> None:
    assert texts(content) == ["café “oui”"]


def test_elements_are_found_by_local_name_outermost_only() -> None:
    document = b'<r xmlns:n="urn:n"><n:i>1<i>2</i></n:i><x><i k="v">3</i></x></r>'
    assert texts(document, "i") == ["12", "3"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no XML in it"),
        (b"  \n", "no XML in it"),
        (b"<a><b>text", "truncated: the XML ends inside <b> at line 1"),
        (b"<a>text</a", "line 1"),
        (b"just words", "not well-formed XML at line 1"),
        (b"<a>\n<b></a>", "not well-formed XML at line 2"),
        (b"<a>" * 10_000, "nested too deeply"),
        (b"<a>" + b"x" * 11_000_000 + b"</a>", "more than 10 MB"),
        (b"<!DOCTYPE a [" + b"<!ENTITY x 'y'>" * 200_000, "document type or a comment before it never ends"),
    ],
)
def test_the_reason_is_said_in_plain_words(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        texts(content)


def test_what_came_before_a_break_is_kept() -> None:
    elements = iterate_xml(source_of(b"<r><i>1</i><i>2</i><i>"), "i")
    assert [text_of(next(elements)), text_of(next(elements))] == ["1", "2"]
    with pytest.raises(UnreadableFile, match="truncated"):
        next(elements)


def test_a_long_collection_is_read_in_little_memory() -> None:
    item = b"<i>" + b"words " * 200 + b"</i>\n"
    content = b"<r>" + item * 10_000 + b"</r>"
    tracemalloc.start()
    assert sum(1 for _ in iterate_xml(source_of(content), "i")) == 10_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_elements_or_unreadable(content: bytes) -> None:
    for attempt in (content, b"<a>" + content + b"</a>", b"<!DOCTYPE a [" + content):
        with contextlib.suppress(UnreadableFile):
            texts(attempt, "a")


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_document_or_unreadable(text: str) -> None:
    with contextlib.suppress(UnreadableFile):
        parse_xml(text)


@pytest.mark.parametrize("length", [1, 100_000])
def test_a_prefix_that_is_declared_nowhere_is_reported_however_long_the_file_is(length: int) -> None:
    with pytest.raises(UnreadableFile, match="is not defined"):
        parse_xml(f'<a:news b:day="1"><b:title>{"Fog. " * length}</b:title></a:news>')

from __future__ import annotations

import codecs
import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.corpus.decoding.encoding import binary_kind, decode, is_binary, read_text, text_stream
from searchapp.errors import UnreadableFile

NEWS = "Ceasefire “talks” in Zürich – day two\n"


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-32"])
def test_text_is_read_in_whatever_encoding_shows(name: str) -> None:
    assert decode(NEWS.encode(name)) == NEWS


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_wide_text_without_a_mark_is_recognised(name: str) -> None:
    assert decode("Plain news text\n".encode(name)) == "Plain news text\n"
    assert not is_binary("Plain news text\n".encode(name))


def test_a_declared_encoding_is_believed() -> None:
    page = '<meta charset="windows-1251"><p>Пашинян'
    assert decode(page.encode("cp1251")) == page
    xml = '<?xml version="1.0" encoding="iso-8859-2"?><p>Łódź</p>'
    assert decode(xml.encode("iso-8859-2")) == xml


@pytest.mark.parametrize("label", ["x-unknown", "zip", "idna", "utf-16", "punycode", "unicode_escape"])
def test_a_nonsense_declaration_is_passed_over(label: str) -> None:
    page = f'<meta charset="{label}"><p>Zürich \\u0041'
    assert decode(page.encode("utf-8")) == page


def test_single_bytes_of_windows_1252_inside_utf_8_are_read_too() -> None:
    assert decode("Zürich ".encode() + b"\x93talks\x94") == "Zürich “talks”"


def test_streams_are_decoded_as_they_are_read() -> None:
    with text_stream(io.BufferedReader(io.BytesIO(NEWS.encode("utf-16")))) as stream:
        assert stream.read() == NEWS


def test_pictures_programs_and_noise_are_binary() -> None:
    assert is_binary(b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert is_binary(b"%PDF-1.7\nstream")
    assert is_binary(bytes(range(256)) * 10)
    assert is_binary(os.urandom(4096))
    assert binary_kind(b"PK\x03\x04rest").startswith("a zip archive")


def test_text_with_a_few_control_characters_is_text() -> None:
    assert not is_binary(b"<BODY>Oper shr loss two cts vs profit seven cts\n Reuter\n\x03</BODY>\x02" * 3)
    assert not is_binary(NEWS.encode("cp1252"))
    assert not is_binary(codecs.BOM_UTF16_LE + "x".encode("utf-16-le"))


def test_a_text_too_large_for_one_article_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="larger than 1 MB"):
        read_text(io.BytesIO(b"a" * ((1 << 20) + 1)), max_bytes=1 << 20)


@given(st.binary(max_size=2000))
def test_decoding_never_fails(data: bytes) -> None:
    assert isinstance(decode(data), str)
    assert isinstance(is_binary(data), bool)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_utf_8_without_control_characters_comes_back_unchanged(text: str) -> None:
    if not text.startswith("\ufeff") and "charset" not in text.lower():
        assert decode(text.encode("utf-8")) == text


RUSSIAN = "Порт закрыт на ремонт\n\nСовет порта решил закрыть старый причал, сообщил капитан.\n"


def test_valid_utf_8_is_that_whatever_the_page_declares() -> None:
    for label in ("iso-8859-1", "gb2312", "windows-1251", "shift_jis"):
        page = f'<html><head><meta charset="{label}"></head><p>Zürich – 港口 – Порт'
        assert decode(page.encode("utf-8")) == page


def test_a_declaration_is_found_behind_a_long_head() -> None:
    page = "<html><head>" + '<link rel="x" href="/feed">' * 800 + f'<meta charset="windows-1251"><title>{RUSSIAN}'
    assert decode(page.encode("cp1251")) == page


@pytest.mark.parametrize("name", ["cp1251", "koi8-r", "cp866", "iso8859-5"])
def test_undeclared_cyrillic_is_recognised(name: str) -> None:
    assert decode(RUSSIAN.encode(name)) == RUSSIAN
    # A declaration of Latin letters over it is one that nobody looked at.
    assert decode(b'<meta charset="iso-8859-1">' + RUSSIAN.encode(name)).endswith(RUSSIAN)


def test_undeclared_text_of_other_systems_is_recognised() -> None:
    assert decode("Ferry closes — “It is time,” said Solberg. Café owners don’t.".encode("mac_roman")).endswith(
        "don’t."
    )
    assert decode("港口委员会星期二决定关闭使用四十年的旧码头，理由是柱子生锈。".encode("gbk")).startswith("港口")
    assert decode("Przystań zostanie zamknięta, powiedział burmistrz Łodzi.".encode("cp1250")).startswith("Przystań")


def test_western_text_is_not_guessed_to_be_anything_else() -> None:
    for text in (
        "Señor Núñez llegó a Ávila.",
        "“L’été,” dit Noël, 25 °C – 5 £",
        "Þórður fór í Öskjuhlíð",
        "ÉTÉ À PARIS",
    ):
        assert decode(text.encode("cp1252")) == text


def test_a_stream_that_begins_in_ascii_may_be_utf_8_or_what_it_declares() -> None:
    head = '<?xml version="1.0" encoding="iso-8859-2"?>' + " " * 70_000
    for name in ("utf-8", "iso8859-2"):
        with text_stream(io.BufferedReader(io.BytesIO((head + "Łódź").encode(name)), 1 << 17)) as stream:
            assert stream.read().endswith("Łódź")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-16-le", "Порт закрыт на ремонт\n\nПорт закрыт на ремонт, сообщил капитан порта во вторник.\n"),
        ("utf-16-be", "Порт закрыт на ремонт\n\nПорт закрыт на ремонт, сообщил капитан порта во вторник.\n"),
        (
            "cp1254",
            "Liman kapandı\n\nLiman salı günü onarım için kapatıldı. Şehir şaşkın, ışıklar söndü, ağır yağış vardı.\n",
        ),
        (
            "cp932",
            "港が閉鎖された\n\n港湾当局は火曜日、四十年間使われた古い埠頭を閉鎖することを決めた。けが人はいなかった。\n",
        ),
    ],
)
def test_text_that_declares_nothing_is_read_in_its_own_letters(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "text",
    [
        "Höfnin lokaði á þriðjudag eftir að krani féll, sagði hafnarstjórinn. Það var í fyrsta sinn.\n",
        "Die Bürger von Köln hörten „nein“ und gingen. ‚So‘, sagte er, ‚geht es nicht‘.\n",
        "Le café de l’hôtel ferme à cause de l’été, dit-il.\n",
    ],
)
def test_western_text_stays_western(text: str) -> None:
    assert decode(text.encode("cp1252")) == text

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp import Article
from searchapp.archive.exporting import csv_rows, json_lines, many_lines, safe_json


def rows(*articles: Article) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(csv_rows(articles)))))


def steering(text: str) -> list[str]:
    """Characters of `text` that a terminal obeys, but for tab and line break."""
    return [c for c in text if (c < " " and c not in "\t\n") or "\x7f" <= c <= "\x9f" or c in "\u202e\u2066"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_a_cell_that_a_spreadsheet_would_run_is_defused(start: str) -> None:
    assigned = {"people": (f"{start}HYPERLINK()",)}
    (row,) = rows(Article(id="a", title=f"{start}1+1", body="b", assigned=assigned))
    assert row["title"].startswith("'")
    assert row["people"].startswith("'")
    assert row["body"] == "b"


@given(st.text(), st.text())
def test_no_cell_ever_begins_a_formula_and_none_holds_a_control_character(title: str, body: str) -> None:
    (row,) = rows(Article(id="=a", title=title, body=body))
    for cell in row.values():
        assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r")
        assert not steering(cell)


def test_lists_share_one_cell() -> None:
    (row,) = rows(Article(id="a", body="b", assigned={"places": ("York", "Lima")}, topics=("Peace",)))
    assert (row["places"], row["topics"], row["people"]) == ("York; Lima", "Peace", "")


def test_a_table_of_nothing_is_a_heading() -> None:
    assert "".join(csv_rows([])).startswith("id,title,published,")


@given(st.text(), st.text())
def test_json_lines_are_one_line_each_and_read_back_unchanged(title: str, body: str) -> None:
    (line,) = json_lines([Article(id="a", title=title, body=body)])
    assert line.splitlines(keepends=True) == [line]
    assert (json.loads(line)["title"], json.loads(line)["body"]) == (title, body)


@given(st.text())
def test_lines_keep_their_breaks_and_every_offset(text: str) -> None:
    cleaned = many_lines(text)
    assert len(cleaned) == len(text)
    assert cleaned.count("\n") == text.count("\n")
    assert not steering(cleaned)


@given(st.text())
def test_json_steers_no_terminal_and_is_unchanged_for_programs(text: str) -> None:
    printed = safe_json({"text": text})
    assert not steering(printed)
    assert json.loads(printed) == {"text": text}


def test_json_keeps_accents() -> None:
    assert safe_json("Türkiye") == '"Türkiye"'
    assert safe_json("Türkiye", ascii_only=True) == '"T\\u00fcrkiye"'


def test_half_a_character_can_be_printed() -> None:
    assert many_lines("a\ud800b") == "a b"
    assert safe_json("a\ud800b") == '"a\\ud800b"'

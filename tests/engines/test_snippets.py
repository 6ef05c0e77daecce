"""Snippets show why an article matched; escaping happens only when they become HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.engines.snippets import Marker
from searchapp.model.result import Snippet
from searchapp.parsing import parse

LONG = "Nothing here. " * 60 + "Then peace talks began in Geneva. " + "More of nothing. " * 60


def marked(query: str, text: str) -> list[str]:
    return [text[start:end] for start, end in Marker(parse(query)[0]).ranges(text)]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("election", "Elections were held; one elected.", ["Elections", "elected"]),
        ('"elections"', "Elections were held; one elected.", ["Elections"]),
        ('"interest rates"', "Interest rates and interest.", ["Interest rates"]),
        ("Nagorno-Karabakh", "In Nagorno-Karabakh and Karabakh.", ["Nagorno-Karabakh"]),
        ("elect*", "The electorate elects.", ["electorate", "elects"]),
        ("pease~1", "Peace, please.", ["Peace", "please"]),
        ("turkiye", "Türkiye’s envoy", ["Türkiye’s"]),
        ("peace -war", "Peace, not war.", ["Peace"]),
        ("title:peace", "Peace.", []),
        ('peace "peace talks"', "Peace talks; peace.", ["Peace talks", "peace"]),
        ("person:peace", "Peace.", []),
        ("", "Peace.", []),
    ],
)
def test_all_matched_forms_are_marked(query: str, text: str, expected: list[str]) -> None:
    assert marked(query, text) == expected


def test_a_title_also_shows_what_is_sought_in_titles_only() -> None:
    assert Marker(parse("title:peace")[0]).ranges("Peace", title=True) == [(0, 5)]


def test_a_snippet_is_the_passage_that_matches() -> None:
    snippet = Marker(parse("peace geneva")[0]).snippet(LONG)
    assert "peace talks began in Geneva" in snippet.text
    assert [snippet.text[a:b] for a, b in snippet.ranges] == ["peace", "Geneva"]
    assert snippet.text.startswith("… ")
    assert snippet.text.endswith(" …")


def test_words_far_apart_give_two_passages() -> None:
    snippet = Marker(parse("alpha omega")[0]).snippet("Alpha came. " + "Filler here. " * 80 + "Omega went.")
    assert [snippet.text[a:b] for a, b in snippet.ranges] == ["Alpha", "Omega"]
    assert " … " in snippet.text


def test_a_passage_of_the_lead_with_every_word_is_taken_although_a_later_one_has_more() -> None:
    text = "Oil prices fell. " + "Filler here. " * 90 + "Oil prices, oil prices, oil prices."
    assert Marker(parse("oil prices")[0]).snippet(text).text.startswith("Oil prices fell.")


def test_a_later_passage_is_taken_where_the_lead_lacks_a_word() -> None:
    text = "Oil, oil, oil. " + "Filler here. " * 90 + "Oil prices fell. " + "Filler here. " * 90
    snippet = Marker(parse("oil prices")[0]).snippet(text)
    assert snippet.text.startswith("… Oil prices fell.")
    assert [snippet.text[a:b] for a, b in snippet.ranges] == ["Oil", "prices"]


@pytest.mark.parametrize("space", [" ", "\n\n", "\n", "  ", "\t", " \n\n\n ", "\u00a0"])
def test_marks_stay_on_their_words_whatever_white_space_becomes(space: str) -> None:
    text = space.join(["Peace talks", "and", "peace talks", "again."])
    snippet = Marker(parse('"peace talks"')[0]).snippet(text)
    assert snippet.text == "Peace talks and peace talks again."
    assert [snippet.text[a:b] for a, b in snippet.ranges] == ["Peace talks", "peace talks"]


@pytest.mark.parametrize("between", [" ", ", ", "\n", " — ", "-", "   ", " ` "])
def test_a_phrase_goes_on_over_anything_but_a_word(between: str) -> None:
    text = f"The peace{between}Talks; peace of talks, peace."
    assert marked('"peace talks"', text) == [f"peace{between}Talks"]


def test_a_phrase_does_not_go_on_over_an_empty_line() -> None:
    assert marked('"peace talks"', "Peace\n \ntalks. Peace\ntalks.") == ["Peace\ntalks"]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("ceasefire", "A cease-fire, a Ceasefire.", ["cease-fire", "Ceasefire"]),
        ("cease-fire", "A cease-fire, a ceasefire, cease fire.", ["cease-fire", "ceasefire", "cease fire"]),
        ("fire", "A cease-fire.", ["fire"]),
        ("fire ceasefire", "A cease-fire.", ["cease-fire"]),
        ('"a ceasefire began"', "A cease-fire began.", ["A cease-fire began"]),
        ("UN", "U.N. and un and U.N.'s", ["U.N.", "un", "U.N.'s"]),
        ("US", "U.S. and us and US", ["U.S.", "US"]),
        ("120000", "120,000 or 120000", ["120,000", "120000"]),
        ("estaing", "d’Estaing", ["Estaing"]),
        ("pashinyan", "Pashin\u00adyan, Pashin-\nyan", ["Pashin\u00adyan", "Pashin-\nyan"]),
        ("$5bn", "$5bn, 5 bn", ["5bn", "5 bn"]),
    ],
)
def test_a_word_is_marked_however_it_is_written(query: str, text: str, expected: list[str]) -> None:
    assert marked(query, text) == expected


WORDS = [*"Oil OIL’s oils turmoil oil-price Price prices crude of öil İ the".split(), "\n\n", ". ", " “", "’s "]


@given(
    st.lists(st.sampled_from(WORDS), max_size=400).map(" ".join),
    st.sampled_from(
        ["oil", "oil prices", '"crude oil"', '"oil price" crude', "oil OR price", "title:oil price", "pric*"]
    ),
)
def test_knowing_the_forms_changes_nothing(text: str, query: str) -> None:
    tree = parse(query)[0]
    known = Marker(tree, frozenset(["oil", "oils", "price", "prices", "crude"]))
    assert known.ranges(text) == Marker(tree).ranges(text)
    assert known.ranges(text, title=True) == Marker(tree).ranges(text, title=True)
    assert known.snippet(text) == Marker(tree).snippet(text)


@pytest.mark.parametrize(
    "text", ["oil" * 300_000 + " é oil", "oil\n" * 100_000 + "é", "é oil" + " " * 1_000_000, "石油" * 50_000]
)
def test_a_huge_text_takes_no_more_than_its_length(text: str) -> None:
    """Anything quadratic would run for hours here."""
    Marker(parse("oil prices")[0], frozenset(["oil", "prices"])).snippet(text)


def test_without_a_match_the_snippet_is_the_beginning() -> None:
    snippet = Marker(parse("zebra")[0]).snippet("First\n\nsecond.")
    assert snippet == Snippet("First second.")


def test_html_escapes_every_piece() -> None:
    snippet = Snippet('<script>"peace" & <b>', ((9, 14),))
    assert snippet.to_html() == "&lt;script&gt;&quot;<mark>peace</mark>&quot; &amp; &lt;b&gt;"


def test_a_terminal_gets_no_control_characters_of_the_text() -> None:
    assert Snippet("a\x1b[31mb\u202ec", ((0, 1),)).to_ansi() == "\x1b[1ma\x1b[0m [31mb c"


@given(
    st.text(alphabet=st.sampled_from("peace talks \n.é<東'"), max_size=2_000),
    st.sampled_from(["peace", "talk*", '"a"']),
)
def test_ranges_are_in_order_and_inside(text: str, query: str) -> None:
    snippet = Marker(parse(query)[0]).snippet(text)
    last = 0
    for start, end in snippet.ranges:
        assert last <= start < end <= len(snippet.text)
        last = end

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from searchapp.corpus.cleaning.prose import body_of, clean_line, paragraphs_of
from searchapp.corpus.decoding.markup import line_of_markup, looks_like_markup, paragraphs_of_markup


def test_a_line_loses_control_characters_and_extra_space_and_nothing_else() -> None:
    assert clean_line(" Talks\x00 \t in\u00a0“Geneva”\r\n — today\x07\ufeff ") == "Talks in “Geneva” — today"


def test_blank_lines_part_paragraphs_whatever_the_line_ends() -> None:
    assert paragraphs_of("One.\r\n\r\nTwo.\n \t\nThree.\u2029\u2029Four.\r\rFive.") == [
        "One.",
        "Two.",
        "Three.",
        "Four.",
        "Five.",
    ]


def test_lines_broken_to_fit_a_page_are_put_together() -> None:
    wrapped = (
        "The delegates met in Geneva on Friday for the first time in two\n"
        "years, and said that the next round would be held in Vienna in the\n"
        "autumn."
    )
    assert paragraphs_of(wrapped) == [wrapped.replace("\n", " ")]


def test_long_lines_without_blank_ones_between_are_paragraphs() -> None:
    first, second = "Delegates met. " * 12, "They parted. " * 12
    assert paragraphs_of(f"{first}\n{second}") == [first.strip(), second.strip()]


def test_indented_lines_begin_paragraphs() -> None:
    text = (
        "    The delegates met in Geneva on Friday for the first time in two\n"
        "years and said so in a statement they had written\n"
        "    The next round would be held in Vienna in the autumn or winter\n"
        "if all went well"
    )
    assert [paragraph[:12] for paragraph in paragraphs_of(text)] == ["The delegate", "The next rou"]


def test_lists_of_short_lines_stay_lines() -> None:
    assert paragraphs_of("Arsenal 2 Chelsea 1\nLiverpool 3 Everton 0\nLeeds 1 York 1") == [
        "Arsenal 2 Chelsea 1",
        "Liverpool 3 Everton 0",
        "Leeds 1 York 1",
    ]


def test_a_body_has_one_blank_line_between_paragraphs() -> None:
    assert body_of([" One. ", "", "\x00", "Two\nmore."]) == "One.\n\nTwo more."


def test_markup_becomes_paragraphs_without_scripts() -> None:
    markup = "<p>One <b>bold</b> word &amp; more.</p><script>alert(1)</script><ul><li>Two<li>Three</ul>Four<br>Five"
    assert paragraphs_of_markup(markup) == ["One bold word & more.", "Two", "Three", "Four", "Five"]


def test_text_with_entities_only_keeps_its_blank_lines() -> None:
    assert paragraphs_of_markup("AT&amp;T\n\n<i>Two</i>") == ["AT&T", "Two"]
    assert line_of_markup("Fish &amp; <em>chips</em> &#8211; cheap") == "Fish & chips – cheap"


def test_angle_brackets_and_ampersands_of_prose_are_no_markup() -> None:
    for text in ("a < b and c > d", "AT&T said", "x <3 y", "<unknown>", "R&D; costs"):
        assert not looks_like_markup(text)
        assert line_of_markup(text) == text


def test_deeply_nested_markup_gives_its_text() -> None:
    assert paragraphs_of_markup("<div>" * 1500 + "deep" + "</div>" * 1500 + "<p>after") == ["deep", "after"]


@given(st.text(max_size=400))
def test_clean_text_holds_no_control_character(text: str) -> None:
    for part in (clean_line(text), body_of(paragraphs_of(text)), *paragraphs_of_markup(text)):
        assert all(unicodedata.category(c) not in ("Cc", "Cs") or c in "\n\t" for c in part)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text(alphabet="<>/pdivscript &;#x1a\"='!-[]\n", max_size=300))
def test_no_markup_makes_the_stripper_fail(markup: str) -> None:
    assert all(isinstance(paragraph, str) and paragraph for paragraph in paragraphs_of_markup(markup))


def test_what_only_shows_where_a_word_may_break_is_left_out() -> None:
    assert (
        clean_line("Verkehrs\u00admini\u00adsterium, Re\u200bgierung, \u2067a\u2069, a\u2060b")
        == "Verkehrsministerium, Regierung, a, ab"
    )
    # In Persian the joiner is part of the spelling.
    assert clean_line("می\u200cخواهم") == "می\u200cخواهم"
    assert clean_line("Ferry\u200c") == "Ferry"


def test_words_cut_at_the_end_of_a_line_are_put_together() -> None:
    (paragraph,) = paragraphs_of(
        "The harbour council voted to shut the old quay after its ser-\nvice of forty years, and the national govern-\n"
        "ment agreed with a long-\nterm plan that the co-operative and Jean-\n"
        "Paul, who had come from the other side of the bay, made for the co-\noperative there."
    )
    assert "its service of" in paragraph
    assert "national government agreed" in paragraph
    assert "a long-term plan" in paragraph
    assert "for the co-operative there" in paragraph
    assert "Jean- Paul" in paragraph


def test_the_sign_that_stands_for_a_hyphen_at_a_line_end_joins_the_word() -> None:
    assert paragraphs_of("The gov¬\nernment said no.") == ["The government said no."]

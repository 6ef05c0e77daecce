"""Names linked and matches marked in a text."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from searchapp.model.article import Mention
from searchapp.web.pages.marking import Numbering, paragraphs, with_marks, with_ranges

TEXT = st.text(alphabet="ab <&\"'>\n", max_size=60)


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[Mention], list[tuple[int, int]]]:
    text = draw(TEXT)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    mentions = [Mention(start, end, text[start:end], "place", "X") for start, end in spans if start < end]
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    return text, mentions, [pair for pair in zip(cuts[::2], cuts[1::2], strict=False) if pair[0] < pair[1]]


def link(mention: Mention) -> str:
    return f"/place/{mention.label}"


def plain(markup: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", markup))


@given(texts())
def test_marking_changes_no_character_and_leaves_no_tag_open(
    drawn: tuple[str, list[Mention], list[tuple[int, int]]],
) -> None:
    text, mentions, matches = drawn
    numbering = Numbering()
    marked = str(with_marks(text, mentions=mentions, matches=matches, link=link, numbering=numbering))
    assert plain(marked) == text
    open_tags: list[str] = []
    for closing, name in re.findall(r"<(/?)(\w+)", marked):
        if closing:
            assert open_tags.pop() == name
        else:
            assert name not in open_tags
            open_tags.append(name)
    assert not open_tags
    assert numbering.last == len(matches)
    assert re.findall(r'id="m(\d+)"', marked) == [str(n) for n in range(1, numbering.last + 1)]
    assert marked.count("<a ") == len(mentions)


@given(texts())
def test_paragraphs_together_mark_what_the_whole_marks(drawn: tuple[str, list[Mention], list[tuple[int, int]]]) -> None:
    text, _, matches = drawn
    spans = paragraphs(text)
    shown = "".join(plain(str(with_marks(text, span=span, matches=matches, link=link))) for span in spans)
    assert shown.replace("\n", "").replace(" ", "") == text.replace("\n", "").replace(" ", "")
    for span in spans:
        assert text[slice(*span)].strip()


def test_a_match_across_the_edge_of_a_name_is_marked_on_both_sides() -> None:
    text = "New York Times"
    mention = Mention(0, 8, "New York", "place", "New York")
    marked = with_marks(text, mentions=[mention], matches=[(4, 14)], link=link, numbering=Numbering())
    assert marked == (
        '<a class="n place" href="/place/New York">New <mark id="m1" tabindex="-1">York</mark></a><mark> Times</mark>'
    )


def test_lines_that_are_set_in_begin_paragraphs() -> None:
    text = "    First line\n  of the first.\n    Second.\n\nThird."
    assert [text[slice(*span)].strip() for span in paragraphs(text)] == [
        "First line\n  of the first.", "Second.", "Third."
    ]  # fmt: skip


def test_ranges_stand_out_in_the_colour_of_their_kind() -> None:
    assert with_ranges("<Baku>", [(1, 5)], kind="place") == '&lt;<b class="place">Baku</b>&gt;'

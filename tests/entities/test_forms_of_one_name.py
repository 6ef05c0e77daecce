"""Forms of one name within an article, and forms that are two names."""

from __future__ import annotations

import re

import pytest

from searchapp.entities.linking.within import link
from searchapp.entities.recognising.base import Span

KINDS = {"P": "person", "L": "place", "O": "organisation"}


def labels_of(marked: str) -> list[tuple[str, str]]:
    """Kind and label of the names of a text, which stand in brackets behind the letters of their kinds."""
    text, spans, end = "", [], 0
    for match in re.finditer(r"\[([PLO]) ([^\[\]]+)\]", marked):
        text += marked[end : match.start()]
        spans.append(Span(len(text), len(text) + len(match[2]), KINDS[match[1]], 0.9))
        text += match[2]
        end = match.end()
    return link(text + marked[end:], spans)


@pytest.mark.parametrize(
    "text",
    [
        "[P Robert Tarrant] won. [P Bob Tarrant] smiled.",
        "[P William Okafor] won. [P Bill Okafor] smiled, and [P Okafor] left.",
        "[P Elizabeth Anne Warner] ran. [P Liz Warner] lost.",
        "[P Theodore Moss] sang. [P Teddy Moss] played.",
        "[P Vladimir Zelensky] spoke. [P Volodymyr Zelenskyy] left, and [P Zelenskiy] slept.",
        "[P Muammar Gaddafi] fell. [P Moammar Qaddafi] fled; [P Gadhafi] hid.",
        "[P Ahmed Varley] met. [P Ahmad Varley] left.",
        "[P Peter Malcolm Grant OBE] died. [P Grant] was 84, and [P Peter Grant] never wed.",
        "[O Congress of Angostura] met. The [O Angostura Congress] ended.",
        "[O Bank of Karelia] failed; the [O Karelia Bank] closed.",
        "[O Moody's Investors Service] cut it; [O Moody's] had warned.",
        "[L Loopline Bridge] fell; [L Loopline] was old.",
    ],
)
def test_forms_of_one_name_are_one(text: str) -> None:
    assert len(set(labels_of(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[P Robert Tarrant] won. [P Ronald Tarrant] smiled.",
        "[P Ann Okafor] won. [P Bill Okafor] smiled.",
        "[L Corvo Airport] was closed, and people on [L Corvo] waited.",
        "[L Kestrel Station] burned; [L Kestrel] slept.",
        "[O Dunmore Research] sold what [O Dunmore] bought.",
        "[O Parliament Secretariat] wrote to [O Parliament].",
        "[O Congress of Angostura] met. The [O Angostura Bank] closed.",
    ],
)
def test_forms_of_two_names_are_two(text: str) -> None:
    assert len(set(labels_of(text))) == 2


def test_honours_are_no_part_of_a_persons_label() -> None:
    assert labels_of("[P Ann Grant Moss OBE] died.") == [("person", "Ann Grant Moss")]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("[L NAIROBI] - [O Parliament] met in [L Nairobi].", "Parliament (Kenya)"),
        ("[L Kenya] and [L Ghana]: [O Parliament] met.", "Parliament"),
        ("[L Ghana] waited. [L Kenya]'s [O Parliament] met.", "Parliament (Kenya)"),
        ("[L Ghana] waited, [L Ghana] slept. The Kenyan [O Supreme Court] met.", "Supreme Court (Kenya)"),
        ("[L Ghana] waited. The [O Treasury] in [L Nairobi] paid; the Treasury of Kenya did.", "Treasury"),
        ("The [O Kenyan Parliament] met. [O Parliament] rose.", "Kenyan Parliament"),
        ("The [O Ministry of Finance] in [L Kenya] paid. The [O Finance Ministry] did.", "Ministry of Finance (Kenya)"),
        ("The [O United States Navy] sailed. The [O U.S. Navy] sank.", "United States Navy"),
        ("The [O Government of India] fell. The [O Indian Government] rose.", "Government of India"),
    ],
)
def test_a_body_that_many_countries_have_is_of_the_country_that_the_article_says(text: str, label: str) -> None:
    assert {found for kind, found in labels_of(text) if kind == "organisation"} == {label}


def test_the_dateline_and_what_the_file_assigns_say_the_country_too() -> None:
    span = [Span(0, 10, "organisation", 0.9)]
    assert link("Parliament met.", span) == [("organisation", "Parliament")]
    assert link("Parliament met.", span, dateline="NAIROBI, March 4") == [("organisation", "Parliament (Kenya)")]
    found = link("Parliament met.", span, assigned={"places": ("Kenya",)})
    assert found == [("organisation", "Parliament (Kenya)")]


def test_two_countries_bodies_of_one_kind_stay_two() -> None:
    found = labels_of("The [O Kenyan Parliament] met. The [O Parliament of Ghana] rose. [O Parliament] slept.")
    assert len(set(found[:2])) == 2


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("[O Moody's Investors Service Inc] cut it. [P Moody] had warned.", True),
        ("[O Tarrow Oil Corp] sold it. [L Tarrow] gave no reason.", True),
        ("[O Bank of Karelia] failed. The [L Bank] had lent too much.", True),
        ("[O Tarrow Oil Corp] sold it. [P Ann Tarrow] wept. [P Tarrow] is 80.", False),
        ("[O Tarrow Society] met. [P Tarrow] spoke.", False),
        ("[O Robert Oil Corp] sold it. [P Robert] wept.", False),
        ("[O London Oil Corp] sold it in [L London].", False),
    ],
)
def test_the_first_word_of_a_companys_name_is_the_company_unless_somebody_is_called_so(text: str, one: bool) -> None:
    found = labels_of(text)
    assert (found[0] == found[-1]) is one


def test_a_word_for_what_a_body_is_that_stands_for_none_gives_no_name() -> None:
    assert labels_of("The [O Commission] said so.") == [("organisation", "")]
    assert labels_of("The [O Calder Commission] met. The [O Commission] rose.")[1][1] == "Calder Commission"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("In [L Paris], a small town in northeast [L Texas], it burned.", "Paris, Texas"),
        ("In [L Paris], a big city, she met the mayor; [L Texas] burned.", "Paris"),
        ("The mayor of [L Odessa], [L Texas], met oil workers.", "Odessa, Texas"),
        ("[L Odessa] is a port in [L Ukraine].", "Odessa"),
        ("The premier of [L British Columbia] spoke in [L Victoria].", "Victoria, British Columbia"),
        ("[L Victoria] and [L Tasmania] in [L Australia] burned, [L British Columbia] did not.", "Victoria"),
        ("[L Victoria] is the capital of [L Seychelles].", "Victoria, Seychelles"),
        ("[L Congo] blamed [L Rwanda], said [L Kinshasa].", "Democratic Republic of the Congo"),
        ("[L Congo] waited in [L Brazzaville].", "Republic of the Congo"),
        ("[L Congo] lies between [L Brazzaville] and [L Kinshasa].", "Congo"),
        ("In [L Washington] state and [L Seattle] it rained.", "Washington (U.S. state)"),
        ("In [L Washington] the state department met.", "Washington"),
        ("[L U.S] and [L U.K] agreed.", "United States"),
    ],
)
def test_the_text_says_which_of_several_namesakes_a_place_is(text: str, label: str) -> None:
    first = re.search(r"\[L (Paris|Odessa|Victoria|Congo|Washington|U.S)\]", text)
    assert first
    found = [name for kind, name in labels_of(text) if kind == "place"]
    at = text.count("[L ", 0, first.start())
    assert found[at] == label

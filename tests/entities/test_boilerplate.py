"""Credits, bylines, agency lines and navigation are found; prose is left alone."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.entities.linking.boilerplate import Boilerplate, boilerplate_ranges


def marked(text: str) -> list[str]:
    return [text[start:end] for start, end in boilerplate_ranges(text)]


@pytest.mark.parametrize(
    "line",
    [
        "Home | World | Sport | Audio and Video | About us",
        "By Jane Doe in Nairobi",
        "Reporting by Jane Doe; Editing by John Roe",
        "(AP Photo/Jane Doe)",
        "Photo: Jane Doe/Getty Images",
        "AP and Reuters",
        "© 2024 The Daily Example",
        "Read more: Jane Doe wins the prize",
        "(Reporting by Jane Doe in Kyiv; editing by John Roe)",
        "Additional reporting by Jane Doe",
        "Associated Press writer Jane Doe contributed to this report.",
        "Jane Doe in Lima contributed reporting.",
        "Home > World > Asia",
        "Home | News | Sport",
        "— AFP",
    ],
)
def test_a_line_of_boilerplate_is_found_whole(line: str) -> None:
    assert marked(f"First line of prose.\n{line}\nLast line of prose.") == [line]


def test_a_credit_ends_a_caption_without_taking_it() -> None:
    caption = "Police stand guard in Lima, Peru, May 3, 2022."
    assert marked(f"{caption} Jane Doe/Agency via REUTERS/File photo") == ["Jane Doe/Agency via REUTERS/File photo"]


@pytest.mark.parametrize(
    "line",
    [
        "A rally in Yerevan, September 21, 2023. |Jane Doe/Photolure via REUTERS/file photo",
        "A rally. |REUTERS/Jane Doe",
        "A rally |(AP Photo/Jane Doe)",
        "A rally |[Jane Doe/Reuters]",
        "A rally. |Photograph: Jane Doe/Getty Images",
        "A rally |(Photo by Jane Doe/AFP via Getty Images)",
        "A rally in Tokyo. |— AFP",
        "His grandfather was in hospital. |– Bernama",
        "A road near Goris, Armenia. |Example News file photo",
    ],
)
def test_a_credit_is_set_apart_from_what_the_picture_shows(line: str) -> None:
    caption, _, credit = line.partition("|")
    assert marked(caption + credit) == [credit]


def test_addresses_hold_no_names() -> None:
    assert marked("More at https://example.org/Biden today.") == ["https://example.org/Biden"]


def test_rows_of_a_table_are_no_navigation() -> None:
    assert marked("Team | P | W | D | L\nYork | 5 | 3 | 1 | 1\nLeeds | 5 | 2 | 1 | 2") == []


def test_the_agency_of_a_dateline_is_found_and_its_city_is_not() -> None:
    assert marked("LAGOS, March 4 (Reuters) - The bank said rates stay.") == ["(Reuters)"]


@pytest.mark.parametrize(
    "prose",
    [
        "The minister told Reuters on Friday that talks would go on.",
        "By Monday the court had heard Jane Doe, who denied it.",
        "The photo by Jane Doe won a prize in Paris, said the jury.",
        "Either A | B or neither, he said.",
        "She read more than Tolstoy.",
        "Credit Agricole's stake in the firm is five per cent.",
        "Rates may fall in the U.S. credit markets, said Jane Doe of First Options.",
        "The talks went on. | They failed again. | Nobody came. | It was over.",
        "The Israel/Hamas war goes on.",
        "He praised the photo: it was good.",
        "She contributed to the report of the committee on Chad.",
    ],
)
def test_prose_is_left_alone(prose: str) -> None:
    assert marked(prose) == []


def test_the_users_article_loses_credit_navigation_and_agency_line_only(user_article: Path) -> None:
    found = marked(user_article.read_text(encoding="utf-8"))
    assert [line[:14] for line in found] == ["AP and Reuters", "Hayk Baghdasar", "The World News"]


@given(st.text(max_size=300))
def test_ranges_are_in_order_and_apart(text: str) -> None:
    ranges = boilerplate_ranges(text)
    assert all(0 <= start < end <= len(text) for start, end in ranges)
    assert all(one[1] < other[0] for one, other in pairwise(ranges))


@given(st.text(max_size=200) | st.text(alphabet="ABy |/.()REUTSAP\n-–—:©,Photo", max_size=200))
def test_asking_for_single_characters_gives_the_same_as_the_ranges(text: str) -> None:
    asked = Boilerplate(text)
    held = [position for position in range(len(text)) if asked.holds(position)]
    assert held == [position for start, end in boilerplate_ranges(text) for position in range(start, end)]


@pytest.mark.parametrize(
    "unit",
    [
        "|",
        "a|",
        "(",
        "A/",
        "By ",
        "\n",
        "Photo: ",
        "(Photo ",
        "AP, ",
        "via ",
        " ",
        "/AP",
        ". A",
        "/AP\n",
        "a | b | c | d\n",
        " " * 2990 + "|\n",
        "http://",
        "contributed ",
        "— AFP ",
        "A by ",
        "REUTERS/A ",
    ],
)
def test_time_grows_with_length_only(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    begun = time.process_time()
    boilerplate_ranges(text)
    assert time.process_time() - begun < 3


def test_an_agency_that_is_on_no_list_is_known_by_its_dateline() -> None:
    assert marked("COLOMBO, July 21, 2022 (Searchapp News) - Rice is dear.") == ["(Searchapp News)"]
    assert marked("The firm (Acme) - a maker of anvils - rose.") == []

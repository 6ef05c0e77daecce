"""Who made an article or a picture: told from sentences that name the same people and agencies."""

from __future__ import annotations

import pytest

from searchapp.language.agencies import agencies_in_line, agency_of_dateline, is_agency
from searchapp.language.credits import byline_in, is_caption, is_old_picture, kind_of_credit, maker_ranges


def test_a_line_of_agencies_only_is_told_from_one_that_says_more() -> None:
    assert agencies_in_line("AP and Reuters") == "AP and Reuters"
    assert agencies_in_line("Source: Agence France-Presse") == "Agence France-Presse"
    assert agencies_in_line("Reuters, AFP") == "Reuters, AFP"
    assert agencies_in_line("Reuters wins prize") == ""
    assert agencies_in_line("") == ""


@pytest.mark.parametrize(
    "line",
    [
        "A rally in Yerevan, September 21, 2023. Jane Doe/Photolure via REUTERS/file photo",
        "A rally. REUTERS/Jane Doe",
        "A rally (AP Photo/Jane Doe)",
        "A rally [Jane Doe/Reuters]",
        "A rally. Photograph: Jane Doe/Getty Images",
        "A rally (Photo by Jane Doe/AFP via Getty Images)",
        "A rally. AFP via Getty Images",
        "A rally in Tokyo. — AFP",
        "A road near Goris, Armenia. Example News file photo",
    ],
)
def test_a_line_that_ends_in_a_credit_is_a_caption(line: str) -> None:
    assert is_caption(line)


@pytest.mark.parametrize(
    "line",
    [
        "He told AP and Reuters reporters in Baku.",
        "The Israel/Hamas war goes on.",
        "The deal was signed in Moscow, TASS reported.",
        "She joined Reuters in 1990 and left for the BBC.",
        "The picture by Picasso was sold.",
        "By Friday the talks in Vienna had failed.",
        "He praised the photo: it was good.",
    ],
)
def test_sentences_that_name_agencies_are_no_captions(line: str) -> None:
    assert not is_caption(line)


def test_pictures_from_the_archive_are_known_as_such() -> None:
    assert is_old_picture("Jane Doe via REUTERS/File Photo")
    assert is_old_picture("FILE - Jane Doe speaks in 2019.")
    assert not is_old_picture("Jane Doe files a suit. REUTERS/John Roe")


def test_bylines_are_told_from_sentences() -> None:
    assert byline_in("By Jane Doe and John Roe") == "Jane Doe and John Roe"
    assert byline_in("BY JANE DOE | Staff Writer") == "JANE DOE | Staff Writer"
    assert byline_in("By Friday the talks in Vienna had failed.") == ""
    assert byline_in("By and large it worked") == ""


def test_agencies_may_stand_in_brackets_and_have_a_colon() -> None:
    assert agencies_in_line("(Reuters)") == "Reuters"
    assert agencies_in_line("AFP with AP:") == "AFP with AP"
    assert agencies_in_line("(Reuters") == ""


def test_an_agency_is_known_by_name_or_by_what_it_is_called() -> None:
    assert is_agency("AP")
    assert is_agency("Example News")
    assert not is_agency("Jane Doe")


def test_a_dateline_has_its_agency_in_brackets() -> None:
    line = "LAGOS, March 4 (Reuters) - The bank said"
    found = agency_of_dateline(line)
    assert found is not None
    assert line[slice(*found)] == "(Reuters)"
    assert agency_of_dateline("The firm (Acme) - a maker of anvils - rose.") is None


@pytest.mark.parametrize("line", ["Photo: Jane Doe/Getty Images", "Image: C.Doe.", "(AP Photo/Doe)", "Getty Images"])
def test_a_line_can_be_nothing_but_a_credit(line: str) -> None:
    assert kind_of_credit(line) == "credit"


@pytest.mark.parametrize("line", ["Waiting for the start. Image: Дмитрий Кошелев.", "Jane Doe and others wait/Reuters"])
def test_any_name_can_be_credited(line: str) -> None:
    assert is_caption(line)


def test_a_paper_named_behind_via_is_no_credit_of_a_picture() -> None:
    assert not is_caption("He told the story via CNN.")


def test_who_reported_and_edited_is_found() -> None:
    line = "The talks go on. (Reporting by Jane Doe; editing by John Roe)"
    assert [line[start:end] for start, end in maker_ranges(line)] == ["(Reporting by Jane Doe; editing by John Roe)"]
    assert list(maker_ranges("She contributed to the report of the committee on Chad.")) == []

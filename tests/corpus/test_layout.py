from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.corpus.cleaning.datelines import parse_dateline, place_label
from searchapp.corpus.cleaning.layout import byline_in, date_in_line, is_navigation, lay_out
from searchapp.language.agencies import agencies_in_line
from searchapp.language.credits import credit_ranges, is_caption, is_old_picture

MENU = "The Example Times | News Reviews | Audio and Video Posts | AP and Reuters | Hamas – Attack: Analysis"


@pytest.mark.parametrize(
    ("text", "place", "agency"),
    [
        ("KYIV, Feb 26 (Reuters) - Talks", "Kyiv", "Reuters"),
        ("WASHINGTON (AP) — The", "Washington", "AP"),
        ("YEREVAN, Armenia (AP) -- The", "Yerevan, Armenia", "AP"),
        ("GENEVA, 26 February 2023 (Xinhua) -- The", "Geneva", "Xinhua"),
        ("MOSCOW, September 22. /TASS/. Russian", "Moscow", "TASS"),
        ("PARIS/BERLIN, Sept 1 (Reuters) - The", "Paris/Berlin", "Reuters"),
        ("N'DJAMENA, Chad (AP) — The", "N'Djamena, Chad", "AP"),
        ("RIO DE JANEIRO — The", "Rio de Janeiro", ""),
        ("WASHINGTON, D.C. — The", "Washington, D.C.", ""),
        ("Mumbai, India – In February", "Mumbai, India", ""),
        ("KUWAIT CITY, July 25: Despite", "Kuwait City", ""),
        ("    SALVADOR, Feb 26 - Showers", "Salvador", ""),
        ("(Reuters) - Shares", "", "Reuters"),
    ],
)
def test_datelines_give_place_and_agency(text: str, place: str, agency: str) -> None:
    found = parse_dateline(text)
    assert found is not None
    assert (found.place, found.agency) == (place, agency)
    assert text[found.end :][:1].isupper()


@pytest.mark.parametrize(
    "text",
    [
        "Armenia and Azerbaijan – neighbours in the Caucasus – have met.",
        "EXCLUSIVE - Trump says no",
        "Analysis – The war goes on",
        "Pashinyan – a former journalist – said",
        "KARABAKH ARMENIANS SAY NO DEAL - OFFICIALS",
        "IMF — Growth slows",
        "Note: this is a test",
        "In Yerevan - The talks",
        "",
    ],
)
def test_other_openings_are_no_datelines(text: str) -> None:
    assert parse_dateline(text) is None


def test_datelines_give_the_day_and_the_year_if_there() -> None:
    found = parse_dateline("CAIRO – 26 July 2022: The minister")
    assert found is not None
    assert (found.month, found.day, found.year) == (7, 26, 2022)
    found = parse_dateline("TOKYO, Feb. 3 (Kyodo) - The")
    assert found is not None
    assert (found.month, found.day, found.year) == (2, 3, None)


def test_places_are_written_in_usual_letters() -> None:
    assert place_label("NEW YORK") == "New York"
    assert place_label("PORTLAND, ME") == "Portland, ME"
    assert place_label("PORT-AU-PRINCE, Haiti") == "Port-au-Prince, Haiti"
    assert place_label("SHARM EL-SHEIKH, Egypt") == "Sharm el-Sheikh, Egypt"
    assert place_label("SYDNEY and KUALA LUMPUR") == "Sydney and Kuala Lumpur"
    assert place_label("Baku") == "Baku"


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


def test_rows_of_links_are_navigation_and_tables_and_prose_are_not() -> None:
    assert is_navigation(MENU)
    assert is_navigation("Home > World > Asia")
    assert is_navigation("Home | News | Sport")
    assert not is_navigation("He said: vote yes | no")
    assert not is_navigation("The talks went on. | They failed again. | Nobody came. | It was over.")
    table = "Team | P | W | D | L\nYork | 5 | 3 | 1 | 1\nLeeds | 5 | 2 | 1 | 2"
    assert {line.kind for line in lay_out(f"Results of Saturday\n\n{table}")} == {"headline", "paragraph"}


def test_bylines_are_told_from_sentences() -> None:
    assert byline_in("By Jane Doe and John Roe") == "Jane Doe and John Roe"
    assert byline_in("BY JANE DOE | Staff Writer") == "JANE DOE | Staff Writer"
    assert byline_in("By Friday the talks in Vienna had failed.") == ""
    assert byline_in("By and large it worked") == ""


def test_date_lines_are_told_from_headings() -> None:
    day = dt.date(2023, 9, 22)
    assert date_in_line("Published: 22 September 2023, 10:15 GMT") == (day, dt.time(10, 15))
    assert date_in_line("September 22, 2023 | 10:15") == (day, dt.time(10, 15))
    assert date_in_line("Fri, 22 Sep 2023") == (day, None)
    assert date_in_line("Published 22 September 2023, updated 23 September 2023") == (day, None)
    assert date_in_line("2023 was a year of war") is None
    assert date_in_line("20230922") is None


def test_each_line_of_an_article_is_what_it_is() -> None:
    text = (
        "Reuters\n\nTalks resume in Geneva\nBy Jane Doe\nSeptember 22, 2023\n\n"
        "GENEVA (Reuters) - Delegates met.\n\nDelegates arrive. REUTERS/John Roe\n\nThey parted.\n\n" + MENU
    )
    assert [(line.kind, line.text[:14]) for line in lay_out(text)] == [
        ("agency", "Reuters"),
        ("headline", "Talks resume i"),
        ("byline", "By Jane Doe"),
        ("date", "September 22, "),
        ("paragraph", "GENEVA (Reuter"),
        ("caption", "Delegates arri"),
        ("paragraph", "They parted."),
        ("navigation", "The Example Ti"),
    ]


def test_an_agency_nobody_knows_is_told_by_its_name_or_by_the_dateline() -> None:
    for name in ("Example News", "Presseagentur Beispiel"):
        text = f"{name}\n\nTalks resume in Geneva\n\nGENEVA, Sept 22 ({name}) - Delegates met.\n\nThey parted."
        assert [line.kind for line in lay_out(text)][:2] == ["agency", "headline"]
    headed = lay_out("Example Gazette News\n\nDelegates met on Friday.\n\nThey parted.")
    assert headed[0].kind == "headline"
    headed = lay_out("Talks resume\n\nGeneva hosts delegates\n\nThey met.\n\nThey parted.")
    assert headed[0].kind == "headline"


def test_a_first_sentence_is_no_headline() -> None:
    assert [line.kind for line in lay_out("The talks began on Friday.\n\nThey went on.")] == ["paragraph", "paragraph"]


def test_a_date_in_the_midst_of_an_article_is_text() -> None:
    text = "Headline\n\n" + "A paragraph of text.\n\n" * 12 + "1 May 2020\n\nMore."
    assert [line.kind for line in lay_out(text)][-2:] == ["paragraph", "paragraph"]


def test_the_users_article_has_one_caption_and_one_row_of_links(user_article: Path) -> None:
    text = user_article.read_text(encoding="utf-8")
    lines = lay_out(text)
    assert [line.kind for line in lines if line.kind != "paragraph"] == ["agency", "headline", "caption", "navigation"]


@given(st.text(max_size=600) | st.text(alphabet="ABy |/.()REUTSAP\n-–—:©,Photo", max_size=300))
def test_no_text_breaks_the_layout(text: str) -> None:
    lay_out(text)
    parse_dateline(text)
    for line in text.split("\n"):
        assert all(0 <= start <= end <= len(line) for start, end in credit_ranges(line))


HOSTILE = [
    "A", "A ", "ABC ", "|", "a|", "a | ", "(", "(a", ")", " ", "\t", "1", "\n", "A\n", "- ", "-\n", "By ", "By A ",
    "By A\n", "Photo: ", "A/AP ", "REUTERS/A ", "Reporting by A ", "A. ", "KYIV, ", "May 1, ", "http://", "Published ",
    "a | b | c | d\n",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_layout_takes_linear_time(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        times = []
        for _ in range(2):
            began = time.process_time()
            lay_out(text)
            times.append(time.process_time() - began)
        return min(times)

    # Four times as long may take eight times as long, on a busy machine; what grows with the square takes sixteen.
    assert seconds(32_000) < 8 * max(seconds(8_000), 0.01)


@pytest.mark.parametrize("line", [" " * 3000 + "|", "| " * 1500, "a" + " " * 199])
def test_rows_of_links_are_told_in_no_time(line: str) -> None:
    began = time.process_time()
    for _ in range(100):
        is_navigation(line)
    assert time.process_time() - began < 1

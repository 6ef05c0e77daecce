from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.corpus.cleaning.datelines import parse_dateline, place_label
from searchapp.corpus.cleaning.layout import date_in_line, lay_out
from searchapp.language.credits import credit_ranges
from searchapp.language.furniture import is_navigation

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


def test_rows_of_links_are_navigation_and_tables_and_prose_are_not() -> None:
    assert is_navigation(MENU)
    assert is_navigation("Home > World > Asia")
    assert is_navigation("Home | News | Sport")
    assert not is_navigation("He said: vote yes | no")
    assert not is_navigation("The talks went on. | They failed again. | Nobody came. | It was over.")
    table = "Team | P | W | D | L\nYork | 5 | 3 | 1 | 1\nLeeds | 5 | 2 | 1 | 2"
    assert {line.kind for line in lay_out(f"Results of Saturday\n\n{table}")} == {"headline", "paragraph"}


def test_date_lines_are_told_from_headings() -> None:
    day = dt.date(2023, 9, 22)
    assert date_in_line("Published: 22 September 2023, 10:15 GMT") == (day, dt.time(10, 15, tzinfo=dt.UTC))
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

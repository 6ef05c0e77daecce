from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from searchapp.corpus import read_file
from searchapp.model.article import Article

One = Callable[..., Article]

WIRE = """AP and Reuters

Talks resume in Geneva after two years
By Jane Doe

GENEVA, Sept 22, 2023 (Reuters) - Delegates met on Friday.

Delegates arrive in Geneva. Jane Doe/AFP via REUTERS

They parted at noon.

Example Times | World | Audio and Video Posts | About us | Contact
"""


def test_a_wire_article_comes_apart_into_its_fields(article_as: One) -> None:
    article = article_as("a.txt", WIRE)
    assert article.title == "Talks resume in Geneva after two years"
    assert article.source == "AP and Reuters"
    assert article.byline == "Jane Doe"
    assert article.dateline == "Geneva"
    assert (article.published, article.published_source) == (dt.date(2023, 9, 22), "dateline")
    assert article.body.split("\n\n") == [
        "GENEVA, Sept 22, 2023 (Reuters) - Delegates met on Friday.",
        "Delegates arrive in Geneva. Jane Doe/AFP via REUTERS",
        "They parted at noon.",
    ]


def test_the_users_article_is_read_as_a_person_reads_it(user_article: Path) -> None:
    (article,) = read_file(user_article)
    assert isinstance(article, Article)
    assert article.title == "Karabakh Armenians say no deal yet with Azerbaijan on security guarantees"
    assert article.source == "AP and Reuters"
    assert "|" not in article.body
    assert "Hayk Baghdasaryan/Photolure via REUTERS/file photo" in article.body
    assert article.body.startswith("Azerbaijan envisages an amnesty")
    assert article.body.endswith("effectively under siege.")
    # The only date in it is that of a picture from the archive, and the lead is of a Friday: about then.
    assert (article.published, article.published_source) == (dt.date(2023, 9, 22), "estimated")


def test_the_agency_of_the_dateline_is_the_source_when_no_line_names_one(article_as: One) -> None:
    assert article_as("a.txt", "Headline here\n\nKYIV (AP) — Text.").source == "AP"


def test_an_address_on_top_gives_url_id_and_date(article_as: One) -> None:
    article = article_as(
        "a.txt", "https://example.org/news/2022/07/21/talks\n\nDelegates met on Friday.\n\nThey parted."
    )
    assert article.url == article.id == "https://example.org/news/2022/07/21/talks"
    assert (article.published, article.published_source) == (dt.date(2022, 7, 21), "address")
    assert article.title == ""


def test_labelled_lines_on_top_are_metadata(article_as: One) -> None:
    article = article_as(
        "a.txt", "Title: Talks resume\nDate: 22 Sept 2023\nSource: Example Times\nAuthor: Jane Doe\n\nText here."
    )
    assert (article.title, article.byline, article.source) == ("Talks resume", "Jane Doe", "Example Times")
    assert (article.published, article.published_source) == (dt.date(2023, 9, 22), "metadata")
    assert article.body == "Text here."


def test_a_date_line_is_a_date_from_the_text(article_as: One) -> None:
    article = article_as("a.txt", "Talks resume\n\nPublished: September 22, 2023, 10:15\n\nDelegates met.")
    assert (article.published, article.published_time) == (dt.date(2023, 9, 22), dt.time(10, 15))
    assert article.published_source == "text"
    assert article.body == "Delegates met."


@pytest.mark.parametrize(
    ("caption", "report", "expected"),
    [
        ("A rally on September 21, 2023. REUTERS/Jane Doe", "They met on Friday.", dt.date(2023, 9, 22)),
        ("A rally on September 21, 2023. REUTERS/Jane Doe", "They met on Thursday.", dt.date(2023, 9, 21)),
        ("A rally on September 21, 2023. REUTERS/Jane Doe/File Photo", "They met on Friday.", dt.date(2023, 9, 22)),
        ("A rally on September 21, 2023. REUTERS/Jane Doe", "They met on Tuesday.", None),
        ("A rally on September 21, 2023. REUTERS/Jane Doe", "They met.", None),
        ("A rally held on September 21, 2023 in Geneva.", "They met on Friday.", None),
    ],
)
def test_a_caption_dates_an_article_only_when_the_report_agrees(
    article_as: One, caption: str, report: str, expected: dt.date | None
) -> None:
    article = article_as("a.txt", f"Talks resume\n\n{report}\n\n{caption}\n\nThey parted.")
    if expected is None:
        assert (article.published, article.published_source) == (None, "")
    else:
        assert (article.published, article.published_source) == (expected, "estimated")


def test_the_year_of_a_dateline_comes_from_a_full_date_near_it(article_as: One) -> None:
    article = article_as(
        "a.txt", "Talks resume\n\nKYIV, Dec 30 (Reuters) - Delegates will meet again on January 9, 2019."
    )
    assert (article.published, article.published_source) == (dt.date(2018, 12, 30), "dateline")


def test_a_dateline_without_any_year_leans_on_the_time_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Talks resume\n\nKYIV, Dec 30 (Reuters) - Delegates met.")
    moment = dt.datetime(2021, 3, 1, 12).timestamp()
    os.utime(path, (moment, moment))
    (article,) = read_file(path)
    assert isinstance(article, Article)
    assert (article.published, article.published_source) == (dt.date(2020, 12, 30), "estimated")


def test_the_time_of_a_file_is_kept_and_dates_no_article(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Talks resume\n\nDelegates met.")
    moment = dt.datetime(2021, 3, 1, 12).timestamp()
    os.utime(path, (moment, moment))
    (article,) = read_file(path)
    assert isinstance(article, Article)
    assert (article.published, article.published_time, article.published_source) == (None, None, "")
    assert article.file_modified == dt.datetime(2021, 3, 1, 12)


def test_nothing_is_estimated_to_be_later_than_its_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "Talks resume\n\nThey met on Friday.\n\nA rally on September 21, 2023. REUTERS/Jane Doe\n\nThey parted."
    )
    fingerprints = set()
    for year, expected in ((2024, dt.date(2023, 9, 22)), (2022, None)):
        moment = dt.datetime(year, 3, 1).timestamp()
        os.utime(path, (moment, moment))
        (article,) = read_file(path)
        assert isinstance(article, Article)
        assert article.published == expected
        fingerprints.add(article.fingerprint)
    # The time of a file is no part of what an article is: touching it changes nothing.
    assert len(fingerprints) == 1


def test_a_lead_that_gives_day_and_weekday_dates_about(article_as: One) -> None:
    article = article_as(
        "a.txt", "Talks resume\n\nDelegates met on Friday, September 22, 2023 in Geneva.\n\nThey parted."
    )
    assert (article.published, article.published_source) == (dt.date(2023, 9, 22), "estimated")
    wrong = article_as("b.txt", "Talks resume\n\nDelegates met on Monday, September 22, 2023.\n\nThey parted.")
    assert wrong.published is None


def test_a_single_sentence_is_the_body_not_the_title(article_as: One) -> None:
    article = article_as("a.txt", "Delegates met in Geneva")
    assert (article.title, article.body) == ("", "Delegates met in Geneva")


def test_results_in_a_table_stay_in_the_body(article_as: One) -> None:
    table = "Team | P | W | D\nYork | 5 | 3 | 1\nLeeds | 5 | 2 | 1"
    assert article_as("a.txt", f"Results of the day\n\nYork won.\n\n{table}").body.count("|") == 9


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_typographic_letters_survive_in_every_encoding(article_as: One, encoding: str) -> None:
    article = article_as("a.txt", "Talks in Zürich\n\n“Good,” he said – twice.".encode(encoding))
    assert (article.title, article.body) == ("Talks in Zürich", "“Good,” he said – twice.")


def test_navigation_alone_is_no_article(reason_of: Callable[..., str]) -> None:
    assert "navigation" in reason_of("a.txt", "Home | News | Sport | About us | Contact")


def test_a_text_too_large_for_one_article_is_skipped_with_the_reason(reason_of: Callable[..., str]) -> None:
    assert "larger than 16 MB" in reason_of("a.txt", b"word " * (4 << 20))

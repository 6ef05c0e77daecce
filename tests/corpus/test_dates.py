from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.corpus.cleaning.dates import find_dates, parse_date, year_for
from searchapp.model.article import Article
from searchapp.model.held import HeldArticle, parts_of

SEPTEMBER_21 = dt.date(2023, 9, 21)


@pytest.mark.parametrize(
    "text",
    [
        "2023-09-21", "2023-9-21", "2023/09/21", "20230921", "September 21, 2023", "Sept. 21, 2023", "Sep 21 2023",
        "21 September 2023", "21st of September 2023", "Thursday, 21 September, 2023", "Thu 21 Sep 2023", "21-SEP-2023",
        "21.09.2023", "21. 9. 2023", "09/21/2023", "21/09/2023", "2023 September 21",
    ],
)  # fmt: skip
def test_every_usual_way_to_write_a_day_is_read(text: str) -> None:
    assert parse_date(text) == (SEPTEMBER_21, None)


@pytest.mark.parametrize(
    "text",
    [
        "2023-09-21T10:15:00Z", "2023-09-21 10:15", "2023-09-21T10:15:00.123+04:00", "20230921T101500+0400",
        "20230921101500", "Thu, 21 Sep 2023 10:15:00 GMT", "Thu, 21 Sep 2023 10:15:00 +0400 (AMT)",
        "September 21, 2023 at 10:15 AM EDT", "Sept. 21, 2023, 10:15 a.m. ET", "21 September 2023 10.15 BST",
        "Thu Sep 21 10:15:00 2023", "Thu Sep 21 10:15:00 UTC 2023", "2023-09-21T10:15:00+04:00[Asia/Yerevan]",
    ],
)  # fmt: skip
def test_the_clock_is_kept_as_the_file_writes_it(text: str) -> None:
    day, time = parse_date(text) or (None, None)
    assert (day, time and time.replace(tzinfo=None)) == (SEPTEMBER_21, dt.time(10, 15))


def test_wire_service_stamps_with_hundredths_are_read() -> None:
    assert parse_date("26-FEB-1987 15:01:01.79") == (dt.date(1987, 2, 26), dt.time(15, 1, 1))


def test_afternoon_hours_are_counted_on() -> None:
    assert parse_date("Sep 21 2023 12:05am") == (SEPTEMBER_21, dt.time(0, 5))
    assert parse_date("Sep 21 2023 12:05pm") == (SEPTEMBER_21, dt.time(12, 5))
    assert parse_date("Sep 21 2023 11:05PM") == (SEPTEMBER_21, dt.time(23, 5))


def test_seconds_and_milliseconds_since_1970_are_utc() -> None:
    expected = (SEPTEMBER_21, dt.time(9, 53, 20))
    assert [parse_date(text) for text in ("1695290000", "1695290000.0", "1695290000000")] == [expected] * 3


@pytest.mark.parametrize(
    "text",
    ["", "hello", "2023", "2023-09", "September 2023", "2023-02-30", "2023-13-01", "Friday", "12345678", "21:15",
     "2023-09-21foo", "0000-01-01", "9999999999999999999", "١٢/٠٣/٢٠٢٣", "September 21, 2023 was a Thursday"],
)  # fmt: skip
def test_what_names_no_single_day_is_not_guessed(text: str) -> None:
    assert parse_date(text) is None


def test_two_readings_are_none_unless_the_order_is_known() -> None:
    assert parse_date("03/04/2023") is None
    assert parse_date("03/04/2023", day_first=True) == (dt.date(2023, 4, 3), None)
    assert parse_date("03/04/2023", day_first=False) == (dt.date(2023, 3, 4), None)
    assert parse_date("04/04/2023") == (dt.date(2023, 4, 4), None)


def test_dates_within_prose_are_found_with_their_place() -> None:
    text = "in Yerevan, September 21, 2023. Later, on 3 May 2024, talks resumed; 31 June 2024 never was."
    assert [(text[start:end], day) for start, end, day in find_dates(text)] == [
        ("September 21, 2023", SEPTEMBER_21),
        ("3 May 2024", dt.date(2024, 5, 3)),
    ]


def test_a_day_without_year_is_the_last_one_that_has_been() -> None:
    assert year_for(2, 26, latest=dt.date(2024, 2, 26)) == dt.date(2024, 2, 26)
    assert year_for(2, 26, latest=dt.date(2024, 2, 25)) == dt.date(2023, 2, 26)
    assert year_for(2, 29, latest=dt.date(2023, 6, 1)) == dt.date(2020, 2, 29)
    assert year_for(2, 30, latest=dt.date(2023, 6, 1)) is None


@given(st.dates(min_value=dt.date(1600, 1, 1), max_value=dt.date(2199, 12, 31)), st.times())
def test_iso_stamps_come_back_as_they_went(day: dt.date, time: dt.time) -> None:
    stamp = dt.datetime.combine(day, time.replace(microsecond=0, tzinfo=None)).isoformat()
    assert parse_date(stamp, ahead=True) == (day, time.replace(microsecond=0, tzinfo=None))


@given(st.text(max_size=120) | st.text(alphabet="0123456789-/:. TZ+apmSeptJan,", max_size=40))
def test_no_text_makes_the_reader_of_dates_fail(text: str) -> None:
    found = parse_date(text)
    assert found is None or 1600 <= found[0].year <= 2199
    assert all(text[start:end] for start, end, _ in find_dates(text))


@pytest.mark.parametrize(
    "text",
    [
        "21 Sept 23", "Thu, 21 Sep 23 10:15:00 GMT", "Thursday, 21-Sep-23 10:15:00 GMT", "21.09.23", "21/09/23",
        "Sep 21, '23",
        "Do, 21 Sep 2023 10:15:00 +0200", "jeu., 21 sept. 2023 10:15:00 +0200", "21 septembre 2023 à 10h15",
        "Donnerstag, 21. September 2023, 10:15 Uhr", "21 de septiembre de 2023", "giovedì 21 settembre 2023 ore 10:15",
        "quinta-feira, 21 de setembro de 2023", "21 september 2023 kl. 10.15", "czwartek, 21 września 2023",
        "21 сентября 2023 г.",
        "21 вересня 2023", "21 Eylül 2023 Perşembe", "2023. szeptember 21.", "2023年9月21日", "2023年9月21日 10:15",
        "2023-09-21 10:15:00 -0400 EDT", "Thu,21 Sep 2023 10:15 GMT", "Thu Sep 21 10:15:00 +0000 2023",
        "Thu, 21 Sep 2023 10:15:00 Europe/Oslo", "21/Sep/2023:10:15:00 +0000", "10:15, 21 September 2023",
        "Thu Sep 21 2023 10:15:00 GMT+0400 (Armenia Standard Time)", 'ISODate("2023-09-21T10:15:00Z")', "Sep-21-2023",
        "datetime.datetime(2023, 9, 21, 10, 15)", "/Date(1695291300000)/", "1695291300000000000", "1.6952913e+12",
    ],
)  # fmt: skip
def test_days_in_other_languages_and_of_programs_are_read(text: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert found[0] == SEPTEMBER_21


def test_a_year_of_two_digits_is_the_last_one_that_ends_so() -> None:
    this = dt.date.today().year % 100
    assert parse_date(f"1 Jan {this:02}") == (dt.date(2000 + this, 1, 1), None)
    assert parse_date(f"1 Jan {this + 1:02}") == (dt.date(1901 + this, 1, 1), None)


def test_days_as_spreadsheets_count_them_are_read_where_they_may_be_meant() -> None:
    assert parse_date("45190", serials=True) == (SEPTEMBER_21, None)
    assert parse_date("45190.5", serials=True) == (SEPTEMBER_21, dt.time(12))
    assert parse_date("45190") is None
    assert parse_date("2023", serials=True) is None


def test_a_day_that_is_yet_to_come_is_not_believed() -> None:
    tomorrow, later = dt.date.today() + dt.timedelta(days=1), dt.date.today() + dt.timedelta(days=40)
    assert parse_date(tomorrow.isoformat()) == (tomorrow, None)
    assert parse_date(later.isoformat()) is None
    assert parse_date(later.isoformat(), ahead=True) == (later, None)


def test_words_that_are_no_date_make_none() -> None:
    for text in ("mar 12 mars 2019 avril", "12 friends 2019", "le mars", "12 de 2019", "Mai 2019", "März"):
        assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2023-09-21T10:15:00+02:00", 120),
        ("2023-09-21T10:15:00Z", 0),
        ("Thu, 21 Sep 2023 10:15:00 -0530", -330),
        ("21 September 2023 10:15 EDT", -240),
        ("2023-09-21 10:15", None),
        ("Sept. 21, 2023, 10:15 a.m. ET", None),
    ],
)
def test_an_article_knows_how_far_its_clock_is_from_utc_where_the_file_says(text: str, minutes: int | None) -> None:
    found = parse_date(text)
    assert found is not None
    article = Article(id="a", body="x", published=found[0], published_time=found[1])
    assert (article.published_time, article.published_offset) == (dt.time(10, 15), minutes)
    assert Article.from_dict(article.to_dict()).published_offset == minutes
    assert HeldArticle.of(*parts_of(article)) == article
    ours = Article(id="b", body="x", published=found[0], published_time=dt.time(10, 15))
    assert (ours.published_key or 0) - (article.published_key or 0) == 60 * (minutes or 0)

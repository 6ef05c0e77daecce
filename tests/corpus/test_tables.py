from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from searchapp.corpus.decoding.base import Yielded
from searchapp.model.article import Article
from searchapp.model.result import Noted, Skipped

Read = Callable[..., list[Yielded]]
One = Callable[..., Article]


def test_columns_are_found_by_their_usual_names(article_as: One) -> None:
    article = article_as(
        "a.csv",
        "ID,Headline,Article Text,Pub_Date,Author,Publisher,Link,Category,Tags,Persons,Locations,Companies,Lang\n"
        'n-1,Talks resume,"One.\n\nTwo.",2023-09-22 10:15,By Jane Doe,Reuters,https://example.org/1,World,'
        'peace; talks,Jane Doe|John Roe,"[""Geneva"", ""Vienna""]",Acme,en\n',
    )
    assert (article.id, article.title, article.body) == ("n-1", "Talks resume", "One.\n\nTwo.")
    assert (article.published, article.published_time) == (dt.date(2023, 9, 22), dt.time(10, 15))
    assert article.published_source == "metadata"
    assert (article.byline, article.source, article.section) == ("Jane Doe", "Reuters", "World")
    assert (article.url, article.language, article.topics) == ("https://example.org/1", "en", ("peace", "talks"))
    assert dict(article.assigned) == {
        "people": ("Jane Doe", "John Roe"),
        "places": ("Geneva", "Vienna"),
        "organisations": ("Acme",),
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_found(article_as: One, delimiter: str) -> None:
    text = f'title{delimiter}body\n"One, two; three"{delimiter}"Text | more"\n'
    article = article_as("a.csv", text)
    assert (article.title, article.body) == ("One, two; three", "Text | more")


def test_spreadsheet_exports_with_mark_and_separator_line_are_read(article_as: One) -> None:
    article = article_as("a.csv", "\ufeffsep=;\r\n\r\nTitle;Body\r\nOne;Zürich\r\n")
    assert (article.title, article.body) == ("One", "Zürich")
    assert article_as("b.csv", "Title\tBody\nOne\tZürich\n".encode("utf-16")).body == "Zürich"


def test_markup_in_cells_becomes_text(article_as: One) -> None:
    assert (
        article_as("a.csv", "title,content\nA &amp; B,<p>One</p><script>x()</script><p>Two</p>\n").body == "One\n\nTwo"
    )


def test_an_empty_text_falls_back_on_the_summary(article_as: One) -> None:
    assert article_as("a.csv", "title,content,description\nOne,,Short text\n").body == "Short text"


def test_mapped_columns_win_over_usual_names(article_as: One) -> None:
    text = "title,text,kicker,when\nA,B,C,22.09.2023\n"
    article = article_as("a.csv", text, columns={"title": "kicker", "date": "WHEN"})
    assert (article.title, article.body, article.published) == ("C", "B", dt.date(2023, 9, 22))


def test_a_missing_mapped_column_is_reported_with_those_there_are(reason_of: Callable[..., str]) -> None:
    reason = reason_of("a.csv", "kicker,copy\nA,B\n", columns={"body": "txt"})
    assert reason == "no column 'txt' for body; the columns are 'kicker', 'copy'"


def test_a_table_without_text_or_title_says_how_to_name_them(reason_of: Callable[..., str]) -> None:
    assert "--map body=COLUMN" in reason_of("a.csv", "kicker,copy\nA,B\n")


def test_rows_that_do_not_fit_are_skipped_with_their_line_and_the_rest_is_read(read_as: Read) -> None:
    found = read_as("a.csv", "title,body,id\nA,one,1\nB,two, three,2\n,,3\n , ,\nC,four,4\n")
    assert [item.title for item in found if isinstance(item, Article)] == ["A", "C"]
    assert [item.position for item in found if isinstance(item, Article)] == [0, 1]
    reasons = [item.reason for item in found if isinstance(item, Skipped)]
    assert reasons[0].startswith("line 3: 4 cells where the header has 3")
    assert reasons[1] == "line 4: neither text nor title"


def test_a_quotation_mark_never_closed_costs_no_other_row(read_as: Read) -> None:
    found = read_as("a.csv", 'title,body\nA,one\nB,"two\nC,three\n')
    assert [item.title for item in found if isinstance(item, Article)] == ["A", "B", "C"]
    rows = "".join(f"2019-03-{day:02};Story {day};The text of it.\n" for day in range(10, 29))
    late = '2019-03-29;Story 29;"A text; with the delimiter"\n'
    found = read_as("b.csv", f'date;title;text\n2019-03-09;Story 9;"The 27 inch pipe burst.\n{rows}{late}')
    assert [item.title for item in found if isinstance(item, Article)] == [f"Story {day}" for day in range(9, 30)]
    assert isinstance(found[-1], Article)
    assert found[-1].body == "A text; with the delimiter"


def test_marks_within_a_cell_are_read_doubled_behind_a_backslash_and_as_they_are(read_as: Read) -> None:
    def bodies(text: str) -> list[str]:
        return [item.body for item in read_as("a.csv", text) if isinstance(item, Article)]

    assert bodies('title,text\nA,"He said ""no, never"", and left"\nB,two\n') == [
        'He said "no, never", and left',
        "two",
    ]
    assert bodies('title,text\nA,"He said \\"no, never\\", and left"\nB,two\n') == [
        'He said "no, never", and left',
        "two",
    ]
    assert bodies('title;text\nA;"The 27" pipe burst;" he said\nB;two\n') == ['"The 27" pipe burst; " he said', "two"]
    assert bodies('title,text\nA,a 5" pipe, no\n'.replace(", no", "")) == ['a 5" pipe']
    assert bodies('title,text\nA,"C:\\dir\\"\nB,two\n') == ["C:\\dir\\", "two"]


def test_the_end_of_a_long_cell_is_no_row_of_its_own(read_as: Read) -> None:
    rows = 'title,body,date,source\n"One, two","First.\nBoth, they said.",2019-03-12,Wire\nThree,Four,2019-03-13,Wire\n'
    assert [item.title for item in read_as("a.csv", rows) if isinstance(item, Article)] == ["One, two", "Three"]


def test_a_row_in_quotes_right_behind_a_stray_mark_is_kept(read_as: Read) -> None:
    rows = 'date;title;text\n2019-03-09;A;"The 27 inch\n2019-03-10;B;"A text; with the mark"\n2019-03-11;C;Three\n'
    assert [item.title for item in read_as("a.csv", rows) if isinstance(item, Article)] == ["A", "B", "C"]


def test_a_cell_may_go_over_many_lines(article_as: One) -> None:
    lines = "\n".join(f"Line {number}, with a comma, and another." for number in range(400))
    assert article_as("a.csv", f'title,text\nA,"{lines}"\n').body.count("Line") == 400


def test_lines_above_the_header_are_passed_over(article_as: One) -> None:
    article = article_as(
        "a.csv", "Search results for: ferry\nExported: 2024-01-05\n\ntitle,date,text\nA,2019-03-12,One\n"
    )
    assert (article.title, article.published) == ("A", dt.date(2019, 3, 12))


def test_a_table_without_a_header_says_so(reason_of: Callable[..., str]) -> None:
    text = '"3","Ferry quay closes","The harbour council voted to close the quay."\n"1","Roof","The school gets one."\n'
    assert reason_of("a.csv", text).startswith("no header row")


def test_how_programs_write_nothing_is_nothing(read_as: Read) -> None:
    for nothing in ("nan", "NaN", "None", "NULL", "\\N", "N/A", "<NA>"):
        (found,) = read_as(
            "a.csv", f"title,author,source,section,tags,text\nA,{nothing},{nothing},{nothing},{nothing},One\n"
        )
        assert isinstance(found, Article)
        assert (found.byline, found.source, found.section, found.topics) == ("", "", "", ())


def test_a_number_is_no_name(article_as: One) -> None:
    article = article_as("a.csv", "title,author,category,tags,publisher,text\nA,17,4,12;13,9,One\n")
    assert (article.byline, article.section, article.topics, article.source) == ("", "", (), "")


def test_of_columns_with_one_name_the_first_that_is_filled_counts(article_as: One) -> None:
    assert article_as("a.csv", "title,text,text\nA,One,\n").body == "One"
    assert article_as("b.csv", "title,text,text\nA,,Two\n").body == "Two"


@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
def test_a_table_is_known_by_its_look_under_another_ending(read_as: Read, delimiter: str) -> None:
    rows = (("title", "date", "text"), ("A", "2019-03-12", "One."), ("B", "2019-03-13", "Two."))
    found = read_as("a.txt", "\n".join(delimiter.join(row) for row in rows))
    assert [item.title for item in found if isinstance(item, Article)] == ["A", "B"]


def test_days_of_spreadsheets_are_dates(article_as: One) -> None:
    assert article_as("a.csv", "title,date,text\nA,43536,One\n").published == dt.date(2019, 3, 12)


def test_the_names_of_public_data_sets_are_known(article_as: One) -> None:
    assert article_as("a.csv", "document,summary,id\nThe whole text.,Short.,1\n").body == "The whole text."
    article = article_as("b.csv", "publish_date,headline_text\n20030219,ferry closes\n")
    assert (article.title, article.published) == ("ferry closes", dt.date(2003, 2, 19))
    article = article_as("c.csv", "Headlines,Time,Description\nFerry closes,Jul 18 2020,The council voted.\n")
    assert (article.title, article.published) == ("Ferry closes", dt.date(2020, 7, 18))
    article = article_as(
        "d.csv", "title,text,domain,date,url\nA,One,daily.example,2019-03-12,https://daily.example/f\n"
    )
    assert (article.source, article.url) == ("daily.example", "https://daily.example/f")


def test_an_address_in_place_of_a_source_is_the_url(article_as: One) -> None:
    article = article_as("a.csv", "title,text,source,source-hostname\nA,One,https://daily.example/f,Daily\n")
    assert (article.source, article.url) == ("Daily", "https://daily.example/f")


def test_nul_bytes_and_empty_trailing_cells_do_no_harm(article_as: One) -> None:
    assert article_as("a.csv", "title,body\nA\0B,one,,\n").title == "AB"


def test_the_order_of_day_and_month_is_settled_by_other_rows(read_as: Read) -> None:
    dates = [
        a.published for a in read_as("a.csv", "title,date\nA,03/04/2023\nB,25/04/2023\n") if isinstance(a, Article)
    ]
    assert dates == [dt.date(2023, 4, 3), dt.date(2023, 4, 25)]
    dates = [
        a.published for a in read_as("b.csv", "title,date\nA,03/04/2023\nB,04/25/2023\n") if isinstance(a, Article)
    ]
    assert dates == [dt.date(2023, 3, 4), dt.date(2023, 4, 25)]


def test_dates_that_stay_ambiguous_are_left_out_and_told(read_as: Read) -> None:
    noted, article = read_as("a.csv", "title,date\nA,03/04/2023\n")
    assert isinstance(article, Article)
    assert (article.published, article.published_source) == (None, "")
    assert noted == Noted(article.path, "line 2: the date '03/04/2023' cannot be read", "line 2")


def test_many_broken_rows_are_told_as_a_sum(read_as: Read) -> None:
    found = read_as("a.csv", "title,body\n" + "a,b,c\n" * 1000)
    assert len(found) == 21
    assert isinstance(found[-1], Skipped)
    assert found[-1].reason == "980 more were left out for such reasons"


def test_a_table_with_a_header_only_holds_no_article(reason_of: Callable[..., str]) -> None:
    assert reason_of("a.csv", "title,body\n") == "no article in this CSV or TSV file"


def test_rows_without_ids_of_their_own_get_stable_different_ones(read_as: Read) -> None:
    text = "title,body\nA,one\nB,two\n"
    first, again = read_as("a.csv", text), read_as("a.csv", text)
    ids = [item.id for item in first if isinstance(item, Article)]
    assert len(set(ids)) == 2
    assert ids == [item.id for item in again if isinstance(item, Article)]

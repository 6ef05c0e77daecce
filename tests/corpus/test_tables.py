from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from searchapp.corpus.decoding.base import Yielded
from searchapp.model.article import Article
from searchapp.model.result import Skipped

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


def test_a_quotation_mark_never_closed_is_reported(read_as: Read) -> None:
    found = read_as("a.csv", 'title,body\nA,one\nB,"two\nC,three\n')
    assert isinstance(found[0], Article)
    assert isinstance(found[1], Skipped)
    assert found[1].reason == "line 3: cut off: a quotation mark is never closed"


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


def test_dates_that_stay_ambiguous_are_left_out(article_as: One) -> None:
    article = article_as("a.csv", "title,date\nA,03/04/2023\n")
    assert (article.published, article.published_source) == (None, "")


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

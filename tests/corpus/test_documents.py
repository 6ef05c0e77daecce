"""Documents of office programs, books and PDF become the articles that a reader of them sees."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp import Archive
from searchapp.corpus.cleaning.printed import Line, paragraphs_of_pages
from searchapp.corpus.decoding.base import Yielded
from searchapp.corpus.reading.file import Limits, read_here
from searchapp.corpus.reading.walker import read_file
from searchapp.model.article import Article
from searchapp.model.result import Noted, Skipped

from . import documents as made

LEAD = "The harbour at Whitby was closed on Monday after a crane fell into the water, the port said."
MORE = "Nobody was hurt. Divers will look at the crane when the tide allows it, perhaps on Thursday."


def read(tmp_path: Path, name: str, content: bytes) -> list[Yielded]:
    path = tmp_path / name
    path.write_bytes(content)
    return [found for _, found in read_here(str(path), Limits(), {})]


def articles(tmp_path: Path, name: str, content: bytes) -> list[Article]:
    found = read(tmp_path, name, content)
    assert all(isinstance(one, Article) for one in found), found
    return [one for one in found if isinstance(one, Article)]


def test_a_word_document_is_its_paragraphs_under_the_line_that_is_styled_as_title(tmp_path: Path) -> None:
    content = made.docx(
        [("Titel", "Crane falls into Whitby harbour"), ("", "By Ann Lee"), ("", LEAD), ("", MORE)],
        title="Microsoft Word - Document1",
        author="Office User",
        created="2023-09-04T10:00:00Z",
    )
    (article,) = articles(tmp_path, "a.docx", content)
    assert (article.title, article.byline) == ("Crane falls into Whitby harbour", "Ann Lee")
    assert article.body == f"{LEAD}\n\n{MORE}"
    assert (article.published, article.published_source) == (dt.date(2023, 9, 4), "estimated")


def test_what_was_deleted_from_a_word_document_is_not_read(tmp_path: Path) -> None:
    whole = made.docx([("", LEAD), ("", "GONE")])
    with zipfile.ZipFile(io.BytesIO(whole)) as box:
        parts = {name: box.read(name) for name in box.namelist()}
    run = b"<w:r><w:t>GON</w:t></w:r>"
    parts["word/document.xml"] = parts["word/document.xml"].replace(run, b"<w:del>" + run + b"</w:del>")
    (article,) = articles(tmp_path, "a.docx", made.zipped(parts.items()))
    assert "GON" not in article.body


def test_an_opendocument_text_has_its_first_heading_as_title_and_its_author_as_byline(tmp_path: Path) -> None:
    content = made.odt([("h", "Crane falls into Whitby harbour"), ("p", LEAD), ("p", MORE)], author="Bo Chan; Ann Lee")
    (article,) = articles(tmp_path, "a.odt", content)
    assert (article.title, article.byline) == ("Crane falls into Whitby harbour", "Bo Chan, Ann Lee")
    assert article.body == f"{LEAD}\n\n{MORE}"


def test_rich_text_is_read_in_its_code_page(tmp_path: Path) -> None:
    content = r"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0 Arial;}}{\info{\title Weather}}\f0 Weather\par " + LEAD
    content += r"\par \'cc\'ee\'f1\'ea\'e2\'e0 and \u321?\'f3d\'bc.\par }"
    (article,) = articles(tmp_path, "a.rtf", content.encode("ascii"))
    assert article.title == "Weather"
    assert "Москва and Ł" in article.body


def test_an_export_of_a_database_that_was_saved_as_a_document_becomes_its_articles(tmp_path: Path) -> None:
    lines = []
    for number in (1, 2):
        lines += [
            f"Fog closes port {number}",
            "The Examiner",
            f"September {number}, 2023 Monday",
            "Copyright 2023 The Examiner",
        ]
        lines += ["Section: NEWS; Pg. 1", "Length: 40 words", "Byline: Ann Lee", "Body", LEAD, MORE]
        lines += [f"Load-Date: September {number}, 2023", "End of Document"]
    (first, second) = articles(tmp_path, "a.docx", made.docx([("", line) for line in lines]))
    assert (first.title, second.title) == ("Fog closes port 1", "Fog closes port 2")
    assert second.published == dt.date(2023, 9, 2)
    assert first.body == f"{LEAD}\n\n{MORE}"


def test_each_chapter_of_a_book_is_an_article_and_its_cover_is_none(tmp_path: Path) -> None:
    chapters = [
        ("Cover", "<p>The Weekly</p>"),
        ("Crane falls", f"<h1>Crane falls</h1><p>By Ann Lee</p><p>{LEAD}</p><p>{MORE}</p><p>{LEAD}</p>"),
        ("Fog", f"<h1>Fog</h1><p>{MORE}</p><p>{LEAD}</p><p>{MORE}</p>"),
    ]
    content = made.epub(chapters, title="The Weekly", author="calibre", date="2023-09-04")
    (first, second) = articles(tmp_path, "a.epub", content)
    assert (first.title, first.byline, first.source, first.language) == ("Crane falls", "Ann Lee", "The Weekly", "en")
    assert first.body == f"{LEAD}\n\n{MORE}\n\n{LEAD}"
    assert (second.title, second.byline, second.position) == ("Fog", "", 1)
    assert second.published == dt.date(2023, 9, 4)


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_the_rows_of_a_spreadsheet_are_read_like_those_of_a_table_in_text(tmp_path: Path, ending: str) -> None:
    day: object = dt.datetime(2023, 9, 4) if ending == "xlsx" else "2023-09-04"
    rows: list[list[object]] = [["Title", "Text", "Date"], ["Crane", f"{LEAD}\n{MORE}", day], ["Fog", MORE, day], []]
    content = (
        made.xlsx({"Empty": [], "News": rows})
        if ending == "xlsx"
        else made.ods([[str(c) for c in row] for row in rows])
    )
    found = articles(tmp_path, f"a.{ending}", content)
    assert [(one.title, one.published, one.position) for one in found] == [
        ("Crane", dt.date(2023, 9, 4), 0),
        ("Fog", dt.date(2023, 9, 4), 1),
    ]


def _pages() -> list[list[tuple[float, float, float, str]]]:
    """Three pages in two columns under a running head, with a word and a paragraph that go on to the next page."""
    pages = []
    for number in (1, 2, 3):
        lines: list[tuple[float, float, float, str]] = [(60, 800, 9, f"THE EXAMINER, SEPTEMBER 2023 {number}")]
        if number == 1:
            lines.append((60, 740, 24, "Crane falls into harbour"))
        begin = "The harbour was closed on" if number == 1 else "day and on the days after it."
        lines += [(60, 700, 10, begin), (60, 688, 10, "Monday after a crane fell into"), (60, 676, 10, "the water.")]
        lines += [
            (72, 664, 10, f"Nobody was hurt on day {number}, the"),
            (60, 652, 10, "port said, and the harbour-"),
            (60, 640, 10, "master agreed."),
        ]
        lines += [
            (320, 700, 10, f"  Divers came on day {number} and"),
            (
                320,
                688,
                10,
                ("will look at the crane every", "lift it with a barge if the", "leave on the last ship of the")[
                    number - 1
                ],
            ),
        ]
        lines.append((290, 30, 9, str(number)))
        pages.append(lines)
    return pages


def test_a_pdf_is_its_columns_one_after_another_with_words_and_paragraphs_put_together(tmp_path: Path) -> None:
    (article,) = articles(tmp_path, "a.pdf", made.pdf(_pages()))
    assert article.title == "Crane falls into harbour"
    paragraphs = article.body.split("\n\n")
    assert paragraphs[0] == "The harbour was closed on Monday after a crane fell into the water."
    assert paragraphs[1] == "Nobody was hurt on day 1, the port said, and the harbourmaster agreed."
    assert "will look at the crane every day and on the days after it." in article.body
    assert "EXAMINER" not in article.body


def test_the_pages_of_a_pdf_are_remembered(tmp_path: Path) -> None:
    (article,) = articles(tmp_path, "a.pdf", made.pdf(_pages()))
    assert len(article.pages) == 3
    for number in (1, 2, 3):
        assert article.page_at(article.body.index(f"on day {number}")) == number


def test_a_scan_is_passed_over_with_what_to_do(tmp_path: Path) -> None:
    (skipped,) = read(tmp_path, "a.pdf", made.pdf([[], [(10, 10, 9, "2")], []]))
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "3 pages without text; run ocrmypdf on it first"


def test_a_pdf_of_which_some_pages_are_scans_says_so(tmp_path: Path) -> None:
    found = read(tmp_path, "a.pdf", made.pdf([*_pages(), []]))
    assert isinstance(found[0], Article)
    assert isinstance(found[1], Noted)
    assert found[1].reason == "1 of 4 pages are without text; run ocrmypdf on it to read them"


def test_a_line_that_stands_over_every_page_is_left_out_and_one_over_a_page_is_not() -> None:
    def page(head: str, text: str) -> list[Line]:
        return [Line(head, 0, 100, 800, 10), Line(text, 0, 400, 700, 10)]

    pages = [page(f"Weekly {n}", f"Text {text} goes on here.") for n, text in enumerate("abcd")]
    pages[2][0] = Line("A headline", 0, 100, 800, 10)
    printed = paragraphs_of_pages([[page] for page in pages])
    assert printed.paragraphs == (
        "Text a goes on here.",
        "Text b goes on here.",
        "A headline",
        "Text c goes on here.",
        "Text d goes on here.",
    )
    assert printed.starts == ((0, 0), (1, 0), (2, 0), (4, 0))


_SAMPLES = {
    "a.docx": made.docx([("", LEAD)]),
    "a.odt": made.odt([("p", LEAD)]),
    "a.ods": made.ods([["Title", "Text"], ["A", LEAD]]),
    "a.xlsx": made.xlsx({"One": [["Title", "Text"], ["A", LEAD]]}),
    "a.epub": made.epub([("A", f"<p>{LEAD * 4}</p>")], title="T", author="A B", date="2023"),
    "a.pdf": made.pdf(_pages()),
    "a.rtf": (r"{\rtf1 " + LEAD + r"\par}").encode(),
}


@pytest.mark.parametrize("name", sorted(_SAMPLES))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_damaged_document_is_read_or_reported_and_nothing_else(
    name: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = bytearray(_SAMPLES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    path = tmp_path_factory.mktemp("damaged") / name
    path.write_bytes(bytes(whole[:cut]) if data.draw(st.booleans()) else bytes(whole))
    for _, found in read_here(str(path), Limits(), {}):
        assert isinstance(found, Article | Skipped | Noted)
        assert not isinstance(found, Skipped) or "cannot be read as" not in found.reason, found


def test_a_document_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(_SAMPLES["a.pdf"])
    (article,) = read_file(path)
    assert isinstance(article, Article)
    assert article.pages


def test_without_the_library_the_reason_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pypdfium2", None)
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    for name in ("a.pdf", "a.xlsx"):
        (skipped,) = read(tmp_path, name, _SAMPLES[name])
        assert isinstance(skipped, Skipped)
        assert "pip install 'searchapp[documents]'" in skipped.reason


def test_a_hit_in_a_document_says_on_which_page_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(made.pdf(_pages()))
    with Archive.open(tmp_path / "index", create=True) as archive:
        archive.add_files(path, recognise=False)
        (hit,) = archive.search("barge").hits
        assert (hit.page, hit.to_dict()["page"]) == (2, 2)
        assert archive.search('"day 3"').hits[0].page == 3
        assert archive.get(hit.article.id) == hit.article
        archive.add([Article(id="b", body="A barge without pages.")], recognise=False)
        assert "page" not in archive.search("without pages").hits[0].to_dict()


def _lines(*rows: tuple[str, float, float, float]) -> list[Line]:
    """Lines below each other, each with its text, where it begins and ends, and the size of its letters.

    A line that begins where the one before ends stands beside it.
    """
    top, lines = 800.0, []
    for text, left, right, size in rows:
        if not lines or lines[-1].right != left:
            top -= 1.2 * size
        lines.append(Line(text, left, right, top, size))
    return lines


def test_what_stands_alone_over_a_column_is_no_part_of_its_first_paragraph() -> None:
    page = _lines(
        ("Crane falls into Whitby harbour as", 60, 520, 29),
        ("storm hits", 60, 150, 29),
        ("By Ann Lee", 60, 120, 12),
        ("4 September 2023", 60, 150, 12),
        ("The harbour was closed on Monday after a crane", 60, 290, 10),
        ("fell into the water and ships lay off the town. It", 60, 290, 10),
        ("was opened again.", 60, 150, 10),
        ("Nobody was hurt, the port said, and the ships", 70, 290, 10),
        ("7", 290, 294, 8),
        ("came in on Tuesday.", 60, 160, 10),
    )
    assert paragraphs_of_pages([[page]]).paragraphs == (
        "Crane falls into Whitby harbour as storm hits",
        "By Ann Lee",
        "4 September 2023",
        "The harbour was closed on Monday after a crane fell into the water and ships lay off the town. It was opened"
        " again.",
        "Nobody was hurt, the port said, and the ships came in on Tuesday.",
    )


def test_a_line_over_both_of_two_pages_is_left_out() -> None:
    pages = [
        [_lines((f"The Weekly, page {n}", 20, 100, 8), (text, 60, 290, 10))]
        for n, text in ((1, "Fog came in."), (2, "Rain fell."))
    ]
    assert paragraphs_of_pages(pages).paragraphs == ("Fog came in.", "Rain fell.")
    assert "The Weekly, page 1" in paragraphs_of_pages(pages[:1]).paragraphs

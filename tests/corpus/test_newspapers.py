"""Scanned newspapers become their articles: pages of ALTO and hOCR, and issues that METS puts together."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.corpus.decoding.base import Yielded
from searchapp.corpus.reading.file import Limits, read_here
from searchapp.corpus.reading.walker import walk
from searchapp.model.article import Article
from searchapp.model.result import Noted, Skipped

from . import newspapers as made
from .test_boxes import boxed

FIRST = [
    "The harbour of Whitby was closed on Monday for the con-|struction",
    "of a pier, and ships lay off the town",
    "until the tide came in the evening.",
]
SECOND = [
    "Nobody was hurt when the crane fell, the",
    "harbourmaster told this paper, and the work",
    "will go on when the weather allows it.",
]
THIRD = ["it did on Tuesday, when all ships came in", "and the town was glad of their cargoes."]


def area(page: int, block: str) -> str:
    return f'<mets:fptr><mets:area BETYPE="IDREF" FILEID="ALTO{page}" BEGIN="{block}"/></mets:fptr>'


PIER = (
    '<mets:div TYPE="SECTION" LABEL="Town and Port"><mets:div TYPE="ARTICLE" ID="A1"><mets:div TYPE="HEADING">'
    f'<mets:div TYPE="TITLE">{area(1, "H1")}</mets:div><mets:div TYPE="AUTHOR">{area(1, "B0")}</mets:div></mets:div>'
    f'<mets:div TYPE="BODY">{area(1, "B1")}{area(2, "B1")}</mets:div></mets:div></mets:div>'
)
CRANE = (
    f'<mets:div TYPE="ARTICLE" LABEL="The crane"><mets:div TYPE="BODY">{area(1, "CB2")}</mets:div></mets:div>'
    f'<mets:div TYPE="ADVERTISEMENT">{area(2, "B2")}</mets:div>'
)


def pages() -> dict[str, str]:
    """Two pages: an article goes over from the first to the second, and on that stands more than METS tells of."""
    pier = [*FIRST, "The paper hoped for better days, as"]
    first = [("H1", ["A new pier", "is built"]), ("B0", ["By Ann Lee."]), ("B1", pier), ("B2", SECOND)]
    second = [("B1", THIRD), ("B2", ["Fresh herring at the quay, every day."]), ("B3", [*SECOND, *THIRD, *SECOND])]
    return {
        "alto/1.xml": made.alto(first, head="THE WHITBY EXAMINER"),
        "alto/2.xml": made.alto(second, number=2),
    }


def issue(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def read(path: Path) -> list[Yielded]:
    return [found for _, found in read_here(str(path), Limits(), {})]


def saved(folder: Path, name: str, content: str) -> list[Yielded]:
    (folder / name).write_text(content, encoding="utf-8")
    return read(folder / name)


def test_a_page_of_alto_is_its_blocks_with_the_words_whole_that_its_lines_cut(tmp_path: Path) -> None:
    blocks = [("H1", ["A new pier", "is built"]), ("B1", FIRST), ("B2", SECOND)]
    (article,) = saved(tmp_path, "page.xml", made.alto(blocks, number=4, head="THE WHITBY EXAMINER"))
    assert isinstance(article, Article)
    assert article.title == "A new pier is built"
    first, second = article.body.split("\n\n")
    assert first == (
        "The harbour of Whitby was closed on Monday for the construction of a pier, and ships lay off the town until"
        " the tide came in the evening."
    )
    assert second.startswith("Nobody was hurt when the crane fell, the harbourmaster")
    assert article.page_at(0) == 4


def test_what_follows_a_word_that_is_cut_is_kept_and_a_cut_that_names_no_word_is_put_together(tmp_path: Path) -> None:
    cut = '<String CONTENT="{}" SUBS_TYPE="HypPart{}" SUBS_CONTENT="construction"/>'
    lines = [
        f'<String CONTENT="They"/><SP/><String CONTENT="saw"/><SP/>{cut.format("“con", 1)}<HYP CONTENT="-"/>',
        f'{cut.format("struction,”", 2)}<String CONTENT="and"/><String CONTENT="Ger¬"/>',
        '<String CONTENT="many"/><String CONTENT="won"/><String CONTENT="har"/><HYP/>',
        '<String CONTENT="bours"/><String CONTENT="there."/>',
    ]
    rows = "".join(
        f'<TextLine HPOS="1" VPOS="{30 * number}" WIDTH="400" HEIGHT="20">{line}</TextLine>'
        for number, line in enumerate(lines)
    )
    page = made.alto([]).replace("<PrintSpace>", f'<PrintSpace><TextBlock ID="B">{rows}</TextBlock>')
    (article,) = saved(tmp_path, "page.xml", page)
    assert isinstance(article, Article)
    assert article.body == "They saw “construction,” and Germany won harbours there."


def test_an_issue_is_its_articles_with_their_pages_and_what_belongs_to_none(tmp_path: Path) -> None:
    issue(tmp_path, {**pages(), "issue-mets.xml": made.mets(PIER + CRANE, pages=2)})
    found = read(tmp_path / "issue-mets.xml")
    assert all(isinstance(one, Article) for one in found), found
    pier, crane, herring, rest = (one for one in found if isinstance(one, Article))
    assert (pier.title, pier.byline, pier.section) == ("A new pier is built", "Ann Lee", "Town and Port")
    assert (pier.source, pier.language) == ("The Whitby Examiner", "en")
    assert (pier.published, pier.published_source) == (dt.date(1907, 3, 1), "metadata")
    assert "hoped for better days, as it did on Tuesday" in pier.body
    assert (pier.page_at(0), pier.page_at(pier.body.index("it did on"))) == (1, 2)
    assert (crane.title, crane.body) == ("The crane", " ".join(SECOND))
    assert (herring.section, herring.page_at(0)) == ("Advertisement", 2)
    assert rest.body.startswith("Nobody was hurt")
    assert (rest.page_at(0), rest.source, [one.position for one in (pier, crane, herring, rest)]) == (
        2,
        "The Whitby Examiner",
        [0, 1, 2, 3],
    )


def test_pages_that_an_issue_tells_of_are_not_read_a_second_time(tmp_path: Path) -> None:
    issue(tmp_path, {**pages(), "issue-mets.xml": made.mets(PIER + CRANE, pages=2)})
    found = list(walk(tmp_path))
    assert [type(one) for one in found] == [Article] * 4
    assert {Path(one.path).name for one in found} == {"issue-mets.xml"}


def test_pages_are_read_by_themselves_where_what_tells_of_them_cannot_be_read(tmp_path: Path) -> None:
    issue(tmp_path, {**pages(), "issue-mets.xml": made.mets(PIER, pages=2)[:-30]})
    found = list(walk(tmp_path))
    assert sorted(type(one).__name__ for one in found) == ["Article", "Article", "Skipped"]


def test_an_issue_without_articles_of_its_own_has_one_for_each_page(tmp_path: Path) -> None:
    files = {name.removeprefix("alto/"): content for name, content in pages().items()}
    issue(tmp_path, {**files, "mets.xml": made.mets("", pages=2, at="somewhere/")})
    first, second = (one for one in walk(tmp_path) if isinstance(one, Article))
    assert (first.title, first.source, first.page_at(0)) == ("A new pier is built", "The Whitby Examiner", 1)
    assert (second.published, second.page_at(0)) == (dt.date(1907, 3, 1), 2)


def test_a_page_that_is_not_there_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    issue(tmp_path, {**pages(), "mets.xml": made.mets(PIER + CRANE, pages=3)})
    found = read(tmp_path / "mets.xml")
    assert [one.reason for one in found if isinstance(one, Skipped)] == [
        "3.xml: is not there; put it beside the METS file, in a folder alto"
    ]
    assert sum(isinstance(one, Article) for one in found) == 4
    shutil.rmtree(tmp_path / "alto")
    assert all(isinstance(one, Skipped) for one in read(tmp_path / "mets.xml"))


@pytest.mark.parametrize("place", ["../../secret/", "/etc/", "..\\..\\secret\\", "http://example.org/secret/"])
def test_an_issue_reads_nothing_that_lies_elsewhere(tmp_path: Path, place: str) -> None:
    issue(tmp_path / "secret", {"1.xml": made.alto([("B1", SECOND)])})
    issue(tmp_path / "a" / "b", {"mets.xml": made.mets(PIER, pages=1, at=place)})
    assert all(isinstance(one, Skipped) for one in read(tmp_path / "a" / "b" / "mets.xml"))


def test_an_issue_within_a_box_finds_its_pages_there(tmp_path: Path) -> None:
    files = {
        f"1907/{name}": text.encode()
        for name, text in {**pages(), "mets.xml": made.mets(PIER + CRANE, pages=2)}.items()
    }
    (tmp_path / "box.zip").write_bytes(boxed("zip", files))
    assert [type(one) for one in read(tmp_path / "box.zip")] == [Article] * 4
    (tmp_path / "box.tar").write_bytes(boxed("tar", files))
    found = read(tmp_path / "box.tar")
    assert sorted(type(one).__name__ for one in found) == ["Article", "Article", "Skipped"]


def test_hocr_is_its_paragraphs_with_its_pages(tmp_path: Path) -> None:
    first = [
        ["#A new pier is built"],
        ["The harbour of Whitby was closed on Monday for", "the build-", "ing of a pier, and the town was"],
    ]
    second = [["glad of it on Tuesday and on Wednesday, too."], SECOND]
    for name in ("page.hocr", "page.html"):
        (article,) = saved(tmp_path, name, made.hocr([first, second]))
        assert isinstance(article, Article)
        assert article.title == "A new pier is built"
        assert article.body.split("\n\n") == [
            "The harbour of Whitby was closed on Monday for the building of a pier, and the town was glad of it on"
            " Tuesday and on Wednesday, too.",
            " ".join(SECOND),
        ]
        assert [article.page_at(article.body.index(words)) for words in ("The harbour", "glad", "Nobody")] == [1, 2, 2]


def test_a_page_without_words_says_so(tmp_path: Path) -> None:
    for name, content in (("a.xml", made.alto([])), ("a.hocr", made.hocr([[]]))):
        (skipped,) = saved(tmp_path, name, content)
        assert isinstance(skipped, Skipped)
        assert skipped.reason == "a page without text; recognise the letters of the scan again"


@settings(max_examples=60, deadline=None)
@given(kind=st.sampled_from(["mets", "alto", "hocr", "box"]), data=st.data())
def test_a_damaged_issue_is_read_or_reported_and_nothing_else(
    kind: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = issue(tmp_path_factory.mktemp("damaged"), {**pages(), "mets.xml": made.mets(PIER + CRANE, pages=2)})
    (folder / "page.hocr").write_text(made.hocr([[["#A pier"], SECOND]]), encoding="utf-8")
    file = {"mets": "mets.xml", "alto": "alto/1.xml", "hocr": "page.hocr", "box": "mets.xml"}[kind]
    whole = bytearray((folder / file).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    (folder / file).write_bytes(
        bytes(whole[: data.draw(st.integers(0, len(whole)))] if data.draw(st.booleans()) else whole)
    )
    path = folder / file
    if kind == "box":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as box:
            for name in ("mets.xml", "alto/1.xml", "alto/2.xml"):
                box.write(folder / name, name)
        path = folder / "box.zip"
        path.write_bytes(out.getvalue())
    for one in read(path):
        assert isinstance(one, Article | Skipped | Noted)
        assert not isinstance(one, Skipped) or "cannot be read as" not in one.reason, one

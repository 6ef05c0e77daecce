"""Reuters-21578: the collection itself, and the ways in which its files are no XML."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.corpus.decoding.base import Source
from searchapp.corpus.formats.wire.reuters import FORMAT, collection_label
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article
from searchapp.model.result import Skipped

HEADER = '<REUTERS TOPICS="YES" LEWISSPLIT="TRAIN" OLDID="1" NEWID="{number}">\n'
CODES = (
    "<DATE>26-FEB-1987 15:01:01.79</DATE>\n<TOPICS><D>cocoa</D><D>acq</D></TOPICS>\n"
    "<PLACES><D>usa</D><D>west-germany</D></PLACES>\n<PEOPLE><D>reagan</D><D>james-baker</D></PEOPLE>\n"
    "<ORGS><D>worldbank</D></ORGS>\n<EXCHANGES><D>nyse</D></EXCHANGES>\n<COMPANIES></COMPANIES>\n"
)


def source_of(content: bytes, path: str = "/archive/reut2-000.sgm") -> Source:
    return Source(path, ".sgm", dt.datetime(2024, 5, 1), lambda: io.BufferedReader(io.BytesIO(content)))


def read(content: str | bytes) -> list[Article | Skipped]:
    return list(FORMAT.read(source_of(content.encode("latin-1") if isinstance(content, str) else content)))


def element(text: str, *, kind: str = "", number: int = 7, codes: str = CODES) -> str:
    return f"{HEADER.format(number=number)}{codes}<TEXT{kind}>&#2;\n{text}</TEXT>\n</REUTERS>\n"


def article(text: str, **options: str) -> Article:
    (found,) = read(element(text, **options))  # type: ignore[arg-type]
    assert isinstance(found, Article)
    return found


def story(body: str) -> str:
    return (
        "<TITLE>COCOA &lt;CC> REVIEW</TITLE>\n<AUTHOR>    By Rich Miller, Reuters</AUTHOR>\n"
        f"<DATELINE>    SALVADOR, Feb 26 - </DATELINE><BODY>{body}\n Reuter\n&#3;</BODY>"
    )


@pytest.fixture(scope="module")
def collection(reuters_folder: Path) -> list[Article]:
    found: list[Article] = []
    for path in sorted(reuters_folder.glob("*.sgm")):
        for item in FORMAT.read(source_of(path.read_bytes(), str(path))):
            assert isinstance(item, Article), item
            found.append(item)
    return found


def test_the_22_files_give_21578_articles_each_with_its_own_id(collection: list[Article]) -> None:
    assert len(collection) == len({article.id for article in collection}) == 21_578
    assert all(article.published and article.published.year == 1987 for article in collection)


@pytest.mark.parametrize(("tag", "facet"), [("PLACES", "places"), ("PEOPLE", "people"), ("ORGS", "organisations")])
def test_assigned_names_count_as_the_tags_do(
    collection: list[Article], reuters_folder: Path, tag: str, facet: str
) -> None:
    tagged: Counter[str] = Counter()
    for path in reuters_folder.glob("*.sgm"):
        for codes in re.findall(f"<{tag}>(.*?)</{tag}>", path.read_text("latin-1")):
            tagged.update({collection_label(code, facet) for code in re.findall("<D>(.*?)</D>", codes)})
    assert Counter(name for article in collection for name in article.assigned.get(facet, ())) == tagged


def test_every_code_of_the_collection_has_a_label_of_its_own(reuters_folder: Path) -> None:
    text = "".join(path.read_text("latin-1") for path in reuters_folder.glob("*.sgm"))
    fields = "PLACES places PEOPLE people ORGS organisations EXCHANGES exchanges TOPICS topics".split()
    for tag, facet in zip(fields[::2], fields[1::2], strict=True):
        groups = re.findall(f"<{tag}>(.*?)</{tag}>", text)
        codes = {code for group in groups for code in re.findall("<D>(.*?)</D>", group)}
        labels = {collection_label(code, facet) for code in codes}
        assert len(labels) == len(codes)
        assert all(label[0].isupper() for label in labels)


def test_no_article_ends_in_the_sign_off_of_the_wire(collection: list[Article]) -> None:
    assert [a.id for a in collection if re.search(r"\n\s*(?:reuters?|more)\W*$", a.body, re.IGNORECASE)] == []


def test_no_field_holds_control_characters_or_tags(collection: list[Article]) -> None:
    bad = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]|&#\\d|</?(?:BODY|TITLE|TEXT)>")
    assert [a.id for a in collection if any(bad.search(text) for text in (a.title, a.body, a.byline, a.dateline))] == []


def test_headers_and_parts_become_fields() -> None:
    found = article(story("First words of it\nand more.\n    A second paragraph."))
    assert found.id == "reuters21578-7"
    assert found.title == "COCOA <CC> REVIEW"
    assert found.body == "First words of it and more.\n\nA second paragraph."
    assert (found.byline, found.dateline, found.source) == ("Rich Miller", "Salvador", "Reuters")
    assert (found.published, found.published_time) == (dt.date(1987, 2, 26), dt.time(15, 1, 1))
    assert found.published_source == "metadata"
    assert found.assigned["people"] == ("Ronald Reagan", "James Baker")
    assert found.assigned["places"] == ("United States", "West Germany")
    assert found.assigned["organisations"] == ("World Bank",)
    assert found.topics == ("Cocoa", "Mergers and acquisitions", "New York Stock Exchange")


@pytest.mark.parametrize(
    "end", ["\n REUTER\n&#3;", "\nReuter...\n&#3;", " Reuter &#3;", "\nREUTER^M\n&#3;", "\n More\n&#3;"]
)
def test_the_sign_off_is_no_part_of_the_text(end: str) -> None:
    text = f"<TITLE>T</TITLE><DATELINE>    ROME, March 3 - </DATELINE><BODY>It rained, he said.{end}</BODY>"
    assert article(text).body == "It rained, he said."


def test_a_sentence_about_reuters_keeps_its_last_word() -> None:
    text = "<TITLE>T</TITLE><DATELINE>    ROME, March 3 - </DATELINE><BODY>He was speaking to\nReuters.\n&#3;</BODY>"
    assert article(text).body == "He was speaking to Reuters."


def test_a_brief_is_its_headline_without_the_filler() -> None:
    found = article("******<TITLE>GM SETS DIVIDEND\n</TITLE>Blah blah blah.\n&#3;\n", kind=' TYPE="BRIEF"')
    assert (found.title, found.body) == ("GM SETS DIVIDEND", "")


def test_an_unmarked_table_has_its_first_line_as_title() -> None:
    found = article("LONDON GOLD FIXING - APR 7\n AM 418.20\n PM 418.50\n Reuter\n&#3;", kind=' TYPE="UNPROC"')
    assert (found.title, found.body) == ("LONDON GOLD FIXING - APR 7", "AM 418.20\n\nPM 418.50")


def test_an_unmarked_line_is_cut_after_its_date() -> None:
    text = "ZURICH GOLD 1200 - APRIL 7 pool 419.50-422.50 interbank 420.60\nto 421.10 at the close\n&#3;"
    found = article(text, kind=' TYPE="UNPROC"')
    assert found.title == "ZURICH GOLD 1200 - APRIL 7"
    assert found.body == "pool 419.50-422.50 interbank 420.60 to 421.10 at the close"


def test_an_unmarked_flash_is_all_headline() -> None:
    found = article("CAR SALES UP TO 38,520 UNITS IN MARCH AGAIN THIS YEAR\nFROM 34,209\n&#3;", kind=' TYPE="UNPROC"')
    assert (found.title, found.body) == ("CAR SALES UP TO 38,520 UNITS IN MARCH AGAIN THIS YEAR FROM 34,209", "")


@pytest.mark.parametrize(
    ("written", "place", "opening"),
    [
        ("    NEW YORK, March 12 - ", "New York", ""),
        ("    MILWAUKEE, WIS., Oct 19 - \n    ", "Milwaukee, Wis.", ""),
        ("    WINSTON-SALEM, N.C. - ", "Winston-Salem, N.C.", ""),
        ("    APRIL 11 - ", "", ""),
        ("    RICHMOND, Va., Marc 16 - ", "Richmond, Va.", ""),
        ("    AMSTERDAM, 2 March - ", "Amsterdam", ""),
        ("New York, March 30 - ", "New York", ""),
        (" As of April 7  - ", "", "As of April 7 - "),
        ("    STOCKHOLM, Mar 5 - Group profit -", "Stockholm", "Group profit - "),
    ],
)
def test_only_the_place_of_a_dateline_is_kept(written: str, place: str, opening: str) -> None:
    found = article(f"<TITLE>T</TITLE><DATELINE>{written}</DATELINE><BODY>Words.&#3;</BODY>")
    assert (found.dateline, found.body) == (place, f"{opening}Words.")


@pytest.mark.parametrize(
    ("stamp", "day", "time"),
    [
        (" 2-MAR-1987 06:41:42.20", dt.date(1987, 3, 2), dt.time(6, 41, 42)),
        ("27-MAR-1987 00:03:35.68&#5;&#5;&#5;F", dt.date(1987, 3, 27), dt.time(0, 3, 35)),
        ("31-MAR-1987 605:12:19.12", dt.date(1987, 3, 31), None),
        ("9-APR-1987 00:00:00.00    # a guess", dt.date(1987, 4, 9), None),
        ("31-FEB-1987 06:00:00.00", None, None),
        ("", None, None),
    ],
)
def test_impossible_and_guessed_hours_are_left_out(stamp: str, day: dt.date | None, time: dt.time | None) -> None:
    found = article(story("Words."), codes=f"<DATE>{stamp}</DATE>\n")
    assert (found.published, found.published_time) == (day, time)


def test_terminal_codes_leave_the_word_whole() -> None:
    assert article(story("Semiconducto&#27;[Br Division")).body == "Semiconductor Division"


def test_an_element_that_never_ends_is_reported_and_the_next_one_read() -> None:
    broken = HEADER.format(number=1) + CODES + "<TEXT><TITLE>CUT OFF</TITLE>\n"
    first, second = read(broken + element(story("Words."), number=2))
    assert isinstance(first, Skipped)
    assert "breaks off" in first.reason
    assert isinstance(second, Article)
    assert second.id == "reuters21578-2"


def test_a_truncated_file_keeps_what_is_whole() -> None:
    first, second = read((element(story("Words."), number=1) + element(story("More words."), number=2))[:-40])
    assert isinstance(first, Article)
    assert isinstance(second, Skipped)


def test_a_file_without_elements_is_unreadable() -> None:
    with pytest.raises(UnreadableFile, match="no <REUTERS> element"):
        read("<!DOCTYPE lewis SYSTEM 'lewis.dtd'>\n")


def test_a_part_that_never_ends_goes_on_to_the_next_tag() -> None:
    found = article("<TITLE>A title\n<BODY>Words without end")
    assert (found.title, found.body) == ("A title", "Words without end")


@pytest.mark.parametrize("piece", ["<D>", "<TITLE>", "<A ", "&#", "Reuter\n", "<DATE>", " - ", "*"])
def test_repetition_without_end_is_read_in_no_time(piece: str) -> None:
    content = piece * (200_000 // len(piece))
    assert read(element(content, codes=f"<PLACES>{content}</PLACES>")[:260_000] + "</REUTERS>")


def test_a_huge_element_is_given_up_and_the_next_one_read() -> None:
    found = read(HEADER.format(number=1) + "x" * 6_000_000 + "\n" + element(story("Words."), number=2))
    assert isinstance(found[0], Skipped)
    assert [item.id for item in found if isinstance(item, Article)] == ["reuters21578-2"]


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_articles_reports_or_unreadable(content: bytes) -> None:
    wrapped = b'<REUTERS NEWID="1"><DATE>' + content[:60] + b"</DATE><TEXT>" + content + b"</TEXT></REUTERS>"
    for attempt in (content, wrapped):
        FORMAT.recognises(attempt)
        with contextlib.suppress(UnreadableFile):
            assert all(isinstance(item, Article | Skipped) for item in read(attempt))

"""Corrections of names: written, read back, applied, explained, taken back, and refused where they make no sense."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.entities.archive_names.book import NameBook
from searchapp.entities.columns import entry_of
from searchapp.entities.corrections.applying import corrected
from searchapp.entities.corrections.keeping import Ledger
from searchapp.entities.corrections.ledger import (
    ACTIONS,
    Correction,
    parse_ledger,
    read_ledger,
)
from searchapp.errors import LedgerError
from searchapp.model.article import KIND_OF_FACET, Article, Mention
from searchapp.model.names import AS_WRITTEN, Relabelling, shown_labels
from tests.files.failing import watching

MERGE = Correction("merge", "places", "Artsakh", "Nagorno-Karabakh")


def ledger(*entries: str) -> str:
    return "\n".join(f"[[correction]]\n{entry}\n" for entry in entries)


def entry(action: str, label: str = "A", **fields: str) -> str:
    return "\n".join(
        [f'action = "{action}"', 'facet = "people"', f'label = "{label}"', *(f"{k} = {v!r}" for k, v in fields.items())]
    )


class Archive:
    """The columns of a few articles, as an engine has them."""

    def __init__(self, *articles: Article) -> None:
        self.articles = articles

    @property
    def generation(self) -> str:
        return str(len(self.articles))

    def labels(self, column: str) -> Counter[str]:
        return Counter(label for article in self.articles for label in entry_of(article, "").columns[column])


def article(article_id: str, *names: str, facet: str = "people") -> Article:
    return Article(id=article_id, body="", assigned={facet: names})


def shown(article_: Article, names: Relabelling, facet: str = "people") -> tuple[str, ...]:
    return shown_labels(article_, facet, names)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip)


@given(st.sampled_from(sorted(ACTIONS)), TEXT, TEXT, st.lists(TEXT, min_size=1, max_size=3), TEXT)
def test_what_is_written_is_what_is_read(action: str, label: str, target: str, ids: list[str], note: str) -> None:
    if action == "retype":
        target = "places"
    if target == label:
        target += "2"
    fields = ACTIONS[action]
    correction = Correction(
        action, "people", label, target if {"into", "to"} & set(fields) else "",
        tuple(ids) if "articles" in fields else (), note, 1,
    )  # fmt: skip
    assert parse_ledger(correction.to_toml()) == (correction,)


def test_adding_keeps_every_line_that_is_there_and_undo_takes_only_the_last_entry(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "ledger.toml"
    Ledger(path).add(MERGE)
    before = path.read_text() + "\n# A remark of mine.\n"
    path.write_text(before)
    Ledger(path).add(Correction("block", "people", "World News"))
    assert path.read_text().startswith(before)
    assert [correction.action for correction in read_ledger(path)] == ["merge", "block"]
    assert Ledger(path).undo().label == "World News"
    assert path.read_text().rstrip() == before.rstrip()
    assert Ledger(path).undo() == read_ledger_line(MERGE, 3)
    assert "# A remark of mine." in path.read_text()
    assert read_ledger(path) == ()


def read_ledger_line(correction: Correction, line: int) -> Correction:
    return Correction(correction.action, correction.facet, correction.label, correction.target, line=line)


def test_undo_without_an_entry_says_so(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no entry to undo"):
        Ledger(tmp_path / "ledger.toml").undo()


def test_a_missing_ledger_has_no_entries(tmp_path: Path) -> None:
    assert read_ledger(tmp_path / "ledger.toml") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ledger(entry("meld", into="B")), "line 2: unknown action 'meld'; use one of merge, rename"),
        (ledger("label = 'A'"), "line 1: no action"),
        (ledger(entry("merge")), 'line 1: a merge needs into = "..."'),
        (ledger(entry("merge", into="")), "line 5: a merge needs into"),
        (ledger(entry("rename", to="B", into="C")), "line 6: a rename has no 'into'"),
        (ledger(entry("retype", to="things")), "line 5: a retype goes to a facet, not 'things'"),
        (ledger(entry("split", into="B")), "line 1: a split needs articles"),
        (ledger(entry("merge", into="A")), "line 5: 'A' is so already"),
        (ledger(entry("block").replace("people", "persons")), "line 3: facet is 'persons'"),
        ("colour = 1\n", "line 1: unknown entry 'colour'"),
        ("\n\n[correction]\naction = 'block'\n", "line 3: entries begin with"),
        (ledger(entry("block"), "action = "), "line 7: not valid TOML"),
        (ledger(entry("merge", into="B"), entry("merge", into="C")), "line 7: .* but by line 1 'A' is merged into 'B'"),
        (ledger(entry("merge", into="B"), entry("merge", label="B", into="A")), "line 7: 'B' is merged into 'A', but"),
        (ledger(entry("block"), entry("rename", to="B")), "line 6: .* but by line 1 'A' is blocked"),
        (ledger(entry("block"), entry("merge", label="B", into="A")), "line 6: .* but by line 1 'A' is blocked"),
    ],
)
def test_an_entry_that_cannot_be_applied_is_an_error_that_names_its_line(text: str, message: str) -> None:
    with pytest.raises(LedgerError, match=message):
        parse_ledger(text)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\x00\x01\x02", b"[[correction", b"x = [" * 5000])
def test_a_file_that_is_no_ledger_is_an_error_with_its_path(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "ledger.toml"
    path.write_bytes(data)
    with pytest.raises(LedgerError, match=r"ledger\.toml, line "):
        read_ledger(path)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    try:
        parse_ledger(text)
    except LedgerError as error:
        message = str(error)
    else:
        message = "line 0"
    assert "line " in message


def test_an_entry_that_contradicts_another_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "ledger.toml"
    Ledger(path).add(MERGE)
    before = path.read_text()
    with pytest.raises(LedgerError, match="Artsakh"):
        Ledger(path).add(Correction("block", "places", "Artsakh"))
    assert path.read_text() == before


def test_each_action_does_what_it_says() -> None:
    names = corrected(
        AS_WRITTEN,
        [
            Correction("merge", "people", "A", "B"),
            Correction("rename", "people", "B", "Bee"),
            Correction("retype", "people", "York", "places"),
            Correction("block", "people", "Weather"),
            Correction("split", "people", "C", "C the Younger", articles=("x",)),
        ],
    )
    told = article("x", "A", "B", "York", "Weather", "C", "D")
    assert shown(told, names) == ("Bee", "C the Younger", "D")
    assert shown(told, names, "places") == ("York",)
    assert shown(article("y", "C"), names) == ("C",)


def test_corrections_hold_for_whatever_the_archive_shows_for_the_label() -> None:
    grown = Relabelling("1", {("places", "Artsakh"): ("places", "Republic of Artsakh")})
    names = corrected(grown, [MERGE])
    assert names.resolve("places", "Republic of Artsakh") == ("places", "Nagorno-Karabakh")
    assert names.resolve("places", "Artsakh") == ("places", "Nagorno-Karabakh")


def test_a_label_that_is_split_and_then_renamed_keeps_its_split() -> None:
    names = corrected(
        AS_WRITTEN,
        [Correction("split", "people", "C", "C2", articles=("x",)), Correction("rename", "people", "C", "See")],
    )
    assert shown(article("x", "C"), names) == ("C2",)
    assert shown(article("y", "C"), names) == ("See",)


def test_a_correction_of_a_label_that_the_archive_lacks_changes_nothing_shown() -> None:
    names = corrected(AS_WRITTEN, [MERGE])
    assert shown(article("x", "Ann"), names) == ("Ann",)


def test_no_correction_gives_the_same_names() -> None:
    assert corrected(AS_WRITTEN, []) is AS_WRITTEN


LABELS = st.sampled_from("ABCDE")
CORRECTIONS = st.lists(
    st.one_of(
        st.builds(Correction, st.just("merge"), st.just("people"), LABELS, LABELS),
        st.builds(Correction, st.just("rename"), st.just("people"), LABELS, st.sampled_from("XYZ")),
        st.builds(Correction, st.just("retype"), st.just("people"), LABELS, st.just("places")),
        st.builds(Correction, st.just("block"), st.just("people"), LABELS),
    ),
    max_size=6,
)


@given(CORRECTIONS)
def test_what_is_shown_after_corrections_is_shown_as_itself(corrections: list[Correction]) -> None:
    text = "\n".join(correction.to_toml() for correction in corrections)
    try:
        entries = parse_ledger(text)
    except LedgerError:
        return
    names = corrected(AS_WRITTEN, entries)
    sources = {(c.facet, c.label) for c in entries}
    for label in "ABCDEXYZ":
        to = names.resolve("people", label)
        assert to is None or to not in sources or to == ("people", label) or names.resolve(*to) == to


@pytest.fixture
def source() -> Archive:
    body = "Nikol Pashinyan spoke. Pashinyan left."
    mentions = (
        Mention(0, 15, "Nikol Pashinyan", "person", "Nikol Pashinyan"),
        Mention(23, 32, "Pashinyan", "person", "Nikol Pashinyan"),
    )
    articles = [Article(id=str(number), body=body, mentions=mentions) for number in range(3)]
    bare = Article(id="bare", body="Pashinyan", mentions=(Mention(0, 9, "Pashinyan", "person", "Pashinyan"),))
    return Archive(*articles, bare, article("p", "Artsakh", facet="places"))


@pytest.fixture
def book(tmp_path: Path) -> NameBook:
    return NameBook(Ledger(tmp_path / "ledger.toml"))


def test_why_tells_every_form_and_how_it_was_joined(book: NameBook, source: Archive) -> None:
    found = book.why(source, "people", "Nikol Pashinyan", source.articles)
    assert [(form.text, form.articles, form.reason) for form in found] == [
        ("Nikol Pashinyan", 3, "the label itself"),
        ("Pashinyan", 1, "a short form in 3 articles, and nobody else's"),
        ("Pashinyan", 3, "short for 'Nikol Pashinyan' in the same article"),
    ]
    assert found[2].examples[0] == "Nikol Pashinyan spoke. Pashinyan left."


def test_a_correction_holds_at_once_and_why_names_its_line(book: NameBook, source: Archive) -> None:
    before = book.relabelling(source)
    book.add(source, Correction("rename", "people", "Nikol Pashinyan", "Pashinyan, Nikol"))
    assert book.relabelling(source).version != before.version
    assert set(book.shown(source)["people"]) == {"Pashinyan, Nikol"}
    assert "line 3 of the ledger" in book.why(source, "people", "Pashinyan, Nikol")[0].reason
    book.undo()
    assert book.relabelling(source).version == before.version


def test_names_are_computed_once_while_nothing_changes(book: NameBook, source: Archive) -> None:
    assert book.relabelling(source) is book.relabelling(source)


@pytest.mark.parametrize(
    ("correction", "message"),
    [
        (Correction("merge", "people", "Nikol Pashinian", "Ilham Aliyev"), "did you mean 'Nikol Pashinyan'"),
        (Correction("merge", "people", "Nikol Pashinyan", "Ilham Aliyev"), "no 'Ilham Aliyev' to merge into"),
        (Correction("block", "organisations", "NATO"), "no 'NATO'; list them with"),
    ],
)
def test_a_correction_of_a_name_that_is_not_there_is_refused(
    book: NameBook, source: Archive, correction: Correction, message: str
) -> None:
    with pytest.raises(LedgerError, match=message):
        book.add(source, correction)
    assert book.corrections == ()


def test_a_rename_to_a_label_that_exists_is_refused(book: NameBook) -> None:
    other = Archive(article("a", "Ann Ek", "Bo Ny"))
    with pytest.raises(LedgerError, match="use merge"):
        book.add(other, Correction("rename", "people", "Ann Ek", "Bo Ny"))


def test_the_facets_that_show_a_label_are_known(book: NameBook, source: Archive) -> None:
    assert book.facets_of(source, "Artsakh") == ("places",)
    assert set(KIND_OF_FACET) >= set(book.facets_of(source, "Nikol Pashinyan"))


@pytest.mark.parametrize(("before", "after"), [("", "A"), ("A", ""), ("A", "B")], ids=["filled", "emptied", "other"])
def test_taking_over_another_ledger_that_breaks_off_anywhere_leaves_the_one_or_the_other_and_no_complaint(
    tmp_path: Path, before: str, after: str
) -> None:
    old, new = (ledger(entry("block", label)).encode() if label else b"" for label in (before, after))
    with watching() as watched:
        _taken_over(tmp_path / "whole", old, new)
    for number in range(len(watched.calls)):
        folder = tmp_path / str(number)
        with watching(number), suppress(OSError, LedgerError):
            _taken_over(folder, old, new)
        reading = Ledger(folder / "ledger.toml", kept=folder / "kept").read()
        assert not reading.problem
        assert [one.label for one in reading.corrections] in ([before] if before else [], [after] if after else [])


def _taken_over(folder: Path, old: bytes, new: bytes) -> None:
    folder.mkdir()
    (folder / "ledger.toml").write_bytes(old)
    there = Ledger(folder / "ledger.toml", kept=folder / "kept")
    there.read()
    there.take_over(new)

"""Names across the archive: joined, corrected at once, corrected for good; on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from searchapp import Archive, Article
from searchapp.errors import LedgerError
from searchapp.settings import Settings


def article(number: int, places: tuple[str, ...] = (), people: tuple[str, ...] = ()) -> Article:
    return Article(id=f"a{number}", body="A few words.", assigned={"places": places, "people": people})


ARTICLES = [
    article(1, ("Türkiye", "Artsakh"), ("Al Gore",)),
    article(2, ("Turkey", "Nagorno-Karabakh")),
    article(3, ("Nagorno-Karabakh", "Artsakh"), ("Live Updates",)),
    article(4, ("Georgia",)),
    article(5, ("Georgia",)),
]


@pytest.fixture(params=["memory", "folder"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    settings = Settings(ledger=str(tmp_path / "ledger.toml"))
    where = ":memory:" if request.param == "memory" else tmp_path / "index"
    with Archive.open(where, create=True, settings=settings) as opened:
        opened.add(ARTICLES, recognise=False)
        yield opened


def counts(archive: Archive, facet: str) -> dict[str, int]:
    shown = {value.label: value.count for value in archive.facet(facet).values}
    for label, count in shown.items():
        assert archive.find(archive.search().request.replace(**{facet: (label,)})).total == count
    return shown


def test_two_names_of_one_country_are_one_value(archive: Archive) -> None:
    assert counts(archive, "places")["Turkey"] == 2
    assert "Türkiye" not in counts(archive, "places")


def test_a_filter_by_another_name_of_a_value_means_that_value(archive: Archive) -> None:
    result = archive.search(places="Türkiye")
    assert (result.total, result.request.places) == (2, ("Turkey",))
    assert archive.search(exclude={"places": ["Türkiye"]}).total == 3


def test_merging_counts_an_article_with_both_names_once(archive: Archive) -> None:
    archive.correct("merge", "Artsakh", "Nagorno-Karabakh")
    assert counts(archive, "places")["Nagorno-Karabakh"] == 3
    assert archive.search(places="Artsakh").total == 3
    assert {hit.article.places for hit in archive.search("place:karabakh").hits} == {
        ("Turkey", "Nagorno-Karabakh"),
        ("Nagorno-Karabakh",),
    }


def test_renaming_retyping_and_blocking_hold_at_once(archive: Archive) -> None:
    archive.correct("rename", "Al Gore", "Albert Gore")
    archive.correct("retype", "Artsakh", "organisations")
    archive.correct("block", "Live Updates")
    assert counts(archive, "people") == {"Albert Gore": 1}
    # The gazetteers know the short name; what is shown is the usual one.
    assert counts(archive, "organisations") == {"Republic of Artsakh": 2}
    assert archive.get("a3").organisations == ("Republic of Artsakh",)
    assert archive.facet("people").missing == 4


def test_a_name_is_split_in_the_articles_that_mean_something_else(archive: Archive) -> None:
    archive.correct("split", "Georgia", "Georgia (state)", articles=["a5"])
    shown = counts(archive, "places")
    assert (shown["Georgia"], shown["Georgia (state)"]) == (1, 1)
    assert [hit.article.id for hit in archive.search(places="Georgia (state)").hits] == ["a5"]
    assert [hit.article.id for hit in archive.search("place:georgia*", exclude={"places": ["Georgia"]}).hits] == ["a5"]
    assert archive.get("a5").places == ("Georgia (state)",)


def test_undoing_takes_back_the_last_correction(archive: Archive) -> None:
    before = counts(archive, "places")
    archive.correct("merge", "Artsakh", "Nagorno-Karabakh")
    assert archive.undo_correction().label == "Artsakh"
    assert counts(archive, "places") == before
    with pytest.raises(LedgerError):
        archive.undo_correction()


def test_corrections_survive_indexing_again(archive: Archive) -> None:
    archive.correct("merge", "Artsakh", "Nagorno-Karabakh")
    archive.correct("split", "Georgia", "Georgia (state)", articles=["a5"])
    archive.add([replace(old, body="Other words.") for old in ARTICLES], recognise=False)
    archive.add([article(6, ("Artsakh",))], recognise=False)
    assert counts(archive, "places")["Nagorno-Karabakh"] == 4
    assert counts(archive, "places")["Georgia (state)"] == 1


def test_a_correction_of_a_name_that_nobody_has_suggests_one(archive: Archive) -> None:
    with pytest.raises(LedgerError, match="'Nagorno-Karabakh'"):
        archive.correct("block", "Nagorno-Karabach")


def test_why_tells_every_form_and_how_it_was_joined(archive: Archive) -> None:
    archive.correct("merge", "Artsakh", "Nagorno-Karabakh")
    forms = {form.text: form for form in archive.why("Nagorno-Karabakh")}
    assert set(forms) == {"Nagorno-Karabakh", "Artsakh"}
    assert "ledger" in forms["Artsakh"].reason


def test_the_order_of_indexing_does_not_change_labels(tmp_path: Path) -> None:
    shown = []
    for number, order in enumerate((ARTICLES, ARTICLES[::-1])):
        with Archive.open(tmp_path / str(number), create=True) as archive:
            for one in order:
                archive.add([one], recognise=False)
            shown.append(counts(archive, "places"))
    assert shown[0] == shown[1]


def test_names_are_kept_for_the_next_process_and_computed_anew_when_damaged(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        archive.add(ARTICLES, recognise=False)
    assert (tmp_path / "names.json").is_file()
    for content in (None, "not JSON", '{"format": 1}'):
        if content is not None:
            (tmp_path / "names.json").write_text(content, encoding="utf-8")
        with Archive.open(tmp_path) as archive:
            assert archive.search(places="Turkey").total == 2


def test_a_faulty_ledger_names_its_line(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        archive.add(ARTICLES, recognise=False)
        (tmp_path / "ledger.toml").write_text('\n\n[[correction]]\naction = "praise"\n', encoding="utf-8")
        with pytest.raises(LedgerError, match="line 4"):
            archive.search()

"""A name is found by every form that `names why` lists, in each place where a name can be written."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchapp import Archive, Article, ArticleNotFound, InvalidRequest, LedgerError
from searchapp.entities.archive_names.forms import ArchiveForms
from searchapp.language.names import name_key
from searchapp.model.article import Mention

NAMES = {
    "person": ["Ann Ek", "ANN EK", "Ek", "Ann", "Bo Ek", "Bo Ny", "Bó Ny", "A. Ek"],
    "place": ["Türkiye", "Turkey", "U.S.", "US", "United States", "Ek", "New-Ny", "new ny"],
    "organisation": ["WHO", "World Health Organization", "U.N.", "Ny Corp", "Ny", "Ek Bank"],
}


@st.composite
def articles(draw: st.DrawFn, first: int) -> list[Article]:
    made = []
    for number in range(first, first + draw(st.integers(1, 6))):
        body, mentions = "", []
        for _ in range(draw(st.integers(1, 4))):
            kind = draw(st.sampled_from(sorted(NAMES)))
            text, label = draw(st.sampled_from(NAMES[kind])), draw(st.sampled_from(NAMES[kind]))
            mentions.append(Mention(len(body), len(body) + len(text), text, kind, label))
            body += f"{text}. "
        made.append(Article(id=str(number), body=body, mentions=tuple(mentions)))
    return made


corrections = st.lists(
    st.one_of(
        st.tuples(st.just("rename"), st.sampled_from(NAMES["person"]), st.sampled_from(["Zed Ek", "Ann Ek", "Bo Ek"])),
        st.tuples(st.just("merge"), st.sampled_from(NAMES["person"]), st.sampled_from(NAMES["person"])),
        st.tuples(st.just("retype"), st.sampled_from(NAMES["person"]), st.just("places")),
        st.tuples(st.just("split"), st.sampled_from(NAMES["person"]), st.just("Ek the Other")),
        st.tuples(st.just("block"), st.sampled_from(NAMES["person"]), st.just("")),
    ),
    max_size=3,
)


def forms_of(archive: Archive, facet: str) -> dict[str, set[str]]:
    """Each shown label to everything that `why` lists of it."""
    labels = [value.label for value in archive.facet(facet).values]
    return {label: {form.text for form in archive.why(label, facet=facet)} for label in labels}


def meant(text: str, forms: dict[str, set[str]], corrected: str | None) -> set[str]:
    """The rule: the very label, or where a correction took it, then one in other letters, then a form."""
    key = name_key(text)
    levels = (
        {label for label in forms if label == text},
        {label for label in forms if label == corrected},
        {label for label in forms if name_key(label) == key},
        {label for label, texts in forms.items() if key in map(name_key, texts)},
    )
    return next(filter(None, levels), set())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(articles(0), articles(4), corrections, st.sets(st.integers(0, 9).map(str), max_size=3))
def test_a_name_is_found_by_every_form_that_why_lists(
    first: list[Article], second: list[Article], wrong: list[tuple[str, str, str]], deleted: set[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder, Archive.open(folder, create=True) as archive:
        # What is kept beside the index follows both runs and what is removed.
        archive.add(first, recognise=False)
        archive.add(second, recognise=False)
        archive.delete(deleted)
        for action, label, target in wrong:
            ids = [article.id for article in first[:2]] if action == "split" else []
            with contextlib.suppress(LedgerError):
                archive.correct(action, label, target, facet="people", articles=ids)
        for facet, word in (("people", "person"), ("places", "place"), ("organisations", "org")):
            forms = forms_of(archive, facet)
            for text in {text for texts in forms.values() for text in (*texts, *map(str.upper, texts))}:
                with archive.state() as state:
                    called = state.called(facet, text)
                    home, taken = state.names.corrected.get((facet, text), (facet, None))
                if home != facet:
                    continue
                expected = meant(text, forms, taken)
                assert {label for _, label in called} == expected
                found = archive.search("", **{facet: text})  # type: ignore[arg-type]
                assert found.total == archive.search("", **{facet: sorted(expected)}).total  # type: ignore[arg-type]
                assert archive.search(f'{word}:"{text}"').total == found.total
                assert bool(found.problems) == (len(expected) > 1)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Two people called Orr, a judge who was taken for Jan Kos in one article, and a body by its acronym."""
    made = []
    for number, (text, kind, label) in enumerate(
        [
            *[("Jan Kos", "person", "Jan Kos")] * 3,
            *[("Orr", "person", "Ben Orr")] * 2,
            ("Orr", "person", "Mia Orr"),
            ("IAEA", "organisation", "International Atomic Energy Agency"),
        ],
        start=1,
    ):
        body = f"{text} spoke, that is {label}."
        place = body.index(label, len(text))
        mentions = (Mention(0, len(text), text, kind, label), Mention(place, place + len(label), label, kind, label))
        made.append(Article(id=str(number), title=f"Number {number}", body=body, mentions=mentions))
    made.append(Article(id="9", body="Pfizer said so.", assigned={"organisations": ["Pfizer", "U.S. Congress"]}))
    with Archive.open(tmp_path / "index", create=True) as archive:
        archive.add(made, recognise=False)
        yield archive


def told(archive: Archive, label: str) -> list[tuple[str, int]]:
    return [(form.text, form.articles) for form in archive.why(label)]


def test_why_counts_the_articles_in_which_a_name_was_set_apart_under_the_new_one(archive: Archive) -> None:
    archive.names.split("Jan Kos", "Kos the Judge", ["1"])
    assert told(archive, "Jan Kos") == [("Jan Kos", 2)]
    (form,) = archive.why("Kos the Judge")
    assert (form.text, form.articles) == ("Jan Kos", 1)
    assert form.reason == "line 3 of the ledger: 'Jan Kos' is split into 'Kos the Judge'"
    assert set(form.examples) == {"Jan Kos spoke, that is Jan Kos."}


def test_why_follows_a_chain_of_corrections(archive: Archive) -> None:
    archive.names.rename("Jan Kos", "John Kos")
    archive.names.retype("John Kos", "organisations")
    archive.names.split("Pfizer", "Pfizer (firm)", ["9"])
    archive.names.rename("Pfizer (firm)", "Pfizer Inc")
    (form,) = archive.why("John Kos")
    assert form.articles == 3
    assert form.reason.count("of the ledger") == 2
    assert "'John Kos' is moved to organisations" in form.reason
    (form,) = archive.why("Pfizer Inc")
    assert form.reason.count("of the ledger") == 2


def test_why_takes_any_form_of_one_name_and_tells_several_apart(archive: Archive) -> None:
    assert told(archive, "iaea") == told(archive, "International Atomic Energy Agency")
    with pytest.raises(LedgerError, match=r"several: 'Ben Orr' \(people\), 'Mia Orr' \(people\)"):
        archive.why("orr")
    with pytest.raises(LedgerError, match="did you mean 'Jan Kos'"):
        archive.why("Jan Koss")
    with pytest.raises(LedgerError, match="no name 'Nobody Here'"):
        archive.why("Nobody Here")


def test_a_correction_looks_for_the_nearest_name_in_the_facet_of_the_other_one(archive: Archive) -> None:
    with pytest.raises(LedgerError, match="the organisations have no 'Orrizer'; did you mean 'Pfizer'"):
        archive.names.merge("Orrizer", "U.S. Congress")
    with pytest.raises(LedgerError, match="the people have no 'Ben Or' to merge into; did you mean 'Ben Orr'"):
        archive.names.merge("Mia Orr", "Ben Or")


def test_a_name_that_moved_is_corrected_where_it_is_shown(archive: Archive) -> None:
    archive.names.retype("Pfizer", "people")
    assert archive.names.rename("Pfizer", "P. Fizer").facet == "people"


def test_an_entity_is_told_by_any_form_of_its_name(archive: Archive) -> None:
    assert archive.entity("iaea").label == "International Atomic Energy Agency"
    with pytest.raises(InvalidRequest, match="several: 'Ben Orr'"):
        archive.entity("Orr")
    with pytest.raises(ArticleNotFound, match="did you mean 'Pfizer'"):
        archive.entity("Pfizzer")


def test_what_is_typed_is_completed_by_forms_too(archive: Archive) -> None:
    archive.names.rename("Pfizer", "Big Firm")
    assert [one.label for one in archive.suggest("iae")] == ["International Atomic Energy Agency"]
    assert [one.label for one in archive.suggest("pfi")] == ["Big Firm"]


def test_a_state_goes_on_meaning_what_it_meant(archive: Archive) -> None:
    with archive.state() as state:
        archive.add(Article(id="x", body="x", assigned={"people": ["Ada Brandt"]}), recognise=False)
        archive.delete("7")
        assert state.called("organisations", "iaea") == (("organisations", "International Atomic Energy Agency"),)
        assert state.called("people", "ada brandt") == ()
    with archive.state() as state:
        assert state.called("people", "ada brandt") == (("people", "Ada Brandt"),)


def test_an_exact_label_is_taken_without_looking_anything_up(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the forms were looked up")

    monkeypatch.setattr(ArchiveForms, "alike", refused)
    assert archive.search('person:"Jan Kos"', people="Jan Kos").total == 3

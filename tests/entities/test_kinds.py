"""Kinds and countries that hold across an archive: what the full names of an archive tell about its bare ones."""

from __future__ import annotations

import pytest

from searchapp.entities.archive_names.names import canonical_names
from searchapp.entities.linking.public_bodies import public_body
from searchapp.model.names import Relabelling

Counts = dict[str, int]
Node = tuple[str, str]


def names_of(
    people: Counts | None = None,
    places: Counts | None = None,
    organisations: Counts | None = None,
    forms: dict[tuple[str, str, str], int] | None = None,
) -> Relabelling:
    lines = {f"{kind}\t{form}\t{label}": count for (kind, form, label), count in (forms or {}).items()}
    columns = {"people": people or {}, "places": places or {}, "organisations": organisations or {}, "forms": lines}
    return canonical_names(columns).relabelling


@pytest.mark.parametrize(
    ("bare", "full"),
    [
        ("Calvex", "Calvex Inc"),
        ("Calvex", "Calvex Group PLC"),
        ("Tarn Brothers", "Tarn Brothers Inc"),
        ("Varley-Moss", "Varley-Moss Corp"),
        ("Dunmore", "Dunmore Petroleum Ltd"),
        ("Duval Kestrel", "Duval Kestrel Holdings Ltd"),
    ],
)
@pytest.mark.parametrize("facet", ["people", "places"])
def test_a_bare_name_is_the_company_whose_full_name_the_archive_has(facet: str, bare: str, full: str) -> None:
    names = names_of(**{facet: {bare: 20}}, organisations={full: 40, "Another Bank": 9})
    assert names.resolve(facet, bare) == ("organisations", full)


def test_a_name_is_one_organisation_whichever_of_the_three_kinds_articles_give_it() -> None:
    names = names_of({"Calvex": 25}, {"Calvex": 45}, {"Calvex Inc": 51, "Calvex": 3})
    found = {names.resolve(facet, "Calvex") for facet in ("people", "places", "organisations")}
    assert len(found) == 1
    assert found == {names.resolve("organisations", "Calvex Inc")}


@pytest.mark.parametrize(
    "people",
    [
        {"Smith": 30, "John Smith": 40, "Ann Smith": 20},
        {"Smith": 200},
        {"Smith": 30, "Smith Jones": 40},
    ],
)
def test_a_surname_that_people_bear_or_that_is_far_commoner_than_the_company_stays_a_persons(people: Counts) -> None:
    names = names_of(people, organisations={"Smith Inc": 50})
    assert names.resolve("people", "Smith") == ("people", "Smith")


def test_a_person_whom_articles_call_by_the_surname_is_not_the_company_of_that_name() -> None:
    forms = {("person", "Duvall", "Peter Duvall"): 12}
    names = names_of({"Peter Duvall": 15}, organisations={"Peter Duvall Inc": 12}, forms=forms)
    assert names.resolve("people", "Peter Duvall") == ("people", "Peter Duvall")


def test_a_bare_name_stays_where_two_companies_could_be_meant() -> None:
    names = names_of({"Morley": 20}, organisations={"Morley Oil Corp": 40, "Morley Steel Corp": 35})
    assert names.resolve("people", "Morley") == ("people", "Morley")


def test_what_was_taken_for_somebody_and_begins_a_companys_name_is_no_bearer_of_its_first_word() -> None:
    names = names_of({"Calder": 14, "Calder Moss": 17}, organisations={"Calder Moss Brothers Inc": 160})
    assert names.resolve("people", "Calder") == ("organisations", "Calder Moss Brothers Inc")


def test_a_town_that_the_tables_know_is_not_the_company_named_after_it() -> None:
    names = names_of(places={"Zurich": 20}, organisations={"Zurich Inc": 40})
    assert names.resolve("places", "Zurich") == ("places", "Zurich")


def test_a_city_or_body_that_everybody_knows_is_no_person_unless_people_bear_its_name() -> None:
    names = names_of({"Bonn": 14, "NATO": 3, "Paris": 9, "Paris Moreau": 8}, {"Bonn": 56, "Paris": 90})
    assert names.resolve("people", "Bonn") == ("places", "Bonn")
    assert names.resolve("people", "NATO") == ("organisations", "NATO")
    # Ten to one would move it; nine to ninety does.
    assert names_of({"Paris": 10, "Paris Moreau": 8}, {"Paris": 90}).resolve("people", "Paris") == ("people", "Paris")


@pytest.mark.parametrize(
    ("counts", "label"),
    [
        ({"Ministry of Finance": 13, "Finance Ministry": 176}, "Finance Ministry"),
        (
            {
                "Ministry of the Interior": 5,
                "Ministry of Interior": 2,
                "Interior Ministry": 3,
                "MINISTRY OF INTERIOR": 1,
            },
            "Ministry of the Interior",
        ),
        ({"U.S. Navy": 39, "United States Navy": 2, "US Navy": 1}, "U.S. Navy"),
        ({"Government of India": 4, "Indian Government": 9, "INDIAN GOVERNMENT": 1}, "Indian Government"),
        ({"Ministry of Foreign Affairs": 4, "Foreign Ministry": 9}, "Foreign Ministry"),
        ({"Parliament (Kenya)": 4, "Kenyan Parliament": 2, "Parliament of Kenya": 1}, "Kenyan Parliament"),
        ({"U.S. House": 7, "House (United States)": 9, "House of Representatives (United States)": 3}, "U.S. House"),
        ({"United States Steel Corp": 2, "U.S. Steel": 5}, "U.S. Steel"),
    ],
)
def test_other_words_for_one_body_of_one_country_join(counts: Counts, label: str) -> None:
    names = names_of(organisations=counts)
    assert {names.resolve("organisations", name) for name in counts} == {("organisations", label)}


def test_bodies_of_several_countries_stay_apart_and_say_whose_they_are() -> None:
    names = names_of(organisations={"Parliament (Kenya)": 9, "Parliament (Ghana)": 4, "Parliament": 3})
    assert names.resolve("organisations", "Parliament (Kenya)") == ("organisations", "Parliament (Kenya)")
    assert names.resolve("organisations", "Parliament (Ghana)") == ("organisations", "Parliament (Ghana)")
    assert names.resolve("organisations", "Parliament") == ("organisations", "Parliament")


def test_a_body_of_the_only_country_there_is_needs_no_country() -> None:
    names = names_of(organisations={"Parliament (Kenya)": 9, "Parliament": 3})
    assert names.resolve("organisations", "Parliament (Kenya)") == ("organisations", "Parliament")


def test_a_body_without_a_country_is_the_one_that_nearly_all_articles_mean_by_it() -> None:
    counts = {"U.S. Treasury": 206, "Treasury (United States)": 120, "Treasury (Kenya)": 2, "Treasury": 40}
    forms = {
        ("organisation", "Treasury", "Treasury (United States)"): 120,
        ("organisation", "Treasury", "Treasury (Kenya)"): 2,
    }
    names = names_of(organisations=counts, forms=forms)
    assert names.resolve("organisations", "Treasury") == ("organisations", "U.S. Treasury")
    assert names.resolve("organisations", "Treasury (Kenya)") == ("organisations", "Treasury (Kenya)")


@pytest.mark.parametrize(("full", "one"), [(3, True), (1, False)])
def test_three_letters_that_one_article_spells_out_join_a_name_that_the_archive_has_more_often(
    full: int, one: bool
) -> None:
    forms = {("organisation", "KRP", "Kestrel Reform Party"): 1}
    names = names_of(organisations={"KRP": 22, "Kestrel Reform Party": full}, forms=forms)
    assert (names.resolve("organisations", "KRP") == ("organisations", "Kestrel Reform Party")) is one


@pytest.mark.parametrize(
    "name", ["Bank of England", "Police Department", "Congress of Angostura", "Department of Physics", "Navy Federal"]
)
def test_what_not_every_country_has_is_no_public_body(name: str) -> None:
    assert public_body(name) is None

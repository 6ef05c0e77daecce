"""What is known of places, and which of several namesakes an article means."""

from __future__ import annotations

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.entities.linking.within import link
from searchapp.entities.places.gazetteer import Place, is_demonym, place_of, usual_name
from searchapp.language.labels import readable_label
from tests.entities.test_linking import marked


def known(label: str) -> Place:
    place = place_of(label)
    assert place is not None
    return place


@pytest.mark.parametrize(
    ("name", "usual"),
    [
        ("U.S.", "United States"),
        ("US", "United States"),
        ("America", "United States"),
        ("Britain", "United Kingdom"),
        ("Türkiye", "Turkey"),
        ("Burma", "Myanmar"),
        ("Viet Nam", "Vietnam"),
        ("Cote d'Ivoire", "Ivory Coast"),
        ("Russian Federation", "Russia"),
        ("Karabakh", "Nagorno-Karabakh"),
        ("Calif.", "California"),
        ("Washington, D.C.", "Washington"),
        ("NEW DELHI", "New Delhi"),
        ("Kiev", "Kiev"),
        ("Atlantis", "Atlantis"),
    ],
)
def test_countries_and_regions_have_their_usual_english_name_and_cities_the_one_they_came_with(
    name: str, usual: str
) -> None:
    assert usual_name(name) == usual


def test_every_country_has_one_label_however_the_file_or_the_text_names_it() -> None:
    for country in pycountry.countries:
        label = readable_label(country.alpha_3, "places")
        assert usual_name(country.name) == usual_name(label) == label, country.name


def test_a_place_has_its_country_coordinates_and_population() -> None:
    yerevan = known("Yerevan")
    assert (yerevan.kind, yerevan.country, yerevan.country_code) == ("city", "Armenia", "AM")
    assert yerevan.latitude == pytest.approx(40.2, abs=0.2)
    assert yerevan.longitude == pytest.approx(44.5, abs=0.2)
    assert yerevan.population is not None
    assert yerevan.population > 900_000


def test_second_names_lead_to_the_same_place() -> None:
    assert known("Kiev") == known("Kyiv")
    assert known("Peking").label == "Beijing"
    assert known("St Petersburg").country == "Russia"


def test_a_region_that_spans_countries_has_none() -> None:
    assert known("Middle East").country == ""
    assert known("Bavaria").country == "Germany"


def test_an_unknown_label_is_no_place() -> None:
    assert place_of("Pashinyan") is None
    assert place_of("") is None


@pytest.mark.parametrize("label", ["Paris, Texas", "Birmingham, Alabama", "Georgia (U.S. state)"])
def test_the_label_of_a_namesake_leads_to_it(label: str) -> None:
    assert known(label).label == label
    assert known(label).country == "United States"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[L Paris] is in [L France]", ["Paris", "France"]),
        ("in [L Paris], [L Texas]", ["Paris, Texas", "Texas"]),
        ("[L Paris] and [L Texas]", ["Paris", "Texas"]),
        ("[L Birmingham] in [L Alabama]", ["Birmingham, Alabama", "Alabama"]),
        ("[L Birmingham] in [L England]", ["Birmingham", "England"]),
        ("[L Birmingham] in [L England], unlike the one in [L Alabama]", ["Birmingham", "England", "Alabama"]),
        ("[L Atlanta], [L Georgia]", ["Atlanta", "Georgia (U.S. state)"]),
        ("[L Georgia] and [L Alabama] voted", ["Georgia (U.S. state)", "Alabama"]),
        ("[L Tbilisi], [L Georgia]", ["Tbilisi", "Georgia"]),
        ("[L Georgia] and [L Armenia] and [L Texas]", ["Georgia", "Armenia", "Texas"]),
        ("[L Georgia] and the [L United States]", ["Georgia", "United States"]),
        ("[L Tripoli] in [L Lebanon]", ["Tripoli, Lebanon", "Lebanon"]),
        ("[L Tripoli] in [L Libya]", ["Tripoli", "Libya"]),
    ],
)
def test_what_else_the_article_names_decides_between_namesakes(text: str, expected: list[str]) -> None:
    plain, spans = marked(text)
    assert [label for _, label in link(plain, spans)] == expected


def test_peoples_are_demonyms_and_countries_are_not() -> None:
    assert all(map(is_demonym, ["azeri", "armenians", "russian", "dutch", "ottomans", "thai"]))
    assert not any(map(is_demonym, ["georgia", "philippines", "laos", "chad", "york"]))


@given(st.text(max_size=40))
def test_any_name_can_be_asked_for(name: str) -> None:
    place = place_of(name)
    assert place is None or place_of(place.label) is not None
    assert isinstance(usual_name(name), str)

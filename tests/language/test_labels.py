"""Names in code form, and names that are readable already."""

from __future__ import annotations

import pycountry
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.language.labels import country_label, label_table, natural_order, readable_label, without_qualifier


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("usa", "United States"),
        ("uk", "United Kingdom"),
        ("uae", "United Arab Emirates"),
        ("ussr", "Soviet Union"),
        ("west-germany", "West Germany"),
        ("hong-kong", "Hong Kong"),
        ("trinidad-tobago", "Trinidad and Tobago"),
        ("us-virgin-islands", "U.S. Virgin Islands"),
        ("papua-new-guinea", "Papua New Guinea"),
        ("guinea-bissau", "Guinea-Bissau"),
        ("isle-of-man", "Isle of Man"),
        ("USA", "United States"),
        ("U.S.", "United States"),
        ("FRA", "France"),
        ("Iran, Islamic Republic of", "Iran"),
        ("Viet Nam", "Vietnam"),
        ("Türkiye", "Turkey"),
        ("Côte d'Ivoire", "Ivory Coast"),
        ("Congo, The Democratic Republic of the", "Democratic Republic of the Congo"),
        ("RUSSIA", "Russia"),
        ("PHNOM PENH", "Phnom Penh"),
        ("LIMA", "Lima"),
        ("new york", "New York"),
        ("SÃO PAULO", "São Paulo"),
    ],
)
def test_codes_of_places_become_their_usual_english_names(code: str, label: str) -> None:
    assert readable_label(code, "places") == label


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("james-baker", "James Baker"),
        ("reagan", "Reagan"),
        ("deng_xiaoping", "Deng Xiaoping"),
        ("ludwig-van-beethoven", "Ludwig van Beethoven"),
        ("von-weizsaecker", "Von Weizsaecker"),
        ("hamad-saud-al-sayyari", "Hamad Saud al-Sayyari"),
        ("osama-bin-laden", "Osama bin Laden"),
        ("j-k-rowling", "J.K. Rowling"),
        ("martin-luther-king-jr", "Martin Luther King Jr"),
        ("conan-o'brien", "Conan O'Brien"),
        ("mcdonald", "McDonald"),
        ("Clinton, Bill", "Bill Clinton"),
        ("Bush, George W (Pres)", "George W Bush"),
        ("BERLUSCONI, SILVIO", "Silvio Berlusconi"),
        ("O'NEILL, THOMAS P JR", "Thomas P O'Neill Jr"),
    ],
)
def test_codes_of_people_become_names(code: str, label: str) -> None:
    assert readable_label(code, "people") == label


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("worldbank", "World Bank"),
        ("imf", "International Monetary Fund"),
        ("gatt", "General Agreement on Tariffs and Trade"),
        ("opec", "OPEC"),
        ("iwc-wheat", "International Wheat Council"),
        ("bank-of-england", "Bank of England"),
        ("ibm", "IBM"),
        ("hsbc", "HSBC"),
        ("DEMOCRATIC NATIONAL COMMITTEE", "Democratic National Committee"),
        ("BANK OF AMERICA CORP", "Bank of America Corp"),
    ],
)
def test_codes_of_organisations_become_names(code: str, label: str) -> None:
    assert readable_label(code, "organisations") == label


@pytest.mark.parametrize(
    ("name", "facet"),
    [
        ("McDonald's", "organisations"),
        ("NATO", "organisations"),
        ("IMF", "organisations"),
        ("Cocoa, Coffee and Sugar Exchange", "organisations"),
        ("Nikol Pashinyan", "people"),
        ("k.d. lang", "people"),
        ("Lula", "people"),
        ("John Smith, president", "people"),
        ("Barack Obama, Joe Biden", "people"),
        ("Nagorno-Karabakh", "places"),
        ("New York", "places"),
        ("Georgia", "places"),
        ("CA", "places"),
        ("earn", "topics"),
        ("", "people"),
    ],
)
def test_names_that_are_readable_stay_as_they_are(name: str, facet: str) -> None:
    assert readable_label(name, facet) == name


def test_a_generation_stays_behind_the_family_name() -> None:
    assert natural_order("King, Martin Luther Jr") == "Martin Luther King Jr"
    assert natural_order("Davis, Sammy, Jr.") == "Sammy Davis Jr."
    assert natural_order("Sammy Davis, Jr.") == "Sammy Davis Jr."


def test_what_stands_in_brackets_at_the_end_is_left_out() -> None:
    assert without_qualifier("Baghdad (Iraq)") == "Baghdad"
    assert without_qualifier("(Iraq)") == "(Iraq)"


@pytest.mark.parametrize(("code", "label"), [("us", "United States"), ("GBR", "United Kingdom"), ("XX", ""), ("1", "")])
def test_country_codes_of_iso_3166_have_names(code: str, label: str) -> None:
    assert country_label(code) == label


@pytest.mark.parametrize("table", ["labels.tsv", "reuters.tsv"])
def test_tables_hold_each_code_once_in_code_form(table: str) -> None:
    for codes in label_table(table).values():
        for code, label in codes.items():
            assert code == code.lower().strip()
            assert label == " ".join(label.split())
            assert label


def test_the_collection_of_reuters_has_all_its_published_codes() -> None:
    assert {facet: len(codes) for facet, codes in label_table("reuters.tsv").items()} == {
        "people": 267,
        "organisations": 9,
        "exchanges": 39,
        "topics": 135,
    }


def test_every_country_keeps_its_usual_name() -> None:
    for country in pycountry.countries:
        label = readable_label(country.alpha_3, "places")
        assert readable_label(label, "places") == label
        assert "," not in label.replace("Bonaire, Sint", "").replace("Helena, Ascension", "")
        assert readable_label(country.name, "places") == label


@settings(deadline=None)
@given(st.text(max_size=80), st.sampled_from(["people", "places", "organisations", "topics"]))
def test_a_label_is_clean_and_its_own_label(name: str, facet: str) -> None:
    label = readable_label(name, facet)
    assert label == " ".join(label.split())
    assert bool(label) == bool(name.split())
    if facet != "people":
        assert readable_label(label, facet) == label

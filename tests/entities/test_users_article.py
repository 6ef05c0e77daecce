"""The facets of the article that a user gave as an example, against what a reader finds in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchapp import Archive, Article
from searchapp.corpus import walk
from searchapp.entities import annotate

FACETS = {
    "people": {
        "David Babayan", "Grigor Zakharyan", "Hikmet Hajiyev", "Ilham Aliyev", "Nikol Pashinyan", "Ruben Vardanyan",
        "Samvel Shahramanyan",
    },
    "places": {
        "Armenia", "Azerbaijan", "Baku", "Iran", "Lachin", "Nagorno-Karabakh", "Republic of Artsakh", "Russia",
        "South Caucasus", "Soviet Union", "Turkey", "United States", "Yerevan",
    },
    "organisations": {"Reuters"},
}  # fmt: skip
"""What a person reads out of it: the agency is told things; credits and the row of links name nothing."""
NEAR = 0.95


@pytest.fixture(scope="module")
def recognised(user_article: Path) -> Article:
    (article,) = (item for item in walk([user_article], max_bytes=10**6, columns={}) if isinstance(item, Article))
    return annotate([article])[0]


def test_its_facets_are_those_that_a_reader_finds(recognised: Article) -> None:
    expected = {(facet, label) for facet, labels in FACETS.items() for label in labels}
    found = {(facet, label) for facet in FACETS for label in recognised.names(facet)}
    right = expected & found
    assert len(right) / len(found) >= NEAR, found - expected
    assert len(right) / len(expected) >= NEAR, expected - found


def test_no_entity_is_split_in_two(recognised: Article) -> None:
    for surname in ("Hajiyev", "Babayan", "Pashinyan", "Vardanyan"):
        assert {m.label.split()[-1] for m in recognised.mentions if surname in m.text} == {surname}
        assert len({m.label for m in recognised.mentions if surname in m.text}) == 1
    assert {m.label for m in recognised.mentions if m.text in ("Karabakh", "Nagorno-Karabakh")} == {"Nagorno-Karabakh"}
    assert {m.label for m in recognised.mentions if "reuters" in m.text.casefold()} == {"Reuters"}


def test_nothing_comes_from_the_row_of_links_or_the_credit(recognised: Article) -> None:
    links = recognised.body.find("|")
    assert [m.text for m in recognised.mentions if links >= 0 and m.start > links] == []
    everything = " ".join(label for facet in FACETS for label in recognised.names(facet))
    for name in ("Wagner", "Hamas", "Gaza", "Israel", "Photolure", "Baghdasaryan"):
        assert name not in everything


def test_the_archive_shows_them_as_the_article_has_them(user_article: Path) -> None:
    with Archive.open(":memory:") as archive:
        archive.add_files(user_article)
        for facet, labels in FACETS.items():
            assert {value.label for value in archive.facet(facet).values} == labels

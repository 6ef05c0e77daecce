"""Places under their countries: every place of a country is found by the country, and each count is its click."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from searchapp import Archive, Article
from searchapp.cli.program import main
from searchapp.errors import InvalidRequest
from searchapp.model.query import SearchRequest
from searchapp.parsing.parser import parse
from searchapp.parsing.writing import as_typed
from searchapp.web.api.routes import facet_values
from searchapp.web.links import read_search, write_search

PLACES = {
    "a": ("Armenia",),
    "b": ("Yerevan",),
    "c": ("Gyumri", "Paris"),
    "d": ("France",),
    "e": ("Paris, Texas", "Dallas"),
    "f": (),
    "g": ("Nowhere-on-Sea",),
    "h": ("West Germany",),
}


@pytest.fixture(params=["memory", "folder"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    location = ":memory:" if request.param == "memory" else tmp_path / "index"
    with Archive.open(location, create=True) as opened:
        articles = [Article(id=i, body="Fog came.", assigned={"places": places}) for i, places in PLACES.items()]
        opened.add(articles, recognise=False)
        yield opened


def found(archive: Archive, text: str = "", **filters: str) -> str:
    return "".join(sorted(hit.article.id for hit in archive.search(text, page_size=50, **filters).hits))


@pytest.mark.parametrize(
    ("country", "ids"),
    [("Armenia", "abc"), ("armenia", "abc"), ("France", "cd"), ("USA", "e"), ("Germany", "h"), ("Kenya", "")],
)
def test_a_country_finds_the_articles_that_name_it_or_a_place_in_it(archive: Archive, country: str, ids: str) -> None:
    assert found(archive, f"country:{country}") == ids
    assert found(archive, f'country:"{country}"') == ids
    assert found(archive, within=country) == ids


def test_a_country_joins_with_the_rest_of_a_query(archive: Archive) -> None:
    assert found(archive, "fog country:armenia -country:france") == "ab"
    assert found(archive, "country:(armenia OR france)") == "abcd"
    assert found(archive, "country:armenia", within="France") == "c"


def test_what_is_no_country_is_said(archive: Archive) -> None:
    result = archive.search("country:yerevan")
    assert result.total == 3
    assert "'yerevan' is no country; places in Armenia were looked for" in result.problems[0].message
    result = archive.search(within="Elbonia")
    assert result.total == 0
    assert "no country is called 'Elbonia'" in result.problems[0].message


def test_the_count_of_each_country_is_what_the_click_gives(archive: Archive) -> None:
    for text in ("", "fog", "country:armenia"):
        groups = [
            group for group in archive.facet("places", SearchRequest(text=text), by_country=True).groups if group.name
        ]
        assert groups
        for group in groups:
            assert archive.search(text, within=group.name).total == group.count, group.name


def test_only_places_are_in_countries(archive: Archive) -> None:
    with pytest.raises(InvalidRequest, match="only places are in countries"):
        archive.facet("people", by_country=True)


def test_a_country_stays_in_addresses_and_in_written_queries() -> None:
    request = SearchRequest(text="fog", within="Armenia")
    assert read_search(write_search(request)) == request
    query, problems = parse('fog country:"South Korea"')
    assert not problems
    assert parse(as_typed(query)) == (query, problems)


def test_commands_know_countries(tmp_path: Path) -> None:
    index = tmp_path / "index"
    with Archive.open(index, create=True) as opened:
        opened.add(
            [Article(id=i, body="Fog came.", assigned={"places": p}) for i, p in PLACES.items()], recognise=False
        )

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "--index", str(index)])

    assert json.loads(run("search", "fog", "--within", "Armenia", "--json").stdout)["total"] == 3
    assert json.loads(run("search", "country:france", "--json").stdout)["total"] == 2
    printed = json.loads(run("facets", "places", "--by-country", "--json").stdout)
    countries = {one["name"]: one["count"] for one in printed["countries"]}
    assert countries == {"Armenia": 3, "France": 2, "Germany": 1, "United States": 1}
    assert (
        run("facets", "places", "--by-country", "fog").stdout.split()
        == "3 Armenia 2 France 1 Germany 1 United States".split()
    )
    refused = run("facets", "people", "--by-country")
    assert refused.exit_code == 2
    assert "--by-country is for places" in refused.stderr


def test_the_interface_for_programs_gives_countries() -> None:
    with Archive.open(":memory:", create=True) as opened:
        opened.add(
            [Article(id=i, body="Fog came.", assigned={"places": p}) for i, p in PLACES.items()], recognise=False
        )
        with opened.state() as state:
            page = facet_values(state, "places", "order=country&facet_size=2")
            assert [(one["name"], one["count"]) for one in page["countries"]] == [("Armenia", 3), ("France", 2)]
            assert state.find(read_search("within=France")).total == 2
            with pytest.raises(InvalidRequest):
                facet_values(state, "people", "order=country")

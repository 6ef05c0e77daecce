"""What programs are answered, held against the document that describes it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, unquote

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from searchapp.archive import Archive
from searchapp.engines.memory.engine import MemoryState
from searchapp.errors import SearchTimeout
from searchapp.model.article import KINDS, Article
from searchapp.model.query import FACETS
from searchapp.web.app import make_app
from searchapp.web.links import read_search

from .conftest import IN_PASSING, Ask, Reply, asker

ODD_ID = "../a b/ü?&#%2F.."


@pytest.fixture
def document(ask: Ask) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ask("/api/openapi.json").body)
    return found


def check(document: dict[str, Any], path: str, reply: Reply) -> Any:
    """The values of a reply, which is as `path` of the document says for its status."""
    assert reply.headers["Content-Type"] == "application/json"
    response = document["paths"][path]["get"]["responses"][str(reply.status)]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
    schema = response["content"]["application/json"]["schema"]
    values = json.loads(reply.body)
    validator = Draft202012Validator(
        {**schema, "components": document["components"]}, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    validator.validate(values)
    return values


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_every_described_address_is_there(ask: Ask, document: dict[str, Any]) -> None:
    values = {"{id}": "a1", "{kind}": "place", "{label}": "Baku", "{name}": "people"}
    for path, methods in document["paths"].items():
        for name, value in values.items():
            path = path.replace(name, value)
        reply = ask(path)
        assert reply.status == 200, path
        content = methods["get"]["responses"]["200"]["content"]
        assert reply.headers["Content-Type"].partition(";")[0] in content


def test_every_parameter_of_the_document_is_one_that_is_read(document: dict[str, Any]) -> None:
    samples = {"since": "2023", "until": "2023", "sort": "newest", "page": "2", "page_size": "3", "facet_size": "4"}
    samples |= {"scope": "about", "dated": "none"}
    plain = read_search("person=x&place=x&organisation=x&topic=x&source=x")
    for parameter in document["components"]["parameters"].values():
        name = parameter["name"]
        value = "all" if name.startswith("match-") else samples.get(name, "y")
        assert read_search(f"person=x&place=x&organisation=x&topic=x&source=x&{name}={value}") != plain, name


@pytest.mark.parametrize(
    "address",
    [
        "",
        "q=talks",
        "q=talks&place=Baku&sort=date&page_size=1&page=2",
        "q=%22never+closed",
        "q=nothing+at+all",
        "scope=about&place=Yerevan",
        "page=9",
    ],
)
def test_a_search_is_answered_as_described(ask: Ask, archive: Archive, document: dict[str, Any], address: str) -> None:
    values = check(document, "/api/search", ask(f"/api/search?{address}"))
    wanted = archive.find(read_search(address)).to_dict() | {"next": values["next"], "took_ms": 0}
    assert {**values, "took_ms": 0} == wanted


@pytest.mark.parametrize("facet", FACETS)
def test_a_facet_gives_every_value_of_a_search(
    ask: Ask, archive: Archive, document: dict[str, Any], facet: str
) -> None:
    values = check(document, "/api/facets/{name}", ask(f"/api/facets/{facet}?q=talks&facet_size=all"))
    wanted = archive.facet(facet, read_search("q=talks"))
    assert values["values"] == [value.to_dict() for value in wanted.values]
    assert values["matching"] == values["total_values"] == wanted.total_values
    assert values["missing"] == wanted.missing


def test_a_program_may_ask_for_what_articles_are_mainly_about(ask: Ask, archive: Archive) -> None:
    archive.add([IN_PASSING], recognise=False)

    def found(address: str) -> tuple[int, dict[str, int]]:
        result = json.loads(ask(f"/api/search?{address}").body)
        listed = json.loads(ask(f"/api/facets/places?{address}").body)
        assert result["facets"]["places"]["values"] == listed["values"]
        return result["total"], {value["label"]: value["count"] for value in listed["values"]}

    assert found("q=bridge") == (1, {"Baku": 1, "Yerevan": 1})
    assert found("q=bridge&scope=about") == (1, {"Baku": 1})
    assert found("q=bridge&place=Yerevan")[0] == 1
    assert found("q=bridge&place=Yerevan&scope=about")[0] == 0


def test_values_are_found_by_any_part_without_accents(ask: Ask, archive: Archive) -> None:
    archive.add([Article(id="x", body="x", assigned={"places": ("Çanakkale", "Gyumri")})])
    values = json.loads(ask("/api/facets/places?find=NAKK").body)
    assert [value["label"] for value in values["values"]] == ["Çanakkale"]
    assert (values["matching"], values["total_values"]) == (1, 4)


def test_values_come_by_count_or_by_letter_and_in_pages(ask: Ask) -> None:
    def labels(rest: str) -> list[str]:
        return [v["label"] for v in json.loads(ask(f"/api/facets/sources?{rest}").body)["values"]]

    assert labels("") == ["The Wire", "Evening Post"]
    assert labels("order=az") == ["Evening Post", "The Wire"]
    assert labels("facet_size=1&at=2") == ["Evening Post"]
    assert labels("facet_size=1&at=3") == []


def test_suggestions_are_people_places_organisations_and_titles(ask: Ask, document: dict[str, Any]) -> None:
    def suggested(text: str) -> list[tuple[str, str, int]]:
        values = check(document, "/api/suggest", ask(f"/api/suggest?q={quote(text)}"))
        assert values["query"] == text.strip()
        for one in values["suggestions"]:
            assert ask(one["path"]).status == 200
        return [(one["kind"], one["label"], one["count"]) for one in values["suggestions"]]

    assert suggested("pash") == [("person", "Nikol Pashinyan", 2)]
    assert suggested("YER") == [("place", "Yerevan", 2), ("title", "Talks open in Yerevan", 1)]
    assert suggested("united n") == [("organisation", "United Nations", 1)]
    assert suggested("third ro") == [("search", "third round", 1), ("title", "A third round", 1)]
    assert suggested("") == suggested("  ") == suggested("%") == []


def test_new_names_are_suggested_as_soon_as_they_are_there(ask: Ask, archive: Archive) -> None:
    assert json.loads(ask("/api/suggest?q=gyumri").body)["suggestions"] == []
    archive.add([Article(id="x", body="x", assigned={"places": ("Gyumri",)})])
    assert [one["label"] for one in json.loads(ask("/api/suggest?q=gyumri").body)["suggestions"]] == ["Gyumri"]


def test_an_article_comes_with_all_that_is_known_of_it(ask: Ask, document: dict[str, Any]) -> None:
    values = check(document, "/api/article/{id}", ask("/api/article/a3"))
    assert values["title"] == "A third round"
    assert values["people"] == ["Nikol Pashinyan"]
    assert values["topics"] == ["diplomacy", "peace"]
    start, end = values["mentions"][0]["start"], values["mentions"][0]["end"]
    assert values["body"][start:end] == values["mentions"][0]["text"] == "Nikol Pashinyan"


@pytest.mark.parametrize("article_id", [ODD_ID, "a/b//c", "", ".", "..", "a\x00b", "a\nb", "ünï", "x" * 3_000])
def test_any_id_can_be_asked_for(ask: Ask, archive: Archive, article_id: str) -> None:
    archive.add([Article(id=article_id or "empty", body="here")])
    wanted = article_id or "empty"
    assert json.loads(ask(f"/api/article?id={quote(wanted, safe='')}").body)["id"] == wanted
    if wanted.isprintable() and wanted.strip("."):
        assert json.loads(ask(f"/api/article/{quote(wanted)}").body)["id"] == wanted


def test_an_entity_comes_with_its_forms_and_its_company(ask: Ask, document: dict[str, Any]) -> None:
    values = check(document, "/api/entity/{kind}/{label}", ask("/api/entity/person/Nikol%20Pashinyan"))
    assert (values["articles"], values["read"]) == (2, 2)
    assert (values["first"], values["last"]) == ("2023-09-01", "2023-09-03")
    assert values["forms"] == [{"text": "Nikol Pashinyan", "count": 2}]
    assert values["related"]["people"] == []
    assert values["related"]["places"] == [{"label": "Baku", "count": 1}, {"label": "Yerevan", "count": 1}]
    by_parameter = ask("/api/entity/person?label=Nikol+Pashinyan")
    assert json.loads(by_parameter.body) == values


def test_what_goes_with_an_entity_is_counted_in_its_articles_alone(ask: Ask, archive: Archive) -> None:
    archive.add([Article(id="x", body="x", assigned={"places": ("Baku", "Gyumri")})], recognise=False)
    values = json.loads(ask("/api/entity/place/Baku").body)
    assert values["related"]["places"] == [{"label": "Gyumri", "count": 1}]


@pytest.mark.parametrize(
    ("address", "path", "status"),
    [
        ("/api/search?page=x", "/api/search", 400),
        ("/api/search?sort=best", "/api/search", 400),
        ("/api/search?since=2023-13", "/api/search", 400),
        ("/api/facets/colours", "/api/facets/{name}", 400),
        ("/api/facets/people?order=x", "/api/facets/{name}", 400),
        ("/api/facets/people?at=0", "/api/facets/{name}", 400),
        ("/api/article/none", "/api/article/{id}", 404),
        ("/api/article", "/api/article/{id}", 400),
        ("/api/entity/person/Nobody", "/api/entity/{kind}/{label}", 404),
        ("/api/entity/person?label=", "/api/entity/{kind}/{label}", 400),
    ],
)
def test_what_cannot_be_answered_says_why(
    ask: Ask, document: dict[str, Any], address: str, path: str, status: int
) -> None:
    reply = ask(address)
    assert reply.status == status
    values = check(document, path, reply)
    assert values["error"]


def test_a_search_that_takes_too_long_is_told_so(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def search(*_: object, **__: object) -> None:
        raise SearchTimeout("the query took longer than 5 seconds; use fewer or rarer words")

    ask = asker(make_app(archive))
    described = json.loads(ask("/api/openapi.json").body)
    monkeypatch.setattr(MemoryState, "ask", search)
    reply = ask("/api/search?q=talks")
    assert reply.status == 503
    assert int(reply.headers["Retry-After"]) > 0
    assert "longer than 5 seconds" in check(described, "/api/search", reply)["error"]


@pytest.mark.parametrize("address", ["/api/", "/api/nothing", "/api/entity/colour/red", "/api/search/x"])
def test_other_addresses_are_not_found_in_json(ask: Ask, address: str) -> None:
    reply = ask(address)
    assert reply.status == 404
    assert list(json.loads(reply.body)) == ["error"]


def test_other_sites_are_not_let_in(ask: Ask) -> None:
    for method in ("GET", "OPTIONS"):
        reply = ask("/api/search", method=method, origin="https://example.org")
        assert not [name for name in reply.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("address", ["/api/search?q=talks", "/api/facets/people", "/feed.atom", "/export.csv"])
def test_nothing_is_sent_again_until_the_archive_changes(ask: Ask, archive: Archive, address: str) -> None:
    first = ask(address)
    tag = first.headers["Etag"]
    again = ask(address, if_none_match=tag)
    assert (again.status, again.body) == (304, b"")
    assert ask(address + ("&" if "?" in address else "?") + "place=Baku", if_none_match=tag).status == 200
    archive.add([Article(id="new", body="more talks")], recognise=False)
    assert ask(address, if_none_match=tag).status == 200


@pytest.mark.parametrize("path", ["person/Nikol%20Pashinyan", "place/Baku", "organisation/United%20Nations"], ids=KINDS)
def test_every_kind_has_an_entity_address(ask: Ask, path: str) -> None:
    kind, _, label = path.partition("/")
    values = json.loads(ask(f"/api/entity/{path}").body)
    assert (values["kind"], values["label"]) == (kind, unquote(label))

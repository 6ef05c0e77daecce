"""An address takes any form of a name: it leads on to the name, or answers with those that may be meant."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from searchapp.archive import Archive
from searchapp.engines.memory import MemoryEngine
from searchapp.model.article import Article, Mention
from searchapp.web.app import make_app

from .conftest import Ask, asker


@pytest.fixture
def ask() -> Ask:
    made = [
        Article(id="1", body="x", assigned={"places": ["United States", "Türkiye"], "people": ["Pfizer"]}, source="AP"),
        Article(id="2", body="x", assigned={"places": ["United States"], "organisations": ["Pfizer", "Acme Corp"]}),
        Article(
            id="3", body="x", assigned={"organisations": ["Pfizer"], "people": ["Ann Çay"]}, topics=("Oil Prices",)
        ),
    ]
    for number, name in enumerate(["Ben Orr", "Ben Orr", "Mia Orr"]):
        mentions = (
            Mention(0, len(name), name, "person", name),
            Mention(len(name) + 1, len(name) + 4, "Orr", "person", name),
        )
        made.append(Article(id=f"o{number}", body=f"{name} Orr", mentions=mentions))
    archive = Archive(MemoryEngine())
    archive.add(made, recognise=False)
    return asker(make_app(archive))


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/place/united%20states", "/place/United%20States"),
        ("/place/USA?part=2&page=3&q=x", "/place/United%20States?part=2&page=3"),
        ("/place/T%C3%BCrkiye", "/place/Turkey"),
        ("/place?label=turkiye", "/place/Turkey"),
        ("/person/ann-cay", "/person/Ann%20%C3%87ay"),
        ("/organisation/ACME", "/organisation/Acme%20Corp"),
    ],
)
def test_the_page_of_a_name_by_another_form_leads_to_it(ask: Ask, address: str, leads_to: str) -> None:
    reply = ask(address)
    assert (reply.status, reply.headers["Location"]) == (302, leads_to)
    assert ask(leads_to).status == 200


def test_the_page_of_a_form_of_several_names_answers_with_them(ask: Ask) -> None:
    reply = ask("/person/Orr")
    assert reply.status == 300
    assert [href for href in reply.hrefs if href.startswith("/person/")] == ["/person/Ben%20Orr", "/person/Mia%20Orr"]
    reply = ask("/api/entity/person/Orr")
    assert reply.status == 300
    assert json.loads(reply.text)["offers"] == [
        {"facet": "people", "label": "Ben Orr", "count": 2},
        {"facet": "people", "label": "Mia Orr", "count": 1},
    ]


def test_the_page_of_a_name_that_is_not_there_answers_with_the_nearest(ask: Ask) -> None:
    reply = ask("/organisation/Acne%20Corp")
    assert reply.status == 404
    assert "/organisation/Acme%20Corp" in reply.hrefs
    reply = ask("/api/entity/organisation?label=Acne+Corp")
    assert (reply.status, [offer["label"] for offer in json.loads(reply.text)["offers"]]) == (404, ["Acme Corp"])
    assert ask("/person/Qqqq").status == 404


def test_a_name_by_another_form_is_told_to_programs(ask: Ask) -> None:
    assert json.loads(ask("/api/entity/place/usa").text)["label"] == "United States"
    found = json.loads(ask("/api/search?place=usa&person=orr&match=all").text)
    assert (found["total"], found["problems"][0]["offers"][0]["label"]) == (0, "Ben Orr")


def test_a_search_by_another_form_is_shown_with_the_value_chosen(ask: Ask) -> None:
    reply = ask("/?place=usa&topic=oil+prices&match=any")
    assert "place=United+States" in reply.text
    assert "place=usa" not in reply.text
    assert ask("/facet/places?place=usa&topic=OIL+prices").status == 200


def test_a_search_for_a_value_that_is_not_there_offers_the_nearest_with_what_a_click_gives(ask: Ask) -> None:
    reply = ask("/?place=Untied+States")
    assert "No article" in reply.text
    assert '<a href="/place/United%20States">United States</a> <small>2 articles</small>' in reply.text
    assert '<a href="/?topic=Oil+Prices">Oil Prices</a> <small>1 article</small>' in ask("/?topic=Oil+Pricse").text


@pytest.mark.parametrize("label", ["Ann Çay", "United States", 'A "B" C', "a/../b", "e\u0301\u0301"])
def test_the_address_of_a_label_is_never_led_elsewhere(label: str) -> None:
    archive = Archive(MemoryEngine())
    archive.add([Article(id="1", body="x", assigned={"people": [label]})], recognise=False)
    assert asker(make_app(archive))(f"/person?label={quote(label)}").status == 200

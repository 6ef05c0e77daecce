"""A page asks for what it shows: one state, one call, one reading of the text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import pytest

import searchapp.parsing.parser as parser_module
from searchapp import Archive, Article
from searchapp.archive import State
from searchapp.model.question import Answer, Question
from searchapp.web.app import make_app

from .conftest import asker


@dataclass
class Asked:
    """What the pages asked for since it was cleared."""

    states: int = 0
    calls: list[tuple[Question, ...]] = field(default_factory=list)
    values: int = 0
    texts: list[str] = field(default_factory=list)
    forget: Callable[[], None] = lambda: None
    """Lets a text that was read be read anew."""

    def clear(self) -> None:
        self.forget()
        self.states = self.values = 0
        self.calls.clear()
        self.texts.clear()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    seen = Asked()
    ask, state, read = State.ask, Archive.state, parser_module._read

    def asking(self: State, *questions: Question) -> tuple[Answer, ...]:
        answers = ask(self, *questions)
        seen.calls.append(questions)
        for answer in answers:
            seen.values += sum(len(f.values) + sum(len(g.values) for g in f.groups) for f in answer.facets)
        return answers

    def opening(self: Archive, *, check: Callable[[], None]) -> State:
        seen.states += 1
        return state(self, check=check)

    def reading(text: str) -> object:
        seen.texts.append(text)
        return read(text)

    monkeypatch.setattr(State, "ask", asking)
    monkeypatch.setattr(Archive, "state", opening)
    remembered = lru_cache(maxsize=parser_module.REMEMBERED)(reading)
    monkeypatch.setattr(parser_module, "_remembered", remembered)
    seen.forget = remembered.cache_clear
    return seen


@pytest.fixture
def page(archive: Archive, asked: Asked) -> Callable[[str], None]:
    places = [{"places": [f"Town {n}", "Yerevan", "France"]} for n in range(150)]
    many = [Article(id=f"m{n}", title=f"Number {n}", body="Many words", assigned=own) for n, own in enumerate(places)]
    archive.add(many, recognise=False)
    ask = asker(make_app(archive))

    def show(address: str) -> None:
        asked.clear()
        assert ask(address).status == 200

    return show


@pytest.mark.parametrize(
    ("address", "calls"),
    [
        ("/", 1),
        ("/?q=talks", 1),
        ("/?q=talks&place=Baku&place=Yerevan&not-person=X&since=2023", 1),
        ("/?q=talks&page=2", 1),
        ("/?q=talksx+nothing&place=Baku", 2),
        ("/person/Nikol%20Pashinyan", 1),
        ("/place/Yerevan", 1),
        ("/place/Yerevan?page=2&form=Yerevan", 1),
        ("/facet/people", 1),
        ("/facet/places?q=many&order=az&at=2", 1),
        ("/facet/places?order=country", 1),
        ("/facet/places?order=country&place=Yerevan", 1),
        ("/article/a3", 1),
        ("/article/a3?q=talks&hit=1", 1),
        ("/feed.atom?q=talks", 1),
        ("/api/search?q=talks", 1),
        ("/api/facets/people?find=n", 1),
        ("/api/suggest?q=ni", 1),
        ("/api/entity/person/Nikol%20Pashinyan", 1),
        ("/archive", 3),
    ],
)
def test_a_page_asks_one_state_in_as_few_calls_as_can_be(
    page: Callable[[str], None], asked: Asked, address: str, calls: int
) -> None:
    for _ in range(2):
        page(address)
        assert asked.states == 1
        assert len(asked.calls) <= calls
        assert all(len(questions) <= 16 for questions in asked.calls)
        assert len(asked.texts) == len(set(asked.texts)) <= 2


def test_the_manual_asks_once_for_words_and_once_for_what_its_examples_find(
    page: Callable[[str], None], asked: Asked
) -> None:
    for address, calls in (("/help/python", 0), ("/help", 2), ("/help", 0), ("/help/query", 0)):
        page(address)
        assert (asked.states, len(asked.calls)) == (1, calls)
        assert all(len(questions) <= 16 for questions in asked.calls)


def test_a_list_of_values_is_made_no_longer_than_it_is_shown(page: Callable[[str], None], asked: Asked) -> None:
    page("/facet/places")
    assert asked.values <= 90
    page("/?q=many")
    assert asked.values <= 5 * 8
    page("/api/facets/places?facet_size=5")
    assert asked.values <= 5


def test_nothing_is_asked_again_for_an_answer_that_the_reader_has(archive: Archive, asked: Asked) -> None:
    ask = asker(make_app(archive))
    tag = ask("/?q=talks").headers["Etag"]
    asked.clear()
    assert ask("/?q=talks", if_none_match=tag).status == 304
    assert (asked.states, asked.calls) == (1, [])

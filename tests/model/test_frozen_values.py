"""Every value that scripts are given can be hashed, pickled and copied, and none can be changed."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import pickle
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import searchapp
from searchapp import (
    Answer,
    ArchiveStats,
    Article,
    Correction,
    FacetResult,
    FacetValue,
    FacetWanted,
    Format,
    Hit,
    HitsWanted,
    IndexReport,
    Mention,
    Noted,
    Problem,
    Question,
    SearchRequest,
    SearchResult,
    Settings,
    Skipped,
    Snippet,
    Source,
    TimelineBar,
)
from searchapp.model.facets import FACETS, KIND_OF_FACET
from searchapp.model.frozen import FrozenDict
from searchapp.model.names import Relabelling

TEXT = st.text(max_size=8)
LABEL = st.text(min_size=1, max_size=8).filter(str.strip)
LABELS = st.lists(LABEL, max_size=3)
COUNT = st.integers(0, 10_000)
DAY = st.none() | st.dates()


def tuples_of(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=3).map(tuple)


MENTIONS = tuples_of(st.builds(Mention, COUNT, COUNT, TEXT, st.sampled_from(tuple(KIND_OF_FACET.values())), TEXT))
ARTICLES = st.builds(
    Article,
    TEXT,
    TEXT,
    title=TEXT,
    published=DAY,
    published_time=st.none() | st.times(),
    topics=LABELS,
    assigned=st.dictionaries(st.sampled_from(tuple(KIND_OF_FACET)), LABELS),
    mentions=MENTIONS,
    title_mentions=MENTIONS,
)
REQUESTS = st.builds(
    SearchRequest,
    TEXT,
    people=LABELS,
    exclude=st.dictionaries(st.sampled_from(FACETS), LABELS),
    match=st.sampled_from(["any", "all"]) | st.dictionaries(st.sampled_from(FACETS), st.sampled_from(["any", "all"])),
    since=DAY,
    scope=st.sampled_from(["mentions", "about"]),
    facet_size=st.none() | st.integers(1, 9),
)
SNIPPETS = st.builds(Snippet, TEXT, tuples_of(st.tuples(COUNT, COUNT)))
HITS = st.builds(Hit, ARTICLES, st.floats(0, 99), SNIPPETS)
VALUES = st.builds(FacetValue, TEXT, TEXT, COUNT, st.booleans())
FACET_RESULTS = st.builds(FacetResult, st.sampled_from(FACETS), tuples_of(VALUES), COUNT, COUNT)
PROBLEMS = st.builds(Problem, TEXT, COUNT, COUNT)
BARS = st.builds(TimelineBar, st.dates(), COUNT)
SKIPPED = st.builds(Skipped, TEXT, TEXT)
WANTED = st.builds(FacetWanted, st.sampled_from(FACETS), find=TEXT, labels=st.none() | tuples_of(TEXT))
QUESTIONS = st.builds(Question, REQUESTS, hits=st.none() | st.builds(HitsWanted), facets=tuples_of(WANTED))
MADE: dict[type, st.SearchStrategy[Any]] = {
    Answer: st.builds(Answer, QUESTIONS, COUNT, tuples_of(HITS), tuples_of(FACET_RESULTS)),
    ArchiveStats: st.builds(
        ArchiveStats, COUNT, COUNT, DAY, DAY, st.dictionaries(TEXT, COUNT), st.dictionaries(TEXT, COUNT)
    ),
    Article: ARTICLES,
    Correction: st.builds(Correction, st.just("merge"), st.just("people"), TEXT, TEXT, tuples_of(TEXT), TEXT, COUNT),
    FacetResult: FACET_RESULTS,
    FacetValue: VALUES,
    FacetWanted: WANTED,
    Hit: HITS,
    HitsWanted: st.builds(HitsWanted),
    IndexReport: st.builds(IndexReport, COUNT, skipped=tuples_of(SKIPPED)),
    Mention: MENTIONS.filter(bool).map(lambda mentions: mentions[0]),
    Noted: st.builds(Noted, TEXT, TEXT, TEXT),
    Problem: PROBLEMS,
    Question: QUESTIONS,
    SearchRequest: REQUESTS,
    SearchResult: st.builds(
        SearchResult,
        REQUESTS,
        tuples_of(PROBLEMS),
        COUNT,
        tuples_of(HITS),
        st.dictionaries(st.sampled_from(FACETS), FACET_RESULTS),
        tuples_of(BARS),
        st.floats(0, 99),
    ),
    Settings: st.builds(Settings, TEXT),
    Skipped: SKIPPED,
    Snippet: SNIPPETS,
    TimelineBar: BARS,
}


# What a plugin hands over and is handed are functions, not values.
OF_PLUGINS = {Format, Source}


def public_values() -> list[type]:
    found = (getattr(searchapp, name) for name in searchapp.__all__)
    return [one for one in found if isinstance(one, type) and dataclasses.is_dataclass(one)]


def held(value: object) -> list[Any]:
    """Everything that a value holds, however deep."""
    parts: list[Any] = []
    if dataclasses.is_dataclass(value):
        parts = [getattr(value, field.name) for field in dataclasses.fields(value)]
    elif isinstance(value, Mapping):
        parts = [*value, *value.values()]
    elif isinstance(value, tuple):
        parts = list(value)
    return [*parts, *(deeper for part in parts for deeper in held(part))]


def test_every_public_value_is_tried_here() -> None:
    assert set(public_values()) == {*MADE, *OF_PLUGINS}


@pytest.mark.parametrize("kind", MADE, ids=lambda kind: kind.__name__)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_value_and_its_copies_are_one_to_sets_and_dicts(kind: type, data: st.DataObject) -> None:
    value = data.draw(MADE[kind])
    for protocol in (2, pickle.HIGHEST_PROTOCOL):
        assert_same(pickle.loads(pickle.dumps(value, protocol)), value)
    assert_same(copy.deepcopy(value), value)
    assert_same(copy.copy(value), value)
    assert_same(dataclasses.replace(value), value)


def assert_same(copied: object, value: object) -> None:
    assert type(copied) is type(value)
    assert copied == value
    assert hash(copied) == hash(value)
    assert len({copied, value}) == 1


@pytest.mark.parametrize("kind", MADE, ids=lambda kind: kind.__name__)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_nothing_that_a_value_holds_can_be_changed(kind: type, data: st.DataObject) -> None:
    value = data.draw(MADE[kind])
    assert not [part for part in held(value) if isinstance(part, list | set | bytearray)]
    assert all(isinstance(part, FrozenDict) for part in held(value) if isinstance(part, Mapping))
    field = dataclasses.fields(kind)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, field, None)


def test_a_value_does_not_change_with_the_mapping_it_was_made_of() -> None:
    counts = {"The Gazette": 1}
    stats = ArchiveStats(1, 0, dt.date(2023, 9, 1), dt.date(2023, 9, 1), {"people": 1}, counts)
    counts["The Herald"] = 2
    assert stats.sources == {"The Gazette": 1}


def test_names_can_be_hashed_pickled_and_copied() -> None:
    changes = {("places", "Hayastan"): ("places", "Armenia"), ("places", "X"): None}
    names = Relabelling("1", changes, {"a": {("places", "Y"): None}})
    for copied in (copy.deepcopy(names), pickle.loads(pickle.dumps(names))):
        assert (copied.version, copied.changes, copied.overrides) == ("1", changes, names.overrides)
        assert isinstance(hash(copied), int)


@given(st.dictionaries(TEXT, st.integers()))
def test_a_frozen_mapping_is_like_the_dict_it_is_made_of(items: dict[str, int]) -> None:
    mapping = FrozenDict(items)
    assert mapping == items
    assert mapping == MappingProxyType(items)
    assert list(mapping.items()) == list(items.items())
    assert repr(mapping) == repr(items)
    assert hash(mapping) == hash(FrozenDict(dict(reversed(items.items()))))
    assert isinstance(mapping, Mapping)
    assert type(mapping | {"more": 1}) is dict

"""Every behaviour case of tests/cases holds on every engine; a new case needs no code."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from searchapp.engines.base import Engine
from searchapp.entities.columns import entry_of
from searchapp.model.article import Article
from searchapp.model.query import SearchRequest
from searchapp.model.question import Answer, Question
from searchapp.parsing import parse

CASES = [
    pytest.param(content["articles"], case, id=f"{path.stem}: {case['name']}")
    for path in sorted((Path(__file__).parents[1] / "cases").glob("*.json"))
    for content in [json.loads(path.read_text(encoding="utf-8"))]
    for case in content["cases"]
]


def answer(engine: Engine, case: dict[str, Any]) -> Answer:
    filters = {"page_size": 100} | case.get("filters", {})
    question = replace(Question.of(SearchRequest(case["query"], **filters)), query=parse(case["query"])[0])
    (found,) = engine.state().ask([question])
    return found


@pytest.mark.parametrize(("articles", "case"), CASES)
def test_case(engine: Engine, articles: list[dict[str, Any]], case: dict[str, Any]) -> None:
    with engine.writer(timeout_s=1) as writer:
        writer.add([entry_of(Article.from_dict(values), "fingerprint") for values in articles])
    found = answer(engine, case)
    ids = [hit.article.id for hit in found.hits]
    facets = {facet.name: facet for facet in found.facets}
    if "ids" in case:
        assert sorted(ids) == sorted(case["ids"])
        assert found.total == len(case["ids"])
    if "ordered" in case:
        assert ids == case["ordered"]
    if "total" in case:
        assert found.total == case["total"]
    for facet, expected in case.get("facets", {}).items():
        shown = [[value.label, value.count, *([True] if value.selected else [])] for value in facets[facet].values]
        assert shown == expected, facet
    for facet, missing in case.get("missing", {}).items():
        assert facets[facet].missing == missing, facet
    if "timeline" in case:
        assert [[bar.start.isoformat(), bar.count] for bar in found.timeline] == case["timeline"]


def test_a_case_says_what_it_expects() -> None:
    expectations = {"ids", "ordered", "total", "facets", "missing", "timeline"}
    for case in CASES:
        assert expectations & set(case.values[1]), case.id  # type: ignore[arg-type]

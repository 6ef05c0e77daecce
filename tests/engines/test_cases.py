"""Every behaviour case of tests/cases holds on every engine; a new case needs no code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from searchapp import Archive, Article
from searchapp.engines.base import Engine
from searchapp.model.article import Mention
from searchapp.model.query import SearchRequest
from searchapp.model.question import Question

CASES = [
    pytest.param(content, case, id=f"{path.stem}: {case['name']}")
    for path in sorted((Path(__file__).parents[1] / "cases").glob("*.json"))
    for content in [json.loads(path.read_text(encoding="utf-8"))]
    for case in content["cases"]
]


def article_of(values: dict[str, Any]) -> Article:
    """An article of a case; its `mentions` may be text, kind and label, where the text first stands in the body."""
    if not values.get("mentions") or isinstance(values["mentions"][0][0], int):
        return Article.from_dict(values)
    found = []
    for text, kind, label in values["mentions"]:
        start = values["body"].index(text)
        found.append(Mention(start, start + len(text), text, kind, label))
    article = Article.from_dict({name: value for name, value in values.items() if name != "mentions"})
    return article.with_mentions((), tuple(sorted(found)))


@pytest.fixture
def archive(engine: Engine, tmp_path: Path) -> Archive:
    (tmp_path / "names").mkdir()
    return Archive(engine, folder=tmp_path / "names")


@pytest.mark.parametrize(("content", "case"), CASES)
def test_case(archive: Archive, content: dict[str, Any], case: dict[str, Any]) -> None:
    archive.add([article_of(values) for values in content["articles"]], recognise=False)
    for action, facet, label, target in content.get("ledger", ()):
        archive.correct(action, label, target, facet=facet)
    request = SearchRequest(case["query"], **{"page_size": 100} | case.get("filters", {}))
    (found,) = archive.ask(Question.of(request))
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
    told = " ".join(problem.message for problem in archive.find(request).problems)
    for text in case.get("told", ()):
        assert text in told
    if case.get("told") == []:
        assert told == ""


def test_a_case_says_what_it_expects() -> None:
    expectations = {"ids", "ordered", "total", "facets", "missing", "timeline", "told"}
    for case in CASES:
        assert expectations & set(case.values[1]), case.id  # type: ignore[arg-type]

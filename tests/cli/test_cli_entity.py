"""`searchapp entity` tells what the page of a name tells."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result

Run = Callable[..., Result]

pytestmark = pytest.mark.usefixtures("archive_desk")


def test_an_entity_says_when_with_whom_and_how_it_is_named(run: Run) -> None:
    text = run("entity", "York").stdout
    assert text.startswith("York: place in ")
    found = json.loads(run("entity", "York", "--json").stdout)
    assert (found["kind"], found["label"]) == ("place", "York")
    assert found["articles"] >= 1


def test_a_name_of_no_article_says_where_names_are_listed(run: Run) -> None:
    result = run("entity", "Nobody Here")
    assert result.exit_code == 1
    assert "searchapp facets people" in result.stderr


def test_a_facet_without_names_is_a_misuse(run: Run) -> None:
    assert run("entity", "York", "--facet", "topics").exit_code == 2

"""What facets are called is said once and understood everywhere."""

from __future__ import annotations

import datetime as dt

import pytest
from click.testing import CliRunner

from searchapp.cli.program import main
from searchapp.engines.rules import timeline
from searchapp.model import article, query
from searchapp.model.facets import FACET_OF_WORD, FACET_TABLE, FACETS, KINDS, Facet
from searchapp.model.query import Named
from searchapp.model.timeline import DAYS_AT_MOST, counted_by_day
from searchapp.parsing import parse
from searchapp.web.links import read_search


def test_the_facets_and_kinds_are_those_of_the_contract() -> None:
    assert FACETS == query.FACETS == ("people", "places", "organisations", "topics", "sources", "languages")
    assert KINDS == article.KINDS == ("person", "place", "organisation")
    assert dict(article.FACET_OF_KIND) == {"person": "people", "place": "places", "organisation": "organisations"}
    assert dict(article.KIND_OF_FACET) == {facet: kind for kind, facet in article.FACET_OF_KIND.items()}


@pytest.mark.parametrize("facet", FACET_TABLE, ids=FACETS)
def test_every_word_for_a_facet_is_understood_in_a_query_an_address_and_a_command(facet: Facet) -> None:
    for word in facet.words:
        assert parse(f"{word}:york") == (Named(facet.name, ("york",)), ())
        assert read_search(f"{word}=York").selected(facet.name) == ("York",)
        assert read_search(f"not-{word}=York").excluded(facet.name) == ("York",)
        failed = CliRunner().invoke(main, ["facets", word, "--index", "nowhere"])
        assert (failed.exit_code, "no index at 'nowhere'" in failed.output) == (1, True)
        assert CliRunner().invoke(main, ["search", f"--{facet.word}"]).exit_code == 2


def test_no_word_means_two_facets() -> None:
    assert len(FACET_OF_WORD) == sum(len(facet.words) for facet in FACET_TABLE)


@pytest.mark.parametrize("more", [0, 1])
def test_a_timeline_goes_by_month_where_it_spans_more_days_than_two_months_have(more: int) -> None:
    first = dt.date(2023, 1, 1)
    last = first + dt.timedelta(days=DAYS_AT_MOST - 1 + more)
    bars = timeline({first.toordinal(): 1, first.toordinal() + 1: 1, last.toordinal(): 1}, "auto")
    assert counted_by_day(first, last) == (not more)
    assert [bar.count for bar in bars] == ([2, 1] if more else [1, 1, 1])

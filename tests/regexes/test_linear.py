"""Every regular expression takes time that grows as the text does, whatever the text."""

from __future__ import annotations

import re

import pytest

from searchapp.engines.matching import pattern_regex

from .ambiguity import Attack, attacks_on
from .collecting import Used, expressions, made_at_run_time
from .measuring import superlinear

_SEARCHING = frozenset({"search", "sub", "subn", "split", "findall", "finditer"})


def _fault(one: Used) -> str:
    """An attack that costs this expression more than linear time; empty for none that is known."""
    for methods in (one.methods & _SEARCHING, one.methods & {"match"}, one.methods & {"fullmatch"}):
        if not methods:
            continue
        search, may_follow = bool(methods & _SEARCHING), "fullmatch" not in methods
        for attack in attacks_on(one.pattern, search=search, may_follow=may_follow):
            if fault := superlinear(one.pattern, min(methods), attack):
                return f"{one.where}.{min(methods)}: {fault}"
    return ""


def test_no_expression_of_the_package_takes_more_than_linear_time() -> None:
    faults = [fault for one in expressions() if (fault := _fault(one))]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"(?:a|aa)*b", "match"),
        (r"(?:a+)+b", "match"),
        (r"(?:<!--.*?-->\s*)*<rss", "match"),
        (r"\s+x", "search"),
        (r"<[^>]*>x", "sub"),
        (r"\s*\s*x", "match"),
        (r"a.*b.*c", "fullmatch"),
    ],
)
def test_an_expression_that_reads_a_text_in_many_ways_is_found(pattern: str, method: str) -> None:
    assert _fault(Used("here", re.compile(pattern, re.DOTALL), frozenset({method})))


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"(?:a|b)*c", "match"),
        (r"(?<!\s)\s++x", "search"),
        (r"(?:<!--.*?-->\s*+)*+<rss", "match"),
        (r"<[^<>]*>x", "sub"),
        (r"\s*+x", "match"),
        (r"[^<>]{1,50}<", "search"),
    ],
)
def test_an_expression_that_reads_a_text_in_one_way_is_let_be(pattern: str, method: str) -> None:
    assert not _fault(Used("here", re.compile(pattern, re.DOTALL), frozenset({method})))


@pytest.mark.parametrize("pattern", ["a*a*a*a*b", "*a?*a*a*b*c", "**a**b", "a*b", "a?b"])
def test_a_pattern_that_a_user_types_takes_linear_time_for_each_part(pattern: str) -> None:
    one = pattern_regex(pattern)
    pumps = [Attack("a", "a", ("", "b", "c")), Attack("", "ab", ("", "x"))]
    assert not any(superlinear(one, "fullmatch", attack) for attack in pumps)


@pytest.mark.parametrize(
    ("pattern", "fits", "not_so"),
    [
        ("a*b", ["ab", "axxb", "abb"], ["abc", "xab"]),
        ("*a*b", ["ab", "xaxb", "aab"], ["ba", "abx"]),
        ("a*b*c", ["abc", "abbcc", "axbxc"], ["acb", "ac"]),
        ("a?*c", ["abc", "abbc"], ["ac"]),
        ("**", ["", "a"], []),
    ],
)
def test_a_pattern_fits_what_it_says(pattern: str, fits: list[str], not_so: list[str]) -> None:
    one = pattern_regex(pattern)
    assert all(one.fullmatch(word) for word in fits)
    assert not any(one.fullmatch(word) for word in not_so)


def test_what_is_made_at_run_time_is_known() -> None:
    """Their texts come from names that are escaped, or from the tables of the module; each is tried elsewhere."""
    known = {
        "searchapp.columnar.format.contents", "searchapp.columnar.format.dictionary",
        "searchapp.columnar.salvaging.salvage", "searchapp.columnar.whoosh.description",
        "searchapp.columnar.writing.writer", "searchapp.corpus.cleaning.dates",
        "searchapp.corpus.formats.data.rows", "searchapp.corpus.reading.roots",
        "searchapp.engines.matching", "searchapp.engines.memory.evaluating",
        "searchapp.entities.archive_names.keeping.kept_names", "searchapp.entities.corrections.ledger",
        "searchapp.files.replacing", "searchapp.language.credits", "searchapp.language.detecting",
        "searchapp.language.stemming",
    }  # fmt: skip
    assert {one.partition(":")[0] for one in made_at_run_time()} <= known

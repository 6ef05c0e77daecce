"""An archive copied elsewhere, and two archives asked the same."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from click.testing import CliRunner

from searchapp import Archive, Article, LedgerError, SearchRequest
from searchapp.archive.upkeep.comparing import TOLERANCE, Difference, differences, drawn
from searchapp.cli.program import main

ARTICLES = [
    Article(
        f"a{number}",
        f"Peace talks go on in York on day {number}.",
        title=f"Talks {number}",
        assigned={"places": ["York"], "people": ["Ann Ek"]},
    )
    for number in range(30)
]


def apart(one: Archive, other: Archive, *texts: str, questions: int = 0) -> list[Difference]:
    with one.state() as first, other.state() as second:
        requests = [SearchRequest(text) for text in texts] or drawn(first, questions)
        assert len(requests) == questions or texts
        return list(differences(first, second, requests, TOLERANCE))


@pytest.fixture
def source(tmp_path: Path) -> Archive:
    archive = Archive.open(tmp_path / "source", create=True)
    archive.add(ARTICLES, recognise=False)
    archive.names.rename("York", "City of York", facet="places")
    (tmp_path / "broken.xml").write_text("<rss><channel>", encoding="utf-8")
    archive.add_files(tmp_path / "broken.xml")
    return archive


def test_a_copy_has_articles_corrections_and_what_could_not_be_read(source: Archive, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "target", create=True) as target:
        copied = source.copy_to(target)
        assert (copied.articles, copied.there, copied.corrections) == (30, 0, 1)
        assert target.search("peace").facets["places"].values[0].label == "City of York"
        assert target.get("a7") == source.get("a7")
        assert target.unreadable() == source.unreadable()
        assert apart(source, target, questions=40) == []


def test_what_is_there_is_not_copied_again_and_what_changed_is(source: Archive, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "target", create=True) as target:
        source.copy_to(target)
        source.add([dataclasses.replace(ARTICLES[3], body="War"), Article("new", "Oil")], recognise=False)
        again = source.copy_to(target)
        assert (again.articles, again.there) == (2, 29)
        assert len(target) == 31


def test_corrections_that_only_the_target_has_are_not_lost(source: Archive, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "target", create=True) as target:
        target.add(ARTICLES, recognise=False)
        target.names.block("Ann Ek")
        with pytest.raises(LedgerError, match="'Ann Ek' is blocked"):
            source.copy_to(target)
        assert [str(one) for one in target.corrections] == ["'Ann Ek' is blocked"]


def test_every_kind_of_difference_is_told(source: Archive, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "target", create=True) as target:
        source.copy_to(target)
        target.delete("a3")
        found = apart(source, target, "peace", "zebra")
        assert {difference.what for difference in found} >= {"total", "the facet places"}
        assert {difference.request.text for difference in found} == {"peace"}
        # Read from the other side it is the same.
        assert len(apart(target, source, "peace", "zebra")) == len(found)


def test_commands_copy_compare_and_hand_over_corrections(source: Archive, tmp_path: Path) -> None:
    one, other = str(tmp_path / "source"), str(tmp_path / "target")
    runner = CliRunner()
    done = runner.invoke(main, ["copy", one, other])
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("30 articles copied, 0 were there, 1 correction")
    assert runner.invoke(main, ["parity", one, other, "--questions", "20"]).stdout == "20 questions, 0 differences\n"
    ledger = runner.invoke(main, ["names", "export", "--index", one]).stdout
    assert 'to = "City of York"' in ledger
    edited = tmp_path / "edited.toml"
    edited.write_text(ledger.replace("City of York", "York, UK"), encoding="utf-8")
    assert runner.invoke(main, ["names", "import", str(edited), "--index", other]).stdout == "1 correction\n"
    queries = tmp_path / "queries.txt"
    queries.write_text("peace\n\n", encoding="utf-8")
    told = runner.invoke(main, ["parity", one, other, "--queries", str(queries)])
    assert told.exit_code == 1
    assert "York, UK" in told.stdout
    edited.write_text("[[correction]]\naction = 'fly'\n", encoding="utf-8")
    refused = runner.invoke(main, ["names", "import", str(edited), "--index", other])
    assert refused.exit_code == 1
    assert "line 2" in refused.stderr
    assert Archive.open(other).corrections[0].target == "York, UK"

"""What only a real cluster can show: whoever writes and reads at the same time, and what goes wrong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from searchapp import Archive, Article, IndexNotFound, IndexUnreachable
from searchapp.archive.upkeep.comparing import TOLERANCE, Difference, differences, drawn

pytestmark = pytest.mark.opensearch


def test_an_archive_is_made_searched_and_corrected_at_its_address(archive_address: str) -> None:
    with pytest.raises(IndexNotFound, match="searchapp index FILES"):
        Archive.open(archive_address)
    with Archive.open(archive_address, create=True) as archive:
        archive.add(
            [Article("a", "Peace in York.", assigned={"places": ["York"]}), Article("b", "Oil")], recognise=False
        )
        archive.names.rename("York", "City of York", facet="places")
    with Archive.open(archive_address) as archive:
        assert archive.search("peace").facets["places"].values[0].label == "City of York"
        assert [str(one) for one in archive.corrections] == ["'York' is renamed to 'City of York'"]
        assert archive.undo_correction().target == "City of York"
        assert archive.search(places="York").total == 1


def test_a_run_that_fails_leaves_nothing(archive_address: str) -> None:
    with Archive.open(archive_address, create=True) as archive:
        archive.add([Article("a", "peace")], recognise=False)

        def broken() -> object:
            yield Article("b", "peace")
            yield Article("a", "war")
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            archive.add(broken(), recognise=False)  # type: ignore[arg-type]
        assert archive.search("peace").total == 1
        assert archive.search("war").total == 0
        assert archive._engine.documents.commits().open == {}  # type: ignore[attr-defined]


def test_two_runs_that_store_the_same_article_at_once_leave_one(archive_address: str) -> None:
    with Archive.open(archive_address, create=True) as one, Archive.open(archive_address) as other:
        one.add([Article("a", "old")], recognise=False)

        def while_the_other_writes() -> object:
            yield Article("a", "first")
            other.add([Article("a", "second"), Article("b", "second")], recognise=False)

        one.add(while_the_other_writes(), recognise=False)  # type: ignore[arg-type]
        for archive in (one, other):
            assert [len(archive), archive.search("old").total, archive.search("second").total] == [2, 0, 1]
            assert archive.get("a").body == "first"


def test_a_state_shows_what_it_showed_whatever_is_committed(archive_address: str) -> None:
    with Archive.open(archive_address, create=True) as archive:
        archive.add([Article("a", "peace")], recognise=False)
        with archive.state() as state:
            archive.add([Article("a", "war"), Article("b", "peace")], recognise=False)
            assert [hit.article.id for hit in state.search("peace").hits] == ["a"]
            assert state.get("a").body == "peace"
        assert [hit.article.id for hit in archive.search("peace").hits] == ["b"]


def test_pages_behind_the_reach_of_one_search_are_read_on(
    archive_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from searchapp.engines.opensearch import asking

    monkeypatch.setattr(asking, "REACH", 20)
    with Archive.open(archive_address, create=True) as archive:
        archive.add([Article(f"a{number:02}", "peace") for number in range(50)], recognise=False)
        for sort in ("relevance", "newest"):
            pages = [archive.search("peace", sort=sort, page=page, page_size=7).hits for page in range(1, 10)]
            ids = [hit.article.id for page in pages for hit in page]
            assert len(ids) == len(set(ids)) == 50
            assert pages[-1] == ()


def test_where_nobody_answers_the_error_says_so_and_no_password(opensearch: str) -> None:
    with pytest.raises(IndexUnreachable) as caught:
        Archive.open("opensearch+http://ann:secret@127.0.0.1:1/news")
    assert "no cluster answers at opensearch+http://127.0.0.1:1/news" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_copy_to_the_cluster_and_back_gives_the_same_answers(archive_address: str, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "one", create=True) as one, Archive.open(archive_address, create=True) as two:
        one.add_files(seeds(), recognise=True)
        one.names.block(one.search().facets["people"].values[0].label, facet="people")
        assert one.copy_to(two).articles == len(one)
        assert apart(one, two, questions=120, seed=0) == []
        assert two.unreadable() == one.unreadable()
        with Archive.open(tmp_path / "three", create=True) as three:
            two.copy_to(three)
            assert apart(two, three, questions=60, seed=1) == []


def apart(one: Archive, other: Archive, *, questions: int, seed: int) -> list[Difference]:
    with one.state() as first, other.state() as second:
        return list(differences(first, second, drawn(first, questions, seed), TOLERANCE))


def seeds() -> Path:
    return Path(__file__).parents[2] / "seeds"


def test_ten_people_who_correct_at_once_lose_nothing(archive_address: str) -> None:
    people = [f"Ann {letter}ek" for letter in "ABCDEFGHIJ"]
    with Archive.open(archive_address, create=True) as archive:
        archive.add([Article("a", "x", assigned={"people": people})], recognise=False)
        opened = [Archive.open(archive_address) for _ in people]
        with ThreadPoolExecutor(10) as pool:
            list(pool.map(lambda pair: pair[0].names.block(pair[1], facet="people"), zip(opened, people, strict=True)))
        assert sorted(one.label for one in archive.corrections) == people
        assert archive.search().facets["people"].values == ()
        for one in opened:
            one.close()

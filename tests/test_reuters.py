"""Reuters-21578 whole: what the index holds is what the files say, and every count is what the click gives."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchapp import Archive
from searchapp.corpus.formats.wire.reuters import collection_label
from searchapp.model.article import KIND_OF_FACET
from searchapp.model.query import FACETS, SearchRequest

WORDS = ["oil", "prices", "reagan", "bank", "dollar", "said", "trade", "japan", "grain", "merger", "dividend", "strike"]
QUERIES = [
    "",
    *WORDS,
    "oil prices",
    '"interest rates"',
    "trade OR grain",
    "bank -merger",
    "opec*",
    "title:oil",
    "zebra",
]
TAGS = {"people": b"PEOPLE", "places": b"PLACES", "organisations": b"ORGS"}


@pytest.fixture(scope="module")
def archive(reuters_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("reuters"), create=True) as opened:
        report = opened.add_files(reuters_folder, recognise=False)
        assert (report.added, report.updated) == (21_578, 0)
        yield opened


@pytest.mark.parametrize("facet", list(TAGS))
def test_assigned_names_count_as_the_tags_in_the_files(archive: Archive, reuters_folder: Path, facet: str) -> None:
    tagged: Counter[tuple[str, str] | None] = Counter()
    for file in sorted(reuters_folder.glob("*.sgm")):
        for group in re.findall(rb"<%b>(.*?)</%b>" % (TAGS[facet], TAGS[facet]), file.read_bytes(), re.DOTALL):
            labels = {collection_label(code.decode("latin-1"), facet) for code in re.findall(rb"<D>(.*?)</D>", group)}
            # An archive shows a country under its usual name of today: Burma is Myanmar.
            tagged.update({archive.shown_as(KIND_OF_FACET[facet], label) for label in labels})
    held = {(KIND_OF_FACET[facet], value.label): value.count for value in archive.facet(facet).values}
    assert held == tagged


def test_places_have_readable_labels(archive: Archive) -> None:
    counts = {value.label: value.count for value in archive.facet("places").values}
    # The files have the tag 12,542 times; article 9323 has it twice and is one article.
    assert counts["United States"] == 12_541
    assert not [label for label in counts if label == label.lower()]


def random_request(dice: random.Random, archive: Archive) -> SearchRequest:
    request = SearchRequest(dice.choice(QUERIES), facet_size=8, sort=dice.choice(["relevance", "newest", "oldest"]))
    for _ in range(dice.randrange(3)):
        facet = dice.choice(FACETS)
        values = archive.find(request).facets[facet].values
        if values:
            chosen = dice.choice(values).value
            if dice.random() < 0.3:
                request = request.replace(exclude={**request.exclude, facet: (chosen,)})
            else:
                request = request.replace(**{facet: (*request.selected(facet), chosen)})
    if dice.random() < 0.3:
        request = request.replace(match=dict.fromkeys(FACETS, "all"))
    if dice.random() < 0.3:
        request = request.replace(since="1987-03", until="1987-04")
    return request


@pytest.mark.parametrize("seed", range(12))
def test_the_count_of_every_value_is_the_total_after_choosing_it(archive: Archive, seed: int) -> None:
    dice = random.Random(seed)
    request = random_request(dice, archive)
    for facet, shown in archive.find(request).facets.items():
        for value in shown.values:
            if value.selected:
                continue
            chosen = (*request.selected(facet), value.value) if request.match_of(facet) == "all" else (value.value,)
            assert archive.find(request.replace(**{facet: chosen}, page_size=1)).total == value.count, (request, value)


@pytest.mark.parametrize("seed", range(4))
def test_all_pages_together_hold_every_match_once(archive: Archive, seed: int) -> None:
    request = random_request(random.Random(100 + seed), archive).replace(page_size=500)
    total = archive.find(request).total
    pages = range(1, -(-total // 500) + 1)
    paged = [hit.article.id for page in pages for hit in archive.find(request.replace(page=page)).hits]
    assert len(paged) == len(set(paged)) == total
    assert paged == [article.id for article in archive.matches(request)]


def test_the_timeline_counts_every_dated_match(archive: Archive) -> None:
    result = archive.search("oil")
    assert sum(bar.count for bar in result.timeline) == result.total

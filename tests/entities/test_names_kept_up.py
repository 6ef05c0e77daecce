"""Names that are followed change by change are those that the whole archive gives."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.corpus import walk
from searchapp.entities import annotate
from searchapp.entities.archive_names.changes import changed_results
from searchapp.entities.archive_names.keeping.rows import LayeredRows, NoRows, Rows, StoredFacts, rows_of, touched_by
from searchapp.entities.archive_names.names import EVIDENCE_COLUMNS, canonical_names
from searchapp.entities.archive_names.rules.evaluation import Evaluation
from searchapp.entities.archive_names.rules.facts import GatheredFacts
from searchapp.entities.archive_names.rules.keys import Node
from searchapp.entities.columns import entry_of
from searchapp.model.article import FACET_OF_KIND
from searchapp.model.result import Skipped

Article = tuple[tuple[str, str], ...]
"""Column and label, as the articles of an archive have them."""


class Followed:
    """The names of an archive that is followed change by change."""

    def __init__(self) -> None:
        self.columns: dict[str, Counter[str]] = {column: Counter() for column in EVIDENCE_COLUMNS}
        self.rows: Rows = NoRows()
        self.shown: dict[Node, Node] = {}

    def change(self, come: list[Article], gone: list[Article] = []) -> None:  # noqa: B006
        differences: dict[str, Counter[str]] = {column: Counter() for column in EVIDENCE_COLUMNS}
        for articles, step in ((come, 1), (gone, -1)):
            for article in articles:
                for column, label in article:
                    differences[column][label] += step
                    self.columns[column][label] += step
        before = StoredFacts(self.rows)
        touched = touched_by(before, differences)
        self.rows = LayeredRows(self.rows, touched.rows)
        found = changed_results(Evaluation(before), Evaluation(StoredFacts(self.rows)), touched)
        for node, shown in found.items():
            if shown is None:
                del self.shown[node]
            else:
                self.shown[node] = shown

    def whole(self) -> dict[Node, Node]:
        kinds = {facet: kind for kind, facet in FACET_OF_KIND.items()}
        changes = canonical_names(self.columns).relabelling.changes
        return {(kinds[f], label): (kinds[to[0]], to[1]) for (f, label), to in changes.items() if to}


STORIES: tuple[dict[str, str], ...] = (
    {"people": "Ann Ek|Bo Ek|Ek|Ann"},
    {"people": "Ann Ek|ANN EK|Ann B. Ek|Anne Ek|A. Ek|EK|Ek|Ann|Bo Ny"},
    {"people": "Bo Ann Ny|Bo Ny|B. Ny|Bo Ny Jr.|Ny|Bo|NY|Al Al|Al"},
    {"people": "Volodymyr Zelensky|Volodymyr Zelenskiy|Zelensky|Zelenskiy|Ann Zelensky|-"},
    {"organisations": "Ford Motor Bank|Ford|Ford Motor Trust|Ford Motor"},
    {"organisations": "Ford|Ford Inc|Ford Corp|FORD|Ford Motor Co|Ford Motor|FMC|Federal Motor Council"},
    {"organisations": "Oslo Art Center|Oslo Art Centre|Oslo Art|OAC|Oslo|Oslo Art Center Fund|Oslo Air Co"},
    {"organisations": "U.N.|UN|United Nations|United Nations Bank|United|United Bank|UNB|-"},
    {"places": "Türkiye|Turkey|U.S.|United States|US|Ōsaka|Osaka|Georgia|Nowhere|NOWHERE|-|?"},
    {
        "people": "York|Ann York|Turkey",
        "places": "York|Turkey|Ann York|U.S.",
        "organisations": "York|United States|YORK",
    },
    {
        "people": "Tarn|Ann Tarn|Ann Tarn Bank|TARN|Moll Wade|Moll",
        "places": "Tarn|Moll|Tarn Bank",
        "organisations": "Tarn Inc|Tarn|Tarn Bank Corp|Tarn Bank|Tarn Oil Co|Moll Wade Inc|Moll Wade|Moll Co Ltd",
    },
    {
        "organisations": "Parliament|Parliament (Kenya)|Parliament (Ghana)|Kenyan Parliament|Parliament of Ghana|"
        "Ministry of Finance|Finance Ministry|Finance Ministry (Kenya)|Ministry of Finance (Ghana)|United States Navy|"
        "U.S. Navy|Navy (United States)|Navy",
        "people": "Navy|Parliament",
    },
    {"people": "Ek|Ann Ek|EK", "places": "Ek|Türkiye", "organisations": "Ek|EK|Ek Group|Türkiye"},
)
KINDS = {"people": "person", "organisations": "organisation"}
TIMES = st.sampled_from([1, 3, 4, 30])


def articles(story: dict[str, str]) -> st.SearchStrategy[list[Article]]:
    """Some articles alike, each with a label, and perhaps with a short form that stands for it."""
    one: list[Article] = []
    for facet, joined in story.items():
        labels = joined.split("|")
        one += [((facet, label),) for label in labels]
        if facet in KINDS:
            pairs = [(form, label) for form in labels for label in labels if len(form) < len(label)]
            lines = [((facet, label), ("forms", f"{KINDS[facet]}\t{form}\t{label}")) for form, label in pairs]
            one += lines
            one += [((facet, form), *line) for (form, _), line in zip(pairs, lines, strict=True)]
    return st.tuples(st.sampled_from(one), TIMES).map(lambda drawn: [drawn[0]] * drawn[1])


STORY = st.sampled_from(STORIES * 3) | st.lists(st.sampled_from(STORIES), min_size=2, max_size=3).map(
    lambda several: {
        facet: "|".join(one[facet] for one in several if facet in one)
        for facet in ("people", "places", "organisations")
    }
)
STEPS = STORY.flatmap(
    lambda story: st.lists(
        st.tuples(
            st.lists(articles(story), min_size=1, max_size=2).map(
                lambda several: [one for some in several for one in some]
            ),
            st.sampled_from([0, 0, 0, 0.1, 0.5, 1]),
        ),
        min_size=2,
        max_size=8,
    )
)
"""For each step the articles that come, and the share of those that go."""


@settings(max_examples=300, deadline=None)
@given(STEPS, st.randoms(use_true_random=False))
def test_names_kept_up_are_those_of_the_whole(steps: list[tuple[list[Article], float]], chance: random.Random) -> None:
    followed, held = Followed(), list[Article]()
    for added, share in steps:
        chance.shuffle(held)
        gone = [held.pop() for _ in range(int(share * len(held)))]
        held += added
        followed.change(added, gone)
        assert followed.shown == followed.whole()


def kept_up_in_any_order(paths: list[Path], seed: int) -> set[Node]:
    """Recognises names, lets the articles come and go in steps of one to a hundred; gives what was shown otherwise."""
    found = [article for article in walk(paths) if not isinstance(article, Skipped)]
    held: list[Article] = []
    for article in annotate(found):
        columns = entry_of(article, "").columns
        held.append(tuple((column, label) for column in EVIDENCE_COLUMNS for label in columns[column]))
    chance, archive, inside, shown = random.Random(seed), Followed(), list[Article](), set[Node]()
    for _ in range(25):
        chance.shuffle(held)
        chance.shuffle(inside)
        come = [held.pop() for _ in range(min(len(held), chance.choice([1, 1, 10, 100])))]
        gone = [inside.pop() for _ in range(min(len(inside), chance.choice([0, 1, 5, 50])))]
        archive.change(come, gone)
        inside += come
        held += gone
        assert archive.shown == archive.whole()
        shown |= archive.shown.keys()
    return shown


def test_recognised_names_kept_up_in_any_order_are_those_of_the_whole(repository: Path) -> None:
    assert kept_up_in_any_order([repository / "seeds"], 5)


def test_so_are_the_names_of_a_thousand_articles_of_reuters(reuters_folder: Path) -> None:
    assert len(kept_up_in_any_order([reuters_folder / "reut2-000.sgm"], 6)) > 50


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_rows_kept_up_are_those_of_the_whole(steps: list[tuple[list[Article], float]]) -> None:
    followed = Followed()
    for added, _ in steps:
        followed.change(added)
    assert dict(followed.rows.scan("")) == dict(rows_of(GatheredFacts(followed.columns)))
    followed.change(
        [], [((column, label),) for column, counts in followed.columns.items() for label in counts.elements()]
    )
    assert list(followed.rows.scan("")) == []
    assert followed.shown == {}


def followed(*steps: tuple[dict[Article, int], dict[Node, Node]]) -> None:
    """Articles that come in numbers, step by step, and what is then shown as something else."""
    archive = Followed()
    for articles_of_step, shown in steps:
        archive.change([article for article, times in articles_of_step.items() for _ in range(times)])
        assert archive.shown == archive.whole() == shown


def person(label: str, form: str = "") -> Article:
    return (("people", label), *([("forms", f"person\t{form}\t{label}")] if form else []))


def body(label: str, form: str = "") -> Article:
    return (("organisations", label), *([("forms", f"organisation\t{form}\t{label}")] if form else []))


EK = ("person", "Ek"), ("person", "Ann Ek")


def test_a_surname_leaves_a_person_once_it_stands_alone_more_often() -> None:
    followed(({person("Ann Ek", "Ek"): 4, person("Ek"): 1}, dict([EK])), ({person("Ek"): 30}, {}))


def test_a_surname_leaves_a_person_once_there_are_others_of_the_name_and_returns_when_they_are_rare() -> None:
    followed(
        ({person("Ann Ek", "Ek"): 4, person("Ek"): 1}, dict([EK])),
        ({person("Bo Ek"): 1}, {}),
        ({person("Ann Ek"): 9}, dict([EK])),
    )


def test_an_acronym_leaves_when_what_it_means_are_two_after_all() -> None:
    means = {body("Fomoco", "FMC"): 3, body("Fomoco Inc", "FMC"): 2, body("FMC"): 1}
    one = {("organisation", label): ("organisation", "Fomoco") for label in ("FMC", "Fomoco Inc")}
    followed((means, one), ({body("Fomoco Corp"): 1}, {}))


def test_a_first_part_leaves_when_others_begin_so_too() -> None:
    found = {("organisation", "Ford"): ("organisation", "Ford Motor Trust")}
    followed(({body("Ford Motor Trust", "Ford"): 5, body("Ford"): 2}, found), ({body("Ford Bank"): 2}, {}))


def test_a_name_moves_once_another_kind_has_it_far_more_often() -> None:
    hamas = ("place", "Hamas"), ("organisation", "Hamas")
    followed(({(("places", "Hamas"),): 2, body("Hamas"): 4}, {}), ({body("Hamas"): 40}, dict([hamas])))


def test_differences_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="-1 articles"):
        touched_by(StoredFacts(NoRows()), {"people": {"Ann Ek": -1}})
    with pytest.raises(ValueError, match="-1 articles"):
        touched_by(StoredFacts(NoRows()), {"forms": {"person\tEk\tAnn Ek": -1}})


def test_what_touches_nobody_else_reads_little() -> None:
    columns: Mapping[str, Mapping[str, int]] = {"people": {f"P{number} Smith": 3 for number in range(5_000)}}
    rows = Counted(LayeredRows(NoRows(), dict(rows_of(GatheredFacts(columns)))))
    before = StoredFacts(rows)
    touched = touched_by(before, {"people": {"P7 Smith": 1, "Quentin Smith": 1}})
    now = StoredFacts(LayeredRows(rows, touched.rows))
    assert changed_results(Evaluation(before), Evaluation(now), touched) == {}
    assert rows.read < 200


class Counted:
    """Rows that count how many were read."""

    def __init__(self, rows: Rows) -> None:
        self.rows, self.read = rows, 0

    def get(self, key: str) -> str | None:
        self.read += 1
        return self.rows.get(key)

    def scan(self, prefix: str):  # type: ignore[no-untyped-def]
        for pair in self.rows.scan(prefix):
            self.read += 1
            yield pair

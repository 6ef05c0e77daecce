"""Labels across an archive: what joins, what stays apart, and that nothing hangs on the order of indexing."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.entities.archive_names.names import canonical_names
from searchapp.entities.columns import entry_of
from searchapp.model.article import Article, Mention

Columns = dict[str, dict[str, int]]


def columns(facet: str, counts: Mapping[str, int], forms: Mapping[tuple[str, str], int] | None = None) -> Columns:
    kind = {"people": "person", "places": "place", "organisations": "organisation"}[facet]
    lines = {f"{kind}\t{form}\t{label}": count for (form, label), count in (forms or {}).items()}
    return {facet: dict(counts), "forms": lines}


def shown(found: Columns) -> dict[str, str]:
    """Label to the label shown for it, for the single facet of `found`."""
    (facet,) = set(found) - {"forms"}
    names = canonical_names(found).relabelling
    return {label: (names.resolve(facet, label) or ("", ""))[1] for label in found[facet]}


@pytest.mark.parametrize(
    ("facet", "counts", "label"),
    [
        ("people", {"NIKOL PASHINYAN": 9, "Nikol Pashinyan": 2}, "Nikol Pashinyan"),
        ("people", {"Ban Ki-moon": 3, "Ban Ki Moon": 2}, "Ban Ki-moon"),
        ("people", {"Recep Tayyip Erdogan": 3, "Recep Tayyip Erdoğan": 4}, "Recep Tayyip Erdoğan"),
        ("people", {"Volodymyr Zelensky": 5, "Volodymyr Zelenskiy": 4, "Volodymyr Zelenskyy": 3}, "Volodymyr Zelensky"),
        ("people", {"Vladimir Putin": 9, "Vladimir V. Putin": 3}, "Vladimir Putin"),
        ("places", {"Türkiye": 9, "Turkey": 1}, "Turkey"),
        ("places", {"U.S.": 9, "United States": 1, "USA": 2}, "United States"),
        ("places", {"Karabakh": 9, "Nagorno-Karabakh": 1}, "Nagorno-Karabakh"),
        ("places", {"Bombay": 9, "Mumbai": 1}, "Bombay"),
        ("places", {"São Paulo": 3, "Sao Paulo": 1}, "São Paulo"),
        ("organisations", {"World Trade Organisation": 9, "World Trade Organization": 1}, "World Trade Organization"),
        ("organisations", {"Ford Foundation Center": 1, "Ford Foundation Centre": 2}, "Ford Foundation Centre"),
        ("organisations", {"Boeing Co": 3, "Boeing": 5, "BOEING CO": 1}, "Boeing"),
        ("organisations", {"REUTERS": 3, "Reuters": 1, "Thomson Reuters": 1}, "Reuters"),
        ("organisations", {"IMF": 9, "International Monetary Fund": 1}, "International Monetary Fund"),
    ],
)
def test_spellings_join_under_the_form_that_a_reader_would_choose(
    facet: str, counts: dict[str, int], label: str
) -> None:
    assert set(shown(columns(facet, counts)).values()) == {label}


@pytest.mark.parametrize(
    ("facet", "counts"),
    [
        ("people", {"Bill Clinton": 90, "Hillary Clinton": 50, "Clinton": 20}),
        ("people", {"George Bush": 9, "George W. Bush": 9, "Jeb Bush": 2}),
        ("people", {"John Smith": 9, "John A. Smith": 3, "Adam Smith": 1}),
        ("people", {"Ferdinand Marcos": 9, "Ferdinand Marcos Jr.": 9}),
        ("people", {"Alan Hansen": 3, "Allan Hanssen": 3, "Jens Hansen": 1}),
        ("places", {"Paris": 9, "Paris, Texas": 2}),
        ("places", {"Georgia": 9, "Georgia (U.S. state)": 2}),
        ("places", {"Niger": 9, "Nigeria": 2}),
        ("organisations", {"Bell Inc": 9, "Bell Corp": 2}),
        ("organisations", {"United Nations": 9, "United Nations Development Programme": 2}),
    ],
)
def test_different_entities_stay_apart(facet: str, counts: dict[str, int]) -> None:
    assert shown(columns(facet, counts)) == {label: label for label in counts}


def test_a_bare_surname_joins_when_articles_use_it_for_one_person() -> None:
    found = columns("people", {"Nikol Pashinyan": 9, "Pashinyan": 2}, {("Pashinyan", "Nikol Pashinyan"): 8})
    assert shown(found)["Pashinyan"] == "Nikol Pashinyan"


@pytest.mark.parametrize(
    ("counts", "forms"),
    [
        ({"Nikol Pashinyan": 9, "Pashinyan": 2}, {("Pashinyan", "Nikol Pashinyan"): 2}),
        ({"Kim Jong Un": 50, "Kim Yo Jong": 9, "Kim": 5}, {("Kim", "Kim Jong Un"): 40}),
        ({"Al Gore": 50, "Tipper Gore": 4, "Gore": 5}, {("Gore", "Al Gore"): 40, ("Gore", "Tipper Gore"): 9}),
        ({"Ana Pele": 4, "Pele": 80}, {("Pele", "Ana Pele"): 4}),
    ],
    ids=["too few articles", "namesakes", "means two people", "a name of its own"],
)
def test_a_bare_surname_stays_for_itself_otherwise(counts: dict[str, int], forms: dict[tuple[str, str], int]) -> None:
    bare = next(label for label in counts if " " not in label)
    assert shown(columns("people", counts, forms))[bare] == bare


def test_a_variant_that_an_article_uses_for_the_same_person_joins() -> None:
    counts = {"George Bush": 3, "George W. Bush": 20, "Jeb Bush": 2}
    found = columns("people", counts, {("George Bush", "George W. Bush"): 2})
    assert shown(found) == {"George Bush": "George W. Bush", "George W. Bush": "George W. Bush", "Jeb Bush": "Jeb Bush"}


def test_an_acronym_joins_what_articles_write_it_out_as() -> None:
    full = "Independent Electoral and Boundaries Commission"
    assert shown(columns("organisations", {full: 2, "IEBC": 7}, {("IEBC", full): 1}))["IEBC"] == full


def test_an_acronym_with_two_meanings_stays_for_itself() -> None:
    counts = {"Centre for Defence Art": 9, "Chess Death Alliance": 9, "CDA": 3}
    forms = {("CDA", "Centre for Defence Art"): 5, ("CDA", "Chess Death Alliance"): 5}
    assert shown(columns("organisations", counts, forms))["CDA"] == "CDA"


def test_a_name_moves_to_the_kind_that_nearly_all_articles_give_it() -> None:
    found = {"organisations": {"Hamas": 40, "York": 2}, "places": {"Hamas": 2, "York": 3}}
    names = canonical_names(found).relabelling
    assert names.resolve("places", "Hamas") == ("organisations", "Hamas")
    assert names.resolve("organisations", "York") == ("organisations", "York")


def test_a_moved_name_counts_under_the_label_that_is_shown_there() -> None:
    found = {"places": {"U.S.": 40}, "organisations": {"United States": 2}}
    assert canonical_names(found).relabelling.resolve("organisations", "United States") == ("places", "United States")


PASHINYAN = columns(
    "people", {"Nikol Pashinyan": 9, "NIKOL PASHINYAN": 3, "Pashinyan": 2}, {("Pashinyan", "Nikol Pashinyan"): 8}
)


def test_what_is_shown_is_shown_as_itself() -> None:
    names = canonical_names(PASHINYAN).relabelling
    assert all(to is None or names.resolve(*to) == to for to in names.changes.values())


def test_every_joined_label_has_a_reason() -> None:
    joins = canonical_names(PASHINYAN).joins
    assert joins["person", "Pashinyan"].reason == "a short form in 8 articles, and nobody else's"


WORDS = st.sampled_from("Ann Anne A. ANN Bo Putin Kim IMF Fund Corp U.S. York Ōsaka".split())
LABELS = st.dictionaries(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), st.integers(1, 30), max_size=12)


@settings(max_examples=60, deadline=None)
@given(LABELS, LABELS, LABELS, st.randoms())
def test_labels_do_not_depend_on_the_order_of_indexing(
    people: dict[str, int], places: dict[str, int], organisations: dict[str, int], chance: random.Random
) -> None:
    pairs = [(form, label) for form in people for label in people if form != label]
    forms = {f"person\t{form}\t{label}": len(form + label) % 7 + 1 for form, label in pairs}
    found = {"people": people, "places": places, "organisations": organisations, "forms": forms}
    mixed = {}
    for name in chance.sample(sorted(found), len(found)):
        mixed[name] = dict(chance.sample(sorted(found[name].items()), len(found[name])))
    one, other = canonical_names(found), canonical_names(mixed)
    assert one.relabelling.changes == other.relabelling.changes
    assert one.relabelling.version == other.relabelling.version
    assert one.joins == other.joins


def test_time_grows_with_the_number_of_labels_and_no_faster() -> None:
    first = [f"{start}{vowel}{end}" for start in "BDFGKLM" for vowel in "aeiou" for end in ("nna", "rik", "mil", "sto")]

    def seconds(count: int) -> float:
        chance = random.Random(5)
        people = {f"{chance.choice(first)} D{chance.randrange(count)}ov": 2 for _ in range(count)}
        bodies = {f"{chance.choice(first)} {chance.randrange(count)} Holdings Inc": 2 for _ in range(count)}
        surnames = {f"person\t{name.split()[1]}\t{name}": 1 for name in people}
        begun = time.process_time()
        canonical_names({"people": people, "organisations": bodies, "forms": surnames})
        return time.process_time() - begun

    seconds(100)
    assert seconds(20_000) < 40 * max(seconds(2_000), 0.01)


def test_columns_hold_facets_forms_and_what_the_article_is_about() -> None:
    body = "Nikol Pashinyan spoke in Yerevan. Pashinyan left. Pashinyan’s aide stayed."
    people = [(0, 15), (34, 43), (50, 59)]
    article = Article(
        id="a", title="Pashinyan speaks", body=body, source="Reuters", assigned={"places": ("Armenia",)},
        title_mentions=(Mention(0, 9, "Pashinyan", "person", "Nikol Pashinyan"),),
        mentions=tuple(Mention(s, e, body[s:e], "person", "Nikol Pashinyan") for s, e in people),
    )  # fmt: skip
    assert entry_of(article, "").columns == {
        "people": ("Nikol Pashinyan",),
        "places": ("Armenia",),
        "organisations": (),
        "topics": (),
        "sources": ("Reuters",),
        "languages": (),
        "dating": (),
        "forms": ("person\tPashinyan\tNikol Pashinyan",),
        "about_people": ("Nikol Pashinyan",),
        "about_places": ("Armenia",),
        "about_organisations": (),
    }

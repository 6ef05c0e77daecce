"""Which names of one article name one entity, and what it is called."""

from __future__ import annotations

import itertools
import json
import os
import re
import time
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.entities import annotate, recognise
from searchapp.entities.linking.within import link
from searchapp.entities.recognising.base import Passage, Span
from searchapp.errors import RecogniserError
from searchapp.model.article import KINDS, Article, Mention

SEEDS = Path(__file__).with_name("seeds_annotated.jsonl")
SHARED = Path(os.environ.get("SEARCHAPP_TEST_DATA", Path(__file__).parents[2].parent / "shared"))

KIND_OF_MARK = {"P": "person", "L": "place", "O": "organisation"}
_MARKED = re.compile(r"\[([PLO]) ([^\]]+)\]")


def marked(text: str) -> tuple[str, list[Span]]:
    """A text whose names stand in brackets with a letter for their kind, and the spans of those names."""
    plain, spans, at = "", [], 0
    for match in _MARKED.finditer(text):
        plain += text[at : match.start()]
        spans.append(Span(len(plain), len(plain) + len(match[2]), KIND_OF_MARK[match[1]], 0.9))
        plain += match[2]
        at = match.end()
    return plain + text[at:], spans


def labels(text: str, **options: object) -> list[str]:
    plain, spans = marked(text)
    return [label for _, label in link(plain, spans, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[P Nikol Pashinyan] spoke. [P Pashinyan] left.", ["Nikol Pashinyan"] * 2),
        ("[P Pashinyan] spoke. [P Nikol Pashinyan] is premier.", ["Nikol Pashinyan"] * 2),
        ("[P Nikol Pashinyan]: [P Pashinyan’s] view, [P Mr. Pashinyan]", ["Nikol Pashinyan"] * 3),
        ("[P Joanne Rowling] or [P J. Rowling]", ["Joanne Rowling"] * 2),
        ("[P George W. Bush], later [P George Bush]", ["George W. Bush"] * 2),
        ("[P Luiz Inácio Lula da Silva] won. [P Lula] spoke.", ["Luiz Inácio Lula da Silva"] * 2),
        ("[P Aung San Suu Kyi] said. [P Suu Kyi] left.", ["Aung San Suu Kyi"] * 2),
        ("[P Xi Jinping] met them. [P Xi] said", ["Xi Jinping"] * 2),
        ("[P Volodymyr Zelensky] and [P Zelenskyy]", ["Volodymyr Zelensky"] * 2),
        ("[P Recep Tayyip Erdoğan], [P Erdogan] said", ["Recep Tayyip Erdoğan"] * 2),
        ("[P Bashar al-Assad] fell; [P Assad] fled", ["Bashar al-Assad"] * 2),
    ],
)
def test_short_forms_of_a_person_join_the_full_name(text: str, expected: list[str]) -> None:
    assert labels(text) == expected


def test_two_people_with_one_surname_stay_two_and_the_first_named_keeps_it() -> None:
    text = "[P Bill Clinton] and his wife [P Hillary Clinton] came. [P Clinton] spoke."
    assert labels(text) == ["Bill Clinton", "Hillary Clinton", "Bill Clinton"]


def test_father_and_son_stay_two() -> None:
    text = "[P Ferdinand Marcos Jr.], son of [P Ferdinand Marcos], won. [P Marcos] thanked them."
    assert labels(text) == ["Ferdinand Marcos Jr.", "Ferdinand Marcos", "Ferdinand Marcos Jr."]


def test_different_middle_initials_are_different_people() -> None:
    assert labels("[P George W. Bush] and [P George H. W. Bush]") == ["George W. Bush", "George H. W. Bush"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the [O League of Arctic Towns] ([O LOAT]); [O LOAT] said", ["League of Arctic Towns"] * 3),
        ("the [O Kurdistan Workers’ Party] ([O PKK]), the [O PKK]", ["Kurdistan Workers’ Party"] * 3),
        ("the [O African National Congress]; the [O ANC] won", ["African National Congress"] * 2),
        ("[O Law and Justice] party ([O PiS]) and [O PiS]", ["Law and Justice"] * 3),
        ("[O Amnesty International] says. [O Amnesty] warned", ["Amnesty International"] * 2),
        ("the [O U.N. Security Council] met; the [O Security Council] voted", ["U.N. Security Council"] * 2),
        ("[O Microsoft Corp] and [O Microsoft]", ["Microsoft Corp"] * 2),
        ("[O U.S. Agency for International Development], [O USAID]", ["U.S. Agency for International Development"] * 2),
        ("[O REUTERS] and [O Reuters]", ["Reuters"] * 2),
        ("the [O IMF], or [O International Monetary Fund]", ["International Monetary Fund"] * 2),
    ],
)
def test_acronyms_and_short_forms_join_the_organisation(text: str, expected: list[str]) -> None:
    assert labels(text) == expected


def test_a_body_is_not_a_short_form_of_its_parts() -> None:
    text = "the [O United Nations Development Programme] of the [O United Nations]"
    assert labels(text) == ["United Nations Development Programme", "United Nations"]


def test_partners_of_a_merger_stay_apart_from_it() -> None:
    text = "[O Exxon Mobil] was made of [O Exxon] and [O Mobil]"
    assert labels(text) == ["Exxon Mobil", "Exxon", "Mobil"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[L Nagorno-Karabakh], or [L Karabakh]", ["Nagorno-Karabakh"] * 2),
        ("an [L Armenian Karabakh]; [L Karabakh], [L Nagorno-Karabakh]", ["Nagorno-Karabakh"] * 3),
        ("an [L Iraqi Quarrel]; [L Quarrel]", ["Quarrel"] * 2),
        ("[L French Guiana] and [L Guiana]", ["French Guiana", "Guiana"]),
        ("the [L U.S.], the [L United States] and [L America]", ["United States"] * 3),
        ("[L Türkiye] and [L Turkey]", ["Turkey"] * 2),
        ("[L TBILISI], May 3 - In [L Tbilisi]", ["Tbilisi"] * 2),
        ("[L BEIJING], May 3", ["Beijing"]),
        ("[L Stade de France] in [L France]", ["Stade de France", "France"]),
        ("[L Inner Mongolia] and [L Mongolia]", ["Inner Mongolia", "Mongolia"]),
        ("[L New Mexico] and [L Mexico]", ["New Mexico", "Mexico"]),
    ],
)
def test_second_names_of_a_place_join_and_others_do_not(text: str, expected: list[str]) -> None:
    assert labels(text) == expected


def test_what_the_text_calls_another_name_joins() -> None:
    text = "[P Mohamed Hamdan Dagalo], known as [P Hemedti], fled. [P Hemedti] said"
    assert labels(text) == ["Mohamed Hamdan Dagalo"] * 3


def test_the_majority_kind_over_the_article_settles_doubt() -> None:
    plain, spans = marked("[O Hamas] said. [O Hamas] fired. [L Hamas] denied. [O Hamas] won.")
    assert {kind for kind, _ in link(plain, spans)} == {"organisation"}


def test_an_assigned_name_completes_a_short_form() -> None:
    assert labels("[P Baker] said so.", assigned={"people": ("James Baker",)}) == ["James Baker"]


def test_a_short_form_in_the_title_joins_the_full_name_of_the_body() -> None:
    plain, spans = marked("[O Activision] sold\n\n[O Activision Blizzard] was sold. [O Activision] said")
    found = link(plain, spans, body_start=plain.index("\n\n") + 2)
    assert {label for _, label in found} == {"Activision Blizzard"}


class Marks:
    """A recogniser that finds the names it was told, wherever they stand."""

    def __init__(self, **kinds: str) -> None:
        self.kinds = kinds

    def spans(self, passages: list[Passage]) -> list[list[Span]]:
        return [
            sorted(
                (
                    Span(match.start(), match.end(), kind, 0.9)
                    for name, kind in self.kinds.items()
                    for match in re.finditer(re.escape(name.replace("_", " ")), passage.text)
                ),
                key=lambda span: span.start,
            )
            for passage in passages
        ]


def test_annotate_gives_offsets_of_title_and_body_apart() -> None:
    article = Article(id="a", title="Baku reacts", body="In Baku they said so.")
    found = annotate([article], recogniser=Marks(Baku="place"))[0]
    assert found.title_mentions == (Mention(0, 4, "Baku", "place", "Baku"),)
    assert found.mentions == (Mention(3, 7, "Baku", "place", "Baku"),)


def test_recognise_counts_characters_of_the_text_alone() -> None:
    found = recognise("Pashinyan left.", title="Nikol Pashinyan resigns", recogniser=Marks(Pashinyan="person"))
    assert [(m.start, m.end) for m in found] == [(0, 9)]


def test_names_that_the_file_marks_are_kept_and_win_over_recognised_ones() -> None:
    given_mention = Mention(0, 14, "Bank of Russia", "organisation", "Central Bank of Russia")
    article = Article(id="a", body="Bank of Russia, Russia", mentions=(given_mention,))
    found = annotate([article], recogniser=Marks(Russia="place"))[0]
    assert found.mentions == (given_mention, Mention(16, 22, "Russia", "place", "Russia"))


def test_credits_and_navigation_give_no_names() -> None:
    body = "A man in Baku.\n\nBaku | Sport | Weather | Baku Times | About us"
    found = annotate([Article(id="a", body=body)], recogniser=Marks(Baku="place"))[0]
    assert [mention.start for mention in found.mentions] == [9]


def test_a_demonym_makes_no_place() -> None:
    found = recognise("An Azeri offensive near Baku.", recogniser=Marks(Azeri="place", Baku="place"))
    assert [mention.text for mention in found] == ["Baku"]


def test_an_unknown_recogniser_is_named_in_the_error() -> None:
    with pytest.raises(RecogniserError, match="'magic'"):
        recognise("text", recogniser="magic")


@pytest.fixture(scope="module")
def seeds() -> list[dict[str, object]]:
    return [json.loads(line) for line in SEEDS.read_text(encoding="utf-8").splitlines()]


def test_marked_names_of_the_sample_articles_join_as_people_read_them(seeds: list[dict[str, object]]) -> None:
    right = wrong = missed = 0
    for article in seeds:
        mentions: list[tuple[int, int, str, str]] = article["mentions"]  # type: ignore[assignment]
        spans = [Span(start, end, kind, 1.0) for start, end, kind, _ in mentions]
        found = link(str(article["text"]), spans, body_start=len(str(article["title"])) + 2)
        expected = _pairs([(kind, label) for _, _, kind, label in mentions])
        given = _pairs(found)
        right += len(given & expected)
        wrong += len(given - expected)
        missed += len(expected - given)
    assert right > 1000
    assert right / (right + wrong) >= 0.99
    assert right / (right + missed) >= 0.99


def test_labels_of_the_sample_articles_are_those_that_a_reader_gave(seeds: list[dict[str, object]]) -> None:
    equal = total = 0
    for article in seeds:
        mentions: list[tuple[int, int, str, str]] = article["mentions"]  # type: ignore[assignment]
        spans = [Span(start, end, kind, 1.0) for start, end, kind, _ in mentions]
        found = link(str(article["text"]), spans, body_start=len(str(article["title"])) + 2)
        total += len(mentions)
        # The annotation does not tell namesakes apart: "Georgia" there is "Georgia (U.S. state)" here.
        pairs = zip([label for _, label in found], [label for *_, label in mentions], strict=True)
        equal += sum(re.split(r", | \(", given)[0] == label.split(", ")[0] for given, label in pairs)
    assert equal / total >= 0.99


def test_pairwise_f1_on_texts_with_known_entities_is_at_least_090() -> None:
    path = SHARED / "ner" / "clusters" / "redocred_dev.jsonl"
    if not path.exists():
        pytest.skip(f"no annotated entities at {path}; set SEARCHAPP_TEST_DATA")
    demonyms = {word.casefold() for word in json.loads((SHARED / "ner/lists/demonyms.json").read_text("utf-8"))}
    right = wrong = missed = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        gold = {}
        for number, entity in enumerate(article["entities"]):
            for start, end in entity["mentions"]:
                name = article["text"][start:end]
                if any(c.isupper() for c in name) and name.casefold() not in demonyms:
                    gold[start, end] = (entity["kind"], number)
        spans = [Span(start, end, kind, 1.0) for (start, end), (kind, _) in sorted(gold.items())]
        given = _pairs(link(article["text"], spans))
        expected = _pairs([gold[span.start, span.end] for span in spans])
        right += len(given & expected)
        wrong += len(given - expected)
        missed += len(expected - given)
    assert 2 * right / (2 * right + wrong + missed) >= 0.90


def _pairs(labels: list[tuple[str, object]]) -> set[tuple[int, int]]:
    groups = defaultdict(list)
    for position, label in enumerate(labels):
        groups[label].append(position)
    return {pair for positions in groups.values() for pair in combinations(positions, 2)}


@given(st.lists(st.tuples(st.text(max_size=12), st.sampled_from(KINDS)), max_size=12))
def test_any_spans_of_any_text_get_a_kind_and_a_label(parts: list[tuple[str, str]]) -> None:
    text, spans = "", []
    for word, kind in parts:
        spans.append(Span(len(text), len(text) + len(word), kind, 0.5))
        text += f"{word} ("
    found = link(text, spans)
    assert len(found) == len(spans)
    assert all(kind in KINDS and isinstance(label, str) for kind, label in found)


def test_an_article_with_thousands_of_names_links_in_linear_time() -> None:
    fresh = itertools.count()

    def seconds(count: int) -> float:
        # New names each time, so that nothing is remembered; the best of three, for a busy machine.
        times = []
        for _ in range(3):
            numbers = [next(fresh) for _ in range(count)]
            names = (f"[P Ann Name{n}] met [P Name{n}] of [O Company{n} Inc] in [L Place {n}]." for n in numbers)
            text, spans = marked(" ".join(names))
            begun = time.process_time()
            link(text, spans)
            times.append(time.process_time() - begun)
        return min(times)

    seconds(100)
    assert seconds(4000) < 40 * max(seconds(400), 0.002)

"""The shipped tagger: what it finds, exact offsets, bad input, linear time."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.entities.recognising import tagger as tagger_module
from searchapp.entities.recognising.base import Passage, Span
from searchapp.entities.recognising.batches import BLOCK_CHARS
from searchapp.entities.recognising.tagger import KINDS, Tagger, load_tagger

NEWS = (
    "KAMPALA, March 4 - President Yoweri Museveni met officials of the World Health Organization in Uganda on Monday. "
    "Museveni said that Kenya and the European Union would help. “We agreed,” Kenyan Prime Minister Raila Odinga told "
    "the Daily Monitor in Nairobi. Odinga's party, the Orange Democratic Movement, did not reply."
)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger()


def names(tagger: Tagger, text: str, title: str = "") -> list[tuple[str, str]]:
    passage = Passage(title, text)
    return [(passage.text[span.start : span.end], span.kind) for span in tagger.spans([passage])[0]]


def assert_sound(passage: Passage, spans: list[Span]) -> None:
    last = 0
    for span in spans:
        assert last <= span.start < span.end <= len(passage.text)
        assert span.kind in KINDS
        assert 0 <= span.confidence <= 1
        assert passage.text[span.start : span.end].strip() == passage.text[span.start : span.end]
        last = span.end


def test_people_places_and_organisations_are_told_apart(tagger: Tagger) -> None:
    found = names(tagger, NEWS)
    assert found.count(("Museveni", "person")) == 1
    expected = {
        ("KAMPALA", "place"),
        ("Yoweri Museveni", "person"),
        ("World Health Organization", "organisation"),
        ("Uganda", "place"),
        ("Kenya", "place"),
        ("European Union", "organisation"),
        ("Raila Odinga", "person"),
        ("Nairobi", "place"),
        ("Odinga", "person"),
        ("Orange Democratic Movement", "organisation"),
    }
    assert expected <= set(found)
    assert not {name for name, _ in found} & {
        "Kenyan",
        "Monday",
        "March",
        "President",
        "We",
        "Prime Minister",
    }


def test_a_capital_the_within_a_sentence_belongs_to_the_name(tagger: Tagger) -> None:
    found = names(tagger, "Judges of the court in The Hague heard Kenya. Rain fell in The Hague and the Netherlands.")
    assert found.count(("The Hague", "place")) == 2
    assert ("Netherlands", "place") in found


def test_offsets_count_characters_of_title_and_body(tagger: Tagger) -> None:
    passage = Passage("🙂 Museveni visits Kenya", NEWS)
    spans = tagger.spans([passage])[0]
    assert_sound(passage, spans)
    assert ("Museveni", "person") in [(passage.title[s.start : s.end], s.kind) for s in spans[:2]]
    assert not any(span.start < len(passage.title) < span.end for span in spans)


def test_an_article_is_read_alike_alone_and_among_others(tagger: Tagger) -> None:
    passages = [
        Passage("", NEWS),
        Passage("Talks", "Odinga flew to Lagos."),
        Passage("", ""),
        Passage("", NEWS[::-1]),
    ]
    together = tagger.spans(passages)
    apart = [tagger.spans([passage])[0] for passage in passages]
    assert [[(s.start, s.end, s.kind) for s in one] for one in together] == [
        [(s.start, s.end, s.kind) for s in one] for one in apart
    ]


def test_an_article_longer_than_a_block_keeps_its_offsets(tagger: Tagger) -> None:
    times = BLOCK_CHARS // len(NEWS) * 2 + 3
    passage = Passage("", "\n\n".join([NEWS] * times))
    spans = tagger.spans([passage])[0]
    assert_sound(passage, spans)
    found = [passage.text[span.start : span.end] for span in spans if span.kind == "person"]
    assert found.count("Yoweri Museveni") == times


def test_nothing_gives_nothing(tagger: Tagger) -> None:
    assert tagger.spans([]) == []
    texts = ["", " ", "\n\n\n", "no capitals at all, not one.", "12 34", "…"]
    assert tagger.spans([Passage("", text) for text in texts]) == [[]] * len(texts)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(st.characters(codec=None), max_size=80) | st.text("AaB. -'’of&1\n", max_size=60), max_size=4))
def test_any_text_gives_sound_spans(texts: list[str]) -> None:
    passages = [Passage(text[:10], text) for text in texts]
    for passage, spans in zip(passages, load_tagger().spans(passages), strict=True):
        assert_sound(passage, spans)


HOSTILE = {
    "capitals": "A " * 100_000,
    "capitalised words": "Abc " * 50_000,
    "no spaces": "Aa" * 100_000,
    "binary noise": random.Random(1).randbytes(200_000).decode("latin-1"),
    "emoji": "🙂A" * 70_000,
    "right to left": "مرحبا بالعالم " * 14_000,
    "hyphens": "A-" * 100_000,
    "possessives": "A's " * 50_000,
    "stops": "A." * 100_000,
    "connectors": "A of " * 40_000,
    "distinct words": " ".join(f"W{number}x" for number in range(25_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_takes_linear_time(tagger: Tagger, name: str) -> None:
    # Reading 200,000 characters of the worst kind takes well under a second on an idle core.
    passage = Passage("", HOSTILE[name])
    begun = time.process_time()
    spans = tagger.spans([passage])[0]
    assert time.process_time() - begun < 4
    assert_sound(passage, spans)


def test_the_model_is_small_enough_to_ship() -> None:
    model = Path(tagger_module.__file__).with_name("model")
    assert sum(path.stat().st_size for path in model.iterdir()) <= 12_000_000
    assert "licence" in (model / "MODEL_CARD.md").read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("money", ["US$5", "US$1.2 billion", "U.S.$2", "HK$40m", "A$3,000"])
def test_whose_money_it_is_names_no_place(tagger: Tagger, money: str) -> None:
    found = names(tagger, f"Officials in Nairobi said the mill in Uganda cost {money} last year.")
    assert found == [("Nairobi", "place"), ("Uganda", "place")]

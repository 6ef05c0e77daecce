"""Where names begin and end, and what is no name, whatever a recogniser found."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.entities import recognise
from searchapp.entities.linking.boundaries import settled_spans
from searchapp.entities.linking.non_names import is_no_name
from searchapp.entities.recognising.base import Span

KINDS = {"P": "person", "L": "place", "O": "organisation"}
LETTERS = {kind: letter for letter, kind in KINDS.items()}
_MARKED = re.compile(r"\[([PLO]) ([^\[\]]+)\]")


def settled(marked: str) -> str:
    """A text with names in brackets, each behind the letter of its kind, with those that it comes to."""
    text, spans, end = "", [], 0
    for match in _MARKED.finditer(marked):
        text += marked[end : match.start()]
        spans.append(Span(len(text), len(text) + len(match[2]), KINDS[match[1]], 0.9))
        text += match[2]
        end = match.end()
    text += marked[end:]
    parts, at = [], 0
    for span in settled_spans(text, spans):
        parts += [text[at : span.start], f"[{LETTERS[span.kind]} {text[span.start : span.end]}]"]
        at = span.end
    return "".join(parts) + text[at:]


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ("managed by [P Kidder], [O Peabody and Co Inc] .", "managed by [O Kidder, Peabody and Co Inc] ."),
        ("[O Goldman], [O Sachs & Co] said", "[O Goldman, Sachs & Co] said"),
        ("[P Goldman], [O Sachs Japan Corp] said", "[O Goldman, Sachs Japan Corp] said"),
        ("[P Ardley], [O Moss and Sons] sold", "[O Ardley, Moss and Sons] sold"),
        ("with [P Donaldson], [P Lufkin] and [O Jenrette Corp] .", "with [O Donaldson, Lufkin and Jenrette Corp] ."),
        ("Standard and [O Poor's Corp] said", "[O Standard and Poor's Corp] said"),
        ("[P Alex]. [O Brown and Sons Inc] said", "[O Alex. Brown and Sons Inc] said"),
        ("a partner with Tarrow Weed and [O Co] who trades", "a partner with [O Tarrow Weed and Co] who trades"),
        ("[P John Varley] and [O Co] sold", "[O John Varley and Co] sold"),
        ("<Tarrow industries [O Inc]> said", "<[O Tarrow industries Inc]> said"),
        ("by Dunmore (Pacific) [O Ltd] said", "by [O Dunmore (Pacific) Ltd] said"),
        ("it said [O Ltd] or not", "it said Ltd or not"),
        ("UBS/Phillips and [P Drew] said", "UBS/[O Phillips and Drew] said"),
        ("[P Duff]/Phelps said", "[O Duff/Phelps] said"),
        ("[P Banque Varley] said", "[O Banque Varley] said"),
        ("[P Ardley Cos] said", "[O Ardley Cos] said"),
        ("[P Duff] and Phelps said", "[O Duff and Phelps] said"),
        ("an analyst with [P Ardley Moss] said", "an analyst with [O Ardley Moss] said"),
        ("of brokers [P Ardley Moss] in London", "of brokers [O Ardley Moss] in London"),
        ("a stake in [P Garigo] for", "a stake in [O Garigo] for"),
        ("[P Tasnim] reported", "[O Tasnim] reported"),
        ("[P Calder Vale Inc] rose", "[O Calder Vale Inc] rose"),
        ("[L Calder Vale Ltd] rose", "[O Calder Vale Ltd] rose"),
    ],
)
def test_a_firm_is_one_name_from_its_first_word_to_its_last(found: str, wanted: str) -> None:
    assert settled(found) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "[P Ann Varley], [P Tom Moss] and [O Calder Bank] agreed",
        "[O Calder Bank] and [O Dunmore Co] agreed",
        "an analyst who met [P Ardley Moss], and a broker [P Ann Drew]",
        "[L Kenya], [L Uganda] and [O Ardley Sons League] agreed",
        "[L Chad] and [L Sudan] agreed",
        "the [O Ministry of Finance], [O Calder Bank] and [O Dunmore Bank] agreed",
        "[O Moody's Investors Service] and [O People's Bank] agreed",
    ],
)
def test_names_that_are_listed_stay_apart(text: str) -> None:
    assert settled(text) == text


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (
            "the [O Ministry of Roads], Ports and Shipping met",
            "the [O Ministry of Roads, Ports and Shipping] met",
        ),
        (
            "the [O Ministry of Water], [O Energy and Climate] met",
            "the [O Ministry of Water, Energy and Climate] met",
        ),
        ("the [O Faculty of Law], Arts & Media in", "the [O Faculty of Law, Arts & Media] in"),
        ("the [O School of Politics] and International Relations at", None),
        (
            "the [O Royal Commission for Museums], [O Heritage and Tourism] opened",
            "the [O Royal Commission for Museums, Heritage and Tourism] opened",
        ),
    ],
)
def test_what_a_body_is_about_belongs_to_its_name_as_a_whole(found: str, wanted: str | None) -> None:
    assert settled(found) == (wanted or "the [O School of Politics and International Relations] at")


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ("[O FIFA's Ethics Committee] met", "[O FIFA]'s [O Ethics Committee] met"),
        ("[O Kenya's Supreme Court] met", "[L Kenya]'s [O Supreme Court] met"),
        ("[O Moody's Investors Service] met", "[O Moody's Investors Service] met"),
        ("[O People's Bank] met", "[O People's Bank] met"),
        ("[O Calder's Bank] met", "[O Calder's Bank] met"),
    ],
)
def test_who_owns_a_body_is_a_name_of_its_own(found: str, wanted: str) -> None:
    assert settled(found) == wanted


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ("TEXACO <[L TX]> RAISES PRICES", "TEXACO <TX> RAISES PRICES"),
        ("CALDER <[P CALD].O> RAISES", "CALDER <CALD.O> RAISES"),
        ("[O ARMY] MOVES IN\n\nThe army moved in.", "ARMY MOVES IN\n\nThe army moved in."),
        ("[O ARMY] MOVES IN\n\nThe Army moved its army in.", "[O ARMY] MOVES IN\n\nThe Army moved its army in."),
        ("[P Sterling] fell. Dealers sold sterling.", "Sterling fell. Dealers sold sterling."),
        ("Dealers met [P Sterling] and sold sterling.", "Dealers met [P Sterling] and sold sterling."),
        ("the [L U.S. Dollar] fell", "the [L U.S.] Dollar fell"),
        ("in Mesa, [P Ariz]., said", "in Mesa, [L Ariz]., said"),
        ("[P Preecha Thong-o]-sot spoke", "[P Preecha Thong-o-sot] spoke"),
        ("a [P Chun Doo-hwan]-style warning", "a [P Chun Doo-hwan]-style warning"),
        ("the [O Department of Water (DoW)] or DoW", "the [O Department of Water (DoW)] or DoW"),
        (
            "the [O Department of Water] (DoW) said. DoW, it said",
            "the [O Department of Water] ([O DoW]) said. [O DoW], it said",
        ),
        ("The G7 and the G20 and G-7, MIG8", "The [O G7] and the [O G20] and [O G-7], MIG8"),
        ("the [O Union of Small Ports] in the [L Near East] met", "the [O Union of Small Ports in the Near East] met"),
        ("a lab in [O Cambridge], [L Massachusetts], failed", "a lab in [L Cambridge], [L Massachusetts], failed"),
        ("[O Calder], [L Massachusetts], failed", "[O Calder], [L Massachusetts], failed"),
        ("[O Calder Bank] in the [L Near East] met", "[O Calder Bank] in the [L Near East] met"),
        ("[L Bosnia] and [L Herzegovina] flooded", "[L Bosnia and Herzegovina] flooded"),
    ],
)
def test_signs_around_a_name_say_where_it_ends(found: str, wanted: str) -> None:
    assert settled(found) == wanted


@pytest.mark.parametrize(
    "name",
    [
        "PCT",
        "Qtr",
        "QTLY",
        "SMS",
        "GDP",
        "MoU",
        "CEO",
        "NGOs",
        "Islam",
        "First Nations",
        "Head of State",
        "Inc",
        "Co Inc",
        "Inspector General of Police",
        "Deputy Attorney General",
        "Commissioner of Police",
        "World War II",
        "Clean Air Act",
    ],
)
def test_measures_offices_faiths_peoples_events_and_laws_are_no_organisations(name: str) -> None:
    assert is_no_name(name, "organisation")


@pytest.mark.parametrize(
    "name",
    [
        "OPEC",
        "WHO",
        "SPA",
        "Islamic State",
        "First Nations Bank",
        "Office of the Attorney General",
        "Ministry of Defence",
        "Calder Co",
        "AG",
        "Act Party",
        "Police Service Commission",
        "Bill Calder",
    ],
)
def test_names_that_look_alike_stay(name: str) -> None:
    assert not is_no_name(name, "organisation")


def test_a_recogniser_that_is_certain_of_a_word_is_believed() -> None:
    text = "Harbour spoke. The harbour lay still."
    assert settled_spans(text, [Span(0, 7, "person", 0.98)]) == []
    assert settled_spans(text, [Span(0, 7, "person", 1.0)]) == [Span(0, 7, "person", 1.0)]


def test_a_lone_initial_is_nobody() -> None:
    assert is_no_name("P.", "person")
    assert not is_no_name("P. Suresh", "person")


def test_an_acronym_that_the_text_spells_out_is_a_name_though_it_usually_names_nothing() -> None:
    text = "The [O Samaj Party] (SP) won. [O SP] leaders cheered."
    assert "[O SP] leaders" in settled(text)


def test_what_recognise_gives_has_these_boundaries() -> None:
    found = [
        (m.kind, m.text) for m in recognise("Officials of the Ministry of Water, Energy and Climate met in Nairobi.")
    ]
    assert found == [("organisation", "Ministry of Water, Energy and Climate"), ("place", "Nairobi")]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                "Inc|Co|Kidder|Peabody and Co|Poor's|U.S. Dollar|FIFA's Court|TX|Dadra|Nagar Haveli|Thong-o|Alex|"
                "Brown|Ministry of Water|Near East|World Union|G7|ARMY|'s|-".split("|")
            ),
            st.sampled_from([", ", " and ", ". ", " in the ", "", "-sot ", " (", ">", "<", " & ", "\n"]),
            st.sampled_from(["person", "place", "organisation", ""]),
        ),
        max_size=12,
    )
)
def test_spans_stay_in_order_within_the_text_and_never_overlap(parts: list[tuple[str, str, str]]) -> None:
    text, spans = "", []
    for name, gap, kind in parts:
        if kind:
            spans.append(Span(len(text), len(text) + len(name), kind, 0.5))
        text += name + gap
    found = settled_spans(text, spans)
    ends = [0]
    for span in found:
        assert ends[-1] <= span.start < span.end <= len(text)
        assert span.kind in ("person", "place", "organisation")
        ends.append(span.end)


def test_a_text_with_thousands_of_names_takes_time_in_proportion() -> None:
    def seconds(count: int) -> float:
        text, spans = "", []
        for _ in range(count):
            for name in ("Moss and Co", "Inc", "Water Board (WB)", "Ann Varley"):
                spans.append(Span(len(text), len(text) + len(name), "organisation", 0.5))
                text += name + ", "
        times = []
        for _ in range(3):
            begun = time.process_time()
            settled_spans(text, spans)
            times.append(time.process_time() - begun)
        return min(times)

    seconds(100)
    assert seconds(4000) < 20 * seconds(500) + 0.01

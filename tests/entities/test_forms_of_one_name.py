"""Forms of one name within an article, and forms that are two names."""

from __future__ import annotations

import re

import pytest

from searchapp.entities.linking.within import link
from searchapp.entities.recognising.base import Span

KINDS = {"P": "person", "L": "place", "O": "organisation"}


def labels_of(marked: str) -> list[tuple[str, str]]:
    """Kind and label of the names of a text, which stand in brackets behind the letters of their kinds."""
    text, spans, end = "", [], 0
    for match in re.finditer(r"\[([PLO]) ([^\[\]]+)\]", marked):
        text += marked[end : match.start()]
        spans.append(Span(len(text), len(text) + len(match[2]), KINDS[match[1]], 0.9))
        text += match[2]
        end = match.end()
    return link(text + marked[end:], spans)


@pytest.mark.parametrize(
    "text",
    [
        "[P Robert Tarrant] won. [P Bob Tarrant] smiled.",
        "[P William Okafor] won. [P Bill Okafor] smiled, and [P Okafor] left.",
        "[P Elizabeth Anne Warner] ran. [P Liz Warner] lost.",
        "[P Theodore Moss] sang. [P Teddy Moss] played.",
        "[P Vladimir Zelensky] spoke. [P Volodymyr Zelenskyy] left, and [P Zelenskiy] slept.",
        "[P Muammar Gaddafi] fell. [P Moammar Qaddafi] fled; [P Gadhafi] hid.",
        "[P Ahmed Varley] met. [P Ahmad Varley] left.",
        "[P Peter Malcolm Grant OBE] died. [P Grant] was 84, and [P Peter Grant] never wed.",
        "[O Congress of Angostura] met. The [O Angostura Congress] ended.",
        "[O Bank of Karelia] failed; the [O Karelia Bank] closed.",
        "[O Moody's Investors Service] cut it; [O Moody's] had warned.",
        "[L Loopline Bridge] fell; [L Loopline] was old.",
    ],
)
def test_forms_of_one_name_are_one(text: str) -> None:
    assert len(set(labels_of(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[P Robert Tarrant] won. [P Ronald Tarrant] smiled.",
        "[P Ann Okafor] won. [P Bill Okafor] smiled.",
        "[L Corvo Airport] was closed, and people on [L Corvo] waited.",
        "[L Kestrel Station] burned; [L Kestrel] slept.",
        "[O Dunmore Research] sold what [O Dunmore] bought.",
        "[O Parliament Secretariat] wrote to [O Parliament].",
        "[O Congress of Angostura] met. The [O Angostura Bank] closed.",
    ],
)
def test_forms_of_two_names_are_two(text: str) -> None:
    assert len(set(labels_of(text))) == 2


def test_honours_are_no_part_of_a_persons_label() -> None:
    assert labels_of("[P Ann Grant Moss OBE] died.") == [("person", "Ann Grant Moss")]

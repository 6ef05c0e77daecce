"""Running text out of marked-up elements: paragraphs, and the spans that the markup itself calls names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.xml import Element
from searchapp.language.labels import readable_label
from searchapp.language.names import SHORT_TITLES
from searchapp.model.article import FACET_OF_KIND, Mention

__all__ = ["Flow", "flow_of", "with_full_names"]

KIND_OF_TAG = {"person": "person", "location": "place", "org": "organisation"}
"""NITF's elements for names, which its inline form in NewsML-G2 shares."""

DEEPEST = 200
"""Below this many levels markup is taken for noise, and its text for one paragraph."""

LONGEST_NAME_WORDS = 10

_PARTS_OF_PLACE = frozenset({"sublocation", "city", "state", "region", "country"})
_PARAGRAPHS = frozenset(
    (
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "hl1", "hl2", "li", "dt", "dd", "tr", "caption", "block",
        "blockquote", "bq", "pre", "div", "section", "article", "table", "ul", "ol", "dl", "hr", "header", "main",
        "body", "body.content", "tagline",
    )
)  # fmt: skip
# Pictures with their captions and credits, notes to editors, and what is no text at all.
_LEFT_OUT = frozenset(
    (
        "media", "media-caption", "media-producer", "media-reference", "media-metadata", "figure", "figcaption",
        "picture", "img", "video", "audio", "script", "style", "template", "noscript", "head", "nav", "aside",
        "footer", "form", "button", "iframe", "svg", "note", "ednote", "ed-msg", "fn", "nitf-table-metadata",
        "nitf-table-summary", "custom-table",
    )
)  # fmt: skip
_BREAKS = frozenset({"br", "td", "th"})
_PERSON_TITLE = re.compile(
    rf"(?:{'|'.join(title.capitalize() for title in sorted(SHORT_TITLES))}|Dame|Lord|Lady)\.?\s+"
)


@dataclass(frozen=True, slots=True)
class Flow:
    """A text and the names marked in it."""

    text: str
    """Paragraphs with one blank line between."""
    mentions: tuple[Mention, ...] = ()
    """In reading order, never overlapping, offsets in characters of `text`."""

    def assigned(self) -> dict[str, tuple[str, ...]]:
        """Facet to the labels of the mentions."""
        found: dict[str, list[str]] = {}
        for mention in self.mentions:
            found.setdefault(FACET_OF_KIND[mention.kind], []).append(mention.label)
        return {facet: tuple(dict.fromkeys(labels)) for facet, labels in found.items()}


def flow_of(elements: Iterable[Element], *, skip: Callable[[Element], bool] | None = None) -> Flow:
    """The text of `elements`, one after another; of those inside for which `skip` is true, nothing."""
    writer = _Writer()
    for element in elements:
        writer.end_paragraph()
        _write(element, writer, skip or (lambda _: False))
    return Flow(writer.text(), tuple(writer.mentions))


def with_full_names(flow: Flow, known: Iterable[str] = ()) -> Flow:
    """`flow` with each person under the fullest form of the name in it or in `known`: Powell under Colin Powell.

    A form that would fit two different people stays as it is.
    """
    people = {mention.label for mention in flow.mentions if mention.kind == "person"} | set(known)
    longer: dict[tuple[str, ...], list[list[str]]] = {}
    for words in map(_name_words, people):
        for at in range(1, min(len(words), LONGEST_NAME_WORDS)):
            _offer(longer.setdefault(tuple(words[at:]), []), words)
    return Flow(
        flow.text,
        tuple(
            replace(mention, label=_fullest(mention.label, longer)) if mention.kind == "person" else mention
            for mention in flow.mentions
        ),
    )


def _name_words(name: str) -> list[str]:
    return _PERSON_TITLE.sub("", name).split()


def _offer(fuller: list[list[str]], words: list[str]) -> None:
    """Keep in `fuller` the longest of the names that begin alike, and no more than two that do not."""
    for at, other in enumerate(fuller):
        if other[0] == words[0]:
            fuller[at] = max(other, words, key=lambda name: (len(" ".join(name)), name))
            return
    if len(fuller) < 2:
        fuller.append(words)


def _fullest(label: str, longer: Mapping[tuple[str, ...], list[list[str]]]) -> str:
    words = _name_words(label)
    fuller = longer.get(tuple(words), [])
    # Of "Powell", "Colin Powell" and "Colin L. Powell" the longest speaks for all; of Ann Lee and Bo Lee neither.
    return " ".join(fuller[0] if len(fuller) == 1 else words) or label


class _Writer:
    """Collects words with single blanks between, and remembers where names begin and end."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._gap = ""
        self.mentions: list[Mention] = []

    def write(self, text: str) -> None:
        line = clean_line(text)
        if text[:1].isspace():
            self.space()
        if line:
            if self._length and self._gap:
                self._put(self._gap)
            self._gap = ""
            self._put(line)
            if text[-1:].isspace():
                self.space()

    def end_paragraph(self) -> None:
        self._gap = "\n\n"

    def space(self) -> None:
        self._gap = self._gap or " "

    def place(self) -> int:
        """A place to come back to with `form` and `mark`."""
        return len(self._pieces)

    def form(self, place: int) -> str:
        """What has been written since `place`, or nothing if that is more than one paragraph."""
        written = "".join(self._pieces[place:]).lstrip()
        return "" if "\n" in written else written

    def mark(self, place: int, kind: str, label: str) -> None:
        """Calls what has been written since `place` a name."""
        form = self.form(place)
        if form and label:
            self.mentions.append(Mention(self._length - len(form), self._length, form, kind, label))

    def text(self) -> str:
        return "".join(self._pieces)

    def _put(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)


def _write(
    element: Element, writer: _Writer, skip: Callable[[Element], bool], *, named: bool = False, depth: int = 0
) -> None:
    tag = element.tag if isinstance(element.tag, str) else ""
    if not tag or tag in _LEFT_OUT or skip(element):
        return
    if depth > DEEPEST:
        writer.write("".join(str(text) for text in element.itertext()))
        return
    if tag in _PARAGRAPHS:
        writer.end_paragraph()
    elif tag in _BREAKS:
        writer.space()
    kind = "" if named else KIND_OF_TAG.get(tag, "")
    if kind == "place" and any(child.tag in _PARTS_OF_PLACE for child in element):
        # A city and its country are two places.
        kind = ""
    if not named and tag in _PARTS_OF_PLACE:
        kind = "place"
    place = writer.place()
    if element.text:
        writer.write(element.text)
    for child in element:
        _write(child, writer, skip, named=named or bool(kind), depth=depth + 1)
        if child.tail:
            writer.write(child.tail)
    if kind and (form := writer.form(place)):
        writer.mark(place, kind, _label(element, kind, form))
    if tag in _PARAGRAPHS:
        writer.end_paragraph()


def _label(element: Element, kind: str, form: str) -> str:
    if kind == "person":
        given, family = (clean_line("".join(element.itertext(f"name.{part}"))) for part in ("given", "family"))
        if given and family:
            return f"{given} {family}"
        form = _PERSON_TITLE.sub("", form)
    return readable_label(form, FACET_OF_KIND[kind])

"""The hand annotation of the sample articles is sound: tests of recognition may lean on it."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as email_policy
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SEEDS = PROJECT / "seeds"
ANNOTATION = Path(__file__).with_name("seeds_annotated.jsonl")
KINDS = {"person", "place", "organisation"}
BYLINE = re.compile(r"^By the [A-Z]\w+ Desk$", re.MULTILINE)
NAVIGATION = re.compile(r"^[^|\n]+(?: \| [^|\n]+){2,}$", re.MULTILINE)
CREDIT = re.compile(r"Searchapp News file photo|\(Searchapp (?:News|Wire)\)")
# Laws, treaties, events and peoples that hold a name within their own: they are no mentions of it.
NOT_NAMES = re.compile(
    r"Paris Agreement|Glasgow Climate Pact|Black Sea Grain Initiative|Torres Strait Islander"
    r"|Trump Route for International Peace and Prosperity"
)


@dataclass(frozen=True, slots=True)
class Annotated:
    """One article of `seeds/` with its mentions as `(start, end, kind, label)`."""

    file: str
    position: int
    title: str
    text: str
    mentions: list[tuple[int, int, str, str]]

    @property
    def name(self) -> str:
        return f"{self.file}#{self.position}"


def load() -> list[Annotated]:
    """All annotated articles, in the order of the file."""
    articles = []
    for line in ANNOTATION.read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        fields["mentions"] = [tuple(mention) for mention in fields["mentions"]]
        articles.append(Annotated(**fields))
    return articles


ARTICLES = load()
each_article = pytest.mark.parametrize("article", ARTICLES, ids=[article.name for article in ARTICLES])


def strings_in(value: Any) -> Iterator[str]:
    """Every string within a value read from JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from strings_in(child)


def readable_text(path: Path) -> str:
    """All text of a sample file with its markup taken off, whatever the format."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    if path.suffix == ".eml":
        message = message_from_bytes(data, policy=email_policy)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        assert body is not None
        return f"{message['Subject']}\n{body.get_content()}"
    text = data.decode("utf-8")
    if path.suffix == ".csv":
        return "\n".join(cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row)
    if path.suffix == ".jsonl":
        text = "\n".join(found for line in text.splitlines() for found in strings_in(json.loads(line)))
    elif path.suffix == ".json":
        text = "\n".join(strings_in(json.loads(text)))
    if path.suffix in {".html", ".xml", ".atom", ".json"}:
        # Feeds hold HTML within XML, so that markup and entities come off in two layers.
        text = html.unescape(re.sub(r"<[^>]*>", "", html.unescape(text)))
    return text


def no_name_spans(text: str) -> list[tuple[int, int]]:
    """Where bylines, navigation, credits and names of laws or peoples stand."""
    return [match.span() for pattern in (BYLINE, NAVIGATION, CREDIT, NOT_NAMES) for match in pattern.finditer(text)]


def overlaps(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in spans)


def test_at_least_forty_articles_in_at_least_six_formats() -> None:
    assert len(ARTICLES) >= 40
    formats = {"".join(Path(article.file).suffixes) for article in ARTICLES}
    assert len(formats) >= 6, formats


def test_every_sample_file_is_annotated_and_every_annotated_file_exists() -> None:
    files = {path.relative_to(PROJECT).as_posix() for path in SEEDS.rglob("*") if path.is_file()}
    assert {article.file for article in ARTICLES} == files - {"seeds/README.md"}


def test_positions_count_up_from_zero_within_each_file() -> None:
    positions = defaultdict(list)
    for article in ARTICLES:
        positions[article.file].append(article.position)
    assert all(found == list(range(len(found))) for found in positions.values())


def test_titles_are_unique() -> None:
    assert len({article.title for article in ARTICLES}) == len(ARTICLES)


@each_article
def test_article_has_between_150_and_500_words(article: Annotated) -> None:
    assert 150 <= len(article.text.split()) <= 500


@each_article
def test_text_is_the_title_an_empty_line_and_what_the_file_holds(article: Annotated) -> None:
    title, *paragraphs = article.text.split("\n\n")
    assert title == article.title
    held = readable_text(PROJECT / article.file)
    assert [paragraph for paragraph in [title, *paragraphs] if paragraph not in held] == []


@each_article
def test_offsets_hold_and_mentions_never_overlap(article: Annotated) -> None:
    previous_end = 0
    for start, end, _, _ in article.mentions:
        assert previous_end <= start < end <= len(article.text)
        form = article.text[start:end]
        assert form == form.strip()
        assert "\n" not in form
        assert re.fullmatch(r"\W?", article.text[max(0, start - 1) : start]), form
        assert re.fullmatch(r"\W?", article.text[end : end + 1]), form
        previous_end = end


@each_article
def test_mentions_have_a_known_kind_and_one_kind_per_label(article: Annotated) -> None:
    kinds = defaultdict(set)
    for _, _, kind, label in article.mentions:
        kinds[label].add(kind)
    assert set().union(*kinds.values()) <= KINDS
    assert {label: found for label, found in kinds.items() if len(found) > 1} == {}


@each_article
def test_names_are_cut_without_article_title_or_possessive(article: Annotated) -> None:
    titles = ("the ", "a ", "President ", "Mr ", "Mrs ", "Ms ", "General ", "Prince ", "Judge ", "Prime Minister ")
    for start, end, _, label in article.mentions:
        for form in (article.text[start:end], label):
            assert not form.startswith(titles), form
            assert not form.endswith(("'s", "’s")), form


@each_article
def test_bylines_credits_and_navigation_give_no_mentions(article: Annotated) -> None:
    barred = no_name_spans(article.text)
    assert [article.text[start:end] for start, end, _, _ in article.mentions if overlaps(start, end, barred)] == []


@each_article
def test_a_name_annotated_once_is_annotated_wherever_it_stands(article: Annotated) -> None:
    spans = [(start, end) for start, end, _, _ in article.mentions]
    known = spans + no_name_spans(article.text)
    forms = {article.text[start:end] for start, end in spans} | {label for _, _, _, label in article.mentions}
    forgotten = [
        (form, article.text[max(0, match.start() - 30) : match.end() + 30])
        for form in sorted(forms)
        for match in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", article.text)
        if not overlaps(*match.span(), known)
    ]
    assert forgotten == []


def test_the_set_holds_the_hard_cases_it_is_meant_to_hold() -> None:
    labels = defaultdict(set)
    for article in ARTICLES:
        for start, end, kind, label in article.mentions:
            labels[kind].add(label)
            labels[article.text[start:end]].add(label)
    assert {"Gotabaya Rajapaksa", "Mahinda Rajapaksa", "Rodrigo Duterte", "Sara Duterte"} <= labels["person"]
    assert labels["Coventry"] == {"Coventry", "Kirsty Coventry"}
    assert labels["Türkiye"] == labels["Turkey"] == {"Turkey"}
    assert labels["Karabakh"] == {"Nagorno-Karabakh"}
    assert labels["Bloomberg"] == {"Michael Bloomberg"}

"""The rules that all engines share: how articles score, in which order hits and values come, what a bar counts.

**What an article scores.** A word scores by BM25F (Robertson and Zaragoza 2009, section 3.6), which is BM25 over one
field made of the words of the title, `TITLE_WEIGHT` times, and of those of the body:

    score  = idf * tf / (tf + K1 * (1 - B + B * length / average))
    idf    = ln(1 + (N - n + 0.5) / (n + 0.5))
    tf     = TITLE_WEIGHT * (times that the stem stands in the title) + (times in the body)
    length = counted_length(TITLE_WEIGHT * (words of the title) + (words of the body))

A word stands where its stem in the language of the article does (`searchapp.language.stemming`), so that "chevaux"
stands in a French article with "cheval", and by another stem in an English one.
`n` of the `N` articles that have any word hold the word in title or body; `average` is the mean of their lengths before
`counted_length`. A word after `title:`, `byline:` and their like scores by the same formula over
that field alone, each of its words counted once.
The score of each word is rounded to a multiple of `SCORE_STEP`, half to even, and then added up: sums of such numbers
are exact in any order, so that what is equal by the formula is a tie on every engine.

Words are those of `searchapp.language.words`, compounds among them: "cease-fire" is three, all of which count in
frequencies and lengths. Places are theirs too.

A phrase scores what the stems of its words score, each as often as it stands in the phrase, wherever else they stand;
so do words near each other. One with a compound is an OR of its readings (`matching.readings`).
A pattern scores `PATTERN_SCORE`, and so does a fuzzy word, with `SPELLED_SCORE` more where it stands as typed. Names,
dates and what follows NOT score nothing. Of AND and OR those parts count that match.

Then fixed numbers are added, for all of the query but what follows NOT, whichever of its parts matches:

- `FORM_SCORE` for each plain word that stands in title or body in the form that was typed;
- `PHRASE_SCORE` for each pair of plain words that are neighbours in one AND, and `OR_PHRASE_SCORE` in one OR, if their
  stems stand next to each other in that order in the title or in the body;
- `NEAR_SCORE` for each such pair, if their stems stand at most `NEAR` places apart there, in any order.

Here a compound counts where it begins.

A word of `searchapp.language.words.JOINING` adds nothing and is in no pair: nearly every article has it, near anything.
Equal words and equal pairs count once, a pair of both kinds as one of an AND. After `title:` and its like only
that field is looked at; words of two fields, or with one and without, are no pair. None of these numbers changes what
matches, so no total and no count.

All of it can be asked of Lucene without scripts: BM25 over a field that holds each title twice (N counts the articles
that have the field, overlaps count in lengths), `constant_score` around a term, a phrase or intervals, and for a phrase
terms that score under a filter.
"""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from urllib.parse import unquote

from searchapp.language.stemming import stem_language
from searchapp.language.words import JOINING, forms
from searchapp.model import query as q
from searchapp.model.article import Article
from searchapp.model.query import SearchRequest
from searchapp.model.question import FacetWanted, Grouping
from searchapp.model.result import FacetGroup, FacetResult, FacetValue, TimelineBar
from searchapp.model.timeline import counted_by_day

__all__ = [
    "ANALYSIS",
    "FORM_SCORE",
    "K1",
    "NEAR",
    "NEAR_SCORE",
    "OR_PHRASE_SCORE",
    "PATTERN_SCORE",
    "PHRASE_SCORE",
    "SPELLED_SCORE",
    "TITLE_WEIGHT",
    "WEIGHED",
    "B",
    "counted_length",
    "distinctive",
    "facet_result",
    "first_character",
    "gains_over",
    "hit_order",
    "holds_text",
    "letter_order",
    "letters_at",
    "plain_pairs",
    "plain_words",
    "stemmed_in",
    "text_of",
    "timeline",
    "word_score",
]

ANALYSIS = 6
"""Numbers what a word is, and its stem. It stands in every index: change it when these change."""
TITLE_WEIGHT = 2
"""How many times a word of the title counts, where one of the body counts once."""
K1 = 1.5
B = 0.75
"""Robertson and Zaragoza find 1.2 to 2 and 0.5 to 0.8 good in many circumstances."""
SCORE_STEP = 2.0**-14
"""Scores are multiples of this."""
PATTERN_SCORE = 1.0
"""What a wildcard or a fuzzy word scores: how rare its matches are says little."""
SPELLED_SCORE = 1.0
"""What a fuzzy word scores besides where it stands as it was typed."""
FORM_SCORE = 0.125
"""What is added for each word that stands in the form that was typed."""
PHRASE_SCORE = 0.75
OR_PHRASE_SCORE = 0.25
"""What is added for each pair of words, of an AND or of an OR, that stand next to each other as typed.

Under AND every hit has all the words, and what tells one from another is how they stand.
"""
NEAR_SCORE = 0.25
"""What is added for each pair of words that stand at most `NEAR` places apart."""
NEAR = 8
WEIGHED = 200
"""Values with most articles among which the most distinctive are looked for."""
MIN_TOGETHER = 2
"""Articles that have a value at least before that says something."""


def counted_length(length: int) -> int:
    """The length that counts for so many words: exact below 40, above that 24 and the four highest bits of the rest.

    It is what Lucene's one-byte code of a length stands for.
    """
    dropped = max(0, (length - 24).bit_length() - 4) if length > 24 else 0
    return length if not dropped else 24 + ((length - 24) >> dropped << dropped)


def word_score(frequency: int, length: int, *, holders: int, articles: int, average: float) -> float:
    """What a word scores; `length` is counted, the rest as in the formula above."""
    idf = math.log(1 + (articles - holders + 0.5) / (holders + 0.5))
    norm = K1 * (1 - B + B * length / average)
    return round(idf * (frequency / (frequency + norm)) / SCORE_STEP) * SCORE_STEP


def text_of(article: Article, field: str) -> str:
    """What is searched of an article in one of `TEXT_FIELDS`: an address with its letters as they are read."""
    text: str = getattr(article, field)
    return unquote(text) if field == "url" else text


def stemmed_in(article: Article, field: str) -> str:
    """The language in which the words of an article in one of `TEXT_FIELDS`, or in its body, are stemmed.

    A byline, a section or an address is in none.
    """
    return stem_language(article.language) if field in ("title", "body") else ""


def plain_words(query: q.Query) -> tuple[q.Term, ...]:
    """The plain words of a query that say something, each once, without those under a NOT."""
    match query:
        case q.Term(word):
            return () if word in JOINING else (query,)
        case q.And(children) | q.Or(children):
            return tuple(dict.fromkeys(word for child in children for word in plain_words(child)))
        case _:
            return ()


def plain_pairs(query: q.Query) -> dict[tuple[q.Term, q.Term], float]:
    """The pairs of `plain_words` that are neighbours, without those under a NOT, each with what it adds as a phrase."""
    if not isinstance(query, (q.And, q.Or)):
        return {}
    adds = PHRASE_SCORE if isinstance(query, q.And) else OR_PHRASE_SCORE
    pairs = {
        (one, other): adds
        for one, other in pairwise(query.children)
        if isinstance(one, q.Term)
        and isinstance(other, q.Term)
        and one.field == other.field
        and not {one.word, other.word} & JOINING
    }
    for child in query.children:
        for pair, score in plain_pairs(child).items():
            pairs[pair] = max(score, pairs.get(pair, 0.0))
    return pairs


def hit_order(request: SearchRequest, article: Article, score: float) -> tuple[float, ...]:
    """Sorts hits: by score or time as asked, then newest first, undated last, then by `Article.tie_key`."""
    key = article.published_key
    time = (1.0, 0.0) if key is None else (0.0, float(key if request.sort == "oldest" else -key))
    return (-score if request.sort == "relevance" else 0.0, *time, article.tie_key)


def gains_over(request: SearchRequest, wanted: FacetWanted) -> tuple[str, ...]:
    """The chosen values over which gains are counted; empty where usual counts are meant."""
    return request.selected(wanted.name) if wanted.gains and request.widens(wanted.name) else ()


def facet_result(
    request: SearchRequest,
    wanted: FacetWanted,
    counts: Mapping[str, int],
    *,
    gains: Mapping[str, int] | None,
    total: int,
    missing: int,
    everywhere: Callable[[str], int],
    articles: tuple[int, int],
    group_count: Callable[[Sequence[str]], int],
) -> FacetResult:
    """The values of a facet that are wanted, of all that it has with their `counts`; `total` have an article.

    `gains` is what each adds, where `gains_over` has values.
    `everywhere` gives the articles of the whole archive with a value, `articles` how many match and how many there
    are, `group_count` how many of those that count here have any of some values.
    """
    selected = request.selected(wanted.name)

    def values(labels: Iterable[str], counted: Mapping[str, int] = counts) -> tuple[FacetValue, ...]:
        return tuple(FacetValue(label, label, counted.get(label, 0), label in selected) for label in labels)

    if wanted.labels is not None:
        return FacetResult(wanted.name, values(wanted.labels), total, missing, len(wanted.labels))
    chosen = sorted(selected, key=lambda label: (-counts.get(label, 0), label))
    listed = counts if gains is None else gains
    ranked = [
        label
        for label, count in counts.items()
        if count and (label in wanted.also or holds_text(label, wanted.find, at_word=wanted.find_words))
    ]
    if wanted.gains:
        # What adds nothing is shown already.
        ranked = [label for label in ranked if label not in selected and listed.get(label, 0)]
    ranked.sort(key=letter_order if wanted.order == "label" else lambda label: (-listed.get(label, 0), label))
    end = None if wanted.size is None else wanted.offset + wanted.size
    if wanted.grouping is not None:
        groups = _groups(wanted.grouping, ranked, listed)
        made = (FacetGroup(name, values(labels, listed), group_count(labels)) for name, labels in groups)
        page = tuple(made)[wanted.offset : end]
        return FacetResult(
            wanted.name, values(chosen), total, missing, len(ranked), groups=page, total_groups=len(groups)
        )
    if wanted.order == "distinctive":
        together, archive = articles
        head = {label: counts[label] for label in ranked[:WEIGHED]}
        ranked = distinctive(head, everywhere, together=together, archive=archive)
    shown = ranked[wanted.offset : end]
    if wanted.gains:
        given = (*values(chosen), *values(shown, listed))
    elif wanted.find or wanted.order == "distinctive":
        given = values(shown)
    else:
        given = values([*shown, *(label for label in chosen if label not in shown)])
    letters = letters_at((first_character(label), place) for place, label in enumerate(ranked))
    by_letter = wanted.order == "label"
    return FacetResult(wanted.name, given, total, missing, len(ranked), letters if by_letter else ())


def _groups(grouping: Grouping, labels: Sequence[str], counts: Mapping[str, int]) -> list[tuple[str, list[str]]]:
    groups: dict[str, list[str]] = {}
    for label in labels:
        groups.setdefault(grouping.of(label), []).append(label)
    for name, held in groups.items():
        held.sort(key=lambda label: (label != name, -counts.get(label, 0), label))
    most = {name: max(counts.get(label, 0) for label in held) for name, held in groups.items()}
    return sorted(groups.items(), key=lambda item: (not item[0], -most[item[0]], item[0]))


def timeline(days: Mapping[int, int], how: str) -> tuple[TimelineBar, ...]:
    """Bars for articles counted by `date.toordinal`; `how` is `Question.timeline`."""
    if not days or not how:
        return ()
    if how == "day" or (
        how == "auto" and counted_by_day(dt.date.fromordinal(min(days)), dt.date.fromordinal(max(days)))
    ):
        return tuple(TimelineBar(dt.date.fromordinal(day), days[day]) for day in sorted(days))
    months: dict[dt.date, int] = {}
    for day in sorted(days):
        month = dt.date.fromordinal(day).replace(day=1)
        months[month] = months.get(month, 0) + days[day]
    return tuple(TimelineBar(month, count) for month, count in months.items())


def holds_text(label: str, wanted: str, *, at_word: bool = False) -> bool:
    """Whether a label has a text anywhere in it, accents and case aside, or `at_word` where a word begins.

    Every label has an empty text.
    """
    text = " ".join(forms(wanted))
    if not text:
        return not wanted.strip()
    words = f" {' '.join(forms(label))}"
    return (f" {text}" if at_word else text) in words


def letter_order(label: str) -> tuple[list[str], str]:
    """Sorts labels by letter, accents and case aside."""
    return forms(label), label


def first_character(label: str) -> str:
    """What the first word of a label begins with; empty where it has no word."""
    words = forms(label)
    return words[0][:1] if words else ""


def letters_at(characters: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Of first characters of labels in order, each with its place: the letters, each with its first place."""
    found: dict[str, int] = {}
    for character, place in characters:
        letter = unicodedata.normalize("NFKD", character)[:1].upper()
        if letter.isalpha():
            found.setdefault(letter, place)
    return tuple(found.items())


def distinctive(
    counts: Mapping[str, int], everywhere: Callable[[str], int], *, together: int, archive: int
) -> list[str]:
    """The values more frequent among `together` articles than in the whole archive, the most telling first.

    Ranked by the log-likelihood ratio of Dunning (1993), which trusts a few shared articles less than many.
    """
    scores = {}
    for value, both in counts.items():
        whole = max(both, everywhere(value))
        expected = together * whole / max(1, archive)
        if both >= MIN_TOGETHER and both > expected:
            scores[value] = _log_likelihood(both, together, whole, max(archive, together, whole))
    return sorted(scores, key=lambda value: (-scores[value], value))


def _log_likelihood(both: int, one: int, other: int, archive: int) -> float:
    """Of the two-by-two table of articles with both names, with either alone, and with neither."""
    rest = archive - other
    return 2 * (
        _part(both, one * other / archive)
        + _part(one - both, one * rest / archive)
        + _part(other - both, (archive - one) * other / archive)
        + _part(archive - one - other + both, (archive - one) * rest / archive)
    )


def _part(cell: int, expected: float) -> float:
    return cell * math.log(cell / expected) if cell > 0 and expected > 0 else 0.0

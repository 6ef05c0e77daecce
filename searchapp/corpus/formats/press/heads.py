"""What stands in the head of an article of a database: labels in the languages of the interfaces, dates, names."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from searchapp.corpus.cleaning.dates import find_dates, parse_date
from searchapp.corpus.cleaning.prose import body_of, clean_line, paragraphs_of
from searchapp.corpus.decoding.base import Source, Yielded
from searchapp.corpus.decoding.notices import Notices
from searchapp.corpus.formats.wire.nitf import byline_of_text, place_of_dateline
from searchapp.corpus.formats.wire.placing import place_in_text, place_written
from searchapp.errors import UnreadableFile
from searchapp.language.labels import natural_order
from searchapp.model.article import Article

__all__ = ["Found", "articles_of", "date_of", "field_of_label", "label_in"]

_LABELS = {
    "title": "title headline titel titre titulo título titolo schlagzeile überschrift kop 标题 標題 タイトル",
    "byline": "byline author authors by autor autoren autore auteur auteurs autores verfasser 作者 記者",
    "source": (
        "source publication|title publication newspaper paper quelle publikation zeitung journal source|title fuente"
        " publicación fonte bron"
        " publicatie media 媒体 媒體 来源 來源 报章 報章"
    ),
    "published": (
        "date publication|date published issue|date datum erscheinungsdatum fecha data date|de|publication"
        " fecha|de|publicación"
        " 日期 出版日期"
    ),
    "section": "section rubrik ressort rubrique sección seccion sezione sectie bereich 版面 版名",
    "length": "length words länge longueur longitud lunghezza lengte word|count 字数 字數",
    "dateline": "dateline ortsmarke",
    "lead": "highlight abstract summary zusammenfassung résumé resumen",
    "body": (
        "body full|text text volltext texte|intégral texto|completo haupttext textkörper corps cuerpo"
        " 全文 正文 内容 內容"
    ),
    "loaded": "load-date update date-chargement fecha-carga laad-datum graphic",
    "language": "language sprache langue idioma lingua taal 语言 語言",
    "topics": "subject subjects schlagwörter keywords thema sujet sujets materia asunto onderwerp",
    "people": "person people",
    "places": "geographic country city state location",
    "organisations": "organization organisation company",
    "url": "document|url url link",
    "id": "proquest|document|id accession|number document|id record|number",
    "other": (
        "publication-type publication|type classification journal-code publication|year isbn issn copyright"
        " database links publisher place|of|publication country|of|publication volume issue pages page edition notes"
        " document|type"
        " source|type last|updated zeitungs-code series ticker industry load correction correction-date acc-no"
        " publication|info publication|subject identifier first|page 页数"
    ),
}
_FIELD_OF = {name.replace("|", " "): field for field, names in _LABELS.items() for name in names.split()}
_LABEL = re.compile(r"(?P<label>[^\W\d_][\w .-]{0,40}?)\s?[:：]\s{0,9}(?P<value>.*)")
_COPYRIGHT = re.compile(
    r"(?:copyright\b|©|\(c\)\s|all rights reserved|alle rechte vorbehalten|tous droits)", re.IGNORECASE
)
_PERCENT = re.compile(r"\(\d{1,3}\s?%\)")
_LONGEST_DATE = 90


@dataclass(slots=True)
class Found:
    """What is known of one article so far: texts by the names of the fields, its paragraphs."""

    texts: dict[str, str] = field(default_factory=dict)
    paragraphs: list[str] = field(default_factory=list)
    day: dt.date | None = None
    time: dt.time | None = None


def label_in(line: str) -> tuple[str, str] | None:
    """The field and the value of a line such as "BYLINE: Mona Haug"; None where its label is not known."""
    match = _LABEL.fullmatch(line) if len(line) <= 2_000 else None
    name = field_of_label(match["label"]) if match else ""
    return (name, match["value"].strip()) if match and name else None


def field_of_label(label: str) -> str:
    """The field that a label names in one of the languages; empty where it is not known."""
    return _FIELD_OF.get(" ".join(label.casefold().split()), "")


def is_copyright(line: str) -> bool:
    """Whether a line says whose the text is."""
    return bool(_COPYRIGHT.match(line))


def date_of(line: str) -> tuple[dt.date, dt.time | None] | None:
    """The day of a line that is a date, with a weekday, an edition or a clock beside it or not."""
    if not line or len(line) > _LONGEST_DATE:
        return None
    if found := parse_date(line):
        return found
    start, _, day = next(find_dates(line), (99, 0, None))
    return (day, None) if day and start <= 24 and (day - dt.date.today()).days <= 2 else None


def articles_of(
    documents: Iterable[tuple[str, Found]], source: Source, *, lacking: str, without: str
) -> Iterator[Yielded]:
    """The article of each document, which comes with its place in the file; those with neither title nor text skipped.

    `lacking` is the reason for those. Raises `UnreadableFile` with the reason `without` where there is no article.
    """
    notices = Notices(source.path)
    position = 0
    for place, found in documents:
        article = _article_of(found, source, position)
        if article is None:
            yield from notices.skip(place, lacking)
            continue
        position += 1
        yield article
    yield from notices.rest()
    if not position:
        raise UnreadableFile(without)


def _article_of(found: Found, source: Source, position: int) -> Article | None:
    """The article that these texts make; None where there is neither title nor text."""
    texts = found.texts
    body = body_of(line for paragraph in found.paragraphs for line in paragraphs_of(paragraph)) or clean_line(
        texts.get("lead", "")
    )
    title = clean_line(texts.get("title", ""))
    if not title and not body:
        return None
    moment = (found.day, found.time) if found.day else date_of(clean_line(texts.get("published", ""))) or (None, None)
    dateline = place_of_dateline(place_written(texts.get("dateline", "")))
    return Article(
        id=source.article_id(position, own=texts.get("id", "")),
        title=title,
        body=body,
        byline=", ".join(dict.fromkeys(name for part in texts.get("byline", "").split(";") if (name := _author(part)))),
        published=moment[0],
        published_time=moment[1],
        published_source="metadata" if moment[0] else "",
        dateline=dateline or place_in_text(body),
        source=clean_line(texts.get("source", "")),
        url=url if (url := texts.get("url", "").strip()).startswith("http") else "",
        section=clean_line(texts.get("section", "").partition(";")[0]),
        topics=_names(texts, "topics"),
        language=clean_line(texts.get("language", "")).lower(),
        assigned={facet: _names(texts, facet) for facet in ("people", "places", "organisations")},
        path=source.path,
        position=position,
    )


def _author(text: str) -> str:
    name = natural_order(byline_of_text(text.strip(" .")))
    return "" if name.casefold() in ("anonymous", "none", "n/a") else name


def _names(texts: Mapping[str, str], name: str) -> tuple[str, ...]:
    parts = (clean_line(_PERCENT.sub("", part)) for part in texts.get(name, "").split(";"))
    labels = (natural_order(part) if name == "people" else part for part in parts if part)
    return tuple(dict.fromkeys(label.title() if label.isupper() and len(label) > 4 else label for label in labels))


def blocks_of_lines(lines: Sequence[str]) -> list[list[str]]:
    """The lines in the groups that blank ones make."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]

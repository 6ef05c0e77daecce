"""From the columns of a table, the keys of a record or the lines of a front matter to an `Article`."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from searchapp.corpus.cleaning.dates import parse_date
from searchapp.corpus.cleaning.prose import body_of, clean_line, paragraphs_of
from searchapp.corpus.decoding.base import Source, identifier
from searchapp.corpus.decoding.markup import line_of_markup, looks_like_markup, paragraphs_of_markup
from searchapp.errors import UnreadableFile, UsageError
from searchapp.language.calendar import unaccented
from searchapp.model.article import KIND_OF_FACET, Article

__all__ = [
    "FIELDS",
    "Chosen",
    "Value",
    "article_from",
    "check_columns",
    "choose_columns",
    "folded",
    "is_nothing",
    "names_in",
    "unread_date",
]

_USUAL = {
    "title": (
        "title headline head webtitle heading articletitle newstitle headlinetext headlines headlinemain storytitle"
    ),
    "body": (
        "body bodytext text content contents fulltext articlebody articletext articlecontent article story"
        " maintext plaintext contenthtml bodyhtml contenttext contentencoded bodycontent storytext newstext"
        " newscontent cleantext rawcontent renderedcontent selftext document html rawtext description"
        " summary abstract lead leadparagraph standfirst excerpt snippet traildescription trailtext"
    ),
    "published": (
        "published publishedat datepublished pubdate publishdate datepublish publisheddate publicationdate"
        " dateofpublication publishedon publishingdate date datetime webpublicationdate publishedtime"
        " firstpublished firstpublicationdate articledate newsdate storydate issuedate postdate releasedate"
        " publishtime publicationtime displaydate seendate publishedutc createdat created createdutc"
        " datecreated versioncreated timestamp time day"
    ),
    "byline": (
        "byline bylineoriginal author authors authorname writer writers reporter creator journalist"
        " columnist by username"
    ),
    "source": (
        "source publication publisher agency newspaper newspapername outlet medianame mediasource"
        " newssource sitename site provider sourcename sourcehostname threadsite journal magazine channel"
        " feedname sourcedomain hostname domain website"
    ),
    "url": (
        "url link permalink weburl canonicalurl articleurl pageurl sourceurl storyurl newsurl shorturl"
        " documentidentifier href uri"
    ),
    "section": "section sectionname category desk newsdesk rubric",
    "topics": "topics tags keywords topic tag subjects categories hashtags",
    "people": "people persons person entitiespersons",
    "places": "places locations place location entitieslocations",
    "organisations": (
        "organisations organizations orgs organisation organization org companies company entitiesorganizations"
    ),
    "dateline": "dateline",
    "language": "language lang inlanguage languagecode",
    "id": "id idstr guid uuid articleid docid documentid newsid storyid storiesid identifier uid docno",
}
_IN_OTHER_LANGUAGES = {
    "title": (
        "titel überschrift ueberschrift schlagzeile titre titreprincipal titulo titular titolo tytuł tytul nadpis"
        " titulek tittel overskrift otsikko rubrik baslik cim titlu naslov antrastė заголовок название"
        " заглавие наслов τιτλος العنوان عنوان כותרת शीर्षक 标题 標題 题目 題目 見出し タイトル 제목"
    ),
    "body": (
        "volltext inhalt artikeltext texte textintegral corps contenu texto textocompleto cuerpo contenido"
        " conteudo corpo testo contenuto tekst brødtekst brodtekst innhold artikkeltekst teksti sisalto brodtext tresc"
        " obsah metin icerik szoveg artikel articulo articolo artigo noticia news zusammenfassung resume"
        " resumen resumo riassunto текст содержание содержимое зміст κειμενο النص المحتوى نص متن תוכן טקסט"
        " पाठ 正文 内容 內容 全文 本文 記事 본문 내용"
    ),
    "published": (
        "datum veröffentlicht veroeffentlicht erscheinungsdatum datedepublication datepublication"
        " fecha fechadepublicacion fechapublicacion datadepublicacao datapublicacao datapubblicazione"
        " datapublikacji dato publiseringsdato publicerad publiceringsdatum paivamaara julkaistu tarih"
        " keltezes datapublicarii дата датапубликации датапублікації ημερομηνια التاريخ تاريخ תאריך तारीख"
        " 日期 发布时间 發布時間 发布日期 日付 公開日 날짜 data"
    ),
    "byline": (
        "autor autoren verfasser auteur auteurs autores autore autori autorzy forfatter journalist skribent"
        " kirjoittaja yazar szerzo periodista jornalista giornalista автор авторы автори συγγραφεας المؤلف"
        " الكاتب كاتب מחבר लेखक 作者 记者 記者 著者 기자"
    ),
    "source": (
        "quelle zeitung medium publikation journal fonte fuente medio periodico diario jornal veiculo"
        " testata giornale źródło zrodlo gazeta kilde avis kalla tidning lahde lehti kaynak forras источник издание"
        " газета джерело видання πηγη المصدر مصدر מקור स्रोत 来源 來源 媒体 媒體 出典 掲載紙 출처 언론사"
    ),
    "section": (
        "rubrik ressort rubrique seccion secao sezione dział seksjon avdelning kategorie categorie"
        " categoria рубрика раздел"
    ),
    "topics": (
        "schlagworte schlagwoerter stichworte motscles etiquetas palabrasclave palavraschave emneord"
        " nyckelord теги 关键词"
    ),
    "language": "sprache langue idioma lingua jezyk sprak dil язык 语言",
}
"""What columns are called in the tables of those who do not write in English, folded too."""
_FOLD = re.compile(r"[\W_]+")


def folded(name: str) -> str:
    """`name` in lower case without blanks, punctuation and accents: "Pub_Date" gives "pubdate"."""
    return _FOLD.sub("", name if name.isascii() else unaccented(name)).lower()


FIELDS: Mapping[str, tuple[str, ...]] = {
    field: tuple(folded(name) for name in f"{names} {_IN_OTHER_LANGUAGES.get(field, '')}".split())
    for field, names in _USUAL.items()
}
"""What each field is usually called, folded to lower-case letters and digits; the likeliest name first."""

Value: TypeAlias = str | Sequence[str]
"""A cell, or the values of a list."""
Chosen: TypeAlias = Mapping[str, Sequence[str]]
"""Field to the columns that may hold it; the first that is not empty counts."""

_LIST_BREAK = re.compile(r"[;|\n]")
_BYLINE_START = re.compile(r"by[:\s]\s*", re.IGNORECASE)
_AUTHORS_BREAK = re.compile(r"[;|\n]")
_HOST = re.compile(r"https?://(?:www\.)?([\w.-]{3,100})", re.IGNORECASE)
_NOTHING = frozenset(
    ("", "nan", "null", "none", "\\n", "n/a", "na", "#n/a", "<na>", "nat", "undefined", "(null)", "[]", "{}")
)
_LONGEST_SHOWN = 40
_LONGEST_LIST = 20_000
_MOST_COLUMNS_SHOWN = 30


def check_columns(columns: Mapping[str, str]) -> dict[str, str]:
    """`columns` under the names of `FIELDS`; usual names such as "date" or "author" are understood too.

    Raises `UsageError` for a field that there is not.
    """
    field_of = {name: field for field, names in FIELDS.items() for name in (field, *names)}
    checked = {}
    for name, column in columns.items():
        field = field_of.get(folded(name))
        if field is None:
            raise UsageError(f"there is no field {name!r} to map a column to; use one of {', '.join(FIELDS)}")
        checked[field] = column
    return checked


def choose_columns(
    available: Iterable[str], columns: Mapping[str, str], *, explain: Callable[[], str] = lambda: ""
) -> Chosen:
    """Which of the `available` columns hold which field: as `columns` says, else by their usual names.

    Raises `UnreadableFile` when a mapped column is missing, or when neither a text nor a title is found; `explain` may
    then give a better reason.
    """
    names = list(dict.fromkeys(available))
    shown = ", ".join(repr(name) for name in names[:_MOST_COLUMNS_SHOWN])
    shown += ", ..." if len(names) > _MOST_COLUMNS_SHOWN else ""
    by_fold: dict[str, str] = {}
    for name in names:
        by_fold.setdefault(folded(name), name)
    chosen: dict[str, list[str]] = {}
    for field, column in columns.items():
        found = column if column in names else by_fold.get(folded(column))
        if found is None:
            raise UnreadableFile(f"no column {column!r} for {field}; the columns are {shown}")
        chosen[field] = [found]
    taken = {column for listed in chosen.values() for column in listed}
    for field, usual in FIELDS.items():
        if field not in chosen:
            found_columns = [by_fold[name] for name in usual if name in by_fold and by_fold[name] not in taken]
            if found_columns:
                chosen[field] = found_columns
    if "body" not in chosen and "title" not in chosen:
        raise UnreadableFile(explain() or f"no column for body or title among {shown}; name it with --map body=COLUMN")
    return chosen


def article_from(
    source: Source,
    position: int,
    record: Mapping[str, Value],
    chosen: Chosen,
    *,
    day_first: bool | None = None,
) -> Article | None:
    """The article that `record` holds under the `chosen` columns; None when it has neither text nor title."""
    title = line_of_markup(_line(record, chosen, "title"))
    body = _body(_text(record, chosen, "body", between="\n\n"))
    if not title and not body:
        return None
    published = next(
        (
            found
            for column in chosen.get("published", ())
            if (found := parse_date(_stated_date(record, column), day_first=day_first, serials=True))
        ),
        (None, None),
    )
    url = _line(record, chosen, "url")
    source_name, source_url = _publisher(record, chosen)
    url = url or source_url
    return Article(
        id=source.article_id(position, own=identifier(_line(record, chosen, "id"), url)),
        title=title,
        body=body,
        byline=_byline(record, chosen),
        published=published[0],
        published_time=published[1],
        published_source="metadata" if published[0] else "",
        dateline=_line(record, chosen, "dateline"),
        source=source_name,
        url=url,
        section=_section(record, chosen),
        topics=tuple(name for name in names_in(_value(record, chosen, "topics"), commas=True) if not _is_number(name)),
        language=_line(record, chosen, "language"),
        assigned={
            facet: tuple(_in_capitals(name) for name in names_in(_value(record, chosen, facet)) if not _is_number(name))
            for facet in KIND_OF_FACET
        },
        path=source.path,
        position=position,
    )


def unread_date(record: Mapping[str, Value], chosen: Chosen) -> str:
    """What stands where the date should, of a record without one that can be read; empty where nothing does."""
    texts = (_stated_date(record, column) for column in chosen.get("published", ()))
    return next((text[:_LONGEST_SHOWN] for text in texts if text), "")


def _stated_date(record: Mapping[str, Value], column: str) -> str:
    text = clean_line(_joined(record.get(column, "")))
    return "" if is_nothing(text) else text


def is_nothing(text: str) -> bool:
    """Whether this is how a program writes that there is nothing: NaN, NULL, None, N/A."""
    return text.strip().lower() in _NOTHING


def _is_number(text: str) -> bool:
    """Whether this is the number of something elsewhere, and no name."""
    return not any(letter.isalpha() for letter in text)


def _section(record: Mapping[str, Value], chosen: Chosen) -> str:
    line = line_of_markup(_line(record, chosen, "section"))
    return "" if _is_number(line) else line


def _byline(record: Mapping[str, Value], chosen: Chosen) -> str:
    for column in chosen.get("byline", ()):
        value = record.get(column, "")
        listed = list(value) if not isinstance(value, str) else _listed(value.strip()) or _AUTHORS_BREAK.split(value)
        lines = (_BYLINE_START.sub("", line_of_markup(name), count=1) for name in listed)
        names = [line for line in lines if line and not is_nothing(line) and not _is_number(line) and "://" not in line]
        if names:
            return ", ".join(dict.fromkeys(names))
    return ""


def _publisher(record: Mapping[str, Value], chosen: Chosen) -> tuple[str, str]:
    """The name of who published it, and the address that some programs give in its place."""
    url = ""
    for column in chosen.get("source", ()):
        line = line_of_markup(_joined(record.get(column, "")))
        if line.lower().startswith(("http://", "https://")):
            url = url or line
        elif line and not is_nothing(line) and not _is_number(line):
            return line, url
    host = _HOST.match(url)
    return (host[1], "") if host and host.end() >= len(url.rstrip("/")) else ("", url)


def _in_capitals(name: str) -> str:
    """A name all in small letters as it is printed: "ingrid solberg" gives "Ingrid Solberg"."""
    return " ".join(word.capitalize() for word in name.split()) if name.islower() and "-" not in name else name


def names_in(value: Value, *, commas: bool = False) -> tuple[str, ...]:
    """The names that a list or a delimited cell holds: parted by `;`, `|` or line ends, or written as a JSON list.

    With `commas` they part names too where none of those stands; else only between names of two words or more,
    for "Aliyev, Ilham" is one person.
    """
    if not value:
        return ()
    if not isinstance(value, str):
        parts = list(value)
    else:
        parts = _listed(value.strip()) or _LIST_BREAK.split(value)
        if len(parts) == 1 and "," in parts[0]:
            pieces = [piece.strip() for piece in parts[0].split(",")]
            if commas or all(" " in piece for piece in pieces):
                parts = pieces
    return tuple(dict.fromkeys(name for part in parts if (name := line_of_markup(part)) and not is_nothing(name)))


def _listed(cell: str) -> list[str]:
    """The strings of a cell such as `["a", "b"]` or, as some programs export lists, `['a', 'b']`."""
    if not (cell.startswith("[") and cell.endswith("]")) or len(cell) > _LONGEST_LIST:
        return []
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(cell)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(found, list):
            return [str(item) for item in found if isinstance(item, str | int | float)]
    return []


def _value(record: Mapping[str, Value], chosen: Chosen, field: str) -> Value:
    found = (record.get(column, "") for column in chosen.get(field, ()))
    return next((value for value in found if value and not (isinstance(value, str) and is_nothing(value))), "")


def _text(record: Mapping[str, Value], chosen: Chosen, field: str, *, between: str = ", ") -> str:
    values = (_joined(record.get(column, ""), between) for column in chosen.get(field, ()))
    return next((value for value in values if value.strip() and not is_nothing(value)), "")


def _line(record: Mapping[str, Value], chosen: Chosen, field: str) -> str:
    return clean_line(_text(record, chosen, field))


def _joined(value: Value, between: str = ", ") -> str:
    return value if isinstance(value, str) else between.join(value)


def _body(text: str) -> str:
    return body_of(paragraphs_of_markup(text) if looks_like_markup(text) else paragraphs_of(text))

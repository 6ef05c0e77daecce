"""An article as a citation: a plain sentence, BibTeX and RIS."""

from __future__ import annotations

import hashlib
import re

from searchapp.language.calendar import SHORT_MONTHS
from searchapp.language.words import fold
from searchapp.model.article import Article

__all__ = ["authors_in", "bibtex", "plain", "ris", "web_address"]

_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
    }
)
_BY = re.compile(r"by[:\s]\s*", re.IGNORECASE)
_BETWEEN_AUTHORS = re.compile(r"(?:(?<!\s)\s++)?[;|]\s*|(?:,|(?<![\s,]))\s++(?:and|&|und|et|y|e|en)\s+", re.IGNORECASE)
_AFTER_NAMES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "md", "phd"})
_ESTIMATED = "published about that day"
_WEB = re.compile(r"https?://[^\s\x00-\x1f\"<>\\^`{|}]+", re.IGNORECASE)


def plain(article: Article, *, page: int = 0) -> str:
    """The citation as a reader writes it: author, title, source, day, pages, address.

    With a `page` that one is cited, of a document that has pages, and else all of them.
    """
    author = _line(article.byline)
    parts = [
        author[:1].upper() + author[1:],
        f"“{_line(article.title)}”" if article.title.strip() else "",
        _line(article.source),
    ]
    if article.published:
        day = article.published
        about = "about " if article.published_source == "estimated" else ""
        parts.append(f"{about}{day.day} {SHORT_MONTHS[day.month - 1].capitalize()} {day.year}")
    parts.append(_in_words((page, page) if page else article.page_span))
    parts.append(web_address(article.url))
    return ". ".join(part.rstrip(".") for part in map(_line, parts) if part) + "."


def bibtex(article: Article) -> str:
    """The citation as an @article entry, with a key that follows from source, year and id."""
    day = article.published
    fields = {
        "author": " and ".join(map(_braced, authors_in(article.byline))),
        "title": f"{{{_braced(article.title)}}}" if article.title.strip() else "",
        "journal": _braced(article.source),
        "year": str(day.year) if day else "",
        "month": SHORT_MONTHS[day.month - 1] if day else "",
        "day": str(day.day) if day else "",
        "time": _time(article),
        "pages": "--".join(map(str, sorted({*article.page_span} - {0}))),
        "url": web_address(article.url),
        "langid": _braced(article.language),
        "note": _ESTIMATED if article.published_source == "estimated" else "",
    }
    lines = [
        # BibTeX knows the months by name; they are no text.
        f"  {name} = {value}" if name == "month" else f"  {name} = {{{value}}}"
        for name, value in fields.items()
        if value
    ]
    return f"@article{{{_key(article)},\n" + ",\n".join(lines) + "\n}\n"


def ris(article: Article) -> str:
    """The citation as a NEWS record of the RIS format."""
    day = article.published
    lines = [
        ("TY", "NEWS"),
        *(("AU", author) for author in authors_in(article.byline)),
        ("TI", article.title),
        ("T2", article.source),
        ("PY", str(day.year) if day else ""),
        # What follows the day is free text.
        ("DA", f"{day.year:04}/{day.month:02}/{day.day:02}/{_time(article)}".rstrip("/") if day else ""),
        ("SE", article.section),
        *zip(("SP", "EP"), (str(number) if number else "" for number in article.page_span), strict=True),
        ("N1", _ESTIMATED if article.published_source == "estimated" else ""),
        *(("KW", topic) for topic in article.topics),
        ("LA", article.language),
        ("UR", web_address(article.url)),
        ("ID", _key(article)),
    ]
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in lines if _line(value)) + "ER  - \r\n"


def authors_in(byline: str) -> tuple[str, ...]:
    """Each author that a byline names, in order: "By Ann Lee, Bo Chan and Cy Dee" names three.

    Commas part names only where each has a word of its own besides: "Lee, Ann" is one author.
    """
    text = _BY.sub("", _line(byline), count=1) if _BY.match(_line(byline)) else _line(byline)
    parts = [part for part in _BETWEEN_AUTHORS.split(text) if part]
    names: list[str] = []
    for part in parts:
        pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
        while len(pieces) > 1 and pieces[-1].lower() in _AFTER_NAMES:
            pieces[-2:] = [f"{pieces[-2]}, {pieces[-1]}"]
        apart = len(pieces) > 2 or all(" " in piece for piece in pieces)
        names += pieces if apart else [", ".join(pieces)]
    return tuple(dict.fromkeys(name.strip(" ,") for name in names if name.strip(" ,")))


def _in_words(span: tuple[int, int]) -> str:
    first, last = span
    if not first:
        return ""
    return f"p. {first}" if first == last else f"pp. {first}–{last}"


def _time(article: Article) -> str:
    return article.published_time.isoformat() if article.published and article.published_time else ""


def web_address(url: str) -> str:
    """The address if a browser may be sent there, else nothing: an article may name any scheme."""
    return url.strip() if _WEB.fullmatch(url.strip()) else ""


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _braced(text: str) -> str:
    return _line(text).translate(_SPECIAL)


def _key(article: Article) -> str:
    source = "".join(re.findall(r"[a-z0-9]+", fold(article.source)))[:16] or "article"
    year = str(article.published.year) if article.published else "nd"
    digest = hashlib.blake2b(article.id.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return f"{source}{year}-{digest}"

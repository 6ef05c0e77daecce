"""Markdown, with or without a front matter in YAML or TOML: one article a file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import yaml
from markdown_it import MarkdownIt

from searchapp.corpus.cleaning.prose import clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.encoding import read_text
from searchapp.corpus.decoding.markup import paragraphs_of_markup
from searchapp.corpus.formats.data.fields import Value, article_from, choose_columns
from searchapp.corpus.formats.texts.text import article_of_text
from searchapp.errors import UnreadableFile
from searchapp.model.article import Article

__all__ = ["FORMAT"]

MAX_BYTES = 8 << 20

_YAML = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\A\ufeff?\+\+\+[ \t]*\r?\n(.*?)^\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_BODY_KEY = "the text below the front matter"
_LONGEST_FRONT_MATTER = 100_000
_DEEPEST = 20


def recognises(head: bytes) -> bool:
    """Never by content alone: plain text is Markdown too."""
    return False


def read(source: Source) -> Iterator[Yielded]:
    """The one article of a Markdown file."""
    text = read_text(source.open(), max_bytes=MAX_BYTES)
    front, rest = _front_matter(text)
    heading, paragraphs = _content(rest)
    if not front:
        plain = article_of_text(source, "\n\n".join([heading, *paragraphs] if heading else paragraphs))
        yield replace(plain, title=heading) if heading else plain
        return
    yield _article(source, front, heading, paragraphs)


FORMAT = Format(
    name="Markdown",
    suffixes=(".md", ".markdown", ".mdown", ".mkd"),
    recognises=recognises,
    read=read,
    group="articles as text",
    about="with or without front matter",
    takes_any=True,
)


def _article(source: Source, front: Mapping[str, Value], heading: str, paragraphs: list[str]) -> Article:
    record = {**front, _BODY_KEY: "\n\n".join(paragraphs)}
    columns = {"body": _BODY_KEY, **{field: key for field, key in source.columns.items() if field != "body"}}
    article = article_from(source, 0, record, choose_columns(record, columns))
    if article is None:
        raise UnreadableFile("no text below the front matter")
    if not article.title or article.title == heading:
        article = replace(article, title=article.title or heading)
    elif heading:
        article = replace(article, body="\n\n".join(filter(None, (heading, article.body))))
    return article


def _front_matter(text: str) -> tuple[dict[str, Value], str]:
    """The scalars and lists of the front matter, and the text after it."""
    for shape, load in ((_YAML, _yaml), (_TOML, tomllib.loads)):
        match = shape.match(text[: _LONGEST_FRONT_MATTER + 10])
        if not match:
            continue
        try:
            loaded = load(match[1].replace("\r\n", "\n").replace("\t", "    "))
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            reason = clean_line(str(error))[:150]
            raise UnreadableFile(f"broken front matter: {reason}; correct it or take it out") from error
        if isinstance(loaded, dict) and loaded:
            return {str(key): value for key, found in loaded.items() if (value := _value(found))}, text[match.end() :]
    return {}, text


def _yaml(text: str) -> Any:
    # The base loader makes text of everything: dates stay as written, and no object is ever built. What stands for
    # another part could stand for it again and again until no memory holds it.
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError("an alias such as *name; write out what it stands for")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise yaml.YAMLError("lists nested too deeply")
    return yaml.load(text, Loader=yaml.BaseLoader)


def _value(found: Any) -> Value:
    if isinstance(found, list):
        return [text for item in found if isinstance(text := _value(item), str) and text]
    if isinstance(found, dict):
        name = found.get("name") or found.get("title")
        return name if isinstance(name, str) else ""
    return "" if found is None or isinstance(found, bool) else str(found)


def _content(markdown: str) -> tuple[str, list[str]]:
    """The first heading of the highest level if it stands on top, and the paragraphs."""
    page = MarkdownIt("commonmark").enable("table").render(markdown.replace("\0", ""))
    paragraphs = paragraphs_of_markup(page)
    heading = re.match(r"\s*<h1>(.*?)</h1>", page, re.DOTALL)
    if heading and paragraphs and paragraphs_of_markup(heading[1]) == paragraphs[:1]:
        return paragraphs[0], paragraphs[1:]
    return "", paragraphs

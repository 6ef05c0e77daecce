"""METS with ALTO: the articles of an issue, put together from blocks of its pages."""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Iterator, Mapping, Sequence

from searchapp.corpus.cleaning.datelines import parse_dateline
from searchapp.corpus.cleaning.printed import paragraphs_of_pages, starts_of_pages
from searchapp.corpus.cleaning.prose import body_of, clean_line
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.notices import Notices
from searchapp.corpus.formats.newspapers.alto import page_of_alto
from searchapp.corpus.formats.newspapers.issues import Area, Issue, Unit, begins_mets, issue_in
from searchapp.corpus.formats.newspapers.scans import ScannedBlock, ScannedPage, articles_of_pages, pages_from
from searchapp.errors import UnreadableFile
from searchapp.language.credits import byline_in
from searchapp.model.article import Article

__all__ = ["FORMAT"]

_FOLDERS = ("", "alto", "ALTO", "ocr", "OCR", "fulltext", "FULLTEXT", "xml")
"""Where the pages of an issue are kept, where they are not where its file says."""
_LEAST_CHARS = 200
"""Of what belongs to no article of a page; less is its head."""


def read(source: Source) -> Iterator[Yielded]:
    """The articles of an issue, and for each page what belongs to none of them.

    Raises `UnreadableFile` where no page of it can be read.
    """
    issue = issue_in(source)
    if source.around is None:
        raise UnreadableFile("its pages cannot be looked up in this kind of archive; they are read one by one")
    notices = Notices(source.path)
    pages: dict[str, ScannedPage] = {}
    faults: list[str] = []
    for name, place, number in issue.pages:
        try:
            page = page_of_alto(_found(source, place))
        except UnreadableFile as error:
            faults.append(str(error))
            yield from notices.skip(posixpath.basename(place) or name, str(error))
            continue
        pages[name] = dataclasses.replace(page, number=number)
    if not pages:
        if faults:
            return
        raise UnreadableFile("tells of no pages in ALTO; add the files with their words beside it")
    used: dict[str, set[int]] = {name: set() for name in pages}
    position = 0
    for unit in issue.units:
        article = _article(source, position, issue, unit, pages, used)
        if article is not None:
            position += 1
            yield article
    for name, page in pages.items():
        rest = tuple(block for at, block in enumerate(page.blocks) if at not in used[name])
        if sum(len(line.text) for block in rest for line in block.lines) < (_LEAST_CHARS if used[name] else 1):
            continue
        for found in articles_of_pages(source, [dataclasses.replace(page, blocks=rest)]):
            if isinstance(found, Article):
                found = _of_issue(dataclasses.replace(found, position=position), issue)
                position += 1
            yield found
    yield from notices.rest()


FORMAT = Format(
    name="METS",
    suffixes=(".xml", ".mets"),
    recognises=begins_mets,
    read=read,
    group="scanned newspapers",
    about="its articles, from ALTO files beside it",
)


def _found(source: Source, place: str) -> Source:
    """The file with the words of a page: where METS says, else under that name in a usual folder beside it."""
    assert source.around is not None
    name = posixpath.basename(place)
    for candidate in dict.fromkeys((place, *(posixpath.join(folder, name) for folder in _FOLDERS))):
        try:
            return source.around.source(candidate)
        except UnreadableFile:
            continue
    raise UnreadableFile("is not there; put it beside the METS file, in a folder alto")


def _article(
    source: Source,
    position: int,
    issue: Issue,
    unit: Unit,
    pages: Mapping[str, ScannedPage],
    used: Mapping[str, set[int]],
) -> Article | None:
    """The article that a unit is, unless none of its words are there; its blocks are put down in `used`."""
    parts: dict[str, list[tuple[str, ScannedBlock]]] = {"title": [], "byline": [], "text": []}
    for area in unit.areas:
        for block in _blocks(area, pages, used):
            parts.get(area.role, []).append((area.file, block))
    title = _said(parts["title"]) or unit.title
    files = list(dict.fromkeys(name for name, _ in parts["text"] if name in pages))
    # A page that has no number, or goes back, ends what can be said of pages, not the article.
    files.sort(key=lambda name: pages[name].number)
    printed = paragraphs_of_pages(
        [[block.lines for name, block in parts["text"] if name == file] for file in files], whole=False
    )
    paragraphs = list(printed.paragraphs)
    byline = _said(parts["byline"]).rstrip(" .,;:")
    byline = byline_in(byline) or byline
    if not byline and len(paragraphs) > 1 and (byline := byline_in(paragraphs[0])):
        paragraphs = paragraphs[1:]
    body = body_of(paragraphs)
    if not body and not title:
        return None
    dateline = parse_dateline(paragraphs[0]) if paragraphs else None
    (starts,) = starts_of_pages([body], printed)
    return _of_issue(
        Article(
            id=source.article_id(position),
            title=title,
            body=body,
            byline=byline or ", ".join(unit.authors),
            dateline=dateline.place if dateline else "",
            section=unit.section,
            path=source.path,
            position=position,
            pages=pages_from([pages[name].number for name in files], starts),
        ),
        issue,
    )


def _blocks(area: Area, pages: Mapping[str, ScannedPage], used: Mapping[str, set[int]]) -> Iterator[ScannedBlock]:
    """The blocks of an area that no article has yet."""
    page = pages.get(area.file)
    for at, block in enumerate(page.blocks if page else ()):
        if at not in used[area.file] and (area.block in block.names or not area.block):
            used[area.file].add(at)
            yield block


def _said(parts: Sequence[tuple[str, ScannedBlock]]) -> str:
    printed = paragraphs_of_pages([[block.lines for _, block in parts]], whole=False)
    return clean_line(" ".join(printed.paragraphs))


def _of_issue(article: Article, issue: Issue) -> Article:
    """An article with what is known of the issue that it is in."""
    return dataclasses.replace(
        article,
        source=issue.name or article.source,
        language=issue.language or article.language,
        published=issue.published or article.published,
        published_time=None if issue.published else article.published_time,
        published_source="metadata" if issue.published else article.published_source,
    )

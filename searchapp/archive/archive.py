"""`Archive`, the face of the program: joins reading, recognising, parsing and an engine."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from searchapp.archive.location import check_location, open_location
from searchapp.corpus import walk
from searchapp.corpus.reading.extent import Extent
from searchapp.corpus.reading.unreadable import recall_unreadable, remember_unreadable
from searchapp.engines.base import Engine
from searchapp.engines.snippets import Marker
from searchapp.engines.whoosh import Damage
from searchapp.entities.archive_names.book import FormOfName, NameBook
from searchapp.entities.corrections.ledger import Correction
from searchapp.entities.places.gazetteer import Place, place_of
from searchapp.entities.workers import annotated_batches
from searchapp.errors import ArticleNotFound, InvalidRequest, LedgerError
from searchapp.language.words import forms
from searchapp.model.article import FACET_OF_KIND, KIND_OF_FACET, Article
from searchapp.model.names import Relabelling, shown_article
from searchapp.model.query import FACETS, Or, Phrase, Query, SearchRequest, Term
from searchapp.model.result import FacetResult, Hit, IndexReport, Problem, SearchResult, Skipped, Snippet
from searchapp.parsing import parse
from searchapp.settings import Settings

__all__ = ["Archive", "ArchiveStats"]

TITLE_CHARS = 120
"""Of an article without a title, what stands for one."""
UNREADABLE = "unreadable.json"
"""In the folder of the index, what could not be read."""
LEDGER = "ledger.toml"
"""In the folder of the index, the corrections of names, unless the settings name another file."""
NAMES = "names.json"
"""In the folder of the index, the names of the archive as they were computed last."""
WHY_ARTICLES = 50
"""Articles that examples of a name's forms are taken from."""
SIMILAR_NAMES = 3
"""Of each kind, names by which similar articles are found."""


@dataclass(frozen=True, slots=True)
class ArchiveStats:
    """What an archive holds."""

    articles: int
    undated: int
    first: dt.date | None
    last: dt.date | None
    values: Mapping[str, int]
    """Facet to the number of its different values."""
    sources: Mapping[str, int]
    """Source to its number of articles, most first."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one batch of articles changes."""

    articles: Sequence[Article]
    fingerprints: Mapping[str, str]
    """By id."""
    added: int
    updated: int
    unchanged: int
    skipped: tuple[Skipped, ...]


class Archive:
    """A searchable collection of news articles. Open one with `Archive.open`; it is a context manager."""

    def __init__(self, engine: Engine, *, settings: Settings | None = None, folder: str | Path | None = None) -> None:
        """`folder` is where the archive keeps what is its own besides the articles; None for nowhere."""
        self._engine = engine
        self._folder = Path(folder) if folder is not None else None
        self._settings = settings or Settings()
        named = self._settings.ledger
        kept = self._folder / LEDGER if self._folder is not None else None
        self._book = NameBook(
            engine, Path(named) if named else kept, kept=self._folder / NAMES if self._folder is not None else None
        )

    @classmethod
    def open(cls, location: str | Path = "index", *, create: bool = False, settings: Settings | None = None) -> Archive:
        """The archive at `location`: a folder, or ":memory:" for one that lives only in this process.

        Raises `IndexNotFound` where there is none and `create` is false, `IndexDamaged` where it cannot be read, and
        `UsageError` for an address, such as "http://...", that no engine serves.
        """
        settings = settings or Settings.from_environment()
        opened = open_location(location, create=create, settings=settings)
        return cls(opened.engine, settings=settings, folder=opened.folder)

    @staticmethod
    def check(location: str | Path) -> list[Damage]:
        """Everything in the index at `location` that is not as it was written; reads every byte of it.

        Raises `IndexNotFound` when there is none, `UsageError` for an address.
        """
        return check_location(location)

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Frees files and memory; closing again does nothing."""
        self._engine.close()

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self._engine)

    @property
    def generation(self) -> str:
        """Changes whenever any answer may change."""
        return f"{self._engine.generation}-{self._names.version}".rstrip("-")

    @property
    def _names(self) -> Relabelling:
        return self._book.relabelling

    # Adding and removing

    def add(self, articles: Iterable[Article], *, recognise: bool = True, recogniser: str = "") -> IndexReport:
        """Adds articles, in place of those with the same ids; says how many were new, changed or the same.

        With `recognise=False` only the names that the articles are assigned become facet values; `recogniser` names
        another one than the package ships, such as "spacy:en_core_web_sm". More than `Settings.batch_articles` are
        recognised in further processes, `Settings.processes` in all.
        Raises `IndexLocked` when another process keeps writing, `RecogniserError` when the recogniser cannot be used.
        """
        return self._add(articles, recognise=recognise, recogniser=recogniser)

    def add_files(
        self,
        *paths: str | Path,
        recognise: bool = True,
        recogniser: str = "",
        columns: Mapping[str, str] | None = None,
        prune: bool = False,
        progress: Callable[[IndexReport, float], None] | None = None,
    ) -> IndexReport:
        """Adds the articles of files, folders and globs, in one commit at the end.

        What cannot be read is in `IndexReport.skipped`. Articles read from these paths by an earlier run that are
        no longer there are kept and counted as `gone`, or removed with `prune`. `columns` maps a field of `Article`
        to the column or key that holds it. `progress` is called after each batch with the report so far and the
        share of all files that has been read, from 0 to 1. `recognise` and `recogniser` are those of `add`.
        """
        found = walk(paths, max_bytes=self._settings.max_file_mb * 1_000_000, columns=columns or {})
        roots = [Path(path).absolute() for path in paths]
        if progress is None:
            return self._add(found, recognise=recognise, recogniser=recogniser, roots=roots, prune=prune)
        extent = Extent(paths)
        return self._add(
            extent.following(found),
            recognise=recognise,
            recogniser=recogniser,
            roots=roots,
            prune=prune,
            progress=lambda report: progress(report, extent.share),
        )

    def _add(
        self,
        found: Iterable[Article | Skipped],
        *,
        recognise: bool,
        recogniser: str,
        roots: Sequence[Path] = (),
        prune: bool = False,
        progress: Callable[[IndexReport], None] | None = None,
    ) -> IndexReport:
        report = IndexReport()
        seen: dict[str, str] = {}
        recogniser = recogniser or self._settings.recogniser
        # Whether and by what names were recognised is part of what an article is in the index.
        mark = f"r{recogniser}" if recognise else "a"
        batches = (self._changed(batch, seen, mark) for batch in _batches(found, self._settings.batch_articles))
        plain = ((batch, batch.articles) for batch in batches)
        annotated = annotated_batches(plain, recogniser=recogniser, processes=self._settings.processes)
        changed = annotated if recognise else plain
        with self._engine.writer(timeout_s=self._settings.lock_timeout_s) as writer, closing(changed):
            for batch, articles in changed:
                if articles:
                    writer.add([(article, batch.fingerprints[article.id]) for article in articles])
                report = replace(
                    report,
                    added=report.added + batch.added,
                    updated=report.updated + batch.updated,
                    unchanged=report.unchanged + batch.unchanged,
                    skipped=report.skipped + batch.skipped,
                )
                if progress is not None:
                    progress(report)
            gone = [i for i, path in self._engine.paths() if i not in seen and _under(path, roots)]
            report = replace(report, removed=writer.delete(gone)) if prune else replace(report, gone=len(gone))
        if roots and self._folder is not None:
            remember_unreadable(self._folder / UNREADABLE, roots, report.skipped)
        if report.added or report.updated or report.removed:
            self._book.keep()
        return report

    def _changed(self, batch: Sequence[Article | Skipped], seen: dict[str, str], mark: str) -> _Batch:
        """What of a batch the index does not hold yet; `seen` is id to fingerprint of this run so far."""
        articles = [item.without_surrogates() for item in batch if isinstance(item, Article)]
        known = self._engine.fingerprints([article.id for article in articles])
        wanted: dict[str, Article] = {}
        added = updated = unchanged = 0
        for article in articles:
            fingerprint = f"{article.fingerprint}{mark}"
            before = seen.get(article.id, known.get(article.id))
            seen[article.id] = fingerprint
            if before == fingerprint:
                unchanged += 1
                continue
            if before is None:
                added += 1
            elif article.id not in wanted:
                updated += 1
            wanted[article.id] = article
        return _Batch(
            articles=list(wanted.values()),
            fingerprints={identifier: seen[identifier] for identifier in wanted},
            added=added,
            updated=updated,
            unchanged=unchanged,
            skipped=tuple(item for item in batch if isinstance(item, Skipped)),
        )

    def delete(self, ids: str | Iterable[str]) -> int:
        """Removes the articles with these ids; gives how many there were."""
        with self._engine.writer(timeout_s=self._settings.lock_timeout_s) as writer:
            deleted = writer.delete([ids] if isinstance(ids, str) else list(ids))
        self._book.keep()
        return deleted

    # Reading

    def get(self, article_id: str) -> Article:
        """The article with that id. Raises `ArticleNotFound`."""
        article = self._engine.get(article_id)
        if article is None:
            raise ArticleNotFound(f"no article has the id {article_id!r}; find ids with: searchapp search WORDS --json")
        return shown_article(article, self._names)

    def search(
        self,
        text: str = "",
        *,
        people: str | Iterable[str] = (),
        places: str | Iterable[str] = (),
        organisations: str | Iterable[str] = (),
        topics: str | Iterable[str] = (),
        sources: str | Iterable[str] = (),
        exclude: Mapping[str, str | Iterable[str]] | None = None,
        match: str | Mapping[str, str] = "any",
        scope: str = "mentions",
        since: dt.date | str | None = None,
        until: dt.date | str | None = None,
        sort: str = "relevance",
        page: int = 1,
        page_size: int = 10,
        facet_size: int | None = 20,
    ) -> SearchResult:
        """Articles that match `text` and every filter; an empty text matches everything.

        A facet argument takes a label or several: within one facet any of them is enough (`match="any"`) or all are
        needed (`match="all"`), across facets each must hold. `exclude` maps facets to labels that no hit may have. With
        `scope="about"` people, places and organisations count only where the article is about them.
        Dates are days, or text such as "2023-09", which for `until` means the month's last day. A faulty query never
        raises: how it was read is in `SearchResult.problems`. Raises `InvalidRequest` for an impossible argument and
        `SearchTimeout` when the query takes too long.
        """
        request = SearchRequest(
            text=text,
            people=people,  # type: ignore[arg-type]
            places=places,  # type: ignore[arg-type]
            organisations=organisations,  # type: ignore[arg-type]
            topics=topics,  # type: ignore[arg-type]
            sources=sources,  # type: ignore[arg-type]
            exclude=exclude or {},  # type: ignore[arg-type]
            match=match,  # type: ignore[arg-type]
            scope=scope,
            since=since,  # type: ignore[arg-type]
            until=until,  # type: ignore[arg-type]
            sort=sort,
            page=page,
            page_size=page_size,
            facet_size=facet_size,
        )
        return self.find(request)

    def find(self, request: SearchRequest) -> SearchResult:
        """The answer to a request made before; `search` makes one and calls this."""
        started = time.perf_counter()
        query, problems = parse(request.text)
        names = self._names
        request = _with_shown_labels(request, names)
        answer = self._engine.search(request, query, names=names)
        marker = Marker(query, self._engine.surface_forms(query))
        hits = tuple(
            Hit(shown_article(article, names), score, marker.snippet(article.body)) for article, score in answer.hits
        )
        took_ms = (time.perf_counter() - started) * 1000
        return SearchResult(request, problems, answer.total, hits, answer.facets, answer.timeline, took_ms)

    def matches(self, request: SearchRequest) -> Iterator[Article]:
        """Every article that matches, in the order asked for, from one state of the index; `page` does not count."""
        query, _ = parse(request.text)
        names = self._names
        request = _with_shown_labels(request, names)
        return (shown_article(article, names) for article in self._engine.matches(request, query, names=names))

    def facet(self, name: str, request: SearchRequest | None = None) -> FacetResult:
        """Every value of one facet among the matches of `request`, or in the whole archive.

        Raises `InvalidRequest` when there is no such facet.
        """
        if name not in FACETS:
            raise InvalidRequest(f"there is no facet {name!r}; use one of {', '.join(FACETS)}")
        request = (request or SearchRequest()).replace(facet_size=None, page=1, page_size=1)
        return self.find(request).facets[name]

    def marks(self, text: str, article: Article) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """What the query `text` matches in the title and in the body of `article`, as ranges of characters."""
        marker = Marker(parse(text)[0])
        if not text.strip():
            return [], []
        return marker.ranges(article.title, title=True), marker.ranges(article.body)

    def similar(self, article: Article, *, limit: int = 5) -> tuple[Hit, ...]:
        """Articles that share the words of its title and its main names, the most alike first."""
        words = forms(article.title) or forms(article.body[:TITLE_CHARS])
        asked: list[Query] = [Term(word) for word in dict.fromkeys(words)]
        for facet in FACET_OF_KIND.values():
            names = (tuple(forms(label)) for label in article.names(facet)[:SIMILAR_NAMES])
            asked += [Phrase(name) for name in names if name]
        request = SearchRequest(page_size=limit + 1, facet_size=1)
        answer = self._engine.search(request, Or(tuple(asked)), names=self._names)
        hits = (Hit(shown_article(found, self._names), score, Snippet(found.title)) for found, score in answer.hits)
        return tuple(hit for hit in hits if hit.article.id != article.id)[:limit]

    def read_query(self, text: str) -> tuple[Query, tuple[Problem, ...]]:
        """How `text` is read, and in plain words every way in which it was read differently."""
        return parse(text)

    def shown_as(self, kind: str, label: str) -> tuple[str, str] | None:
        """Kind and label under which the archive shows a name that an article has; None for one it leaves out."""
        shown = self._names.resolve(FACET_OF_KIND[kind], label)
        return (KIND_OF_FACET[shown[0]], shown[1]) if shown else None

    def unreadable(self) -> tuple[Skipped, ...]:
        """Files, and articles of files, that the latest runs over them could not read, with reasons."""
        return recall_unreadable(self._folder / UNREADABLE) if self._folder is not None else ()

    def place_of(self, label: str) -> Place | None:
        """Where a place is, and in which country; None for one that the gazetteers do not know."""
        return place_of(label)

    # Names and their corrections

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """Every correction of names, in the order in which they apply. Raises `LedgerError`."""
        return self._book.corrections

    def correct(
        self,
        action: str,
        label: str,
        target: str = "",
        *,
        facet: str = "",
        articles: Iterable[str] = (),
        note: str = "",
    ) -> Correction:
        """Puts a name right, at once and for every later run; gives what was written to the ledger.

        `action` is merge (into `target`), rename (to `target`), retype (`target` is the other facet), split (into
        `target`, in the `articles` with these ids) or block. `facet` may be left out where one facet alone has the
        label. Raises `LedgerError` when the correction makes no sense in this archive, or it cannot keep any.
        """
        correction = Correction(action, facet or self._facet_of(label), label, target, tuple(articles), note)
        self._book.add(correction)
        return correction

    def undo_correction(self) -> Correction:
        """Takes the last correction back and gives it. Raises `LedgerError` when there is none."""
        undone = self._book.undo()
        if undone is None:
            raise LedgerError("this archive keeps no corrections; open one in a folder")
        return undone

    def why(self, label: str, *, facet: str = "") -> list[FormOfName]:
        """Every form that counts under a label, the most frequent first, how each was joined, and examples.

        Raises `LedgerError` when the archive shows no such label.
        """
        facet = facet or self._facet_of(label)
        request = SearchRequest(page_size=WHY_ARTICLES).replace(**{facet: (label,)})
        query, _ = parse("")
        hits = self._engine.search(request, query, names=self._names).hits
        return self._book.why(facet, label, [article for article, _ in hits])

    def _facet_of(self, label: str) -> str:
        facets = self._book.facets_of(label)
        if len(facets) > 1:
            raise LedgerError(f"{label!r} is among the {' and the '.join(facets)}; say which with the facet")
        # One that is nowhere is looked for among the people, where the error suggests what is like it.
        return facets[0] if facets else self._book.nearest_facet(label)

    def stats(self) -> ArchiveStats:
        """What the archive holds."""
        request = SearchRequest(facet_size=None, page_size=1)
        result = self.find(request)
        dated = sum(bar.count for bar in result.timeline)
        newest, oldest = (self.find(request.replace(sort=sort)).hits for sort in ("newest", "oldest"))
        return ArchiveStats(
            articles=result.total,
            undated=result.total - dated,
            first=oldest[0].article.published if oldest else None,
            last=newest[0].article.published if newest else None,
            values={name: facet.total_values for name, facet in result.facets.items()},
            sources={value.label: value.count for value in result.facets["sources"].values},
        )


def _with_shown_labels(request: SearchRequest, names: Relabelling) -> SearchRequest:
    """The request with labels that the archive shows as another one, such as those of an old bookmark, replaced."""

    def shown(facet: str, label: str) -> str:
        resolved = names.resolve(facet, label)
        return resolved[1] if resolved and resolved[0] == facet else label

    changes: dict[str, Any] = {
        facet: tuple(shown(facet, label) for label in request.selected(facet))
        for facet in FACETS
        if any(shown(facet, label) != label for label in request.selected(facet))
    }
    excluded = {facet: tuple(shown(facet, label) for label in labels) for facet, labels in request.exclude.items()}
    if excluded != dict(request.exclude):
        changes["exclude"] = excluded
    return request.replace(**changes) if changes else request


def _batches(found: Iterable[Article | Skipped], size: int) -> Iterator[list[Article | Skipped]]:
    iterator = iter(found)
    while batch := list(itertools.islice(iterator, size)):
        yield batch


def _under(path: str, roots: Sequence[Path]) -> bool:
    """Whether a file is one of `roots` or below one of them; a glob stands for what it fits."""
    if not path:
        return False
    file = Path(path)
    return any(file == root or root in file.parents or file.match(str(root)) for root in roots)

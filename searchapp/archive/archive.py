"""`Archive`, the face of the program."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from searchapp.archive.location import checked_folder, open_location
from searchapp.archive.names import Names, ledger_of
from searchapp.archive.upkeep.places import Places
from searchapp.engines.base import Engine
from searchapp.engines.remembering import Remembered
from searchapp.engines.state import State
from searchapp.entities.archive_names.book import FormOfName, NameBook
from searchapp.entities.corrections.ledger import Correction
from searchapp.entities.places.gazetteer import Place, place_of
from searchapp.errors import ArchiveClosed, InvalidRequest, UsageError
from searchapp.files.replacing import remove_leftovers
from searchapp.insight.countries import BY_COUNTRY
from searchapp.insight.entity import Profile, one_name, profile
from searchapp.insight.overview import ArchiveStats, overview
from searchapp.insight.similar import similar
from searchapp.insight.suggestions import Suggestion, suggestions
from searchapp.model.article import KIND_OF_FACET, Article
from searchapp.model.beside import Beside
from searchapp.model.query import FACETS, Query, SearchRequest
from searchapp.model.question import Answer, FacetWanted, Question
from searchapp.model.result import FacetResult, Hit, IndexReport, Problem, SearchResult, Skipped
from searchapp.settings import Settings

if TYPE_CHECKING:
    from searchapp.archive.upkeep.copies import Backup
    from searchapp.archive.upkeep.diagnosis import Diagnosis
    from searchapp.archive.upkeep.examining import Finding
    from searchapp.archive.upkeep.moving import Copied
    from searchapp.archive.upkeep.repairing import Repair
    from searchapp.corpus.reading.unreadable import Unreadable

__all__ = ["Archive", "ArchiveStats"]


class Archive:
    """A searchable collection of news articles. Open one with `Archive.open`; it is a context manager.

    Each call answers from what was committed last; `state` gives one state for several.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        settings: Settings | None = None,
        folder: str | Path | None = None,
        beside: Beside | None = None,
    ) -> None:
        """`folder` or `beside` is where the archive keeps what is its own besides the articles; None for nowhere."""
        self._engine = engine
        self._settings = settings or Settings()
        places = Places.of(Path(folder), self._settings) if folder is not None else None
        self._places = places
        self._beside = beside
        ledger = ledger_of(self._settings.ledger, places, beside, index=lambda: engine.identity)
        self._book = NameBook(ledger, kept=places.names if places is not None else None)
        self._remembered = Remembered()
        self._open = True

    @classmethod
    def open(cls, location: str | Path = "index", *, create: bool = False, settings: Settings | None = None) -> Archive:
        """The archive at `location`: a folder, or ":memory:" for one that lives only in this process.

        Raises `IndexNotFound` where there is none and `create` is false, `IndexDamaged` where it cannot be read, and
        `UsageError` for an address, such as "http://...", that no engine serves.
        """
        settings = settings or Settings.load(location)
        opened = open_location(location, create=create, settings=settings)
        return cls(opened.engine, settings=settings, folder=opened.folder, beside=opened.beside)

    @staticmethod
    def check(location: str | Path) -> list[Finding]:
        """Everything of the archive at `location` that is not as it was written, its ledger and names included.

        Raises `IndexNotFound`, `OtherVersion`, and `UsageError` for an address.
        """
        from searchapp.archive.upkeep.examining import examine

        return examine(_placed(location)[0])

    @staticmethod
    def doctor(location: str | Path) -> Diagnosis:
        """What is wrong with the archive at `location` in plain words, with the commands that mend it.

        Changes nothing. Raises `UsageError` for an address.
        """
        from searchapp.archive.upkeep.diagnosis import diagnose

        return diagnose(_placed(location)[0])

    @staticmethod
    def repair(location: str | Path) -> Repair:
        """Saves every article that is whole, names those that are lost, and makes anew what follows from the articles.

        One commit: whoever reads meanwhile, or is killed, has the state before or the one after. Raises as `rebuild`.
        """
        from searchapp.archive.upkeep.repairing import repair

        return repair(*_placed(location))

    @staticmethod
    def rebuild(location: str | Path) -> Repair:
        """Writes the index anew from the articles that it holds, without their files, and without recognising names.

        This is also how an index of an older version is taken over. One commit, like `repair`. Raises `IndexNotFound`,
        `IndexLocked`, and `OtherVersion` for an index of a newer version.
        """
        from searchapp.archive.upkeep.repairing import rebuild

        return rebuild(*_placed(location))

    @staticmethod
    def restore(source: str | Path, location: str | Path, *, replace: bool = False) -> Backup:
        """Makes what the backup in `source` holds that of the archive at `location`: articles and corrections.

        All is checked before it takes the place of what was there, which with `replace` may be articles too; a ledger
        stays beside the new one as `.old`. Raises `IndexNotFound` where there is no backup, `IndexDamaged` where it is
        not sound, `IndexLocked`, and `UsageError` where the archive has articles.
        """
        from searchapp.archive.upkeep.copies import restore

        return restore(checked_folder(source), *_placed(location), replace_articles=replace)

    def backup(self, target: str | Path, *, link: bool = False) -> Backup:
        """Copies what was committed last, and the corrections, into the folder `target`; others may write meanwhile.

        The folder is made, or holds an earlier backup of this archive; what of that is whole is not copied again. It is
        an archive itself. With `link` files get a second name instead, which protects from mistakes but not from a
        disk that fails. All is read again and checked. Raises `IndexDamaged` where the archive is not sound, and
        `UsageError` where `target` holds something else.
        """
        from searchapp.archive.upkeep.copies import back_up

        self._opened()
        if self._places is None:
            raise UsageError("an archive that lives in one process has no files to copy; open one in a folder")
        return back_up(self._places, checked_folder(target), self._settings, link=link)

    def copy_to(self, target: Archive, *, progress: Callable[[int, int], None] = lambda done, total: None) -> Copied:
        """Copies what an archive has not, which keeps the rest; `progress` is given articles done and in all.

        Raises `LedgerError` where it has corrections of its own.
        """
        from searchapp.archive.upkeep.moving import copy_articles

        corrections = target._book.take_over(self._book.ledger())
        with self.state() as state, target._names_kept() as keep:
            copied = copy_articles(state.stored, target._opened(), target._settings, progress=progress, committed=keep)
        if unread := target._unreadable():
            unread.remember([], self.unreadable())
        return replace(copied, corrections=corrections)

    @staticmethod
    def changed_by_hand(location: str | Path) -> str:
        """What the ledger has since it was read last that nobody wrote by a command, in words; else empty."""
        from searchapp.archive.upkeep.examining import changed_by_hand

        return changed_by_hand(_placed(location)[0])

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Frees files and memory; closing again does nothing. After it every call raises `ArchiveClosed`."""
        self._open = False
        self._engine.close()

    def state(self, *, check: Callable[[], None] = lambda: None) -> State:
        """The archive as it is now, to be asked several things: articles and names stay as they are meanwhile.

        `check` is called before each question, and by whatever works long on what was found; it may raise to end that.
        A context manager. Raises `LedgerError` when the corrections of names cannot be applied.
        """
        engine = self._opened().state()
        names = self._book.relabelling(engine)
        state = State(
            engine,
            names,
            forms=self._book.forms(engine, names),
            remembered=self._remembered,
            is_open=lambda: self._open,
            check=check,
        )
        self._remembered.turn_to(state.generation)
        return state

    def __len__(self) -> int:
        """How many articles there are."""
        with self.state() as state:
            return len(state)

    def __bool__(self) -> bool:
        return True

    @property
    def generation(self) -> str:
        """Changes whenever any answer may change."""
        with self.state() as state:
            return state.generation

    # Adding and removing

    def add(self, articles: Iterable[Article], *, recognise: bool = True, recogniser: str = "") -> IndexReport:
        """Adds articles, in place of those with the same ids; says how many were new, changed or the same.

        With `recognise=False` only the names that the articles are assigned become facet values; `recogniser` names
        another one than the package ships, such as "spacy:en_core_web_sm". More than `Settings.batch_articles` are
        recognised in further processes, `Settings.processes` in all.
        Raises `IndexLocked` when another process keeps writing, `RecogniserError` when the recogniser cannot be used.
        """
        # Who only searches loads neither the readers of files nor what recognises names.
        from searchapp.archive.adding import add

        articles = (articles,) if isinstance(articles, Article) else articles
        with self._names_kept():
            return add(self._opened(), articles, self._settings, recognise=recognise, recogniser=recogniser)

    def add_files(
        self,
        *paths: str | Path,
        recognise: bool = True,
        recogniser: str = "",
        columns: Mapping[str, str] | None = None,
        prune: bool = False,
        allow_large_prune: bool = False,
        progress: Callable[[IndexReport, float], None] | None = None,
    ) -> IndexReport:
        """Adds the articles of files, folders and globs; commits now and then, as the settings say, and at the end.

        A run that is stopped leaves what it committed, and another one over the same files goes on from there.
        What cannot be read is in `IndexReport.skipped`. Articles read from these paths by an earlier run that are
        no longer there are kept and counted as `gone`, or removed with `prune`. That raises `LargePrune`, after adding,
        where it is more than `Settings.prune_share` of the archive and `allow_large_prune` is not given. `columns` maps
        a field of `Article` to the column or key that holds it. `progress` is called after each batch with the report
        so far and the share of all files that has been read, from 0 to 1. `recognise` and `recogniser` are those of
        `add`.
        """
        from searchapp.archive.adding import add_files, check_prune

        with self._names_kept() as keep:
            report = add_files(
                self._opened(),
                paths,
                self._settings,
                recognise=recognise,
                recogniser=recogniser,
                columns=columns or {},
                prune=prune,
                allow_large_prune=allow_large_prune,
                progress=progress,
                committed=keep,
                unreadable=self._unreadable(),
            )
        check_prune(report, self._settings)
        return report

    def delete(self, ids: str | Iterable[str]) -> int:
        """Removes the articles with these ids; gives how many there were."""
        with self._names_kept(), self._opened().writer(timeout_s=self._settings.lock_timeout_s) as writer:
            return writer.delete([ids] if isinstance(ids, str) else list(ids))

    # Searching

    def search(
        self,
        text: str = "",
        *,
        people: str | Iterable[str] = (),
        places: str | Iterable[str] = (),
        organisations: str | Iterable[str] = (),
        topics: str | Iterable[str] = (),
        sources: str | Iterable[str] = (),
        languages: str | Iterable[str] = (),
        exclude: Mapping[str, str | Iterable[str]] | None = None,
        match: str | Mapping[str, str] = "any",
        within: str = "",
        scope: str = "mentions",
        since: dt.date | str | None = None,
        until: dt.date | str | None = None,
        dated: str = "",
        sort: str = "relevance",
        page: int = 1,
        page_size: int = 10,
        facet_size: int | None = 20,
    ) -> SearchResult:
        """Articles that match `text` and every filter; see `State.search`.

        A facet argument takes a label or several: within one facet any of them is enough (`match="any"`) or all are
        needed (`match="all"`), across facets each must hold. `exclude` maps facets to labels that no hit may have. With
        `scope="about"` people, places and organisations count only where the article is about them. Raises
        `InvalidRequest` for an impossible argument and `SearchTimeout` when the query takes too long.
        """
        with self.state() as state:
            return state.search(
                text,
                people=people,
                places=places,
                organisations=organisations,
                topics=topics,
                sources=sources,
                languages=languages,
                exclude=exclude,
                match=match,
                within=within,
                scope=scope,
                since=since,
                until=until,
                dated=dated,
                sort=sort,
                page=page,
                page_size=page_size,
                facet_size=facet_size,
            )

    def find(self, request: SearchRequest) -> SearchResult:
        """The answer to a request made before; see `State.find`."""
        with self.state() as state:
            return state.find(request)

    def ask(self, *questions: Question) -> tuple[Answer, ...]:
        """An answer to each question, in order, all from one state; see `State.ask`."""
        with self.state() as state:
            return state.ask(*questions)

    def hints(self, request: SearchRequest) -> tuple[Problem, ...]:
        """What to say where a request finds nothing; see `State.hints`."""
        with self.state() as state:
            return state.hints(request)

    def get(self, article_id: str) -> Article:
        """The article with that id. Raises `ArticleNotFound`."""
        with self.state() as state:
            return state.get(article_id)

    def matches(self, request: SearchRequest) -> Iterator[Article]:
        """Every article that matches, in the order asked for, from one state of the index; `page` does not count."""
        state = self.state()
        return _until_the_end(state, state.matches(request))

    def facet(self, name: str, request: SearchRequest | None = None, *, by_country: bool = False) -> FacetResult:
        """Every value of one facet among the matches of `request`, or in the whole archive.

        With `by_country` places come in `groups` instead, by the number of articles that name any place of a country.
        Raises `InvalidRequest` when there is no such facet, or it has no countries.
        """
        if name not in (("places",) if by_country else FACETS):
            use = "only places are in countries" if by_country else f"use one of {', '.join(FACETS)}"
            raise InvalidRequest(f"there is no facet {name!r}{' by country' if by_country else ''}; {use}")
        wanted = FacetWanted(name, size=None, grouping=BY_COUNTRY if by_country else None)
        return self.ask(Question(request or SearchRequest(), facets=(wanted,)))[0].facets[0]

    def marks(self, text: str, article: Article) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """What the query `text` matches in the title and in the body of `article`, as ranges of characters."""
        with self.state() as state:
            return state.marks(text, article)

    def read_query(self, text: str) -> tuple[Query, tuple[Problem, ...]]:
        """How `text` is read, and in plain words every way in which it was read differently."""
        with self.state() as state:
            return state.read_query(text)

    # What the archive tells beyond hits

    def similar(self, article: Article, *, limit: int = 5) -> tuple[Hit, ...]:
        """Articles that share the words of its title and its main names, the most alike first."""
        with self.state() as state:
            return similar(state, article, limit=limit)

    def entity(self, label: str, *, facet: str = "", most: int = 20, part: int = 1) -> Profile:
        """What the archive knows of a person, place or organisation: its articles, company, forms and sentences.

        `label` may be any form of the name, and `facet` left out where one facet alone has it. `most` other names of
        each facet are given. Sentences come from the articles of one part, the newest first. Raises `ArticleNotFound`
        where no article has the name, `InvalidRequest` where several are called so.
        """
        if facet and facet not in KIND_OF_FACET:
            raise InvalidRequest(f"the facet {facet!r} has no names; use one of {', '.join(KIND_OF_FACET)}")
        with self.state() as state:
            return profile(state, *one_name(state, label, facet), most=most, part=part)

    def suggest(self, text: str) -> list[Suggestion]:
        """Names with a word that begins like `text`, most articles first, then titles with all its words."""
        with self.state() as state:
            return suggestions(state, text)

    def stats(self) -> ArchiveStats:
        """What the archive holds."""
        with self.state() as state:
            return overview(state)

    def unreadable(self) -> tuple[Skipped, ...]:
        """Files, and articles of files, that the latest runs over them could not read, with reasons."""
        return unreadable.recall() if (unreadable := self._unreadable()) else ()

    def place_of(self, label: str) -> Place | None:
        """Where a place is, and in which country; None for one that the gazetteers do not know."""
        return place_of(label)

    # Names and their corrections

    @cached_property
    def names(self) -> Names:
        """Puts names right and tells how they came about."""
        return Names(self._book, self.state)

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """Every correction of names, in the order in which they apply. Raises `LedgerError`."""
        self._opened()
        return self.names.corrections

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
        return self.names.correct(action, label, target, facet=facet, articles=articles, note=note)

    def undo_correction(self) -> Correction:
        """Takes the last correction back and gives it. Raises `LedgerError` when there is none."""
        self._opened()
        return self.names.undo()

    def why(self, label: str, *, facet: str = "") -> list[FormOfName]:
        """Every form that counts under a label, the most frequent first, how each was joined, and examples.

        Raises `LedgerError` when the archive shows no such label.
        """
        return self.names.why(label, facet=facet)

    def shown_as(self, kind: str, label: str) -> tuple[str, str] | None:
        """Kind and label under which the archive shows a name that an article has; None for one it leaves out."""
        return self.names.shown_as(kind, label)

    @contextlib.contextmanager
    def _names_kept(self) -> Iterator[Callable[[], None]]:
        """Follows the names after what is committed meanwhile: at the end, and whenever what it gives is called."""
        before = self._opened().state()

        def keep() -> None:
            now = self._opened().state()
            if now.generation != before.generation:
                self._book.keep(now, before)
            now.close()

        yield keep
        keep()
        before.close()
        if self._places is not None:
            remove_leftovers(self._places.folder)

    def _unreadable(self) -> Unreadable | None:
        from searchapp.corpus.reading.unreadable import unreadable_beside

        file = self._places.unreadable if self._places is not None else None
        return unreadable_beside(file, self._beside, index=self._opened().identity)

    def _opened(self) -> Engine:
        if not self._open:
            raise ArchiveClosed("the archive is closed; open it again with Archive.open")
        return self._engine


def _placed(location: str | Path) -> tuple[Places, Settings]:
    settings = Settings.load(location)
    return Places.of(checked_folder(location), settings), settings


def _until_the_end(state: State, articles: Iterator[Article]) -> Iterator[Article]:
    with state:
        yield from articles

"""Which article of the archive it is that was read, which of its versions counts, and in which files it stands.

An id that a file gives is the article's wherever the file is. An article without one is known by its text, which gives
it its id at first sight, and by its place: a new text at a place whose article stands nowhere else is a new text of
that article. So a file that is moved keeps its articles, a file that is copied is one more place of each, and an
article is gone when its last place is. Of the versions of one id the newest counts, by what the files say, in any order
of files.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from searchapp.corpus.reading.identity import apart, is_made_of_text, mark_of_text, number_in
from searchapp.engines.base import EngineState
from searchapp.model.article import Article
from searchapp.model.entry import BY_TEXT
from searchapp.model.result import Gone, Skipped

__all__ = ["Changes", "Identities", "Stored", "brief"]

_MOST_CHARS = 8 << 20
"""Of new texts of one known file that are held until all of it has been read."""
_PATH_CHARS = 6


def brief(text: str) -> str:
    """64 bits that follow from `text`, as text: versions of one article are so few that it need not be longer."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return base64.b64encode(digest)[:11].decode()


_BRIEF = len(brief(""))


@dataclass(frozen=True, slots=True)
class Stored:
    """What an index holds as the fingerprint of an article."""

    content: str
    """Follows from all that was read of it."""
    recognised: str = ""
    """Follows from whether and by what names were recognised."""
    places: tuple[str, ...] = ()
    """Follow from its paths, one each."""
    text: str = ""
    """The mark of its text, where it has to be found by that: see `Entry.keys`."""

    @classmethod
    def of(cls, text: str) -> Stored:
        """What `str` gave. Of an index of an earlier version it is no article's that could be read now."""
        head, _, rest = text.partition(" ")
        places, _, mark = rest.partition(" ")
        parts = tuple(places[at : at + _PATH_CHARS] for at in range(0, len(places), _PATH_CHARS))
        return cls(head[:_BRIEF], head[_BRIEF:], parts, mark)

    def __str__(self) -> str:
        places = f"{self.content}{self.recognised} {''.join(self.places)}"
        return f"{places} {self.text}" if self.text else places

    def at(self, paths: Iterable[str]) -> Stored:
        """The same at other paths."""
        return replace(self, places=tuple(map(_place, paths)))


def _place(path: str) -> str:
    return brief(path)[:_PATH_CHARS]


@dataclass(frozen=True, slots=True)
class _Seen:
    """The version of an article that counts in this run so far."""

    age: tuple[str, int]
    """See `_age`."""
    content: str
    path: str
    """Where it was read first; empty where it was not read in this run, but its file is there."""

    def __lt__(self, other: _Seen) -> bool:
        return (_age_of(*self.age), self.content) < (_age_of(*other.age), other.content)


@dataclass(frozen=True, slots=True)
class Changes:
    """What some articles change."""

    articles: tuple[Article, ...] = ()
    """Those to store, each in place of any with its id."""
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    """By id."""
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    moved: int = 0


class Identities:
    """The articles of one run, over the state `before` it.

    `recognised` says whether and by what names are recognised, `is_there` of the path of a stored article whether its
    file is there.
    """

    def __init__(self, before: EngineState, recognised: str, *, is_there: Callable[[str], bool]) -> None:
        self._before = before
        self._empty = not len(before)
        self._recognised = brief(recognised)[:4]
        self._is_there = is_there
        self._seen: dict[str, _Seen] = {}
        self._places: dict[str, set[str]] = {}
        """Paths of this run, of articles that have several, or another one than before."""
        self._elsewhere: dict[str, set[str]] = {}
        """Paths of stored versions that count although they were not read yet."""
        self._moving: set[str] = set()
        """Of these, those that have a path of this run that they are not stored with."""
        self._written: set[str] = set()
        self._texts: dict[str, str] = {}
        """Mark of a text to the id of its article, where that does not follow from it."""
        self._withdrawn: dict[str, Skipped] = {}
        self._known: dict[str, Stored] = {}
        self._wanted: dict[str, tuple[Article, str]] = {}
        self._counts = dict.fromkeys(("added", "updated", "unchanged", "moved"), 0)
        self._file = ""
        self._held: list[tuple[Article, str]] = []
        self._held_chars = 0
        self.paths: set[str] = set()
        """Files that articles were read from."""

    # Reading

    def changes(self, items: Iterable[Article | Skipped]) -> Changes:
        """What of these the index does not hold yet.

        New texts of a known file are told when the file ends: by a later call, at last by `rest`.
        """
        listed = list(items)
        articles = [item for item in listed if isinstance(item, Article)]
        prints = {id(article): article.fingerprint for article in articles}
        self._look_up([article.id for article in articles])
        new = [article for article in articles if not self._holds(article.id, brief(prints[id(article)]))]
        self._look_up([name for article in new if article.path for name in apart(article)])
        for item in listed:
            if isinstance(item, Skipped):
                self.withdraw(item)
                continue
            if item.path != self._file:
                self._end_file()
                self._file = item.path
            self.paths.add(item.path)
            self._read(item, prints[id(item)])
        return self._taken()

    def rest(self) -> Changes:
        """What the end of the run changes."""
        self._end_file()
        return self._taken()

    def withdraw(self, signal: Skipped) -> None:
        """Takes back the article that a publisher withdraws, unless there is a later version."""
        known = self._withdrawn.get(signal.withdraws)
        if signal.withdraws and (known is None or not signal.version or signal.version > known.version):
            self._withdrawn[signal.withdraws] = signal

    def _look_up(self, ids: Iterable[str]) -> None:
        wanted = [] if self._empty else list(dict.fromkeys(name for name in ids if name not in self._known))
        self._known |= {name: Stored.of(text) for name, text in self._before.fingerprints(wanted).items()}

    def _stored(self, article_id: str) -> Stored | None:
        self._look_up([article_id])
        return self._known.get(article_id)

    def _holds(self, article_id: str, content: str) -> bool:
        """Whether an article with this id has this text, as far as the run has come."""
        seen = self._seen.get(article_id)
        if seen is not None:
            return seen.content == content
        stored = self._known.get(article_id)
        return stored is not None and stored.content == content

    def _read(self, article: Article, fingerprint: str) -> None:
        content = brief(fingerprint)
        if not article.path or self._holds(article.id, content):
            self._take(article, content)
        elif is_made_of_text(article, fingerprint):
            self._read_text(article, fingerprint)
        else:
            # Among others with its id it has a mark of its text, and it may have been or become one of several.
            names = [name for name in apart(article) if name != article.id and self._holds(name, content)]
            self._take(replace(article, id=names[0]) if names else article, content)

    def _read_text(self, article: Article, fingerprint: str) -> None:
        """One whose id was made of a text that the archive does not have under that id."""
        content, mark = brief(fingerprint), _key(article, fingerprint)
        names = [self._texts[mark]] if mark in self._texts else []
        names += [] if self._empty else self._before.found_by(BY_TEXT + mark)
        self._look_up(names)
        for name in names:
            if self._holds(name, content):
                self._take(replace(article, id=name), content, mark)
                return
        if not self._empty and (self._held or self._before.found_by(article.path)):
            self._held.append((article, fingerprint))
            self._held_chars += len(article.body)
            if self._held_chars > _MOST_CHARS:
                self._end_file()
        else:
            self._take_new(article, fingerprint)

    def _end_file(self) -> None:
        """Gives the new texts of a file to those of its articles that it no longer has, place by place."""
        held, self._held, self._held_chars = self._held, [], 0
        numbers: dict[str, str] = {}
        positions: dict[int, str] = {}
        for name in self._before.found_by(self._file) if held else ():
            if name in self._seen:
                continue
            article = self._before.get(name)
            if article is None or self._others(article, self._file):
                continue
            positions[article.position] = name
            if number := number_in(name):
                numbers[number] = name
        for article, fingerprint in held:
            number = number_in(article.id)
            known = numbers.get(number, "") if number else positions.get(article.position, "")
            if known and known not in self._seen:
                self._look_up([known])
                mark = _key(article, fingerprint) if known != article.id else ""
                self._take(replace(article, id=known), brief(fingerprint), mark)
            else:
                self._take_new(article, fingerprint)

    def _take_new(self, article: Article, fingerprint: str) -> None:
        """Under the id that its text gives it, or the next one that is free where that article has another text now."""
        content, name, number = brief(fingerprint), article.id, 1
        while not self._holds(name, content) and (name in self._seen or self._stored(name) is not None):
            number += 1
            name = f"{article.id}-{number}"
        mark = _key(article, fingerprint) if name != article.id else ""
        self._take(replace(article, id=name) if mark else article, content, mark)

    def _take(self, article: Article, content: str, mark: str = "") -> None:
        """Counts an article whose id is settled, and stores it where it is new and counts."""
        name, path = article.id, article.path
        seen, stored = self._seen.get(name), self._known.get(name)
        now = _Seen(_age(article), content, path)
        if mark:
            self._texts[mark] = name
        if path and self._takes_back(name, now.age):
            self._counts["unchanged"] += 1
        elif seen is None and stored is None:
            self._store(article, now, mark, "added")
        elif seen is None and stored is not None and stored.content == content:
            self._find_again(article, now, stored)
        elif seen is None:
            others = self._older_than_others(article, now)
            if others is None:
                self._store(article, now, mark, "updated")
            else:
                self._seen[name], self._elsewhere[name] = others
                self._counts["unchanged"] += 1
        elif seen.content == content:
            known = stored is not None and name not in self._written and _place(path) in stored.places
            again = not path or path == seen.path or path in self._places.get(name, ())
            if not again:
                self._places.setdefault(name, {seen.path} if seen.path else set()).add(path)
                if not known:
                    self._moving.add(name)
            self._counts["unchanged" if known or again else "moved"] += 1
        else:
            there = self._elsewhere.get(name, set())
            there.discard(path)
            if not path or seen < now or (not seen.path and not there):
                self._store(article, now, mark, "updated" if name not in self._written else "unchanged")
            else:
                self._counts["unchanged"] += 1

    def _find_again(self, article: Article, now: _Seen, stored: Stored) -> None:
        """One that the index has with this text."""
        name, path = article.id, article.path
        known = not path or _place(path) in stored.places
        if stored.recognised == self._recognised:
            self._seen[name] = now
            self._counts["unchanged" if known else "moved"] += 1
        else:
            before = self._before.get(name)
            self._store(article, now, stored.text, "updated")
            if before is not None and before.paths not in ((), (path,)):
                # It stays where else it was, as far as those files are there.
                self._elsewhere[name] = set(before.paths)
                self._places[name] = {path}
                self._moving.add(name)
        if path and (not known or len(stored.places) > 1):
            self._places.setdefault(name, set()).add(path)
        if not known:
            self._moving.add(name)

    def _store(self, article: Article, now: _Seen, mark: str, count: str) -> None:
        name = article.id
        self._seen[name] = now
        self._places.pop(name, None)
        self._elsewhere.pop(name, None)
        self._moving.discard(name)
        self._written.add(name)
        self._wanted[name] = article, mark
        self._counts[count] += 1

    def _older_than_others(self, article: Article, now: _Seen) -> tuple[_Seen, set[str]] | None:
        """The stored version and its files, where it stands elsewhere and is the newer one."""
        before = self._before.get(article.id) if article.path else None
        others = self._others(before, article.path) if before is not None else set()
        if before is None or not others:
            return None
        counts = _Seen(_age(before), self._known[article.id].content, "")
        return (counts, others) if now < counts else None

    def _others(self, before: Article, path: str) -> set[str]:
        """Further files of a stored article that are there and may still have it."""
        return {one for one in before.paths if one != path and one not in self.paths and self._is_there(one)}

    def _taken(self) -> Changes:
        articles, fingerprints = [], {}
        for name, (article, mark) in self._wanted.items():
            paths = sorted(self._places.get(name, (article.path,) if article.path else ()))
            if len(paths) > 1:
                article = replace(article, path=paths[0], copies=tuple(paths[1:]))
            articles.append(article)
            stored = Stored(self._seen[name].content, self._recognised, (), mark)
            fingerprints[name] = str(stored.at(paths))
        changes = Changes(tuple(articles), fingerprints, **self._counts)
        self._wanted.clear()
        self._known.clear()
        self._counts = dict.fromkeys(self._counts, 0)
        return changes

    # At the end

    def withdrawn(self) -> list[str]:
        """Ids of articles in the index that their publishers take back."""
        found = []
        for name in self._withdrawn:
            seen = self._seen.get(name)
            stored = None if seen is not None else self._before.get(name)
            age = seen.age if seen is not None else _age(stored) if stored is not None else None
            if age is not None and self._takes_back(name, age):
                found.append(name)
        return found

    def lost(
        self, held: Iterable[tuple[str, Sequence[str]]], is_gone: Callable[[str], bool]
    ) -> tuple[list[Gone], dict[str, set[str]]]:
        """Articles that no file has any more, and the paths that each other article is no longer at, by its id.

        `held` are paths and ids of stored articles; `is_gone` says whether what was not read at a path is not there.
        """
        lost: dict[str, set[str]] = {}
        for path, ids in held:
            missing = [name for name in ids if not self._is_at(name, path)]
            if missing and is_gone(path):
                for name in missing:
                    lost.setdefault(name, set()).add(path)
        unseen = [name for name in lost if name not in self._seen]
        places = {name: Stored.of(text).places for name, text in self._before.fingerprints(unseen).items()}
        gone = [Gone(name, min(lost[name])) for name in unseen if len(places[name]) <= len(lost[name])]
        for article in gone:
            del lost[article.id]
        return gone, lost

    def is_read(self, article_id: str) -> bool:
        """Whether a version of it was read, or is known to be in a file that is there."""
        return article_id in self._seen

    def is_written(self, ids: Iterable[str]) -> bool:
        """Whether any of these was given out to be stored."""
        return not self._written.isdisjoint(ids)

    def moving(self) -> set[str]:
        """Ids of articles that were read where the index, or what was given out to be stored, does not have them."""
        return set(self._moving)

    def placed(
        self, state: EngineState, lost: Mapping[str, set[str]], ids: Sequence[str], *, is_there: Callable[[str], bool]
    ) -> Iterator[tuple[Article, str]]:
        """Articles of `state` with the paths that they are at now, and their fingerprints.

        Those that they were not read at are kept where `is_there` says so.
        """
        for name, text in state.fingerprints(ids).items():
            article = state.get(name)
            if article is None:
                continue
            read = self._places.get(name, set())
            known = {*article.paths, *(self._elsewhere.get(name, ()) if name in self._written else ())}
            known -= lost.get(name, set())
            paths = sorted(read | {path for path in known if name not in self._moving or is_there(path)})
            if paths and tuple(paths) != article.paths:
                stored = Stored.of(text).at(paths)
                yield replace(article, path=paths[0], copies=tuple(paths[1:])), str(stored)

    def _takes_back(self, article_id: str, age: tuple[str, int]) -> bool:
        signal = self._withdrawn.get(article_id)
        return signal is not None and (not signal.version or _age_of(*age) <= signal.version)

    def _is_at(self, article_id: str, path: str) -> bool:
        """Whether an article was read at a path, or need not be looked for there."""
        seen = self._seen.get(article_id)
        if seen is None:
            return False
        if article_id in self._places:
            return path in self._places[article_id]
        return article_id in self._written or not seen.path or seen.path == path


def _key(article: Article, fingerprint: str) -> str:
    """By what an article is found whose id was made of its text: the number that its file gives it is part of it."""
    return f"{number_in(article.id)}-{mark_of_text(fingerprint)}"


def _age(article: Article) -> tuple[str, int]:
    """The version that the file says this is, and when it was published, 0 for nobody knows."""
    return article.version, 0 if article.version else article.published_key or 0


def _age_of(version: str, published: int) -> str:
    """An age as text that sorts: what says no version is one of the moment at which it was published."""
    if version or not published:
        return version
    days, seconds = divmod(published, 86_400)
    moment = dt.datetime.fromordinal(days) + dt.timedelta(seconds=seconds)
    return f" {moment.isoformat(timespec='microseconds')}"

"""The whole life of an archive in steps, each of which either has happened or has not, whatever fails meanwhile."""

from __future__ import annotations

import errno
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from searchapp import Archive, Article, IndexNotFound, SearchappError, SearchRequest, Settings
from searchapp.engines.state import State
from searchapp.files import system
from tests.files.disk import Disk
from tests.files.failing import Unsynced, watching
from tests.files.windows import Windows

WORDS = "oil gold trade bank harbour strike talks price".split()
SETTINGS = Settings(prune_share=1.0, processes=1)
ERRORS = (errno.ENOSPC, errno.EIO, errno.EMFILE, errno.EINTR)
DERIVED = re.compile(r"names.*|ledger\.kept|unreadable\.json")
"""Files that are not synced, as they are made again from what is."""

Look = tuple[tuple[str, ...], tuple[str, ...], int]
"""Ids of the articles, labels of the corrections, and articles that the largest facet value has."""


@dataclass(frozen=True)
class Step:
    name: str
    run: Callable[[Path], None]
    spoil: Callable[[Path], None] | None = None
    """Does to the archive beforehand what the step is to mend; what it holds stays readable."""


def numbered(start: int, stop: int) -> list[Article]:
    chance = random.Random(start)
    return [
        Article(
            id=f"n{number:03}",
            title=f"Number {number}",
            body=" ".join(chance.choices(WORDS, k=40)),
            assigned={"people": (("Ann Ek", "ANN EK", "Bo Ny")[number % 3],)},
        )
        for number in range(start, stop)
    ]


def opened(root: Path, **options: bool) -> Archive:
    return Archive.open(root / "index", settings=SETTINGS, **options)


def write_news(root: Path, names: str) -> None:
    """The files that are read; nobody but people writes these, and they are on the disk."""
    folder = root.with_name("news")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in names:
        (folder / f"{name}.txt").write_text(f"Title of {name}\n\nWhat was said of {name} in York.", encoding="utf-8")
    (folder / "broken.json").write_text("{", encoding="utf-8")


def _create(root: Path) -> None:
    with opened(root, create=True):
        pass


def _add(start: int, stop: int) -> Callable[[Path], None]:
    def run(root: Path) -> None:
        with opened(root) as archive:
            archive.add(numbered(start, stop), recognise=False)

    return run


def _index(names: str) -> Callable[[Path], None]:
    def run(root: Path) -> None:
        write_news(root, names)
        with opened(root) as archive:
            archive.add_files(root.with_name("news"), recognise=False, prune=True, allow_large_prune=True)

    return run


def _correct(root: Path) -> None:
    with opened(root) as archive:
        archive.correct("merge", "Bo Ny", "Ann Ek", facet="people")


def _rename(root: Path) -> None:
    with opened(root) as archive:
        archive.correct("rename", "Ann Ek", "Anna Ek", facet="people")


def _undo(root: Path) -> None:
    with opened(root) as archive:
        archive.undo_correction()


def _delete(root: Path) -> None:
    with opened(root) as archive:
        archive.delete([f"n{number:03}" for number in range(0, 30, 2)])


def _backup(root: Path) -> None:
    with opened(root) as archive:
        archive.backup(root / "backup")


def _flip_bit(root: Path) -> None:
    """In the largest segment, and in the file itself: a backup may have another name of it."""
    segment = max((root / "index").glob("*.columns"), key=lambda path: path.stat().st_size)
    content = bytearray(segment.read_bytes())
    content[len(content) // 3] ^= 4
    segment.unlink()
    segment.write_bytes(content)


def _repair(root: Path) -> None:
    Archive.repair(root / "index")


def _rebuild(root: Path) -> None:
    Archive.rebuild(root / "index")


def _restore(root: Path) -> None:
    Archive.restore(root / "backup", root / "index", replace=True)


STEPS = (
    Step("create", _create),
    Step("add", _add(0, 30)),
    Step("add and merge", _add(20, 45)),
    Step("correct", _correct),
    Step("index", _index("abc")),
    Step("correct again", _rename),
    Step("prune", _index("bd")),
    Step("backup", _backup),
    Step("delete", _delete),
    Step("undo", _undo),
    Step("backup again", _backup),
    Step("add after it", _add(60, 66)),
    Step("repair", _repair, spoil=_flip_bit),
    Step("rebuild", _rebuild),
    Step("restore", _restore),
)


def look(root: Path) -> Look | None:
    """What the archive holds, found by every way of asking; None where there is none."""
    try:
        archive = opened(root)
    except IndexNotFound:
        return None
    with archive:
        ids = tuple(sorted(article.id for article in archive.matches(SearchRequest())))
        assert len(archive) == len(ids)
        assert archive.search(" OR ".join(WORDS)).total == sum(one.startswith("n") for one in ids)
        assert not archive.names.problem
        values = archive.facet("people").values
        return ids, tuple(one.label for one in archive.corrections), values[0].count if values else 0


def assert_whole(
    root: Path, allowed: tuple[Look | None, ...], *, powerless: bool = False, spoilt: bool = False
) -> Look | None:
    """A committed state, one of those allowed; nothing is damaged, but after a power cut what is made again anyway."""
    found = look(root)
    assert found in allowed, (found, allowed)
    if found is not None and not spoilt:
        damage = [one for one in Archive.check(root / "index") if not (powerless and DERIVED.fullmatch(one.file))]
        assert damage == [], damage
    return found


def assert_tidy(root: Path, *, commits: int = 2) -> None:
    """After some more commits nothing is left that belongs to nobody."""
    with opened(root, create=True) as archive:
        archive.add([Article(id="z", body="last")], recognise=False)
    for _ in range(commits - 1):
        with opened(root) as archive:
            archive.delete("z")
    folder = root / "index"
    contents = (folder / "contents.json").read_text(encoding="utf-8")
    names = (folder / "names.json").read_text(encoding="utf-8") if (folder / "names.json").exists() else ""
    for path in folder.iterdir():
        assert not path.name.endswith(".new"), path.name
        if path.suffix == ".columns":
            assert path.name.partition("_")[2].removesuffix(".columns") in contents, path.name
        if path.suffix == ".dead":
            assert path.name in contents, path.name
        if path.suffix in (".table", ".journal"):
            assert path.stem.removeprefix("names-") in names, path.name
    damage = Archive.check(folder)
    assert damage == [], damage


def states(root: Path) -> Iterator[tuple[Step, Look | None, Look | None, Path]]:
    """Each step with what there is before it and after it, and a copy of what was there before it.

    `root` is as it was before the step while the caller has it, and may be changed.
    """
    before: Look | None = None
    root.mkdir()
    saved = root.with_name("saved")
    for step in STEPS:
        if step.spoil is not None:
            step.spoil(root)
        shutil.rmtree(saved, ignore_errors=True)
        shutil.copytree(root, saved)
        step.run(root)
        after = look(root)
        done = root.with_name("done")
        shutil.rmtree(done, ignore_errors=True)
        shutil.copytree(root, done)
        put_back(root, saved)
        yield step, before, after, saved
        put_back(root, done)
        before = after


def put_back(root: Path, saved: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(saved, root)


def fail_at_calls(root: Path, chance: random.Random, *, most: int | None) -> Counter[str]:
    """Lets calls of every step fail, `most` of each or all; how many did, by step."""
    done: Counter[str] = Counter()
    for step, before, after, saved in states(root):
        with watching() as watched:
            step.run(root)
        numbers = range(len(watched.calls))
        for number in numbers if most is None else sorted(chance.sample(numbers, min(most, len(numbers)))):
            put_back(root, saved)
            failed: Exception | None = None
            with watching(number, chance.choice(ERRORS)):
                try:
                    step.run(root)
                except (OSError, SearchappError) as error:
                    failed = error
            allowed = (before, after) if failed is not None else (after,)
            spoilt = step.spoil is not None and failed is not None
            found = assert_whole(root, allowed, spoilt=spoilt)
            # Once there is room again, the same succeeds, and leaves nothing behind.
            if found != after or spoilt:
                step.run(root)
                assert_whole(root, (after,))
            assert_tidy(root)
            done[step.name] += 1
    return done


def cut_power(root: Path, chance: random.Random, *, most: int | None, ways: int = 1) -> Counter[str]:
    """Cuts the power before calls of every step, `most` of each or all, and after it; how often, by step.

    Each time once with nothing there that was not synced, and `ways` times with any of it.
    """
    done: Counter[str] = Counter()
    for step, before, after, saved in states(root):
        disk = Disk(root)
        with system.using(disk):
            step.run(root)
        numbers = range(1, disk.calls + 1)
        chosen = set(numbers if most is None else chance.sample(numbers, min(most, len(numbers))))
        put_back(root, saved)
        disk = Disk(root, before=_Cutting(root, step, chosen, (before, after), chance, ways))
        with system.using(disk):
            step.run(root)
            # What was reported as done survives whatever of the rest does.
            _Cutting(root, step, {disk.calls}, (after,), chance, ways, done=True)(disk)
        done[step.name] += (len(chosen) + 1) * (ways + 1)
    return done


@dataclass(frozen=True)
class _Cutting:
    """Cuts the power before some calls."""

    root: Path
    step: Step
    calls: set[int]
    allowed: tuple[Look | None, ...]
    chance: random.Random
    ways: int
    done: bool = False
    """Whether the step was said to be."""

    def __call__(self, disk: Disk) -> None:
        if disk.calls in self.calls:
            for chance in (None, *[self.chance] * self.ways):
                disk.power_cut(self._look, chance)

    def _look(self) -> None:
        spoilt = self.step.spoil is not None and not self.done
        with system.using(Unsynced()):
            assert_whole(self.root, self.allowed, powerless=True, spoilt=spoilt)
            if spoilt:
                self.step.run(self.root)
            assert_tidy(self.root)


def live_on_windows(root: Path, *, busy: int) -> Windows:
    """Goes through all steps by the rules of Windows, each with a reader that has had the archive open since before it.

    Gives the system, which says what it denied. `busy` is its own.
    """
    expected = [after for _, _, after, _ in states(root.with_name("plain"))]
    root.mkdir()
    windows = Windows(root, busy=busy)
    with system.using(windows):
        for step, after in zip(STEPS, expected, strict=True):
            if step.spoil is not None:
                step.spoil(root)
            with _reading_on(root):
                step.run(root)
                assert look(root) == after, step.name
            assert_whole(root, (after,))
            if after is not None:
                _assert_nothing_left(root)
    return windows


@contextmanager
def _reading_on(root: Path) -> Iterator[None]:
    """Has a state of the archive open meanwhile, if there is one; it stays as it is, and the next is seen after it."""
    try:
        archive = opened(root)
    except IndexNotFound:
        yield
        return
    with archive, archive.state() as state:
        before = _held(state)
        yield
        assert _held(state) == before
        with archive.state() as following, opened(root) as other, other.state() as anew:
            assert _held(following) == _held(anew)


def _held(state: State) -> tuple[tuple[str, ...], int]:
    return tuple(sorted(article.body for article in state.matches(SearchRequest()))), len(state)


def _assert_nothing_left(root: Path) -> None:
    """Once nobody reads it any more, a commit takes away what could not be while somebody did.

    Whoever commits reads what was there before; so the last commit is one that changes nothing.
    """
    saved = root.with_name("read")
    put_back(saved, root)
    assert_tidy(root, commits=3)
    put_back(root, saved)

"""Names are kept beside the index: read by other processes, changed row by row, and never believed when damaged."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.entities.archive_names.following import FollowedNames
from searchapp.entities.archive_names.keeping import kept_names
from searchapp.entities.archive_names.keeping.kept_names import KeptNames
from searchapp.entities.archive_names.keeping.rows import LayeredRows, NoRows, StoredFacts
from searchapp.entities.archive_names.keeping.table import NamesDamaged, Table, write_table
from searchapp.entities.archive_names.layers import Layers
from searchapp.entities.archive_names.names import canonical_names
from searchapp.files.system import System, using


class State:
    """A state of an archive of people, which can tell what has changed since an earlier one."""

    def __init__(self, generation: int, people: dict[str, int]) -> None:
        self.generation = str(generation)
        self.people = people
        self.read = 0

    def labels(self, column: str) -> dict[str, int]:
        self.read += 1
        return self.people if column == "people" else {}

    def labels_since(self, before: State, column: str) -> dict[str, int]:
        now, was = Counter(self.people), Counter(before.people)
        now.subtract(was)
        return dict(now) if column == "people" else {}


FIRST = State(1, {"Ann Ek": 3, "ANN EK": 1, "Bo Ny": 2})
SECOND = State(2, {"Ann Ek": 3, "ANN EK": 1, "Bo Ny": 2, "BO NY": 1})
THIRD = State(3, {"Ann Ek": 3, "Bo Ny": 2, "BO NY": 1})
SHOWN = {("people", "ANN EK"): ("people", "Ann Ek")}
SHOWN_SECOND = {**SHOWN, ("people", "BO NY"): ("people", "Bo Ny")}
SHOWN_THIRD = {("people", "BO NY"): ("people", "Bo Ny")}


def untouched(state: State) -> State:
    """The same state, which tells whether it was counted."""
    return State(int(state.generation), state.people)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "names.json"


def journal_of(kept: Path) -> Path:
    (journal,) = kept.parent.glob("*.journal")
    return journal


def table_of(kept: Path) -> Path:
    (table,) = kept.parent.glob("*.table")
    return table


def test_another_process_reads_what_is_kept_and_counts_nothing(kept: Path) -> None:
    FollowedNames(kept).keep(FIRST)
    state = untouched(FIRST)
    assert FollowedNames(kept).relabelling(state).changes == SHOWN
    assert state.read == 0


def test_a_change_is_put_behind_the_journal_and_nothing_is_counted(kept: Path) -> None:
    FollowedNames(kept).keep(FIRST)
    reader = FollowedNames(kept)
    reader.relabelling(FIRST)
    table = table_of(kept).read_bytes()
    second, third = untouched(SECOND), untouched(THIRD)
    FollowedNames(kept).keep(second, FIRST)
    FollowedNames(kept).keep(third, SECOND)
    assert table_of(kept).read_bytes() == table
    assert reader.relabelling(third).changes == SHOWN_THIRD
    assert FollowedNames(kept).relabelling(third).changes == SHOWN_THIRD
    assert second.read == third.read == 0


def test_a_reader_that_is_ahead_of_what_is_kept_follows_on_its_own_and_keeps_nothing(kept: Path) -> None:
    FollowedNames(kept).keep(FIRST)
    reader = FollowedNames(kept)
    reader.relabelling(FIRST)
    before = journal_of(kept).read_bytes()
    second = untouched(SECOND)
    assert reader.relabelling(second).changes == SHOWN_SECOND
    assert reader.relabelling(THIRD).changes == SHOWN_THIRD
    assert second.read == 0
    assert journal_of(kept).read_bytes() == before
    # Then the writer is done, and comes to the same.
    FollowedNames(kept).keep(SECOND, FIRST)
    assert reader.relabelling(second).changes == SHOWN_SECOND
    FollowedNames(kept).keep(THIRD, SECOND)
    assert reader.relabelling(THIRD).changes == SHOWN_THIRD


def test_without_the_state_before_a_commit_the_counts_are_compared(kept: Path) -> None:
    FollowedNames(kept).keep(FIRST)
    third = untouched(THIRD)
    FollowedNames(kept).keep(third)
    assert third.read > 0
    assert FollowedNames(kept).relabelling(THIRD).changes == SHOWN_THIRD


def test_the_version_tells_what_is_shown_however_it_came_about(kept: Path) -> None:
    names = FollowedNames(kept)
    names.keep(FIRST)
    names.keep(SECOND, FIRST)
    names.keep(THIRD, SECOND)
    whole = canonical_names({"people": THIRD.people}).relabelling
    assert names.relabelling(THIRD).version == whole.version


def test_what_is_renewed_since_it_was_told_last_is_told(kept: Path) -> None:
    names = FollowedNames(kept)
    names.keep(FIRST)
    first = names.relabelling(FIRST)
    names.keep(SECOND, FIRST)
    names.keep(THIRD, SECOND)
    third = names.relabelling(THIRD)
    assert (third.follows, third.renewed) == (first.version, {("people", "ANN EK"), ("people", "BO NY")})
    fourth = State(4, THIRD.people)
    names.keep(fourth, THIRD)
    assert names.relabelling(fourth) is third
    assert FollowedNames(kept).relabelling(fourth).follows == ""


@pytest.mark.parametrize("part", ["table", "journal", "json"])
def test_no_damaged_byte_is_believed(kept: Path, part: str) -> None:
    names = FollowedNames(kept)
    names.keep(FIRST)
    names.keep(SECOND, FIRST)
    file = {"table": table_of, "journal": journal_of, "json": Path}[part](kept)
    sound = file.read_bytes()
    for place in range(len(sound)):
        for damaged in (sound[:place], sound[:place] + bytes([sound[place] ^ 0x11]) + sound[place + 1 :]):
            file.write_bytes(damaged)
            assert FollowedNames(kept).relabelling(SECOND).changes == SHOWN_SECOND
            assert FollowedNames(kept).relabelling(FIRST).changes == SHOWN
    FollowedNames(kept).keep(THIRD, SECOND)
    third = untouched(THIRD)
    assert FollowedNames(kept).relabelling(third).changes == SHOWN_THIRD
    assert third.read == 0


def test_what_a_killed_run_left_of_a_record_is_written_over(kept: Path) -> None:
    FollowedNames(kept).keep(FIRST)
    with journal_of(kept).open("ab") as file:
        file.write(b"\x40\0\0\0half a rec")
    FollowedNames(kept).keep(SECOND, FIRST)
    FollowedNames(kept).keep(THIRD, SECOND)
    third = untouched(THIRD)
    assert FollowedNames(kept).relabelling(third).changes == SHOWN_THIRD
    assert third.read == 0


def test_a_long_journal_becomes_a_new_table_and_nothing_is_left_behind(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_names, "_LEAST_JOURNAL", 2_000)
    names, reader = FollowedNames(kept), FollowedNames(kept)
    before = State(0, {"Ann Ek": 1})
    names.keep(before)
    tables = set()
    for generation in range(1, 40):
        now = State(generation, {**before.people, f"P{generation} Ek": 1, f"P{generation} EK": 2})
        names.keep(now, before)
        tables.add(table_of(kept))
        assert journal_of(kept).stat().st_size <= 2_000
        state = untouched(now)
        assert len(reader.relabelling(state).changes) == generation
        assert state.read == 0
        before = now
    assert len(tables) > 2


def test_two_processes_that_commit_in_turn_lose_nothing(kept: Path) -> None:
    one, other = FollowedNames(kept), FollowedNames(kept)
    one.keep(FIRST)
    other.keep(SECOND, FIRST)
    one.keep(SECOND, FIRST)
    one.keep(THIRD, SECOND)
    other.keep(THIRD, SECOND)
    assert other.relabelling(THIRD).changes == one.relabelling(THIRD).changes == SHOWN_THIRD


class Failing(System):
    """A system whose calls fail after some that do not."""

    def __init__(self, calls: int) -> None:
        self.left = calls

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise OSError(28, "No space left on device")

    def open(self, path: str, flags: int, mode: int = 0o666) -> int:
        self._count()
        return super().open(path, flags, mode)

    def write(self, handle: int, data: memoryview) -> int:
        self._count()
        return super().write(handle, data[: max(1, len(data) // 2)])

    def rename(self, source: str, target: str) -> None:
        self._count()
        super().rename(source, target)


@pytest.mark.parametrize("calls", range(40))
def test_a_write_that_fails_costs_no_more_than_computing_it_again(kept: Path, calls: int) -> None:
    with using(Failing(calls)):
        names = FollowedNames(kept)
        for state, before, shown in ((FIRST, None, SHOWN), (SECOND, FIRST, SHOWN_SECOND), (THIRD, SECOND, SHOWN_THIRD)):
            names.keep(state, before)
            assert names.relabelling(state).changes == shown
    FollowedNames(kept).keep(THIRD, SECOND)
    third = untouched(THIRD)
    assert FollowedNames(kept).relabelling(third).changes == SHOWN_THIRD
    assert third.read == 0


KEYS = st.text(st.sampled_from("abc\x1f é"), max_size=4)
ROWS = st.dictionaries(KEYS, st.sampled_from(["", "1", "long" * 40]), max_size=30)


@settings(max_examples=100, deadline=None)
@given(ROWS, st.lists(st.dictionaries(KEYS, st.none() | st.just("new"), max_size=5), max_size=3), KEYS)
def test_a_table_and_what_is_laid_over_it_hold_what_a_dict_does(
    rows: dict[str, str], changes: list[dict[str, str | None]], prefix: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_table(Path(folder) / "a.table", sorted(rows.items()), {})
        table = Table(Path(folder) / "a.table")
        laid, one_over_the_other = LayeredRows(table, {}), LayeredRows(table, {})
        for change in changes:
            laid.lay(change)
            one_over_the_other = LayeredRows(one_over_the_other, change)
            rows = {key: value for key, value in {**rows, **change}.items() if value is not None}
        expected = sorted((key, value) for key, value in rows.items() if key.startswith(prefix))
        assert list(laid.scan(prefix)) == list(one_over_the_other.scan(prefix)) == expected
        assert laid.get(prefix) == one_over_the_other.get(prefix) == rows.get(prefix)
        table.close()


def test_labels_may_hold_any_sign(kept: Path) -> None:
    odd = State(1, {"A\tB\nC\x1f\x1e D": 2, "A\x7f D": 1, "\x00": 1, "…": 1})
    FollowedNames(kept).keep(odd)
    names = FollowedNames(kept)
    assert names.relabelling(untouched(odd)).changes == canonical_names({"people": odd.people}).relabelling.changes
    names.keep(State(2, {}), odd)
    names.keep(State(3, odd.people), State(2, {}))
    assert names.relabelling(State(3, odd.people)).changes == FollowedNames(None).relabelling(odd).changes


def test_a_table_that_is_gone_is_no_error(kept: Path) -> None:
    FollowedNames(kept).keep(FIRST)
    table_of(kept).unlink()
    assert FollowedNames(kept).relabelling(FIRST).changes == SHOWN
    assert list(KeptNames(kept).read()) == []


def test_reading_a_damaged_block_is_told(tmp_path: Path) -> None:
    write_table(tmp_path / "a.table", [("a", "1"), ("b", "2")], {})
    (tmp_path / "a.table").write_bytes(b"A" + (tmp_path / "a.table").read_bytes()[1:])
    with pytest.raises(NamesDamaged):
        Table(tmp_path / "a.table").get("b")


LAYERS = st.lists(st.dictionaries(st.integers(0, 30), st.none() | st.integers(), max_size=8), max_size=12)


@given(st.dictionaries(st.integers(0, 30), st.integers(), max_size=20), LAYERS)
def test_a_mapping_with_changes_over_it_is_the_changed_mapping(
    base: dict[int, int], changes: list[dict[int, int | None]]
) -> None:
    layers = Layers(base)
    for change in changes:
        before, was = layers, dict(layers)
        layers = layers.with_changes(change)
        base = {key: value for key, value in {**base, **change}.items() if value is not None}
        assert dict(layers) == base
        assert len(layers) == len(base)
        assert all(layers.get(key) == base.get(key) and (key in layers) == (key in base) for key in range(31))
        assert dict(before) == was


def test_facts_of_nothing_are_nothing() -> None:
    facts = StoredFacts(NoRows())
    assert (facts.count(("person", "Ann")), list(facts.family("person", "=ann")), facts.forms(("person", "Ann"))) == (
        0,
        [],
        [],
    )

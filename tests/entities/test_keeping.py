"""No correction that was reported is lost, and a ledger that cannot be read takes none away."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from searchapp.entities.corrections.keeping import Ledger
from searchapp.entities.corrections.ledger import Correction, read_ledger
from searchapp.errors import LedgerError
from searchapp.files.sealing import sealed, unsealed


def block(name: str) -> Correction:
    return Correction("block", "people", name)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.toml"


def ledger(path: Path) -> Ledger:
    """As a new process has it."""
    return Ledger(path, kept=path.with_name("ledger.kept"))


def labels(corrections: tuple[Correction, ...]) -> list[str]:
    return [correction.label for correction in corrections]


CORRECT = """
import sys, pathlib
from searchapp.entities.corrections.keeping import Ledger
from searchapp.entities.corrections.ledger import Correction
path = pathlib.Path(sys.argv[1])
ledger = Ledger(path, kept=path.with_name("ledger.kept"))
for number in range(25):
    ledger.add(Correction("block", "people", f"{sys.argv[2]}{number}"))
"""


def test_corrections_of_several_processes_and_threads_are_all_kept_in_their_order(path: Path) -> None:
    processes = [subprocess.Popen([sys.executable, "-c", CORRECT, str(path), name]) for name in "AB"]
    one = ledger(path)
    threads = [
        threading.Thread(target=lambda name=name: [one.add(block(f"{name}{n}")) for n in range(10)]) for name in "CD"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.wait() for process in processes] == [0, 0]
    kept = labels(read_ledger(path))
    for name, number in (("A", 25), ("B", 25), ("C", 10), ("D", 10)):
        assert [label for label in kept if label[0] == name] == [f"{name}{n}" for n in range(number)]


def test_mode_and_link_of_a_shared_ledger_are_kept(path: Path, tmp_path: Path) -> None:
    shared = tmp_path / "elsewhere" / "shared.toml"
    shared.parent.mkdir()
    shared.write_text("# shared\n", encoding="utf-8")
    shared.chmod(0o664)
    path.symlink_to(shared)
    ledger(path).add(block("A"))
    assert path.is_symlink()
    assert stat.S_IMODE(shared.stat().st_mode) == 0o664
    assert shared.read_text(encoding="utf-8").startswith("# shared\n")
    assert labels(read_ledger(shared)) == ["A"]
    ledger(path).undo()
    assert shared.read_bytes() == b"# shared\n"


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize(
    "before",
    [
        b"# \xe2\x80\xa8 a \xe2\x80\xa8 remark \xc2\x85 of mine\n",
        b"# no end",
        b"\n\n\n",
        b"\xef\xbb\xbf# marked\r\n\r\n",
        b'[[correction]]\r\naction = "block"\r\nfacet = "people"\r\nlabel = "x\xe2\x80\xa8"\r\n# after\r\n',
    ],
)
def test_undo_leaves_the_rest_to_the_byte(path: Path, before: bytes, new: bool) -> None:
    path.write_bytes(before)
    one = ledger(path)
    states = []
    for name in "ABC":
        states.append(path.read_bytes())
        (ledger(path) if new else one).add(block(name))
    for name, state in zip("CBA", reversed(states), strict=True):
        assert (ledger(path) if new else one).undo().label == name
        assert path.read_bytes() == state
    assert states[0] == before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(remark=st.text(st.characters(exclude_categories=["Cs", "Cc"])), names=st.lists(st.text(min_size=1), max_size=3))
def test_undo_of_what_somebody_wrote_between_takes_that_entry_alone(
    tmp_path: Path, remark: str, names: list[str]
) -> None:
    path = tmp_path / "ledger.toml"
    path.write_text(f"# {remark}\n", encoding="utf-8", newline="")
    ledger(path).clear()
    path.write_text(f"# {remark}\n", encoding="utf-8", newline="")
    for number, _ in enumerate(names):
        ledger(path).add(block(f"P{number}"))
    before = path.read_bytes()
    path.write_bytes(before + f'\n[[correction]]\naction = "block"\nfacet = "people"\nlabel = "X"\n# {remark}'.encode())
    assert ledger(path).undo().label == "X"
    assert labels(read_ledger(path)) == [f"P{number}" for number, _ in enumerate(names)]
    assert path.read_bytes().startswith(before)
    assert path.read_bytes().endswith(f"# {remark}".encode())


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"x = [", "line 1"),
        (b'# fine\n[[correction]]\naction = "praise"\n', "line 3"),
        (b"# fine\n\xff\n", "line 2"),
        (b"", "has no entry any more"),
        (b"# only a remark\n", "has no entry any more"),
        (None, "is gone"),
    ],
)
def test_what_was_read_last_holds_until_the_file_reads_again(
    path: Path, content: bytes | None, told: str, new: bool
) -> None:
    one = ledger(path)
    one.add(block("A"))
    good = path.read_bytes()
    assert one.read().problem == ""
    version = one.read().version
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    now = ledger(path) if new else one
    reading = now.read()
    assert (labels(reading.corrections), reading.version) == (["A"], version)
    assert told in reading.problem
    for change in (lambda: now.add(block("B")), now.undo):
        with pytest.raises(LedgerError, match=told):
            change()
    assert (path.read_bytes() if path.exists() else None) == content
    path.write_bytes(good)
    assert now.read().problem == ""
    now.add(block("B"))
    assert labels(read_ledger(path)) == ["A", "B"]


def test_a_faulty_file_of_which_nothing_good_was_ever_read_is_an_error(path: Path) -> None:
    path.write_text("x = [", encoding="utf-8")
    with pytest.raises(LedgerError, match="line 1"):
        ledger(path).read()


@pytest.mark.parametrize("content", [b"x = [", b"", None])
def test_emptying_on_purpose_is_a_command_and_leaves_what_was_there_beside_it(
    path: Path, content: bytes | None
) -> None:
    ledger(path).add(block("A"))
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    assert ledger(path).clear() == 1
    assert (ledger(path).read().corrections, ledger(path).read().problem) == ((), "")
    if content:
        assert path.with_name("ledger.toml.old").read_bytes() == content
    ledger(path).add(block("B"))
    assert labels(read_ledger(path)) == ["B"]


def test_taking_back_the_last_correction_is_no_vanishing_for_another_process(path: Path) -> None:
    other = ledger(path)
    ledger(path).add(block("A"))
    assert labels(other.read().corrections) == ["A"]
    ledger(path).undo()
    assert (other.read().corrections, other.read().problem) == ((), "")


def test_what_is_kept_of_another_ledger_or_is_damaged_is_not_believed(path: Path, tmp_path: Path) -> None:
    ledger(path).add(block("A"))
    kept = tmp_path / "ledger.kept"
    assert Ledger(tmp_path / "other.toml", kept=kept).read().corrections == ()
    ledger(path).add(block("B"))
    kept.write_bytes(kept.read_bytes().replace(b'"A"', b'"C"'))
    path.write_bytes(b"x = [")
    with pytest.raises(LedgerError, match="line 1"):
        ledger(path).read()


@pytest.mark.parametrize("content", [b"x = [", b"", None])
def test_what_an_earlier_version_kept_without_naming_its_index_is_believed(path: Path, content: bytes | None) -> None:
    ledger(path).add(block("A"))
    kept = path.with_name("ledger.kept")
    about, _, data = unsealed("ledger", kept.read_bytes()).partition(b"\n")
    values = json.loads(about)
    del values["index"]
    kept.write_bytes(sealed("ledger", json.dumps(values).encode() + b"\n" + data))
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    reading = Ledger(path, kept=kept, index=lambda: "this index").read()
    assert (labels(reading.corrections), bool(reading.problem)) == (["A"], True)


def test_what_is_added_by_hand_counts_at_once_and_its_faults_are_told_with_their_line(path: Path) -> None:
    one = ledger(path)
    one.add(block("A"))
    text = path.read_text(encoding="utf-8")
    path.write_text(f'{text}note = "mine"\n\n[[correction]]\naction = "block"\nfacet = "people"\nlabel = "B"\n')
    assert [(c.label, c.note, c.line) for c in one.read().corrections] == [("A", "mine", 3), ("B", "", 9)]
    path.write_text(path.read_text() + '\n[[correction]]\naction = "block"\nfacet = "people"\nlabel = "A"\n')
    assert "line 14" in one.read().problem
    assert labels(one.read().corrections) == ["A", "B"]


def test_no_file_of_a_correction_stays_behind(path: Path) -> None:
    for name in "ABC":
        ledger(path).add(block(name))
    ledger(path).undo()
    assert sorted(os.listdir(path.parent)) == [".ledger.toml.lock", "ledger.kept", "ledger.toml"]

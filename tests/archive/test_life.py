"""Whichever call fails, and whenever the power is cut: a committed state, nothing that was done lost, nothing left.

`python tests/benchmarks/crashes.py` tries every call; here some of each step are.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.archive.life import STEPS, cut_power, fail_at_calls, live_on_windows


def test_a_call_that_fails_leaves_the_state_before_or_after_and_the_next_try_succeeds(tmp_path: Path) -> None:
    done = fail_at_calls(tmp_path / "root", random.Random(11), most=1)
    assert done.keys() == {step.name for step in STEPS}


@pytest.mark.skipif(os.name != "posix", reason="open files move with their folder on POSIX only")
def test_a_power_cut_leaves_the_state_before_or_after_and_never_undoes_what_was_done(tmp_path: Path) -> None:
    done = cut_power(tmp_path / "root", random.Random(12), most=1)
    assert done.keys() == {step.name for step in STEPS}


def test_where_open_files_cannot_be_replaced_all_steps_succeed_beside_a_reader_and_leave_nothing_once_it_has_gone(
    tmp_path: Path,
) -> None:
    windows = live_on_windows(tmp_path / "root", busy=1)
    assert windows.denied["remove"]
    assert windows.denied["replace"]
    assert windows.denied["read"]

"""Lengths in one byte are those of Lucene's code."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.columnar.format.lengths import LENGTHS, length_codes
from searchapp.engines.rules import counted_length


def counted(length: int) -> int:
    return int(LENGTHS[length_codes(np.array([length]))[0]])


def test_lengths_below_40_are_exact() -> None:
    assert [counted(length) for length in range(40)] == list(range(40))


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (40, 40),
        (41, 40),
        (42, 42),
        (55, 54),
        (56, 56),
        (59, 56),
        (60, 60),
        (87, 84),
        (88, 88),
        (95, 88),
        (100, 96),
        (1_000, 984),
        (100_000, 98_328),
        (2**31 - 1, 2_013_265_944),
    ],
)
def test_longer_ones_keep_their_four_highest_bits_above_24(length: int, expected: int) -> None:
    assert counted(length) == counted_length(length) == expected


def test_the_codes_rise_with_what_they_stand_for() -> None:
    assert (np.diff(LENGTHS) > 0).all()
    assert (LENGTHS[39], LENGTHS[40], LENGTHS[255]) == (39, 40, 2_013_265_944)
    assert length_codes(LENGTHS).tolist() == list(range(256))


@given(st.lists(st.integers(0, 2_000) | st.integers(0, 2**31 - 1), min_size=1))
def test_few_and_many_lengths_have_the_same_codes_as_the_rule_of_all_engines(lengths: list[int]) -> None:
    assert LENGTHS[length_codes(np.array(lengths))].tolist() == [counted_length(length) for length in lengths]

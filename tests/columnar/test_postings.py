"""Posting lists come back as they were written, however narrow they are kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.columnar.format import postings as postings_module
from searchapp.columnar.format.pages import SectionFile, SectionWriter
from searchapp.columnar.format.postings import Postings, PostingsWriter, Rows

# At the borders of what half a byte, a byte, one and a half and two bytes hold.
EDGES = (0, 1, 2, 15, 16, 255, 256, 4_095, 4_096, 65_535, 65_536)
FREQUENCY = st.sampled_from([1, 1, 1, 2, 15, 16, 255, 256])


@st.composite
def terms(draw: st.DrawFn) -> list[list[tuple[int, list[tuple[int, int]]]]]:
    """For each term its articles, for each the position and form of each occurrence."""
    found = []
    for _ in range(draw(st.integers(1, 6))):
        docs = sorted(draw(st.sets(st.sampled_from(EDGES), min_size=1, max_size=5)))
        top = draw(st.sampled_from(EDGES[1:]))
        form = draw(st.sampled_from([0, 1, 15, 16, 255, 256]))
        held = []
        for doc in docs:
            frequency = draw(FREQUENCY)
            held.append((doc, [(top + step, form if step % 2 else 0) for step in range(frequency)]))
        found.append(held)
    return found


def written(folder: Path, rows: list[Rows]) -> Postings:
    path = folder / "section"
    path.unlink(missing_ok=True)
    file = SectionWriter(path)
    writer = PostingsWriter(file, "f")
    for some in rows:
        writer.add(some)
    writer.finish()
    size, crc = file.finish({})
    return Postings(SectionFile(path, size=size, crc=crc), "f")


def rows_of(terms: list[list[tuple[int, list[tuple[int, int]]]]]) -> Rows:
    postings = [posting for term in terms for posting in term]
    occurrences = [one for _, held in postings for one in held]
    return Rows(
        df=np.array([len(term) for term in terms]),
        docs=np.array([doc for doc, _ in postings]),
        tf=np.array([len(held) for _, held in postings]),
        positions=np.array([position for position, _ in occurrences], np.uint32),
        forms=np.array([form for _, form in occurrences], np.uint16),
    )


@settings(deadline=None, max_examples=60)
@given(terms(), st.data())
def test_every_way_of_keeping_postings_gives_back_what_was_put_in(
    tmp_path_factory: pytest.TempPathFactory,
    terms: list[list[tuple[int, list[tuple[int, int]]]]],
    data: st.DataObject,
) -> None:
    kept = written(tmp_path_factory.getbasetemp(), [rows_of(terms)])
    for number, term in enumerate(terms):
        positions = [position for _, held in term for position, _ in held]
        forms = [form for _, held in term for _, form in held]
        tf, own_forms = kept.tf(number), kept.forms(number)
        assert kept.docs(number).tolist() == [doc for doc, _ in term]
        assert ([1] * len(term) if tf is None else tf.tolist()) == [len(held) for _, held in term]
        assert kept.positions(number).tolist() == positions
        assert ([0] * len(forms) if own_forms is None else own_forms.tolist()) == forms
        places = data.draw(st.lists(st.integers(0, len(positions) - 1), max_size=5))
        assert kept.positions(number, np.array(places, np.int64)).tolist() == [positions[place] for place in places]
    start = data.draw(st.integers(0, len(terms) - 1))
    stop = data.draw(st.integers(start + 1, len(terms)))
    chosen = sorted(data.draw(st.sets(st.integers(0, len(terms) - 1), min_size=1)))
    for found, wanted in (
        (kept.rows(start, stop), rows_of(terms[start:stop])),
        (kept.select(np.array(chosen), forms=True), rows_of([terms[number] for number in chosen])),
    ):
        assert wanted.positions is not None
        assert wanted.forms is not None
        assert found.docs.tolist() == wanted.docs.tolist()
        assert found.frequencies().tolist() == wanted.frequencies().tolist()
        assert found.positions is None or found.positions.tolist() == wanted.positions.tolist()
        assert (found.forms if found.forms is not None else wanted.forms * 0).tolist() == wanted.forms.tolist()


def test_chunks_start_anew_on_a_whole_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings_module, "CHUNK_OCCURRENCES", 4)
    terms = [[(1, [(300, 1), (301, 0), (302, 2)])], [(2, [(7, 1), (900, 3), (901, 0)])], [(0, [(5, 3), (6, 0)])]]
    kept = written(tmp_path, [rows_of(terms)])
    assert [kept.positions(number).tolist() for number in range(3)] == [[300, 301, 302], [7, 900, 901], [5, 6]]
    assert [forms.tolist() for number in range(3) if (forms := kept.forms(number)) is not None] == [
        [1, 0, 2],
        [1, 3, 0],
        [3, 0],
    ]


def test_weights_need_not_be_whole_where_there_are_no_positions(tmp_path: Path) -> None:
    weights = [2.0, 15.0, 3.0, 0.5, 16.0, 70_000.0]
    rows = Rows(df=np.array([2, 1, 1, 2]), docs=np.array([0, 4, 1, 2, 3, 5]), tf=np.array(weights, np.float32))
    kept = written(tmp_path, [rows])
    assert [None if (tf := kept.tf(number)) is None else tf.tolist() for number in range(4)] == [
        [2, 15],
        [3],
        [0.5],
        [16, 70_000],
    ]

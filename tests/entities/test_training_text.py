"""What the model is trained on: labelled text read as running text, names changed, the model file, a tiny fit."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from searchapp.entities.recognising.gazetteers import Gazetteers, pack_phrases
from searchapp.entities.recognising.packing import read_model, write_model
from searchapp.entities.recognising.tokens import hash_words, tokenise
from searchapp.errors import RecogniserError
from searchapp.training.corpora import Labelled, plain_documents, read_labelled, shouted
from searchapp.training.renaming import Pools, renamed

TOKENS = """-DOCSTART-\tO

"\tO
Ruben\tB-PER
Vardanyan\tI-PER
's\tO
U.S.\tB-LOC
-\tO
based\tO
firm\tO
,\tO
"\tO
he\tO
said\tO
.\tO

-DOCSTART-\tO

Vardanyan\tB-PER
left\tO
"""
POOLS = Pools(
    forenames=["Ana"], surnames=["Silva"], places=["Quito"], large=frozenset({"Kenya"}), universities=["Makerere"],
    parties=["Forum"], clubs=["Al Ahly"], companies=["Acme"], bodies=["Red Cross"], acronyms=["XYZ"],
)  # fmt: skip


@pytest.fixture
def documents(tmp_path: Path) -> list[Labelled]:
    path = tmp_path / "some.iob2"
    path.write_text(TOKENS, encoding="utf-8")
    return list(read_labelled(path))


def test_tokens_become_running_text_with_labelled_stretches(documents: list[Labelled]) -> None:
    first, second = documents
    assert first.text == '"Ruben Vardanyan\'s U.S.-based firm," he said.\n\n'
    assert [(first.text[start:end], kind) for start, end, kind in first.spans] == [
        ("Ruben Vardanyan", 0),
        ("U.S.", 1),
    ]
    assert second.spans == ((0, 9, 0),)


def test_capitals_keep_every_offset(documents: list[Labelled]) -> None:
    loud = shouted(documents[0], 1.0, random.Random(1))
    assert loud.text == documents[0].text.upper()
    assert loud.spans == documents[0].spans


def test_a_changed_name_is_changed_alike_everywhere() -> None:
    text = "Jane Doe left Lagos for Kenya. Doe leads Globex. GLBX and Lagos wait."
    names = [
        ("Jane Doe", 0),
        ("Lagos", 1),
        ("Kenya", 1),
        ("Doe", 0),
        ("Globex", 2),
        ("GLBX", 2),
        ("Lagos", 1),
    ]
    spans, at = [], 0
    for name, kind in names:
        start = text.index(name, at)
        at = start + len(name)
        spans.append((start, at, kind))
    fresh = renamed(Labelled(text, tuple(spans)), POOLS, 1.0, random.Random(1))
    found = [fresh.text[start:end] for start, end, _ in fresh.spans]
    assert found[:4] == ["Ana Silva", "Quito", "Kenya", "Silva"]
    assert found[4] in {"Acme", "Red Cross", "Al Ahly"}
    assert found[5:] == ["XYZ", "Quito"]
    assert [kind for _, _, kind in fresh.spans] == [kind for _, kind in names]


def test_summaries_lose_the_agencies_at_their_end(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Rain falls in Lima. (Reuters) (AFP via Dawn)\nMore rain.\n\nSun.\n", encoding="utf-8"
    )
    assert list(plain_documents(tmp_path)) == ["Rain falls in Lima.\n\nMore rain.", "Sun."]


def test_a_model_file_gives_back_what_was_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    weights = {"known": rng.normal(size=(9, 4)).astype(np.float32), "out": np.eye(3, dtype=np.float32)}
    write_model(tmp_path / "m.npz", weights)
    back = read_model(tmp_path / "m.npz")
    assert set(back) == set(weights)
    assert np.abs(back["known"] - weights["known"]).max() < 0.03
    assert (back["out"] == weights["out"]).all()


@pytest.mark.parametrize("content", [b"", b"not a model", b"PK\x03\x04 cut off"])
def test_a_damaged_model_file_is_an_error_that_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m.npz"
    path.write_bytes(content)
    with pytest.raises(RecogniserError, match=r"cannot read the model .*; install searchapp again"):
        read_model(path)


def listed(**lists: list[str]) -> Gazetteers:
    phrases, bits = pack_phrases({name.replace("_", " "): names for name, names in lists.items()})
    words = np.sort(hash_words(["ana"]) >> np.uint64(32)).astype(np.uint32)
    return Gazetteers(phrases, bits, words, np.array([1], np.uint16))


def test_the_longest_listed_name_wins_within_its_list() -> None:
    gazetteers = listed(country=["Guinea", "Equatorial Guinea"], large_city=["São Tomé", "Guinea"])
    tokens = tokenise("Equatorial Guinea and sao tome")
    marks = gazetteers.of_phrases(tokens, np.arange(5)).tolist()
    country, city = 1, 2
    assert marks[0] == country << 20
    assert marks[1] == country << 40 | city
    assert marks[2] == 0
    assert marks[3:] == [city << 20, city << 40]


def test_a_listed_name_does_not_cross_a_sentence() -> None:
    gazetteers = listed(country=["Equatorial Guinea"])
    tokens = tokenise("It is Equatorial.\n\nGuinea is not.")
    assert not gazetteers.of_phrases(tokens, np.arange(len(tokens))).any()


def test_a_fit_learns_what_it_is_shown() -> None:
    pytest.importorskip("torch", reason="needs PyTorch; pip install 'searchapp[train]'")
    from searchapp.entities.recognising.base import Passage
    from searchapp.entities.recognising.tagger import Tagger
    from searchapp.training.network import Plan, assemble, fit

    texts = [
        ("Ana left Quito today.", [(0, 3, 0), (9, 14, 1)]),
        ("In Quito we met Ana.", [(3, 8, 1), (16, 19, 0)]),
    ]
    documents = [Labelled(text + "\n\n", tuple(spans)) for text, spans in texts * 30]
    gazetteers = listed(large_city=["Quito"])
    keys, vectors = np.sort(hash_words(["left", "met"])), np.eye(2, 64, dtype=np.float32)
    plan = Plan(width=8, hidden=16, rounds=20, step=40, rate=0.01)
    corpus = assemble([("some", documents)], gazetteers)
    one, two = (fit(corpus, gazetteers, keys, vectors, ["the", "left"], plan) for _ in range(2))
    assert all((one[name] == two[name]).all() for name in one)
    spans = Tagger(one).spans([Passage("", texts[0][0])])[0]
    assert [(span.start, span.end, span.kind) for span in spans] == [(0, 3, "person"), (9, 14, "place")]


def test_a_fit_learns_from_a_teacher_what_no_label_says() -> None:
    pytest.importorskip("torch", reason="needs PyTorch; pip install 'searchapp[train]'")
    from searchapp.entities.recognising.base import Passage
    from searchapp.entities.recognising.batches import BLOCK_CHARS
    from searchapp.entities.recognising.tagger import load_tagger
    from searchapp.training.network import assemble

    teacher = load_tagger()
    text = "President Yoweri Museveni of Uganda met the World Health Organization in Nairobi.\n\n"
    documents = [Labelled(text, ())] * (BLOCK_CHARS // len(text) + 10)
    corpus = assemble([("some", documents)], teacher.gazetteers, teacher=teacher)
    opinions = corpus.opinions
    assert opinions is not None
    assert len(opinions) == len(corpus.tags)
    # However the documents are dealt out, each gets what the teacher thinks of it alone.
    each = opinions.reshape(len(documents), -1)
    assert (each == each[0]).all()
    alone = assemble([("some", documents[:1])], teacher.gazetteers, teacher=teacher).opinions
    assert alone is not None
    assert np.allclose(each[0], alone.reshape(-1), atol=1e-2)
    assert teacher.spans([Passage("", text)])[0]

"""Files within ZIP and TAR archives are read as if they lay in a folder, within the same limits."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.corpus.decoding.base import Yielded
from searchapp.corpus.reading.file import Limits, read_here
from searchapp.corpus.reading.walker import read_file
from searchapp.model.article import Article
from searchapp.model.result import Noted, Skipped

FOG = b"Fog closes the port\n\nThe port of Whitby was closed on Monday, the harbour master said."
TABLE = b"title,body\nOne,First words of it.\nTwo,Second words of it.\n"
PAGE = (
    b"<html><head><title>Crane falls</title></head><body><article><p>"
    + b"The crane fell. " * 20
    + b"</p></article></body></html>"
)


def boxed(kind: str, files: dict[str, bytes]) -> bytes:
    """A ZIP or TAR archive of these files; a TAR compressed as the rest of `kind` says."""
    out = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
            for name, content in files.items():
                box.writestr(name, content)
        return out.getvalue()
    with tarfile.open(fileobj=out, mode="w") as tape:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            entry.mtime = 1_693_800_000
            tape.addfile(entry, io.BytesIO(content))
    return packed(kind.removeprefix("tar").removeprefix("."), out.getvalue())


def packed(kind: str, content: bytes) -> bytes:
    compress = zstandard.ZstdCompressor().compress
    return {"": bytes, "gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": compress}[kind](content)


def read(path: Path, *, max_bytes: int = 1 << 26) -> list[Yielded]:
    return [found for _, found in read_here(str(path), Limits(max_bytes=max_bytes), {})]


FILES = {"2023/fog.txt": FOG, "2023/table.csv": TABLE, "page.html": PAGE}


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst"])
def test_every_file_within_a_box_is_read_as_what_it_is(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"box.{kind}"
    path.write_bytes(boxed(kind, FILES))
    found = read(path)
    assert [(one.title, one.path, one.position) for one in found if isinstance(one, Article)] == [
        ("Fog closes the port", str(path / "2023" / "fog.txt"), 0), ("One", str(path / "2023" / "table.csv"), 0),
        ("Two", str(path / "2023" / "table.csv"), 1), ("Crane falls", str(path / "page.html"), 0),
    ]  # fmt: skip


def test_an_article_has_the_same_id_within_a_box_as_without_one(tmp_path: Path) -> None:
    (tmp_path / "fog.txt").write_bytes(FOG)
    (tmp_path / "box.zip").write_bytes(boxed("zip", {"fog.txt": FOG}))
    first, second = (read(tmp_path / name)[0] for name in ("fog.txt", "box.zip"))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.id, first.fingerprint) == (second.id, second.fingerprint)


@pytest.mark.parametrize("kind", ["bz2", "xz", "zst"])
def test_a_file_compressed_by_itself_is_read_like_one_that_is_not(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"table.csv.{kind}"
    path.write_bytes(packed(kind, TABLE))
    assert [one.title for one in read(path) if isinstance(one, Article)] == ["One", "Two"]


@pytest.mark.parametrize("kind", ["bz2", "xz"])
def test_a_cut_compressed_file_says_so(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"fog.txt.{kind}"
    path.write_bytes(packed(kind, FOG * 500)[:-20])
    (skipped,) = read(path)
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith(("truncated", "damaged"))


def test_what_is_wrong_with_a_file_within_a_box_names_it(tmp_path: Path) -> None:
    path = tmp_path / "box.zip"
    path.write_bytes(boxed("zip", {"a/photo.txt": b"\x89PNG\r\n" + bytes(50), "fog.txt": FOG, "empty.txt": b""}))
    found = read(path)
    assert [(one.place, one.reason) for one in found if isinstance(one, Skipped)] == [
        ("a/photo.txt", "a/photo.txt: binary: a PNG image"), ("empty.txt", "empty.txt: empty")
    ]  # fmt: skip
    assert sum(isinstance(one, Article) for one in found) == 1


def test_hidden_files_of_a_box_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "box.zip"
    path.write_bytes(boxed("zip", {"__MACOSX/._fog.txt": b"x", ".git/a.txt": FOG, "fog.txt": FOG}))
    assert [type(one) for one in read(path)] == [Article]


def test_a_box_within_a_box_is_opened_and_one_far_within_is_not(tmp_path: Path) -> None:
    content = boxed("zip", {"fog.txt": FOG})
    path = tmp_path / "box.zip"
    path.write_bytes(boxed("tar.gz", {"inner.zip": content}))
    assert [type(one) for one in read(path)] == [Article]
    for number in range(4):
        content = boxed("zip", {f"{number}.zip": content})
    path.write_bytes(content)
    (skipped,) = read(path)
    assert isinstance(skipped, Skipped)
    assert "boxes within boxes" in skipped.reason


def test_names_that_lead_out_of_a_box_lead_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "in" / "box.zip"
    path.parent.mkdir()
    path.write_bytes(boxed("zip", {"../../evil.txt": FOG, "/etc/passwd.txt": FOG}))
    assert [one.path for one in read(path)] == [str(path / "evil.txt"), str(path / "etc" / "passwd.txt")]
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "in", path]


def test_a_file_within_a_box_is_held_to_the_limit_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "box.zip"
    path.write_bytes(boxed("zip", {"large.txt": b"word " * 100_000, "fog.txt": FOG}))
    found = read(path, max_bytes=100_000)
    assert [type(one) for one in found] == [Skipped, Article]
    assert "larger than" in str(found[0])
    path.write_bytes(boxed("tar", {"large.txt": b"word " * 100_000, "fog.txt": FOG}))
    assert [type(one) for one in read(path, max_bytes=100_000)] == [Skipped, Article]


def test_a_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("searchapp.corpus.reading.boxes._FREE_BYTES", 1 << 18)
    path = tmp_path / "bomb.zip"
    path.write_bytes(boxed("zip", {f"{number}.csv": b"title,body\n" + b"a,b\n" * 100_000 for number in range(4)}))
    found = read(path)
    assert any("times its size" in one.reason for one in found if isinstance(one, Skipped))


def test_an_encrypted_file_says_what_to_do(tmp_path: Path) -> None:
    content = bytearray(boxed("zip", {"fog.txt": FOG}))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + at] |= 1
    path = tmp_path / "box.zip"
    path.write_bytes(bytes(content))
    (skipped,) = read(path)
    assert isinstance(skipped, Skipped)
    assert "encrypted" in skipped.reason


def test_a_box_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "box.zip"
    path.write_bytes(boxed("zip", FILES))
    assert [type(one) for one in read_file(path)] == [Article] * 4


@settings(max_examples=40, deadline=None)
@given(kind=st.sampled_from(["zip", "tar", "tar.gz"]), data=st.data())
def test_a_damaged_box_is_read_or_reported_and_nothing_else(
    kind: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = bytearray(boxed(kind, FILES))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    path = tmp_path_factory.mktemp("damaged") / f"box.{kind}"
    path.write_bytes(bytes(whole[:cut]) if data.draw(st.booleans()) else bytes(whole))
    for found in read(path):
        assert isinstance(found, Article | Skipped | Noted)
        assert not isinstance(found, Skipped) or "cannot be read as" not in found.reason, found


def test_what_may_be_read_of_a_small_file_within_a_box_takes_no_memory(tmp_path: Path) -> None:
    entry = b"<entry><title>Fog</title><content>Fog came.</content></entry>"
    feed = b'<feed xmlns="http://www.w3.org/2005/Atom">' + entry + b"</feed>"
    (tmp_path / "box.zip").write_bytes(boxed("zip", {f"{number}.atom": feed for number in range(3)}))
    assert [type(one) for one in read_file(tmp_path / "box.zip", memory_bytes=128 << 20)] == [Article] * 3

from __future__ import annotations

import gzip
import inspect
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from searchapp.corpus import read_file, walk
from searchapp.corpus.decoding.base import Format, Source, Yielded
from searchapp.corpus.decoding.streams import source_of
from searchapp.corpus.reading import registry
from searchapp.corpus.reading import walker as walker_module
from searchapp.corpus.reading.walker import find_files
from searchapp.errors import UnreadableFile, UsageError
from searchapp.model.article import Article
from searchapp.model.result import Skipped

TEXT = "Talks resume in Geneva\n\nDelegates met.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "b.txt",
        "a.txt",
        "sub/c.md",
        "sub/.hidden.txt",
        ".git/d.txt",
        "README.md",
        "LICENSE",
        "sub/readme.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(TEXT)
    return tmp_path


def names(found: Iterator[Yielded]) -> list[str]:
    return [Path(item.path).name for item in found if isinstance(item, Article)]


def reason(found: Iterator[Yielded]) -> str:
    (item,) = found
    assert isinstance(item, Skipped)
    return item.reason


def test_folders_are_walked_in_order_and_hidden_files_and_readmes_passed_over(folder: Path) -> None:
    assert names(walk(folder)) == ["a.txt", "b.txt", "c.md"]
    assert not [item for item in walk([folder]) if isinstance(item, Skipped)]


def test_a_file_named_outright_is_read_whatever_its_name(folder: Path) -> None:
    assert names(walk([folder / "README.md", folder / "sub/.hidden.txt"])) == ["README.md", ".hidden.txt"]


def test_patterns_are_expanded_in_order(folder: Path) -> None:
    assert names(walk(str(folder / "*.txt"))) == ["a.txt", "b.txt"]
    assert names(walk(str(folder / "**" / "*.md"))) == ["c.md"]
    assert reason(walk(str(folder / "*.xyz"))) == "no file matches this pattern"


def test_a_name_with_brackets_that_exists_is_no_pattern(tmp_path: Path) -> None:
    (tmp_path / "a[1].txt").write_text(TEXT)
    assert names(walk(tmp_path / "a[1].txt")) == ["a[1].txt"]


def test_no_file_is_read_twice(folder: Path) -> None:
    (folder / "link.txt").symlink_to(folder / "a.txt")
    assert names(walk([folder / "a.txt", folder, str(folder / "*.txt")])) == ["a.txt", "b.txt", "c.md"]


def test_folders_are_read_however_deeply_they_are_nested(tmp_path: Path) -> None:
    depth = 200
    deepest = tmp_path.joinpath(*["d"] * depth)
    deepest.mkdir(parents=True)
    for path in (deepest / "deep.txt", tmp_path / "top.txt"):
        path.write_text("Fog\n\nFog over the harbour.", encoding="utf-8")
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + depth // 2)
    try:
        found = list(find_files([tmp_path]))
    finally:
        sys.setrecursionlimit(before)
    assert found == [str(deepest / "deep.txt"), str(tmp_path / "top.txt")]


def test_links_that_lead_round_in_circles_end(folder: Path) -> None:
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "gone.txt").symlink_to("nowhere.txt")
    found = list(walk(folder))
    assert len([item for item in found if isinstance(item, Article)]) == 3
    assert sorted(Path(item.path).name for item in found if isinstance(item, Skipped)) == ["gone.txt", "self.txt"]


def test_a_path_that_is_not_there_is_reported(tmp_path: Path) -> None:
    assert reason(walk(tmp_path / "nothing.txt")) == "no such file or folder"
    assert reason(walk("odd\0name")) == "no such file or folder"


def test_an_empty_file_and_one_of_blanks_are_reported_as_empty(tmp_path: Path) -> None:
    for content in (b"", b" \n\t\r\n", b"\xef\xbb\xbf", b"\0\0"):
        (tmp_path / "a.txt").write_bytes(content)
        assert reason(read_file(tmp_path / "a.txt")) == "empty"


def test_binary_files_are_reported_with_their_kind(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\x89PNG\r\n" + bytes(50))
    assert reason(read_file(tmp_path / "a.txt")) == "binary: a PNG image"
    (tmp_path / "a.txt").write_bytes(random.Random(1).randbytes(5000))
    assert reason(read_file(tmp_path / "a.txt")) == "binary, not text"
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04" + bytes(50))
    assert reason(read_file(tmp_path / "a.docx")) == "damaged: the document breaks off; fetch it again"
    (tmp_path / "a.doc").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(50))
    assert "save it as text first" in reason(read_file(tmp_path / "a.doc"))


def test_a_file_of_unknown_type_is_reported_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("print('news')\n")
    assert reason(read_file(tmp_path / "a.py")).startswith(
        "unknown type '.py'; convert it to one of .alto, .anpa, .arc, .atom, .csv"
    )


def test_text_without_an_ending_is_plain_text(tmp_path: Path) -> None:
    (tmp_path / "article").write_text(TEXT)
    assert names(read_file(tmp_path / "article")) == ["article"]


def test_compressed_files_are_read_like_others(tmp_path: Path) -> None:
    for name in ("a.txt.gz", "b.csv.gz", "C.JSONL.GZ"):
        content = {"a": TEXT, "b": "title,body\nA,x\n", "C": '{"title": "A"}\n{"title": "B"}\n'}[name[0]]
        (tmp_path / name).write_bytes(gzip.compress(content.encode()))
    assert names(walk(tmp_path)) == ["C.JSONL.GZ", "C.JSONL.GZ", "a.txt.gz", "b.csv.gz"]


def test_compression_shows_in_the_content_not_in_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(gzip.compress(TEXT.encode()))
    (tmp_path / "b.txt.gz").write_text(TEXT)
    assert names(walk(tmp_path)) == ["a.txt", "b.txt.gz"]


def test_a_cut_compressed_file_gives_what_can_be_read_and_says_so(tmp_path: Path) -> None:
    rows = "".join(f"{random.Random(n).getrandbits(900)},text\n" for n in range(3000))
    whole = gzip.compress(f"title,body\n{rows}".encode())
    (tmp_path / "a.csv.gz").write_bytes(whole[: len(whole) // 2])
    *articles, last = read_file(tmp_path / "a.csv.gz")
    assert isinstance(last, Skipped)
    assert last.reason == "truncated: the compressed data ends too early"
    assert all(isinstance(item, Article) for item in articles)


def test_damaged_compressed_data_is_reported(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(TEXT.encode() * 200))
    whole[20:30] = b"0123456789"
    (tmp_path / "a.txt.gz").write_bytes(whole)
    assert reason(read_file(tmp_path / "a.txt.gz")).startswith(("damaged compressed data", "truncated"))


def test_a_bomb_is_stopped_at_the_limit_of_its_decompressed_size(tmp_path: Path) -> None:
    for name, start in (("a.txt.gz", b""), ("a.csv.gz", b'title,body\nA,"'), ("a.json.gz", b'[{"title": "')):
        with gzip.open(tmp_path / name, "wb", compresslevel=1) as stream:
            stream.write(start)
            for _ in range(16):
                stream.write(b"ab\n " * (1 << 18))
        assert (tmp_path / name).stat().st_size < 1 << 20
        assert reason(read_file(tmp_path / name, max_bytes=1 << 20)).startswith(("larger than 1 MB", "broken JSON"))


def test_a_file_past_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    assert reason(read_file(tmp_path / "a.txt", max_bytes=10)).startswith("larger than 10 bytes")


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert reason(walk(tmp_path)) == "no regular file"


def test_files_and_folders_that_may_not_be_read_are_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listdir, status = os.listdir, os.stat

    def refuse_folder(path: str) -> list[str]:
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied")
        return listdir(path)

    def refuse_file(path: str, **options: bool) -> os.stat_result:
        if str(path).endswith("b.txt"):
            raise PermissionError(13, "Permission denied")
        return status(path, **options)

    monkeypatch.setattr(walker_module.os, "listdir", refuse_folder)
    monkeypatch.setattr(walker_module.os, "stat", refuse_file)
    found = list(walk(folder))
    assert Skipped(str(folder / "sub"), "permission denied") in found
    assert Skipped(str(folder / "b.txt"), "permission denied") in found
    assert len(found) == 3


def test_a_fault_in_a_reader_costs_one_file_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: Source) -> Iterator[Yielded]:
        raise RuntimeError("a fault\nin two lines")

    broken = Format("plain text", (".txt",), recognises=lambda head: False, read=fail)
    original = registry.format_of
    monkeypatch.setattr(
        registry,
        "format_of",
        lambda source: broken if source.path.endswith("a.txt") else original(source),
    )
    first, *others = walk(folder)
    assert isinstance(first, Skipped)
    assert first.reason == "cannot be read as plain text: RuntimeError: a fault in two lines"
    assert len(others) == 2


def test_a_field_that_does_not_exist_is_refused_at_once(folder: Path) -> None:
    with pytest.raises(UsageError, match="there is no field 'colour'"):
        walk(folder, columns={"colour": "x"})


def test_positions_and_ids_are_stable_from_run_to_run(folder: Path) -> None:
    assert list(walk(folder)) == list(walk(folder))


def test_the_seeds_of_the_project_are_all_read(repository: Path) -> None:
    found = list(walk(repository / "seeds"))
    assert not [item for item in found if isinstance(item, Skipped)]


PIECES = [
    "<html>", "<p>", "</p>", "<script>", "<rss version='2.0'>", "<channel>", "<item>", "<title>", "</title>", "<feed>",
    "<entry>", "&amp;", "&x;", "<![CDATA[", "]]>", "<!DOCTYPE x [", "]>", '{"title": "A"', '"body":', "[", "]", "}",
    "\n", '"', "title,body\n", "sep=;\n", "---\n", "# A\n", "By Jane Doe\n", "KYIV (AP) - ", " | ", "2023-09-22", "\0",
    "\ufeff", "\ud7ff", "text ",
]  # fmt: skip
MARKUP = st.lists(st.sampled_from(PIECES), max_size=40).map(lambda pieces: "".join(pieces).encode("utf-8"))

GENERAL = [
    form for form in registry.FORMATS
    if form.name in ("RSS or Atom", "JSON Feed", "HTML", "JSON Lines", "JSON", "CSV or TSV", "Markdown", "plain text")
]  # fmt: skip


@pytest.mark.parametrize("form", GENERAL, ids=lambda form: form.name)
@given(data=st.binary(max_size=400) | MARKUP)
@example(data=b"")
@example(data=b"\xff\xfe\x00")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_make_a_reader_raise_anything_but_unreadable_file(tmp_path: Path, form: Format, data: bytes) -> None:
    path = tmp_path / f"a{form.suffixes[0]}"
    path.write_bytes(data)
    form.recognises(data)
    source = source_of(str(path), path.stat(), max_bytes=1 << 20, columns={})
    try:
        found = list(form.read(source))
    except UnreadableFile:
        return
    for item in found:
        assert item.path == str(path)
        if isinstance(item, Article):
            assert item.title or item.body
            assert "\0" not in item.title + item.body

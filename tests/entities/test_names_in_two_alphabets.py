"""A name with letters that English does not have is found however it is typed; on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from searchapp import Archive, Article
from searchapp.engines.whoosh.schema import ENGLISH
from searchapp.errors import OtherVersion
from searchapp.files.sealing import sealed, unsealed
from searchapp.model.article import Mention


@pytest.fixture(params=["memory", "folder"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(":memory:" if request.param == "memory" else tmp_path, create=True) as opened:
        yield opened


def naming(number: int, name: str) -> Article:
    mention = Mention(0, len(name), name, "person", name)
    return Article(id=f"a{number}", body=f"{name} spoke.", mentions=(mention,))


def found(archive: Archive, query: str) -> set[str]:
    return {hit.article.id for hit in archive.search(query).hits}


@pytest.mark.parametrize("names", [("Ilham Aliyev", "İlham Əliyev"), ("İlham Əliyev", "İlham Əliyev", "Ilham Aliyev")])
def test_a_person_is_found_by_either_spelling_of_the_name(archive: Archive, names: tuple[str, ...]) -> None:
    archive.add([naming(number, name) for number, name in enumerate(names)], recognise=False)
    assert [value.count for value in archive.facet("people").values] == [len(names)]
    everything = {f"a{number}" for number in range(len(names))}
    for query in ("aliyev", "əliyev", "ƏLİYEV"):
        assert found(archive, f"person:{query}") == everything
        assert found(archive, query) == everything
    for name in names:
        assert archive.search(people=name).total == len(names)


@pytest.mark.parametrize(
    ("names", "query"),
    [
        (("Anna Weiß", "Anna Weiss"), "weiss"),
        (("Jon Þórsson", "Jon Thorsson"), "thorsson"),
        (("Lech Wałęsa", "Lech Walesa"), "walesa"),
        (("John Garaŋ", "John Garang"), "garang"),
    ],
)
def test_names_that_differ_in_such_a_letter_are_one(archive: Archive, names: tuple[str, str], query: str) -> None:
    archive.add([naming(number, name) for number, name in enumerate(names)], recognise=False)
    assert [value.count for value in archive.facet("people").values] == [2]
    assert found(archive, f"person:{query}") == {"a0", "a1"}


@pytest.mark.parametrize(("name", "advice"), [("english-1", "searchapp rebuild"), ("english-9", "update the program")])
def test_an_index_whose_words_were_read_otherwise_is_refused_with_advice(
    tmp_path: Path, name: str, advice: str
) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        archive.add([naming(1, "İlham Əliyev")], recognise=False)
    contents = tmp_path / "contents.json"
    body = unsealed("columnar", contents.read_bytes())
    contents.write_bytes(sealed("columnar", body.replace(ENGLISH.name.encode(), name.encode())))
    with pytest.raises(OtherVersion, match=advice):
        Archive.open(tmp_path)

"""What cannot be stored is refused when it is said, with the name of its field, and nothing of it is written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from searchapp import Archive, Article, InvalidArticle, InvalidRequest, Mention, SearchRequest

WRONG: list[tuple[str, Any]] = [
    ("id", 7),
    ("id", None),
    ("body", None),
    ("body", b"bytes"),
    ("title", None),
    ("title", 1.5),
    ("byline", ["Ann Lee"]),
    ("published", "2021-05-06"),
    ("published", 20210506),
    ("published_time", "07:08"),
    ("published_source", None),
    ("dateline", 3),
    ("source", None),
    ("url", None),
    ("section", ()),
    ("topics", None),
    ("topics", 3),
    ("topics", ["Peace", None]),
    ("topics", {"Peace": 1}),
    ("topics", b"Peace"),
    ("language", None),
    ("assigned", None),
    ("assigned", ["Ann Lee"]),
    ("assigned", {"people": None}),
    ("assigned", {"people": [7]}),
    ("assigned", {"persons": ["Ann Lee"]}),
    ("mentions", None),
    ("mentions", [(0, 3, "Ann", "person", "Ann")]),
    ("title_mentions", "Ann"),
    ("path", Path("x")),
    ("position", -1),
    ("position", "0"),
    ("position", True),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=lambda one: repr(one)[:24])
def test_a_value_of_a_wrong_type_is_refused_with_the_name_of_its_field(name: str, value: Any) -> None:
    with pytest.raises(InvalidArticle, match=name):
        Article(**({"id": "a", "body": "Fog."} | {name: value}))


@pytest.mark.parametrize("wrong", [None, "text", {"id": "a", "body": "Fog."}, 7, ("a", "Fog.")])
@pytest.mark.parametrize("location", [":memory:", "index"])
def test_what_is_no_article_is_refused_before_anything_is_written(tmp_path: Path, location: str, wrong: Any) -> None:
    with Archive.open(location if location == ":memory:" else tmp_path / location, create=True) as archive:
        archive.add([Article(id="before", body="Rain.")], recognise=False)
        with pytest.raises(InvalidArticle, match="Article"):
            archive.add([Article(id="a", body="Fog."), wrong], recognise=False)
        assert [hit.article.id for hit in archive.search("").hits] == ["before"]


@pytest.mark.parametrize("blank", ["", "  "])
def test_an_article_without_an_id_is_refused_before_anything_is_written(blank: str) -> None:
    archive = Archive.open(":memory:")
    with pytest.raises(InvalidArticle, match="id"):
        archive.add([Article(id="a", body="Fog."), Article(id=blank, body="Fog.")], recognise=False)
    assert len(archive) == 0


def test_one_article_may_be_given_by_itself() -> None:
    archive = Archive.open(":memory:")
    assert archive.add(Article(id="a", body="Fog."), recognise=False).added == 1  # type: ignore[arg-type]


@pytest.mark.parametrize("zone", [None, dt.UTC, dt.timezone(dt.timedelta(hours=-5))])
@pytest.mark.parametrize("location", [":memory:", "index"])
def test_a_date_with_time_is_day_and_time_of_its_own_place(
    tmp_path: Path, location: str, zone: dt.tzinfo | None
) -> None:
    moment = dt.datetime(2021, 5, 6, 23, 8, 9, tzinfo=zone)
    with Archive.open(location if location == ":memory:" else tmp_path / location, create=True) as archive:
        archive.add([Article(id="a", body="Fog at sea.", published=moment)], recognise=False)
        (hit,) = archive.search("fog").hits
        assert type(hit.article.published) is dt.date
        assert (hit.article.published, hit.article.published_time) == (dt.date(2021, 5, 6), dt.time(23, 8, 9))
        assert archive.search("fog", since="2021-05-06", until="2021-05-06").to_dict()["total"] == 1


def test_a_time_that_is_given_is_not_overruled_by_that_of_the_date() -> None:
    article = Article(id="a", body="b", published=dt.datetime(2021, 5, 6), published_time=dt.time(7, 8, tzinfo=dt.UTC))
    assert article.published_time == dt.time(7, 8)


def test_composed_and_decomposed_letters_are_one_value_everywhere() -> None:
    composed, parted = "Diário Zoë", "Dia\u0301rio Zoe\u0308"
    archive = Archive.open(":memory:")
    archive.add(
        [
            Article(
                id=str(number), body="b", source=name, topics=(name,), assigned={"people": [name], "places": [name]}
            )
            for number, name in enumerate((composed, parted))
        ],
        recognise=False,
    )
    for facet in ("sources", "topics", "people", "places"):
        assert [(value.label, value.count) for value in archive.facet(facet).values] == [(composed, 2)]
        for name in (composed, parted):
            assert archive.search(**{facet: name}).total == 2
    mention = Mention(0, 5, "Zoe\u0308", "person", "Zoe\u0308")
    assert Article(id="a", body="Zoe\u0308").with_mentions((), (mention,)).people == ("Zoë",)


@pytest.mark.parametrize("wrong", [7, b"York", {"York": 1}, [7], [None], 1.5, True])
def test_a_filter_of_a_wrong_type_is_refused_with_its_name(wrong: Any) -> None:
    for facet in ("people", "places", "organisations", "topics", "sources", "languages"):
        with pytest.raises(InvalidRequest, match=facet):
            SearchRequest(**{facet: wrong})
        with pytest.raises(InvalidRequest, match=facet):
            SearchRequest(exclude={facet: wrong})

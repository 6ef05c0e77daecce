"""What is read in another process arrives with everything it has."""

from __future__ import annotations

import datetime as dt
import pickle
from dataclasses import fields

from searchapp import Article, Mention, Noted, Skipped
from searchapp.model.carrying import packed, unpacked

DRY = Article(
    id="a", body="York is dry.", title="York", byline="Ann Lee", published=dt.date(2023, 9, 22),
    published_time=dt.time(9, 30), published_offset=60, published_source="metadata", dateline="York",
    source="The Gazette",
    url="https://news.example/a", section="World", topics=("Rain",), language="en", assigned={"places": ("York",)},
    mentions=(Mention(0, 4, "York", "place", "York"),), title_mentions=(Mention(0, 4, "York", "place", "York"),),
    path="/a.txt", position=2, file_modified=dt.datetime(2023, 9, 23, 1, 2), version="3", copies=("/b.txt",),
    pages=(0, 3),
)  # fmt: skip


def test_every_field_of_an_article_goes_through_a_pipe_and_back() -> None:
    bare = Article(id="a", body="York is dry.")
    assert not [field.name for field in fields(Article) if field.name not in ("id", "body")
                and getattr(DRY, field.name) == getattr(bare, field.name)]  # fmt: skip
    for article in (DRY, bare):
        carried = unpacked(pickle.loads(pickle.dumps(packed(article))))
        assert isinstance(carried, Article)
        for field in fields(Article):
            assert getattr(carried, field.name) == getattr(article, field.name), field.name


def test_every_field_of_what_is_reported_goes_too() -> None:
    for one in (
        Skipped("/a.xml", "item 2: withdrawn", "item 2", "a", "4"),
        Noted("/a.csv", "line 3: no date", "line 3"),
    ):
        assert unpacked(pickle.loads(pickle.dumps(packed(one)))) == one

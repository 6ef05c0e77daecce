"""The annotated wire articles are sound, and the shipped recogniser finds in them what it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchapp.entities.recognising.base import Passage
from searchapp.entities.recognising.tagger import load_tagger
from searchapp.training.evaluate import entity_scores, read_articles

HERE = Path(__file__).with_name("newswire")


def test_there_are_150_articles_and_every_mark_in_them_is_read() -> None:
    articles, misfits = read_articles(HERE)
    assert (len(articles), misfits) == (150, [])
    assert not [article.name for article in articles if set("{}|") & set(article.text)]
    assert all(article.text[a:b].strip() == article.text[a:b] for article in articles for a, b, _ in article.spans)
    assert sum(len(article.spans) for article in articles) > 1_500


@pytest.mark.parametrize(("kind", "least"), [("person", 0.80), ("place", 0.80), ("organisation", 0.70), ("all", 0.78)])
def test_the_shipped_recogniser_finds_them(kind: str, least: float) -> None:
    articles, _ = read_articles(HERE)
    found = load_tagger().spans([Passage("", article.text) for article in articles])
    assert entity_scores(articles, found)[kind].f1 > least

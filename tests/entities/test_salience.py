"""How much an article is about each entity that it names."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from searchapp.entities.salience import ABOUT, salience
from searchapp.model.article import Article, Mention


def article(title: str, body: str, *names: str, **fields: object) -> Article:
    def mentions(text: str) -> tuple[Mention, ...]:
        found = (
            Mention(match.start(), match.end(), name, "person", name)
            for name in names
            for match in re.finditer(re.escape(name), text)
        )
        return tuple(sorted(found))

    return Article(id="a", title=title, body=body, title_mentions=mentions(title), mentions=mentions(body), **fields)  # type: ignore[arg-type]


FILLER = "Nothing of note was said by anybody about the matter at hand. " * 4


def scores(found: Article) -> dict[str, float]:
    return {label: score for (_, label), score in salience(found).items()}


def test_the_headline_weighs_more_than_a_mention_in_passing() -> None:
    found = scores(article("Ann wins", f"Ann won. {FILLER} {FILLER} {FILLER} {FILLER} Bob saw it.", "Ann", "Bob"))
    assert found["Ann"] >= ABOUT > found["Bob"]


def test_an_entity_of_the_lead_beats_the_same_one_at_the_end() -> None:
    found = scores(article("News", f"Ann spoke. {FILLER * 5} Bob spoke.", "Ann", "Bob"))
    assert found["Ann"] > found["Bob"]


def test_many_mentions_all_over_beat_one() -> None:
    body = f"{FILLER}{FILLER}Ann and Bob. {FILLER}Ann. {FILLER}Ann. {FILLER}Ann."
    found = scores(article("News", body, "Ann", "Bob"))
    assert found["Ann"] >= ABOUT > found["Bob"]


def test_an_article_without_a_title_can_be_about_somebody() -> None:
    assert scores(article("", f"Ann spoke. Ann left. {FILLER}Ann.", "Ann"))["Ann"] >= ABOUT


def test_the_place_of_the_dateline_is_not_what_the_article_is_about() -> None:
    plain = scores(article("News", f"YORK, May 3 - Rain fell. {FILLER}", "YORK"))["YORK"]
    dateline = scores(article("News", f"YORK, May 3 - Rain fell. {FILLER}", "YORK", dateline="York"))["YORK"]
    assert dateline == 0 < plain


def test_a_name_that_the_file_assigns_is_what_the_article_is_about() -> None:
    found = salience(article("News", FILLER, assigned={"places": ("York",)}))
    assert found == {("place", "York"): ABOUT}


def test_an_article_without_names_is_about_nobody() -> None:
    assert salience(Article(id="a", body="")) == {}


WORDS = st.lists(st.sampled_from(["Ann", "Bob", "Cy", "rain fell today"]), max_size=60)


@given(WORDS, st.sampled_from(["", "Ann", "Ann met Bob"]))
def test_salience_is_between_0_and_1_and_follows_from_the_article_alone(words: list[str], title: str) -> None:
    found = article(title, " ".join(words), "Ann", "Bob", "Cy")
    assert salience(found) == salience(found)
    assert all(0 <= score <= 1 for score in salience(found).values())
    assert set(salience(found)) == {(m.kind, m.label) for m in (*found.mentions, *found.title_mentions)}

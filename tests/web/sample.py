"""An archive with enough in it to browse: sixty articles of a year and a half, all made by counting."""

from __future__ import annotations

import datetime as dt

from searchapp.model.article import Article

from .conftest import named

PEOPLE = ("Nikol Pashinyan", "Ilham Aliyev", "Zoë Müller", "Ann Field", "Samuel Okoro", "Li Wei", "Maria da Silva",
          "Jens Ø. Holm", "Aisha Rahman", "Tom O'Neill")  # fmt: skip
PLACES = ("Yerevan", "Baku", "Tbilisi", "Paris", "Türkiye", "New York", "Goris", "Geneva", "Vienna")
BODIES = ("United Nations", "European Union", "Red Cross", "OSCE")
TOPICS = ("diplomacy", "transport", "weather", "trade")
SOURCES = ("The Wire", "Evening Post", "Hill Gazette")
TITLES = ("Talks go on in {place}", "{person} speaks of bread and roads", "Snow closes the road to {place}",
          "{body} sends observers")  # fmt: skip


def sample_articles() -> list[Article]:
    return [_article(number) for number in range(60)]


def _article(number: int) -> Article:
    person, other = PEOPLE[number % 10], PEOPLE[(number * 3 + 1) % 10]
    place, far = PLACES[number % 9], PLACES[(number * 5 + 2) % 9]
    body = BODIES[number % 4]
    text = (
        f"{person} opened talks in {place} on the {number}th round, an official said.\n\n"
        f"The {body} welcomed the talks, and so did {other}. Roads were open and bread was on sale in every town, "
        f"although snow had fallen for days and the trains were late again; nobody complained.\n\n"
        f"“We shall come back,” {person} told reporters, and the talks went on behind closed doors until late. "
        f"Observers from {far} were expected within the week, if the weather allowed."
    )
    if number % 4 == 2:
        text = text.replace("talks", "repairs")
    names = [(person, "person", person), (place, "place", place), (body, "organisation", body)]
    names += [(other, "person", other)] if other != person else []
    names += [(far, "place", far)] if far != place else []
    return Article(
        id=f"sample/{number}",
        title=TITLES[number % 4].format(person=person, place=place, body=body),
        body=text,
        mentions=named(text, *names),
        published=None if number == 17 else dt.date(2023, 1, 5) + dt.timedelta(days=number * 9),
        published_source="" if number == 17 else "metadata",
        source=SOURCES[number % 3],
        topics=(TOPICS[number % 4],),
        byline="Ann Field" if number % 5 else "",
        url=f"https://example.org/{number}" if number % 2 else "",
        path=f"archive/{number}.txt",
    )

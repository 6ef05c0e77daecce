"""Every number of every page is what a click on it gives, in any archive."""

from __future__ import annotations

import datetime as dt
import random
import re
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from searchapp.archive import Archive
from searchapp.engines.memory import MemoryEngine
from searchapp.model.article import Article, Mention
from searchapp.web.app import make_app

from .conftest import Ask, asker

PEOPLE = ["Ann Ek", "Bo Ny", "Ek", "Mia Orr", "Orr"]
PLACES = ["York", "Leeds", "Baku", "Azerbaijan", "United States", "Ohio"]
BODIES = ["Acme Corp", "Borealis", "York"]
WORDS = ["peace", "talks", "oil", "price"]
LINK = re.compile(r'<a (?:class="[^"]*" )?href="([^"]*)"([^>]*)>(.*?)</a>(?:\s*<(?:b|small|td)>([^<]*)<)?', re.DOTALL)
NUMBER = re.compile(r"\+?\d[\d,]*")


def archive_of(chance: random.Random, days: int, folder: Path | None) -> Archive:
    """Random articles, in memory or in an index in a folder."""
    made = []
    for number in range(40):
        name = chance.choice(PEOPLE)
        day = dt.date(2021, 11, 20) + dt.timedelta(chance.randrange(days))
        made.append(
            Article(
                id=str(number),
                title=chance.choice(["", "Oil", "Peace talks"]),
                body=f"{name} said. " + " ".join(chance.choices(WORDS, k=6)),
                published=day if chance.random() < 0.9 else None,
                published_source=chance.choice(["metadata", "estimated"]),
                source=chance.choice(["", "AP", "Wire"]),
                topics=tuple(chance.sample(["rail", "rivers"], chance.randint(0, 2))),
                mentions=(Mention(0, len(name), name, "person", name),),
                assigned={
                    "places": tuple(chance.sample(PLACES, chance.randint(0, 3))),
                    "organisations": tuple(chance.sample(BODIES, chance.randint(0, 2))),
                },
            )
        )
    for day in (2, 20):
        # On either side of where a search begins, or ends.
        made.append(Article(id=f"first {day}", body="talks", published=dt.date(2021, 12, day)))
        last = dt.date(2021, 12, 20) + dt.timedelta(days)
        made.append(Article(id=f"last {day}", body="talks", published=last.replace(day=day)))
    archive = Archive.open(folder, create=True) if folder else Archive(MemoryEngine())
    archive.add(made, recognise=False)
    return archive


def some_searches(chance: random.Random, days: int) -> list[str]:
    """Searches that begin and end in the middle of a bar; some find nothing."""
    until = (dt.date(2021, 12, 20) + dt.timedelta(days)).replace(day=10)
    found = [f"q=talks&since=2021-12-10&until={until}"]
    for _ in range(2):
        first = dt.date(2021, 11, 20) + dt.timedelta(chance.randrange(days // 3))
        last = dt.date(2021, 11, 20) + dt.timedelta(days - chance.randrange(1, days // 3))
        asked = {
            "q": chance.choice(["", "peace", "talks", "price -oil", "person:ek", "pease talks"]),
            "place": chance.choice(["", "", "york", "usa"]),
            "person": chance.choice(["", "", "", "orr"]),
            "match-place": chance.choice(["", "all"]),
            "not-organisation": chance.choice(["", "", "Borealis"]),
            "since": chance.choice(["", first.isoformat(), first.isoformat()]),
            "until": chance.choice(["", last.isoformat(), last.isoformat()]),
            "scope": chance.choice(["", "", "about"]),
            "dated": chance.choice(["", "", "", "any", "none"]),
        }
        found.append(urlencode({name: value for name, value in asked.items() if value}))
    return found


def total_of(ask: Ask, address: str) -> int:
    """How many articles a page is about."""
    reply = ask(address)
    assert reply.status == 200, address
    found = re.search(r'id="results"[^>]*>\s*([\d,]+|No) articles?', reply.text)
    found = found or re.search(r'<p class="lead"><a [^>]*>([\d,]+) article', reply.text)
    # The first visit says it of the archive.
    found = found or re.search(r"([\d,]+) articles", reply.text)
    assert found, address
    return 0 if found[1] == "No" else int(found[1].replace(",", ""))


def numbers(text: str, page: str) -> list[tuple[str, bool, int]]:
    """Address, whether it adds to what is shown, and number of everything that can be clicked and says how many."""
    found = []
    for href, attributes, inside, behind in LINK.findall(text):
        address = unescape(href)
        bold = re.search(r"<b>([^<]*)</b>", inside)
        said = bold[1] if bold else behind or (inside if 'class="both"' in attributes else "")
        number = NUMBER.search(said)
        if not number or "#concordance" in address or address.startswith("/article/"):
            continue
        if address.startswith("?"):
            address = page + address
        found.append((address, said.startswith("+"), int(number[0].lstrip("+").replace(",", ""))))
    return found


@pytest.mark.parametrize("kept", ["in memory", "in a folder"])
@pytest.mark.parametrize(("seed", "days"), [(1, 20), (2, 400), (4, 9_000)])
def test_every_number_is_what_its_click_gives(seed: int, days: int, kept: str, tmp_path: Path) -> None:
    chance = random.Random(seed)
    archive = archive_of(chance, days, tmp_path if kept == "in a folder" else None)
    ask = asker(make_app(archive))
    names = [("person", "Ann Ek"), ("place", "York"), ("organisation", "Acme Corp")]
    pages = ["/", "/archive", "/?q=talks", "/?dated=estimated", *(f"/{kind}/{label}" for kind, label in names)]
    for search in some_searches(chance, days):
        pages += [f"/?{search}", f"/facet/places?{search}", f"/facet/people?{search}&order=az"]
        pages.append(f"/facet/places?{search}&order=country")
    clicked = set()
    for page in pages:
        path, _, query = page.partition("?")
        reply = ask(page)
        assert reply.status == 200, page
        # What a further value adds, it adds to the articles of the search.
        before = total_of(ask, f"/?{query}") if query else 0
        chosen = re.findall(r'<li class="on">.*?(?=<li|</ul>)', reply.text, re.DOTALL)
        text = reply.text
        for row in chosen:
            text = text.replace(row, "")
        for address, adds, number in numbers(text, "/" if path == "/" else path):
            clicked.add((page, address))
            assert number or not adds, (page, address)
            assert total_of(ask, address) == number + (before if adds else 0), (page, address)
    assert len(clicked) > 60
    assert any("dated=none" in address for _, address in clicked)

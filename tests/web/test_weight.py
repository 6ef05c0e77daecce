"""How much a page weighs, and how few of them are needed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from searchapp.archive import Archive
from searchapp.engines.memory import MemoryEngine
from searchapp.web.app import make_app

from .conftest import Ask, asker
from .sample import sample_articles

PAGE_BYTES = 30_000
STYLE_AND_SCRIPT_BYTES = 48_000


@pytest.fixture(scope="module")
def full() -> Iterator[Ask]:
    with Archive(MemoryEngine()) as archive:
        archive.add(sample_articles(), recognise=False)
        yield asker(make_app(archive))


@pytest.mark.parametrize("address", ["/", "/?q=talks", "/?q=talks&person=Ann+Field&place=Paris&not-place=Baku&page=2"])
def test_a_search_page_is_light(full: Ask, address: str) -> None:
    assert len(full(address).body) < PAGE_BYTES


def test_style_and_script_are_light_and_kept_for_good(full: Ask) -> None:
    page = full("/").text
    assets = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js)\?[^"]*)"', page))
    assert {re.sub(r"\?.*", "", asset) for asset in assets} == {"/static/searchapp.css", "/static/searchapp.js"}
    replies = [full(asset) for asset in assets]
    assert sum(len(reply.body) for reply in replies) < STYLE_AND_SCRIPT_BYTES
    assert all("immutable" in reply.headers["Cache-Control"] for reply in replies)


def test_a_page_asks_for_nothing_that_is_not_ours(full: Ask) -> None:
    for address in ("/", "/article/sample/1", "/person/Ann%20Field", "/archive"):
        for target in re.findall(r'<(?:script|link|img|image)[^>]*?(?:src|href)="([^"]*)"', full(address).text):
            assert target.startswith("/")
            assert not target.startswith("//")

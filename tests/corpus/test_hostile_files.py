"""Small files made to cost much are read at once, or left out with a reason."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from searchapp.model.result import Skipped

_YAML_BOMB = "---\na: &a [lol, lol]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
_FILES = {
    "feed root by document types.txt": "<!DOCTYPE[R]>" + "<!DOCTYPE[a]>" * 70,
    "feed root by comments.txt": "<!--P -->\t" * 95,
    "feed end.rss": "<rss><channel><item><title>t</title></item></channel></rss>" + "<!---->" * 120 + "<!---S",
    "feed end by blanks.rss": "<rss><channel><item><title>t</title></item></channel></rss>" + " \n" * 400 + "x",
    "dateline.txt": "Title\n\nbody words\n" + " " * 950,
    "dateline by dashes.txt": "Title\n\nA" + " -" * 450,
    "credit.txt": "Title\n\nSome words here. " + "AP File Photo " * 60,
    "byline.txt": "Title\n\nBy " + "and " * 200,
    "front matter.md": _YAML_BOMB + "title: x\n---\nBody words here\n",
    "front matter nested.md": "---\na: " + "[" * 900 + "\n---\nBody\n",
    "front matter by keys.md": "---\n" + "? " * 450 + "\n---\nBody\n",
    "quotes.md": "> " * 490,
    "lists.md": "- " * 490,
    "brackets.md": "[" * 990,
    "stars.md": "*a_ " * 240,
    "links.md": "[a](" * 240,
    "nested.json": '{"a":' * 190,
    "lists.json": "[" * 990,
    "nested.xml": "<nitf>" + "<a>" * 300,
    "nested.html": "<html><body>" + "<b>" * 320,
    "attributes.html": "<html><body><a " + "a " * 480,
    "comments.html": "<html>" + "<!--" * 240,
    "meta.html": "<html><meta charset=" * 48,
    "parts.eml": "From: a@b.c\nTo: b@b.c\nSubject: x\nContent-Type: multipart/mixed; boundary=a\n\n" + "--a\n" * 200,
    "header.eml": "From: a@b.c\nTo: b@b.c\nMessage-ID: <a@b>\nSubject: " + "=?a?q?" * 140,
    "address.eml": "From: " + "(" * 900 + "\nTo: b@b.c\nMessage-ID: <a@b>\nSubject: a\n\nwords",
    "quotes.csv": 'title,body\n"' + '""' * 480,
    "names.csv": "title,body,people\na,b,[" + "[" * 900,
}


@pytest.mark.parametrize("name", _FILES)
def test_no_small_file_takes_long_or_more_than_a_reason(read_as: Callable[..., list[Any]], name: str) -> None:
    content = _FILES[name]
    assert len(content) < 1_024
    read_as("before." + name.rpartition(".")[2], "Title\n\nSome words")  # Loads the reader.
    begun = time.process_time()
    found = read_as(name, content)
    assert time.process_time() - begun < 1
    assert found
    assert not [one for one in found if isinstance(one, Skipped) and "RecursionError" in one.reason]


def test_a_front_matter_that_grows_when_read_is_left_out_with_a_reason(read_as: Callable[..., list[Any]]) -> None:
    (found,) = read_as("a.md", _YAML_BOMB + "title: x\n---\nBody words here\n")
    assert isinstance(found, Skipped)
    assert "alias" in found.reason

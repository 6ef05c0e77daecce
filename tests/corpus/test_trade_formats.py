"""The trade's formats as the walker meets them: by content, whatever a file is called, and packed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from searchapp.corpus import walk
from searchapp.model.article import Article
from searchapp.model.result import Skipped

NITF = "<nitf><body><body.head><hedline><hl1>A title</hl1></hedline></body.head><body.content><p>Text.</p>{}"
NITF_END = "</body.content></body></nitf>"
NEWSML = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="g"><contentMeta><headline>A title</headline>'
    '</contentMeta><contentSet><inlineData contenttype="text/plain">Text.</inlineData></contentSet></newsItem>'
)
NINJS = '{"uri": "u", "versioncreated": "2024-01-05", "headline": "A title", "body_text": "Text."}'
MESSAGE = "Message-ID: <1@a.org>\nFrom: Jane Roe <j@a.org>\nTo: b@a.org\nSubject: A title\n\nText.\n"
MAILBOX = f"From j@a.org Fri Jan  5 10:00:00 2024\n{MESSAGE}"
REUTERS = '<REUTERS NEWID="1" TOPICS="NO"><TEXT><TITLE>A title</TITLE><BODY>Text.\n&#3;</BODY></TEXT></REUTERS>'
FILES = {
    "wire.xml": NITF.format("") + NITF_END,
    "wire.nitf": NITF.format("") + NITF_END,
    "item.xml": NEWSML,
    "item.json": NINJS,
    "release.eml": MESSAGE,
    "release.txt": MESSAGE,
    "list.mbox": MAILBOX,
    "Inbox": MAILBOX,
    "reut2-000.sgm": REUTERS,
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", FILES)
def test_each_format_is_told_by_its_content(tmp_path: Path, name: str, packed: bool) -> None:
    content = FILES[name].encode()
    path = tmp_path / (f"{name}.gz" if packed else name)
    path.write_bytes(gzip.compress(content) if packed else content)
    (found,) = walk(path)
    assert isinstance(found, Article), found
    assert (found.title, found.body, found.path) == ("A title", "Text.", str(path))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("cut.xml", NITF.format("<p>More"), "truncated: the XML ends inside <p>"),
        ("cut.json", NINJS[:-9], "truncated: the JSON ends too early"),
        ("other.sgm", "<!DOCTYPE lewis>\n", "no <REUTERS> element"),
        ("deep.nitf", "<nitf>" * 10_000, "nested too deeply"),
    ],
)
def test_a_damaged_file_is_reported_with_its_path(tmp_path: Path, name: str, content: str, reason: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    (found,) = walk(path)
    assert isinstance(found, Skipped)
    assert found.path == str(path)
    assert reason in found.reason


def test_ids_stay_the_same_when_a_file_is_read_again(tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    first, second = ([item.id for item in walk(tmp_path) if isinstance(item, Article)] for _ in range(2))
    assert first == second
    assert len(first) == len(FILES)

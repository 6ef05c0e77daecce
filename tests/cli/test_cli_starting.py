"""The first minute: a folder, or the sample articles, as a page by one command; and the settings that hold."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from searchapp import Archive, Article, OtherVersion
from searchapp.archive.shelf import find_samples, index_of
from searchapp.cli.commands.starting.making import made_current

Run = Callable[..., Result]
Start = Callable[..., "subprocess.Popen[str]"]

ARTICLE = "title,body\n{title},Ann Lee went to Lima.\n"


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> Path:
    """Where indexes are kept that nobody gave a place."""
    for values in (os.environ, environment):
        monkeypatch.setitem(values, "SEARCHAPP_DATA", str(tmp_path / "data"))  # type: ignore[arg-type]
    return tmp_path / "data"


@contextlib.contextmanager
def served(start: Start, *arguments: str) -> Iterator[tuple[str, str]]:
    """What a command says until it serves, and its page; it is stopped in the end."""
    process = start(*arguments, "--port", "0")
    assert process.stdout is not None
    said = ""
    try:
        for line in iter(process.stdout.readline, ""):
            said += line
            if address := re.search(r"http://\S+:\d+", line):
                break
        else:
            raise AssertionError(said + process.communicate()[1])
        with urllib.request.urlopen(address.group(), timeout=60) as page:
            yield said, page.read().decode()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()


def test_each_start_reads_what_changed_and_nothing_else(desk: Path, shelf: Path, start: Start) -> None:
    news = desk / "My news"
    news.mkdir()
    (news / "a.csv").write_text(ARTICLE.format(title="Snow in Lima"), encoding="utf-8")
    with served(start, "open", "My news", "--no-open") as (said, page):
        assert "1 added" in said
        assert "Snow in Lima" in page
        assert "<title>My news</title>" in page
    place = re.search(r"The index of 'My news' is in '(.+)'", said)
    assert place
    assert Path(place[1]).is_relative_to(shelf)
    (news / "b.csv").write_text(ARTICLE.format(title="Rain in Lima"), encoding="utf-8")
    with served(start, "open", str(news), "--no-open", "--title", "Weather desk") as (said, page):
        assert "1 added, 0 updated, 1 unchanged" in said
        assert "Rain in Lima" in page
        assert "<title>Weather desk</title>" in page
    assert {path.name for path in desk.iterdir()} == {"seeds", "My news", "data"}


def test_a_folder_that_is_an_index_is_served_as_it_is(archive_desk: Path, shelf: Path, start: Start) -> None:
    before = sorted(path.name for path in (archive_desk / "index").iterdir())
    with served(start, "open", "index", "--no-open") as (said, page):
        assert "added" not in said
        assert "A quiet day" in page
    assert sorted(path.name for path in (archive_desk / "index").iterdir()) == before
    assert not shelf.exists()


def test_what_was_read_is_shown_while_the_folder_is_away(desk: Path, start: Start) -> None:
    news = desk / "news"
    news.mkdir()
    (news / "a.csv").write_text(ARTICLE.format(title="Snow in Lima"), encoding="utf-8")
    with served(start, "open", "news", "--no-open"):
        pass
    news.rename(desk / "unplugged")
    with served(start, "open", "news", "--no-open") as (_, page):
        assert "Snow in Lima" in page


def test_what_cannot_be_opened_leaves_nothing_behind(desk: Path, shelf: Path, run: Run) -> None:
    (desk / "empty").mkdir()
    for folder, said in (("nowhere", "nothing at 'nowhere'"), ("empty", "no article could be read")):
        result = run("open", folder, "--no-open", "--port", "0")
        assert result.exit_code == 1
        assert said in result.stderr
    assert not list(shelf.rglob("*.json"))
    assert not shelf.exists() or not list(shelf.iterdir())


def test_one_folder_has_one_place_however_it_is_named(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = index_of("seeds")
    assert index_of(desk / "seeds") == index_of("../" + desk.name + "/seeds/.") == place
    monkeypatch.chdir(desk / "seeds")
    assert index_of(".") == place
    (desk / "other" / "seeds").mkdir(parents=True)
    assert index_of(desk / "other" / "seeds") != place
    assert index_of(desk / "…").parent.name.startswith("archive-") or index_of(desk / "…").parent.name


def test_the_demo_leaves_the_folder_that_it_is_started_in_alone(desk: Path, shelf: Path, start: Start) -> None:
    articles = sum(1 for path in find_samples().rglob("*") if path.is_file())
    assert articles > 40
    with served(start, "demo", "--no-open") as (said, page):
        assert str(shelf / "demo") in said
        assert '<form class="box"' in page
    with served(start, "demo", "--no-open") as (said, _):
        assert "0 added, 0 updated" in said
    assert {path.name for path in desk.iterdir()} == {"seeds", "data"}


@pytest.mark.skipif(sys.platform == "win32", reason="the variable names no program there")
def test_the_browser_is_opened_at_the_page(archive_desk: Path, start: Start, environment: dict[str, str]) -> None:
    opened = archive_desk / "opened"
    browser = archive_desk / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}.new && mv {opened}.new {opened}\n', encoding="utf-8")
    browser.chmod(0o755)
    environment["BROWSER"] = str(browser)
    with served(start, "serve", "--open") as (said, _):
        deadline = time.monotonic() + 60
        while not opened.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
    assert opened.read_text(encoding="utf-8").strip() in said


def test_an_index_is_named_before_the_command_too(archive_desk: Path, run: Run) -> None:
    (archive_desk / "index").rename(archive_desk / "old news")
    assert run("search", "york").exit_code == 1
    before = run("--index", "old news", "search", "york", "--ids")
    assert before.stdout == run("search", "york", "--ids", "--index", "old news").stdout
    assert "york-1" in before.stdout
    # What stands nearer counts.
    assert run("--index", "nowhere", "search", "york", "--ids", "--index", "old news").exit_code == 0


def test_settings_beside_the_index_that_open_keeps_hold_for_its_page(desk: Path, shelf: Path, start: Start) -> None:
    (desk / "news").mkdir()
    (desk / "news" / "a.csv").write_text(ARTICLE.format(title="Snow in Lima"), encoding="utf-8")
    place = index_of("news")
    place.parent.mkdir(parents=True)
    (place.parent / "searchapp.toml").write_text('title = "Weather"\n', encoding="utf-8")
    with served(start, "open", "news", "--no-open") as (_, page):
        assert "<title>Weather</title>" in page


def test_a_port_that_no_machine_has_names_the_file(archive_desk: Path, run: Run) -> None:
    (archive_desk / "searchapp.toml").write_text("port = 70000\n", encoding="utf-8")
    result = run("serve")
    assert (result.exit_code, "searchapp.toml sets port to 70000" in result.stderr) == (2, True)


def test_whatever_asks_an_empty_index_is_told_how_to_fill_it(desk: Path, run: Run) -> None:
    Archive.open("index", create=True).close()
    for arguments in (("search", "snow"), ("stats",), ("facets", "people")):
        assert "no articles in 'index' yet; add some with: searchapp index FOLDER\n" in run(*arguments).stderr


def test_an_empty_index_is_served_with_the_command_that_fills_it(desk: Path, start: Start) -> None:
    Archive.open("news of 2023", create=True).close()
    with served(start, "serve", "--index", "news of 2023") as (_, page):
        assert "index FOLDER --index &#39;news of 2023&#39;" in page


def test_where_every_machine_reads_the_page_it_names_no_folder(desk: Path) -> None:
    from searchapp.web.app import make_app

    with Archive.open(":memory:") as archive:
        body = b"".join(
            make_app(archive)({"REQUEST_METHOD": "GET", "PATH_INFO": "/", "wsgi.errors": sys.stderr}, lambda *_: None)
        )
    assert b"<pre>searchapp index FOLDER</pre>" in body


def test_under_make_the_target_is_what_helps(archive_desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setenv("SEARCHAPP_STARTED_AS", "make demo")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("serve", "--port", str(taken.getsockname()[1]))
    assert re.search(r"choose another with: make demo PORT=\d+$", result.stderr)


def test_a_stopped_run_says_what_goes_on(desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(Archive, "add_files", stopped)
    said = run("index", "seeds", "--index", "my index").stderr
    assert said.startswith("Note: nothing of this run is in the index yet; start it again with: searchapp index seeds")
    assert "'my index'" in said


def test_settings_say_where_they_come_from(archive_desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    user = archive_desk / "user.toml"
    user.write_text('title = "Mine"\nport = 9001\nlock_timeout_s = 2\n', encoding="utf-8")
    (archive_desk / "searchapp.toml").write_text('title = "Desk"\n', encoding="utf-8")
    monkeypatch.setenv("SEARCHAPP_CONFIG", str(user))
    monkeypatch.setenv("SEARCHAPP_PORT", "9002")
    found = json.loads(run("config", "--json").stdout)
    settings = found["settings"]
    assert settings["title"] == {"value": "Desk", "from": "searchapp.toml"}
    assert settings["port"] == {"value": 9002, "from": "SEARCHAPP_PORT"}
    assert settings["lock_timeout_s"] == {"value": 2.0, "from": str(user)}
    assert settings["host"] == {"value": "127.0.0.1", "from": "default"}
    assert [file["exists"] for file in found["files"]] == [True, True]
    lines = dict(line.split(None, 1) for line in run("config").stdout.splitlines() if line)
    assert lines["title"].split() == ["Desk", "searchapp.toml"]
    assert json.loads(run("--index", "x/y", "config", "--json").stdout)["settings"]["index"] == {
        "value": "x/y",
        "from": "option",
    }


def test_a_file_of_settings_with_a_fault_is_one_line(archive_desk: Path, run: Run) -> None:
    (archive_desk / "searchapp.toml").write_text("prot = 1\n", encoding="utf-8")
    result = run("search", "york")
    assert result.exit_code == 2
    assert result.stderr == ("Error: there is no setting 'prot', which 'searchapp.toml' sets; did you mean 'port'?\n")


def test_articles_are_searched_where_the_file_of_settings_says(archive_desk: Path, run: Run) -> None:
    with Archive.open(archive_desk / "deep" / "index", create=True) as archive:
        archive.add([Article(id="deep", body="York")], recognise=False)
    (archive_desk / "searchapp.toml").write_text('index = "deep/index"\n', encoding="utf-8")
    assert run("search", "york", "--ids").stdout == "deep\n"


def test_an_index_of_an_earlier_version_is_taken_over(
    desk: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = desk / "old"
    shutil.copytree(repository / "tests" / "columnar" / "formats" / "2", old)
    with pytest.raises(OtherVersion):
        Archive.open(old)
    (desk / "a.csv").write_text(ARTICLE.format(title="Snow in Lima"), encoding="utf-8")
    made_current(str(old), "a.csv")
    assert "is of another version of the program, and is taken over" in capsys.readouterr().err
    with Archive.open(old) as archive:
        # The three that it had, and a new one.
        assert len(archive) == 4

"""The manual in a browser, in a terminal and for man."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from searchapp.cli import main
from searchapp.manual.pages import INDEX, PAGES, Manual
from searchapp.manual.showing.html import headings, to_html
from searchapp.manual.showing.links import in_terminal, linked
from searchapp.manual.showing.roff import to_man

NAMES = [INDEX, *(page.name for page in PAGES)]

MARKS = st.text("ab \n#*_`|-[]()<>&\\'.1\t~:\"", max_size=80)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), prog_name="searchapp")


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_no_style_no_script_and_each_mark_once(manual: Manual, name: str) -> None:
    html = to_html(manual.markdown(name), lambda page: f"/help/{page}")
    assert not re.search(r"style=|<script|javascript:|\.md\b(?!</code>)(?=[\"#])", html)
    marks = re.findall(r' id="([^"]*)"', html)
    assert len(marks) == len(set(marks))
    assert all(marks)
    assert {mark for mark, _ in headings(manual.markdown(name))} <= set(marks)


@given(MARKS)
def test_no_text_makes_markup_of_its_own(text: str) -> None:
    html = to_html(text, str)
    tags = set(re.findall(r"<(/?\w+)", html))
    assert not tags & {"script", "img/", "iframe", "style"}
    assert "javascript:" not in html
    to_man(text, name="x", section=7, about="y", version="1")


def test_links_lead_where_each_place_has_its_pages() -> None:
    text = "See [Queries](query.md#dates), [`talks`](/?q=talks) and [uv](https://example.org/uv)."
    assert linked(text, lambda page: f"/help/{page}").startswith("See [Queries](/help/query#dates), ")
    assert in_terminal(text, "searchapp help") == (
        "See Queries (`searchapp help query`), `talks` (/?q=talks) and uv (https://example.org/uv)."
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_printed_without_marks_of_its_source(name: str) -> None:
    result = run("help", *([] if name == INDEX else [name]))
    assert result.exit_code == 0
    assert "<!--" not in result.stdout
    assert ".md)" not in result.stdout
    assert not re.search(r"^#+ |[ \t]$", result.stdout, re.M)
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_help_of_a_command_is_that_of_the_manual() -> None:
    assert "--page-size" in run("help", "search").stdout
    assert "Let LABEL count under INTO" in run("help", "names", "merge").stdout


def test_a_page_that_is_not_there_offers_the_nearest() -> None:
    result = run("help", "qurey")
    assert (result.exit_code, result.stderr) == (
        2,
        "Error: there is no page 'qurey' in the manual; did you mean 'query'?\n",
    )
    assert "see the list with: searchapp help" in run("help", "zzzzzz").stderr
    assert run("help", "search", "nothing").exit_code == 2


@pytest.fixture(scope="module")
def man_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    assert run("help", "--write", str(folder), "--form", "man").exit_code == 0
    return folder


def test_there_is_a_page_for_man_of_every_page_and_command(man_pages: Path) -> None:
    written = {path.name for path in man_pages.iterdir()}
    assert {"searchapp.1", "searchapp-query.7", "searchapp-index.1"} <= written
    assert {f"searchapp-{name}.1" for name in main.commands} <= written
    assert len(written) == len(main.commands) + len(PAGES) + 1


def test_pages_for_man_have_only_requests_that_are_known(man_pages: Path) -> None:
    known = {"TH", "nh", "SH", "SS", "PP", "RS", "RE", "nf", "fi", "IP", "TP"}
    for path in man_pages.iterdir():
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"^[.'](\w*)", text, re.M)) <= known, path.name
        assert text.startswith('.TH "SEARCHAPP')
        assert ".SH NAME\nsearchapp" in text


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not here")
def test_groff_has_nothing_to_say_of_them(man_pages: Path) -> None:
    pages = [man_pages / name for name in ("searchapp.1", "searchapp-query.7", "searchapp-names.1")]
    done = subprocess.run(
        ["groff", "-k", "-man", "-Tutf8", "-ww", *map(str, pages)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "searchapp names merge" in re.sub(r"\x1b\[[0-9;]*m|.\x08", "", done.stdout)


def test_the_whole_manual_is_written_for_a_site(tmp_path: Path, manual: Manual) -> None:
    assert run("help", "--write", str(tmp_path / "new" / "manual")).exit_code == 0
    written = {path.stem: path.read_text(encoding="utf-8") for path in (tmp_path / "new" / "manual").iterdir()}
    assert written == {name: manual.markdown(name) for name in NAMES}


def test_blank_lines_of_an_example_outlast_the_page(manual: Manual) -> None:
    html = to_html(manual.markdown("python"), str)
    assert "SearchappError&#10;\ntry:" in html
    assert not re.search(r"<pre>(?:(?!</pre>).)*\n\s*\n", html, re.S)


def test_a_signature_shows_types_as_they_are_written(manual: Manual) -> None:
    assert "Archive.open(location: str | Path = 'index', *, create: bool = False" in manual.markdown("python")

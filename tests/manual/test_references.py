"""The references say all that the code has: whatever is added to it stands in the manual."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import searchapp
from searchapp import errors
from searchapp.cli import main
from searchapp.cli.describing import api_document
from searchapp.corpus.reading.registry import formats
from searchapp.manual import pages
from searchapp.manual.pages import INDEX, PAGES, Manual, title_of
from searchapp.manual.references.commands import CommandText
from searchapp.manual.references.tables import code, table
from searchapp.manual.showing.html import headings, to_html
from searchapp.parsing.syntax import SYNTAX, USUAL_WORDS
from searchapp.settings import Settings

FOLDER = Path(pages.__file__).parent
NAMES = [INDEX, *(page.name for page in PAGES)]


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


def test_every_command_and_every_option_is_there(manual: Manual) -> None:
    told = manual.markdown("commands")
    for path, command in commands(main, "searchapp"):
        (section,) = re.findall(rf"^#+ {re.escape(path)}\n(.*?)(?=^#|\Z)", told, re.M | re.S)
        assert (command.help or "").strip().split("\n")[0] in section
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert all(option in section for option in (*parameter.opts, *parameter.secondary_opts)), path
        for line in getattr(command, "example", "").splitlines():
            assert line in section


def test_a_new_command_is_told_of_without_anybody_writing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    @click.option("--aloud", is_flag=True, help="So that all hear it.")
    def sing(aloud: bool) -> None:
        """Sing a page."""

    from searchapp.cli.describing import command_texts

    root = click.Context(click.Group("searchapp", commands={"sing": sing}), info_name="searchapp")
    told = Manual(commands=lambda: command_texts(root)).markdown("commands")
    assert "## searchapp sing\n" in told
    assert "| `--aloud` | So that all hear it. |" in told


def test_every_address_and_every_parameter_is_there(manual: Manual) -> None:
    told, document = manual.markdown("api"), api_document()
    for path, ways in document["paths"].items():
        for method, operation in ways.items():
            assert f"### {method.upper()} {path}\n" in told
            assert operation["summary"] in told
    parts = document["components"]
    for name, parameter in parts["parameters"].items():
        assert f"| `{name}` | {' '.join(parameter['description'].split())} |" in told
    for name, schema in parts["schemas"].items():
        assert f"### {name}\n" in told
        for key in schema.get("properties", ()):
            assert f"| `{key}` |" in told


def test_every_format_and_every_ending_is_there(manual: Manual) -> None:
    told = manual.markdown("formats")
    for form in formats():
        (row,) = re.findall(rf"^\| {re.escape(form.name)} \| (.*)$", told, re.M)
        assert all(f"`{suffix}`" in row for suffix in form.suffixes)
        assert not form.extra or f"searchapp[{form.extra}]" in row


def test_every_setting_is_there_with_its_meaning(manual: Manual) -> None:
    told = manual.markdown("settings")
    for field in dataclasses.fields(Settings):
        (row,) = re.findall(rf"^\| `{field.name}` \| `SEARCHAPP_{field.name.upper()}` \| (.*) \|$", told, re.M)
        assert len(row.split(" | ")[1]) > 10, f"{field.name} says nothing of itself"


def test_every_public_name_is_there_with_what_it_has(manual: Manual) -> None:
    told = manual.markdown("python")
    for name in searchapp.__all__:
        thing = getattr(searchapp, name)
        if name in errors.__all__:
            assert name in told
        elif not name.startswith("_"):
            (section,) = re.findall(rf"^## {name}\n(.*?)(?=^## |\Z)", told, re.M | re.S)
            listed = set(re.findall(r"^\| `(\w+)`|^### \w+\.(\w+)", section, re.M))
            assert {name for name in has(thing) if not name.startswith("_")} <= {a or b for a, b in listed}


def has(thing: object) -> set[str]:
    """The fields and methods of a class."""
    if not isinstance(thing, type):
        return set()
    fields = {field.name for field in dataclasses.fields(thing)} if dataclasses.is_dataclass(thing) else set()
    return fields | {name for name, one in vars(thing).items() if inspect.isfunction(one)}


def test_every_way_to_write_a_query_is_there(manual: Manual) -> None:
    told = manual.markdown("query")
    for syntax in SYNTAX:
        assert f"| {code(syntax.example(USUAL_WORDS))} | {syntax.finds} |" in told


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_left_to_fill_in(manual: Manual, name: str) -> None:
    text = manual.markdown(name)
    assert "<!--" not in text
    assert text.startswith(f"# {title_of(name)}\n")


def test_every_page_is_listed_and_every_listed_page_is_there(manual: Manual) -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(NAMES)
    for page in PAGES:
        assert f"]({page.name}.md)" in manual.markdown(INDEX)
    site = (FOLDER.parents[1] / "mkdocs.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"\b(\w+)\.md\b", site)) == set(NAMES)


def test_links_from_page_to_page_lead_somewhere(manual: Manual) -> None:
    for name in NAMES:
        for target, mark in re.findall(r"\]\((\w+)\.md(?:#([\w-]+))?\)", manual.markdown(name)):
            assert target in NAMES
            assert not mark or mark in {one for one, _ in headings(manual.markdown(target))}


def test_without_a_command_line_its_page_is_left_out() -> None:
    manual = Manual()
    assert {page.name for page in PAGES} - {page.name for page in manual.pages} == {"commands", "api"}
    with pytest.raises(KeyError):
        manual.markdown("commands")
    assert "(commands.md)" not in manual.markdown(INDEX)
    with pytest.raises(KeyError):
        manual.markdown("../../setup")


def test_the_unit_in_the_manual_is_the_one_in_the_source(manual: Manual) -> None:
    unit = (FOLDER.parents[1] / "searchapp.service").read_text(encoding="utf-8")
    assert f"```ini\n{unit}```" in manual.markdown("serving")


@pytest.mark.parametrize("text", ["a|b", "`", "``", "a`b``c", "<script>", "](x)", "[a](b)", "a\\", " a ", "*b*"])
def test_whatever_is_shown_as_code_is_shown_as_it_is(text: str) -> None:
    import html

    shown = to_html(table(("x", "y"), [(code(text), "z")]), str)
    assert f"<td><code>{html.escape(text, quote=False).replace(chr(34), '&quot;').strip()}</code></td>" in shown


def test_commands_with_others_in_them_are_told_below() -> None:
    from searchapp.manual.references.commands import command_markdown

    inner = CommandText("x y", "", "Inner.")
    assert "### x y" in command_markdown(CommandText("x", "", "Outer.", commands=[inner]))

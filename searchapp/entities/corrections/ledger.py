"""The ledger of corrections: a plain text file that says which names were joined, named, sorted or found wrongly.

    [[correction]]
    action = "merge"            # merge, rename, retype, split or block
    facet = "places"            # people, places or organisations
    label = "Artsakh"
    into = "Nagorno-Karabakh"

`rename` has the new label as `to`, `retype` the other facet as `to`, `split` the new label as `into` and the ids of the
articles that mean it as `articles`, `block` nothing more. Any entry may have a `note`. Entries apply in order. The file
is only ever appended to, and `undo` takes the last entry off: everything else in it stays as somebody wrote it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searchapp.errors import LedgerError
from searchapp.files.folders import make_folder
from searchapp.files.replacing import replace
from searchapp.model.article import KIND_OF_FACET

__all__ = ["ACTIONS", "Correction", "add_correction", "parse_ledger", "read_ledger", "undo_correction"]

ACTIONS: Mapping[str, tuple[str, ...]] = {
    "merge": ("into",),
    "rename": ("to",),
    "retype": ("to",),
    "split": ("into", "articles"),
    "block": (),
}
"""Action to the fields that it needs beside facet and label."""

MAX_BYTES = 10_000_000

_HEADER = re.compile(r"[ \t]*\[\[[ \t]*correction[ \t]*\]\]")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")
_INTRODUCTION = """\
# Corrections of names, applied in order. Edit by hand, or with: searchapp names merge|rename|retype|split|block|undo
"""


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry of the ledger."""

    action: str
    """merge, rename, retype, split or block."""
    facet: str
    """people, places or organisations."""
    label: str
    """The label that was wrong, as the archive showed it."""
    target: str = ""
    """The label that it joins, becomes or is split into; for retype the other facet."""
    articles: tuple[str, ...] = ()
    """For split, the ids of the articles that mean `target`."""
    note: str = ""
    line: int = 0
    """Line of the file where the entry begins, from 1; 0 when it is not in a file yet."""

    def __str__(self) -> str:
        return {
            "merge": f"{self.label!r} is merged into {self.target!r}",
            "rename": f"{self.label!r} is renamed to {self.target!r}",
            "retype": f"{self.label!r} is moved to {self.target}",
            "split": f"{self.label!r} is split into {self.target!r}",
            "block": f"{self.label!r} is blocked",
        }[self.action]

    def to_toml(self) -> str:
        """The entry as the ledger holds it, without its line number."""
        lines = ["[[correction]]", f'action = "{self.action}"', f'facet = "{self.facet}"']
        lines.append(f"label = {_quoted(self.label)}")
        for name in ACTIONS[self.action]:
            if name == "articles":
                lines += ["articles = [", *(f"    {_quoted(article)}," for article in self.articles), "]"]
            else:
                lines.append(f"{name} = {_quoted(self.target)}")
        if self.note:
            lines.append(f"note = {_quoted(self.note)}")
        return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # JSON's escapes are a subset of TOML's, but for DEL, which TOML wants escaped, and halves of surrogate pairs.
    if any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise LedgerError(f"the name {text!r} is damaged text that no ledger can hold; correct the file it is from")
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_ledger(path: Path) -> tuple[Correction, ...]:
    """The corrections in a file, in order; none when there is no such file.

    Raises `LedgerError` with the file and line of an entry that is no correction or contradicts another one.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise LedgerError(f"cannot read the ledger {str(path)!r}: {error.strerror}; check its permissions") from error
    if len(data) > MAX_BYTES:
        raise LedgerError(f"the ledger {str(path)!r} is larger than {MAX_BYTES // 1_000_000} MB; is it the right file?")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LedgerError(f"{path}, line {line}: the text is not UTF-8; save the file in that encoding") from error
    return parse_ledger(text, name=str(path))


def parse_ledger(text: str, *, name: str = "ledger.toml") -> tuple[Correction, ...]:
    """The corrections in the text of a ledger, in order; `name` stands in errors.

    Raises `LedgerError` like `read_ledger`.
    """
    text = text.replace("\r\n", "\n")
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        match = _AT_LINE.search(str(error))
        line = int(match[1]) if match and match[1] else text.count("\n") + 1
        reason = _AT_LINE.sub("", str(error)).strip()
        raise LedgerError(f"{name}, line {line}: not valid TOML ({reason}); correct that line") from error
    lines = text.split("\n")
    for key in content:
        if key != "correction":
            line = _line_of(lines, key, 0, len(lines))
            raise LedgerError(f"{name}, line {line}: unknown entry {key!r}; every entry begins with [[correction]]")
    entries = content.get("correction", [])
    starts = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    if not isinstance(entries, list) or len(starts) != len(entries):
        line = _line_of(lines, "correction", 0, len(lines))
        raise LedgerError(f"{name}, line {line}: entries begin with a line [[correction]], each its own")
    corrections: list[Correction] = []
    for entry, start, end in zip(entries, starts, [*starts, len(lines)][1:], strict=True):
        corrections.append(_correction(entry, lines, start, end, name))
    _check_together(corrections, name)
    return tuple(corrections)


def _correction(entry: Mapping[str, Any], lines: list[str], start: int, end: int, name: str) -> Correction:
    def fail(field: str, message: str) -> LedgerError:
        return LedgerError(f"{name}, line {_line_of(lines, field, start, end)}: {message}")

    action = entry.get("action")
    if not isinstance(action, str) or action not in ACTIONS:
        found = "no action" if action is None else f"unknown action {action!r}"
        raise fail("action", f"{found}; use one of {', '.join(ACTIONS)}")
    allowed = ("action", "facet", "label", *ACTIONS[action], "note")
    for key in entry:
        if key not in allowed:
            raise fail(key, f"a {action} has no {key!r}; it has {', '.join(allowed)}")
    if entry.get("facet") not in KIND_OF_FACET:
        raise fail("facet", f"facet is {entry.get('facet')!r}; use one of {', '.join(KIND_OF_FACET)}")
    for key in ("label", *(key for key in ACTIONS[action] if key != "articles")):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise fail(key, f'a {action} needs {key} = "...", a text that is not empty')
    articles = entry.get("articles", [])
    listed = isinstance(articles, list) and articles and all(isinstance(article, str) for article in articles)
    if action == "split" and not listed:
        raise fail("articles", 'a split needs articles = ["...", ...], the ids of one article or more')
    if not isinstance(entry.get("note", ""), str):
        raise fail("note", "a note is a text in quotes")
    target = next((entry[key] for key in ACTIONS[action] if key != "articles"), "")
    if action == "retype" and target not in KIND_OF_FACET:
        raise fail("to", f"a retype goes to a facet, not {target!r}; use one of {', '.join(KIND_OF_FACET)}")
    label, facet = entry["label"], entry["facet"]
    if target == (facet if action == "retype" else label):
        raise fail(ACTIONS[action][0], f"{label!r} is so already; remove the entry")
    return Correction(action, facet, label, target, tuple(articles), entry.get("note", ""), start + 1)


def _line_of(lines: list[str], field: str, start: int, end: int) -> int:
    """The line, from 1, that sets a field between two others; the first of them where none does."""
    pattern = re.compile(rf"\s*(?:\[+\s*)?[\"']?{re.escape(field)}[\"']?\s*[\]=.]")
    return next((number + 1 for number in range(start, end) if pattern.match(lines[number])), start + 1)


def _check_together(corrections: list[Correction], name: str) -> None:
    """Raises `LedgerError` for the first entry that contradicts an earlier one."""
    gone: dict[tuple[str, str], Correction] = {}
    split: dict[tuple[str, str, str], Correction] = {}
    for correction in corrections:
        node = (correction.facet, correction.label)
        if correction.action == "split":
            for article in correction.articles:
                other = split.setdefault((*node, article), correction)
                if other.target != correction.target:
                    raise _conflict(name, correction, other, f"in article {article!r} ")
            continue
        if node in gone:
            raise _conflict(name, correction, gone[node])
        if correction.action == "block" and (parted := [c for key, c in split.items() if key[:2] == node]):
            # What is blocked is out of every article, so nothing of it would be left to split.
            raise _conflict(name, correction, parted[0])
        after: tuple[str, str] = _target_node(correction)
        seen = {node}
        while correction.action != "block" and after not in seen:
            seen.add(after)
            following = gone.get(after)
            if following is None:
                break
            if following.action == "block":
                raise _conflict(name, correction, following)
            after = _target_node(following)
        if after == node and correction.action != "block":
            raise _conflict(name, correction, gone.get(_target_node(correction), correction))
        gone[node] = correction


def _target_node(correction: Correction) -> tuple[str, str]:
    if correction.action == "retype":
        return correction.target, correction.label
    return correction.facet, correction.target


def _conflict(name: str, correction: Correction, other: Correction, where: str = "") -> LedgerError:
    return LedgerError(
        f"{name}, line {correction.line}: {where}{correction}, but by line {other.line} {other}; remove one of the two"
    )


def add_correction(path: Path, correction: Correction) -> None:
    """Appends an entry to the ledger, which is made where there is none; nothing else in the file changes.

    Raises `LedgerError`, and leaves the file alone, when the entry contradicts one that is there.
    """
    read_ledger(path)
    text = path.read_bytes().decode("utf-8") if path.exists() else _INTRODUCTION
    gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
    text += gap + correction.to_toml()
    parse_ledger(text.removeprefix("\ufeff"), name=str(path))
    _write(path, text)


def undo_correction(path: Path) -> Correction:
    """Takes the last entry off the ledger and gives it; comments after it stay.

    Raises `LedgerError` when there is none.
    """
    corrections = read_ledger(path)
    if not corrections:
        raise LedgerError(f"the ledger {str(path)!r} has no entry to undo")
    last = corrections[-1]
    lines = path.read_bytes().decode("utf-8").splitlines(keepends=True)
    start = last.line - 1
    end = max(number for number in range(start, len(lines)) if not _is_aside(lines[number])) + 1
    while start and end >= len(lines) and not lines[start - 1].strip():
        start -= 1
    _write(path, "".join([*lines[:start], *lines[end:]]))
    return last


def _is_aside(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _write(path: Path, text: str) -> None:
    """Replaces the file at once, so that a reader never sees half of it."""
    try:
        make_folder(path.parent)
        replace(path, text.encode("utf-8"))
    except OSError as error:
        raise LedgerError(f"cannot write the ledger {str(path)!r}: {error.strerror}; check its permissions") from error

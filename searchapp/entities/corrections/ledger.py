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

import dataclasses
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from searchapp.errors import LedgerError
from searchapp.files.reading import read
from searchapp.model.article import KIND_OF_FACET

__all__ = [
    "ACTIONS",
    "INTRODUCTION",
    "Correction",
    "parse_bytes",
    "parse_ledger",
    "read_bytes",
    "read_ledger",
    "with_entry",
    "without_last",
]

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
INTRODUCTION = """\
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
    return parse_bytes(read_bytes(path) or b"", name=str(path))


def read_bytes(path: Path) -> bytes | None:
    """What is in the file; None when there is none. Raises `LedgerError` when it cannot be read."""
    try:
        data = read(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LedgerError(f"cannot read the ledger {str(path)!r}: {error.strerror}; check its permissions") from error
    if len(data) > MAX_BYTES:
        raise LedgerError(f"the ledger {str(path)!r} is larger than {MAX_BYTES // 1_000_000} MB; is it the right file?")
    return data


def parse_bytes(
    data: bytes, *, name: str, before: tuple[bytes, tuple[Correction, ...]] | None = None
) -> tuple[Correction, ...]:
    """The corrections in the bytes of a ledger, in order; `name` stands in errors.

    `before` is what is known of it: where the file only grew, only what is new is read, however long it is.
    Raises `LedgerError` like `read_ledger`.
    """
    if before is not None and data == before[0]:
        return before[1]
    if before is not None and before[0].endswith(b"\n") and data.startswith(before[0]):
        lines = before[0].count(b"\n")
        try:
            added = _entries(data[len(before[0]) :].decode(), name=name)
        except (UnicodeDecodeError, LedgerError):
            added = None  # The whole says best what is wrong, and where.
        if added is not None:
            known = [
                *before[1],
                *(dataclasses.replace(correction, line=correction.line + lines) for correction in added),
            ]
            _check_together(known, name)
            return tuple(known)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LedgerError(f"{name}, line {line}: the text is not UTF-8; save the file in that encoding") from error
    return parse_ledger(text, name=name)


def parse_ledger(text: str, *, name: str = "ledger.toml") -> tuple[Correction, ...]:
    """The corrections in the text of a ledger, in order; `name` stands in errors.

    Raises `LedgerError` like `read_ledger`.
    """
    corrections = _entries(text, name=name)
    _check_together(corrections, name)
    return tuple(corrections)


def _entries(text: str, *, name: str) -> list[Correction]:
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
    return corrections


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


def with_entry(data: bytes, correction: Correction) -> bytes:
    """A ledger with an entry behind all that is in it; nothing else changes."""
    gap = b"" if not data or data.endswith(b"\n\n") else b"\n" if data.endswith(b"\n") else b"\n\n"
    return data + gap + correction.to_toml().encode()


def without_last(data: bytes, last: Correction) -> bytes:
    """A ledger without its last entry and the blank lines before it at the end; comments after it stay."""
    # By line breaks alone, as TOML does: what else Unicode takes for the end of a line may stand in a comment.
    lines = data.split(b"\n")
    lines = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    start = last.line - 1
    end = max((number for number in range(start, len(lines)) if not _is_aside(lines[number])), default=start) + 1
    while start and end >= len(lines) and not lines[start - 1].strip():
        start -= 1
    return b"".join([*lines[:start], *lines[end:]])


def _is_aside(line: bytes) -> bool:
    return not line.strip() or line.lstrip().startswith(b"#")

"""The query language, from its own tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from urllib.parse import urlencode

from searchapp.manual.references.tables import code, table
from searchapp.parsing.syntax import SYNTAX, USUAL_WORDS, fields

__all__ = ["example_reference", "field_reference", "query_reference"]

MOST_USUAL = 14


def query_reference(words: Mapping[str, str]) -> str:
    """Every way to write something, group by group; where an archive has `words` for it, a link to what it finds."""
    parts = []
    for group, listed in groupby(SYNTAX, key=lambda syntax: syntax.group):
        rows = []
        for syntax in listed:
            here = bool(syntax.needs) and words.keys() >= {*syntax.needs}
            example = _link(syntax.example(words)) if here else code(syntax.example(USUAL_WORDS))
            rows.append((example, syntax.finds))
        parts.append(f"## {group}\n\n{table(('you type', 'you find articles with'), rows)}")
    return "\n\n".join(parts)


def example_reference(examples: Sequence[tuple[str, str, int]]) -> str:
    """Searches with what each finds in words and in articles, and a link to these; without any, the usual ones."""
    if not examples:
        usual = [syntax for syntax in SYNTAX if syntax.needs][:MOST_USUAL]
        return table(
            ("you type", "you find articles with"), [(code(one.example(USUAL_WORDS)), one.finds) for one in usual]
        )
    rows = [(_link(text), finds, f"{total:,}") for text, finds, total in examples]
    return table(("you type", "you find articles with", "articles"), rows)


def field_reference() -> str:
    """What may stand before a colon."""
    rows = [(code(f"{word}:"), ", ".join(code(f"{one}:") for one in same)) for word, same in fields()]
    return table(("before a word", "means the same"), rows)


def _link(text: str) -> str:
    return f"[{code(text)}](/?{urlencode({'q': text})})"

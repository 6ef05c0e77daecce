"""The kinds of files that are read, from the table by which they are told apart."""

from __future__ import annotations

from searchapp.manual.references.tables import code, table

__all__ = ["format_reference"]


def format_reference() -> str:
    """Every format, group by group."""
    # The readers of all formats take long to load.
    from searchapp.corpus.reading.registry import grouped

    parts = []
    for group, listed in grouped():
        rows = []
        for form in listed:
            extra = f"needs `pip install 'searchapp[{form.extra}]'`" if form.extra else ""
            notes = "; ".join(note for note in (form.about, extra) if note)
            rows.append((form.name, ", ".join(map(code, form.suffixes)), notes))
        parts.append(f"## {group[:1].upper()}{group[1:]}\n\n{table(('format', 'usual endings', 'notes'), rows)}")
    return "\n\n".join(parts)

"""What a run of the indexer left out or would read, in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import click

from searchapp.archive.reading import KindSeen, Preview
from searchapp.cli.output import counted, one_line, tell
from searchapp.errors import NothingIndexed
from searchapp.model.result import Noted, Skipped

__all__ = ["tell_preview", "tell_reasons"]

_MOST_REASONS = 8
_FEW = 2
"""So many warnings have been read as they came; of more there is a summary."""
_LONGEST_TITLE = 70


def tell_reasons(skipped: Sequence[Skipped], noted: Sequence[Noted]) -> None:
    """Says on stderr how often what was skipped for which reason, the most frequent first, and what to do about it."""
    causes = Counter(one.cause for one in skipped)
    advice = {one.cause: one.advice for one in skipped if one.advice}
    if len(skipped) > _FEW:
        for cause, number in causes.most_common(_MOST_REASONS):
            remedy = f"; {advice[cause]}" if cause in advice else ""
            tell("Note", f"skipped {number:,}: {cause}{remedy}")
        if len(causes) > _MOST_REASONS:
            tell("Note", f"skipped for {len(causes) - _MOST_REASONS:,} more reasons")
    for one in noted[:_MOST_REASONS]:
        tell("Note", f"{one.path}: {one.reason}")
    if len(noted) > _MOST_REASONS:
        tell("Note", f"{len(noted) - _MOST_REASONS:,} more of such notes")


def tell_preview(seen: Preview, paths: Sequence[str]) -> None:
    """Prints what would be read as what, with examples. Raises `NothingIndexed` where nothing would be."""
    for one in seen.skipped[:_MOST_REASONS]:
        tell("Warning", f"would skip {one.path}: {one.reason}")
    tell_reasons(seen.skipped, seen.noted)
    for kind in seen.kinds:
        _tell_kind(kind)
    articles = sum(kind.articles for kind in seen.kinds)
    if not articles:
        raise NothingIndexed(f"no article can be read from {', '.join(map(repr, paths[:5]))}; check the paths")
    parts = [f"{counted(articles, 'article')} would be read", f"{len(seen.skipped):,} skipped"]
    if seen.passed_over:
        parts.append(f"{seen.passed_over:,} passed over")
    if undated := sum(kind.undated for kind in seen.kinds):
        parts.append(f"{undated:,} without a date")
    click.echo(", ".join(parts))


def _tell_kind(kind: KindSeen) -> None:
    click.echo(f"{kind.name}: {counted(kind.articles, 'article')} in {counted(kind.files, 'file')}")
    for article in kind.examples:
        day = article.published.isoformat() if article.published else "undated"
        title = one_line(article.title or article.body[:_LONGEST_TITLE])
        shown = title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"
        click.echo(one_line(f"  {day}  {shown}  {article.source}").rstrip())

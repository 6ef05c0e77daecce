"""How far indexing has come: a bar on a terminal, a line now and then elsewhere; warnings as files are skipped."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeAlias

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

from searchapp.cli.output import ansi_allowed, console_for, counted, tell, tell_on
from searchapp.model.result import IndexReport

__all__ = ["duration", "shown_progress"]

Callback: TypeAlias = Callable[[IndexReport, float], None]

LINE_EVERY_S = 5.0
"""How often a run without a terminal says how far it is."""


@contextmanager
def shown_progress() -> Iterator[Callback]:
    """A callback for `Archive.add_files` that shows what it is told on stderr."""
    if ansi_allowed(sys.stderr):
        with _bar() as callback:
            yield callback
    else:
        yield _lines()


def _lines() -> Callback:
    started = said = time.monotonic()
    warned = 0

    def update(report: IndexReport, share: float) -> None:
        nonlocal said, warned
        for skipped in report.skipped[warned:]:
            tell("Warning", f"skipped {skipped.path}: {skipped.reason}")
        warned = len(report.skipped)
        now = time.monotonic()
        if now - said >= LINE_EVERY_S:
            said = now
            with suppress(OSError):
                sys.stderr.write(f"{_progress(report, share, now - started)}\n")
                sys.stderr.flush()

    return update


@contextmanager
def _bar() -> Iterator[Callback]:
    console = console_for(sys.stderr)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TaskProgressColumn(),
    )
    started = time.monotonic()
    warned = 0
    with Progress(*columns, console=console, refresh_per_second=5, expand=True) as bar:
        task = bar.add_task("reading", total=1.0)

        def update(report: IndexReport, share: float) -> None:
            nonlocal warned
            for skipped in report.skipped[warned:]:
                tell_on(console, "Warning", f"skipped {skipped.path}: {skipped.reason}")
            warned = len(report.skipped)
            spent = time.monotonic() - started
            bar.update(task, completed=share, description=_progress(report, share, spent))

        yield update
        bar.update(task, completed=1.0)


def _progress(report: IndexReport, share: float, spent_s: float) -> str:
    """Articles so far, their rate, and about how long the rest takes."""
    articles = report.added + report.updated + report.unchanged
    parts = [counted(articles, "article"), f"{articles / max(spent_s, 1e-3):,.0f} a second"]
    if report.committed:
        parts.append(f"{report.committed:,} committed")
    if 0 < share < 1:
        parts.append(f"about {duration(spent_s * (1 - share) / share)} left")
    elif share >= 1:
        parts.append("writing the index")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """A time in the units that matter: "5 s", "3 min", "2 h 10 min"."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"

"""A ledger of corrections that cannot be read, as the command line tells it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Run = Callable[..., Result]


def test_a_faulty_ledger_is_told_by_every_command_and_what_was_read_last_holds(archive_desk: Path, run: Run) -> None:
    run("names", "block", "Lima")
    ledger = archive_desk / "index" / "ledger.toml"
    good = ledger.read_text(encoding="utf-8")
    ledger.write_text(f"{good}\nx = [\n", encoding="utf-8")
    # The value ends with the file.
    line = good.count("\n") + 3
    for words in (("search", "talks"), ("facets", "places"), ("stats",), ("names", "list"), ("export",)):
        done = run(*words)
        assert (done.exit_code, f"line {line}" in done.stderr, "Lima 1" in done.stdout) == (0, True, False)
    refused = run("names", "block", "York")
    assert (refused.exit_code, f"line {line}" in refused.stderr) == (1, True)
    checked = run("check")
    assert (checked.exit_code, f"ledger.toml, line {line}" in checked.stdout) == (1, True)
    ledger.write_text(good, encoding="utf-8")
    assert run("check").exit_code == 0


def test_clearing_asks_and_takes_all_corrections_back(archive_desk: Path, run: Run) -> None:
    run("names", "block", "Lima")
    (archive_desk / "index" / "ledger.toml").unlink()
    assert "names clear" in run("search", "talks").stderr
    assert run("names", "clear").exit_code == 1
    assert run("names", "clear", "--yes").stdout == "1 correction taken back\n"
    done = run("facets", "places")
    assert ("Lima" in done.stdout, "ledger" in done.stderr) == (True, False)

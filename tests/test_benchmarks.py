"""The benchmarks run: they are not left behind when what they measure changes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SEARCH = ROOT / "tests" / "benchmarks" / "search.py"


def run(*arguments: str | Path) -> str:
    done = subprocess.run([sys.executable, *map(str, arguments)], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_benchmark_of_searching_measures_every_question() -> None:
    out = run(SEARCH, ROOT / "seeds", "--engines", "searchapp", "--searches", "9", "--seconds", "0.2")
    for part in ("Indexing", "One more article", "9 searches never asked before", "again", "while writing"):
        assert part in out
    assert "| searchapp, many names |" in out


def test_judged_queries_in_the_shapes_of_trec_are_scored(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text(
        "\n".join(json.dumps({"_id": f"d{n}", "title": "", "text": text}) for n, text in enumerate(("oil", "gold")))
    )
    (tmp_path / "queries.jsonl").write_text(json.dumps({"_id": "q1", "text": "Where is the gold?"}))
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td0\t0\n")
    pytest.importorskip("tantivy", reason="it is an extra for benchmarks")
    assert "| **1.000** | **1.000** | **1.000** |" in run(SEARCH, "--relevance", tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="it reads what Linux tells of processes")
def test_what_a_server_stands_is_counted() -> None:
    out = run(ROOT / "tests" / "benchmarks" / "clients.py", "--only", "commits", "--commits", "24")
    assert "24 commits under a server: 0 pages failed" in out


def test_runs_that_are_killed_leave_whole_intervals() -> None:
    out = run(ROOT / "tests" / "benchmarks" / "crashes.py", "--runs", "1", "--articles", "200")
    assert out.startswith("1 kills")


def test_the_heads_of_the_facets_are_compared_with_what_was_judged() -> None:
    out = run(ROOT / "tests" / "benchmarks" / "heads.py", "--data", ROOT / "seeds", "--top", "5", "--list")
    assert "| people | 5 |" in out
    assert "unjudged" in out

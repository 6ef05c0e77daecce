"""The real server in a process of its own, on a port of this machine that happens to be free."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from searchapp.archive import Archive
from searchapp.model.article import Article


@contextmanager
def served(folder: Path, articles: Iterable[Article]) -> Iterator[str]:
    """The address of `searchapp serve` over an index of `articles`, made in `folder`."""
    with Archive.open(folder, create=True) as archive:
        archive.add(articles, recognise=False)
    command = [sys.executable, "-m", "searchapp", "serve", "--index", str(folder), "--port", "0"]
    log = folder.with_name(f"{folder.name}.log")
    with (
        log.open("w") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            assert process.stdout
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, log.read_text()
            yield found[0]
        finally:
            process.terminate()

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from searchapp.engines.base import Engine
from searchapp.engines.memory import MemoryEngine
from searchapp.engines.whoosh import WhooshEngine


@pytest.fixture(params=["memory", "whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """One empty engine of each kind."""
    made: Engine
    made = MemoryEngine() if request.param == "memory" else WhooshEngine.open(tmp_path, create=True, timeout_s=5)
    yield made
    made.close()

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from searchapp import compiled
from searchapp.compiled import reference
from searchapp.engines.base import Engine
from searchapp.engines.memory import MemoryEngine
from searchapp.engines.whoosh import WhooshEngine

# A cluster is named by whoever has one; without, the tests in tests/opensearch say so once.
CLUSTER = pytest.param("opensearch", marks=pytest.mark.opensearch)
CLUSTERS = [CLUSTER] if "SEARCHAPP_TEST_OPENSEARCH" in os.environ else []


@pytest.fixture(params=["memory", "whoosh", "whoosh without the compiled helper", *CLUSTERS])
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """One empty engine of each kind."""
    made: Engine
    if request.param == "opensearch":
        made = request.getfixturevalue("opensearch_emptied")()
        yield made
        made.close()
        return
    if request.param.endswith("helper"):
        monkeypatch.setattr(compiled, "steps", reference)
    made = MemoryEngine() if request.param == "memory" else WhooshEngine.open(tmp_path, create=True, timeout_s=5)
    yield made
    made.close()

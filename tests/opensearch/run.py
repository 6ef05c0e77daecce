"""Runs the tests that ask a real cluster, on one that is started for them.

    tests/opensearch/run.py [ARGUMENTS OF PYTEST]

SEARCHAPP_TEST_OPENSEARCH names a cluster that is there instead. Says in one line, and ends well, where none can be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
VERSIONS = (("3.9.0", 21), ("2.19.6", 17))
"""Versions, with the oldest JDK for each; the first that can run is tried."""


def main() -> int:
    """Gives pytest's exit code."""
    command = [sys.executable, "-m", "pytest", "-m", "opensearch", *sys.argv[1:]]
    if os.environ.get("SEARCHAPP_TEST_OPENSEARCH"):
        return subprocess.run(command).returncode
    version = runnable()
    if not version:
        print("no cluster can be started here: it needs Maven and a JDK of 17 or newer; these tests did not run")
        return 0
    jars = Path.home() / ".cache" / "searchapp-tests"
    jars.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "cluster"
        start = [sys.executable, HERE / "cluster.py", "start", home, "--version", version, "--jars", jars]
        started = subprocess.run([*start, "--heap", "512m", "--port", "9750"], stdout=subprocess.PIPE, text=True)
        try:
            if started.returncode:
                return started.returncode
            nodes = [line for line in started.stdout.split() if line.startswith("http://")]
            print(f"OpenSearch {version} at {', '.join(nodes)}")
            environment = os.environ | {
                "SEARCHAPP_TEST_OPENSEARCH": nodes[0],
                "SEARCHAPP_TEST_OPENSEARCH_HOME": str(home),
            }
            return subprocess.run(command, env=environment).returncode
        finally:
            subprocess.run([sys.executable, HERE / "cluster.py", "stop", home], check=False)


def runnable() -> str:
    """The newest version that a JDK here can run; empty for none."""
    if shutil.which("mvn") is None:
        return ""
    sys.path.insert(0, str(HERE))
    import cluster

    newest = max(cluster.jdks(), default=0)
    return next((version for version, least in VERSIONS if newest >= least), "")


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Start, harm and stop a real OpenSearch cluster on loopback, from its published Maven artifacts.

    cluster.py start DIR [--nodes 3] [--version 3.9.0] [--port 9200] [--heap 1g]   an empty cluster
    cluster.py kill DIR NODE       kill -9 one node (1, 2, ...)
    cluster.py revive DIR NODE     start it again on its own data
    cluster.py stop DIR            end all of its nodes

DIR, or the folder given by --jars, gets the jars (once), and DIR a folder for each node (config, data, log, pid).
`start` returns when the cluster answers with every node in it, and prints one address a line. Needs Maven and a
JDK: 21 or newer for OpenSearch 3, 17 for 2.19.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
PATIENCE = 180  # seconds for all nodes to join


def jdks():
    """Version to folder of each JDK: the one of JAVA_HOME, and those that are installed."""
    homes = [pathlib.Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    homes += sorted(pathlib.Path("/usr/lib/jvm").glob("*"))
    found = {}
    for home in homes:
        if (home / "bin" / "javac").exists():
            told = subprocess.run([home / "bin" / "javac", "-version"], capture_output=True, text=True)
            if number := re.search(r"javac (\d+)", told.stdout + told.stderr):
                found.setdefault(int(number.group(1)), home)
    return found


def java_home(version):
    """The JDK to use: the newest for OpenSearch 3, the oldest that will do for 2.19."""
    least = 21 if version.startswith("3") else 17
    found = [number for number in jdks() if number >= least]
    if not found:
        sys.exit(f"OpenSearch {version} needs a JDK of {least} or newer: none found")
    return jdks()[max(found) if version.startswith("3") else min(found)]


def build(folder, version):
    """Fetch the jars into a folder and compile the node, once per version."""
    jars, classes = folder / f"jars-{version}", folder / f"classes-{version}"
    if not (classes / "LoopbackNode.class").exists():
        subprocess.run(
            [
                "mvn",
                "-q",
                "-B",
                "-Dstyle.color=never",
                "-f",
                HERE / "pom.xml",
                f"-Dopensearch={version}",
                "dependency:copy-dependencies",
                f"-DoutputDirectory={jars.resolve()}",
            ],
            check=True,
            # What Maven says is no address of a node.
            stdout=sys.stderr,
        )
        source = HERE / f"v{version[0]}" / "LoopbackNode.java"
        subprocess.run([java_home(version) / "bin" / "javac", "-d", classes, "-cp", f"{jars}/*", source], check=True)
    return f"{classes.resolve()}:{jars.resolve()}/*"


def launch(folder, number, plan):
    """One node: a process of its own, on its own ports and data."""
    home = folder / f"node-{number}"
    (home / "config").mkdir(parents=True, exist_ok=True)
    transports = [f"127.0.0.1:{plan['port'] + 100 + n}" for n in range(1, plan["nodes"] + 1)]
    settings = {
        "cluster.name": "loopback",
        "node.name": f"node-{number}",
        "network.host": "127.0.0.1",
        "http.port": plan["port"] + number - 1,
        "transport.port": plan["port"] + 100 + number,
        "discovery.seed_hosts": ",".join(transports),
        "cluster.initial_cluster_manager_nodes": ",".join(f"node-{n}" for n in range(1, plan["nodes"] + 1)),
        "cluster.routing.allocation.disk.threshold_enabled": plan["disk_threshold"],
    }
    java = [plan["java"], f"-Xmx{plan['heap']}", f"-Xms{plan['heap']}", "-Dlog4j2.level=warn"]
    if plan["version"].startswith("3"):
        java += ["--enable-native-access=ALL-UNNAMED", "--add-modules", "jdk.incubator.vector"]
    with open(home / "log", "ab") as log:
        process = subprocess.Popen(
            [*java, "-cp", plan["classpath"], "LoopbackNode", str(home), *(f"{k}={v}" for k, v in settings.items())],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    (home / "pid").write_text(str(process.pid))


def wait(plan, nodes):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{plan['port']}/_cluster/health", timeout=5) as answer:
                if json.load(answer)["number_of_nodes"] == nodes:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.5)
    sys.exit(f"the cluster did not gather its {nodes} nodes in {PATIENCE} s: see the log in each node's folder")


def end(folder, number, sign):
    pid = int((folder / f"node-{number}" / "pid").read_text())
    if not alive(pid):
        return
    os.kill(pid, sign)
    for _ in range(300):
        if not alive(pid):
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)


def alive(pid):
    """Whether this process is one of our nodes and runs."""
    try:
        command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"LoopbackNode" in command


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["start", "kill", "revive", "stop"])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("node", type=int, nargs="?")
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--version", default="3.9.0")
    parser.add_argument("--port", type=int, default=9200)
    parser.add_argument("--heap", default="1g")
    parser.add_argument("--jars", type=pathlib.Path, help="a folder for the jars that is kept; else DIR")
    parser.add_argument("--disk-threshold", action="store_true", help="let OpenSearch refuse writes on a full disk")
    given = parser.parse_args()
    folder = given.folder.resolve()
    if given.command == "start":
        folder.mkdir(parents=True, exist_ok=True)
        for earlier in folder.glob("node-*"):
            end(folder, int(earlier.name.removeprefix("node-")), signal.SIGKILL)
            shutil.rmtree(earlier)
        plan = {
            "nodes": given.nodes,
            "version": given.version,
            "port": given.port,
            "heap": given.heap,
            "disk_threshold": str(given.disk_threshold).lower(),
            "java": str(java_home(given.version) / "bin" / "java"),
            "classpath": build((given.jars or folder).resolve(), given.version),
        }
        (folder / "plan.json").write_text(json.dumps(plan))
        for number in range(1, given.nodes + 1):
            launch(folder, number, plan)
        wait(plan, given.nodes)
        for number in range(given.nodes):
            print(f"http://127.0.0.1:{given.port + number}")
        return
    plan = json.loads((folder / "plan.json").read_text())
    if given.command == "stop":
        for number in range(1, plan["nodes"] + 1):
            end(folder, number, signal.SIGTERM)
    elif given.node not in range(1, plan["nodes"] + 1):
        sys.exit(f"which node? 1 to {plan['nodes']}")
    elif given.command == "kill":
        end(folder, given.node, signal.SIGKILL)
    else:
        launch(folder, given.node, plan)


if __name__ == "__main__":
    main()

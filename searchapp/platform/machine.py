"""What this machine and its system let a process do."""

from __future__ import annotations

import os
import sys

__all__ = ["can_copy", "cores", "limit_memory", "memory_held", "open_files", "reuses_addresses"]


def cores() -> int:
    """Cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_copy() -> bool:
    """Whether a running process can be copied (`os.fork`) and the copy be relied on.

    Libraries of macOS break in a copy, and Windows has none.
    """
    return sys.platform == "linux"


def reuses_addresses() -> bool:
    """Whether `SO_REUSEADDR` only lets a port be used again that nobody listens on; on Windows it shares one in use."""
    return sys.platform != "win32"


def open_files() -> int:
    """How many files and sockets this process may have open."""
    if sys.platform == "win32":
        return 8192  # Sockets do not count among the files of the C library there.
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1 << 20 if soft == resource.RLIM_INFINITY else soft


def memory_held() -> int:
    """Bytes of memory that this process has asked for as its own, touched or not; 0 where the system does not say."""
    if sys.platform == "linux":
        with open("/proc/self/status", "rb") as stream:
            for line in stream:
                if line.startswith(b"VmData:"):
                    return int(line.split()[1]) << 10
    return 0


def limit_memory(more: int) -> None:
    """Lets this process have so many bytes more than it holds: asking for another one raises `MemoryError`.

    Linux alone counts what a process holds as its own (RLIMIT_DATA); elsewhere there is no limit but the machine's.
    """
    if sys.platform == "linux":
        import resource

        held = memory_held()
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = held + more
        if held and (hard == resource.RLIM_INFINITY or wanted < hard):
            resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))

"""What this machine and its system let a process do."""

from __future__ import annotations

import os
import sys

__all__ = ["can_copy", "cores", "open_files", "reuses_addresses"]


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

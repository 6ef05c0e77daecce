"""Where a cluster is, and which of its archives is meant: `opensearch+https://user:password@host:9200/name`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from searchapp.errors import UsageError

__all__ = ["SCHEMES", "Address"]

SCHEMES = ("opensearch+http", "opensearch+https")
"""What an address of an archive on a cluster begins with."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_HOST = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:/@\s]+)(?::(?P<port>\d{1,5}))?")
_PORT = 9200


@dataclass(frozen=True, slots=True)
class Address:
    """The nodes that are asked, and the archive. Who asks and with what password is shown nowhere."""

    secure: bool
    nodes: tuple[tuple[str, int], ...]
    """Host and port of each; the first that answers is asked."""
    name: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, text: str) -> Address:
        """What an address says; several nodes are parted by commas. Raises `UsageError`, which repeats no password."""
        scheme, _, rest = text.partition("://")
        before, _, name = rest.partition("/")
        login, _, hosts = before.rpartition("@")
        name = unquote(urlsplit(f"x://x/{name}").path.strip("/"))
        if scheme.lower() not in SCHEMES or _NAME.fullmatch(name) is None:
            raise UsageError(
                f"the archive of the address is called {name!r}; write an address as {SCHEMES[0]}://host:9200/name, "
                "with a name of small letters, digits, '-', '_' and '.'"
            )
        nodes = []
        for host in hosts.split(","):
            found = _HOST.fullmatch(host)
            if found is None or not 0 < int(found["port"] or _PORT) < 65536:
                raise UsageError(f"{host!r} is no host with a port; write an address as {SCHEMES[0]}://host:9200/name")
            nodes.append((found["host"].strip("[]"), int(found["port"] or _PORT)))
        user, _, password = login.partition(":")
        return cls(scheme.lower() == SCHEMES[1], tuple(nodes), name, unquote(user), unquote(password))

    def __str__(self) -> str:
        """The address without user and password."""
        hosts = ",".join(f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in self.nodes)
        return f"{SCHEMES[self.secure]}://{hosts}/{self.name}"

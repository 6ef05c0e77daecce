"""What names mean is kept, but not of every name that anybody ever asks for."""

from __future__ import annotations

import pytest

from searchapp.engines import naming
from searchapp.engines.naming import Node, Resolver


class _OfOneName(Resolver):
    looked = 0

    def _find(self, facet: str, label: str) -> tuple[Node, ...]:
        self.looked += 1
        return ((facet, label),)


def test_a_name_is_looked_up_once_and_no_more_are_kept_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "MOST_KEPT", 3)
    resolver = _OfOneName(None, None, None)  # type: ignore[arg-type]
    for _ in range(2):
        assert resolver.called("people", "A") == (("people", "A"),)
    assert resolver.looked == 1
    for number in range(20):
        assert resolver.called("people", str(number)) == (("people", str(number)),)
        assert len(resolver._known) <= 3

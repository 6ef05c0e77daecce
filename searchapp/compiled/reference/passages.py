"""Passages of texts, which are not looked for here."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["passages"]


def passages(
    texts: tuple[str, ...],
    _forms: tuple[tuple[bytes, int], ...],
    _inside: Mapping[str, tuple[tuple[int, int, int], ...]],
    _shown: int,
    _lead: int,
    _chars: int,
    /,
) -> tuple[tuple[str, tuple[tuple[int, int], ...]] | None, ...]:
    return (None,) * len(texts)

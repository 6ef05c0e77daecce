"""Passages of texts, which are not looked for here."""

from __future__ import annotations

__all__ = ["passages"]


def passages(
    texts: tuple[str, ...], _forms: tuple[tuple[bytes, int], ...], _shown: int, _lead: int, _chars: int, /
) -> tuple[tuple[str, tuple[tuple[int, int], ...]] | None, ...]:
    return (None,) * len(texts)

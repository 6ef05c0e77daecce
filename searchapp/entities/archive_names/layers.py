"""A mapping that is changed by laying a few changes over it: nothing of it is copied but what is small."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

__all__ = ["Layers"]

Key = TypeVar("Key")
Value = TypeVar("Value")


class Layers(Mapping[Key, Value], Generic[Key, Value]):
    """Values by keys; `with_changes` gives another one, and this one stays as it is.

    A layer is at most half as large as the one below it, so that there are few of them, and a change is copied about
    as often as there are layers, however large the mapping is.
    """

    __slots__ = ("_layers", "_size")

    def __init__(self, base: Mapping[Key, Value]) -> None:
        self._layers: tuple[Mapping[Key, Value | None], ...] = (base,)
        self._size = len(base)

    def with_changes(self, changes: Mapping[Key, Value | None]) -> Layers[Key, Value]:
        """The mapping with other values for some keys; None takes a key away. No value is ever None."""
        made: Layers[Key, Value] = Layers.__new__(Layers)
        made._size = self._size
        for key, value in changes.items():
            made._size += (value is not None) - (key in self)
        layers, top = list(self._layers), dict(changes)
        while layers and len(top) * 2 > len(layers[-1]):
            top = {**layers.pop(), **top}
        if not layers:
            top = {key: value for key, value in top.items() if value is not None}
        made._layers = (*layers, top)
        return made

    def __getitem__(self, key: Key) -> Value:
        for layer in reversed(self._layers):
            if key in layer:
                value = layer[key]
                if value is None:
                    break
                return value
        raise KeyError(key)

    def get(self, key: Key, default: Value | None = None) -> Value | None:  # type: ignore[override]
        for layer in reversed(self._layers):
            if key in layer:
                value = layer[key]
                return default if value is None else value
        return default

    def __contains__(self, key: object) -> bool:
        for layer in reversed(self._layers):
            if key in layer:
                return layer[key] is not None  # type: ignore[index]
        return False

    def __iter__(self) -> Iterator[Key]:
        seen: set[Key] = set()
        for layer in reversed(self._layers[1:]):
            for key, value in layer.items():
                if key not in seen:
                    seen.add(key)
                    if value is not None:
                        yield key
        yield from (key for key in self._layers[0] if key not in seen)

    def __len__(self) -> int:
        return self._size

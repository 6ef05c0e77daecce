"""A mapping that never changes, so that values which hold one can be hashed, copied and pickled."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, NoReturn, TypeVar

__all__ = ["FrozenDict", "freeze", "slots_of"]

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")


class FrozenDict(dict[_K, _V]):
    """A dictionary without the ways to change one; equal to any dictionary that holds the same.

    A `types.MappingProxyType` is as safe, but has no hash and can be neither copied nor pickled.
    """

    __slots__ = ()

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[FrozenDict[_K, _V]], tuple[dict[_K, _V]]]:
        # The usual way would put the items in one by one.
        return FrozenDict, (dict(self),)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("this mapping cannot be changed; make a dict of it first")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse


def slots_of(kind: type) -> tuple[Any, ...]:
    """What sets the fields of a frozen dataclass with slots, in their order, while a value is made."""
    return tuple([getattr(kind, name) for name in kind.__dict__["__slots__"]])


def freeze(value: object, *names: str) -> None:
    """Puts a `FrozenDict` in place of the mapping in each of these fields of a frozen dataclass, while it is made."""
    for name in names:
        mapping = getattr(value, name)
        if not isinstance(mapping, FrozenDict):
            object.__setattr__(value, name, FrozenDict(mapping))

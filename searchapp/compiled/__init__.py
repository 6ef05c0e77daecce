"""Steps that are worth compiling, in C and, to the last bit the same, in numpy.

`contract.py` says what each step does, `source/` has them in C and `reference/` in numpy. Ask for them as
`compiled.steps.holders(...)`. The helper in C is optional: where it was not built, or was built from other sources, or
`SEARCHAPP_PURE` is set, `steps` are the reference. Nothing else in the program tells the two apart.
"""

from __future__ import annotations

from searchapp.compiled import reference
from searchapp.compiled.contract import Nearness, Numbers, Spots, Steps, taken
from searchapp.settings import pure_asked

__all__ = ["REVISION", "Nearness", "Numbers", "Spots", "Steps", "helper", "is_compiled", "steps", "taken"]

REVISION = 8
"""As in `source/module.c`. Goes up with every change of the contract: an older helper is then not used."""


def helper() -> Steps | None:
    """The helper in C; None where it was not built, or was built from other sources."""
    try:
        from searchapp.compiled import _native
    except ImportError:
        return None
    return _native if _native.REVISION == REVISION else None


def is_compiled() -> bool:
    """Whether the steps are those of the helper in C."""
    return steps is not reference


steps: Steps = (None if pure_asked() else helper()) or reference
"""What does them now."""

"""How the time that an expression takes grows with a text."""

from __future__ import annotations

import re
import time
from collections import deque
from typing import Any

from .ambiguity import Attack

__all__ = ["superlinear"]

_LONGEST = 8_192
_ENOUGH_S = 0.003
"""An expression that tries every pair of characters of the longest text takes ten times as long."""
_TOO_LONG_S = 0.03
_GROWTH = 9
"""How much longer four times the text may take: four for linear time, sixteen for quadratic."""


def superlinear(pattern: re.Pattern[Any], method: str, attack: Attack) -> str:
    """The suffix with which the time grows faster than the text; empty where it does with none."""
    for suffix in attack.suffixes:
        if _grows(pattern, method, attack, suffix):
            return f"{attack.prefix!r} + {attack.pump!r} * n + {suffix!r}"
    return ""


def _grows(pattern: re.Pattern[Any], method: str, attack: Attack, suffix: str) -> bool:
    chars = 16
    # In small steps first: exponential time doubles with each repetition.
    while chars < _LONGEST:
        if _seconds(pattern, method, _text(pattern, attack, suffix, chars)) > _TOO_LONG_S:
            break
        chars = chars * 5 // 4 if chars < 2_000 else chars * 2
    longest = _text(pattern, attack, suffix, min(chars, _LONGEST))
    if _seconds(pattern, method, longest) < _ENOUGH_S:
        return False
    shorter = _text(pattern, attack, suffix, min(chars, _LONGEST) // 4)
    # The least of several: what else runs on the machine only ever adds.
    short_s = min(_seconds(pattern, method, shorter) for _ in range(3))
    return all(_seconds(pattern, method, longest) > _GROWTH * max(short_s, 1e-6) for _ in range(4))


def _text(pattern: re.Pattern[Any], attack: Attack, suffix: str, chars: int) -> Any:
    text = attack.prefix + attack.pump * max(1, chars // len(attack.pump)) + suffix
    return text.encode("latin-1") if isinstance(pattern.pattern, bytes) else text


def _seconds(pattern: re.Pattern[Any], method: str, text: Any) -> float:
    call = getattr(pattern, method)
    arguments = (text[:0], text) if method in ("sub", "subn") else (text,)
    begun = time.process_time()
    found = call(*arguments)
    if method == "finditer":
        deque(found, maxlen=0)
    return time.process_time() - begun

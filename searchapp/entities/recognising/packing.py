"""The model file: large tables in eight bits, everything else as it is.

A quantised table is stored as `NAME.q` (int8) and `NAME.s` (one float32 for each row): row times scale gives it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from searchapp.errors import RecogniserError

__all__ = ["read_model", "write_model"]

FORMAT = 1
QUANTISED = ("known", "static", "affixes")


def write_model(path: Path, weights: Mapping[str, NDArray[Any]]) -> None:
    """Writes `weights` to one file; the same weights give the same bytes but for dates inside the archive."""
    stored: dict[str, Any] = {"format": np.array(FORMAT)}
    for name, value in weights.items():
        if name in QUANTISED:
            scale = np.abs(value).max(1) / 127 + 1e-12
            stored[f"{name}.q"] = np.round(value / scale[:, None]).astype(np.int8)
            stored[f"{name}.s"] = scale.astype(np.float16)
        elif value.dtype == np.float32 and value.size > 4096:
            stored[name] = value.astype(np.float16)
        else:
            stored[name] = value
    np.savez_compressed(path, **stored)


def read_model(path: Path) -> dict[str, NDArray[Any]]:
    """The weights in a model file, tables as they were but for rounding."""
    try:
        with path.open("rb") as stream, np.load(stream) as archive:
            stored = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise RecogniserError(f"cannot read the model {str(path)!r}; install searchapp again") from error
    if int(stored.pop("format", np.array(0))) != FORMAT:
        raise RecogniserError(
            f"the model {str(path)!r} was made for another version; make it again with searchapp.training"
        )
    weights: dict[str, NDArray[Any]] = {}
    for name, value in stored.items():
        base, _, part = name.rpartition(".")
        if part == "q":
            weights[base] = value.astype(np.float32) * stored[f"{base}.s"].astype(np.float32)[:, None]
        elif part != "s":
            weights[name] = value.astype(np.float32) if value.dtype == np.float16 else value
    return weights

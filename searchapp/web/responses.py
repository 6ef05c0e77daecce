"""Answers that are no pages."""

from __future__ import annotations

import json
import re
from typing import Any

import bottle

__all__ = ["as_json", "json_response", "sent", "shown_path"]

_ABSOLUTE = re.compile(r"(?:[A-Za-z]:)?[\\/]")
_STEPS = re.compile(r"[\\/]+")


def json_response(value: Any) -> bottle.HTTPResponse:
    """A response of plain values."""
    return sent(as_json(value), "application/json")


def as_json(value: Any) -> bytes:
    """Plain values as JSON in UTF-8; lone surrogates, which no encoding can hold, become question marks."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def sent(content: Any, media_type: str) -> bottle.HTTPResponse:
    """A response of that type; `content` is bytes, or gives bytes piece by piece."""
    response = bottle.HTTPResponse(content)
    response.set_header("Content-Type", media_type)
    return response


def shown_path(path: str) -> str:
    """A file as readers of the page are told of it: an absolute path by its last folder and name alone.

    Where a folder lies on this machine, and what its users are called, is nobody else's business.
    """
    if not _ABSOLUTE.match(path):
        return path
    return "/".join([step for step in _STEPS.split(path) if step][-2:])

"""Answers that are no pages."""

from __future__ import annotations

import json
from typing import Any

import bottle

__all__ = ["as_json", "json_response", "sent"]


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

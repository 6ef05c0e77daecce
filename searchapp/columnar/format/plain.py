"""Values as plain JSON and back: what Whoosh would pickle, without anything that could run."""

from __future__ import annotations

import base64
import datetime as dt
from decimal import Decimal
from typing import Any

__all__ = ["from_plain", "to_plain"]

KEY = "$"
"""Marks a JSON object that stands for another kind of value."""


def to_plain(value: Any) -> Any:
    """`value` in terms of JSON. Raises `TypeError` for what cannot be stored."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, list):
        return [to_plain(item) for item in value]
    if isinstance(value, tuple):
        return {KEY: "tuple", "items": [to_plain(item) for item in value]}
    if isinstance(value, (set, frozenset)):
        items = [to_plain(item) for item in value]
        return {KEY: "set" if isinstance(value, set) else "frozenset", "items": sorted(items, key=repr)}
    if isinstance(value, dict):
        return {KEY: "dict", "items": [[to_plain(key), to_plain(item)] for key, item in value.items()]}
    if isinstance(value, bytes):
        return {KEY: "bytes", "value": base64.b64encode(value).decode()}
    if isinstance(value, dt.datetime):
        return {KEY: "datetime", "value": value.isoformat()}
    if isinstance(value, dt.date):
        return {KEY: "date", "value": value.isoformat()}
    if isinstance(value, dt.time):
        return {KEY: "time", "value": value.isoformat()}
    if isinstance(value, dt.timedelta):
        return {KEY: "timedelta", "value": [value.days, value.seconds, value.microseconds]}
    if isinstance(value, Decimal):
        return {KEY: "decimal", "value": str(value)}
    raise TypeError(f"a {type(value).__name__} cannot be stored; store text, numbers, dates, lists or dicts of them")


def from_plain(value: Any) -> Any:
    """What `to_plain` made `value` of."""
    if isinstance(value, list):
        return [from_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value[KEY]
    if kind == "dict":
        return {from_plain(key): from_plain(item) for key, item in value["items"]}
    if kind in ("tuple", "set", "frozenset"):
        items = [from_plain(item) for item in value["items"]]
        return {"tuple": tuple, "set": set, "frozenset": frozenset}[kind](items)
    content = value["value"]
    if kind == "bytes":
        return base64.b64decode(content)
    if kind == "datetime":
        return dt.datetime.fromisoformat(content)
    if kind == "date":
        return dt.date.fromisoformat(content)
    if kind == "time":
        return dt.time.fromisoformat(content)
    if kind == "timedelta":
        return dt.timedelta(*content)
    if kind == "decimal":
        return Decimal(content)
    raise ValueError(f"unknown kind of value {kind!r}")

"""The settings, from the class that holds them."""

from __future__ import annotations

from dataclasses import fields

from searchapp.manual.references.descriptions import descriptions_in
from searchapp.manual.references.tables import code, table
from searchapp.settings import Settings

__all__ = ["setting_reference"]


def setting_reference() -> str:
    """Every setting with its variable, its default and its meaning."""
    told = descriptions_in(Settings)
    rows = []
    for field in fields(Settings):
        default = "by the machine" if field.name == "processes" else code(str(field.default)) or "none"
        rows.append((code(field.name), code(f"SEARCHAPP_{field.name.upper()}"), default, told.get(field.name, "")))
    return table(("setting", "variable", "default", "meaning"), rows)

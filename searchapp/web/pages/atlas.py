"""Where a place is on a plain map of the world, in the units of an SVG."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HEIGHT", "WIDTH", "Spot", "spot"]

WIDTH, HEIGHT = 360, 150
"""One unit is one degree; the map ends at 84 degrees north and 66 degrees south, past which nobody reports."""
NORTH = 84.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on the map and what is written beside it."""

    x: str
    y: str
    coordinates: str
    """Such as 40.2° N, 44.5° E."""


def spot(latitude: float, longitude: float) -> Spot:
    """The point of these degrees on the map; places beyond its edges stand on them."""
    x = min(max(longitude + 180, 2), WIDTH - 2)
    y = min(max(NORTH - latitude, 2), HEIGHT - 2)
    north = f"{abs(latitude):.1f}° {'N' if latitude >= 0 else 'S'}"
    east = f"{abs(longitude):.1f}° {'E' if longitude >= 0 else 'W'}"
    return Spot(f"{x:.1f}", f"{y:.1f}", f"{north}, {east}")

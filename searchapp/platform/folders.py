"""Where a system keeps what a program stores for its user."""

from __future__ import annotations

from pathlib import Path

__all__ = ["configuration_folder", "data_folder"]

_PROGRAM = "searchapp"


def configuration_folder() -> Path:
    """Of the user's own settings: `~/.config/searchapp` on Linux."""
    # Only what needs a folder loads the library.
    from platformdirs import user_config_path

    return user_config_path(_PROGRAM, appauthor=False)


def data_folder() -> Path:
    """Of what the program keeps for its user: `~/.local/share/searchapp` on Linux."""
    from platformdirs import user_data_path

    return user_data_path(_PROGRAM, appauthor=False)

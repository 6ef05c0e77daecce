from __future__ import annotations

import click
import pytest

from searchapp.cli import main
from searchapp.cli.describing import api_document, command_texts
from searchapp.manual.pages import Manual


@pytest.fixture(scope="session")
def manual() -> Manual:
    """The manual of the whole program."""
    root = click.Context(main, info_name="searchapp")
    return Manual(commands=lambda: command_texts(root), api=api_document)

"""Chromium without a window, and what every page that it opens must keep to."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that is installed on this machine, with a profile of its own; skips where there is none."""
    if CHROMIUM is None:
        pytest.skip("needs the browser Chromium: install the package chromium of the system")
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install searchapp[test]")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visitor(browser: Browser, root: str, *, scripted: bool = True, **options: Any) -> Iterator[Page]:
    """An open tab of someone new. Fails if a page reports an error or asks for anything that is not ours."""
    options = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"} | options
    context: BrowserContext = browser.new_context(base_url=root, java_script_enabled=scripted, **options)
    context.set_default_timeout(15_000)
    faults: list[str] = []

    def heard(message: Any) -> None:
        # That a page is missing is what some tests ask for.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            faults.append(message.text)

    def asked(request: Any) -> None:
        if not request.url.startswith((root, "about:", "data:")):
            faults.append(f"a request left the machine: {request.url}")

    context.on("console", heard)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("request", asked)
    try:
        yield context.new_page()
    finally:
        context.close()
    assert not faults

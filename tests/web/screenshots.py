"""Makes the pictures of the README from `seeds/`: python tests/web/screenshots.py [FOLDER]."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from searchapp import Archive

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "chromium"
SIZE = {"width": 1280, "height": 800}
PICTURES = {
    "search": "/?q=talks&since=2022-01-01",
    "article": "",
    "entity": "/place/Ukraine",
}
"""Name to address; the article is the first hit of the search."""


def main(folder: Path) -> None:
    """Writes NAME-light.png and NAME-dark.png of each picture into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        index = Path(scratch, "index")
        with Archive.open(index, create=True) as archive:
            archive.add_files(ROOT / "seeds")
        command = [sys.executable, "-m", "searchapp", "serve", "--index", str(index), "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
            try:
                assert server.stdout
                found = re.search(r"http://\S+", server.stdout.readline())
                assert found
                take(found[0], folder)
            finally:
                server.terminate()


def take(root: str, folder: Path) -> None:
    """Opens every page of the site at `root` in light and in dark."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium())
        for scheme in ("light", "dark"):
            context = browser.new_context(base_url=root, viewport=SIZE, color_scheme=scheme, reduced_motion="reduce")
            page = context.new_page()
            for name, address in PICTURES.items():
                page.goto(address or first_hit(page))
                page.screenshot(path=folder / f"{name}-{scheme}.png")
            context.close()
        browser.close()


def first_hit(page: Page) -> str:
    """Where the first hit of the search page leads."""
    page.goto(PICTURES["search"])
    return str(page.locator(".hit h2 a").first.get_attribute("href"))


def _chromium() -> str:
    found = shutil.which(CHROMIUM)
    if found is None:
        sys.exit("needs the browser Chromium: install the package chromium of the system")
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "static" / "screenshots")

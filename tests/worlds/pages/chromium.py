"""A real Chromium, and axe-core, by which a page is held to WCAG; each of the machine's own, or fetched for the test alone."""

import base64
import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.not_tested import needs
from tests.worlds.delivery.mosquitto import PROJECT
from tests.worlds.pages.service import PASSWORD, PagesService

CHROMIUM = Path("/usr/bin/chromium")
AXE = "axe-core@4.11.0"
"""Mozilla Public License 2.0: it is fetched for a test and is no part of what is given away."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@contextmanager
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        needs("Chromium", "apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            yield browser
        finally:
            browser.close()


def axe_script() -> str:
    """The text of axe-core, fetched once into ``build/``."""
    folder = PROJECT / "build" / "axe-core"
    script = folder / "package" / "axe.min.js"
    if not script.exists():
        if shutil.which("npm") is None:
            needs("axe-core", f"apt-get install npm, which fetches {AXE}")
        folder.mkdir(parents=True, exist_ok=True)
        packed = subprocess.run(
            ["npm", "pack", AXE, "--json"], cwd=folder, capture_output=True, text=True, check=False
        )
        if packed.returncode:
            needs("axe-core", f"a registry of npm, from which {AXE} comes")
        (told,) = json.loads(packed.stdout)
        archive = folder / told["filename"]
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        assert told["integrity"] == f"sha512-{digest}"
        shutil.unpack_archive(archive, folder, filter="data")
    return script.read_text(encoding="utf-8")


def violations(page: Page, script: str) -> list[str]:
    """What axe finds wrong on a page, each with where."""
    page.evaluate(script)
    found: dict[str, Any] = page.evaluate(
        "tags => axe.run(document, { runOnly: { type: 'tag', values: tags } })", TAGS
    )
    return [
        f"{each['id']}: {node['target']} {node.get('failureSummary', '')}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def log_in(context: BrowserContext, service: PagesService, name: str) -> Page:
    """A page of a browser that is logged in."""
    page = context.new_page()
    page.goto(f"{service.url}/login")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: "/login" not in url)
    return page

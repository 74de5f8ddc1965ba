"""A real browser for tests: Debian's Chromium, driven by Playwright, without the network.

`browser` is one for the session; `open_page` gives pages of a width, with or without a script, whose complaints (a blocked
style, a failed script) fail the test; `check_axe` runs axe-core over a page; `keep_shot` keeps a picture of it.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
SHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"
RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
QUICK: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"],
    "rules": {"color-contrast": {"enabled": False}},
}  # fmt: skip
"""What of a page depends on its language and its data; colours and the order of headings do not, and cost more than all of this."""

WIDTHS = (1280, 768, 390, 320)
EXPECTED = ("does not conform to the required format", "Service Worker registration blocked by Playwright")
REFUSED = re.compile(r"status of 4\d\d")
PAGE = re.compile(r"/[a-z]{2}/")

TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => !one.closest(".scroll, .nav, .vh, .skip"))
    .filter((one) => { const box = one.getBoundingClientRect(); return box.right > width + 1 || box.left < -1; })
    .slice(0, 5).map((one) => one.outerHTML.slice(0, 120));
}"""
"""What stands out of the page's width, where anything does."""

OpenPage = Callable[..., Page]


def listen(page: Page, complaints: list[str]) -> None:
    """Write down what the browser complains of on a page."""

    def heard(message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        if message.type not in ("error", "warning") or any(one in message.text for one in EXPECTED):
            return
        if (
            "Failed to load resource" in message.text
            and REFUSED.search(message.text)
            and PAGE.match(urlsplit(where).path)
        ):
            return  # a page that says what is wrong; whoever opened it looks at its status
        complaints.append(f"{message.text} ({where})")

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the session."""
    program = os.environ.get("EVENHAND_TEST_CHROMIUM", CHROMIUM)
    if not shutil.which(program):
        pytest.skip(f"there is no browser at {program}; apt-get install chromium")
    # Playwright keeps a loop running in this thread; Django would take it for asynchronous code and refuse the database.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open pages: `open_page(address, width=320, script=False)`; what the browser complains of fails the test at its end.

    The pages' policy stands: where a test must wait for something, wait for an element (`wait_for_function` needs to evaluate).
    """
    complaints: list[str] = []
    contexts = []

    def opened(address: str = "", *, width: int = 1280, height: int = 900, script: bool = True, **more: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=script, service_workers="block", **more
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        listen(page, complaints)
        if address:
            page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture(scope="session")
def check_axe() -> Callable[..., None]:
    """Have axe-core look at a page; whatever it finds is told with the element it is about."""
    axe = Axe()

    def checked(page: Page, *, leave_out: tuple[str, ...] = (), quick: bool = False) -> None:
        rules = QUICK if quick else RULES
        if leave_out:
            rules = rules | {"rules": rules.get("rules", {}) | {name: {"enabled": False} for name in leave_out}}
        found = axe.run(page, options=rules).response["violations"]
        told = [f"{one['id']}: {one['help']}: {node['html'][:160]}" for one in found for node in one["nodes"][:3]]
        assert not told, "\n".join(told)

    return checked


@pytest.fixture(scope="session")
def too_wide() -> Callable[[Page], list[str]]:
    """Return what makes a page scroll sideways."""

    def found(page: Page) -> list[str]:
        elements: list[str] = page.evaluate(TOO_WIDE)
        return elements

    return found


@pytest.fixture(scope="session")
def keep_shot() -> Callable[[Page, str], Path]:
    """Keep a picture of a whole page among the tests' output."""

    def kept(page: Page, name: str) -> Path:
        SHOTS.mkdir(parents=True, exist_ok=True)
        file = SHOTS / f"{name}.png"
        page.screenshot(path=file, full_page=True)
        return file

    return kept

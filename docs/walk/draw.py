"""Take the walk of docs/walk/index.md in both languages and keep its pictures: `python docs/walk/draw.py`.

It fills a demo in a folder of its own, serves it, and goes every step in Chromium, as tests/browser/test_walk.py does. Each
picture is an 8-bit PNG of at most 60 kB.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path.insert(0, str(PROJECT / "tests" / "cast"))

CHROMIUM = os.environ.get("EVENHAND_TEST_CHROMIUM", "/usr/bin/chromium")
LANGUAGES = {"en": True, "ar": False}
"""Language → whether scripts run: the Arabic walk goes without."""

WIDE, HIGH = 900, 760
"""The largest size of a picture of a wide page, in pixels."""

LARGEST = 60_000
FROM = {"05-map": "#h-map", "07-proposed": "nav.tabs", "11-receipt": "main form fieldset"}
"""Name of a picture → what stands at its top; where nothing is said, the top of the page."""


def squeeze(shot: bytes) -> bytes:
    """Return a screenshot as an 8-bit PNG that is small enough."""
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    if image.width > WIDE:
        image = image.resize((WIDE, image.height * WIDE // image.width), Image.Resampling.LANCZOS)
    packed = b""
    for colours in (128, 64, 32, 16):
        written = io.BytesIO()
        image.quantize(colours, method=Image.Quantize.FASTOCTREE, kmeans=2, dither=Image.Dither.NONE).save(
            written, "PNG", optimize=True
        )
        packed = written.getvalue()
        if len(packed) <= LARGEST:
            return packed
    raise SystemExit(f"a picture takes {len(packed):,} bytes with 16 colours; show less of its page")


def main() -> None:
    """Draw them all."""
    from evenhand_served import fill, serving
    from evenhand_walk import walk
    from playwright.sync_api import Page, sync_playwright

    for language, script in LANGUAGES.items():
        with tempfile.TemporaryDirectory(prefix="evenhand-walk-") as made, sync_playwright() as playwright:
            folder = Path(made) / "demo"
            fill("demo", folder)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

            def person(width: int, browser=browser, script=script) -> Page:  # type: ignore[no-untyped-def]
                height = HIGH * 1280 // WIDE if width > 400 else 860
                context = browser.new_context(
                    viewport={"width": width, "height": height}, java_script_enabled=script, service_workers="block"
                )
                context.set_default_timeout(30_000)
                return context.new_page()

            def show(page: Page, name: str, language=language) -> None:  # type: ignore[no-untyped-def]
                top = page.locator(FROM[name]).first.bounding_box() if name in FROM else None
                size = page.viewport_size or {"width": 1280, "height": 900}
                scrolled = page.evaluate("scrollY")
                clip = {"x": 0, "y": max(0.0, top["y"] + scrolled - 24) if top else 0, **size}
                shot = page.screenshot(full_page=True, clip=clip, animations="disabled")
                (HERE / f"{language}-{name}.png").write_bytes(squeeze(shot))

            with serving(folder) as site:
                walk(site, person, language, show)
            browser.close()


if __name__ == "__main__":
    main()

"""The walk that somebody takes who has never seen Evenhand: from a need to a shortfall of two boxes that everybody can read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from evenhand_browser import OpenPage
from evenhand_served import Site
from evenhand_walk import WHAT, walk
from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.only("sqlite")]


@pytest.mark.parametrize(("language", "script"), [("en", True), ("ar", False)])
def test_a_need_is_entered_shared_out_sent_received_short_by_two_boxes_and_the_shortfall_is_public(
    language: str,
    script: bool,
    serve_copy: Callable[..., Site],
    open_page: OpenPage,
    keep_shot: Callable[[Page, str], Path],
) -> None:
    site = serve_copy()

    def show(page: Page, name: str) -> None:
        width = page.evaluate("document.documentElement.clientWidth")
        keep_shot(page, f"walk-{name}-{language}-{width}-{'js' if script else 'nojs'}")

    story = walk(site, lambda width: open_page("", width=width, script=script), language, show)

    lines = site.read(f"consignments/{story.consignment}.json", language)["rows"]
    assert [row["resource"] for row in lines] == [WHAT]
    assert sum(row["missing"] for row in lines) == 200, "two boxes of a hundred sachets"
    missed = site.run("stock", "history", "--concerns", story.consignment, "--verb", "miss")
    assert [one["quantity"] for one in missed["result"]["list"]] == [200], "the public book says so too"
    assert site.run("audit")

"""One swift look at the browser and at an installation with nothing in it; everything else in this folder is slow."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from evenhand_browser import OpenPage
from evenhand_served import Site

pytestmark = pytest.mark.only("sqlite")


def test_the_first_page_of_a_new_installation_opens_in_a_browser(
    site_of: Callable[..., Site], open_page: OpenPage
) -> None:
    page = open_page(site_of("empty").at(""))
    assert page.locator("h1").count() == 1
    assert page.locator("main").inner_text().strip()

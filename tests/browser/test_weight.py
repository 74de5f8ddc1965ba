"""How heavy pages are on the wire, how many requests they make, and how soon a form is usable on a bad line.

Bytes are what the browser received, headers included, by the DevTools protocol; the icon's count, though not as a request of
the page: a browser asks for it once, beside the first page of a site. Budgets: docs of the portal's goals, section E(c).
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from evenhand_browser import OpenPage
from evenhand_pages import AUDITOR, FOCAL, NURSE, PAGES, TASK_FORCE, Example, facts_of
from evenhand_served import Site
from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.only("sqlite")]

SiteOf = Callable[..., Site]
KB = 1000
FORM, REPEATED, TABLE, WITH_MAP, ANY = 50 * KB, 10 * KB, 60 * KB, 100 * KB, 150 * KB
REQUESTS = 6

FORMS = {
    "a need": Example("act/need/draft", FOCAL), "a receipt": Example("receipts/{awaited}", FOCAL),
    "an offer": Example("act/offer/make", "donor-demo-relief"), "an offer of goods": Example("act/offer/make?kind=goods", "donor-demo-relief"),
    "a round": Example("act/round/open", TASK_FORCE),
    "signing in": Example("account/sign-in"),
}  # fmt: skip
TABLES = ("needs", "consignments", "offers", "members", "donors", "resources", "entries", "promises", "checkpoints")
MAPS = ("home",)


@dataclass
class Wire:
    """Count what comes over the wire for a page."""

    bytes: int = 0
    requests: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    _addresses: dict[str, str] = field(default_factory=dict)

    def listen(self, page: Page) -> Any:
        """Begin to count; return the session of the protocol."""
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._began)
        session.on("Network.loadingFinished", self._ended)
        return session

    def _began(self, event: dict[str, Any]) -> None:
        response = event["response"]
        if response["url"].startswith("data:"):
            return
        self._addresses[event["requestId"]] = response["url"]
        if not response.get("fromDiskCache") and "/mark." not in response["url"]:
            self.requests += 1

    def _ended(self, event: dict[str, Any]) -> None:
        address = self._addresses.get(event["requestId"])
        if address is None:
            return
        self.bytes += int(event["encodedDataLength"])
        self.sizes[address] = self.sizes.get(address, 0) + int(event["encodedDataLength"])

    def __str__(self) -> str:
        """Say what weighs how much."""
        told = ", ".join(f"{address.rpartition('/')[2] or '/'} {size:,}" for address, size in self.sizes.items())
        return f"{self.bytes:,} bytes in {self.requests} requests: {told}"


def weigh(site: Site, example: Example, open_page: OpenPage, *, visits: int = 1) -> tuple[list[Wire], str]:
    """Return what a page costs at the first visit and at each next one, and where it was."""
    path = example.path.format(**facts_of(site)) if "{" in example.path else example.path
    page = open_page("", **site.cookies_of(example.who))
    weighed = []
    for _ in range(visits):
        wire = Wire()
        session = wire.listen(page)
        page.goto(site.at(path), wait_until="networkidle")
        session.detach()
        weighed.append(wire)
        page.goto("about:blank")
    page.context.close()
    return weighed, path


@pytest.mark.parametrize("name", FORMS)
def test_a_form_weighs_at_most_50_kb_and_10_when_it_is_opened_again(
    name: str, site_of: SiteOf, open_page: OpenPage
) -> None:
    (first, again), path = weigh(site_of(), FORMS[name], open_page, visits=2)
    assert first.bytes <= FORM, f"{path}: {first}"
    assert first.requests <= REQUESTS, f"{path}: {first}"
    assert again.bytes <= REPEATED, f"{path} again: {again}"


@pytest.mark.parametrize("name", TABLES)
def test_a_table_weighs_at_most_60_kb(name: str, site_of: SiteOf, open_page: OpenPage) -> None:
    (first,), path = weigh(site_of(), PAGES[name], open_page)
    assert first.bytes <= TABLE, f"{path}: {first}"
    assert first.requests <= REQUESTS, f"{path}: {first}"


@pytest.mark.parametrize("name", MAPS)
def test_a_page_with_the_map_weighs_at_most_100_kb(name: str, site_of: SiteOf, open_page: OpenPage) -> None:
    (first,), path = weigh(site_of(), PAGES[name], open_page)
    assert first.bytes <= WITH_MAP, f"{path}: {first}"
    assert first.requests <= REQUESTS, f"{path}: {first}"


def test_no_page_weighs_more_than_150_kb_or_takes_more_than_6_requests(site_of: SiteOf, open_page: OpenPage) -> None:
    heavy = []
    others = {name: one for name, one in PAGES.items() if name not in (*TABLES, *MAPS)}
    others |= {who: Example("desk", who) for who in (TASK_FORCE, AUDITOR, NURSE)}
    for name, example in others.items():
        (first,), path = weigh(site_of(), example, open_page)
        if first.bytes > ANY or first.requests > REQUESTS:
            heavy.append(f"{name}, {path}: {first}")
    assert not heavy, "\n".join(heavy)


BAD_LINE = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
USABLE = 3.5


@pytest.mark.alone
@pytest.mark.parametrize("name", ["a need", "a receipt"])
def test_a_form_is_usable_within_3_and_a_half_seconds_on_a_bad_line(
    name: str, site_of: SiteOf, open_page: OpenPage
) -> None:
    """400 kbit/s and 400 ms, nothing kept from before; the median of three. Usable: its first field is there, with its style."""
    site, example = site_of(), FORMS[name]
    path = example.path.format(**facts_of(site)) if "{" in example.path else example.path
    seconds = []
    for _ in range(3):
        page = open_page("", **site.cookies_of(example.who))
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", BAD_LINE)
        page.goto(site.at(path), wait_until="domcontentloaded", timeout=30_000)
        page.locator("main form [name]:not([type=hidden])").first.wait_for(state="visible")
        seconds.append(page.evaluate("performance.now()") / 1000)
        page.context.close()
    assert statistics.median(seconds) <= USABLE, seconds

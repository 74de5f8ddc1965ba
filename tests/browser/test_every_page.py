"""Every page × language × state in a real browser: nothing that axe-core finds, nothing too wide, with large text as well.

States: normal, of an empty installation, with an error, with very long texts. Each page is visited six times, so that every
(page, language) and every (page, state) comes up; which state meets which language differs from page to page. Colours depend on
neither language nor length, so they are looked at once for each other state. One tab for each installation and person is
turned from page to page, as a reader does; a new one for each visit would cost as much as the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from evenhand_browser import listen
from evenhand_pages import (
    AUDITOR,
    BOARD,
    DONOR,
    FOCAL,
    NO_PAGES,
    OPERATOR,
    PAGES,
    PRESS,
    TASK_FORCE,
    Example,
    facts_of,
    names_of,
)
from evenhand_served import Site
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.only("sqlite")]

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
VISITS = (("normal", 1280), ("long", 320), ("empty", 768), ("error", 320), ("normal", 320), ("long", 1280))
"""State, and width in pixels."""

THOROUGH = (0, 2, 3)
"""The visits on which colours are looked at too: normal, empty, and with an error."""

DESKS = (TASK_FORCE, BOARD, AUDITOR, OPERATOR, DONOR)
"""Whose desks are visited beside the focal point's."""

HOLDERS = {
    "focal-point": FOCAL, "donor": DONOR, "secretariat": TASK_FORCE, "board": BOARD, "auditor": AUDITOR, "operator": OPERATOR,
}  # fmt: skip

Facts = Callable[[Site], dict[str, str]]
SiteOf = Callable[..., Site]


@dataclass
class Visit:
    """Hold one visit: which page of which installation, in which language, how wide."""

    site: Site
    path: str
    who: str
    language: str
    state: str
    width: int

    def __str__(self) -> str:
        """Name it as a failure is to be read."""
        return f"{self.site.at(self.path, self.language)} ({self.state}, {self.width} px, {self.who or 'public'})"


@pytest.fixture(scope="session")
def facts() -> Facts:
    """Return the facts of an installation, asked once."""
    known: dict[str, dict[str, str]] = {}

    def found(site: Site) -> dict[str, str]:
        if site.address not in known:
            known[site.address] = facts_of(site)
        return known[site.address]

    return found


def visits(name: str, example: Example, place: int, site_of: SiteOf, facts: Facts) -> list[Visit]:
    """Return the six visits of a page."""
    found = []
    for number, (state, width) in enumerate(VISITS):
        site = site_of("empty" if state == "empty" else "long" if state == "long" else "demo")
        path = example.wrong if state == "error" and example.wrong not in ("", PRESS) else example.path
        if state == "empty" and example.empty:
            path = example.empty
        language = LANGUAGES[(number + place) % len(LANGUAGES)]
        found.append(Visit(site, path.format(**facts(site)), example.who, language, state, width))
    return found


@dataclass
class Reader:
    """Turn pages: one tab for each installation and person, kept from test to test."""

    browser: Browser
    complaints: list[str] = field(default_factory=list)
    _tabs: dict[tuple[str, str], Page] = field(default_factory=dict)

    def open(self, visit: Visit, *, pressed: bool, status: int = 200) -> Page:
        """Open a page as a visit says; where the error is in its form, send that empty."""
        key = (visit.site.address, visit.who)
        if key not in self._tabs:
            cookies = visit.site.cookies_of(visit.who)
            context = self.browser.new_context(service_workers="block", **cookies)
            context.set_default_timeout(10_000)
            self._tabs[key] = context.new_page()
            listen(self._tabs[key], self.complaints)
        page = self._tabs[key]
        page.set_viewport_size({"width": visit.width, "height": 900})
        answer = page.goto(visit.site.at(visit.path, visit.language))
        assert answer is not None
        if visit.state in ("normal", "long"):
            assert answer.status == status, f"{visit}: {answer.status}"
        assert answer.status < 500, f"{visit}: {answer.status}"
        if pressed:
            send_empty(page)
        return page

    def leave(self, visit: Visit, *, pressed: bool) -> None:
        """Leave nothing in the tab that the next page could find; whoever sent a form comes back in a new one."""
        page = self._tabs[visit.site.address, visit.who]
        if pressed:
            self.close(visit)
        else:
            page.evaluate("() => { try { sessionStorage.clear(); localStorage.clear(); } catch { } }")

    def close(self, visit: Visit) -> None:
        """Close a tab with all that it kept."""
        self._tabs.pop((visit.site.address, visit.who)).context.close()


@pytest.fixture(scope="session")
def one_reader(browser: Browser) -> Reader:
    """Return the reader of all tests here."""
    return Reader(browser)


@pytest.fixture
def reader(one_reader: Reader) -> Iterator[Reader]:
    """Return the reader; what the browser complained of fails the test at its end."""
    one_reader.complaints.clear()
    yield one_reader
    assert not one_reader.complaints, "\n".join(one_reader.complaints)


def send_empty(page: Page) -> None:
    """Empty the fields of a page's form and send it."""
    form = page.locator("main form[method=post]:not([action*='step-in'], [data-leave])").first
    if not form.count():
        return
    form.evaluate(
        """(form) => [...form.elements].forEach((one) => {
          if (one.tagName === "TEXTAREA" || (one.tagName === "INPUT" && ["text", "number", "date", "password"].includes(one.type)))
            one.value = "";
        })"""
    )
    with page.expect_navigation():
        form.locator("button:not([type=button])").last.click()


def look(
    page: Page,
    visit: Visit,
    check_axe: Callable[..., None],
    too_wide: Callable[[Page], list[str]],
    *,
    quick: bool,
    large: bool = False,
) -> list[str]:
    """Return what is wrong with a page that is open; quickly, where its colours are looked at on another visit."""
    wrong = []
    try:
        check_axe(page, quick=quick)
    except AssertionError as found:
        wrong += [f"{visit}: {line}" for line in str(found).splitlines() if line and not line.startswith("assert")]
    wrong += [f"{visit}: too wide: {one}" for one in too_wide(page)]
    if page.locator("h1").count() != 1:
        wrong.append(f"{visit}: {page.locator('h1').count()} headings of the first order")
    if page.locator("html").get_attribute("dir") != ("rtl" if visit.language == "ar" else "ltr"):
        wrong.append(f"{visit}: its direction is {page.locator('html').get_attribute('dir')}")
    if large:
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wrong += [f"{visit}: too wide with text of 200 %: {one}" for one in too_wide(page)]
    return wrong


def test_every_address_has_an_example_or_a_reason_to_have_none(site_of: SiteOf) -> None:
    found = {name for name in names_of(site_of())["names"] if not name.endswith("-data")}
    assert sorted(found - PAGES.keys() - NO_PAGES.keys()) == [], "give each an example in tests/cast/evenhand_pages.py"
    assert sorted((PAGES.keys() | NO_PAGES.keys()) - found) == [], "these addresses are gone"
    assert sorted(PAGES.keys() & NO_PAGES.keys()) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound_in_every_language_and_every_state(
    name: str,
    site_of: SiteOf,
    facts: Facts,
    reader: Reader,
    check_axe: Callable[..., None],
    too_wide: Callable[[Page], list[str]],
) -> None:
    wrong: list[str] = []
    example = PAGES[name]
    for number, visit in enumerate(visits(name, example, [*PAGES].index(name), site_of, facts)):
        pressed = visit.state == "error" and example.wrong == PRESS
        page = reader.open(visit, pressed=pressed, status=example.status)
        wrong += look(page, visit, check_axe, too_wide, quick=number not in THOROUGH, large=number == 0)
        reader.leave(visit, pressed=pressed)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", DESKS)
def test_every_desk_is_sound(
    who: str,
    site_of: SiteOf,
    facts: Facts,
    reader: Reader,
    check_axe: Callable[..., None],
    too_wide: Callable[[Page], list[str]],
) -> None:
    wrong: list[str] = []
    for number, visit in enumerate(visits("desk", Example("desk", who), DESKS.index(who), site_of, facts)):
        page = reader.open(visit, pressed=False)
        wrong += look(page, visit, check_axe, too_wide, quick=number not in THOROUGH)
        reader.leave(visit, pressed=False)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("part", range(6))
def test_the_form_of_every_action_is_sound_as_it_is_opened_and_when_it_is_sent_empty(
    part: int,
    site_of: SiteOf,
    reader: Reader,
    check_axe: Callable[..., None],
    too_wide: Callable[[Page], list[str]],
) -> None:
    site, wrong = site_of(), []
    acts: dict[str, Any] = names_of(site)["acts"]
    for place, (name, roles) in list(enumerate(sorted(acts.items())))[part::6]:
        who = HOLDERS[next(one for one in roles if one in HOLDERS)]
        group, _, verb = name.partition(" ")
        for state, width in (("normal", 320), ("error", 1280)):
            language = LANGUAGES[(place // 6 + (3 if state == "error" else 0)) % 6]
            visit = Visit(site, f"act/{group}/{verb.replace(' ', '-')}", who, language, state, width)
            pressed = state == "error" and name not in HARMLESS
            page = reader.open(visit, pressed=pressed)
            wrong += look(page, visit, check_axe, too_wide, quick=state == "normal")
            reader.leave(visit, pressed=pressed)
    assert not wrong, "\n".join(wrong)


HARMLESS = frozenset({"seed plant", "checkpoint make", "stock rebuild"})
"""Actions that need nothing typed: sent empty, they are done."""

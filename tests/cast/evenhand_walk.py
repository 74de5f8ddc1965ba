"""People of the demo at work in a browser, and the walk from a need to a shortfall that everybody can read.

Used by the journeys of tests/browser and by docs/walk/draw.py. Nothing is found by its words: the same steps go in every
language, with and without scripts. Every step is one that a person takes: links and buttons of pages, fields of forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evenhand_pages import BOARD, FOCAL, TASK_FORCE
from evenhand_served import Site
from playwright.sync_api import Locator, Page

OTHER_BOARD = "board-aze"
REF = re.compile(r"(?:ND|OF|RD|CN|OB|PG|EV)-[0-9A-Z]{10}")
Show = Callable[[Page, str], object]


@dataclass
class Person:
    """Hold one person: a page of a browser, who is signed in there, and the language that it reads."""

    site: Site
    page: Page
    language: str = "en"

    def enter(self, name: str, onward: str = "") -> Person:
        """Step in through the door with this name."""
        self.site.step_in(self.page, name, self.language, onward)
        return self

    def go(self, path: str, *, status: int = 200) -> Person:
        """Open a page by its path under the language."""
        answer = self.page.goto(self.site.at(path, self.language))
        assert answer is not None
        assert answer.status == status, (
            f"{self.page.url}: {answer.status}: {self.page.locator('main').inner_text()[:500]}"
        )
        return self

    def follow(self, address: str) -> Person:
        """Press the first link whose address holds these letters."""
        link = self.page.locator(f'main a[href*="{address}"]:visible').first
        with self.page.expect_navigation():
            link.click()
        return self

    def fill(self, **fields: str | bool) -> Person:
        """Fill fields of the page's form by their names; folded ones are opened as a person would."""
        for name, value in fields.items():
            field = self.form.locator(f'[name="{name.replace("__", "-")}"]:not([type=hidden])')
            _unfold(field.first)
            kind = field.first.evaluate("one => one.type")
            if kind == "select-one":
                field.first.select_option(str(value))
            elif kind == "radio":
                self.form.locator(f'[name="{name.replace("__", "-")}"][value="{value}"]').check()
            elif kind == "checkbox":
                field.first.set_checked(bool(value))
            else:
                field.first.fill(str(value))
        return self

    def send(self, button: str = "", *, refused: bool = False) -> Person:
        """Press the button of the page's form (its first, or the one with this name and value), and see it taken or refused."""
        chosen = self.form.locator(f"button{button}" if button else "button:not([type=button])").first
        with self.page.expect_navigation():
            chosen.click()
        said = self.page.locator(".errors")
        if refused:
            assert said.count() == 1, f"it was taken: {self.page.url}"
        else:
            assert said.count() == 0, f"{self.page.url}: {said.first.inner_text()}"
        return self

    @property
    def form(self) -> Locator:
        """The form that changes something."""
        return self.page.locator("main form[method=post]:not([data-leave])").first

    @property
    def ref(self) -> str:
        """The ref of what the page is about or has just said was done."""
        done = self.page.locator("[data-done], .notice.done")
        found = REF.findall(done.first.inner_text()) if done.count() else []
        found += REF.findall(self.page.url)
        assert found, f"nothing is named at {self.page.url}"
        return str(found[0])

    def reads(self, *texts: str) -> Person:
        """Make sure that the page's content holds these texts."""
        content = self.page.locator("main").inner_text()
        for text in texts:
            assert text in content, f"{self.page.url} does not say {text!r}: {content[:1500]}"
        return self


def _unfold(field: Locator) -> None:
    folded = field.locator("xpath=ancestor::details[not(@open)]")
    while folded.count():
        folded.first.locator("summary").first.click()


@dataclass(frozen=True)
class Story:
    """Hold what came of a walk."""

    need: str
    round: str
    consignment: str


WHAT, GIVER = "ors", "DEMO-MEDICAL"
"""What the walk is about, and who has an open pledge of it. A carton of it holds ten boxes."""


def walk(site: Site, person: Callable[[int], Page], language: str, show: Show) -> Story:
    """Enter a need, see it on the map, share out, decide, send, receive short by two boxes, and find that in public.

    Parameters
    ----------
    person
        Gives the page of a new person's browser of this width in pixels.
    show
        Is told of every page worth a picture: the page, and a name for it.
    """

    def somebody(width: int = 1280) -> Person:
        return Person(site, person(width), language)

    reader = somebody().go("")
    show(reader.page, "01-home")

    focal = somebody()
    focal.go("account/sign-in")
    show(focal.page, "02-step-in")
    focal.enter(FOCAL)
    show(focal.page, "03-desk")
    focal.follow("act/need/draft")
    focal.fill(
        party="TCD",
        resource=WHAT,
        quantity="400",
        unit="carton",
        why="Cholera in Mandoul: 400 000 sachets for three months",
    )
    show(focal.page, "04-need")
    focal.send('[name="then"]')
    need = focal.ref

    force = somebody().enter(TASK_FORCE)
    force.go(f"act/need/approve?need={need}").send()

    reader.go(f"?resource={WHAT}")
    assert reader.page.locator('main figure svg a[href$="/parties/TCD"]').count(), "Chad stands on the map"
    show(reader.page, "05-map")
    reader.go(f"needs/{need}")

    force.go("desk").follow("act/round/open")
    force.fill(title="Oral rehydration salts, second half of the year", resource=WHAT)
    show(force.page, "06-open-round")
    force.send()
    the_round = force.ref
    force.go(f"rounds/{the_round}").follow("act/round/freeze").send()
    force.go(f"rounds/{the_round}").follow("act/round/propose").send()
    force.go(f"rounds/{the_round}")
    show(force.page, "07-proposed")
    force.follow("act/round/publish").send()

    for number, name in enumerate((BOARD, OTHER_BOARD)):
        member = somebody().enter(name)
        member.go(f"rounds/{the_round}").follow("act/round/decide")
        if number == 0:
            show(member.page, "08-decide")
        member.send('[name="approve"][value="true"]')
        member.page.context.close()
    force.go(f"rounds/{the_round}").follow("act/round/post").send()
    reader.go(f"rounds/{the_round}")
    show(reader.page, "09-round")
    reader.go(f"rounds/{the_round}/TCD")

    force.go("consignments/plan").follow(f"origin={GIVER}&destination=TCD")
    much = force.form.locator('input[name^="much-"]')
    much.fill(f"{10 * int(much.input_value())} box")
    force.fill(carrier="Demo Freight (invented)")
    show(force.page, "10-consignment")
    force.send()
    consignment = force.ref
    force.go(f"consignments/{consignment}").follow("act/consignment/dispatch").send()

    officer = somebody(320).enter(FOCAL, f"receipts/{consignment}")
    officer.fill(**{"is-1": "part"})
    officer.fill(**{"missing-1": "2", "why_missing-1": "left-behind"})
    show(officer.page, "11-receipt")
    officer.send()

    reader.go(f"consignments/{consignment}")
    show(reader.page, "12-short")
    reader.follow("/book/entries/")
    show(reader.page, "13-proof")
    return Story(need, the_round, consignment)


def into(folder: Path) -> Show:
    """Return what keeps a picture of each page in a folder."""

    def kept(page: Page, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", full_page=True)

    return kept

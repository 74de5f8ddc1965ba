"""Each role's whole journey, on a demo of its own: in English and in Arabic, with scripts and without, from 320 to 1280 pixels.

Every role goes three ways, so that each width, both directions and both states of the scripts come up for it. No step needs a
script. Pictures are kept in build/screenshots/<journey>-<language>-<width>-<js>.png.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from evenhand_browser import OpenPage
from evenhand_pages import AUDITOR, BOARD, DONOR, FOCAL, OPERATOR, TASK_FORCE, facts_of
from evenhand_people import code_for
from evenhand_served import Site
from evenhand_walk import OTHER_BOARD, Person
from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.only("sqlite")]

WAYS = (
    ("en", 320, False),
    ("ar", 768, True),
    ("en", 1280, True),
    ("ar", 1280, False),
    ("en", 768, True),
    ("ar", 320, True),
)
"""Language, width in pixels, whether scripts run."""

THREE = {0: (0, 1, 3), 1: (3, 4, 5)}
"""Three ways in which each width, both directions and both states of the scripts come up."""


def ways(which: int) -> Any:
    """Return the ways of a journey, as parameters."""
    rows = [WAYS[number] for number in THREE[which]]
    return pytest.mark.parametrize("way", rows, ids=[f"{one[0]}-{one[1]}-{'js' if one[2] else 'nojs'}" for one in rows])


@dataclass
class Scene:
    """Hold a demo, and let people of it come and be seen."""

    site: Site
    way: tuple[str, int, bool]
    open_page: OpenPage
    keep_shot: Callable[[Page, str], Path]
    too_wide: Callable[[Page], list[str]]

    def somebody(self, name: str = "", onward: str = "", **more: Any) -> Person:
        """Bring somebody: signed in through its door, or nobody in particular."""
        language, width, script = self.way
        person = Person(self.site, self.open_page("", width=width, script=script, **more), language)
        return person.enter(name, onward) if name else person

    def shot(self, person: Person, journey: str) -> None:
        """Keep a picture of where somebody is, and see that nothing there is too wide."""
        language, width, script = self.way
        assert self.too_wide(person.page) == [], person.page.url
        self.keep_shot(person.page, f"{journey}-{language}-{width}-{'js' if script else 'nojs'}")


@pytest.fixture
def scene(
    way: tuple[str, int, bool],
    serve_copy: Callable[..., Site],
    open_page: OpenPage,
    keep_shot: Callable[[Page, str], Path],
    too_wide: Callable[[Page], list[str]],
) -> Scene:
    """Give a demo of its own to a journey."""
    return Scene(serve_copy(), way, open_page, keep_shot, too_wide)


def enter_need(focal: Person, **more: str) -> str:
    """Enter a need and submit it in one go; return its ref."""
    focal.go("act/need/draft?party=TCD").fill(
        resource="ors", quantity="400", unit="carton", why="Cholera in Mandoul", **more
    )
    return focal.send('[name="then"]').ref


@ways(0)
def test_a_focal_point_enters_corrects_and_renews_needs_and_words_survive_errors(scene: Scene, tmp_path: Path) -> None:
    focal = scene.somebody(FOCAL)
    scene.shot(focal, "focal-desk")
    focal.follow("act/need/draft")
    hostile = "<b>rain</b> '; DROP TABLE x; -- مطر"
    focal.fill(party="TCD", resource="ors", quantity="many", unit="carton", why=hostile).send(
        '[name="then"]', refused=True
    )
    assert focal.form.locator('[name="quantity"]').input_value() == "many"
    assert focal.form.locator('[name="why"]').input_value() == hostile
    assert focal.page.locator('.errors a[href^="#"]').count() >= 1, "the summary leads to the field"
    if scene.way[2]:
        assert focal.page.evaluate("document.activeElement.className") == "errors"
    scene.shot(focal, "focal-error")
    need = focal.fill(quantity="400").send('[name="then"]').ref
    assert need.startswith("ND-")
    focal.go(f"act/need/correct?need={need}").fill(quantity="420", reason="twenty more for the camp").send()
    scene.shot(focal, "focal-corrected")

    focal.go("desk/needs/renew")
    if focal.form.count():
        focal.send()

    wrong, right = tmp_path / "wrong.csv", tmp_path / "right.csv"
    for file, quantity in ((wrong, "a lot"), (right, "900")):
        with file.open("w", newline="", encoding="utf-8") as written:
            csv.writer(written).writerows(
                [["party", "resource", "quantity", "unit", "why"], ["TCD", "zinc-20", quantity, "box", "diarrhoea"]]
            )
    focal.go("desk/import/needs")
    focal.page.locator('input[type="file"]').set_input_files(wrong)
    focal.send(refused=True)
    focal.reads("a lot")
    scene.shot(focal, "focal-import-wrong")
    focal.go("desk/import/needs")
    focal.page.locator('input[type="file"]').set_input_files(right)
    focal.send()
    scene.shot(focal, "focal-import-preview")
    with focal.page.expect_navigation():
        focal.page.locator('button[name="step"][value="do"]').click()
    rows = scene.site.run("need", "list", "--party", "TCD", as_user=FOCAL)
    assert "zinc-20" in str(rows)


@ways(1)
def test_a_round_is_shared_out_objected_to_answered_and_decided_by_two_who_did_not_propose_it(scene: Scene) -> None:
    facts = facts_of(scene.site)
    the_round = facts["open"]
    force = scene.somebody(TASK_FORCE)
    scene.shot(force, "secretariat-desk")
    focal = scene.somebody(FOCAL)
    need = enter_need(focal)
    force.go("desk").go(f"act/need/approve?need={need}").send()

    force.go(f"rounds/{the_round}").follow("act/round/freeze").send()
    force.go(f"rounds/{the_round}").follow("act/round/propose").send()
    force.go(f"rounds/{the_round}/rules/compared")
    scene.shot(force, "secretariat-rules-compared")
    force.go(f"rounds/{the_round}").follow("act/round/publish").send()

    focal.go(f"act/round/object?round={the_round}&party=TCD").fill(
        party="TCD", text="Our stock of masks burned in October."
    )
    objection = focal.send().page.url
    scene.shot(focal, "focal-objected")
    force.go("desk").follow("act/round/answer")
    force.fill(answer="The plan counts what was held on the day it was frozen; the loss is for the next round.").send()
    scene.shot(force, "secretariat-answered")
    assert objection

    recused = scene.somebody("board-idn")
    recused.go(f"act/round/recuse?round={the_round}").fill(reason="A firm of ours makes these masks.").send()
    for number, name in enumerate((BOARD, OTHER_BOARD)):
        member = scene.somebody(name)
        scene.shot(member, f"board-{number + 1}-desk")
        member.go(f"act/round/decide?round={the_round}")
        scene.shot(member, f"board-{number + 1}-decide")
        member.send('[name="approve"][value="true"]')
    force.go(f"rounds/{the_round}").follow("act/round/post").send()
    reader = scene.somebody().go(f"rounds/{the_round}")
    scene.shot(reader, "public-round-decided")

    force.go("consignments/plan").follow("destination=TCD")
    boxes = force.form.locator('input[type="checkbox"][name^="take-"]')
    for number in range(boxes.count()):
        boxes.nth(number).check()
    consignment = force.send().ref
    force.go(f"consignments/{consignment}").follow("act/consignment/dispatch").send()
    scene.shot(force, "secretariat-dispatched")


@ways(0)
def test_a_donor_offers_goods_firms_them_up_and_follows_them(scene: Scene) -> None:
    donor = scene.somebody(DONOR)
    scene.shot(donor, "donor-desk")
    donor.go("act/offer/make").fill(donor="DEMO-RELIEF", resource="ors", quantity="-5").send(refused=True)
    scene.shot(donor, "donor-error")
    donor.fill(quantity="300 carton")
    donor.fill(firmness="pledge") if donor.form.locator('[name="firmness"]').count() else None
    offer = donor.send().ref
    donor.go(f"act/offer/firm?offer={offer}").fill(firmness="commitment").send()
    donor.go(f"offers/{offer}")
    scene.shot(donor, "donor-offer")
    donor.go(f"offers/{facts_of(scene.site)['offer']}")
    assert donor.page.locator('main a[href*="/consignments/CN-"]').count(), "what was sent of it can be followed"
    scene.shot(donor, "donor-followed")


@ways(1)
def test_the_public_reads_from_the_first_page_to_the_proof_of_an_entry(scene: Scene) -> None:
    facts = facts_of(scene.site)
    reader = scene.somebody().go("")
    scene.shot(reader, "public-home")
    reader.go("search?q=TCD")
    assert reader.page.locator('main a[href$="/parties/TCD"]').count()
    reader.go("rounds").follow(f"rounds/{facts['posted']}")
    scene.shot(reader, "public-round")
    reader.go(f"rounds/{facts['posted']}/TCD")
    scene.shot(reader, "public-why")
    reader.go(f"consignments/{facts['short']}")
    scene.shot(reader, "public-consignment")
    reader.go("promises")
    scene.shot(reader, "public-promises")
    reader.go("book").go("book/entries").follow("book/entries/")
    scene.shot(reader, "public-entry")
    reader.go("data")
    scene.shot(reader, "public-data")
    answer = reader.page.request.get(scene.site.at("needs.csv", reader.language))
    assert answer.ok
    assert answer.text().splitlines()[0].startswith(("ref", "party", '"', "key")) or "," in answer.text()


@ways(0)
def test_an_auditor_verifies_the_book_and_reads_what_was_done(scene: Scene) -> None:
    auditor = scene.somebody(AUDITOR)
    scene.shot(auditor, "auditor-desk")
    auditor.go("desk/audit").send()
    scene.shot(auditor, "auditor-verdict")
    assert not auditor.page.locator(".tag.bad").count()
    auditor.go("desk/actions")
    scene.shot(auditor, "auditor-actions")


@ways(1)
def test_an_operator_adds_a_member_of_the_staff_who_must_set_up_a_second_step(scene: Scene) -> None:
    operator = scene.somebody(OPERATOR)
    scene.shot(operator, "operator-desk")
    secret = "a sentence that nobody guesses"
    operator.go("act/user/add")
    assert operator.form.locator('[name="name"]').get_attribute("type") == "text", "it is seen while it is typed"
    operator.fill(name="new-auditor", password=secret).send()
    operator.go("act/user/grant?user=new-auditor").fill(role="auditor").send()
    operator.go("desk/users?search=new-auditor").reads("new-auditor")
    scene.shot(operator, "operator-users")

    new = scene.somebody().go("account/sign-in")
    form = new.page.locator('main form:has([name="password"])')
    form.locator('[name="login"]').fill("new-auditor")
    form.locator('[name="password"]').fill(secret)
    with new.page.expect_navigation():
        form.locator("button").first.click()
    assert "second-step" in new.page.url, "until it has one, nothing else opens"
    scene.shot(new, "operator-second-step")
    new.go("account/second-step/app")
    key = new.page.locator('code[dir="ltr"]').first.inner_text().strip()
    new.page.locator('main [name="code"]').fill(code_for(key))
    with new.page.expect_navigation():
        new.page.locator('main form:has([name="code"]) button').first.click()
    new.go("desk")
    scene.shot(new, "operator-new-auditor")


@ways(0)
def test_a_field_officer_confirms_a_receipt_short_by_two_line_by_line(scene: Scene) -> None:
    consignment = facts_of(scene.site)["awaited"]
    officer = scene.somebody(FOCAL, "receipts")
    scene.shot(officer, "officer-receipts")
    officer.follow(f"receipts/{consignment}")
    officer.fill(**{"is-1": "part"}).fill(**{"missing-1": "2"})
    officer.send(refused=True)  # why it is missing was not said
    assert officer.form.locator('[name="missing-1"]').input_value() == "2"
    officer.fill(**{"why_missing-1": "theft"})
    scene.shot(officer, "officer-short")
    officer.send()
    scene.shot(officer, "officer-done")
    rows = scene.site.read(f"consignments/{consignment}.json")["rows"]
    assert sum(int(row["missing"]) for row in rows) == 2


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_receipt_given_without_a_line_is_kept_sent_later_and_counted_once(
    language: str, serve_copy: Callable[..., Site], browser: Any, keep_shot: Callable[[Page, str], Path]
) -> None:
    site = serve_copy()
    consignment = facts_of(site)["awaited"]
    context = browser.new_context(viewport={"width": 320, "height": 800})
    context.set_default_timeout(15_000)
    try:
        officer = Person(site, context.new_page(), language).enter(FOCAL, "receipts")
        officer.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        officer.go(f"receipts/{consignment}")
        officer.page.wait_for_timeout(1500)  # the worker keeps this page and its files meanwhile
        context.set_offline(True)
        officer.page.reload()
        officer.fill(**{"is-1": "part"}).fill(**{"missing-1": "2", "why_missing-1": "theft"})
        officer.form.locator("button:not([type=button])").last.click()
        kept = officer.page.locator("#kept")
        kept.wait_for(state="visible")
        keep_shot(officer.page, f"officer-offline-kept-{language}-320-js")
        assert site.read(f"consignments/{consignment}.json")["rows"][0]["missing"] in (0, "0"), "nothing was sent yet"
        context.set_offline(False)
        officer.page.goto(site.at("receipts", language))
        said = kept.get_attribute("data-done") or ""
        officer.page.locator("#kept li", has_text=said).wait_for()
        keep_shot(officer.page, f"officer-offline-sent-{language}-320-js")
        officer.page.reload()
        officer.page.wait_for_timeout(1000)
        rows = site.read(f"consignments/{consignment}.json")["rows"]
        assert sum(int(row["missing"]) for row in rows) == 2, "counted once"
    finally:
        context.close()


def tab_to(page: Page, selector: str, most: int = 150) -> None:
    """Press the tabulator until what is looked for has the focus, and see that the focus is shown on the way."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(what) => !!document.activeElement && document.activeElement.matches(what)", selector):
            shown = page.evaluate(
                "() => { const style = getComputedStyle(document.activeElement); "
                "return style.outlineStyle !== 'none' || style.boxShadow !== 'none'; }"
            )
            assert shown, f"{selector} has the focus and does not show it"
            return
    raise AssertionError(f"{selector} cannot be reached with the keyboard at {page.url}")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_with_the_keyboard_alone_a_need_is_entered_and_the_error_summary_is_met_first(
    language: str, serve_copy: Callable[..., Site], open_page: OpenPage
) -> None:
    site = serve_copy()
    page = open_page(site.at(f"account/sign-in?next=/{language}/act/need/draft", language))
    tab_to(page, f'button[value="{FOCAL}"]')
    page.keyboard.press("Enter")
    page.locator("body[data-who]").wait_for()
    tab_to(page, '[name="party"]')
    page.keyboard.type("Chad" if language == "en" else "تشاد")
    tab_to(page, '[name="quantity"]')
    page.keyboard.type("many")
    tab_to(page, 'main form button[name="then"]')
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className") == "errors"
    tab_to(page, '.errors a[href^="#"]', most=2)
    page.keyboard.press("Enter")
    assert page.evaluate("!!document.activeElement.closest('form')"), "the link of the summary leads into the form"


def test_with_the_keyboard_alone_a_reader_finds_a_member_and_skips_what_stands_before(
    site_of: Callable[..., Site], open_page: OpenPage
) -> None:
    site = site_of()
    page = open_page(site.at(""))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.goto(site.at(""))
    tab_to(page, '[name="q"]')
    page.keyboard.type("chad")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, 'main a[href$="/parties/TCD"]')
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/parties/TCD")
    assert page.locator("h1").count() == 1

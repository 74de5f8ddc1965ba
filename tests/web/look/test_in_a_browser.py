"""The components in a real browser: nothing too wide, nothing blocked, nothing that axe finds, and the small script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from evenhand_browser import OpenPage
from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.only("sqlite"), pytest.mark.slow]

FORM = 'form[data-warn="ok"]'


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("variant", ["components", "long", "longer"])
@pytest.mark.parametrize("width", [1280, 768, 390, 320])
def test_no_component_widens_the_page(
    showcase: str, open_page: OpenPage, too_wide: Callable[[Page], list[str]], language: str, variant: str, width: int
) -> None:
    assert too_wide(open_page(f"{showcase}/{language}/{variant}", width=width)) == []


@pytest.mark.parametrize("width", [1280, 320])
def test_text_spaced_as_wcag_1_4_12_asks_still_fits(
    showcase: str, open_page: OpenPage, too_wide: Callable[[Page], list[str]], width: int
) -> None:
    page = open_page(f"{showcase}/en/components", width=width, bypass_csp=True)
    page.add_style_tag(
        content="*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
    )
    assert too_wide(page) == []


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing(
    showcase: str, open_page: OpenPage, check_axe: Callable[..., None], language: str, width: int
) -> None:
    page = open_page(f"{showcase}/{language}/components", width=width)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    check_axe(page)


def test_axe_would_find_something(showcase: str, open_page: OpenPage, check_axe: Callable[..., None]) -> None:
    page = open_page(f"{showcase}/en/sound")
    page.evaluate("document.querySelector('label[for=q]').remove()")
    with pytest.raises(AssertionError, match="label"):
        check_axe(page)


def test_the_page_mirrors_itself(showcase: str, open_page: OpenPage) -> None:
    brand = open_page(f"{showcase}/en/components").locator(".brand").bounding_box()
    mirrored = open_page(f"{showcase}/ar/components").locator(".brand").bounding_box()
    assert brand is not None
    assert mirrored is not None
    assert 1280 - mirrored["x"] - mirrored["width"] == pytest.approx(brand["x"], abs=1)


@pytest.mark.parametrize("script", [True, False])
def test_every_target_is_at_least_24_pixels_high(showcase: str, open_page: OpenPage, script: bool) -> None:
    page = open_page(f"{showcase}/en/components", width=320)
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, summary, input, select, textarea")]
        .filter((one) => !one.closest("p, .lead, .vh, .skip, blockquote, .empty") && one.getClientRects().length)
        .filter((one) => one.getBoundingClientRect().height < 23.9 && !one.closest("label"))
        .map((one) => one.outerHTML.slice(0, 100))"""
    )
    assert small == []


def test_words_after_a_link_that_wraps_follow_it_and_its_bullet_stands_at_its_first_line(
    showcase: str, open_page: OpenPage
) -> None:
    page = open_page(f"{showcase}/en/components", width=390)
    found = page.evaluate(
        """() => {
        const [link, inList] = document.querySelectorAll("dl.facts dd a"), after = document.createRange();
        after.setStart(link.nextSibling, 0);
        after.setEnd(link.nextSibling, 1);
        const last = [...link.getClientRects()].at(-1), comma = after.getBoundingClientRect();
        return {lines: link.getClientRects().length, in_list: inList.getClientRects().length, comma: comma.left - last.right,
                beside: comma.top >= last.top && comma.bottom <= last.bottom};
        }"""
    )
    assert found["lines"] > 1
    assert found["in_list"] > 1  # a line each, as words have: the bullet stands beside the first
    assert found["beside"]
    assert abs(found["comma"]) < 2


def test_the_first_tab_leads_to_the_skip_link_and_it_is_seen(showcase: str, open_page: OpenPage) -> None:
    page = open_page(f"{showcase}/en/components")
    page.evaluate("document.activeElement.blur(); window.getSelection().removeAllRanges(); scrollTo(0, 0)")
    page.locator(".skip").focus()
    box = page.locator(".skip").bounding_box()
    assert box is not None
    assert box["y"] >= 0


def test_the_error_summary_has_the_focus(showcase: str, open_page: OpenPage) -> None:
    page = open_page(f"{showcase}/en/components")
    assert page.evaluate("document.activeElement.className") == "errors"


def test_losing_the_line_is_said_and_its_coming_back(showcase: str, open_page: OpenPage) -> None:
    page = open_page(f"{showcase}/en/components")
    bar = page.locator(".offline")
    assert not bar.is_visible()
    page.context.set_offline(True)
    bar.wait_for(state="visible")
    page.context.set_offline(False)
    bar.wait_for(state="hidden")


def test_what_was_typed_is_there_after_a_reload_and_it_is_said(showcase: str, open_page: OpenPage) -> None:
    page = open_page(f"{showcase}/en/sound")
    form = page.locator(FORM)
    form.get_by_label("How much").fill("40 box")
    form.get_by_label("Urgent").check()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert form.get_by_label("How much").input_value() == "40 box"
    assert form.get_by_label("Urgent").is_checked()
    assert page.get_by_text("What you typed here before was put back.").is_visible()


def test_leaving_with_unsaved_words_asks_first(showcase: str, open_page: OpenPage) -> None:
    page = open_page(f"{showcase}/en/sound")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator(FORM).get_by_label("How much").fill("40 box")
    page.locator(FORM).get_by_label("How much").press("Tab")
    page.goto(f"{showcase}/ar/components")
    assert asked == ["beforeunload"]


def test_somebody_else_at_the_same_screen_finds_nothing(showcase: str, open_page: OpenPage) -> None:
    page = open_page(f"{showcase}/en/sound")
    page.locator(FORM).get_by_label("How much").fill("40 box")
    page.evaluate("sessionStorage.setItem('evenhand:who', 'one')")
    page.on("dialog", lambda dialog: dialog.accept())

    def signed_in(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("<body", '<body data-who="another"'))

    page.route("**/sound", signed_in)
    page.reload()
    assert page.locator(FORM).get_by_label("How much").input_value() == ""


def test_two_presses_send_once(showcase: str, open_page: OpenPage) -> None:
    page = open_page(f"{showcase}/en/sound")
    sent = []
    page.route("**/sent", lambda route: sent.append(route.request.method))  # never answered: a slow line
    page.evaluate(
        """() => { const form = document.querySelector('form[data-warn="ok"]'); form.action = "/sent"; form.noValidate = true;
        form.querySelector("button").click(); form.querySelector("button").click(); form.querySelector("button").click(); }"""
    )
    page.wait_for_timeout(400)
    assert sent == ["POST"]


def test_filters_change_the_table_alone_and_the_address_with_it(showcase: str, open_page: OpenPage) -> None:
    page = open_page(f"{showcase}/en/sound")
    page.evaluate("window.here = true; document.querySelector('#table').dataset.old = 'yes'")
    page.locator("#r").select_option("COVID-19 vaccine")
    page.locator("#table:not([data-old])").wait_for()
    assert page.evaluate("window.here") is True
    assert "resource=COVID-19" in page.url
    assert page.locator("#say").inner_text() == "224 found"


def test_filters_work_without_a_script(showcase: str, open_page: OpenPage) -> None:
    page = open_page(f"{showcase}/en/components", script=False)
    page.locator("#r").select_option("COVID-19 vaccine")
    page.get_by_role("button", name="Show", exact=True).click()
    assert "resource=COVID-19" in page.url

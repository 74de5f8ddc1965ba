"""One self-contained page that tells a plan: no script, no outside file, below 300 kB whatever the size of the round.

Called by the library's front, which writes it to a file. The same story gives the same bytes.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

from evenhand.figures.chapter import Setting
from evenhand.figures.giving import write_giving
from evenhand.figures.markup import Markup, tag
from evenhand.figures.opening import headline, write_opening, write_scale, write_shares, write_waterline
from evenhand.figures.plan_table import write_plan
from evenhand.figures.proof import write_explanations, write_measures, write_proof
from evenhand.figures.standing import Standing, find_standing
from evenhand.figures.story import PlanStory
from evenhand.figures.svg import Direction
from evenhand.figures.words import cut

LARGEST_PAGE = 290_000
"""Bytes. A page that would be larger prints fewer rows, and says where the whole is."""
ROWS = (240, 120, 60, 24)
"""Rows of the plan's table, tried in this order."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""The page asks its reader's browser to refuse everything from outside, should anything ever be put into it."""


@cache
def read_style() -> str:
    """Return the style sheet that is written into the page."""
    return resources.files("evenhand.figures").joinpath("report.css").read_text(encoding="utf-8")


def write_page(story: PlanStory, *, direction: Direction = "ltr") -> str:
    """Return the report of a plan as HTML that is also well-formed XML.

    Parameters
    ----------
    story
        The plan, told in plain numbers.
    direction
        "rtl" mirrors the page and its pictures.
    """
    standing = find_standing(story)
    page = ""
    for rows in ROWS:
        page = _page(story, standing, Setting(standing, direction, rows))
        if len(page.encode()) <= LARGEST_PAGE:
            break
    return page


def _page(story: PlanStory, standing: Standing, setting: Setting) -> str:
    title = cut(story.title, 160)
    links = [("waterline", "Waterline"), ("scale", "To scale"), ("gifts", "Who gives to whom"), ("plan", "The plan")]
    links.append(("proof", "The proof" if story.proved else "What was checked"))
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("title", f"{title} - Evenhand"),
        tag("meta", name="description", content=cut(headline(story, standing), 300)),
        tag("style", Markup(read_style())),
    )
    body = tag(
        "body",
        tag("a", "Skip to the content", cls="skip", href="#main"),
        _top(links),
        tag(
            "main",
            write_opening(story, setting),
            write_waterline(story, setting),
            write_scale(story, setting),
            write_shares(story, setting),
            write_giving(story, setting),
            write_plan(story, setting),
            write_explanations(story, setting),
            write_measures(story),
            write_proof(story, setting),
            id="main",
        ),
        _foot(),
    )
    return "<!DOCTYPE html>\n" + tag("html", head, body, lang="en", dir=setting.direction) + "\n"


def _top(links: list[tuple[str, str]]) -> Markup:
    sign = tag(
        "svg",
        tag("path", cls="f-ground", d="M0 36V20h12v9h12v-13h12v20z"),
        tag("path", cls="f-water", d="M0 20V11h36v5H24v13H12v-9z"),
        tag("path", cls="f-ink", d="M0 9h36v2.5H0z"),
        viewBox="0 0 36 36",
        aria_hidden="true",
    )
    brand = tag("div", sign, tag("span", tag("b", "Evenhand"), tag("span", "Report of one plan")), cls="brand")
    jump = tag("ul", (tag("li", tag("a", words, href=f"#{ident}")) for ident, words in links), cls="jump")
    return tag("header", tag("div", brand, tag("nav", jump, aria_label="On this page"), cls="wrap"), cls="top")


def _foot() -> Markup:
    said = (
        "This page was made from the files of the plan alone. It holds no script and loads nothing from anywhere. Evenhand "
        "shares out what was offered by a stated rule; it ranks needs, never states, and it does not decide."
    )
    return tag("footer", tag("div", tag("p", said), cls="wrap"))

"""Why this amount: one recipient of a plan explained, and what would have been had its inputs been different.

Anybody may try a change. The frozen inputs are shared out anew under limits of size, time and number (`trying`), only what
changes is shown, and nothing is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from evenhand.errors import NameUnknown
from evenhand.figures.one import draw_one
from evenhand.figures.standing import held_by_line
from evenhand.lookups.reach import today
from evenhand.lookups.round_stories import RoundStory, get_story
from evenhand.web.frame.pages import public_page, show, viewer_of, wanted
from evenhand.web.frame.tables import Table
from evenhand.web.languages.vocabulary import word
from evenhand.web.rounds import columns as columns_of
from evenhand.web.rounds import plan_rows
from evenhand.web.rounds.explained import explain
from evenhand.web.rounds.naming import plain_name
from evenhand.web.rounds.one import RTL, number_asked, tell_in_language
from evenhand.web.rounds.steps import tell_objecting
from evenhand.web.rounds.told import Told, made, tell
from evenhand.web.rounds.trying import Refusal, what_if
from evenhand.web.rounds.words import level

TITLES: Final[dict[str, str | Promise]] = {
    "What it needed": gettext_lazy("What it needed"),
    "What it gets": gettext_lazy("What it gets"),
    "Its waterline": gettext_lazy("Its waterline"),
    "What stopped it": gettext_lazy("What stopped it"),
    "What did not stop it": gettext_lazy("What did not stop it"),
    "What it may not have": gettext_lazy("What it may not have"),
    "Who stands lower": gettext_lazy("Who stands lower"),
    "What would raise it": gettext_lazy("What would raise it"),
    "Under another rule": gettext_lazy("Under another rule"),
}
"""Titles of an explanation's parts, in the reader's language."""

AMOUNTS: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    "target": (gettext_lazy("Target"), gettext_lazy("how much it needs in all, with what it holds")),
    "held": (gettext_lazy("Held"), gettext_lazy("how much of the target it already has")),
    "capacity": (gettext_lazy("Capacity"), gettext_lazy("the most it can take now; empty: up to its target")),
    "per_week": (
        gettext_lazy("Use in a week"),
        gettext_lazy("the most it can use of a lot in a week; empty: no limit"),
    ),
    "weight": (gettext_lazy("Weight"), gettext_lazy("how much faster its level should rise; for the weighted rules")),
}
"""Inputs that can be tried → their label and hint."""

LONGEST: Final = 60
MOST_LISTED: Final = 1_000
"""Above so many recipients a list of them is no help, and would be the heaviest thing on the page; one types the key."""

EXPLAINED_NOW: Final = 2_000
"""Up to so many recipients the page works out by itself what would raise one; of larger rounds it tells what was stored."""


@public_page
def why(request: HttpRequest, ref: str, key: str) -> HttpResponse:
    """Explain what one recipient gets, and try a change where the address asks for one."""
    viewer = viewer_of(request)
    story = get_story(viewer, ref, number_asked(request), short=True)
    if story.shown is None:
        raise NameUnknown("plan of the round", ref, ())
    told = tell(story.folder)
    plan = tell_in_language(story, told)
    row = next((one for one in plan.recipients if one.recipient == key), None)
    if row is None:
        raise NameUnknown("recipient of the plan", key, [one.recipient for one in plan.recipients])
    table_row = plan_rows.one_row(plan, told.standing, key)
    columns = columns_of.plan_columns(told.story.unit, override=False)
    table = Table(f"{ref}-{key}", _("One recipient of the plan"), columns, [table_row])
    if wanted(request) != "html":
        return show(request, "rounds/why.html", table=table)
    tried = try_asked(request, told, key, "" if viewer.public_id else str(request.META.get("REMOTE_ADDR", "")))
    few = plan.recipients if len(plan.recipients) <= MOST_LISTED else ()
    order = sorted(few, key=lambda one: (one.name.casefold(), one.recipient))
    language = get_language() or "en"
    context: dict[str, Any] = {
        "round": story, "plan": plan, "row": row, "table_row": table_row, "recipients": order, "told": told,
        "number": request.GET.get("proposal", ""), "parts": tell_parts(story, told, key),
        "picture": made(
            ("one", told.sha256, language, key, row.name, hash(tuple(lot.donor for lot in plan.lots))),
            lambda: mark_safe(  # noqa: S308 -- escaped where it is drawn
                str(draw_one(plan, row, told.standing.main, direction="rtl" if language in RTL else "ltr", ident="one"))
            ), lambda one: 2 * len(one),
        ),
        "gifts": [(gift, plan.lot_by_key[gift.lot]) for gift in row.gifts], "level": level(story.rule, row.level),
        "level_before": level(story.rule, row.level_before), "line": level(story.rule, row.waterline),
        "on_line": held_by_line(row), "limit": plan_rows.limit(row.limited_by) if row.limited_by else "",
        "override": override_row(story, told, plan, key), "work": tell_objecting(viewer, story, frozenset({key}), today()),
        "here": reverse("why", args=[ref, key]), **tried,
    }  # fmt: skip
    return show(request, "rounds/why.html", context, table=table, status=tried["status"])


@public_page
def explain_another(request: HttpRequest, ref: str) -> HttpResponse:
    """Lead from the list of recipients to one's own page."""
    key, number = request.GET.get("key", ""), request.GET.get("proposal", "")
    if not key or "/" in key or len(key) > LONGEST:
        return redirect("round", ref)
    return redirect(reverse("why", args=[ref, key]) + (f"?{urlencode({'proposal': number})}" if number else ""))


def override_row(story: RoundStory, told: Told, plan: Any, key: str) -> plan_rows.PlanRow | None:
    """Return what an override gives a recipient beside the fair plan; None where the plan is the fair one."""
    if story.shown is None or not story.shown.override:
        return None
    return next(one for one in plan_rows.override_rows(told, plan, story.lines) if one.recipient == key)


def tell_parts(story: RoundStory, told: Told, key: str) -> list[tuple[str, list[str]]]:
    """Return an explanation as titled paragraphs: worked out now where that is quick, else as it was stored."""
    small = len(told.plan.outcome.problem.recipients) <= EXPLAINED_NOW and told.plan.outcome.bound is None
    text = made(("why", told.sha256, key), lambda: explain(told, key, remedies=small), lambda one: 2 * len(one))
    found = []
    for part in text.split("\n\n")[1:]:
        title, _newline, rest = part.partition("\n")
        found.append((str(TITLES.get(title, title)), rest.split("\n")))
    if story.shown is not None and story.shown.override and key in story.explanations:
        found.insert(0, (_("Under the override"), [story.explanations[key]]))
    return found


@dataclass(frozen=True, slots=True)
class Field:
    """Hold one input that can be tried: its name, words, what the plan was made with, what was typed."""

    name: str
    label: str | Promise
    hint: str | Promise
    now: str
    typed: str


@dataclass(frozen=True, slots=True)
class Changed:
    """Hold one recipient that a change would give another amount, or another level."""

    key: str
    name: str
    before: Any
    after: Any
    difference: Any
    level_before: Any
    level_after: Any


def try_asked(request: HttpRequest, told: Told, key: str, address: str) -> dict[str, Any]:
    """Return the fields that can be tried, and what the change asked for would do."""
    needs = told.plan.outcome.problem.tables.needs
    row: Mapping[str, Any] = next(one for one in needs.iter_rows(named=True) if one["recipient"] == key)
    asked = bool(request.GET.get("try"))
    fields = []
    for name, (label, hint) in AMOUNTS.items():
        if name == "weight" and told.plan.outcome.problem.terms.rule not in ("need-weighted", "floor-then-weighted"):
            continue
        now = plain(row.get(name))
        fields.append(Field(name, label, hint, now, request.GET.get(name, now).strip()[:LONGEST] if asked else now))
    has = {part.strip() for part in (row.get("handles") or "").split(";") if part.strip()}
    lots = told.plan.outcome.problem.tables.lots
    wanted_of = {
        part.strip() for cell in (lots["requires"].to_list() if "requires" in lots.columns else [])
        for part in (cell or "").split(";") if part.strip()
    }  # fmt: skip
    ticked = (
        {one for one in request.GET.getlist("handles") if one in has | wanted_of} if request.GET.get("ticks") else has
    )
    handles = [(one, word("capability", one), one in ticked) for one in sorted(has | wanted_of)]
    context: dict[str, Any] = {
        "fields": fields, "handles": handles, "asked": asked, "status": 200, "problems": [], "answer": None, "edits": [],
    }  # fmt: skip
    if not asked:
        return context
    edits = [f"needs.{key}.{one.name}={one.typed}" for one in fields if one.typed != one.now]
    if ticked != has:
        edits.append(f"needs.{key}.handles={';'.join(sorted(ticked))}")
    if not edits:
        return context | {"nothing": True}
    found = what_if(told, edits, address)
    if isinstance(found, Refusal):
        named = next((f"t-{one.name}" for one in fields if one.name in found.sentence and one.typed != one.now), "try")
        return context | {"problems": [(named, found.sentence)], "status": found.status, "edits": edits}
    return context | {"answer": found, "edits": edits, **tell_changes(found, told)}


MOST_CHANGES: Final = 40


def tell_changes(comparison: Any, told: Told) -> dict[str, Any]:
    """Return what a comparison changes, with names in the reader's language."""
    rule = told.plan.outcome.problem.terms.rule
    rows = [
        Changed(
            one["recipient"], plain_name("party", one["recipient"], one["name"]), one["received_left"], one["received_right"],
            one["difference"], level(rule, one["level_left"]), level(rule, one["level_right"]),
        )
        for one in comparison.changes.head(MOST_CHANGES).iter_rows(named=True)
    ]  # fmt: skip
    return {"changes": rows, "more_changes": comparison.changes.height - len(rows)}


def plain(value: Any) -> str:
    """Return an amount as somebody would type it.

    Examples
    --------
    >>> plain(None), plain(1000), plain("2.500000")
    ('', '1000', '2.5')
    """
    if value is None:
        return ""
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text

"""One round under every rule that its frozen inputs allow, side by side: what each would give, and how equal it would be.

Worked out from the frozen tables, each rule once, and kept in memory. It shows differences and leaves the judging to people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from evenhand.fairness.measures import MEASURES as MEASURED
from evenhand.figures.rules_beside import RuleOutcome
from evenhand.figures.rules_beside import draw_rules as draw_beside
from evenhand.lookups.round_inputs import FrozenRound, get_frozen
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.tables import Column, Table
from evenhand.web.languages.vocabulary import word
from evenhand.web.rounds.naming import plain_name
from evenhand.web.rounds.one import RTL
from evenhand.web.rounds.trying import Refusal, try_out
from evenhand.web.rounds.words import MEASURES, RULES, RuleWords, measure, unit_of

MOST_ROWS: Final = 150
WEIGHTED: Final = ("need-weighted", "floor-then-weighted")
NEEDED: Final[dict[str, str | Promise]] = {
    "tiers": gettext_lazy(
        "The inputs were frozen without groups of people, so this rule cannot be worked out for them."
    ),
    "weights": gettext_lazy("The inputs were frozen without weights, so this rule gives what equal coverage gives."),
}


@dataclass(frozen=True, slots=True)
class Under:
    """Hold a round under one rule.

    Attributes
    ----------
    received, coverage
        Recipient → service units it would receive, and its share of target then.
    """

    rule: str
    claim: str
    measures: Mapping[str, float]
    received: Mapping[str, float]
    coverage: Mapping[str, float]
    before: Mapping[str, float]
    names: Mapping[str, str]
    levels: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Shown:
    """Hold one rule as a column of the page: its words, what it gives, or why it could not be worked out."""

    words: RuleWords
    own: bool
    under: Under | None
    note: str
    claim: str
    lowest: SafeString | str
    same: bool = False
    """Gives what another rule gives, because the inputs hold nothing that would set them apart: not compared with it."""


@public_page
def compare_rules(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a round under every rule."""
    viewer = viewer_of(request)
    story = get_frozen(viewer, ref)
    frozen = story.tables
    address = "" if viewer.public_id else str(request.META.get("REMOTE_ADDR", ""))
    found = [_under(story, frozen, rule, address) for rule in RULES] if frozen else []
    worked = [one.under for one in found if one.under is not None and not one.same]
    rows = list_rows(worked)
    columns = [
        Column("recipient", _("Recipient"), "code"), Column("name", _("Name")), Column("before", _("Share of target before"), "number"),
        *(
            Column(f"{one.rule}_{part}", f"{RULES[one.rule].title}: {said}", "number")
            for one in worked for part, said in (("received", _("receives")), ("coverage", _("share of target after")))
        ),
    ]  # fmt: skip
    table = Table(f"{ref}-rules", _("The round under every rule"), columns, rows)
    unit = unit_of(story.resource_kind, story.base_unit, story.per_person)
    context: dict[str, Any] = {
        "round": story, "found": found, "worked": worked, "unit": unit, "rows": cells_of(rows, worked)[:MOST_ROWS],
        "more": max(0, len(rows) - MOST_ROWS), "measures": list_measures(worked, story.rule), "picture": draw_rules(worked, story),
    }  # fmt: skip
    return show(request, "rounds/rules.html", context, table=table)


def _under(story: FrozenRound, frozen: Mapping[str, bytes], rule: str, address: str) -> Shown:
    words, own = RULES[rule], rule == story.rule
    head = frozen["needs"].partition(b"\n")[0].decode().split(",")
    if rule == "tiers" and "tier_1" not in head:
        return Shown(words, own, None, str(NEEDED["tiers"]), "", "")
    note = str(NEEDED["weights"]) if rule in WEIGHTED and "weight" not in head else ""
    pairs = frozen["needs"].count(b"\n") * max(frozen["lots"].count(b"\n"), 1)
    key = ("rule", story.frozen_digest, rule, story.floor, story.day, story.max_lots)
    found = try_out(key, pairs, address, lambda: work_out(story, frozen, rule))
    if isinstance(found, Refusal):
        return Shown(words, own, None, found.sentence, "", "")
    claim = (
        _("Proved best under this rule.")
        if found.claim == "proved best"
        else _("Bounded: the proof of a plan says how near it comes to the best.")
    )
    return Shown(
        words,
        own,
        found,
        note,
        claim,
        measure("lowest_level", found.measures["lowest_level"], rule),
        bool(note) and not own,
    )


def work_out(story: FrozenRound, frozen: Mapping[str, bytes], rule: str) -> Under:
    """Share a round's frozen inputs out by a rule. Raises what the engine refuses."""
    import tempfile
    from pathlib import Path

    from evenhand.plan import allocate
    from evenhand.rounds.plan_files import write_files

    with tempfile.TemporaryDirectory() as folder:
        write_files({f"{name}.csv": body for name, body in frozen.items()}, Path(folder))
        tables = [Path(folder, f"{name}.csv") for name in ("needs", "lots", "groups")]
        plan = allocate(*tables, rule=rule, floor=story.floor, date=story.day, max_lots=story.max_lots, seconds=1.0)
    rows = list(plan.recipients.iter_rows(named=True))
    return Under(
        rule, plan.outcome.claim, {one.name: float(getattr(plan.measures, one.name)) for one in MEASURED},
        {row["recipient"]: float(row["received"]) for row in rows},
        {row["recipient"]: float(row["coverage_after"]) for row in rows},
        {row["recipient"]: float(row["coverage_before"]) for row in rows},
        {row["recipient"]: row["name"] or row["recipient"] for row in rows},
        {row["recipient"]: float(row["level"]) for row in rows},
    )  # fmt: skip


def list_rows(worked: list[Under]) -> list[dict[str, Any]]:
    """Return a row for each recipient, those that the rules treat most differently first."""
    if not worked:
        return []
    first = worked[0]
    rows = []
    for key in first.received:
        row: dict[str, Any] = {
            "recipient": key,
            "name": plain_name("party", key, first.names[key]),
            "before": first.before[key],
        }
        for one in worked:
            row[f"{one.rule}_received"] = one.received[key]
            row[f"{one.rule}_coverage"] = one.coverage[key]
        shares = [one.coverage[key] for one in worked]
        row["apart"] = max(shares) - min(shares)
        rows.append(row)
    return sorted(rows, key=lambda row: (-row["apart"], row["recipient"]))


def cells_of(rows: list[dict[str, Any]], worked: list[Under]) -> list[dict[str, Any]]:
    """Return the rows with their cells in the order of the rules: what it receives, its share of target then."""
    return [
        {**row, "cells": [(row[f"{one.rule}_received"], row[f"{one.rule}_coverage"]) for one in worked]} for row in rows
    ]


def list_measures(worked: list[Under], own: str) -> list[dict[str, Any]]:
    """Return the measures, one cell a rule. A lowest level is each rule's own and is compared with no other's, so it is left out."""
    return [
        {
            "title": MEASURES[one.name][0], "meaning": MEASURES[one.name][1], "better": one.better,
            "cells": [measure(one.name, under.measures[one.name], under.rule) for under in worked],
        }
        for one in MEASURED if one.name != "lowest_level"
    ]  # fmt: skip


def draw_rules(worked: list[Under], story: FrozenRound) -> SafeString | str:
    """Return the picture of the rules side by side, "" where there is nothing to compare."""
    if len(worked) < 2:
        return ""
    outcomes = [RuleOutcome(one.rule, word("rule", one.rule), one.coverage, one.rule == story.rule) for one in worked]
    names = {key: plain_name("party", key, name) for key, name in worked[0].names.items()}
    direction: Any = "rtl" if get_language() in RTL else "ltr"
    return mark_safe(str(draw_beside(outcomes, names, direction=direction)))  # noqa: S308 -- escaped where it is drawn

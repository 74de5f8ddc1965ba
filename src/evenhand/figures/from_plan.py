"""Tell a plan as a story: the adapter between the engine's tables and the pictures.

Called by `evenhand.plan.Plan.report` and by the commands. It reads what a plan already says, turns it into plain Python
types, and computes nothing that the plan does not hold.
"""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from evenhand.certificates import Verdict, check_folder
from evenhand.fairness.measures import MEASURES
from evenhand.figures.drawn_lines import lines_of_bound
from evenhand.figures.report import write_page
from evenhand.figures.standing import find_standing
from evenhand.figures.story import (
    Amount,
    BoundStory,
    CheckStory,
    ExplanationStory,
    GiftStory,
    LotStory,
    MeasureStory,
    PlanStory,
    RecipientStory,
    amount_words,
)
from evenhand.figures.svg import Direction
from evenhand.figures.words import count, listed, percent

if TYPE_CHECKING:
    import polars as pl

MOST_LEVELS = 100


def write_report(
    plan: Any,
    path: str | os.PathLike[str],
    explain: Sequence[str] = (),
    *,
    direction: Direction = "ltr",
    title: str = "",
) -> None:
    """Write the page of a plan; the plan is written and checked on the way, so that the page shows the checker's verdict.

    Parameters
    ----------
    plan
        An `evenhand.plan.Plan` (a layer above this one, so its type is not named here).
    explain
        Recipients to explain; by default the lowest that receives something, one on the waterline, the largest receiver.
    title
        The heading; by default made from the amounts.

    Raises
    ------
    NameUnknown
        A recipient to explain does not exist.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "plan"
        written = plan.write(place)
        verdict = check_folder(place)
    story = tell_plan(written, verdict, title=title)
    keys = explain or choose_explained(story)
    told = tuple(tell_explanation(plan.explain(key)) for key in keys)
    page = write_page(replace(story, explanations=told), direction=direction)
    Path(path).write_text(page, encoding="utf-8", newline="\n")


def tell_plan(plan: Any, verdict: Verdict | None = None, *, title: str = "") -> PlanStory:
    """Tell a plan as a story. Without a verdict the page lists no conditions as checked."""
    outcome, certificate = plan.outcome, plan.certificate
    terms = outcome.problem.terms
    lots = tell_lots(plan)
    recipients = tell_recipients(plan, [lot.lot for lot in lots])
    served = sum(row.received > 0 for row in recipients)
    notes = (*plan.notes, *(verdict.problems if verdict else ()))
    told = PlanStory(
        title=title,
        rule=terms.rule,
        claim=outcome.claim,
        floor=terms.floor if terms.rule == "floor-then-weighted" else None,
        date=terms.day.isoformat(),
        verdict=verdict.line if verdict else "",
        recipients=recipients,
        lots=lots,
        measures=tell_measures(plan, terms.rule),
        checks=tell_checks(verdict, certificate) if verdict else (),
        bound=tell_bound(outcome, certificate),
        notes=notes,
        files=tuple(sorted(certificate.get("files", {}).items())),
        unit="people" if "per_person" in outcome.problem.tables.lots.columns else "units",
    )
    if title:
        return told
    words = amount_words(told, told.given)
    return replace(told, title=f"{words[:1].upper()}{words[1:]}, shared out among {count(served, 'recipient')}")


def tell_recipients(plan: Any, order: Sequence[str]) -> tuple[RecipientStory, ...]:
    """Tell every recipient, its gifts in the order poured."""
    place = {lot: k for k, lot in enumerate(order)}
    gifts: dict[str, list[GiftStory]] = {}
    columns = ("lot", "recipient", "packs", "units", "service_units")
    for lot, recipient, packs, units, service_units in plan.lines.select(columns).iter_rows():
        gift = GiftStory(lot, _amount(packs), _amount(units), _amount(service_units))
        gifts.setdefault(recipient, []).append(gift)
    outcome = plan.outcome
    before = outcome.levels(outcome.have() - outcome.received).floats().tolist()
    drawn = lines_of_bound(outcome)
    lines = drawn[0] if drawn else [_level(text) for text in plan.recipients["waterline"].to_list()]
    rows = []
    for row, level_before, line in zip(plan.recipients.iter_rows(named=True), before, lines, strict=True):
        mine = sorted(gifts.get(row["recipient"], ()), key=lambda gift: place[gift.lot])
        rows.append(
            RecipientStory(
                recipient=row["recipient"],
                name=row["name"] or row["recipient"],
                target=float(row["target"]),
                held=float(row["held"]),
                received=float(row["received"]),
                coverage_before=float(row["coverage_before"]),
                coverage_after=float(row["coverage_after"]),
                level_before=min(level_before, float(row["level"])),
                level=float(row["level"]),
                waterline=line,
                limited_by=row["limited_by"] or "",
                gifts=tuple(mine),
            )
        )
    return tuple(rows)


def tell_lots(plan: Any) -> tuple[LotStory, ...]:
    """Tell every lot, in the order poured: fewest eligible recipients first, then the smallest, then by key."""
    problem = plan.outcome.problem
    frame: pl.DataFrame = problem.tables.lots
    open_to = problem.eligibility.open.T @ np.bincount(
        problem.eligibility.class_of, minlength=problem.eligibility.count
    )
    bounds = (plan.certificate.get("bound") or {}).get("waterlines", {})
    given = plan.lines.group_by("lot").agg(units=_sum("units"), service_units=_sum("service_units"))
    sums = {lot: (float(units), float(service)) for lot, units, service in given.iter_rows()}
    drawn = lines_of_bound(plan.outcome)
    lines = drawn[1] if drawn else [_level(text) for text in plan.lots["waterline"].to_list()]
    rows = zip(
        frame.iter_rows(named=True),
        plan.lots.iter_rows(named=True),
        open_to.tolist(),
        problem.worth,
        lines,
        strict=True,
    )
    told = []
    for lot, ends, reach, worth, line in rows:
        units, service = sums.get(lot["lot"], (0.0, 0.0))
        story = LotStory(
            lot=lot["lot"],
            packs=_amount(ends["packs"]),
            given=_amount(ends["given"]),
            left=_amount(ends["left"]),
            resource=lot.get("resource") or "",
            donor=lot.get("donor") or "",
            pack_size=_amount(lot.get("pack_size") or 1),
            units=_amount(units),
            service_units=service,
            may_go_to=_earmark(lot),
            requires=(lot.get("requires") or "").replace(";", ", "),
            expires=str(lot.get("expires") or ""),
            waterline=line,
            bound=_exact_level(bounds.get(lot["lot"])),
        )
        told.append(((reach, int(ends["packs"]) * worth, lot["lot"]), story))
    return tuple(story for _, story in sorted(told, key=lambda pair: pair[0]))


def _sum(column: str) -> pl.Expr:
    import polars as pl

    return pl.col(column).cast(pl.Float64).sum()


def _earmark(lot: dict[str, Any]) -> str:
    allowed, barred = lot.get("for") or "", lot.get("not_for") or ""
    words = _names(allowed)
    return f"{words or 'everybody'} but not {_names(barred)}" if barred else words


def _names(cell: str) -> str:
    return listed([name.strip() for name in cell.split(";") if name.strip()], most=5)


def tell_measures(plan: Any, rule: str) -> tuple[MeasureStory, ...]:
    """Tell the measures before and after."""
    before, after = plan.measures_before, plan.measures
    shares = {"share_of_target_met"} | (set() if rule == "tiers" else {"lowest_level"})

    def words(name: str, value: float) -> str:
        return percent(value) if name in shares else f"{value:.3f}"

    return tuple(
        MeasureStory(
            one.title,
            words(one.name, getattr(before, one.name)),
            words(one.name, getattr(after, one.name)),
            one.meaning,
            one.source,
        )
        for one in MEASURES
    )


def tell_checks(verdict: Verdict, certificate: dict[str, Any]) -> tuple[CheckStory, ...]:
    """Tell what the checker compared. It counts over the whole plan, so where anything is broken nothing is called sound."""
    counts = {name: f"{number:,}" for name, number in verdict.counts.items()}
    pairs, lots = counts.get("pairs", "all"), counts.get("lots", "all")
    recipients, lines = counts.get("recipients", "all"), counts.get("lines", "all")
    told: list[tuple[str, str]] = [
        (
            "The plan obeys every limit: stocks, capacities, earmarks, storage, shelf life.",
            f"Feasibility: {lines} plan lines, {lots} lots, {recipients} recipients; every file has its hash",
        )
    ]
    if verdict.claim == "proved best":
        told += [
            ("No lot could have gone to somebody standing lower.", f"Condition 1: {pairs} pairs of lot and recipient"),
            ("Every lot went only to recipients on its waterline.", f"Condition 2: {lines} plan lines"),
            (
                "Every recipient stops at the waterline, or at its own limit.",
                f"Condition 3: the last and the next pack of {recipients} recipients",
            ),
            ("Nothing is left over that anybody could take.", f"Condition 4: {lots} lots"),
        ]
    else:
        told += [
            (
                "No single pack can be moved to help somebody who stands lower.",
                f"Swaps: {pairs} pairs of lot and recipient",
            ),
            ("Nothing is left over that anybody could take.", f"Left over: {lots} lots"),
        ]
        if certificate.get("bound"):
            told.append(
                ("The bound holds by its own four conditions.", "Conditions 1 to 4 on bound.csv, in exact fractions")
            )
    return tuple(CheckStory(sentence, record, verdict.holds) for sentence, record in told)


def tell_bound(outcome: Any, certificate: dict[str, Any]) -> BoundStory | None:
    """Tell the bound of a bounded plan; None where there is none, or nobody is open to anything."""
    bound = outcome.bound
    if bound is None or bound.lowest is None or bound.reached is None:
        return None
    closed = (certificate["bound"] or {}).get("closed")
    plan_levels, best_levels = bound.levels
    pairs = zip(plan_levels.tolist()[:MOST_LEVELS], best_levels.tolist()[:MOST_LEVELS], strict=False)
    levels = tuple((rank, level / 10**6, best / 10**6) for rank, (level, best) in enumerate(pairs, 1))
    return BoundStory(float(bound.lowest), float(bound.reached), int(closed["levels"]) if closed else 0, levels)


def tell_explanation(explanation: Any) -> ExplanationStory:
    """Tell an explanation: its parts, a full stop after each title."""
    parts = ((f"{part.title.rstrip('.')}.", part.text) for part in explanation.parts)
    return ExplanationStory(explanation.recipient, tuple(parts))


def choose_explained(story: PlanStory) -> tuple[str, ...]:
    """Choose whom to explain: the lowest that is held lower, one in the middle of the line, the largest receiver."""
    standing = find_standing(story)
    chosen: list[str] = [row.recipient for row in standing.of("lower")[:1]]
    line = standing.of("line")
    if line:
        chosen.append(line[len(line) // 2].recipient)
    served = [row for row in story.recipients if row.received > 0]
    if served:
        chosen.append(max(served, key=lambda row: (row.received, row.recipient)).recipient)
    return tuple(dict.fromkeys(chosen))


def _amount(value: Any) -> Amount:
    """Return a plain number: whole where it is whole, an exact fraction where the plan has one."""
    if isinstance(value, str):
        exact = Fraction(value)
        return int(exact) if exact.denominator == 1 else exact
    if isinstance(value, int):
        return value
    number = float(value)
    return int(number) if number.is_integer() else number


def _level(text: str | None) -> float | None:
    if not text:
        return None
    return math.inf if text == "unlimited" else float(text)


def _exact_level(words: Iterable[str] | str | None) -> float | None:
    """Return a certificate's exact waterline as a float; None for none and unlimited."""
    if words is None or isinstance(words, str):
        return None
    return float(Fraction(next(iter(words))))

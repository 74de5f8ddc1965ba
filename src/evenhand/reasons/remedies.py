"""What would raise a recipient and by how much, from solving the changed round again; and what an earmark costs.

Called by `explain` and by the report. There is no second way to solve: each change goes through `build_problem` and `solve`
like any round. Where the plan is bounded, the round is solved without the solver's time budget, before and after the
change alike, so that the difference is the change's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from evenhand.allocation.outcome import Outcome
from evenhand.allocation.problem import build_problem
from evenhand.allocation.solve import solve
from evenhand.errors import OptionRefused, PlanNotProved
from evenhand.reasons.closed_lots import earmark_of
from evenhand.reasons.scenarios import Scenario, by_targets_alone, list_scenarios, without_earmarks
from evenhand.reasons.standing import Standing, names_of

Integers = npt.NDArray[Any]

MOST = 10
"""How many changes are tried for one recipient, at most."""
MOST_LARGE = 2
"""The same in a round of more than `LARGE` recipients."""
LARGE = 50_000
_LOSERS = 5


@dataclass(frozen=True, slots=True)
class Change:
    """Hold how much more or less, in service units, another recipient would get."""

    recipient: str
    name: str
    gain: Fraction


@dataclass(frozen=True, slots=True)
class Remedy:
    """Hold what one change of the round would do.

    Attributes
    ----------
    kind, action, edits, lots
        As in `scenarios.Scenario`.
    gain
        Service units more for the recipient; negative for less.
    packs
        Packs more.
    level_before, level
        Its level now and then.
    losers, losses
        How many others would get less, and by how much together, service units.
    gainers
        How many others would get more.
    largest
        Those who would lose most, at most five.
    """

    kind: str
    action: str
    edits: tuple[str, ...]
    gain: Fraction
    packs: Fraction
    level_before: Fraction
    level: Fraction
    losers: int
    losses: Fraction
    gainers: int
    largest: tuple[Change, ...]
    lots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherRule:
    """Hold what a recipient would get under another rule; `rule` is "" for proportion to targets alone."""

    rule: str
    received: Fraction
    coverage_after: Fraction


@dataclass(frozen=True, slots=True)
class Tried:
    """Hold the changes that were tried, and how many were left out to keep the number of rounds solved bounded."""

    remedies: tuple[Remedy, ...]
    left_out: int


def solve_again(scenario: Scenario) -> Outcome:
    """Solve a changed round, without the solver's budget."""
    return solve(build_problem(scenario.tables, scenario.terms), seconds=0)


def baseline(outcome: Outcome) -> Outcome:
    """Return the plan that changes are compared with: the plan itself, or, for a bounded one, the one made without the solver."""
    return outcome if outcome.bound is None else solve(outcome.problem, seconds=0)


def try_remedies(standing: Standing, base: Outcome) -> Tried:
    """Try the changes that might raise a recipient."""
    scenarios = list_scenarios(standing)
    most = MOST_LARGE if len(standing.problem.target) > LARGE else MOST
    found, refused = [], 0
    for scenario in scenarios[:most]:
        try:
            found.append(_effect(standing, base, scenario))
        except (
            OptionRefused,
            PlanNotProved,
        ):  # the changed round is too large to hold, or its plan fails its own check:
            refused += 1  # no number may be quoted from it, and the text says that it was not worked out
    return Tried(tuple(found), max(0, len(scenarios) - most) + refused)


def _effect(standing: Standing, base: Outcome, scenario: Scenario) -> Remedy:
    again = solve_again(scenario)
    change, unit = gains(base, again)
    row = standing.row
    own = Fraction(int(change[row]), unit)
    change[row] = 0
    down = np.flatnonzero(change < 0)
    worst = down[np.argsort(change[down], kind="stable")[:_LOSERS]]
    tables = standing.problem.tables
    names = zip(
        worst.tolist(), tables.needs["recipient"][worst.tolist()].to_list(), names_of(tables, worst), strict=True
    )
    return Remedy(
        scenario.kind,
        scenario.action,
        scenario.edits,
        own,
        packs_of(again, row) - packs_of(base, row),
        base.levels().at(row),
        again.levels().at(row),
        len(down),
        Fraction(-sum(change[down].tolist()), unit),
        int((change > 0).sum()),
        tuple(Change(key, name, Fraction(int(change[k]), unit)) for k, key, name in names),
        scenario.lots,
    )


def gains(left: Outcome, right: Outcome) -> tuple[Integers, int]:
    """Return how much more everybody gets in `right`, exactly, and in how many parts of a service unit."""
    units = [o.problem.scale * o.lines.per for o in (left, right)]
    unit = int(np.lcm.reduce(np.array(units, object)))
    if units[0] == units[1] == unit:
        return right.received - left.received, unit
    parts = [o.received.astype(object) * (unit // u) for o, u in zip((left, right), units, strict=True)]
    return parts[1] - parts[0], unit


def packs_of(outcome: Outcome, row: int) -> Fraction:
    """Return how many packs a recipient gets."""
    mine = np.flatnonzero(outcome.lines.recipient == row)
    pairs = zip(outcome.lines.lot[mine].tolist(), outcome.lines.amount[mine].tolist(), strict=True)
    return sum((Fraction(int(a), outcome.lines.pack[s]) for s, a in pairs), Fraction(0))


def try_other_rules(standing: Standing) -> tuple[OtherRule, ...]:
    """Share the round out under other rules: in proportion to targets alone, and one of the other rules."""
    problem = standing.problem
    scenarios = []
    if problem.held.any():
        scenarios.append(("", by_targets_alone(problem)))
    other = _other_rule(standing)
    if other and (len(problem.target) <= LARGE or not scenarios):
        scenarios.append((other, Scenario("rule", other, (), problem.tables, replace(problem.terms, rule=other))))
    found = []
    for rule, scenario in scenarios:
        try:
            again = solve_again(scenario)
        except (OptionRefused, PlanNotProved):  # as above; the part is left out
            continue
        received = Fraction(int(again.received[standing.row]), again.problem.scale * again.lines.per)
        found.append(OtherRule(rule, received, (standing.held + received) / standing.target))
    return tuple(found)


def _other_rule(standing: Standing) -> str:
    """Return the rule to compare with: equal coverage, or what weights or tiers in the table would call for."""
    needs = standing.problem.tables.needs
    if standing.problem.terms.rule != "equal-coverage":
        return "equal-coverage"
    if "weight" in needs.columns and needs["weight"].n_unique() > 1:
        return "need-weighted"
    return "tiers" if any(name.startswith("tier_") for name in needs.columns) else ""


def earmark_costs(outcome: Outcome, *, most: int = MOST) -> pl.DataFrame:
    """Return what each earmark costs: the plan without it, as a difference per recipient.

    Parameters
    ----------
    most
        How many earmarks are looked at, those on the most service units first.

    Returns
    -------
    pl.DataFrame
        for, not_for (as in `supply.columns.LOTS`), lots (keys joined by ";"), recipient, name, difference (service units
        more without the earmark, Float64); only recipients for which it makes a difference, those who gain most first.
    """
    problem, base = outcome.problem, baseline(outcome)
    groups: dict[tuple[str, str], list[str]] = {}
    size: dict[tuple[str, str], int] = {}
    for lot in np.flatnonzero(problem.packs > 0).tolist():
        earmark = earmark_of(problem.tables.lots, lot)
        if earmark:
            cell = (";".join(earmark.allowed), ";".join(earmark.barred))
            groups.setdefault(cell, []).append(str(problem.lots[lot]))
            size[cell] = size.get(cell, 0) + int(problem.packs[lot]) * problem.worth[lot]
    schema = {"for": pl.String, "not_for": pl.String, "lots": pl.String, "recipient": pl.String, "name": pl.String}
    parts = [pl.DataFrame(schema={**schema, "difference": pl.Float64})]
    for cell in sorted(groups, key=lambda c: (-size[c], c))[:most]:
        change, unit = gains(base, solve_again(without_earmarks(problem, "", groups[cell])))
        rows = np.flatnonzero(change != 0)
        parts.append(
            pl.DataFrame(
                {
                    "recipient": problem.recipients.gather(rows),
                    "name": pl.Series(names_of(problem.tables, rows), dtype=pl.String),
                    "difference": pl.Series(
                        [float(Fraction(int(v), unit)) for v in change[rows].tolist()], dtype=pl.Float64
                    ),
                }
            )
            .sort("difference", "recipient", descending=[True, False])
            .select(
                *(
                    pl.lit(text).alias(c)
                    for c, text in zip(("for", "not_for", "lots"), (*cell, ";".join(groups[cell])), strict=True)
                ),
                "recipient",
                "name",
                "difference",
            )
        )
    return pl.concat(parts)

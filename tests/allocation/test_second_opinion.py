"""CP-SAT as a second opinion, on rounds too large to try every plan.

The problem: x_is whole packs of one worth a, sum_i x_is <= Q_s, a * sum_s x_is <= c_i, x_is = 0 where closed; levels
(h_i + a * sum_s x_is) / t_i. If our levels are l_1 < l_2 < ..., a better plan has, for some k, fewer recipients at or below l_k,
and at every level up to l_k no more recipients below it, or at or below it. CP-SAT is asked for such a plan, for every k.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from ortools.sat.python import cp_model

import evenhand

Rows = list[dict[str, Any]]


def make_round(seed: int) -> tuple[Rows, Rows, Rows]:
    draw = random.Random(seed)
    needs = [
        {"recipient": f"r{i:02}", "target": draw.randint(5, 25), "held": draw.randint(0, 8)}
        for i in range(draw.randint(5, 8))
    ]
    groups = [{"recipient": row["recipient"], "group": draw.choice("PQRS")} for row in needs]
    lots = [
        {"lot": f"l{s}", "packs": draw.randint(2, 9), "pack_size": 2, "for": ";".join(draw.sample(names, k))}
        for s in range(draw.randint(3, 5))
        if (names := sorted({g["group"] for g in groups})) and (k := draw.randint(1, len(names))) is not None
    ]
    return needs, lots, groups


def is_there_a_better_plan(needs: Rows, lots: Rows, groups: Rows, levels: list[Fraction]) -> bool:
    group = {row["recipient"]: row["group"] for row in groups}
    distinct = sorted(set(levels))
    for place, limit in enumerate(distinct):
        model = cp_model.CpModel()
        given: dict[str, list[cp_model.IntVar]] = {row["recipient"]: [] for row in needs}
        for lot in lots:
            poured = []
            for row in needs:
                if group[row["recipient"]] in lot["for"].split(";"):
                    packs = model.new_int_var(0, lot["packs"], "x")
                    poured.append(packs)
                    given[row["recipient"]].append(packs)
            model.add(sum(poured) <= lot["packs"])
        for row in needs:
            model.add(2 * sum(given[row["recipient"]]) <= max(0, row["target"] - row["held"]))
        for level in distinct[: place + 1]:
            ours = sum(one < level for one in levels)
            model.add(_count(model, needs, given, level, strict=True) <= ours)
            ours = sum(one <= level for one in levels) - (level == limit)
            model.add(_count(model, needs, given, level, strict=False) <= ours)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_time_in_seconds = 60
        status = solver.solve(model)
        assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE)
        if status != cp_model.INFEASIBLE:
            return True
    return False


def _count(
    model: cp_model.CpModel, needs: Rows, given: dict[str, list[cp_model.IntVar]], level: Fraction, *, strict: bool
) -> cp_model.LinearExprT:
    """Return at least how many stand below (strict) or at most at a level."""
    low = []
    for row in needs:
        stands_low = model.new_bool_var("low")
        reach = level * row["target"]
        enough = -(-reach.numerator // reach.denominator) if strict else reach.numerator // reach.denominator + 1
        model.add(row["held"] + 2 * sum(given[row["recipient"]]) >= enough).only_enforce_if(~stands_low)
        low.append(stands_low)
    return sum(low)


@pytest.mark.parametrize("seed", range(8))
def test_cp_sat_finds_no_better_plan(seed: int) -> None:
    needs, lots, groups = make_round(seed)
    plan = evenhand.allocate(needs, lots, groups)
    got = dict(plan.recipients.select("recipient", "received").rows())
    levels = [Fraction(row["held"] + got[row["recipient"]], row["target"]) for row in needs]
    assert not is_there_a_better_plan(needs, lots, groups, levels)


def test_the_second_opinion_does_find_a_better_plan_where_there_is_one() -> None:
    needs, lots, groups = make_round(3)
    plan = evenhand.allocate(needs, lots, groups)
    got = dict(plan.recipients.select("recipient", "received").rows())
    lowest = min(
        (row for row in needs if got[row["recipient"]]), key=lambda r: (r["held"] + got[r["recipient"]]) / r["target"]
    )
    got[lowest["recipient"]] -= 2
    levels = [Fraction(row["held"] + got[row["recipient"]], row["target"]) for row in needs]
    assert is_there_a_better_plan(needs, lots, groups, levels)

"""Nothing better exists: small rounds against every plan there is, and against CP-SAT as a second opinion."""

from __future__ import annotations

from fractions import Fraction

import pytest

import evenhand
from rounds import DAY, FLOOR, Round

SEEDS = range(40)
PER_SEED = 75


@pytest.mark.parametrize("batch", SEEDS)
def test_no_plan_of_a_small_round_is_better_under_any_rule(batch: int) -> None:
    for seed in range(batch * PER_SEED, (batch + 1) * PER_SEED):
        small = Round(seed)
        plan = evenhand.allocate(*small.tables(), rule=small.rule, floor=FLOOR, date=DAY)
        assert plan.certificate["claim"] == "proved best"
        assert small.levels_of(plan.lines) == max(small.all_level_vectors()), f"seed {seed}"


@pytest.mark.parametrize("batch", range(10))
def test_a_bounded_plan_stays_below_its_bound_and_its_closed_levels_are_the_best_there_are(batch: int) -> None:
    worse = 0
    for seed in range(batch * 40, (batch + 1) * 40):
        small = Round(seed, mixed=True)
        plan = evenhand.allocate(
            *small.tables(), rule=small.rule, floor=FLOOR, date=DAY, max_lots=small.max_lots, seconds=1
        )
        assert evenhand.check(plan).holds, f"seed {seed}: {evenhand.check(plan)}"
        best, reached = max(small.all_level_vectors(open_only=True)), small.levels_of(plan.lines, open_only=True)
        assert reached <= best, f"seed {seed}"
        worse += reached < best
        bound = plan.certificate["bound"]
        if bound is None or not best:
            continue
        assert Fraction(bound["lowest_level"]) >= best[0], f"seed {seed}"
        assert Fraction(bound["lowest_level"]) - Fraction(bound["gap"]) == reached[0], f"seed {seed}"
        closed = bound["closed"]["levels"]
        near = [abs(ours - theirs) < Fraction(1, 10**6) for ours, theirs in zip(reached, best, strict=True)]
        assert all(near[:closed]), f"seed {seed}: {closed} levels closed"
    assert worse <= 4, f"{worse} of 40 small bounded plans are not the best there is"

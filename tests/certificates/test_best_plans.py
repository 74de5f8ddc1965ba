"""The checker accepts every best plan and nothing else.

The problem: max lexicographically the sorted levels l_i(h_i + sum_s a_s x_si) over whole packs x_si <= u_si with
sum_s a_s x_si <= c_i and sum_i x_si <= Q_s; small enough to try every x.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import brute
import pytest

from evenhand.certificates import Verdict, check_folder

SEEDS = range(120)
MANY_SEEDS = range(120, 2120)


def verdict_on(made: brute.Folder, path: Path) -> Verdict:
    return check_folder(made.write(path))


@pytest.mark.parametrize("kind", ["equal", "divisible"])
def test_every_best_plan_holds(kind: str, tmp_path: Path) -> None:
    for seed in SEEDS:
        case = brute.random_case(seed, kind=kind)
        verdict = verdict_on(brute.best_folder(case), tmp_path)
        assert verdict.holds, f"{kind} {seed}: {verdict}"
        assert verdict.line.endswith(f"proved best under {case.rule}")


def perturb(seed: int, path: Path) -> tuple[int, int]:
    """Check every single-pack change of the best plan, with waterlines as kind to it as can be; return counts."""
    case = brute.random_case(seed)
    best, levels = brute.best_plan(case)
    old = brute.highest_waterlines(case, best)
    rejected = equally_good = 0
    for words, plan in brute.moves(case, best):
        if min(plan.values(), default=0) < 0:
            continue
        as_good = brute.feasible(case, plan) and brute.levels(case, plan) == levels
        for marks in (brute.highest_waterlines(case, plan), brute.lowest_waterlines(case, plan), old):
            verdict = verdict_on(brute.folder(case, plan, marks), path)
            if as_good and marks is not old:
                assert verdict.holds, f"seed {seed}, {words}: {verdict}"
            if not as_good:
                assert not verdict.holds, f"seed {seed}, {words}: a worse plan passed"
        rejected += not as_good
        equally_good += as_good
    return rejected, equally_good


@pytest.mark.slow
def test_every_single_pack_change_that_makes_a_plan_worse_is_rejected_even_with_hashes_made_right(
    tmp_path: Path,
) -> None:
    counts = [perturb(seed, tmp_path) for seed in range(60)]
    assert sum(rejected for rejected, _ in counts) > 300
    assert sum(equal for _, equal in counts) > 5


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(10))
def test_every_single_pack_change_of_thousands_of_plans_is_rejected_unless_as_good(batch: int, tmp_path: Path) -> None:
    counts = [perturb(seed, tmp_path) for seed in MANY_SEEDS[batch::10]]
    assert sum(rejected for rejected, _ in counts) > 1100


def test_of_all_possible_plans_exactly_the_best_ones_pass(tmp_path: Path) -> None:
    tried = passed = 0
    for seed in range(400, 430):
        case = brute.random_case(seed)
        _, levels = brute.best_plan(case)
        for plan in itertools.islice(brute.all_plans(case), 40):
            as_good = brute.levels(case, plan) == levels
            marks = brute.highest_waterlines(case, plan)
            assert verdict_on(brute.folder(case, plan, marks), tmp_path).holds is as_good, f"seed {seed}: {plan}"
            tried += 1
            passed += as_good
    assert tried > 150
    assert passed > 30


def test_a_divisible_plan_with_a_share_moved_is_rejected(tmp_path: Path) -> None:
    rejected = 0
    for seed in SEEDS[:45]:
        case = brute.random_case(seed, kind="divisible")
        best = brute.divisible_plan(case)
        levels = brute.levels(case, best)
        for lot, key in best:
            for other in case.needs:
                share = best[lot, key] / 3
                plan = brute.changed(best, (lot, key, -share), *([(lot, other.key, share)] if other.key != key else []))
                as_good = brute.feasible(replace(case, lots=without_minimum(case)), plan)
                as_good = as_good and brute.levels(case, plan) == levels
                for marks in (brute.highest_waterlines(case, plan), brute.lowest_waterlines(case, plan)):
                    verdict = verdict_on(brute.folder(case, plan, marks), tmp_path)
                    assert verdict.holds is as_good, f"seed {seed}, {lot} {key} to {other.key}: {verdict}"
                rejected += not as_good
    assert rejected > 100


def without_minimum(case: brute.Case) -> tuple[brute.Lot, ...]:
    return tuple(replace(lot, min_packs=0) for lot in case.lots)


def test_a_bounded_plan_passes_exactly_if_no_single_pack_can_be_moved_to_help(tmp_path: Path) -> None:
    tried = passed = 0
    for seed in SEEDS[:60]:
        case = brute.random_case(seed, kind="bounded")
        for plan in itertools.islice(brute.all_plans(case), 15):
            settled = brute.settled(case, plan) == plan
            verdict = verdict_on(brute.bounded_folder(case, plan), tmp_path)
            assert verdict.holds is settled, f"seed {seed}: {plan}: {verdict}"
            assert verdict.claim == "bounded"
            tried += 1
            passed += settled
    assert tried > 200
    assert passed > 30


def test_a_bounded_plan_with_a_bound_that_is_not_the_optimum_is_rejected(tmp_path: Path) -> None:
    rejected = 0
    for seed in SEEDS:
        case = brute.random_case(seed, kind="bounded")
        plan = brute.settled(case, {})
        relaxed = replace(case, divisible=True, max_lots=None)
        bound = brute.divisible_plan(relaxed)
        for lot, key in bound:
            less = brute.changed(bound, (lot, key, -bound[lot, key] / 2))
            marks = brute.highest_waterlines(relaxed, less)
            made = brute.folder(
                case, plan, brute.move_waterlines(case, plan), claim="bounded", bound=less, bound_marks=marks
            )
            assert not verdict_on(made, tmp_path).holds
            rejected += 1
    assert rejected > 100


def test_the_bound_says_proved_only_for_what_is_proved(tmp_path: Path) -> None:
    # Two lots, packs of 2 and of 3; recipients of 10 and 7: the divisible optimum is level 5/17 for both.
    case = brute.Case(
        (brute.Need("A", Fraction(10)), brute.Need("B", Fraction(7))),
        (brute.Lot("X", 1, Fraction(2)), brute.Lot("Y", 1, Fraction(3))),
    )
    made = brute.bounded_folder(case, {("Y", "A"): 1, ("X", "B"): 1})
    made.certificate["bound"]["closed"] = {"levels": 2, "solver": "CP-SAT 9", "seconds": "2"}
    verdict = verdict_on(made, tmp_path)
    # The bound is rounded up, so that "at most" stays true: 5/17 = 0.2941176...
    assert str(verdict) == (
        "holds: 4 pairs, 2 lots, 2 recipients; bounded under equal-coverage: lowest level 0.285714, at most 0.294118 is "
        "possible (proved); no single pack can be moved to help; that 2 levels are closed is the solver's word "
        "('CP-SAT 9'), not checked here"
    )


def test_a_plan_of_packs_of_different_worth_may_not_claim_to_be_proved_best(tmp_path: Path) -> None:
    refused = 0
    for seed in SEEDS:
        case = brute.random_case(seed, kind="bounded")
        plan = brute.settled(case, {})
        verdict = verdict_on(brute.folder(case, plan, brute.move_waterlines(case, plan)), tmp_path)
        if not case.equal_packs:
            assert not verdict.holds
            assert any("may not be claimed" in problem for problem in verdict.problems)
            refused += 1
    assert refused > 60

"""The judge: exact leximin levels of small divisible problems.

Recipients i with target t_i, held h_i, capacity c_i; lots s holding Q_s; leximin of (h_i + received_i) / t_i.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from bench.exact import leximin_levels
from bench.instances import Instance, Whole, divisible_classes, divisible_pairs


def whole(numbers: list[int]) -> Whole:
    return np.array(numbers, dtype=np.int64)


def problem(
    target: list[int], capacity: list[int], eligible: list[list[int]], supply: list[int], held: list[int] | None = None
) -> Instance:
    return Instance(
        target=whole(target),
        held=whole(held or [0] * len(target)),
        capacity=whole(capacity),
        class_of=np.arange(len(target)),
        eligible=np.array(eligible, dtype=np.bool_),
        packs=whole(supply),
        worth=whole([1] * len(supply)),
        min_packs=whole([1] * len(supply)),
    )


def test_one_lot_for_two_is_shared_by_target() -> None:
    # L (10 + 30) = 20, so L = 1/2
    assert leximin_levels(problem([10, 30], [10, 30], [[1], [1]], [20])) == [Fraction(1, 2)] * 2


def test_who_holds_something_waits_until_the_others_have_caught_up() -> None:
    # held 6 of 10: 2 units to the other (t = 10) bring it to 2/10 only
    assert leximin_levels(problem([10, 10], [4, 10], [[1], [1]], [2], held=[6, 0])) == [Fraction(3, 5), Fraction(1, 5)]
    # 8 units: 6 bring the other level, the last 2 are shared: both at 7/10
    assert leximin_levels(problem([10, 10], [4, 10], [[1], [1]], [8], held=[6, 0])) == [Fraction(7, 10)] * 2


def test_a_capacity_leaves_the_rest_to_the_others() -> None:
    # the first stops at 2/10; the other has 20 - 2 = 18 of 30
    assert leximin_levels(problem([10, 30], [2, 30], [[1], [1]], [20])) == [Fraction(1, 5), Fraction(3, 5)]


def test_an_earmark_keeps_one_below_another() -> None:
    # lot 0 (2 units) is all the first may have: 2/10; lot 1 (9) goes to the second alone: 9/10
    assert leximin_levels(problem([10, 10], [10, 10], [[1, 0], [1, 1]], [2, 9])) == [Fraction(1, 5), Fraction(9, 10)]


def test_who_may_have_nothing_stays_where_it_is() -> None:
    assert leximin_levels(problem([10, 10], [10, 10], [[0], [1]], [5], held=[1, 0])) == [
        Fraction(1, 10),
        Fraction(1, 2),
    ]


def test_supply_beyond_all_capacity_fills_everybody() -> None:
    assert leximin_levels(problem([10, 10], [10, 4], [[1], [1]], [50])) == [Fraction(1), Fraction(2, 5)]


@pytest.mark.parametrize("seed", range(12))
def test_linear_programs_solved_level_by_level_agree(seed: int) -> None:
    pytest.importorskip("scipy", reason="scipy is not installed; the extra 'bench' brings it")
    from bench.peers import levels_linprog

    for made in (divisible_pairs(14, 4, seed), divisible_classes(30, 6, 9, seed)):
        found = levels_linprog.run(levels_linprog.prepare(made))
        assert not found.stopped
        assert found.level.tolist() == pytest.approx([float(level) for level in leximin_levels(made)], abs=1e-9)

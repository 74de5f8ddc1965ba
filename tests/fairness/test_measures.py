"""The six measures: numbers worked out by hand, and the laws that make them measures of inequality.

n recipients, x_i their coverage, m the mean of x. Gini G, Theil T, Jain J, Hoover H as in the docstrings.
"""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction
from time import perf_counter

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evenhand.errors import EvenhandError
from evenhand.fairness import measures
from evenhand.fairness.measures import (
    MEASURES,
    Measures,
    gini,
    hoover,
    jain,
    lowest_level,
    measure,
    share_of_target_met,
    theil,
)

INEQUALITY = {"gini": gini, "theil": theil, "hoover": hoover}

# Coverages as hundredths: apart or equal, never apart by a rounding error.
coverages = st.lists(st.integers(0, 500).map(lambda hundredths: hundredths / 100), min_size=1, max_size=30)
some_coverage = coverages.filter(any)


# ---- by hand --------------------------------------------------------------------------------------------------------


def test_two_recipients_one_with_three_times_as_much() -> None:
    # x = (1, 3), sum 4, mean 2, n 2
    assert gini([1, 3]) == 0.25  # pairs: (|1-3| + |3-1|) / (2 * 4 * 2) = 4/16
    assert hoover([1, 3]) == 0.25  # (|1-2| + |3-2|) / (2 * 4) = 2/8
    assert jain([1, 3]) == pytest.approx(0.8, rel=1e-15)  # 4^2 / (2 * (1 + 9)) = 16/20
    # ratios 1/2 and 3/2: (1/2) (0.5 ln 0.5 + 1.5 ln 1.5) = (1/2) (-0.3465736 + 0.6081977) = 0.1308120
    assert theil([1, 3]) == pytest.approx(0.1308120, abs=1e-7)


def test_four_recipients_in_steps() -> None:
    # x = (1, 2, 3, 4), sum 10, mean 2.5, n 4
    x = [4, 1, 3, 2]  # order must not matter
    assert gini(x) == 0.25  # (-3*1 - 1*2 + 1*3 + 3*4) / (4 * 10) = 10/40
    assert hoover(x) == pytest.approx(0.2, rel=1e-15)  # (1.5 + 0.5 + 0.5 + 1.5) / 20 = 4/20
    assert jain(x) == pytest.approx(5 / 6, rel=1e-15)  # 100 / (4 * 30)
    # ratios 0.4 0.8 1.2 1.6: (0.4 ln 0.4 + 0.8 ln 0.8 + 1.2 ln 1.2 + 1.6 ln 1.6) / 4
    # = (-0.3665163 - 0.1785148 + 0.2187859 + 0.7520058) / 4 = 0.4257605 / 4 = 0.1064401
    assert theil(x) == pytest.approx(0.1064401, abs=1e-7)


def test_one_of_five_has_everything() -> None:
    x = [0, 0, 0, 0, 0.7]
    assert gini(x) == pytest.approx(0.8, rel=1e-15)  # 1 - 1/5
    assert hoover(x) == pytest.approx(0.8, rel=1e-15)  # 1 - 1/5
    assert jain(x) == pytest.approx(0.2, rel=1e-15)  # 1/5
    assert theil(x) == pytest.approx(1.6094379, abs=1e-7)  # ln 5


def test_share_of_target_met_counts_by_size_and_nobody_above_its_target() -> None:
    # y = (150, 300), t = (300, 100): (min(150, 300) + min(300, 100)) / 400 = 250/400
    assert share_of_target_met([0.5, 3.0], [300, 100]) == 0.625


def test_lowest_level_is_the_worst_served() -> None:
    assert lowest_level([1.5, 0.25, 0.75]) == 0.25


def test_a_plan_is_measured_in_one_call() -> None:
    # levels under tiers; coverage (1, 3) / 4; targets 100 and 300: (25 + 225) / 400
    found = measure([0.5, 2.25], [0.25, 0.75], [100, 300])
    assert found == Measures(
        lowest_level=0.5, gini=0.25, theil=theil([1, 3]), jain=jain([1, 3]), hoover=0.25, share_of_target_met=0.625
    )
    assert all(type(value) is float for value in dataclasses.astuple(found))


def test_fractions_and_polars_columns_are_read_like_lists() -> None:
    sevenths = [Fraction(1, 7), Fraction(3, 7)]
    assert gini(sevenths) == pytest.approx(0.25, rel=1e-15)  # type: ignore[arg-type]  # numpy reads them all the same
    assert gini(pl.Series([1, 3])) == 0.25


# ---- edges ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("x", [[0.0], [0.0, 0.0, 0.0], [0.3], [0.1] * 7, [1e-310] * 3, [1e300] * 3])
def test_where_all_are_alike_inequality_is_exactly_zero(x: list[float]) -> None:
    assert (gini(x), theil(x), hoover(x), jain(x)) == (0.0, 0.0, 0.0, 1.0)


def test_where_nobody_has_anything_the_lowest_level_and_the_share_are_zero() -> None:
    found = measure([0, 0], [0, 0], [1, 2])
    assert (found.lowest_level, found.share_of_target_met) == (0.0, 0.0)


@pytest.mark.parametrize("name", ["lowest_level", "gini", "theil", "jain", "hoover"])
def test_no_recipients_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(EvenhandError, match="no recipients to measure; give at least one"):
        getattr(measures, name)([])


@pytest.mark.parametrize("bad", [-0.1, math.nan, math.inf])
def test_a_number_that_is_none_is_refused_with_its_place(bad: float) -> None:
    with pytest.raises(EvenhandError, match=r"coverage: recipient 2 has (-0\.1|nan|inf); give a number of at least 0"):
        gini([0.1, bad])


def test_a_target_of_zero_is_refused() -> None:
    with pytest.raises(EvenhandError, match="targets: recipient 1 has target 0; a target is above 0"):
        share_of_target_met([0.1, 0.2], [0, 5])


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(EvenhandError, match="coverage has 2 recipients and targets has 1"):
        share_of_target_met([0.1, 0.2], [5])
    with pytest.raises(EvenhandError, match="levels has 1 recipients and coverage has 2"):
        measure([0.1], [0.1, 0.2], [5, 5])


def test_a_table_of_numbers_is_refused() -> None:
    with pytest.raises(EvenhandError, match="2 dimensions; give one number per recipient"):
        gini([[0.1], [0.2]])


# ---- laws -----------------------------------------------------------------------------------------------------------


@given(coverages)
def test_each_measure_stays_within_its_bounds(x: list[float]) -> None:
    n, hair = len(x), 1e-12
    assert 0 <= gini(x) <= 1 - 1 / n + hair
    assert 0 <= hoover(x) <= 1 - 1 / n + hair
    assert 0 <= theil(x) <= math.log(n) + hair
    assert 1 / n - hair <= jain(x) <= 1
    assert 0 <= share_of_target_met(x, [1.0] * n) <= 1


@given(coverages)
def test_gini_is_the_mean_difference_of_all_pairs(x: list[float]) -> None:
    assume(any(x))
    pairs = sum(abs(a - b) for a in x for b in x)
    assert gini(x) == pytest.approx(pairs / (2 * len(x) * sum(x)), abs=1e-12)


@given(some_coverage, st.floats(1e-6, 1e6))
def test_scaling_everybody_changes_nothing(x: list[float], factor: float) -> None:
    scaled = [value * factor for value in x]
    for function in (*INEQUALITY.values(), jain):
        assert function(scaled) == pytest.approx(function(x), abs=1e-12)


@given(coverages, st.integers(2, 5))
def test_repeating_everybody_changes_nothing(x: list[float], times: int) -> None:
    for function in (*INEQUALITY.values(), jain, lowest_level):
        assert function(x * times) == pytest.approx(function(x), abs=1e-12)


@given(coverages, st.randoms(use_true_random=False))
def test_order_changes_nothing(x: list[float], random: object) -> None:
    shuffled = list(x)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis types its Random as object
    for function in (*INEQUALITY.values(), jain, lowest_level):
        assert function(shuffled) == pytest.approx(function(x), abs=1e-12)


@given(some_coverage, st.data())
def test_a_gift_from_the_better_to_the_worse_served_lowers_inequality(x: list[float], data: st.DataObject) -> None:
    """Pigou-Dalton: strictly for Gini, Theil and Jain; Hoover never rises (it feels only gifts across the mean)."""
    assume(max(x) - min(x) >= 0.02)
    rich, poor = x.index(max(x)), x.index(min(x))
    gift = data.draw(st.floats(0.005, (x[rich] - x[poor]) / 2))
    after = list(x)
    after[rich] -= gift
    after[poor] += gift
    assert gini(after) < gini(x)
    assert theil(after) < theil(x)
    assert jain(after) > jain(x)
    assert hoover(after) <= hoover(x) + 1e-12


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 20)), min_size=1, max_size=20))
def test_share_of_target_met_is_met_units_over_all_units(rows: list[tuple[int, int]]) -> None:
    exact = Fraction(sum(min(y, t) for y, t in rows), sum(t for _, t in rows))
    found = share_of_target_met([y / t for y, t in rows], [t for _, t in rows])
    assert found == pytest.approx(float(exact), abs=1e-12)


# ---- promises -------------------------------------------------------------------------------------------------------


def test_every_measure_is_declared_computed_and_sourced() -> None:
    names = [declared.name for declared in MEASURES]
    assert names == [field.name for field in dataclasses.fields(Measures)]
    for declared in MEASURES:
        assert "Source\n" in (getattr(measures, declared.name).__doc__ or "")
        assert declared.meaning.endswith(".")
        assert declared.source
        assert declared.title


def test_the_declared_direction_is_the_true_one() -> None:
    """An even plan that meets everything against a lopsided one that meets less."""
    fair, unfair = measure([1, 1], [1, 1], [1, 1]), measure([0, 1], [0, 1], [1, 1])
    for declared in MEASURES:
        better, worse = getattr(fair, declared.name), getattr(unfair, declared.name)
        assert (better > worse) if declared.better == "higher" else (better < worse), declared.name


def test_a_million_recipients_are_measured_well_under_a_second() -> None:
    x = np.random.default_rng(1).lognormal(size=1_000_000)
    begun = perf_counter()
    found = measure(x, x, x + 1)
    assert perf_counter() - begun < 1.0
    assert 0.4 < found.gini < 0.6  # exactly erf(1/2) = 0.5205 for a log-normal with sigma 1
    assert found.gini == pytest.approx(0.5205, abs=0.003)

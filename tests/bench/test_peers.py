"""The peers give right answers on problems small enough to see; otherwise being faster than they are means nothing."""

from __future__ import annotations

import itertools
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from bench.exact import leximin_levels
from bench.instances import Frames, Instance, divisible_classes, divisible_pairs, mixed_packs
from bench.peers import greedy, join_polars, lowest_level_cpsat
from bench.process import ROOT, run_command, run_job


def tiny(seed: int) -> Instance:
    """Three recipients, two lots of few packs: small enough to try every plan."""
    rng = np.random.default_rng(seed)
    target = rng.integers(20, 60, 3)
    return Instance(
        target=target,
        held=rng.integers(0, 5, 3),
        capacity=np.minimum(target, rng.integers(12, 60, 3)),
        class_of=np.arange(3),
        eligible=np.array([[1, 1], [1, 0], [rng.integers(2), 1]], dtype=np.bool_),
        packs=rng.integers(1, 5, 2),
        worth=rng.permutation([4, 7]),
        min_packs=rng.integers(1, 3, 2),
    )


def best_by_trying(made: Instance, max_lots: int) -> float:
    """Return max over all plans of the lowest level of the recipients that can get anything at all."""
    smallest = np.where(made.pairs & (made.packs >= made.min_packs), made.min_packs * made.worth, 10**9)
    could = np.flatnonzero(smallest.min(axis=1) <= made.capacity)
    ways = []
    for i in range(len(made.target)):
        choices = [
            [0, *range(int(made.min_packs[s]), int(made.packs[s]) + 1)] if made.pairs[i, s] else [0]
            for s in range(len(made.packs))
        ]
        ways.append(
            [
                way
                for way in itertools.product(*choices)
                if np.dot(way, made.worth) <= made.capacity[i] and np.count_nonzero(way) <= max_lots
            ]
        )
    best = 0.0
    for plan in itertools.product(*ways):
        packs = np.array(plan)
        if (packs.sum(axis=0) <= made.packs).all():
            level = (made.held + packs @ made.worth) / made.target
            best = max(best, float(level[could].min()))
    return best


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("max_lots", [1, 2])
def test_cp_sat_finds_the_best_lowest_level_and_greedy_never_more(seed: int, max_lots: int) -> None:
    made = tiny(seed)
    best = best_by_trying(made, max_lots)
    said = lowest_level_cpsat.answer(made, lowest_level_cpsat.run(made, max_lots=max_lots))
    assert said["status"] == "OPTIMAL"
    assert said["lowest"] == pytest.approx(best, abs=1e-6)
    assert greedy.answer(made, greedy.run(made, max_lots=max_lots))["lowest"] <= best + 1e-12


def test_greedy_comes_near_on_a_round_of_real_size() -> None:
    made = mixed_packs(142, 20, seed=1)
    assert 0.15 < greedy.answer(made, greedy.run(made, max_lots=2))["lowest"] <= 0.2


def test_cvxpy_leximin_is_right_on_a_small_problem() -> None:
    if find_spec("cvxpy_leximin") is None:
        pytest.skip("cvxpy-leximin is not installed; the extra 'bench' brings it")
    problem = {"make": "divisible_pairs", "recipients": 5, "lots": 3, "seed": 2}
    # In a process of its own: cvxpy loads HiGHS, which must not meet OR-Tools.
    said = run_job("bench.peers.leximin_cvxpy", problem).answer
    exact = [float(level) for level in leximin_levels(divisible_pairs(5, 3, 2))]
    assert said["levels"] == pytest.approx(exact, abs=1e-6)


def test_linear_programs_stop_when_their_time_is_over() -> None:
    pytest.importorskip("scipy", reason="scipy is not installed; the extra 'bench' brings it")
    from bench.peers import levels_linprog

    assert levels_linprog.run(divisible_classes(30, 6, 9, seed=1), most_seconds=0.0).stopped


def test_the_join_refuses_what_it_checks() -> None:
    needs = pl.DataFrame({"recipient": ["A", "B"], "target": [2, 1]})
    groups = pl.DataFrame({"recipient": ["B", "A"], "group": ["G", "G"]})
    lots = pl.DataFrame()
    assert join_polars.run(Frames(needs, lots, groups))["recipient"].to_list() == ["B", "A"]
    with pytest.raises(ValueError, match="duplicate recipients"):
        join_polars.run(Frames(pl.concat([needs, needs]), lots, groups))
    with pytest.raises(ValueError, match="unknown recipient"):
        join_polars.run(Frames(needs.head(1), lots, groups))
    with pytest.raises(ValueError, match="not above 0"):
        join_polars.run(Frames(needs.with_columns(target=pl.lit(0)), lots, groups))


def test_the_reading_script_writes_as_many_rows_as_asked(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    problem = {"make": "whole_packs_in_groups", "recipients": 70, "lots": 8, "groups": 60, "seed": 1}
    run_job("bench.write_tables", problem, folder=str(source))
    script = ROOT / "bench" / "peers" / "read_write_polars.py"
    run_command([sys.executable, str(script), str(source), str(out), "plan.csv=200", "lots.csv=8"])
    assert len(pl.read_csv(out / "plan.csv")) == 200
    assert len(pl.read_csv(out / "lots.csv")) == 8

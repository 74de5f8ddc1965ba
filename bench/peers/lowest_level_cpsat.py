"""Peer: the lowest level alone, by CP-SAT, for whole packs with smallest shipments and a limit of lots a recipient.

    max L   s.t.  10^6 (h_i + sum_s a_s x_is) >= L t_i            for every recipient that can get anything at all
                  x_is in {0} or min_s .. floor(c_i / a_s),       0 outside the eligible pairs
                  b_is = 1 where x_is > 0,   sum_s b_is <= max_lots
                  sum_i x_is <= Q_s,   sum_s a_s x_is <= c_i,   L whole (so levels are told apart to one millionth)

A pair is left out where the smallest shipment is more than the recipient can take or the lot has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from bench.instances import Instance

MILLIONTHS = 10**6


@dataclass(frozen=True, slots=True)
class Proof:
    """Hold the lowest level found, the bound proved, both in millionths, and what the solver said."""

    level: int
    bound: int
    status: str


def prepare(instance: Instance) -> Instance:
    """Solve one small model, so that start-up is not counted."""
    model = cp_model.CpModel()
    model.maximize(model.new_int_var(0, 1, "x"))
    cp_model.CpSolver().solve(model)
    return instance


def run(instance: Instance, *, max_lots: int, workers: int = 2, most_seconds: float = 120.0) -> Proof:
    """Build the model and solve it to proved optimality, or until the time is over."""
    n, m = len(instance.target), len(instance.packs)
    target, held, capacity = (column.tolist() for column in (instance.target, instance.held, instance.capacity))
    packs, worth, least = (column.tolist() for column in (instance.packs, instance.worth, instance.min_packs))
    model = cp_model.CpModel()
    level = model.new_int_var(0, 2 * MILLIONTHS, "level")
    of_lot: list[list[cp_model.IntVar]] = [[] for _ in range(m)]
    for i in range(n):
        given, used = [], []
        for s in np.flatnonzero(instance.pairs[i]).tolist():
            most = min(capacity[i] // worth[s], packs[s])
            if most < least[s]:
                continue
            x = model.new_int_var_from_domain(cp_model.Domain.from_intervals([[0, 0], [least[s], most]]), f"x{i},{s}")
            b = model.new_bool_var(f"b{i},{s}")
            model.add(x <= most * b)
            of_lot[s].append(x)
            given.append(worth[s] * x)
            used.append(b)
        if not given:
            continue
        total = cp_model.LinearExpr.sum(given)
        model.add(total <= capacity[i])
        model.add(MILLIONTHS * total + MILLIONTHS * held[i] >= target[i] * level)
        if len(used) > max_lots:
            model.add(cp_model.LinearExpr.sum(used) <= max_lots)
    for s in range(m):
        model.add(cp_model.LinearExpr.sum(of_lot[s]) <= packs[s])
    model.maximize(level)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.max_time_in_seconds = most_seconds
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Proof(0, round(solver.best_objective_bound), solver.status_name(status))
    return Proof(round(solver.objective_value), round(solver.best_objective_bound), solver.status_name(status))


def answer(_: Instance, proof: Proof) -> dict[str, Any]:
    """Return level and bound as shares, and the status."""
    return {"lowest": proof.level / MILLIONTHS, "bound": proof.bound / MILLIONTHS, "status": proof.status}

"""Peer: leximin of divisible goods by linear programs solved level by level, with HiGHS through SciPy.

The saturation method, written as well as it can be with linear programs alone: flows run from lots to classes of
recipients with the same lots (not to every recipient), one program a level, and all recipients whose dual price is
positive are settled at once.

    max L   s.t.  y_i >= L t_i - h_i          for every recipient i not yet settled   (dual d_i)
                  sum_s f_ks  = sum_{i in k} y_i + (what k's settled recipients have)  for every class k
                  sum_k f_ks <= Q_s a_s        for every lot s
                  y, f >= 0,  L <= the lowest (h_i + c_i) / t_i of those not yet settled

A recipient with d_i > 0 cannot rise above L without somebody at L or settled falling, so it is settled with
L t_i - h_i; one whose capacity is reached at L is settled with its capacity. At least one is, so the loop ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]  # the package has no types
from scipy.optimize import linprog  # type: ignore[import-untyped]  # as above

from bench.instances import Instance

Floats = NDArray[np.float64]
SETTLED_DUAL = 1e-9
NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Levels:
    """Hold the levels found, how many programs it took, and whether the time ran out first."""

    level: Floats
    programs: int
    stopped: bool


def prepare(instance: Instance) -> Instance:
    """Load and run the solver once, so that its start-up is not counted."""
    linprog([1.0], bounds=[(0.0, 1.0)], method="highs")
    return instance


def run(instance: Instance, *, by: str = "class", most_seconds: float = np.inf) -> Levels:
    """Solve level by level; by "class", or by "recipient" with a flow for every eligible pair."""
    begun = perf_counter()
    if by == "recipient":
        instance = replace(instance, class_of=np.arange(len(instance.target)), eligible=instance.pairs)
    target, held = instance.target.astype(float), instance.held.astype(float)
    capacity = np.where(instance.pairs.any(axis=1), instance.capacity, 0).astype(float)
    received = np.zeros(len(target))
    free = capacity > 0
    programs = 0
    scale = float(target.mean())  # amounts near 1, so that the solver's absolute tolerances mean something
    while free.any():
        left = most_seconds - (perf_counter() - begun)
        if left <= 0:
            return Levels((held + received) / target, programs, True)
        level, dual = _highest_common_level(instance, free, received, target, held, capacity, scale, left)
        if level is None:
            return Levels((held + received) / target, programs, True)
        programs += 1
        full = free & ((held + capacity) / target <= level + NEAR)
        held_up = free & (dual > SETTLED_DUAL) & ~full
        if not (full.any() or held_up.any()):
            raise ArithmeticError(f"no recipient was settled at level {level}")
        received[full] = capacity[full]
        received[held_up] = np.clip(level * target - held, 0.0, capacity)[held_up]
        free &= ~(full | held_up)
    return Levels((held + received) / target, programs, False)


def answer(_: Instance, found: Levels) -> dict[str, Any]:
    """Return the levels and the number of programs."""
    return {"levels": found.level.tolist(), "programs": found.programs, "stopped": found.stopped}


def _highest_common_level(
    instance: Instance,
    free: NDArray[np.bool_],
    received: Floats,
    target: Floats,
    held: Floats,
    capacity: Floats,
    scale: float,
    most_seconds: float,
) -> tuple[float | None, Floats]:
    """Solve one program; return its level and the dual of every recipient's row (0 for the settled)."""
    classes, lots = instance.eligible.shape
    flow_class, flow_lot = np.nonzero(instance.eligible)
    flows, rising = len(flow_class), np.flatnonzero(free)
    r = len(rising)
    # Columns: flows, then y of the rising, then L. Amounts in units of `scale`.
    t, h = target[rising] / scale, held[rising] / scale
    settled = np.bincount(instance.class_of, weights=np.where(free, 0.0, received) / scale, minlength=classes)
    one = np.ones
    balance = sparse.hstack(
        [
            sparse.csr_array((one(flows), (flow_class, np.arange(flows))), shape=(classes, flows)),
            sparse.csr_array((-one(r), (instance.class_of[rising], np.arange(r))), shape=(classes, r)),
            sparse.csr_array((classes, 1)),
        ],
        format="csr",
    )
    supply = sparse.hstack(
        [
            sparse.csr_array((one(flows), (flow_lot, np.arange(flows))), shape=(lots, flows)),
            sparse.csr_array((lots, r + 1)),
        ]
    )
    rise = sparse.hstack([sparse.csr_array((r, flows)), -sparse.eye_array(r), sparse.csr_array(t[:, None])])
    top = float(((held + capacity) / target)[rising].min())
    cost = np.zeros(flows + r + 1)
    cost[-1] = -1.0
    bounds = np.zeros((flows + r + 1, 2))
    bounds[:, 1] = np.inf
    bounds[-1] = (-np.inf, top)
    solved = linprog(
        cost,
        A_ub=sparse.vstack([supply, rise], format="csr"),
        b_ub=np.concatenate([(instance.packs * instance.worth) / scale, h]),
        A_eq=balance,
        b_eq=settled,
        bounds=bounds,
        method="highs",
        options={"time_limit": most_seconds} if np.isfinite(most_seconds) else {},
    )
    dual = np.zeros(len(free))
    if solved.status == 1:  # the time ran out
        return None, dual
    if not solved.success:
        raise ArithmeticError(solved.message)
    dual[rising] = -solved.ineqlin.marginals[lots:]
    return float(solved.x[-1]), dual

"""Peer: leximin of divisible goods by the package cvxpy-leximin, as its own documentation shows.

    leximin of ( (h_i + sum_s a_s x_is) / t_i )_i   s.t.  the constraints of `bench.instances`, divisible

Method "ordered_outcomes" (Ogryczak and Sliwinski 2006), its default since 0.5; "saturation" (Willson 1998) for the
case where the default fails. Written with one matrix of shares rather than a variable per pair: that is the quicker way.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from bench.instances import Instance

sys.modules.setdefault("ortools", None)  # type: ignore[arg-type]  # cvxpy tries every solver; OR-Tools and HiGHS clash


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold the levels by recipient, or what the package said when it gave up."""

    levels: list[float] | None
    failure: str = ""


def prepare(instance: Instance) -> Instance:
    """Import the packages and solve one small program, so that start-up is not counted."""
    import cvxpy
    import cvxpy_leximin  # type: ignore[import-untyped]  # the package has no types

    x = cvxpy.Variable(2)
    objective = cvxpy_leximin.Leximin([x[0], x[1]])
    cvxpy_leximin.Problem(objective, [x >= 0, x <= 1]).solve(method="ordered_outcomes", solver="SCIPY")
    return instance


def run(instance: Instance, *, method: str = "ordered_outcomes", solver: str = "SCIPY") -> Outcome:
    """Build the problem and solve it."""
    import cvxpy
    import cvxpy_leximin

    n, m = len(instance.target), len(instance.packs)
    given = cvxpy.Variable((n, m), nonneg=True)  # service units
    constraints = [
        given.sum(axis=0) <= instance.packs * instance.worth,
        given.sum(axis=1) <= instance.capacity,
        given[~instance.pairs] == 0,
    ]
    levels = [(int(instance.held[i]) + given[i].sum()) / int(instance.target[i]) for i in range(n)]
    problem = cvxpy_leximin.Problem(cvxpy_leximin.Leximin(levels), constraints)
    try:
        problem.solve(method=method, solver=solver)
    except (ValueError, cvxpy.error.SolverError) as failure:
        return Outcome(None, f"{type(failure).__name__}: {failure}")
    reached: Any = given.value
    levels_reached = (instance.held + reached.sum(axis=1)) / instance.target
    return Outcome(levels_reached.tolist())


def answer(_: Instance, outcome: Outcome) -> dict[str, Any]:
    """Return the levels, or the failure."""
    return {"levels": outcome.levels, "failure": outcome.failure}

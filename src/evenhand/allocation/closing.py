"""Close the first levels of a bounded plan with CP-SAT, within a budget (§4.2).

Called by `bounded`. From the lowest recipient up: if it could not have more even if everything were its own, its level is
closed, whatever the others get. At the first that could, the whole problem is asked for a plan in which all those not yet
closed stand higher; if there is none, that level is closed too, and there it stops, because from then on those who are
stuck are not unique. The budget is counted in CP-SAT's deterministic time with one worker, about as long as the stated
seconds on one core of a server, so that the same input gives the same plan on every machine. What is closed is the solver's word; the certificate says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from ortools.sat.python import cp_model

from evenhand.allocation.holdings import Holdings
from evenhand.allocation.outcome import MICRO, Outcome, open_recipients
from evenhand.allocation.problem import Problem

Tell = Callable[[str, float], None]
_PER_SECOND = 0.25
"""CP-SAT's deterministic seconds in a second of one core of a server (measured: 0.75 of them took 3.1 s)."""
_LARGEST = 2**61
_MOST_PAIRS = 60_000
"""Pairs in a model: above this the model alone would use up the budget."""


@dataclass(slots=True)
class _Budget:
    seconds: float
    used: float = 0.0

    def left(self) -> float:
        return self.seconds - self.used


def close_levels(
    problem: Problem, holdings: Holdings, divisible: Outcome, *, seconds: float, tell: Tell | None = None
) -> tuple[Holdings, tuple[int, str, str] | None]:
    """Return the plan, better where the solver found a better one, and how many of its lowest levels are closed.

    Parameters
    ----------
    seconds
        Deterministic seconds of CP-SAT.
    """
    rows = open_recipients(problem)
    pairs = int((holdings.most[rows] > 0).sum())
    biggest = max(int(v) for v in holdings.top) * 2 if len(holdings.top) else 0
    name = f"CP-SAT {version('ortools')}"
    if not len(rows) or pairs > _MOST_PAIRS or biggest * len(problem.worth) >= _LARGEST:
        return holdings, (0, name, f"{seconds:g}")
    budget = _Budget(seconds * _PER_SECOND)
    closed: set[int] = set()
    while budget.left() > 0 and len(closed) < len(rows):
        if tell:
            tell("closing the first levels", min(1.0, budget.used / budget.seconds))
        levels = holdings.levels()
        who = min((int(r) for r in rows if int(r) not in closed), key=lambda r: (levels[r], r))
        alone = _most_alone(holdings, who, budget)
        if alone is None:
            break
        if alone <= int(holdings.have[who]):
            closed.add(who)
            continue
        better = _lift_all(holdings, rows, closed, who, divisible, budget)
        if better is None:
            break
        if not better:
            return holdings, (len(closed) + 1, name, f"{seconds:g}")
    return holdings, (len(closed), name, f"{seconds:g}")


def _run(model: cp_model.CpModel, budget: _Budget) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = max(budget.left(), 1e-3)
    status = solver.solve(model)
    budget.used += solver.response_proto.deterministic_time + 1e-4
    return solver, status


def _packs(model: cp_model.CpModel, holdings: Holdings, who: int) -> dict[int, cp_model.IntVar]:
    """Add one recipient's packs, with the smallest shipment and the lot limit; return them by lot."""
    packs: dict[int, cp_model.IntVar] = {}
    used: list[cp_model.IntVar] = []
    room = int(holdings.top[who] - holdings.problem.held[who])
    for lot in np.flatnonzero(holdings.most[who] > 0).tolist():
        worth, least = holdings.problem.worth[lot], int(holdings.least[lot])
        most = min(int(holdings.most[who, lot]), room // worth)
        if most < least:
            continue
        domain = cp_model.Domain.from_intervals([[0, 0], [least, most]])
        packs[lot] = model.new_int_var_from_domain(domain, f"x{who}_{lot}")
        if holdings.max_lots < len(holdings.problem.worth):
            some = model.new_bool_var(f"b{who}_{lot}")
            model.add(packs[lot] <= most * some)
            used.append(some)
    if len(used) > holdings.max_lots:
        model.add(cp_model.LinearExpr.sum(used) <= holdings.max_lots)
    return packs


def _total(holdings: Holdings, packs: dict[int, cp_model.IntVar]) -> cp_model.LinearExprT:
    lots = list(packs)
    return cp_model.LinearExpr.weighted_sum([packs[s] for s in lots], [holdings.problem.worth[s] for s in lots])


def _most_alone(holdings: Holdings, who: int, budget: _Budget) -> int | None:
    """Return the most a recipient could have if all lots were its own; None if the solver did not finish."""
    model = cp_model.CpModel()
    packs = _packs(model, holdings, who)
    held = int(holdings.problem.held[who])
    if not packs:
        return held
    room = int(holdings.top[who]) - held
    model.add(_total(holdings, packs) <= room)
    model.maximize(_total(holdings, packs))
    solver, status = _run(model, budget)
    return held + round(solver.objective_value) if status == cp_model.OPTIMAL else None


def _lift_all(
    holdings: Holdings, rows: np.ndarray, closed: set[int], who: int, divisible: Outcome, budget: _Budget
) -> bool | None:
    """Look for a plan in which all but the closed stand higher than `who` stands now; take it over.

    Returns True if one was found, False if there is none, None if the solver did not finish.
    """
    low = _millionths(holdings, who) + 1
    high = max(low, int(divisible.levels().floats()[who] * MICRO) + 1)
    found: bool | None = None
    aim = low
    while low <= high and budget.left() > 0:
        answer = _feasible(holdings, rows, closed, aim, budget)
        if answer is None:
            break
        if answer:
            found = True
            low = _millionths_of_lowest(holdings, rows, closed) + 1
        else:
            found = False if found is None and aim == low else found
            high = aim - 1
        aim = (low + high + 1) // 2 if found else low
    return found


def _millionths(holdings: Holdings, who: int) -> int:
    top, bottom = holdings.level(who)
    return top * MICRO // bottom


def _millionths_of_lowest(holdings: Holdings, rows: np.ndarray, closed: set[int]) -> int:
    return min(_millionths(holdings, int(r)) for r in rows if int(r) not in closed)


def _enough(holdings: Holdings, who: int, aim: int) -> int:
    """Return the least a recipient must have to stand at a level in millionths or higher."""
    low, high = int(holdings.problem.held[who]), int(holdings.top[who]) + 1
    while low < high:
        middle = (low + high) // 2
        top, bottom = holdings.level(who, middle - int(holdings.have[who]))
        low, high = (low, middle) if top * MICRO >= aim * bottom else (middle + 1, high)
    return low


def _feasible(holdings: Holdings, rows: np.ndarray, closed: set[int], aim: int, budget: _Budget) -> bool | None:
    """Look for a plan with all but the closed at a level, the closed where they are; take it over if there is one."""
    model = cp_model.CpModel()
    by_lot: dict[int, list[cp_model.IntVar]] = {}
    everything: dict[int, dict[int, cp_model.IntVar]] = {}
    for who in rows.tolist():
        packs = _packs(model, holdings, who)
        held = int(holdings.problem.held[who])
        needed = int(holdings.have[who]) if who in closed else _enough(holdings, who, aim)
        if needed > int(holdings.top[who]) or (needed > held and not packs):
            return False
        if packs:
            model.add_linear_constraint(_total(holdings, packs), max(0, needed - held), int(holdings.top[who]) - held)
        everything[who] = packs
        for lot, amount in packs.items():
            by_lot.setdefault(lot, []).append(amount)
            model.add_hint(amount, int(holdings.packs[who, lot]))
    for lot, amounts in by_lot.items():
        model.add(cp_model.LinearExpr.sum(amounts) <= int(holdings.problem.packs[lot]))
    solver, status = _run(model, budget)
    if status == cp_model.INFEASIBLE:
        return False
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    for who, packs in everything.items():
        for lot in range(len(holdings.problem.worth)):
            wanted = solver.value(packs[lot]) if lot in packs else 0
            if wanted != holdings.packs[who, lot]:
                holdings.give(who, lot, int(wanted) - int(holdings.packs[who, lot]))
    return True

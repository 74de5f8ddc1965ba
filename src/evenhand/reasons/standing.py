"""What a solved round holds about one recipient: what it needed and got, what is closed to it and why, who stands where.

Called by the `explain_` modules and `remedies`. It computes and says nothing; every amount is an exact number of service
units.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from evenhand.allocation.outcome import Outcome
from evenhand.allocation.problem import Problem
from evenhand.allocation.waterlines import pairs_at_cap
from evenhand.reasons.closed_lots import ClosedLot, find_closed, pack_worth, text_of
from evenhand.supply.tables import Tables

Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class GivenLot:
    """Hold what a recipient gets of one lot."""

    lot: str
    resource: str
    donor: str
    packs: Fraction
    units: Fraction
    service_units: Fraction


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold everything about one recipient.

    Attributes
    ----------
    row
        Its number.
    room
        How much more it could take.
    place
        Its waterline's place in `outcome.water.keys`; -1 where it has none.
    open, at_cap
        Per lot: it may have it and there are packs; it has all of it that it can use in time.
    barriers
        Open lots of which it cannot take one more pack: "less than a pack", "minimum shipment" or "lot limit" by lot number.
    """

    outcome: Outcome
    row: int
    key: str
    name: str
    target: Fraction
    held: Fraction
    capacity: Fraction
    received: Fraction
    room: Fraction
    level_before: Fraction
    level: Fraction
    weight: Fraction
    given: tuple[GivenLot, ...]
    given_lots: tuple[int, ...]
    closed: tuple[ClosedLot, ...]
    place: int
    open: Bools
    at_cap: Bools
    barriers: dict[int, str]

    @property
    def problem(self) -> Problem:
        """Return the round's problem."""
        return self.outcome.problem

    @property
    def waterline(self) -> Fraction | None:
        """Return the level it is held to; None where it is held to none (no lot, or packs left over)."""
        key = self.outcome.water.key_of(self.row)
        return key[0] if isinstance(key, tuple) else None

    @property
    def by_its_own(self) -> bool:
        """Say whether it is held to its own last pack, above the waterline of every lot still open to it."""
        return self.row in self.outcome.water.own

    @property
    def unlimited(self) -> bool:
        """Say whether a lot open to it has packs left over."""
        return self.outcome.water.key_of(self.row) is None

    @property
    def limit(self) -> str:
        """Return `limited_by` as in the plan's files."""
        return str(self.outcome.limits[self.row])

    @property
    def full(self) -> bool:
        """Say whether it can take no more of anything."""
        return self.limit in ("target met", "capacity", "less than a pack")


def find_standing(outcome: Outcome, row: int) -> Standing:
    """Find everything about the recipient with this number."""
    problem, lines = outcome.problem, outcome.lines
    needs = problem.tables.needs
    unit = problem.scale * lines.per
    received = Fraction(int(outcome.received[row]), unit)
    capacity = Fraction(int(problem.capacity[row]), problem.scale)
    mine = np.flatnonzero(lines.recipient == row)
    lots = tuple(lines.lot[mine].tolist())
    packs = {s: Fraction(int(a), lines.pack[s]) for s, a in zip(lots, lines.amount[mine].tolist(), strict=True)}
    given = [given_lot(problem, s, p) for s, p in packs.items()]
    of_class = int(problem.eligibility.class_of[row])
    at_cap = pairs_at_cap(problem, lines)
    stocked = problem.packs > 0
    have = outcome.have()
    open_lots = problem.eligibility.open[of_class] & stocked
    capped = np.zeros(len(stocked), np.bool_) if at_cap is None else at_cap[of_class] & open_lots
    return Standing(
        outcome,
        row,
        key=str(needs["recipient"][row]),
        name=names_of(problem.tables, np.array([row]))[0],
        target=Fraction(int(problem.target[row]), problem.scale),
        held=Fraction(int(problem.held[row]), problem.scale),
        capacity=capacity,
        received=received,
        room=capacity - received,
        level_before=outcome.levels(have - outcome.received).at(row),
        level=outcome.levels(have).at(row),
        weight=Fraction(needs["weight"][row] or 1) if "weight" in needs.columns else Fraction(1),
        given=tuple(sorted(given, key=lambda g: (-g.service_units, g.lot))),
        given_lots=lots,
        closed=find_closed(problem, row, of_class, capacity),
        place=int(outcome.water.of_recipient[row]),
        open=open_lots,
        at_cap=capped,
        barriers=_barriers(problem, open_lots & ~capped, packs, capacity - received),
    )


def given_lot(problem: Problem, lot: int, packs: Fraction) -> GivenLot:
    """Describe packs of one lot."""
    table = problem.tables.lots
    return GivenLot(
        str(table["lot"][lot]),
        text_of(table, "resource", lot),
        text_of(table, "donor", lot),
        packs,
        packs * Fraction(table["pack_size"][lot] if "pack_size" in table.columns else 1),
        packs * pack_worth(problem, lot),
    )


def find_place(keys: pl.Series, key: str) -> int | None:
    """Return the place of a key, or None."""
    places = (keys == key).arg_true()
    return int(places[0]) if len(places) else None


def names_of(tables: Tables, rows: Rows) -> list[str]:
    """Return recipients' names as people know them; their keys where no name was given."""
    named = tables.needs[rows.tolist()]
    names = named["name"].to_list() if "name" in named.columns else [None] * named.height
    return [name or key for name, key in zip(names, named["recipient"].to_list(), strict=True)]


def _barriers(problem: Problem, lots: Bools, packs: dict[int, Fraction], room: Fraction) -> dict[int, str]:
    """Find the open lots of which a recipient cannot take one more pack, though it is not at its own cap."""
    found: dict[int, str] = {}
    if problem.terms.divisible:
        return found
    most = problem.terms.max_lots
    for lot in np.flatnonzero(lots).tolist():
        worth, least = pack_worth(problem, lot), int(problem.least[lot])
        if worth > room:
            found[lot] = "less than a pack"
        elif lot not in packs and most is not None and len(packs) >= most:
            found[lot] = "lot limit"
        elif lot not in packs and least > 1 and (least * worth > room or least > int(problem.packs[lot])):
            found[lot] = "minimum shipment"
    return found


def amount_of(problem: Problem, column: str, row: int) -> Any:
    """Return a cell of needs, None where it is empty or the column absent."""
    needs = problem.tables.needs
    return needs[column][row] if column in needs.columns else None

"""Evenhand as a job: the three tables in memory to a checked plan, as `evenhand.allocate` makes it.

The tables are made and a plan of two recipients is allocated before the clock starts, as every peer loads its packages
before it starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

import evenhand
from bench.instances import Frames, Instance, frames

DATE = "2026-01-01"


@dataclass(frozen=True, slots=True)
class Prepared:
    """Hold the tables, and the problem they express."""

    tables: Frames
    instance: Instance


def prepare(instance: Instance) -> Prepared:
    """Make the tables and warm up."""
    needs = pl.DataFrame({"recipient": ["A", "B"], "target": [10, 20]})
    lots = pl.DataFrame({"lot": ["L"], "packs": [6]})
    for divisible in (False, True):
        evenhand.allocate(needs, lots, date=DATE, divisible=divisible)
    return Prepared(frames(instance), instance)


def run(prepared: Prepared, **options: Any) -> evenhand.Plan:
    """Allocate, with the certificate."""
    tables = prepared.tables
    return evenhand.allocate(tables.needs, tables.lots, tables.groups, date=DATE, **options)


def answer(prepared: Prepared, plan: evenhand.Plan, *, levels: str = "", folder: str = "") -> dict[str, Any]:
    """Return the claim, the lowest level of those that could get anything, and what else was asked for.

    Parameters
    ----------
    levels
        "exact": every level as a fraction, from the lines as written; "near": as a float; "": none.
    folder
        Where to write the plan, if it is to be kept; the seconds that took are returned.
    """
    level = plan.recipients["level"].to_numpy()
    said: dict[str, Any] = {
        "claim": plan.certificate["claim"],
        "lowest": float(level[_could_get_something(prepared.instance)].min()),
        "lines": len(plan.lines),
        "check": str(evenhand.check(plan)) if len(level) <= 10_000 else "",
    }
    if levels == "near":
        said["levels"] = level.tolist()
    if levels == "exact":
        with TemporaryDirectory() as temporary:
            said["levels"] = [str(exact) for exact in _exact_levels(prepared.instance, plan, Path(temporary) / "plan")]
    if folder:
        begun = perf_counter()
        plan.write(folder)
        said["write_seconds"] = perf_counter() - begun
    return said


def _could_get_something(instance: Instance) -> NDArray[np.bool_]:
    """Return who may have a lot whose smallest shipment is within its capacity and within the lot."""
    smallest = (instance.min_packs * instance.worth).astype(np.float64)
    smallest[instance.packs < instance.min_packs] = np.inf
    least = np.where(instance.eligible, smallest, np.inf).min(axis=1)
    could: NDArray[np.bool_] = least[instance.class_of] <= instance.capacity
    return could


def _exact_levels(instance: Instance, plan: evenhand.Plan, folder: Path) -> list[Fraction]:
    """Return the levels that follow from plan.csv: packs are exact fractions there."""
    plan.write(folder)
    lines = pl.read_csv(folder / "plan.csv", infer_schema=False)
    worth = {f"L{lot:04d}": int(value) for lot, value in enumerate(instance.worth)}
    received = dict.fromkeys((f"R{row:07d}" for row in range(len(instance.target))), Fraction(0))
    for lot, recipient, packs in lines.select("lot", "recipient", "packs").iter_rows():
        received[recipient] += Fraction(packs) * worth[lot]
    return [
        (int(held) + amount) / int(target)
        for held, amount, target in zip(instance.held, received.values(), instance.target, strict=True)
    ]

"""Read a plan folder for its proof sheet: sound or not in its claims, but readable cell by cell.

A plan that does not hold must still become a sheet, so that the sheet shows where it does not. What cannot be put into
cells at all (a lot that is not there, a number that is none) is refused. Used by `write_proof_sheet`.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from evenhand.errors import PlanUnreadable
from evenhand.fairness.rules import RULES

LONGEST_CELL = 2**30
"""An earmark may name a hundred thousand recipients; the csv module would stop at 131,072 letters."""

Mark = tuple[Fraction, ...] | str
"""A waterline: (level before, level after), (level,), "unlimited" or "none"."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One row of inputs/needs.csv, with its groups and what recipients.csv says of it."""

    key: str
    name: str
    target: Fraction
    held: Fraction
    capacity: Fraction
    weight: Fraction
    tiers: tuple[Fraction, ...]
    handles: str
    per_week: Fraction | None
    groups: tuple[str, ...]
    received: Fraction
    level: Fraction


@dataclass(frozen=True, slots=True)
class Lot:
    """One row of inputs/lots.csv, with its waterlines and what lots.csv says of it."""

    key: str
    packs: int
    pack_size: Fraction
    per_person: Fraction
    min_packs: int
    only: str
    never: str
    requires: str
    arrives: date | None
    expires: date | None
    mark: Mark
    bound_mark: Mark
    given: Fraction
    left: Fraction

    @property
    def worth(self) -> Fraction:
        """Return the service units of a pack."""
        return self.pack_size / self.per_person


@dataclass(frozen=True, slots=True)
class Line:
    """One row of plan.csv or bound.csv; lot and recipient as the number of their row, from 1."""

    lot: int
    recipient: int
    packs: Fraction
    units: Fraction = Fraction(0)
    service_units: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class PlanFolder:
    """A plan folder, read."""

    certificate: dict[str, Any]
    recipients: tuple[Recipient, ...]
    lots: tuple[Lot, ...]
    lines: tuple[Line, ...]
    bound_lines: tuple[Line, ...]

    @property
    def rule(self) -> str:
        """Return the rule's name."""
        return str(self.certificate["rule"])

    @property
    def floor(self) -> Fraction:
        """Return the floor, 0 for other rules."""
        return Fraction(self.certificate.get("floor", 0))

    @property
    def divisible(self) -> bool:
        """Return whether packs may be split."""
        return bool(self.certificate["divisible"])

    @property
    def bounded(self) -> bool:
        """Return whether the plan claims no more than a bound."""
        return bool(self.certificate["claim"] == "bounded")

    @property
    def date(self) -> date:
        """Return the round's date."""
        return date.fromisoformat(self.certificate["date"])


def read_folder(folder: str | os.PathLike[str]) -> PlanFolder:
    """Read a plan folder.

    Raises
    ------
    PlanUnreadable
        A file is missing, or a cell cannot be put into a sheet.
    """
    path = Path(folder)
    try:
        certificate = json.loads((path / "certificate.json").read_text(encoding="utf-8"))
        marks, bound = certificate["waterlines"], certificate["bound"] or {}
        groups: dict[str, list[str]] = {}
        for row in _rows(path, "inputs/groups.csv"):
            groups.setdefault(row["recipient"], []).append(row["group"])
        said = {row["recipient"]: row for row in _rows(path, "recipients.csv")}
        recipients = _each(
            _rows(path, "inputs/needs.csv"),
            "inputs/needs.csv",
            lambda row: _recipient(row, tuple(groups.get(row["recipient"], ())), said[row["recipient"]]),
        )
        given = {row["lot"]: row for row in _rows(path, "lots.csv")}
        lots = _each(
            _rows(path, "inputs/lots.csv"),
            "inputs/lots.csv",
            lambda row: _lot(
                row, marks[row["lot"]], bound.get("waterlines", {}).get(row["lot"], "none"), given[row["lot"]]
            ),
        )
        lot_rows = {lot.key: place for place, lot in enumerate(lots, 1)}
        recipient_rows = {recipient.key: place for place, recipient in enumerate(recipients, 1)}

        def line(row: dict[str, str]) -> Line:
            numbers = [Fraction(row.get(column, "0")) for column in ("packs", "units", "service_units")]
            return Line(lot_rows[row["lot"]], recipient_rows[row["recipient"]], *numbers)

        lines = _each(_rows(path, "plan.csv"), "plan.csv", line)
        bounded = certificate["claim"] == "bounded"
        bound_lines = _each(_rows(path, "bound.csv"), "bound.csv", line) if bounded else []
        read = PlanFolder(certificate, tuple(recipients), tuple(lots), tuple(lines), tuple(bound_lines))
        _ = (read.date, read.floor, RULES[read.rule])  # read now, so that a bad one is refused here
        if not lots or not recipients:
            raise ValueError("it has no lots or no recipients")
    except OSError as problem:
        raise PlanUnreadable(f"{path} is not a complete plan: {problem.strerror or problem}") from None
    except (KeyError, ValueError, TypeError, AttributeError, ZeroDivisionError, csv.Error) as problem:
        raise PlanUnreadable(_refusal(str(path), problem)) from None
    return read


def _refusal(where: str, problem: Exception) -> str:
    said = f"there is no {problem}" if isinstance(problem, KeyError) else str(problem)
    return f"{where} cannot be put into a proof sheet: {said}; `evenhand check` says all that is wrong with it"


def _rows(path: Path, name: str) -> list[dict[str, str]]:
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        with (path / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    finally:
        csv.field_size_limit(limit)
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]] if rows else []


def _each(rows: list[dict[str, str]], name: str, make: Callable[[dict[str, str]], Any]) -> list[Any]:
    made = []
    for number, row in enumerate(rows, 2):
        try:
            made.append(make(row))
        except (KeyError, ValueError, TypeError, ZeroDivisionError) as problem:
            raise PlanUnreadable(_refusal(f"{name}, row {number}", problem)) from None
    return made


def _recipient(row: dict[str, str], groups: tuple[str, ...], said: dict[str, str]) -> Recipient:
    target, held = Fraction(row["target"]), Fraction(row.get("held") or 0)
    numbered = sorted((int(column[5:]), column) for column in row if column[:5] == "tier_" and column[5:].isdecimal())
    return Recipient(
        key=row["recipient"],
        name=row.get("name") or row["recipient"],
        target=target,
        held=held,
        capacity=Fraction(row["capacity"]) if row.get("capacity") else max(Fraction(0), target - held),
        weight=Fraction(row.get("weight") or 1),
        tiers=tuple(Fraction(row[column] or 0) for _, column in numbered),
        handles=row.get("handles", ""),
        per_week=Fraction(row["per_week"]) if row.get("per_week") else None,
        groups=groups,
        received=Fraction(said["received"]),
        level=Fraction(said["level"]),
    )


def _lot(row: dict[str, str], mark: Any, bound_mark: Any, given: dict[str, str]) -> Lot:
    def day(column: str) -> date | None:
        return date.fromisoformat(row[column]) if row.get(column) else None

    def read(value: Any) -> Mark:
        return value if value in ("none", "unlimited") else tuple(Fraction(half) for half in value)

    return Lot(
        key=row["lot"],
        packs=int(row["packs"]),
        pack_size=Fraction(row.get("pack_size") or 1),
        per_person=Fraction(row.get("per_person") or 1),
        min_packs=int(row.get("min_packs") or 1),
        only=row.get("for", ""),
        never=row.get("not_for", ""),
        requires=row.get("requires", ""),
        arrives=day("arrives"),
        expires=day("expires"),
        mark=read(mark),
        bound_mark=read(bound_mark),
        given=Fraction(given["given"]),
        left=Fraction(given["left"]),
    )

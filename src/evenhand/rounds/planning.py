"""From a round's frozen tables to a plan's files, and back: solve, check, read.

Called by the actions on rounds before they take the write lock, because solving takes long. It reads no table of the
database and changes nothing; a plan that it did not see hold is never returned as one that does. The engine is imported
where it is used: every command of the server loads the actions, and few of them solve anything.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.certificates import check_folder
from evenhand.errors import ActionRefused, PlanUnreadable
from evenhand.rounds.plan_files import pack_files, read_files, unpack_files, write_files
from evenhand.supply.columns import INPUT_TABLES

if TYPE_CHECKING:
    from evenhand.plan import Plan

OVERRIDE = "override.csv"
"""The file beside a fair plan that holds the lines of an override; no part of the plan itself."""

FULLY_EXPLAINED = 100
"""Up to so many recipients are told what would raise them, where the plan is proved best: each remedy solves the round
again, 0.14 seconds for each of 121 recipients. Of a larger round, and of a bounded plan, where each would take seconds, it is
left to `evenhand explain` on the plan's folder."""

EXPLAINED = 10_000
"""Up to so many recipients have their explanation stored; of a larger round it is made when somebody asks."""

Line = tuple[str, str, int]
"""Lot, recipient, packs."""


@dataclass(frozen=True, slots=True)
class RoundTerms:
    """Hold the terms under which a round is solved."""

    rule: str
    floor: str
    day: date
    max_lots: int | None


@dataclass(frozen=True, slots=True)
class MadePlan:
    """Hold a plan that was solved and checked, as a proposal keeps it."""

    folder: bytes
    certificate_sha256: str
    claim: str
    lines: list[list[Any]]
    explanations: dict[str, str]
    measures: dict[str, float]


def digest_of(frozen: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over the frozen tables, one after the other, in the order needs, lots, groups."""
    return hashlib.sha256(b"".join(frozen[table.name] for table in INPUT_TABLES)).hexdigest()


def freeze_rows(
    needs: list[dict[str, Any]], lots: list[dict[str, Any]], groups: list[dict[str, Any]]
) -> dict[str, bytes]:
    """Return the engine's three tables as canonical CSV, which reads back as the very same.

    Raises
    ------
    InputRefused
        The engine cannot use them; every problem at once.
    """
    from evenhand.exchange.tables import read_tables, write_csv_bytes

    tables = read_tables(needs, lots, groups or None)
    frozen = {table.name: write_csv_bytes(getattr(tables, table.name), table) for table in INPUT_TABLES}
    with _as_files(frozen) as paths:
        again = read_tables(*paths)
    odd = [
        table.name for table in INPUT_TABLES if write_csv_bytes(getattr(again, table.name), table) != frozen[table.name]
    ]
    if odd or (again.needs.height, again.lots.height) != (len(needs), len(lots)):
        raise ActionRefused(
            f"the table of {', '.join(odd) or 'needs or lots'} does not read back as it was written; look for a name that "
            "looks like a heading or a number, and correct it"
        )
    return frozen


def solve_frozen(frozen: Mapping[str, bytes], terms: RoundTerms) -> MadePlan:
    """Solve a frozen round, check the plan with the checker, and return it with its explanations.

    Raises
    ------
    EvenhandError
        Whatever the engine refuses.
    """
    from evenhand.plan import allocate

    with _as_files(frozen) as (needs, lots, groups), tempfile.TemporaryDirectory() as folder:
        plan = allocate(
            needs, lots, groups, rule=terms.rule, floor=terms.floor, date=terms.day, max_lots=terms.max_lots
        )
        plan = plan.write(Path(folder, "plan"))
        files = read_files(Path(folder, "plan"))
    packed = pack_files(files)
    lines = check_stored(packed, frozen, terms)
    return MadePlan(
        packed,
        hashlib.sha256(files["certificate.json"]).hexdigest(),
        str(plan.certificate["claim"]),
        [list(line) for line in lines],
        _explained(plan),
        {name: float(getattr(plan.measures, name)) for name in plan.measures.__dataclass_fields__},
    )


def check_stored(packed: bytes, frozen: Mapping[str, bytes], terms: RoundTerms) -> list[Line]:
    """Return a stored plan's lines, having made sure that it holds and is the plan of these tables and terms.

    Raises
    ------
    ActionRefused
        It does not hold, or was made from other tables or under other terms.
    PlanUnreadable
        It is damaged.
    """
    files = unpack_files(packed)
    files.pop(OVERRIDE, None)
    with tempfile.TemporaryDirectory() as folder:
        write_files(files, Path(folder))
        verdict = check_folder(folder)
    if not verdict.holds:
        raise ActionRefused(
            f"the stored plan does not hold: {verdict.problems[0]}; it may have been altered. Propose the plan anew"
        )
    odd = [name for name, data in frozen.items() if files[f"inputs/{name}.csv"] != data]
    if odd:
        raise ActionRefused(
            f"the stored plan was made from another table of {', '.join(odd)} than the frozen one; propose the plan anew"
        )
    certificate = json.loads(files["certificate.json"])
    asked: dict[str, Any] = {
        "rule": terms.rule, "date": terms.day.isoformat(), "max_lots": terms.max_lots, "divisible": False,
    }  # fmt: skip
    if terms.rule == "floor-then-weighted":
        asked["floor"] = str(Fraction(terms.floor))
    for name, value in asked.items():
        if certificate[name] != value:
            raise ActionRefused(
                f"the stored plan was made with {name} {certificate[name]}, and the round says {value}; propose the plan anew"
            )
    return read_lines(files["plan.csv"])


def lines_of(packed: bytes, *, override: bool) -> list[Line]:
    """Return the lines in a stored folder: the fair plan's, or those of the override beside it.

    Raises
    ------
    PlanUnreadable
        It is damaged.
    """
    name = OVERRIDE if override else "plan.csv"
    files = unpack_files(packed)
    if name not in files:
        raise PlanUnreadable(f"the stored plan is damaged: it has no {name}")
    return read_lines(files[name])


@contextmanager
def opened_plan(packed: bytes) -> Iterator[Plan]:
    """Open a stored plan, for a what-if or a comparison.

    Raises
    ------
    PlanUnreadable
        It is damaged.
    """
    from evenhand.plan import read_plan

    files = unpack_files(packed)
    files.pop(OVERRIDE, None)
    with tempfile.TemporaryDirectory() as folder:
        write_files(files, Path(folder))
        yield read_plan(folder)


def read_lines(data: bytes) -> list[Line]:
    r"""Return the lines of a table of lots, recipients and whole packs, as the checker found it or this module wrote it.

    Examples
    --------
    >>> read_lines(b"lot,recipient,packs,units\nOF-1,TCD,3,300\n")
    [('OF-1', 'TCD', 3)]
    """
    try:
        rows = csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""))
        return [(row["lot"], row["recipient"], int(row["packs"])) for row in rows]
    except (ValueError, KeyError, TypeError, csv.Error):
        raise PlanUnreadable(
            "the stored plan is damaged: its lines are no table of lots, recipients and packs"
        ) from None


def write_lines(lines: list[Line]) -> bytes:
    """Return lines as a table, by lot and recipient."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("lot", "recipient", "packs"))
    writer.writerows(sorted(lines))
    return out.getvalue().encode("utf-8")


def _explained(plan: Plan) -> dict[str, str]:
    """Return why each recipient gets what it gets, as far as it can be told in seconds."""
    from evenhand.reasons.explain import explain_recipient

    keys = plan.outcome.problem.recipients.to_list()
    if len(keys) > EXPLAINED:
        return {}
    fully = len(keys) <= FULLY_EXPLAINED and plan.outcome.bound is None
    return {key: str(explain_recipient(plan.outcome, key, remedies=fully)) for key in keys}


@contextmanager
def _as_files(frozen: Mapping[str, bytes]) -> Iterator[tuple[Path, Path, Path]]:
    """Lay the tables into a folder, since the engine reads bytes from files alone."""
    with tempfile.TemporaryDirectory() as folder:
        write_files({f"{name}.csv": data for name, data in frozen.items()}, Path(folder))
        needs, lots, groups = (Path(folder, f"{table.name}.csv") for table in INPUT_TABLES)
        yield needs, lots, groups

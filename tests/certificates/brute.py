"""Make plans without a solver and without the checker: by trying everything, on small cases only.

The problem: recipients i with target t_i, held h_i, capacity c_i; lots s of Q_s packs, each worth a_s service units; x_si
packs of s to i, only where s may go to i, at most u_si, sum_s a_s x_si <= c_i, sum_i x_si <= Q_s. Wanted: the plan whose
levels l_i(h_i + sum_s a_s x_si), sorted, are lexicographically largest.

Everything is written from the contract of the plan folder, in plain fractions, and shares nothing with `evenhand`.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from math import floor, inf
from pathlib import Path
from typing import Any

Plan = dict[tuple[str, str], Any]
"""Packs by (lot, recipient), only where above 0."""

ROUND = date(2026, 11, 21)
UNLIMITED = (inf, 0)
FILES = ("inputs/needs.csv", "inputs/lots.csv", "inputs/groups.csv", "plan.csv", "recipients.csv", "lots.csv")


@dataclass(frozen=True)
class Need:
    key: str
    target: Fraction
    held: Fraction = Fraction(0)
    capacity: Fraction | None = None
    weight: Fraction = Fraction(1)
    tiers: tuple[Fraction, ...] = ()
    handles: tuple[str, ...] = ()
    per_week: Fraction | None = None
    groups: tuple[str, ...] = ()
    name: str = ""

    @property
    def room(self) -> Fraction:
        return max(Fraction(0), self.target - self.held) if self.capacity is None else self.capacity


@dataclass(frozen=True)
class Lot:
    key: str
    packs: int
    pack_size: Fraction = Fraction(1)
    per_person: Fraction = Fraction(1)
    min_packs: int = 1
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    arrives: date | None = None
    expires: date | None = None

    @property
    def worth(self) -> Fraction:
        return self.pack_size / self.per_person


@dataclass(frozen=True)
class Case:
    needs: tuple[Need, ...]
    lots: tuple[Lot, ...]
    rule: str = "equal-coverage"
    floor: Fraction = Fraction(1, 5)
    divisible: bool = False
    max_lots: int | None = None

    @property
    def tier_count(self) -> int:
        named = max((len(need.tiers) for need in self.needs), default=0)
        return named + any(need.target > sum(need.tiers) for need in self.needs)

    @property
    def equal_packs(self) -> bool:
        lots = [lot for lot in self.lots if lot.packs]
        plain = all(lot.min_packs == 1 for lot in lots) and self.max_lots is None
        return plain and len({lot.worth for lot in lots}) <= 1


# --- the definitions ---


def level(case: Case, need: Need, y: Fraction, *, below: bool = False) -> Fraction:
    """The level at y; `below`: just below it, which differs where an empty tier makes it jump."""
    t, w = need.target, need.weight
    if y < 0:  # asked for only by plans that are spoilt: less than nothing lies below every level
        return y - 1
    if case.rule == "equal-coverage":
        return y / t
    if case.rule == "need-weighted":
        return y / (t * w)
    if case.rule == "floor-then-weighted":
        return y / t if y <= case.floor * t else case.floor + (y - case.floor * t) / (t * w)
    named = max(len(other.tiers) for other in case.needs)
    sizes = [*need.tiers, *[Fraction(0)] * (named - len(need.tiers))]
    sizes += [t - sum(need.tiers)] * (case.tier_count - named)
    if y > t:
        return len(sizes) + (y - t) / t
    filled, reached = Fraction(0), Fraction(0)
    for size in sizes:
        if below and y > 0 and reached >= y:
            break
        part = min(y - reached, size)
        if not below and part < size:
            return filled + part / size
        filled += part / size if size else 1
        reached += part
        if part < size:
            break
    return filled


def pair_cap(need: Need, lot: Lot) -> float:
    """The most packs of a lot that one recipient can use in time."""
    if lot.expires is None:
        return inf
    days = (lot.expires - max(lot.arrives or ROUND, ROUND)).days
    if days < 0:
        return 0
    return inf if need.per_week is None else floor(need.per_week * days / (7 * lot.worth))


def eligible(need: Need, lot: Lot) -> bool:
    names = {need.key, *need.groups}
    named = not lot.only or bool(names & set(lot.only))
    return named and not names & set(lot.never) and set(lot.requires) <= set(need.handles)


def most(need: Need, lot: Lot) -> float:
    return pair_cap(need, lot) if eligible(need, lot) and lot.packs else 0


def received(case: Case, plan: Plan) -> dict[str, Fraction]:
    worth = {lot.key: lot.worth for lot in case.lots}
    got = {need.key: Fraction(0) for need in case.needs}
    for (lot, key), packs in plan.items():
        got[key] += packs * worth[lot]
    return got


def levels(case: Case, plan: Plan) -> list[Fraction]:
    got = received(case, plan)
    return sorted(level(case, need, need.held + got[need.key]) for need in case.needs)


def feasible(case: Case, plan: Plan) -> bool:
    got = received(case, plan)
    for lot in case.lots:
        given = [(need, plan.get((lot.key, need.key), 0)) for need in case.needs]
        if sum(packs for _, packs in given) > lot.packs:
            return False
        if any(packs < 0 or packs > most(need, lot) or 0 < packs < lot.min_packs for need, packs in given):
            return False
    if any(got[need.key] > need.room for need in case.needs):
        return False
    counts = [sum(1 for _, key in plan if key == need.key) for need in case.needs]
    return case.max_lots is None or max(counts) <= case.max_lots


def all_plans(case: Case) -> Iterator[Plan]:
    """Every feasible whole-pack plan."""

    def of_lot(lot: Lot) -> list[tuple[int, ...]]:
        choices = []
        for need in case.needs:
            top = min(most(need, lot), lot.packs, floor(need.room / lot.worth))
            choices.append([0, *range(lot.min_packs, int(top) + 1)])
        return [given for given in itertools.product(*choices) if sum(given) <= lot.packs]

    for chosen in itertools.product(*(of_lot(lot) for lot in case.lots)):
        plan = {
            (lot.key, need.key): packs
            for lot, given in zip(case.lots, chosen, strict=True)
            for need, packs in zip(case.needs, given, strict=True)
            if packs
        }
        if feasible(case, plan):
            yield plan


def best_plan(case: Case) -> tuple[Plan, list[Fraction]]:
    """The plan whose sorted levels are lexicographically largest, found by trying all."""
    best: tuple[Plan, list[Fraction]] | None = None
    for plan in all_plans(case):
        found = levels(case, plan)
        if best is None or found > best[1]:
            best = plan, found
    assert best is not None
    return best


# --- waterlines ---


def key_at(case: Case, need: Need, before: Fraction, after: Fraction) -> tuple[Any, Any]:
    return level(case, need, max(before, Fraction(0))), -level(case, need, after)


def limits(case: Case, plan: Plan) -> tuple[dict[str, Any], dict[str, Any]]:
    """For every recipient the least and the most that its own waterline may be (condition 3)."""
    got, low, high = received(case, plan), {}, {}
    step = next((lot.worth for lot in case.lots if lot.packs), Fraction(1))
    for need in case.needs:
        y = need.held + got[need.key]
        low[need.key], high[need.key] = (-inf, 0), UNLIMITED
        if case.divisible:
            if got[need.key]:
                low[need.key] = (level(case, need, y, below=True), 0)
            if got[need.key] < need.room:
                high[need.key] = (level(case, need, y), 0)
        else:
            if got[need.key]:
                low[need.key] = key_at(case, need, y - step, y)
            if got[need.key] + step <= need.room:
                high[need.key] = key_at(case, need, y, y + step)
    return low, high


def arcs(case: Case, plan: Plan) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Pairs of condition 1 (open, not at their own cap) and of condition 2 (giving)."""
    pairs = [(lot, need) for lot in case.lots for need in case.needs if lot.packs]
    open_ones = [(lot.key, need.key) for lot, need in pairs if plan.get((lot.key, need.key), 0) < most(need, lot)]
    return open_ones, list(plan)


def left_over(case: Case, plan: Plan) -> dict[str, Any]:
    return {lot.key: lot.packs - sum(p for (key, _), p in plan.items() if key == lot.key) for lot in case.lots}


def highest_waterlines(case: Case, plan: Plan) -> dict[str, Any]:
    """The highest waterlines that conditions 1-3 allow; if any waterlines prove the plan, these do."""
    _, high = limits(case, plan)
    open_ones, giving = arcs(case, plan)
    marks: dict[str, Any] = {lot.key: UNLIMITED for lot in case.lots if lot.packs}
    own = dict(high)
    changed = True
    while changed:
        changed = False
        for lot, key in open_ones:
            if own[key] < marks[lot]:
                marks[lot], changed = own[key], True
        for lot, key in giving:
            if lot in marks and marks[lot] < own[key]:
                own[key], changed = marks[lot], True
    return marks


def lowest_waterlines(case: Case, plan: Plan) -> dict[str, Any]:
    """The lowest waterlines that conditions 1-4 allow; if any waterlines prove the plan, these do."""
    low, _ = limits(case, plan)
    open_ones, giving = arcs(case, plan)
    left = left_over(case, plan)
    marks = {lot.key: UNLIMITED if left[lot.key] else (-inf, 0) for lot in case.lots if lot.packs}
    own = dict(low)
    changed = True
    while changed:
        changed = False
        for lot, key in open_ones:
            if marks[lot] > own[key]:
                own[key], changed = marks[lot], True
        for lot, key in giving:
            if lot in marks and own[key] > marks[lot]:
                marks[lot], changed = own[key], True
    return {lot: UNLIMITED if mark[0] == -inf else mark for lot, mark in marks.items()}


# --- bounded: a plan that no single move improves, and the divisible optimum ---


def takers(case: Case, plan: Plan, lot: Lot) -> list[tuple[Any, str]]:
    """Who could take one more pack of a lot, with the key of that pack."""
    got = received(case, plan)
    found = []
    for need in case.needs:
        packs = plan.get((lot.key, need.key), 0)
        has = sum(1 for _, key in plan if key == need.key)
        may_start = packs or (lot.min_packs <= 1 and (case.max_lots is None or has < case.max_lots))
        if may_start and packs < most(need, lot) and got[need.key] + lot.worth <= need.room:
            y = need.held + got[need.key]
            found.append((key_at(case, need, y, y + lot.worth), need.key))
    return sorted(found)


def givers(case: Case, plan: Plan, lot: Lot) -> list[tuple[Any, str]]:
    """Who could give one pack of a lot back, with the key of that pack."""
    got = received(case, plan)
    found = []
    for need in case.needs:
        packs = plan.get((lot.key, need.key), 0)
        if packs == 1 or packs > lot.min_packs:
            y = need.held + got[need.key]
            found.append((key_at(case, need, y - lot.worth, y), need.key))
    return sorted(found)


def settled(case: Case, plan: Plan) -> Plan:
    """Move single packs as long as that helps."""
    plan, moved = dict(plan), True
    while moved:
        moved = False
        for lot in case.lots:
            wanting, giving = takers(case, plan, lot), givers(case, plan, lot)
            if wanting and left_over(case, plan)[lot.key]:
                give(plan, lot.key, wanting[0][1], 1)
                moved = True
            elif wanting and giving and giving[-1][0] > wanting[0][0]:
                give(plan, lot.key, giving[-1][1], -1)
                give(plan, lot.key, wanting[0][1], 1)
                moved = True
    return plan


def give(plan: Plan, lot: str, key: str, packs: Any) -> None:
    plan[lot, key] = plan.get((lot, key), 0) + packs
    if not plan[lot, key]:
        del plan[lot, key]


def move_waterlines(case: Case, plan: Plan) -> dict[str, Any]:
    """The highest waterline of each lot at which nobody is left who could take a pack from below it."""
    found = {}
    for lot in case.lots:
        if lot.packs:
            wanting = takers(case, plan, lot)
            found[lot.key] = wanting[0][0] if wanting else UNLIMITED
    return found


def divisible_plan(case: Case) -> Plan:
    """The divisible optimum: raise the level for all alike; where a set of recipients can get no more, fix it."""
    needs = [need for need in case.needs if need.room > 0]
    supply = {lot.key: lot.packs * lot.worth for lot in case.lots}
    pair = {
        (lot.key, need.key): min(
            Fraction(most(need, lot)) * lot.worth if most(need, lot) < inf else inf, supply[lot.key]
        )
        for lot in case.lots
        for need in needs
    }
    sets = [chosen for size in range(1, len(needs) + 1) for chosen in itertools.combinations(needs, size)]
    reach = {
        chosen: sum(min(supply[lot.key], sum(pair[lot.key, need.key] for need in chosen)) for lot in case.lots)
        for chosen in sets
    }
    fixed: dict[str, Fraction] = {}
    while len(fixed) < len(needs):
        best, tight = None, ()
        for chosen in sets:
            free = [need for need in chosen if need.key not in fixed]
            if free:
                rest = reach[chosen] - sum(fixed.get(need.key, 0) for need in chosen)
                top = _highest_level(case, free, rest)
                if top is not None and (best is None or top < best):
                    best, tight = top, free
        if best is None:
            fixed |= {need.key: need.room for need in needs if need.key not in fixed}
        else:
            fixed |= {need.key: _demand(case, need, best) for need in tight}
    flow = _flow(supply, pair, fixed)
    worth = {lot.key: lot.worth for lot in case.lots}
    return {(lot, key): amount / worth[lot] for (lot, key), amount in flow.items() if amount}


def _bends(case: Case, need: Need) -> list[Fraction]:
    """Where the level of a recipient bends or jumps, within what it can get."""
    low, high = need.held, need.held + need.room
    running, spots = Fraction(0), [need.target, case.floor * need.target]
    for size in need.tiers:
        running += size
        spots.append(running)
    return sorted({low, high, *(spot for spot in spots if low < spot < high)})


def _demand(case: Case, need: Need, at: Fraction) -> Fraction:
    """What lifts a recipient to a level, between nothing and its capacity."""
    bends = _bends(case, need)
    if at <= level(case, need, bends[0]):
        return Fraction(0)
    for start, end in itertools.pairwise(bends):
        low, high = level(case, need, start), level(case, need, end, below=True)
        if at <= low:
            return start - need.held
        if at <= high:
            return start + (at - low) / (high - low) * (end - start) - need.held
    return need.room


def _highest_level(case: Case, needs: list[Need], amount: Fraction) -> Fraction | None:
    """The highest level to which an amount lifts these recipients; None if all reach capacity."""
    spots = sorted({
        level(case, need, bend, below=below)
        for need in needs
        for bend in _bends(case, need)
        for below in ([False, True] if bend > need.held else [False])
    })  # fmt: skip
    total = [sum((_demand(case, need, spot) for need in needs), Fraction(0)) for spot in spots]
    if total[-1] <= amount:
        return None
    at = max(place for place, value in enumerate(total) if value <= amount)
    share = (amount - total[at]) / (total[at + 1] - total[at])
    return spots[at] + share * (spots[at + 1] - spots[at])


def _flow(supply: dict[str, Any], pair: dict[tuple[str, str], Any], demand: dict[str, Fraction]) -> dict[Any, Fraction]:
    """Send every demand from the lots, one augmenting path after the other."""
    left: dict[tuple[Any, Any], Any] = {}
    for lot, amount in supply.items():
        left["from", ("lot", lot)] = amount
    for (lot, key), amount in pair.items():
        left[("lot", lot), ("to", key)] = amount
    for key, amount in demand.items():
        left[("to", key), "end"] = amount
    nodes = {node for arc in left for node in arc}
    while True:
        came: dict[Any, Any] = {"from": None}
        queue = ["from"]
        for node in queue:
            for other in nodes:
                if other not in came and left.get((node, other), 0) > 0:
                    came[other] = node
                    queue.append(other)
        if "end" not in came:
            break
        path, node = [], "end"
        while came[node] is not None:
            path.append((came[node], node))
            node = came[node]
        amount = min(left[arc] for arc in path)
        for a, b in path:
            left[a, b] -= amount
            left[b, a] = left.get((b, a), Fraction(0)) + amount
    assert all(left[("to", key), "end"] == 0 for key in demand), "the lots do not reach"
    return {(lot, key): left.get((("to", key), ("lot", lot)), Fraction(0)) for lot, key in pair}


# --- the folder ---


def six(value: Fraction) -> str:
    n = (2 * value.numerator * 10**6 + value.denominator) // (2 * value.denominator)
    return f"{n // 10**6}.{n % 10**6:06d}"


def trimmed(value: Fraction | int) -> str:
    return six(Fraction(value)).rstrip("0").rstrip(".")


def shown_mark(mark: Any) -> str:
    return "unlimited" if mark[0] == inf else six(mark[0])


@dataclass
class Folder:
    """A plan folder in the making: rows as lists of text, and the certificate; `write` puts the hashes right."""

    tables: dict[str, list[list[str]]]
    certificate: dict[str, Any]
    order: tuple[str, ...] = field(default=FILES)

    def write(self, path: Path, *, hashes: bool = True) -> Path:
        (path / "inputs").mkdir(parents=True, exist_ok=True)
        for name, rows in self.tables.items():
            with (path / name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(rows)
        if hashes:
            names = [name for name in (*FILES, "bound.csv", "levels.csv") if name in self.tables]
            self.certificate["files"] = {n: hashlib.sha256((path / n).read_bytes()).hexdigest() for n in names}
        text = json.dumps(self.certificate, indent=1, ensure_ascii=False)
        (path / "certificate.json").write_text(text, encoding="utf-8")
        return path


def input_tables(case: Case) -> dict[str, list[list[str]]]:
    needs = sorted(case.needs, key=lambda need: need.key)
    tiers = max((len(need.tiers) for need in needs), default=0)
    columns: dict[str, Any] = {
        "recipient": lambda n: n.key,
        "name": lambda n: n.name,
        "target": lambda n: trimmed(n.target),
        "held": lambda n: trimmed(n.held),
        "capacity": lambda n: "" if n.capacity is None else trimmed(n.capacity),
        "weight": lambda n: trimmed(n.weight),
        **{f"tier_{k + 1}": lambda n, k=k: trimmed(n.tiers[k]) if k < len(n.tiers) else "" for k in range(tiers)},
        "handles": lambda n: ";".join(n.handles),
        "per_week": lambda n: "" if n.per_week is None else trimmed(n.per_week),
    }
    plain = {"name": "", "held": "0", "capacity": "", "weight": "1", "handles": "", "per_week": ""}
    used = [c for c in columns if c not in plain or any(columns[c](n) != plain[c] for n in needs)]
    lots = sorted(case.lots, key=lambda lot: lot.key)
    lot_rows = [
        [
            lot.key, str(lot.packs), trimmed(lot.pack_size), trimmed(lot.per_person), str(lot.min_packs),
            ";".join(lot.only), ";".join(lot.never), ";".join(lot.requires),
            lot.arrives.isoformat() if lot.arrives else "", lot.expires.isoformat() if lot.expires else "",
        ]
        for lot in lots
    ]  # fmt: skip
    heading = [
        "lot",
        "packs",
        "pack_size",
        "per_person",
        "min_packs",
        "for",
        "not_for",
        "requires",
        "arrives",
        "expires",
    ]
    return {
        "inputs/needs.csv": [used, *([columns[c](n) for c in used] for n in needs)],
        "inputs/lots.csv": [heading, *lot_rows],
        "inputs/groups.csv": [["recipient", "group"], *([n.key, g] for n in needs for g in sorted(n.groups))],
    }


def folder(
    case: Case, plan: Plan, marks: dict[str, Any], *, claim: str = "proved best", bound: Plan | None = None,
    bound_marks: dict[str, Any] | None = None,
) -> Folder:  # fmt: skip
    """Everything that follows from a plan and its waterlines, written as the contract says."""
    needs = sorted(case.needs, key=lambda need: need.key)
    lots = {lot.key: lot for lot in sorted(case.lots, key=lambda lot: lot.key)}
    got, left = received(case, plan), left_over(case, plan)
    open_ones, _ = arcs(case, plan)
    people = [
        [
            "recipient",
            "name",
            "target",
            "held",
            "received",
            "coverage_before",
            "coverage_after",
            "level",
            "waterline",
            "limited_by",
        ]
    ]
    low = {} if claim == "bounded" else limits(case, plan)[0]
    for need in needs:
        y = need.held + got[need.key]
        own = [marks[lot] for lot, key in open_ones if key == need.key]
        if got[need.key]:
            if claim == "bounded":
                lots_of = [(lots[lot], packs) for (lot, key), packs in plan.items() if key == need.key]
                movable = [lot for lot, packs in lots_of if packs == 1 or packs > lot.min_packs]
                own += [key_at(case, need, y - lot.worth, y) for lot in movable]
            else:
                own.append(low[need.key])
        people.append([
            need.key, need.name or need.key, trimmed(need.target), trimmed(need.held), trimmed(got[need.key]),
            six(need.held / need.target), six(y / need.target), six(level(case, need, y)),
            shown_mark(max(own)) if own else "", "",
        ])  # fmt: skip
    lines = [["lot", "recipient", "packs", "units", "service_units"]]
    for (lot, key), packs in sorted(plan.items()):
        units, service = packs * lots[lot].pack_size, packs * lots[lot].worth
        lines.append([lot, key, str(packs), trimmed(units), trimmed(service)])
    given = [["lot", "packs", "given", "left", "waterline"]]
    for lot in lots.values():
        mark = shown_mark(marks[lot.key]) if lot.packs else ""
        given.append([lot.key, str(lot.packs), str(lot.packs - left[lot.key]), str(left[lot.key]), mark])
    certificate: dict[str, Any] = {"format": "evenhand-certificate/1", "rule": case.rule}
    if case.rule == "floor-then-weighted":
        certificate["floor"] = str(case.floor)
    certificate |= {
        "date": ROUND.isoformat(), "divisible": case.divisible, "max_lots": case.max_lots, "claim": claim,
        "waterlines": written_marks(case, marks, single=case.divisible), "bound": None, "files": {},
    }  # fmt: skip
    tables = input_tables(case) | {"plan.csv": lines, "recipients.csv": people, "lots.csv": given}
    made = Folder(tables, certificate)
    if bound is not None and bound_marks is not None:
        _add_bound(case, plan, bound, bound_marks, made)
    return made


def written_marks(case: Case, marks: dict[str, Any], *, single: bool) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for lot in sorted(case.lots, key=lambda lot: lot.key):
        if not lot.packs:
            written[lot.key] = "none"
        elif marks[lot.key][0] == inf:
            written[lot.key] = "unlimited"
        else:
            first, second = marks[lot.key]
            written[lot.key] = [str(first)] if single else [str(first), str(-second)]
    return written


def _add_bound(case: Case, plan: Plan, bound: Plan, bound_marks: dict[str, Any], made: Folder) -> None:
    open_keys = {n.key for n in case.needs if n.room > 0 and any(most(n, lot) > 0 for lot in case.lots)}
    both = []
    for some in (plan, bound):
        got = received(case, some)
        both.append(sorted(level(case, n, n.held + got[n.key]) for n in case.needs if n.key in open_keys))
    lowest = both[1][0] if open_keys else None
    gap = both[1][0] - both[0][0] if open_keys else None
    made.certificate["bound"] = {
        "lowest_level": None if lowest is None else str(lowest),
        "waterlines": written_marks(case, bound_marks, single=True),
        "gap": None if gap is None else str(gap),
        "swaps": "none improving",
        "closed": None,
    }
    made.tables["bound.csv"] = [["lot", "recipient", "packs"]] + [
        [lot, key, str(packs)] for (lot, key), packs in sorted(bound.items())
    ]
    made.tables["levels.csv"] = [["rank", "level", "bound"]] + [
        [str(rank), six(a), six(b)] for rank, (a, b) in enumerate(zip(*both, strict=True), 1)
    ]


def best_folder(case: Case, plan: Plan | None = None) -> Folder:
    """The folder of the best plan (equal packs, or divisible), or of a plan given, with the best waterlines it has."""
    if plan is None:
        plan = divisible_plan(case) if case.divisible else best_plan(case)[0]
    return folder(case, plan, highest_waterlines(case, plan))


def bounded_folder(case: Case, plan: Plan) -> Folder:
    """The folder of a plan of packs of different worth, with the divisible optimum as its bound."""
    relaxed = replace(case, divisible=True, max_lots=None)
    bound = divisible_plan(relaxed)
    marks = move_waterlines(case, plan)
    return folder(case, plan, marks, claim="bounded", bound=bound, bound_marks=highest_waterlines(relaxed, bound))


# --- random small cases ---


def random_case(seed: int, *, kind: str = "equal") -> Case:
    """A small case with a bit of everything; kind: equal (packs), divisible, or bounded (packs of different worth)."""
    r = random.Random(seed)
    rule = r.choice(["equal-coverage", "need-weighted", "tiers", "floor-then-weighted"])
    groups, skills = ["north", "south"], ["ultra-cold", "licence"]
    worth = r.choice([(1, 1), (1, 1), (2, 1), (5, 2), (1, 3), ("0.5", 1), (3, "1.2")])
    tier_total = r.choice([0, 1, 2, 2])
    needs = []
    for i in range(r.randint(1, 4)):
        target = Fraction(r.randint(1, 12)) if r.random() < 0.8 else Fraction(r.randint(1, 40), 4)
        held = r.choice([Fraction(0), Fraction(0), Fraction(r.randint(0, 6), r.choice([1, 2])), target + 1])
        tiers: list[Fraction] = []
        for _ in range(tier_total):
            rest = target - sum(tiers)
            tiers.append(r.choice([Fraction(0), rest, min(rest, Fraction(r.randint(0, 4)))]))
        needs.append(
            Need(
                key=f"R{i}",
                target=target,
                held=held,
                capacity=r.choice([None, None, None, Fraction(r.randint(0, 8)), target + 3]),
                weight=r.choice([Fraction(1), Fraction(1), Fraction(3, 2), Fraction(1, 4)]),
                tiers=tuple(tiers),
                handles=tuple(s for s in skills if r.random() < 0.6),
                per_week=r.choice([None, None, Fraction(r.randint(0, 5)), Fraction(3, 2)]),
                groups=tuple(g for g in groups if r.random() < 0.5),
                name=r.choice(["", f'The "{i}", with comma', "Côte d'Été"]),
            )
        )
    lots = []
    for s in range(r.randint(1, 3)):
        size, person = worth if kind != "bounded" else r.choice([(1, 1), (2, 1), (3, 2)])
        names = [*groups, *(need.key for need in needs)]
        lots.append(
            Lot(
                key=f"L{s}",
                packs=r.choice([0, 1, 2, 3, 4]),
                pack_size=Fraction(size),
                per_person=Fraction(person),
                min_packs=r.choice([1, 1, 2]) if kind == "bounded" else 1,
                only=tuple(r.sample(names, r.choice([0, 0, 1, 2]))),
                never=tuple(r.sample(names, r.choice([0, 0, 0, 1]))),
                requires=tuple(x for x in skills if r.random() < 0.15),
                arrives=r.choice([None, None, date(2026, 11, 25), date(2026, 11, 1)]),
                expires=r.choice([None, None, None, date(2026, 12, 5), date(2026, 11, 21), date(2026, 11, 10)]),
            )
        )
    return Case(
        tuple(needs), tuple(lots), rule, Fraction(r.choice([1, 1, 2, 5]), 5), kind == "divisible",
        r.choice([None, None, 1, 2]) if kind == "bounded" else None,
    )  # fmt: skip


def moves(case: Case, plan: Plan) -> Iterator[tuple[str, Plan]]:
    """Every single-pack change: give one, drop one, move one, swap two packs of two lots; possible or not."""
    keys, lots = [need.key for need in case.needs], [lot.key for lot in case.lots]
    for lot in lots:
        for key in keys:
            yield f"give {lot} to {key}", changed(plan, (lot, key, 1))
            if (lot, key) in plan:
                yield f"drop {lot} of {key}", changed(plan, (lot, key, -1))
                for other in keys:
                    if other != key:
                        yield f"move {lot} from {key} to {other}", changed(plan, (lot, key, -1), (lot, other, 1))
                for lot2, key2 in plan:
                    if lot2 > lot and key2 != key:
                        swap = ((lot, key, -1), (lot2, key2, -1), (lot, key2, 1), (lot2, key, 1))
                        yield f"swap {lot} of {key} and {lot2} of {key2}", changed(plan, *swap)
                for lot2 in lots:
                    if lot2 != lot:
                        yield f"{key} gets {lot2} instead of {lot}", changed(plan, (lot, key, -1), (lot2, key, 1))


def changed(plan: Plan, *changes: tuple[str, str, int]) -> Plan:
    new = dict(plan)
    for lot, key, packs in changes:
        give(new, lot, key, packs)
    return new

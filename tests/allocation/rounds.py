"""Small random rounds, and every plan of them: what the engine is held against.

The problem: recipients i with target t_i, held h_i, capacity c_i; lots s of Q_s packs of one worth a; pairs (i, s) open or
closed, open ones with a cap u_is. Find whole x_is >= 0 with sum_i x_is <= Q_s, x_is <= u_is, a * sum_s x_is <= c_i, so
that the sorted vector of levels l_i(h_i + a * sum_s x_is) is the greatest in dictionary order.
"""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

RULES = ("equal-coverage", "need-weighted", "tiers", "floor-then-weighted")
DAY = date(2026, 1, 1)
FLOOR = Fraction(1, 5)
Rows = list[dict[str, Any]]


class Round:
    """Hold the tables of a small round, and its rule."""

    def __init__(self, seed: int, *, mixed: bool = False) -> None:
        draw = random.Random(seed)
        self.rule = draw.choice(RULES)
        self.max_lots = draw.choice([None, 1, 2]) if mixed else None
        per, size = draw.choice([1, 2, 3]), draw.choice([1, 2, 3, 5])
        self.needs: Rows = []
        for i in range(draw.randint(1, 4)):
            target = draw.randint(1, 12)
            first = draw.randint(0, target)
            self.needs.append(
                {
                    "recipient": f"r{i}",
                    "target": target,
                    "held": draw.choice([0, 0, draw.randint(0, 14)]),
                    "weight": draw.choice([1, 2, 3]),
                    "capacity": draw.randint(0, 12) if draw.random() < 0.4 else None,
                    "tier_1": first,
                    "tier_2": draw.randint(0, target - first),
                    "handles": draw.choice(["", "cold", "cold;dry"]),
                    "per_week": draw.choice([None, None, draw.randint(0, 3)]),
                }
            )
        keys = [row["recipient"] for row in self.needs]
        members = {(key, group) for key in keys for group in ("ga", "gb") if draw.random() < 0.5}
        members |= {(keys[0], "ga"), (keys[0], "gb")}
        self.groups: Rows = [{"recipient": key, "group": group} for key, group in sorted(members)]
        names = [*keys, "ga", "gb"]
        self.lots: Rows = [
            {
                "lot": f"l{s}",
                "packs": draw.randint(0, 4),
                "pack_size": draw.choice([1, 2, 3, 5]) if mixed else size,
                "per_person": per,
                "min_packs": draw.choice([1, 1, 2, 3]) if mixed else 1,
                "for": ";".join(draw.sample(names, draw.choice([0, 0, 1, 2]))),
                "not_for": draw.choice(["", "", "ga", "r0"]),
                "requires": draw.choice(["", "", "cold"]),
                "expires": draw.choice([None, date(2026, 1, 15)]),
            }
            for s in range(draw.randint(1, 3))
        ]

    def tables(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Return needs, lots and groups as frames."""
        return (
            pl.DataFrame(self.needs, schema_overrides={"capacity": pl.Int64, "per_week": pl.Int64}),
            pl.DataFrame(self.lots, schema_overrides={"expires": pl.Date, "for": pl.String}),
            pl.DataFrame(self.groups, schema={"recipient": pl.String, "group": pl.String}),
        )

    def worth(self, lot: dict[str, Any]) -> Fraction:
        """Return the service units of a pack."""
        return Fraction(lot["pack_size"], lot["per_person"])

    def level(self, row: dict[str, Any], have: Fraction) -> Fraction:
        """Return a level, from the formulas of the issue."""
        target, weight = row["target"], row["weight"]
        if self.rule == "equal-coverage":
            return have / target
        if self.rule == "need-weighted":
            return have / (target * weight)
        if self.rule == "floor-then-weighted":
            return have / target if have <= FLOOR * target else FLOOR + (have - FLOOR * target) / (target * weight)
        rests = [n["target"] - n["tier_1"] - n["tier_2"] for n in self.needs]
        sizes = [row["tier_1"], row["tier_2"]] + ([target - row["tier_1"] - row["tier_2"]] if any(rests) else [])
        if have > target:
            return len(sizes) + (have - target) / target
        total, below = Fraction(0), 0
        for size in sizes:
            if size == 0:
                total += have >= below
            else:
                total += min(max(have - below, 0), size) / Fraction(size)
            below += size
        return total

    def most(self, row: dict[str, Any], lot: dict[str, Any]) -> int:
        """Return the most packs a pair may take, capacity apart."""
        groups = {g["group"] for g in self.groups if g["recipient"] == row["recipient"]} | {row["recipient"]}
        allowed = set(lot["for"].split(";")) - {""}
        barred = set(lot["not_for"].split(";")) - {""}
        needed = set(lot["requires"].split(";")) - {""}
        if (allowed and not allowed & groups) or barred & groups or needed - set(row["handles"].split(";")):
            return 0
        if lot["expires"] is None or row["per_week"] is None:
            return int(lot["packs"])
        weeks = Fraction((lot["expires"] - DAY).days, 7)
        return min(int(lot["packs"]), int(row["per_week"] * weeks / self.worth(lot)))

    def capacity(self, row: dict[str, Any]) -> int:
        """Return what a recipient can take."""
        return int(row["capacity"]) if row["capacity"] is not None else max(0, row["target"] - row["held"])

    def open_rows(self) -> list[bool]:
        """Say which recipients could get anything at all."""
        return [
            self.capacity(row) > 0 and any(lot["packs"] and self.most(row, lot) for lot in self.lots)
            for row in self.needs
        ]

    def all_level_vectors(self, *, open_only: bool = False) -> set[tuple[Fraction, ...]]:
        """Return the sorted levels of every plan there is, of all recipients or of those that could get something."""
        shown = self.open_rows() if open_only else [True] * len(self.needs)
        found: set[tuple[Fraction, ...]] = set()
        seen: set[tuple[int, tuple[tuple[Fraction, int], ...]]] = set()

        def pour(place: int, got: tuple[tuple[Fraction, int], ...]) -> None:
            if (place, got) in seen:
                return
            seen.add((place, got))
            if place == len(self.lots):
                rows = zip(self.needs, got, shown, strict=True)
                levels = (self.level(row, row["held"] + g) for row, (g, _), counts in rows if counts)
                found.add(tuple(sorted(levels)))
                return
            spread(place, 0, int(self.lots[place]["packs"]), got)

        def spread(place: int, who: int, left: int, got: tuple[tuple[Fraction, int], ...]) -> None:
            if who == len(self.needs):
                pour(place + 1, got)
                return
            lot, row = self.lots[place], self.needs[who]
            have, lots = got[who]
            for packs in range(min(left, self.most(row, lot)) + 1):
                if packs and (packs < lot["min_packs"] or (self.max_lots is not None and lots >= self.max_lots)):
                    continue
                more = have + packs * self.worth(lot)
                if more > self.capacity(row):
                    break
                spread(place, who + 1, left - packs, (*got[:who], (more, lots + (packs > 0)), *got[who + 1 :]))

        pour(0, ((Fraction(0), 0),) * len(self.needs))
        return found

    def levels_of(self, lines: pl.DataFrame, *, open_only: bool = False) -> tuple[Fraction, ...]:
        """Return the sorted levels of a plan, from its lines alone."""
        shown = self.open_rows() if open_only else [True] * len(self.needs)
        worth = {lot["lot"]: self.worth(lot) for lot in self.lots}
        got = {row["recipient"]: Fraction(row["held"]) for row in self.needs}
        for lot, who, packs in lines.select("lot", "recipient", "packs").iter_rows():
            got[who] += Fraction(packs) * worth[lot]
        rows = zip(self.needs, shown, strict=True)
        return tuple(sorted(self.level(row, got[row["recipient"]]) for row, counts in rows if counts))

"""Find who may have which lot, and put recipients with the same answer into one class.

Called by `problem`. A recipient is told apart from others only by what some lot asks about: the groups and recipients
its earmark names, the capabilities it requires, and (shelf life) how much of it the recipient can use in time. A
recipient whose pair cap binds becomes a class of one (§4.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from evenhand.errors import OptionRefused
from evenhand.supply.tables import Tables

Bools = npt.NDArray[np.bool_]
_BITS = 62
"""Names told apart in one 64-bit word."""
_MOST_PAIRS = 200_000_000
"""Recipients with pair caps of their own times lots: above this their caps alone would fill the memory."""
NO_CAP = np.int64(2**62)
"""A pair cap that never binds."""


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Hold the classes of recipients.

    Attributes
    ----------
    class_of
        Class number per recipient; classes are numbered by their first recipient.
    open
        classes × lots: the earmark allows it, the capability is there, it can be used before it expires.
    caps
        classes × lots: most packs a pair may take; None where no pair has a cap of its own.
    reasons
        classes × lots, uint8: 0 open, else the first of `REASONS` that closes the pair.
    """

    class_of: npt.NDArray[np.int64]
    open: Bools
    caps: npt.NDArray[np.int64] | None
    reasons: npt.NDArray[np.uint8]

    @property
    def count(self) -> int:
        """Return the number of classes."""
        return int(self.open.shape[0])


OPEN, EARMARK, CAPABILITY, EXPIRED, TOO_SLOW = range(5)
REASONS = ("open", "earmark", "handles", "expired", "shelf life")


def split_names(text: str | None) -> tuple[str, ...]:
    """Split a cell of names.

    Examples
    --------
    >>> split_names("AU; OIC;")
    ('AU', 'OIC')
    """
    return tuple(part.strip() for part in (text or "").split(";") if part.strip())


def usable_days(lots: pl.DataFrame, day: date) -> list[int | None]:
    """Return, per lot, the days from max(arrives, day) to expires; None where it never expires. Negative: too late."""
    nothing = [None] * lots.height
    expires = lots["expires"].to_list() if "expires" in lots.columns else nothing
    arrives = lots["arrives"].to_list() if "arrives" in lots.columns else nothing
    return [
        None if end is None else (end - max(start or day, day)).days
        for start, end in zip(arrives, expires, strict=True)
    ]


def find_eligibility(
    tables: Tables,
    day: date,
    capacity: npt.NDArray[Any],
    worth: Sequence[int],
    packs: npt.NDArray[np.int64],
    scale: int,
) -> Eligibility:
    """Find the classes of recipients and what is open to each.

    Parameters
    ----------
    capacity, worth
        Per recipient and per lot, service units times `scale`.
    packs
        Per lot.

    Raises
    ------
    OptionRefused
        Too many recipients have pair caps of their own.
    """
    asked = _Asked.of(tables)
    words = asked.words(tables)
    class_of, first = _number([words[:, k] for k in range(words.shape[1])], tables.needs.height)
    reasons = asked.closed(words[first], tables.lots.height)
    days = usable_days(tables.lots, day)
    expired = np.array([d is not None and d < 0 for d in days])
    reasons[:, expired] = np.where(reasons[:, expired] == OPEN, EXPIRED, reasons[:, expired])
    class_of, first, reasons = _merge(class_of, reasons)
    return _with_caps(tables, class_of, reasons, days, capacity, worth, packs, scale)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Hold the names that lots ask about, each with its bit."""

    groups: dict[str, int]
    single: dict[str, int]
    capabilities: dict[str, int]
    allowed: list[tuple[str, ...]]
    barred: list[tuple[str, ...]]
    required: list[tuple[str, ...]]

    @classmethod
    def of(cls, tables: Tables) -> _Asked:
        def names(column: str) -> list[tuple[str, ...]]:
            lots = tables.lots
            return [split_names(v) for v in lots[column].to_list()] if column in lots.columns else [()] * lots.height

        allowed, barred, required = names("for"), names("not_for"), names("requires")
        named = sorted({name for cell in (*allowed, *barred) for name in cell})
        is_group = set(tables.groups["group"].unique().to_list()) if named else set()
        groups = {name: bit for bit, name in enumerate(n for n in named if n in is_group)}
        single = {name: bit for bit, name in enumerate(n for n in named if n not in is_group)}
        needed = {name: bit for bit, name in enumerate(sorted({name for cell in required for name in cell}))}
        return cls(groups, single, needed, allowed, barred, required)

    def words(self, tables: Tables) -> npt.NDArray[np.int64]:
        """Return recipients × words: bits of groups, then of single recipients, then of capabilities."""
        n = tables.needs.height
        shape = [max(1, -(-len(part) // _BITS)) for part in (self.groups, self.single, self.capabilities)]
        words = np.zeros((n, sum(shape)), np.int64, order="F")
        if self.groups:
            _set_groups(words, tables, self.groups)
        if self.single:
            keys = tables.needs["recipient"]
            found = keys.to_frame().with_row_index("row").filter(pl.col("recipient").is_in(list(self.single)))
            for row, key in found.select("row", "recipient").iter_rows():
                word, bit = divmod(self.single[key], _BITS)
                words[row, shape[0] + word] |= np.int64(1 << bit)
        if self.capabilities and "handles" in tables.needs.columns:
            kinds = tables.needs["handles"].fill_null("")
            for cell in kinds.unique().to_list():
                bits = [self.capabilities[name] for name in split_names(cell) if name in self.capabilities]
                if bits:
                    rows = (kinds == cell).to_numpy()
                    for word, bit in (divmod(b, _BITS) for b in bits):
                        words[rows, shape[0] + shape[1] + word] |= np.int64(1 << bit)
        return words

    def closed(self, words: npt.NDArray[np.int64], lots: int) -> npt.NDArray[np.uint8]:
        """Return signatures × lots: why a pair is closed, or OPEN."""
        reasons = np.zeros((len(words), lots), np.uint8)
        width = max(1, -(-len(self.groups) // _BITS))
        singles = width + max(1, -(-len(self.single) // _BITS))

        def has(name: str) -> Bools:
            known, start = (self.groups, 0) if name in self.groups else (self.single, width)
            word, bit = divmod(known[name], _BITS)
            out: Bools = (words[:, start + word] >> np.int64(bit)) & 1 != 0
            return out

        member = {name: has(name) for name in (*self.groups, *self.single)}
        nobody = np.zeros(len(words), np.bool_)
        for lot in range(lots):
            for name in self.required[lot]:
                word, bit = divmod(self.capabilities[name], _BITS)
                reasons[(words[:, singles + word] >> np.int64(bit)) & 1 == 0, lot] = CAPABILITY
            barred = np.logical_or.reduce([nobody, *(member[name] for name in self.barred[lot])])
            if self.allowed[lot]:
                barred = barred | ~np.logical_or.reduce([nobody, *(member[name] for name in self.allowed[lot])])
            reasons[barred, lot] = EARMARK
        return reasons


def _set_groups(words: npt.NDArray[np.int64], tables: Tables, groups: dict[str, int]) -> None:
    bits = pl.DataFrame(
        {"group": list(groups), "bit": list(groups.values())}, schema={"group": pl.String, "bit": pl.Int64}
    )
    members = tables.groups
    keys = tables.needs["recipient"]
    if members.height == len(keys) and bool((members["recipient"] == keys).all()):
        rows = members.select(pl.int_range(pl.len()).alias("row"), "group")
    else:
        rows = members.join(keys.to_frame().with_row_index("row"), on="recipient", how="inner").select("row", "group")
    found = rows.join(bits, on="group", how="inner")
    row, bit = found["row"].to_numpy(), found["bit"].to_numpy()
    for word in range(-(-len(groups) // _BITS)):
        here = bit // _BITS == word
        np.bitwise_or.at(words[:, word], row[here], np.int64(1) << (bit[here] % _BITS))


def _number(columns: list[npt.NDArray[np.int64]], n: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the number of each row, equal rows sharing one, and the first row of each number."""
    number = np.zeros(n, np.int64)
    first = np.zeros(1, np.int64)
    for column in columns:
        if len(column) and (column == column[0]).all():
            continue
        _, codes = np.unique(column, return_inverse=True)
        _, first, number = np.unique(number * (codes.max() + 1) + codes, return_index=True, return_inverse=True)
    return number, first


def _merge(
    class_of: npt.NDArray[np.int64], reasons: npt.NDArray[np.uint8]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Merge signatures with the same answers; number the classes by their first recipient."""
    seen: dict[bytes, int] = {}
    merged = np.array([seen.setdefault(row.tobytes(), k) for k, row in enumerate(reasons)], np.int64)
    class_of = merged[class_of]
    present, first = np.unique(class_of, return_index=True)
    by_first = np.argsort(first, kind="stable")
    renumber = np.zeros(len(reasons), np.int64)
    renumber[present[by_first]] = np.arange(len(present))
    return renumber[class_of], first[by_first], reasons[present[by_first]]


def _with_caps(
    tables: Tables,
    class_of: npt.NDArray[np.int64],
    reasons: npt.NDArray[np.uint8],
    days: list[int | None],
    capacity: npt.NDArray[Any],
    worth: Sequence[int],
    packs: npt.NDArray[np.int64],
    scale: int,
) -> Eligibility:
    """Make recipients whose pair caps bind classes of one, with their caps."""
    limited = [lot for lot, d in enumerate(days) if d is not None and d >= 0 and packs[lot]]
    if not limited or "per_week" not in tables.needs.columns:
        return Eligibility(class_of, reasons == OPEN, None, reasons)
    column = tables.needs["per_week"]
    rows = np.flatnonzero(column.is_not_null().to_numpy())
    rate = [int(Fraction(value) * scale) for value in column.drop_nulls().to_list()]
    caps_of: dict[tuple[int, int], npt.NDArray[np.int64]] = {}
    binds = np.zeros(len(rows), np.bool_)
    room = {
        w: np.array([min(-(-int(c) // w), int(NO_CAP)) for c in capacity[rows]], np.int64)
        for w in {worth[s] for s in limited}
    }
    for lot in limited:
        kind = (days[lot] or 0, worth[lot])
        if kind not in caps_of:
            caps_of[kind] = np.array([min(r * kind[0] // (7 * kind[1]), int(NO_CAP)) for r in rate], np.int64)
        may = reasons[class_of[rows], lot] == OPEN
        binds |= may & (caps_of[kind] <= np.minimum(room[worth[lot]], packs[lot]))
    own = rows[binds]
    if len(own) * len(worth) > _MOST_PAIRS:
        raise OptionRefused(
            f"{len(own):,} recipients have a weekly limit that binds, for {len(worth):,} lots: too many pairs to hold at once; "
            "state the limit as capacity instead, or split the round"
        )
    if not len(own):
        return Eligibility(class_of, reasons == OPEN, None, reasons)
    classes = len(reasons)
    single = np.array(class_of)
    single[own] = classes + np.arange(len(own))
    all_reasons = np.vstack([reasons, reasons[class_of[own]]])
    caps = np.full(all_reasons.shape, NO_CAP)
    for lot in limited:
        caps[classes:, lot] = caps_of[(days[lot] or 0, worth[lot])][binds]
    none = (caps == 0) & (all_reasons == OPEN)
    all_reasons[none] = TOO_SLOW
    present, first = np.unique(single, return_index=True)
    by_first = np.argsort(first, kind="stable")
    renumber = np.zeros(len(all_reasons), np.int64)
    renumber[present[by_first]] = np.arange(len(present))
    kept = present[by_first]
    return Eligibility(renumber[single], all_reasons[kept] == OPEN, caps[kept], all_reasons[kept])

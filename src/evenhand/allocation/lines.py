"""Who gets what of which lot, in exact numbers.

Made by `solve` and `bounded`, read by everything after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Lines:
    """Hold one row per lot and recipient, sorted by lot, then recipient.

    Attributes
    ----------
    lot, recipient
        Numbers.
    amount
        Whole packs; for divisible goods units times scale times `per`.
    pack
        Per lot: one pack in the measure of `amount`.
    per
        Common denominator; 1 for whole packs.
    """

    lot: npt.NDArray[np.int64]
    recipient: npt.NDArray[np.int64]
    amount: Integers
    pack: tuple[int, ...]
    per: int = 1

    def given(self) -> list[int]:
        """Return how much of each lot is given, in the measure of `amount`."""
        kind: Any = self.amount.dtype
        if kind != np.object_ and len(self.amount) and float(self.amount.max()) * len(self.amount) >= 2.0**62:
            kind = np.dtype(object)
        out = np.zeros(len(self.pack), kind)
        starts = np.searchsorted(self.lot, np.arange(len(self.pack)))
        used = np.flatnonzero(np.diff(np.append(starts, len(self.lot))) > 0)
        if len(used):
            out[used] = np.add.reduceat(self.amount.astype(kind, copy=False), starts[used])
        return [int(v) for v in out]

    def received(self, worth: tuple[int, ...], recipients: int, kind: Any) -> Integers:
        """Return what each recipient gets, in units times scale times `per`.

        Parameters
        ----------
        worth
            Per lot, units times scale of a pack.
        kind
            The number type that is sure to hold it.
        """
        if self.per != 1 or self.pack != (1,) * len(self.pack):
            out = np.zeros(recipients, object)
            np.add.at(out, self.recipient, self.amount.astype(object))
            return out
        out = np.zeros(recipients, kind)
        units = self.amount.astype(kind) * np.array(worth, kind)[self.lot]
        if len(units) and kind != np.object_ and float(units.max()) * len(worth) < 2.0**53:
            return np.bincount(self.recipient, weights=units, minlength=recipients).astype(np.int64)
        np.add.at(out, self.recipient, units)
        return out


def sort_lines(lot: Integers, recipient: Integers, amount: Integers, pack: tuple[int, ...], per: int = 1) -> Lines:
    """Return lines sorted by lot, then recipient; rows of nothing are left out."""
    some = np.flatnonzero(amount > 0)
    lot, recipient, amount = lot[some].astype(np.int64), recipient[some].astype(np.int64), amount[some]
    order = np.lexsort((recipient, lot))
    return Lines(lot[order], recipient[order], amount[order], pack, per)

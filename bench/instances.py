"""The problems that are measured, made by seed: the same seed gives the same problem on every machine.

A problem: recipients i = 1..n with target t_i, held h_i, capacity c_i; lots s = 1..m with Q_s packs worth a_s service
units each; a set of eligible pairs E; y_i = h_i + what i receives; level y_i / t_i (equal coverage).

    first level      max  min_i y_i / t_i
    whole problem    leximin of (y_i / t_i)_i
    subject to       sum_i x_si <= Q_s,   sum_s a_s x_si <= c_i,   x_si = 0 outside E,   y_i = h_i + sum_s a_s x_si
    divisible        x_si >= 0
    whole packs      x_si whole, and x_si = 0 or x_si >= min_packs_s, and at most `max_lots` lots a recipient

Needs are log-normal, the supply is 30 % of the need, a recipient can take 20, 50 or 100 % of its target. Recipients
with the same eligible lots form a class. Everything is a whole number, so that ours and every peer read the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

Whole = NDArray[np.int64]
SUPPLY_SHARE = 0.3
CAPACITY_TENTHS = (2, 5, 10)
PACK_SIZES = (100, 240, 450, 600, 1170, 1200, 2000, 2400)
MINIMUM_PACKS = (1, 4, 10)


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """Hold one problem as arrays; names of the module's docstring.

    Attributes
    ----------
    target, held, capacity
        One per recipient, service units.
    class_of
        One per recipient: the row of `eligible` that says what it may have.
    eligible
        classes by lots.
    packs, worth, min_packs
        One per lot; worth in service units a pack.
    """

    target: Whole
    held: Whole
    capacity: Whole
    class_of: Whole
    eligible: NDArray[np.bool_]
    packs: Whole
    worth: Whole
    min_packs: Whole

    @property
    def pairs(self) -> NDArray[np.bool_]:
        """Return recipients by lots: who may have what. Only for small problems."""
        return self.eligible[self.class_of]


@dataclass(frozen=True, slots=True)
class Frames:
    """Hold a problem as the three tables that Evenhand reads."""

    needs: pl.DataFrame
    lots: pl.DataFrame
    groups: pl.DataFrame


def divisible_pairs(recipients: int, lots: int, seed: int) -> Instance:
    """Make a problem of 70 % eligible pairs, drawn one by one, with packs worth 1: for peers that solve it whole."""
    rng = np.random.default_rng([seed, recipients, lots, 1])
    target = _needs(rng, recipients, median=2_000.0, spread=1.0)
    return _finish(rng, target, _pairs(rng, recipients, lots), worth=np.ones(lots, dtype=np.int64))


def divisible_classes(recipients: int, lots: int, classes: int, seed: int) -> Instance:
    """Make a problem of eligibility classes, some lots earmarked narrowly, with part of the target held already.

    A lot is open to 2, 10 or 40 % of the classes; a recipient holds 0 to 15 % of its target.
    """
    rng = np.random.default_rng([seed, recipients, lots, classes, 2])
    target = _needs(rng, recipients, median=20_000.0, spread=1.0)
    held = (target * rng.uniform(0.0, 0.15, recipients)).astype(np.int64)
    share = rng.choice([0.02, 0.1, 0.4], lots)
    eligible = rng.random((classes, lots)) < share
    _open_somewhere(rng, eligible)
    return _finish(rng, target, eligible, held=held, class_of=_classes(rng, recipients, classes))


def mixed_packs(recipients: int, lots: int, seed: int) -> Instance:
    """Make a problem of whole packs of 100 to 2,400, the smallest shipment 1, 4 or 10 packs, 70 % eligible pairs."""
    rng = np.random.default_rng([seed, recipients, lots, 3])
    target = _needs(rng, recipients, median=2_000_000.0, spread=1.5, least=50_000)
    return _finish(
        rng,
        target,
        _pairs(rng, recipients, lots),
        worth=rng.choice(PACK_SIZES, lots).astype(np.int64),
        min_packs=rng.choice(MINIMUM_PACKS, lots).astype(np.int64),
    )


def whole_packs_in_groups(recipients: int, lots: int, groups: int, seed: int) -> Instance:
    """Make a large problem: whole packs worth 10, each recipient in one group, a lot for 1, 2, 5, 20 or all groups."""
    rng = np.random.default_rng([seed, recipients, lots, groups, 4])
    target = _needs(rng, recipients, median=600.0, spread=1.0)
    eligible = np.zeros((groups, lots), dtype=np.bool_)
    for lot, width in enumerate(rng.choice([1, 2, 5, 20, groups], lots)):
        eligible[rng.choice(groups, min(int(width), groups), replace=False), lot] = True
    return _finish(
        rng,
        target,
        eligible,
        class_of=_classes(rng, recipients, groups),
        worth=np.full(lots, 10, dtype=np.int64),
    )


MAKERS: Mapping[str, Callable[..., Instance]] = {
    "divisible_pairs": divisible_pairs,
    "divisible_classes": divisible_classes,
    "mixed_packs": mixed_packs,
    "whole_packs_in_groups": whole_packs_in_groups,
}


def make(spec: Mapping[str, Any]) -> Instance:
    """Make the problem that a JSON object names: {"make": "mixed_packs", "recipients": 142, ...}."""
    arguments = dict(spec)
    return MAKERS[arguments.pop("make")](**arguments)


def frames(instance: Instance) -> Frames:
    """Express a problem as needs, lots and groups.

    Where every recipient is a class of its own, the lots name whom they are not for; else each class is a group, and
    the lots name the groups they are for.
    """
    import polars as pl

    n, m = len(instance.target), len(instance.packs)
    recipient = pl.select(pl.format("R{}", pl.int_range(n).cast(pl.String).str.zfill(7)).alias("recipient"))
    needs = recipient.with_columns(
        target=pl.Series(instance.target), held=pl.Series(instance.held), capacity=pl.Series(instance.capacity)
    )
    lots = pl.DataFrame(
        {
            "lot": [f"L{lot:04d}" for lot in range(m)],
            "packs": instance.packs,
            "pack_size": instance.worth,
            "min_packs": instance.min_packs,
        }
    )
    classes = len(instance.eligible)
    if classes == n:
        keys = recipient["recipient"]
        barred = [";".join(keys.filter(pl.Series(~row))) for row in instance.pairs.T]
        groups = pl.DataFrame(schema={"recipient": pl.String, "group": pl.String})
        return Frames(needs, lots.with_columns(pl.Series("not_for", barred, dtype=pl.String)), groups)
    names = pl.Series("group", [f"G{number:03d}" for number in range(classes)])
    earmarks = ["" if row.all() else ";".join(names.filter(pl.Series(row))) for row in instance.eligible.T]
    groups = recipient.with_columns(names.gather(pl.Series(instance.class_of)))
    return Frames(needs, lots.with_columns(pl.Series("for", earmarks, dtype=pl.String)), groups)


def _finish(
    rng: np.random.Generator,
    target: Whole,
    eligible: NDArray[np.bool_],
    *,
    held: Whole | None = None,
    class_of: Whole | None = None,
    worth: Whole | None = None,
    min_packs: Whole | None = None,
) -> Instance:
    """Draw capacities and lot sizes, and put the problem together."""
    n, m = len(target), eligible.shape[1]
    held = np.zeros(n, dtype=np.int64) if held is None else held
    worth = np.ones(m, dtype=np.int64) if worth is None else worth
    capacity = np.maximum(0, target // 10 * rng.choice(CAPACITY_TENTHS, n) - held)
    size = rng.lognormal(0.0, 1.0, m)
    wanted = SUPPLY_SHARE * float(target.sum()) * (size / np.sum(size))
    packs = np.maximum(1, (wanted / worth).astype(np.int64))
    return Instance(
        target=target,
        held=held,
        capacity=capacity,
        class_of=np.arange(n, dtype=np.int64) if class_of is None else class_of,
        eligible=eligible,
        packs=packs,
        worth=worth,
        min_packs=np.ones(m, dtype=np.int64) if min_packs is None else min_packs,
    )


def _needs(rng: np.random.Generator, n: int, *, median: float, spread: float, least: int = 10) -> Whole:
    """Draw log-normal targets, multiples of ten so that a tenth of one is whole."""
    drawn = np.maximum(least, rng.lognormal(np.log(median), spread, n))
    return drawn.astype(np.int64) // 10 * 10


def _pairs(rng: np.random.Generator, n: int, m: int) -> NDArray[np.bool_]:
    eligible = rng.random((n, m)) < 0.7
    _open_somewhere(rng, eligible)
    return eligible


def _open_somewhere(rng: np.random.Generator, eligible: NDArray[np.bool_]) -> None:
    """Open every lot to somebody and something to everybody, so that no row of the problem is idle."""
    rows, columns = eligible.shape
    for row in np.flatnonzero(~eligible.any(axis=1)):
        eligible[row, rng.integers(columns)] = True
    for column in np.flatnonzero(~eligible.any(axis=0)):
        eligible[rng.integers(rows), column] = True


def _classes(rng: np.random.Generator, n: int, classes: int) -> Whole:
    """Put every recipient in a class, none empty."""
    class_of = rng.integers(classes, size=n)
    class_of[:classes] = np.arange(classes)
    return class_of

"""Cut a problem where lots cannot reach, until every block's lots are used up at one level (§4.3, Fujishige 1980).

Called by `solve` and `bounded`. For a block of classes and lots, find the level at which the classes together would just
use up the lots; one maximum flow tells whether the lots can reach them so. If not, the classes on the far side of the
minimum cut ask for more than their lots hold: they form a block with those lots, to be held lower, and the others form a
block with what remains. The blocks, unlike the flow, do not depend on the solver: the far side taken is the smallest one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
from ortools.graph.python import max_flow

from evenhand.allocation.divisible import fill
from evenhand.allocation.eligibility import NO_CAP, Eligibility
from evenhand.allocation.ground import Ground
from evenhand.allocation.pour import Poured, pour_block
from evenhand.allocation.whole import first_packs

Integers = npt.NDArray[Any]
_FLOW_LIMIT = 2**60
"""Flows are scaled to stay below this; the exact pour finds what the scaling hid."""


@dataclass(frozen=True, slots=True)
class Block:
    """Hold one block of the finished split.

    Attributes
    ----------
    classes, lots
        Numbers, ascending.
    full
        Everybody in it has all it can take, and lots may be left over.
    rows
        Recipient numbers, class by class.
    amounts
        Per row: packs, or units times scale times `per` for divisible goods.
    flows
        lots × classes, in the same measure.
    """

    classes: npt.NDArray[np.int64]
    lots: npt.NDArray[np.int64]
    full: bool
    rows: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    amounts: Integers
    per: int
    flows: Integers
    level: Fraction | None = None
    """The level it is filled to: divisible goods only, None where everybody is full."""


@dataclass(frozen=True, slots=True)
class _Part:
    classes: npt.NDArray[np.int64]
    supply: tuple[int, ...]
    """Per lot of the whole problem: packs, or units times scale for divisible goods."""


def split(
    ground: Ground,
    eligibility: Eligibility,
    supply: list[int],
    worth: tuple[int, ...],
    order: npt.NDArray[np.int64],
    *,
    divisible: bool,
    tell: Callable[[float], None] | None = None,
) -> list[Block]:
    """Split a problem into blocks, each with its level, amounts and flows.

    Parameters
    ----------
    supply
        Per lot: packs; for divisible goods units times scale.
    worth
        Per lot: what one pack adds in the measure of `supply` (1 for whole packs).
    order
        Lots in the order in which they are poured.
    """
    reachable = (
        eligibility.open[:, [s > 0 for s in supply]].any(axis=1) if supply else np.zeros(eligibility.count, np.bool_)
    )
    everybody = np.flatnonzero(reachable)
    todo = [_Part(everybody, tuple(supply))] if len(everybody) else []
    blocks: list[Block] = []
    done = 0
    while todo:
        part = todo.pop()
        parts, block = _solve(part, ground, eligibility, worth, order, divisible)
        todo.extend(parts)
        if block is not None:
            blocks.append(block)
            done += len(block.classes)
            if tell:
                tell(done / len(everybody))
    return blocks


def _solve(
    part: _Part,
    ground: Ground,
    eligibility: Eligibility,
    worth: tuple[int, ...],
    order: npt.NDArray[np.int64],
    divisible: bool,
) -> tuple[list[_Part], Block | None]:
    open_pairs = eligibility.open[part.classes]
    stocked = np.array([s > 0 for s in part.supply], np.bool_)
    lots = np.flatnonzero(open_pairs.any(axis=0) & stocked)
    open_pairs = open_pairs[:, lots]
    held = [part.supply[s] for s in lots]
    caps = (
        None
        if eligibility.caps is None
        else _caps(eligibility.caps[part.classes][:, lots], open_pairs, [worth[s] for s in lots])
    )
    reach = sum(held) if caps is None else sum(_reach(held, caps, open_pairs))
    block = ground.block(part.classes)
    if divisible:
        filled = fill(block, reach)
        amounts, per, level = filled.amounts, filled.per, filled.level
    else:
        amounts, per, level = first_packs(block, reach), 1, None
    asked = block.by_class(amounts)
    full = sum(asked) < reach * per
    available = [h * per for h in held]
    scaled_caps = None if caps is None else caps * per
    # What a single class asks for never exceeds what can reach it: it needs no flow.
    far = _far_side(available, asked, open_pairs, scaled_caps) if len(part.classes) > 1 else None
    flows: Poured | None = None
    if far is None:
        place = {int(lot): k for k, lot in enumerate(order)}
        turn = np.argsort([place[int(s)] for s in lots], kind="stable")
        flows = pour_block(available, asked, open_pairs, scaled_caps, turn)
        far = flows.far_side
    if far is None and flows is not None:
        return [], Block(part.classes, lots, full, block.rows, block.first, amounts, per, flows.flows, level)
    assert far is not None
    kept = _reach(held, None if caps is None else caps[far], open_pairs[far])
    inner = [0] * len(part.supply)
    outer = [0] * len(part.supply)
    for k, lot in enumerate(lots.tolist()):
        inner[lot], outer[lot] = kept[k], held[k] - kept[k]
    return [_Part(part.classes[~far], tuple(outer)), _Part(part.classes[far], tuple(inner))], None


def _caps(caps: npt.NDArray[np.int64], open_pairs: npt.NDArray[np.bool_], worth: list[int]) -> Integers:
    """Return classes × lots: most of a lot a class may take, in the measure of supply; as Python integers."""
    out = np.where(caps >= NO_CAP, 2**400, caps.astype(object) * np.array(worth, object))
    out[~open_pairs] = 0
    return out


def _reach(held: list[int], caps: Integers | None, open_pairs: npt.NDArray[np.bool_]) -> list[int]:
    """Return, per lot, how much of it some classes can take together."""
    if caps is None:
        some = np.atleast_1d(open_pairs.any(axis=0))
        return [h if s else 0 for h, s in zip(held, some.tolist(), strict=True)]
    most = [int(m) for m in np.atleast_1d(caps.sum(axis=0))] if len(caps) else [0] * len(held)
    return [min(h, m) for h, m in zip(held, most, strict=True)]


def _far_side(
    available: list[int], asked: list[int], open_pairs: npt.NDArray[np.bool_], caps: Integers | None
) -> npt.NDArray[np.bool_] | None:
    """Return the classes that ask for more than their lots hold, or None if the lots reach everybody."""
    total = max(sum(available), sum(asked), 1)
    shift = max(0, total.bit_length() - _FLOW_LIMIT.bit_length())
    n, m = open_pairs.shape
    classes, lots = np.nonzero(open_pairs)
    source, sink = n + m, n + m + 1
    if caps is None:
        width = np.full(len(classes), _FLOW_LIMIT, np.int64)
    else:
        width = np.array([min(-(-int(c) >> shift), _FLOW_LIMIT) for c in caps[classes, lots]], np.int64)
    flow = max_flow.SimpleMaxFlow()
    flow.add_arcs_with_capacity(
        np.concatenate([np.full(m, source), n + lots, np.arange(n)]).astype(np.int32),
        np.concatenate([n + np.arange(m), classes, np.full(n, sink)]).astype(np.int32),
        np.concatenate(
            [
                np.array([-(-h >> shift) for h in available], np.int64),
                width,
                np.array([a >> shift for a in asked], np.int64),
            ]
        ),
    )
    status = flow.solve(source, sink)
    if status != flow.OPTIMAL:
        raise RuntimeError(f"maximum flow ended with status {status}")
    if flow.optimal_flow() == sum(a >> shift for a in asked):
        return None
    far = np.zeros(n + m + 2, np.bool_)
    far[flow.get_sink_side_min_cut()] = True
    return far[:n]

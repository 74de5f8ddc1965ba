"""Say which lot goes where, once it is known how much everybody gets.

Called by `split` for classes and by `solve` for the recipients of a class. Many plans give everybody the same totals. Lots
are poured in a fixed order (fewest eligible recipients first, then the smallest, then by key), each into the classes in
order until it is empty, so that small lots are split no further than needed. Where this leaves a class short, the shortest
chain of exchanges is made, until nobody is short: a maximum flow, in exact integers of any size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[Any]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Poured:
    """Hold flows of lots into classes.

    Attributes
    ----------
    flows
        lots × classes.
    far_side
        The classes that ask for more than their lots hold, or None if everybody was served.
    """

    flows: Integers
    far_side: Bools | None


def pour_block(
    available: list[int], asked: list[int], open_pairs: Bools, caps: Integers | None, turn: npt.NDArray[np.int64]
) -> Poured:
    """Pour lots into classes.

    Parameters
    ----------
    available, asked
        Per lot and per class, >= 0, in one measure.
    open_pairs, caps
        classes × lots; caps is None where no pair has one.
    turn
        Lots in the order poured.
    """
    big = max(sum(available), sum(asked)) >= 2**62
    kind: Any = object if big else np.int64
    left = np.array(available, kind)
    short = np.array(asked, kind)
    flows = np.zeros((len(available), len(asked)), kind)
    room = None if caps is None else np.minimum(caps.T, max(max(available, default=0), 1)).astype(kind)
    for lot in turn.tolist():
        may = np.flatnonzero(open_pairs[:, lot] & (short > 0))
        if not len(may) or left[lot] <= 0:
            continue
        most = short[may] if room is None else np.minimum(short[may], room[lot, may])
        before = np.cumsum(most) - most
        given = np.clip(left[lot] - before, 0, most)
        flows[lot, may] = given
        short[may] -= given
        left[lot] -= given.sum()
    far: Bools | None = None
    while (short > 0).any():
        far = _exchange(flows, left, short, open_pairs, room)
        if far is not None:
            break
    return Poured(flows, far)


def _exchange(
    flows: Integers, left: Integers, short: Integers, open_pairs: Bools, room: Integers | None
) -> Bools | None:
    """Make one shortest chain of exchanges to a short class; or return the classes no chain reaches from a spare lot.

    Searches backwards from the short classes: a class can be served by a lot open to it, below the pair's cap, that has
    something left, or else by a lot that another class could give up.
    """
    m, n = flows.shape
    next_lot = np.full(n, -1)
    next_class = np.full(m, -1)
    far = short > 0
    front = np.flatnonzero(far)
    seen = np.zeros(m, np.bool_)
    while len(front):
        usable = open_pairs[front].T if room is None else open_pairs[front].T & (flows[:, front] < room[:, front])
        lots = np.flatnonzero(usable.any(axis=1) & ~seen)
        if not len(lots):
            break
        seen[lots] = True
        next_class[lots] = front[np.argmax(usable[lots], axis=1)]
        ready = lots[left[lots] > 0]
        if len(ready):
            _apply(int(ready[0]), flows, left, short, next_lot, next_class, room)
            return None
        gives = (flows[lots] > 0) & ~far
        classes = np.flatnonzero(gives.any(axis=0))
        next_lot[classes] = lots[np.argmax(gives[:, classes], axis=0)]
        far[classes] = True
        front = classes
    return far


def _apply(
    lot: int,
    flows: Integers,
    left: Integers,
    short: Integers,
    next_lot: npt.NDArray[np.int64],
    next_class: npt.NDArray[np.int64],
    room: Integers | None,
) -> None:
    """Walk a chain from a spare lot to a short class and move as much as fits along it."""
    chain: list[tuple[int, int, int]] = []
    amount = int(left[lot])
    here = lot
    while True:
        to = int(next_class[here])
        if room is not None:
            amount = min(amount, int(room[here, to] - flows[here, to]))
        chain.append((here, to, 1))
        if short[to] > 0:
            amount = min(amount, int(short[to]))
            break
        here = int(next_lot[to])
        amount = min(amount, int(flows[here, to]))
        chain.append((here, to, -1))
    left[lot] -= amount
    short[chain[-1][1]] -= amount
    for at, to, sign in chain:
        flows[at, to] += sign * amount


def hand_out(amounts: Integers, shares: Integers) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Integers]:
    """Hand out shares of lots to recipients in order: fill the first, then the next.

    Parameters
    ----------
    amounts
        Per recipient, class by class.
    shares
        Per share of a lot, in the same order of classes; both sum to the same within each class.

    Returns
    -------
    Recipient, share and amount of each line. A line ends where a recipient is full or a share is used up, so there are at
    most recipients + shares of them.

    Examples
    --------
    >>> [part.tolist() for part in hand_out(np.array([3, 2, 4]), np.array([4, 5]))]
    [[0, 1, 1, 2], [0, 0, 1, 1], [3, 1, 1, 4]]
    """
    full = np.cumsum(amounts)
    used = np.cumsum(shares)
    if not len(full) or not full[-1]:
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, amounts[:0]
    # Both are in order already: a stable sort only merges them, which is much faster than looking for doubles by hash.
    ends = np.sort(np.concatenate([full, used]), kind="stable")
    ends = ends[np.concatenate([ends[:1] > 0, ends[1:] > ends[:-1]])]
    starts = np.concatenate([np.zeros(1, ends.dtype), ends[:-1]])
    return np.searchsorted(full, starts, side="right"), np.searchsorted(used, starts, side="right"), ends - starts

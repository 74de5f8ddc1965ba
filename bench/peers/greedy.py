"""Peer: the plain greedy that one would write in an afternoon, for whole packs with smallest shipments.

The recipient with the lowest level comes next. It gets one pack (a first shipment: the smallest one) of the lot it may
have that has most left; among the lots it already has, while it may not have another. Who can get nothing more, drops
out. No look ahead, nothing is ever taken back.
"""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np

from bench.instances import Instance


def prepare(instance: Instance) -> Instance:
    """Need nothing."""
    return instance


def run(instance: Instance, *, max_lots: int) -> dict[int, int]:
    """Return what each recipient that can get anything at all has in the end, service units."""
    target, held, capacity = (column.tolist() for column in (instance.target, instance.held, instance.capacity))
    left, worth, least = (column.tolist() for column in (instance.packs, instance.worth, instance.min_packs))
    open_lots = [
        [s for s in np.flatnonzero(row).tolist() if least[s] * worth[s] <= capacity[i] and least[s] <= left[s]]
        for i, row in enumerate(instance.pairs)
    ]
    has: list[set[int]] = [set() for _ in target]
    room = list(capacity)
    amount = {i: held[i] for i, lots in enumerate(open_lots) if lots}
    queue = [(held[i] / target[i], i) for i in amount]
    heapq.heapify(queue)
    while queue:
        _, i = heapq.heappop(queue)
        best, most, step = -1, 0, 0
        for s in open_lots[i]:
            packs = 1 if s in has[i] else least[s]
            may = s in has[i] or len(has[i]) < max_lots
            if may and packs <= left[s] and packs * worth[s] <= room[i] and left[s] * worth[s] > most:
                best, most, step = s, left[s] * worth[s], packs
        if best < 0:
            continue
        has[i].add(best)
        left[best] -= step
        room[i] -= step * worth[best]
        amount[i] += step * worth[best]
        heapq.heappush(queue, (amount[i] / target[i], i))
    return {i: amount[i] for i in amount}


def answer(instance: Instance, amount: dict[int, int]) -> dict[str, Any]:
    """Return the lowest level."""
    return {"lowest": min(amount[i] / int(instance.target[i]) for i in amount)}

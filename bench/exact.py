"""The exact leximin levels of a small divisible problem, by trying every set of lots: the judge between the others.

For a set T of lots let N(T) be the recipients that may have lots of T only. Levels up to L can be reached if and only
if, for every T, what N(T) needs for L is at most what T holds (Hall 1935; Gale 1957):

    sum_{i in N(T)} min(c_i, max(0, L t_i - h_i))  <=  sum_{s in T} Q_s a_s

So the lowest level is the smallest L at which some T is used up; N(T) and T are then settled and leave the problem,
and the rest is solved alike. 2^m sets: for a dozen lots at most. Fractions throughout; shares no code with Evenhand.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from bench.instances import Instance

Recipient = tuple[int, Fraction, Fraction, Fraction, frozenset[int]]


def leximin_levels(instance: Instance) -> list[Fraction]:
    """Return the level of every recipient in the divisible leximin optimum, in the order of the recipients."""
    supply = {lot: Fraction(amount) for lot, amount in enumerate((instance.packs * instance.worth).tolist())}
    columns = (instance.target, instance.held, instance.capacity, instance.pairs)
    rest: list[Recipient] = [
        (i, Fraction(t), Fraction(h), Fraction(c), frozenset(lot for lot in supply if may[lot]))
        for i, (t, h, c, may) in enumerate(zip(*(column.tolist() for column in columns), strict=True))
    ]
    level = [h / t for _, t, h, _, _ in rest]
    rest = [recipient for recipient in rest if recipient[4]]  # who may have nothing stays where it is
    while supply and rest:
        lots = sorted(supply)
        best: tuple[Fraction, frozenset[int]] | None = None
        for bits in range(1, 2 ** len(lots)):
            chosen = frozenset(lot for place, lot in enumerate(lots) if bits >> place & 1)
            inside = [recipient for recipient in rest if recipient[4] <= chosen]
            reached = _used_up_at(inside, sum((supply[lot] for lot in chosen), Fraction(0)))
            if reached is not None and (best is None or reached < best[0]):
                best = (reached, chosen)
        if best is None:  # all that is left can be filled to capacity
            for i, t, h, c, _ in rest:
                level[i] = (h + c) / t
            break
        reached, chosen = best
        for i, t, h, c, lots_of in rest:
            if lots_of <= chosen:
                level[i] = (h + min(c, max(Fraction(0), reached * t - h))) / t
        rest = [(i, t, h, c, lots_of - chosen) for i, t, h, c, lots_of in rest if not lots_of <= chosen]
        supply = {lot: amount for lot, amount in supply.items() if lot not in chosen}
    return level


def _used_up_at(inside: list[Recipient], amount: Fraction) -> Fraction | None:
    """Return the level at which these recipients use up the amount, or None if they cannot."""
    if sum((c for _, _, _, c, _ in inside), Fraction(0)) < amount or not inside:
        return None
    turns: list[
        tuple[Fraction, Fraction]
    ] = []  # (level, change of slope): a demand rises by t a level between two turns
    for _, t, h, c, _ in inside:
        if c > 0:
            turns += [(h / t, t), ((h + c) / t, -t)]
    turns.sort()
    demand, slope, here = Fraction(0), Fraction(0), Fraction(0)
    for there, change in turns:
        demand_there = demand + slope * (there - here)
        if demand_there >= amount:
            return here + (amount - demand) / slope if slope else there
        demand, slope, here = demand_there, slope + change, there
    return here


def prepare(instance: Instance) -> Instance:
    """Need nothing."""
    return instance


def run(instance: Instance) -> list[Fraction]:
    """Judge, as a job of `bench.child`."""
    return leximin_levels(instance)


def answer(_: Instance, levels: list[Fraction]) -> dict[str, Any]:
    """Return the levels as exact fractions."""
    return {"levels": [str(level) for level in levels]}

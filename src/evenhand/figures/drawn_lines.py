"""The lines that a picture of a bounded plan is drawn against.

Called by `from_plan`. A bounded plan's own waterlines say only that no single pack can be moved to help; they are too
scattered to be lines that people stand on. The picture therefore takes the lines of the divisible optimum: each is drawn
where those held to it stand in the plan, with the band up to the optimum's own level (style: "bound, not proof").
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from evenhand.allocation.outcome import Outcome

Level = float | None


def lines_of_bound(outcome: Outcome) -> tuple[list[Level], list[Level]] | None:
    """Return the line of every recipient and of every lot; None for a plan that is proved best.

    A line is None where there is none, infinite where packs are left over.
    """
    if outcome.bound is None:
        return None
    water = outcome.bound.water
    levels = outcome.levels().floats()
    stands = (outcome.received > 0) & (outcome.limits == "waterline").to_numpy()
    drawn: list[Level] = []
    for place, key in enumerate(water.keys):
        held = levels[stands & (water.of_recipient == place)]
        above = math.inf if key is None else float(key[0])
        drawn.append(float(np.median(held)) if len(held) and key is not None else above)
    drawn.append(None)  # place -1: no line
    infinite = len(outcome.water.keys) - 1
    lots = [
        math.inf if own == infinite else drawn[place]
        for own, place in zip(outcome.water.of_lot.tolist(), water.of_lot.tolist(), strict=True)
    ]
    return [drawn[place] for place in water.of_recipient.tolist()], lots

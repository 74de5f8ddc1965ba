"""The height of the waterline picture: from a level to a place, with ticks a person can read.

The level is the rule's own: a share of target, a weighted share, or tiers filled. The axis always says which.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from evenhand.figures.standing import Standing
from evenhand.figures.story import PlanStory
from evenhand.figures.words import amount, in_signs, percent
from evenhand.wording import say

NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


def axis_words(rule: str) -> str:
    """Say what height means under a rule.

    Examples
    --------
    >>> axis_words("equal-coverage")
    "share of each one's own target"
    """
    return {
        "equal-coverage": say("share of each one's own target"),
        "need-weighted": say("share of target divided by weight: the weighted level"),
        "tiers": say("tiers filled, and the share of the next"),
        "floor-then-weighted": say("share of target up to the floor, divided by weight beyond it"),
    }[rule]


@dataclass(frozen=True, slots=True)
class Axis:
    """Map levels from 0 to `top` onto heights from `base` up to `ceiling`."""

    top: float
    base: float
    ceiling: float
    ticks: tuple[tuple[float, str], ...]

    def y(self, level: float) -> float:
        """Return the height of a level, no higher than the ceiling."""
        share = min(max(level / self.top, 0.0), 1.0)
        return self.base - (self.base - self.ceiling) * share


def make_axis(story: PlanStory, standing: Standing, *, base: float, ceiling: float) -> Axis:
    """Choose how high the picture reaches: a third above the highest line or water, or to the target where that is near."""
    reached = [line.bound or line.level for line in standing.lines]
    reached += [row.level for group in standing.groups for row in group.rows if row.received > 0]
    highest = max(reached, default=0.0) or max((row.level for row in story.recipients), default=0.0) or 1.0
    if standing.main:
        # A few whose one pack is large must not flatten everybody else: they end in a torn edge.
        highest = min(highest, standing.main.level * 2.5 if standing.main.level > 0 else highest)
        highest = max([highest, *(line.level for line in standing.lines)])
    if story.rule == "tiers":
        top = math.floor(highest) + 1.0 if highest - math.floor(highest) > 0.02 else max(highest, 1.0)
        top = top * 1.06
        whole = range(int(top) + 1)
        return Axis(top, base, ceiling, tuple((float(k), tier_words(k)) for k in whole))
    top = highest * 1.34
    if story.rule == "equal-coverage" and highest <= 1.0 and top >= 0.72:
        top = 1.06
    return Axis(top, base, ceiling, percent_ticks(top))


def tier_words(number: int) -> str:
    """Write a tier as a tick."""
    return say("tier {number}").format(number=number) if number else "0"


def percent_ticks(top: float) -> tuple[tuple[float, str], ...]:
    """Return five to eight round ticks up to a level.

    Examples
    --------
    >>> percent_ticks(0.33)
    ((0.0, '0%'), (0.05, '5%'), (0.1, '10%'), (0.15, '15%'), (0.2, '20%'), (0.25, '25%'), (0.3, '30%'))
    """
    size = 10.0 ** math.floor(math.log10(top / 4)) if top > 0 else 1.0
    step = max((size * nice for nice in NICE if size * nice * 4 <= top), default=size)
    return tuple((round(k * step, 12), tick_words(k * step)) for k in range(int(top / step + 1e-9) + 1))


def tick_words(level: float) -> str:
    """Write a round share without needless decimals."""
    text = f"{level * 100:.6f}".rstrip("0").rstrip(".") if level < 10 else f"{level * 100:,.0f}"
    return say("{number}%").format(number=in_signs(text))


def level_words(story: PlanStory, level: float) -> str:
    """Write a level as the rule counts it.

    Examples
    --------
    >>> level_words(PlanStory("t", "equal-coverage", "bounded"), 0.2373812)
    '23.7%'
    >>> level_words(PlanStory("t", "tiers", "bounded"), 1.25)
    'tier 2, 25.0% filled'
    """
    if math.isinf(level):
        return say("unlimited")
    if story.rule != "tiers":
        return percent(level)
    full = math.floor(level + 1e-9)
    if level - full < 5e-7:
        return say("tier {number} full").format(number=full) if full else say("nothing of tier 1")
    return say("tier {number}, {share} filled").format(number=full + 1, share=percent(level - full))


def level_short(story: PlanStory, level: float) -> str:
    """Write a level in as few signs as can be.

    Examples
    --------
    >>> level_short(PlanStory("t", "tiers", "bounded"), 1.405)
    'tier 2: 40%'
    """
    if story.rule != "tiers" or math.isinf(level):
        return level_words(story, level)
    full = math.floor(level + 1e-9)
    if level - full < 5e-7:
        if full:
            return say("tier {number} full").format(number=full)
        return say("tier {number}: {share}").format(number=1, share=say("{number}%").format(number=0))
    share = say("{number}%").format(number=amount(math.floor((level - full) * 100)))
    return say("tier {number}: {share}").format(number=full + 1, share=share)

"""Pictures over months: the axis along the foot and steps from month to month.

Called by `promised` and `lapsing`. A month is written as ISO "2026-03"; the first and the last given decide the span, and
months between them that nobody gave are counted in all the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evenhand.figures.axis import NICE
from evenhand.figures.svg import Picture
from evenhand.figures.words import month_short, short


@dataclass(frozen=True, slots=True)
class Span:
    """Some months in a row, drawn between two edges."""

    first: int
    number: int
    start: float
    end: float

    @property
    def step(self) -> float:
        """Return the breadth of a month."""
        return (self.end - self.start) / self.number

    def x(self, place: float) -> float:
        """Return where the month of a place begins."""
        return self.start + self.step * place


def month_number(month: str) -> int:
    """Count months since year 0.

    Examples
    --------
    >>> month_number("2026-03") - month_number("2025-12")
    3
    """
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number[:2]) - 1


def find_span(months: Sequence[str], start: float, end: float) -> Span:
    """Return the span of some months; at least one."""
    numbers = [month_number(month) for month in months]
    first = min(numbers, default=0)
    return Span(first, max(numbers, default=first) - first + 1, start, end)


def draw_months(picture: Picture, span: Span, base: float) -> None:
    """Write months along the foot, years below them; only as many as there is room for."""
    every = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 600, 12000) if span.step * step >= 34 or step == 12000)
    for place in range(span.number):
        year, month = divmod(span.first + place, 12)
        if (span.first + place) % every == 0 or span.number == 1:
            middle = span.x(place) + span.step / 2
            if every < 12:
                picture.text(middle, base + 17, month_short(month + 1), cls="t-soft", anchor="middle")
            else:
                picture.text(span.x(place), base + 17, f"{year}", cls="t-soft")
            picture.uprights([(middle if every < 12 else span.x(place), base, base + 4)], "rule")
        if every < 12 and (month == 0 or place == 0) and (place == 0 or span.x(place) - span.start > 44):
            picture.text(span.x(place) + 2, base + 34, f"{year}", cls="t-b")


def round_ticks(top: float) -> tuple[float, ...]:
    """Return three to six round amounts from 0 up to the first at or above a top.

    Examples
    --------
    >>> round_ticks(23), round_ticks(0)
    ((0.0, 5.0, 10.0, 15.0, 20.0, 25.0), (0.0, 1.0))
    """
    if top <= 0:
        return (0.0, 1.0)
    size = 10.0 ** math.floor(math.log10(top / 5))
    step = next(size * nice for nice in (*NICE, 20.0) if size * nice * 5 >= top * (1 - 1e-12))
    return tuple(step * place for place in range(math.ceil(top / step - 1e-9) + 1))


def draw_amounts(
    picture: Picture, ticks: Sequence[float], *, start: float, end: float, base: float, ceiling: float
) -> None:
    """Draw level lines at round amounts and write them at the start edge."""
    top = ticks[-1]
    for tick in ticks:
        y = base - (base - ceiling) * tick / top
        picture.strokes([(start, end - start, y)], "bed" if tick == 0 else "grid")
        picture.text(start - 8, y + 4.5, short(tick), cls="t-soft", anchor="end")

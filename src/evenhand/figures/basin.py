"""The basin at the start edge of the waterline picture: all the water of a round in one vessel.

At every height it is as wide as the targets that share the water there, so its area is the number of units; each source
fills as much of it as it gave, first poured lowest. Separate lines have separate basins, a dam between them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from evenhand.figures.axis import Axis
from evenhand.figures.layers import Layer, Source
from evenhand.figures.markup import tag
from evenhand.figures.svg import Picture
from evenhand.figures.words import cut, three_digits
from evenhand.wording import say

FINE = 3.0
"""Height of one step of the basin's edge, in units of the picture."""
THINNEST = 1.0
"""No water is so little that it cannot be seen."""


@dataclass(frozen=True, slots=True)
class Vessel:
    """One basin: how wide the water is at each step of height, from the lowest level up, and what each source gave."""

    line: float | None
    widths: tuple[float, ...]
    filled: tuple[tuple[Source, float], ...]

    @property
    def widest(self) -> float:
        """Return its greatest breadth, in service units a step."""
        return max(self.widths, default=0.0)


@dataclass(frozen=True, slots=True)
class Band:
    """One source's water in one basin as it is drawn: its outline, and where its label points."""

    source: Source
    units: float
    outline: tuple[tuple[float, float], ...]
    at: tuple[float, float]


def fill_vessel(layers: Sequence[Layer], axis: Axis, sources: Sequence[Source], line: float | None) -> Vessel:
    """Add up layers of all columns, step by step of height. Time is linear in the number of layers."""
    steps = max(1, int((axis.base - axis.ceiling) / FINE))
    size = axis.top / steps
    own = [0.0] * (steps + 2)
    change = [0.0] * (steps + 2)
    tone_of = {lot: source for source in sources for lot in source.lots}
    filled: dict[Source, float] = {}
    for layer in layers:
        low, high = min(layer.bottom / size, steps), min(layer.top / size, steps)
        first, last = int(low), int(high)
        if high - low < 1e-12:
            own[min(first, steps - 1)] += layer.units
        elif first == last:
            own[first] += layer.units
        else:
            each = layer.units / (high - low)
            own[first] += each * (first + 1 - low)
            own[last] += each * (high - last)
            change[first + 1] += each
            change[last] -= each
        source = tone_of[layer.lot]
        filled[source] = filled.get(source, 0.0) + layer.units
    own[steps - 1] += own[steps]
    running = list(itertools.accumulate(change))
    # Sums of many floats leave dust far below any drawn step.
    widths = tuple(max(0.0, round(own[k] + running[k], 6)) for k in range(steps))
    return Vessel(line, widths, tuple((source, filled[source]) for source in sources if source in filled))


def place_bands(vessel: Vessel, axis: Axis, *, end: float, scale: float) -> tuple[Band, ...]:
    """Lay the sources into a basin from the bottom up, each with the area it gave. `end` is the basin's upright wall."""
    height = (axis.base - axis.ceiling) / len(vessel.widths)
    total = math.fsum(vessel.widths)
    given = math.fsum(units for _, units in vessel.filled)
    bands = []
    step, used = 0, 0.0
    for source, units in vessel.filled:
        wanted = units / given * total
        rows: list[tuple[float, float, float]] = []
        while wanted > total * 1e-9 and step < len(vessel.widths):
            here = vessel.widths[step]
            taken = min(wanted, here * (1 - used))
            if here > 0 and taken > 0:
                share = taken / here
                low = axis.base - (step + used) * height
                rows.append((low, low - share * height, max(here * scale, THINNEST)))
                used += share
                wanted -= taken
            if here <= 0 or used >= 1 - 1e-9:
                step, used = step + 1, 0.0
        if rows:
            bands.append(Band(source, units, _outline(rows, end), _handle(rows, end)))
    return tuple(bands)


def _outline(rows: list[tuple[float, float, float]], end: float) -> tuple[tuple[float, float], ...]:
    points = [(end, rows[0][0])]
    last = -1.0
    for low, _, wide in rows:
        if abs(wide - last) > 0.7:
            if last >= 0:
                points.append((end - last, low))
            points.append((end - wide, low))
            last = wide
    top = rows[-1][1]
    return (*points, (end - last, top), (end, top))


def _handle(rows: list[tuple[float, float, float]], end: float) -> tuple[float, float]:
    """Return the point on a band's open edge below which half of its water lies."""
    half = math.fsum((low - high) * wide for low, high, wide in rows) / 2
    for low, high, wide in rows:
        half -= (low - high) * wide
        if half <= 0:
            return end - wide, (low + high) / 2
    low, high, wide = rows[-1]
    return end - wide, (low + high) / 2


def draw_basins(picture: Picture, vessels: Sequence[Vessel], axis: Axis, *, start: float, end: float) -> None:
    """Draw all basins between the labels and the axis, on one scale, and name each source once."""
    total = sum(vessel.widest for vessel in vessels)
    if total <= 0:
        return
    dam = 8.0
    scale = (end - start - dam * (len(vessels) - 1)) / total
    wall = end
    named: dict[str, Band] = {}
    for place, vessel in enumerate(reversed(vessels)):
        bands = place_bands(vessel, axis, end=wall, scale=scale)
        for band in bands:
            picture.polyline(band.outline, f"{band.source.tone} seam", closed=True)
            kept = named.get(band.source.words)
            if kept is None or band.units > kept.units:
                named[band.source.words] = band
        wide = vessel.widest * scale
        if vessel.line is not None:
            y = axis.y(vessel.line)
            picture.strokes([(wall - wide - 3, wide + 6, y)], "line")
        if place:
            picture.uprights([(wall + dam / 2, axis.y(max(v.line or 0.0 for v in vessels)) - 6, axis.base)], "dam")
        wall -= wide + dam
    picture.strokes([(start - 2, end - start + 4, axis.base)], "bed")
    _name_bands(picture, sorted(named.values(), key=lambda band: -band.at[1]), axis, sources_of(vessels), start)


def sources_of(vessels: Sequence[Vessel]) -> dict[str, float]:
    """Sum what each source gave over all basins."""
    sums: dict[str, float] = {}
    for vessel in vessels:
        for source, units in vessel.filled:
            sums[source.words] = sums.get(source.words, 0.0) + units
    return sums


def in_units(total: float) -> tuple[float, str]:
    """Return the unit in which the parts of a total read best, and the words for it.

    Examples
    --------
    >>> in_units(119e6), in_units(52_000), in_units(80)
    ((1000000.0, 'millions of {unit}'), (1000.0, 'thousands of {unit}'), (1.0, '{unit}'))
    """
    if total >= 5e9:
        return 1e9, say("billions of {unit}")
    if total >= 5e6:
        return 1e6, say("millions of {unit}")
    if total >= 5e3:
        return 1e3, say("thousands of {unit}")
    return 1.0, "{unit}"


def _name_bands(picture: Picture, bands: Sequence[Band], axis: Axis, sums: dict[str, float], start: float) -> None:
    """Write each source's name beside its band, none over another."""
    size, _ = in_units(math.fsum(sums.values()))
    gap, lowest, highest = 17.0, axis.base - 3, axis.ceiling + 8
    places: list[float] = []
    for band in bands:
        wanted = min(band.at[1] + 4.5, lowest)
        places.append(min(wanted, places[-1] - gap) if places else wanted)
    if places and places[-1] < highest:
        floor = highest
        for index in range(len(places) - 1, -1, -1):
            places[index] = max(places[index], floor)
            floor = places[index] + gap
    for band, y in zip(bands, places, strict=True):
        value = three_digits(sums[band.source.words] / size)
        x, at = band.at
        picture.polyline([(start - 8, y - 4.5), (start - 3, at), (x, at)], "pointer")
        picture.text(start - 11, y, cut(band.source.words, 17), " ", tag("tspan", value, cls="t-soft"), anchor="end")

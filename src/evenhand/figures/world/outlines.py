"""The outlines of states and a point in each, read once from this folder's tables.

Called by the maps and by `features`. Coordinates are degrees; longitudes run from -169 to 191, so that no state is cut.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

Ring = tuple[int, ...]
"""Arc numbers in the order walked; `~number` is the arc walked backwards."""
Degrees = tuple[float, float]


@dataclass(frozen=True, slots=True)
class World:
    """The table of outlines: arcs that neighbours share, each state's rings, and a point in each of the 249."""

    source: str
    arcs: tuple[tuple[Degrees, ...], ...]
    polygons: dict[str, tuple[tuple[Ring, ...], ...]]
    points: dict[str, Degrees]

    def ends(self, arc: int) -> tuple[Degrees, Degrees]:
        """Return where an arc begins and ends, as it is walked."""
        points = self.arcs[arc if arc >= 0 else ~arc]
        return (points[0], points[-1]) if arc >= 0 else (points[-1], points[0])

    def walk(self, ring: Ring) -> list[Degrees]:
        """Return the points of a closed ring, the first again at its end."""
        walked: list[Degrees] = []
        for arc in ring:
            points = self.arcs[arc] if arc >= 0 else self.arcs[~arc][::-1]
            walked.extend(points if not walked else points[1:])
        return walked


@lru_cache(maxsize=1)
def read_world() -> World:
    """Read the tables.

    Examples
    --------
    >>> world = read_world()
    >>> len(world.points), "TCD" in world.polygons, "TUV" in world.polygons
    (249, True, False)
    """
    folder = files("evenhand.figures.world")
    table = json.loads(folder.joinpath("outlines.json").read_text(encoding="utf-8"))
    rows = csv.DictReader(folder.joinpath("points.csv").read_text(encoding="utf-8").splitlines())
    polygons = {
        key: tuple(tuple(tuple(ring) for ring in polygon) for polygon in found)
        for key, found in table["outlines"].items()
    }
    points = {row["key"]: (float(row["lon"]), float(row["lat"])) for row in rows}
    return World(table["source"], tuple(_walk(arc) for arc in table["arcs"]), polygons, points)


def _walk(steps: Sequence[int]) -> tuple[Degrees, ...]:
    x, y, points = 0, 0, []
    for place in range(0, len(steps), 2):
        x, y = x + steps[place], y + steps[place + 1]
        points.append((x / 10, y / 10))
    return tuple(points)


def rings_of(world: World, key: str) -> tuple[Ring, ...]:
    """Return a state's rings with no border inside it: parts that the antimeridian or another file had cut are one."""
    return outer_rings(world, (key,))


def outer_rings(world: World, keys: Iterable[str]) -> tuple[Ring, ...]:
    """Return the rings around some states taken together: borders between two of them are left out."""
    every = [arc for key in keys for polygon in world.polygons.get(key, ()) for ring in polygon for arc in ring]
    walked = Counter(arc if arc >= 0 else ~arc for arc in every)
    kept = [arc for arc in every if walked[arc if arc >= 0 else ~arc] == 1]
    following: dict[Degrees, list[int]] = {}
    for arc in kept:
        following.setdefault(world.ends(arc)[0], []).append(arc)
    rings: list[Ring] = []
    used: set[int] = set()
    for first in kept:
        if first in used:
            continue
        ring, at = [first], world.ends(first)[1]
        used.add(first)
        while at != world.ends(first)[0]:
            step = next((arc for arc in following.get(at, ()) if arc not in used), None)
            if step is None:  # a border that is drawn in one direction only: close the ring where it stands
                break
            ring.append(step)
            used.add(step)
            at = world.ends(step)[1]
        rings.append(tuple(ring))
    return tuple(rings)

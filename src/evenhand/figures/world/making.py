"""Make the table of outlines from a boundary file: `python -m evenhand.figures.world FILE`.

Run by hand when boundaries change, never by a server. The file is GeoJSON as Natural Earth publishes it (also gzipped), with
the state's ISO 3166 alpha-3 code in one of `CODES`. What is done to it is all here: codes and rings put where the maps of the
United Nations have them, coordinates in whole tenths of a degree, borders kept once, and bends too small to see left out.
"""

from __future__ import annotations

import gzip
import itertools
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from evenhand.errors import FileUnreadable

Point = tuple[int, int]
"""Tenths of a degree: longitude, latitude."""

CODES = ("ADM0_A3", "ISO_A3_EH", "ISO_A3", "iso3", "ISO3CD")
DRAWN_AS = {"CYN": "CYP", "KOS": "SRB", "SOL": "SOM", "TWN": "CHN", "PSX": "PSE", "SAH": "ESH", "SDS": "SSD"}
"""Codes of the source, and the state of ISO 3166 that United Nations maps draw them with."""
MOVED = (("RUS", (341, 453), "UKR"),)
"""(from, a point inside, to): rings that United Nations maps draw otherwise. Crimea: General Assembly resolution 68/262."""
CUT = (("MAR", 277, "ESH"),)
"""(state, latitude in tenths, whose the south of it is): Western Sahara up to 27°40' north, whoever holds which part of it."""
LEFT_OUT = ("ATA",)
BEND = 4.0
"""Bends of a smaller area than this (hundredths of a square degree at the equator) are left out."""
ISLE = 30.0
"""Islands of a smaller area are left out, save a state's largest."""
NAME = "Natural Earth 1:110m, public domain; simplified for Evenhand"


def make_table(path: Path, *, source: str = NAME) -> str:
    """Return the text of `outlines.json` made from a boundary file.

    Raises
    ------
    FileUnreadable
        The file is not GeoJSON, or no feature has a state's code.
    """
    rings = _read_rings(path)
    arcs, outlines = find_arcs(rings)
    lines = ",\n".join(_tight([part for point in _steps(bend_less(arc)) for part in point]) for arc in arcs)
    told = ",\n".join(f"{_tight(key)}:{_tight(outlines[key])}" for key in sorted(outlines))
    head = f'"source":{_tight(source)},\n"unit":"tenths of a degree; each arc is a point, then steps"'
    return f'{{{head},\n"arcs":[\n{lines}\n],\n"outlines":{{\n{told}\n}}}}\n'


def _tight(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _read_rings(path: Path) -> dict[str, list[list[list[Point]]]]:
    """Return each state's polygons, each a list of closed rings."""
    try:
        raw = path.read_bytes()
        found = json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
        features = [(feature["properties"], feature["geometry"]) for feature in found["features"]]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise FileUnreadable(
            f"{path}: this is no GeoJSON of boundaries ({problem}); take Natural Earth's."
        ) from problem
    rings: dict[str, list[list[list[Point]]]] = defaultdict(list)
    for properties, geometry in features:
        code = _code(properties)
        if geometry is None or not code or code in LEFT_OUT:
            continue
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        for polygon in polygons:
            whole = [ring for ring in (_tenths(ring) for ring in polygon) if len(ring) >= 4]
            if whole:
                for owner, part in _parts(_owner(code, whole[0]), whole):
                    rings[owner].append(part)
    if not rings:
        raise FileUnreadable(f"{path}: no feature has a state's code; one of {', '.join(CODES)} must hold it.")
    return {key: _large_enough(polygons) for key, polygons in rings.items()}


def _code(properties: dict[str, Any]) -> str:
    code = next((str(properties[name]) for name in CODES if len(str(properties.get(name) or "")) == 3), "")
    return DRAWN_AS.get(code, code)


def _owner(code: str, ring: Sequence[Point]) -> str:
    return next((to for owner, inside, to in MOVED if owner == code and encloses(ring, inside)), code)


def _parts(code: str, polygon: list[list[Point]]) -> list[tuple[str, list[list[Point]]]]:
    """Return a polygon whole, or cut at a latitude, each part with the state it is drawn with."""
    for owner, lat, south in CUT:
        if owner == code and min(y for _, y in polygon[0]) < lat:
            parts = [(owner, [part_beyond(ring, lat, 1) for ring in polygon])]
            parts.append((south, [part_beyond(ring, lat, -1) for ring in polygon]))
            return [(key, rings) for key, rings in parts if len(rings[0]) >= 4]
    return [(code, polygon)]


def part_beyond(ring: Sequence[Point], lat: int, side: int) -> list[Point]:
    """Return the part of a closed ring north (side 1) or south (side -1) of a latitude.

    Source: Sutherland and Hodgman 1974, for one edge.

    Examples
    --------
    >>> part_beyond([(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)], 4, 1)
    [(10, 4), (10, 10), (0, 10), (0, 4), (10, 4)]
    """
    kept: list[Point] = []
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if (y1 - lat) * side >= 0:
            kept.append((x1, y1))
        if (y1 - lat) * (y2 - lat) < 0:
            kept.append((round(x1 + (x2 - x1) * (lat - y1) / (y2 - y1)), lat))
    return without_spikes(kept) if len(kept) > 2 else []


def _tenths(ring: Iterable[Sequence[float]]) -> list[Point]:
    """Round a ring; one that touches the antimeridian from the east is laid beside the rest of its state."""
    points = [(round(point[0] * 10), round(point[1] * 10)) for point in ring]
    if min(x for x, _ in points) <= -1795 and max(x for x, _ in points) < 0:
        points = [(x + 3600, y) for x, y in points]
    return without_spikes(points)


def without_spikes(points: Sequence[Point]) -> list[Point]:
    """Return a closed ring without points named twice in a row and without ways out and straight back.

    Examples
    --------
    >>> without_spikes([(0, 0), (5, 0), (5, 0), (5, 9), (5, 0), (5, 5), (0, 0)])
    [(0, 0), (5, 0), (5, 5), (0, 0)]
    """
    ring = list(points[:-1] if points[0] == points[-1] else points)
    place = 0
    while place < len(ring) and len(ring) > 2:
        if _turns_back(ring[place - 1], ring[place], ring[(place + 1) % len(ring)]):
            del ring[place]
            place = max(place - 2, 0)
        else:
            place += 1
    return [*ring, ring[0]]


def _turns_back(a: Point, b: Point, c: Point) -> bool:
    """Say whether a way from a over b to c goes straight back at b, or stays where it is."""
    ahead, back = (b[0] - a[0], b[1] - a[1]), (c[0] - b[0], c[1] - b[1])
    across = ahead[0] * back[1] - ahead[1] * back[0]
    along = ahead[0] * back[0] + ahead[1] * back[1]
    return ahead == (0, 0) or (across == 0 and along < 0)


def _large_enough(polygons: list[list[list[Point]]]) -> list[list[list[Point]]]:
    sizes = [abs(area(polygon[0])) for polygon in polygons]
    return [polygon for polygon, size in zip(polygons, sizes, strict=True) if size >= ISLE or size == max(sizes)]


def area(ring: Sequence[Point]) -> float:
    """Return the area of a closed ring in hundredths of a square degree at the equator; clockwise ones are negative.

    Examples
    --------
    >>> round(area([(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]))
    100
    """
    squeeze = math.cos(math.radians(sum(y for _, y in ring) / len(ring) / 10))
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2 * round(squeeze, 6)


def encloses(ring: Sequence[Point], point: Point) -> bool:
    """Say whether a point lies inside a closed ring.

    Examples
    --------
    >>> square = [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]
    >>> encloses(square, (5, 5)), encloses(square, (15, 5))
    (True, False)
    """
    x, y = point
    crossed = 0
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossed += 1
    return crossed % 2 == 1


def find_arcs(
    rings: dict[str, list[list[list[Point]]]],
) -> tuple[list[list[Point]], dict[str, list[list[list[int]]]]]:
    """Cut rings where borders meet, and keep what neighbours share once.

    Returns
    -------
    tuple
        The arcs, and for every state its polygons as rings of arc numbers; `~number` is the arc walked backwards.
    """
    beside: dict[Point, set[Point]] = defaultdict(set)
    ends: dict[Point, set[frozenset[Point]]] = defaultdict(set)
    every = [ring for polygons in rings.values() for polygon in polygons for ring in polygon]
    for ring in every:
        bare = ring[:-1]
        for place, point in enumerate(bare):
            pair = frozenset((bare[place - 1], bare[(place + 1) % len(bare)]))
            beside[point] |= pair
            ends[point].add(pair)
    joints = {point for point, pairs in ends.items() if len(pairs) > 1}
    arcs: list[list[Point]] = []
    number_of: dict[tuple[Point, ...], int] = {}

    def number(arc: list[Point]) -> int:
        forward, backward = tuple(arc), tuple(reversed(arc))
        if forward in number_of:
            return number_of[forward]
        if backward in number_of:
            return ~number_of[backward]
        number_of[forward] = len(arcs)
        arcs.append(arc)
        return number_of[forward]

    def cut(ring: list[Point]) -> list[int]:
        bare = ring[:-1]
        # A ring without joints (an island, or a state inside another) starts at its least point, so that both find it alike.
        start = next((k for k, point in enumerate(bare) if point in joints), bare.index(min(bare)))
        turned = [*bare[start:], *bare[:start], bare[start]]
        found: list[int] = []
        arc = [turned[0]]
        for point in turned[1:]:
            arc.append(point)
            if point in joints:
                found.append(number(arc))
                arc = [point]
        return [*found, number(arc)] if len(arc) > 1 else found

    outlines = {
        key: [[cut(ring) for ring in polygon] for polygon in polygons] for key, polygons in sorted(rings.items())
    }
    return arcs, outlines


def bend_less(arc: Sequence[Point], least: float = BEND, *, squeezed: bool = True) -> list[Point]:
    """Leave out the smallest bends of an arc, one after the other, its ends never (Visvalingam and Whyatt 1993).

    Parameters
    ----------
    squeezed
        Whether a degree of longitude is narrower in the north: so on the globe, not on a map that keeps areas.

    Examples
    --------
    >>> bend_less([(0, 0), (10, 1), (20, 0), (30, 40)], 15)
    [(0, 0), (20, 0), (30, 40)]
    """
    kept = list(arc)
    fewest = 5 if kept[0] == kept[-1] else 2
    while len(kept) > fewest:
        sizes = [_bend(kept[k - 1], kept[k], kept[k + 1], squeezed=squeezed) for k in range(1, len(kept) - 1)]
        size, place = min((size, place) for place, size in enumerate(sizes, 1))
        if size >= least:
            break
        del kept[place]
    return kept


def _bend(a: Point, b: Point, c: Point, *, squeezed: bool) -> float:
    squeeze = math.cos(math.radians(b[1] / 10)) if squeezed else 1.0
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2 * squeeze


def _steps(arc: Sequence[Point]) -> Iterable[Point]:
    """Return a first point, then the steps from each point to the next."""
    x, y = 0, 0
    for point in arc:
        yield point[0] - x, point[1] - y
        x, y = point

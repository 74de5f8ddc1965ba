"""The map of members by how much of their need is met: the world, or a region of it.

One path a member, a dot for those too small to see, everybody else as one shape without borders. The map is never mirrored.
It carries no value alone: the table beside it lists every member, and is what a keyboard reaches; links on the map are
hidden from assistive technology. Called by pages, papers and the API; must never say more than it was given.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from evenhand.figures.markup import Markup, clean, join, tag
from evenhand.figures.shares import class_names, class_number, count_classes
from evenhand.figures.words import amount, isolate, percent
from evenhand.figures.world.making import bend_less
from evenhand.figures.world.outlines import Ring, World, outer_rings, read_world, rings_of
from evenhand.figures.world.projection import project
from evenhand.wording import say, say_count

WIDTH = 880.0
DOT = 3.6
LEAST = 9.0
"""A member whose outline covers less than this many square units is drawn as a dot."""
APART = 8.0
FINEST = 15.0
"""Bends of less than this are not drawn, in quarters of a square unit."""
UNCOLOURED = frozenset(("ESH",))
"""Western Sahara: left uncoloured, as on maps of the United Nations."""
Spot = tuple[float, float]
Half = tuple[int, int]
"""A place on the map in half units."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Which part of the world is drawn: units for one unit of the projection, and the box on the map."""

    scale: float
    start: float
    top: float
    width: float
    height: float

    def place(self, lon: float, lat: float) -> Half:
        """Return a point's place in half units."""
        x, y = project(lon, lat)
        return round(2 * (x * self.scale - self.start)), round(2 * (-y * self.scale - self.top))

    def holds(self, spot: Half, margin: float = 40.0) -> bool:
        """Say whether a place lies in the box or near it."""
        x, y = spot[0] / 2, spot[1] / 2
        return -margin <= x <= self.width + margin and -margin <= y <= self.height + margin


def disclaimer() -> str:
    """Return the sentence that every map carries."""
    return say(
        "The boundaries and names shown on this map imply no opinion on the legal status of any country, territory or "
        "area, or on its borders. Western Sahara is left uncoloured. Final status of Jammu and Kashmir is not agreed "
        "upon by the parties."
    )


def class_of(share: float | None) -> str:
    """Return the CSS class of a share of need met; `m0` for no data.

    Examples
    --------
    >>> class_of(0.05), class_of(0.9999), class_of(1.0), class_of(None)
    ('m1', 'm5', 'm6', 'm0')
    """
    if share is None or math.isnan(share):
        return "m0"
    return f"m{class_number(share)}"


def draw_map(
    shares: Mapping[str, float | None],
    names: Mapping[str, str],
    *,
    links: Mapping[str, str] | None = None,
    within: Iterable[str] = (),
    ident: str = "map",
    title: str = "",
) -> Markup:
    """Draw members by share of need met.

    Parameters
    ----------
    shares
        ISO 3166 alpha-3 code → share of need met (1 = all of it), None where nothing is recorded. Codes that no point
        is known for are not drawn; the table beside the map has them.
    names
        Their names in the reader's language; the code stands in where one is missing.
    links
        Addresses of their pages, if the map should lead there.
    within
        Members to show large, e.g. those of one region; all the world where empty.
    ident
        Begins every id in the picture.
    title
        What the map shows, as a heading would say it.
    """
    world, frame = read_world(), _find_frame(tuple(sorted(within)))
    drawn = {key for key in shares if key not in UNCOLOURED}
    large = {key for key in drawn if _is_large(frame, key)}
    land = tag("path", cls="land", d=_written(frame, outer_rings(world, sorted(set(world.polygons) - large))))
    groups: dict[str, list[Markup]] = {}
    for key in sorted(large):
        mark = tag("path", _title(key, shares, names), d=_written(frame, rings_of(world, key)))
        groups.setdefault(class_of(shares[key]), []).append(_linked(mark, links, key))
    dots: dict[str, list[Markup]] = {}
    for key, (x, y) in _spread(frame, [key for key in sorted(drawn - large) if key in world.points]):
        mark = tag("circle", _title(key, shares, names), cx=_half(x), cy=_half(y), r=str(DOT))
        dots.setdefault(class_of(shares[key]), []).append(_linked(mark, links, key))
    members = tag("g", _classed(groups), cls="mem") if groups else None
    islands = tag("g", _classed(dots), cls="dots") if dots else None
    words = title or say("World map of members by share of need met")
    known = tag("title", clean(words), id=f"{ident}-t")
    told = tag("desc", clean(describe(shares, names)), id=f"{ident}-d")
    labelled = f"{ident}-t {ident}-d"
    box = f"0 0 {_half(round(2 * frame.width))} {_half(round(2 * frame.height))}"
    if not links:
        return tag(
            "svg", known, told, land, members, islands, cls="map", viewBox=box, role="img", aria_labelledby=labelled
        )
    # What is told and what is linked are apart: links inside an image are out of reach, and must not pretend otherwise.
    image = tag("g", land, role="img", aria_labelledby=labelled)
    return tag("svg", known, told, image, tag("g", members, islands, aria_hidden="true"), cls="map", viewBox=box)


def describe(shares: Mapping[str, float | None], names: Mapping[str, str]) -> str:
    """Tell the map in words: how many stand in each class, and who stand lowest."""
    known = sorted((share, key) for key, share in shares.items() if share is not None and not math.isnan(share))
    if not known:
        return say("No member has a share on record. The table beside the map lists every member.")
    counts = count_classes([share for share, _ in known])
    parts = [f"{name}: {amount(number)}" for name, number in zip(class_names(), counts, strict=True) if number]
    lowest = [f"{isolate(names.get(key, key))} {percent(share)}" for share, key in known[:5]]
    dark = len(shares) - len(known)
    said = [
        say("Members by share of their need that is met: {classes}.").format(classes="; ".join(parts)),
        say("Lowest: {names}.").format(names="; ".join(lowest)),
    ]
    if dark:
        said.append(
            say_count("{count} member has no data.", "{count} members have no data.", dark).format(count=amount(dark))
        )
    return " ".join([*said, say("The table beside the map lists every member.")])


def _linked(mark: Markup, links: Mapping[str, str] | None, key: str) -> Markup:
    if not links or key not in links:
        return mark
    return tag("a", mark, href=links[key], tabindex="-1")


def _classed(groups: Mapping[str, Sequence[Markup]]) -> Markup:
    return join(tag("g", groups[cls], cls=cls) for cls in sorted(groups))


def _title(key: str, shares: Mapping[str, float | None], names: Mapping[str, str]) -> Markup:
    share = shares[key]
    words = say("no data") if share is None or math.isnan(share) else percent(share)
    return tag("title", f"{isolate(names.get(key, key))} {words}")


@lru_cache(maxsize=64)
def _find_frame(within: tuple[str, ...]) -> Frame:
    """Return the box around some members with a margin; around all land where none is named."""
    world = read_world()
    spots: list[Spot] = []
    for key in within:
        spots += [project(*point) for point in _main_part(world, key)]
    margin = 0.06
    if not spots:
        # Every island's dot lies inside the frame, however far out; Antarctica is not drawn.
        spots = [project(*point) for arc in world.arcs for point in arc]
        spots += [project(*_beside(point)) for point in world.points.values() if point[1] > -60]
        margin = 0.0
    xs, ys = [x for x, _ in spots], [-y for _, y in spots]
    wide, high = max(max(xs) - min(xs), 0.02), max(max(ys) - min(ys), 0.02)
    if within and wide < high * 1.2:
        # A map much taller than wide would push the table off the page.
        middle = (max(xs) + min(xs)) / 2
        wide = high * 1.2
        xs = [middle - wide / 2, middle + wide / 2]
    pad = max(wide, high) * margin
    scale = (WIDTH - 8) / (wide + 2 * pad)
    start, top = (min(xs) - pad) * scale - 4, (min(ys) - pad) * scale - 4
    return Frame(scale, start, top, WIDTH, (high + 2 * pad) * scale + 8)


def _main_part(world: World, key: str) -> list[Spot]:
    """Return the points of a state's largest part, so that an island far away does not shrink everybody; else its own."""
    walked = [world.walk(polygon[0]) for polygon in world.polygons.get(key, ())]
    if not walked:
        return [world.points[key]] if key in world.points else []
    return max(walked, key=lambda ring: _area([project(*point) for point in ring]))


def _area(points: Sequence[Spot]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(points))) / 2


@lru_cache(maxsize=4096)
def _is_large(frame: Frame, key: str) -> bool:
    """Say whether a state's outline can be seen: its largest part covers enough, and something of it lies in the frame."""
    world = read_world()
    rings = [world.walk(polygon[0]) for polygon in world.polygons.get(key, ())]
    if not rings or not _written(frame, rings_of(world, key)):
        return False
    size = max(_area([(x / 2, y / 2) for x, y in (frame.place(*point) for point in ring)]) for ring in rings)
    return size >= LEAST


@lru_cache(maxsize=4096)
def _written(frame: Frame, rings: tuple[Ring, ...]) -> str:
    """Write rings as a path of relative steps, to half a unit; rings that lie outside the frame are left out."""
    pieces = []
    for ring in rings:
        spots: list[Half] = []
        for arc in ring:
            placed = _placed(frame, arc if arc >= 0 else ~arc)
            walked = placed if arc >= 0 else placed[::-1]
            spots.extend(walked if not spots else walked[1:])
        if not any(frame.holds(spot) for spot in spots):
            continue
        x, y = spots[0]
        piece = [f"M{_half(x)} {_half(y)}l"]
        steps = []
        for spot in spots[1:-1]:
            dx, dy = spot[0] - x, spot[1] - y
            if dx or dy:
                steps.append(f"{_half(dx)}{'' if dy < 0 else ' '}{_half(dy)}")
                x, y = spot
        if len(steps) < 2:
            continue
        for place, step in enumerate(steps):
            piece.append(step if place == 0 or step.startswith("-") else f" {step}")
        pieces.append("".join(piece) + "z")
    return "".join(pieces)


@lru_cache(maxsize=8192)
def _placed(frame: Frame, arc: int) -> tuple[Half, ...]:
    """Place an arc on the map, without the bends too small to see there: neighbours share it, so no gap opens."""
    return tuple(bend_less([frame.place(*point) for point in read_world().arcs[arc]], FINEST, squeezed=False))


def _half(halves: int) -> str:
    """Write a number of half units.

    Examples
    --------
    >>> _half(3), _half(-1), _half(4)
    ('1.5', '-.5', '2')
    """
    if halves % 2 == 0:
        return str(halves // 2)
    whole = abs(halves) // 2
    return f"{'-' if halves < 0 else ''}{whole or ''}.5"


def _spread(frame: Frame, keys: Sequence[str]) -> list[tuple[str, Half]]:
    """Place dots, those of near islands pushed apart so that each can be seen and met."""
    world = read_world()
    spots = {key: frame.place(*_beside(world.points[key])) for key in keys}
    places = {key: [x / 2, y / 2] for key, (x, y) in spots.items() if frame.holds((x, y), 0.0)}
    for _ in range(40):
        moved = False
        for k, one in enumerate(places):
            for other in list(places)[k + 1 :]:
                dx, dy = places[other][0] - places[one][0], places[other][1] - places[one][1]
                far = math.hypot(dx, dy)
                if far < APART:
                    push = (APART - far) / 2 + 0.05
                    ux, uy = (dx / far, dy / far) if far else (0.8, 0.6)
                    for key, sign in ((one, -1), (other, 1)):
                        places[key][0] += sign * ux * push
                        places[key][1] += sign * uy * push
                    moved = True
        if not moved:
            break
    held = {
        key: (min(max(x, DOT), frame.width - DOT), min(max(y, DOT), frame.height - DOT))
        for key, (x, y) in places.items()
    }
    return [(key, (round(2 * x), round(2 * y))) for key, (x, y) in held.items()]


def _beside(point: Spot) -> Spot:
    """Return a point with its longitude between -169 and 191, as the outlines have it."""
    lon, lat = point
    return (lon + 360 if lon < -169 else lon), lat


def key_to_map(*, land: bool = True) -> tuple[tuple[str, str], ...]:
    """Return the key to a map: (CSS class, words)."""
    named = [(f"m{place}", name) for place, name in enumerate(class_names(), 1)]
    named.append(("m0", say("no data")))
    return (*named, ("land", say("not a member"))) if land else tuple(named)

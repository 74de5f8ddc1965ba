"""The map of districts and clinics inside one state: a dot for each place, by how much of its need is met.

Called by pages of a state. Places without coordinates are counted in the description and stand in the table. The outline
is the coarse one of the world map unless a finer one is given; it is there to find one's way, not to show borders.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evenhand.figures.markup import Markup, clean, tag
from evenhand.figures.svg import Cell, Picture, num, text_length
from evenhand.figures.words import amount, cut, isolate, percent
from evenhand.figures.world.maps import class_of
from evenhand.figures.world.outlines import Degrees, read_world
from evenhand.wording import say, say_count

WIDTH = 720.0
HIGHEST = 640.0
EDGE = 28.0
MOST_NAMED = 40
MOST_DOTS = 2000


@dataclass(frozen=True, slots=True)
class PlacePoint:
    """A place to draw: its key, name, degrees, share of need met, and the address of its page if it has one.

    `large` places (districts) have larger dots than others (clinics).
    """

    key: str
    name: str
    lon: float | None
    lat: float | None
    share: float | None = None
    link: str = ""
    large: bool = False


def outline_of(key: str) -> tuple[tuple[Degrees, ...], ...]:
    """Return a state's outline from the table, as rings of degrees; nothing for states that are only a point.

    Examples
    --------
    >>> len(outline_of("TCD")), outline_of("TUV")
    (1, ())
    """
    world = read_world()
    return tuple(tuple(world.walk(polygon[0])) for polygon in world.polygons.get(key, ()))


def draw_places(
    places: Sequence[PlacePoint],
    outline: Sequence[Sequence[Degrees]] = (),
    *,
    ident: str = "places",
    title: str = "",
) -> Markup:
    """Draw places on the outline of their state.

    Parameters
    ----------
    places
        Any number; the first 2,000 by share (lowest first) are drawn, those without coordinates are only counted.
    outline
        Rings of degrees, e.g. from `outline_of`.
    """
    ordered = sorted(places, key=lambda one: (one.share is None, one.share or 0.0, one.key))
    placed = [(one, one.lon, one.lat) for one in ordered if one.lon is not None and one.lat is not None][:MOST_DOTS]
    points = [point for ring in outline for point in ring] or [(lon, lat) for _, lon, lat in placed]
    lons = [lon for lon, _ in points] + [lon for _, lon, _ in placed]
    lats = [lat for _, lat in points] + [lat for _, _, lat in placed]
    west, east = (min(lons), max(lons)) if lons else (0.0, 1.0)
    south, north = (min(lats), max(lats)) if lats else (0.0, 1.0)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = min(
        (WIDTH - 2 * EDGE) / max((east - west) * squeeze, 0.02), (HIGHEST - 2 * EDGE) / max(north - south, 0.02)
    )
    high = (north - south) * scale + 2 * EDGE
    indent = (WIDTH - (east - west) * squeeze * scale) / 2

    def spot(lon: float, lat: float) -> tuple[float, float]:
        return indent + (lon - west) * squeeze * scale, EDGE + (north - lat) * scale

    picture = Picture(WIDTH, high, ident=ident)
    for ring in outline:
        picture.polyline([spot(*point) for point in ring[:-1]], "land", closed=True)
    dots: list[Markup] = []
    taken: list[Cell] = []
    for one, lon, lat in placed:
        x, y = spot(lon, lat)
        r = 8.0 if one.large else 5.5
        share = say("no data") if one.share is None else percent(one.share)
        dot = tag(
            "circle",
            tag("title", f"{isolate(one.name)} {share}"),
            cls=class_of(one.share),
            cx=num(x),
            cy=num(y),
            r=num(r),
        )
        dots.append(tag("a", dot, href=one.link, tabindex="-1") if one.link else dot)
        taken.append((x - r, 2 * r, y - r, y + r))
    _name(picture, [(one, *spot(lon, lat)) for one, lon, lat in placed[:MOST_NAMED]], taken)
    picture.marks.append(tag("g", reversed(dots), cls="dots", aria_hidden="true"))
    away = sum(one.lon is None or one.lat is None for one in places)
    told = [say_count("{count} place.", "{count} places.", len(places)).format(count=amount(len(places)))]
    lowest = [f"{isolate(one.name)} {percent(one.share)}" for one in ordered[:5] if one.share is not None]
    if lowest:
        told.append(say("Lowest: {names}.").format(names="; ".join(lowest)))
    if away:
        told.append(
            say_count(
                "{count} place has no coordinates and is not on the map.",
                "{count} places have no coordinates and are not on the map.",
                away,
            ).format(count=amount(away))
        )
    told.append(say("The table beside the map lists every place."))
    words = title or say("Map of places by share of need met")
    return _render(picture, words, " ".join(told), linked=any(one.link for one in places))


def _name(picture: Picture, spots: Sequence[tuple[PlacePoint, float, float]], taken: list[Cell]) -> None:
    """Write names beside their dots where there is room; the lowest first."""
    for one, x, y in spots:
        words = isolate(cut(one.name, 24))
        long = text_length(words) + 2
        r = 8.0 if one.large else 5.5
        for start in (x + r + 4, x - r - 4 - long):
            cell = (start, long, y - 8, y + 7)
            if start >= 2 and start + long <= picture.width - 2 and not any(_meet(cell, other) for other in taken):
                anchored = start > x
                picture.text(
                    x + (r + 4 if anchored else -r - 4),
                    y + 4.5,
                    words,
                    cls="halo",
                    anchor="start" if anchored else "end",
                )
                taken.append(cell)
                break


def _meet(a: Cell, b: Cell) -> bool:
    return a[0] < b[0] + b[1] and b[0] < a[0] + a[1] and a[2] < b[3] and b[2] < a[3]


def _render(picture: Picture, title: str, description: str, *, linked: bool) -> Markup:
    if not linked:
        return picture.render(title, description, cls="map pic", sized=True)
    known = tag("title", clean(title), id=f"{picture.ident}-t")
    told = tag("desc", clean(description), id=f"{picture.ident}-d")
    # As on the world map: the image is told, the links are for pointers and stand again in the table.
    image = tag("g", *picture.marks[:-1], role="img", aria_labelledby=f"{picture.ident}-t {picture.ident}-d")
    size = {"width": num(picture.width), "height": num(picture.height)}
    box = f"0 0 {size['width']} {size['height']}"
    return tag("svg", known, told, image, picture.marks[-1:], cls="map pic", viewBox=box, direction="ltr", **size)

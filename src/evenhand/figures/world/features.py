"""The map as GeoJSON, for whoever draws it elsewhere: `/en/needs.geojson` and the API.

Called by pages and the API. Polygons where an outline is known, points otherwise; RFC 7946: degrees, longitudes from -180 to
180, outer rings counter-clockwise, what crosses the antimeridian in two parts. Every collection names the source of its
borders and says what the map implies: nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evenhand.figures.world.making import area
from evenhand.figures.world.maps import UNCOLOURED, disclaimer
from evenhand.figures.world.outlines import Degrees, World, read_world


def geojson(
    shares: Mapping[str, float | None],
    names: Mapping[str, str],
    *,
    properties: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return members as a GeoJSON FeatureCollection.

    Parameters
    ----------
    shares
        ISO 3166 alpha-3 code → share of need met (1 = all), None where nothing is recorded.
    names
        Names by code.
    properties
        More properties by code, written beside `key`, `name` and `share`.

    Examples
    --------
    >>> found = geojson({"TCD": 0.07, "TUV": None}, {"TCD": "Chad", "TUV": "Tuvalu"})
    >>> [(one["id"], one["geometry"]["type"], one["properties"]["share"]) for one in found["features"]]
    [('TCD', 'Polygon', 0.07), ('TUV', 'Point', None)]
    """
    world = read_world()
    features = []
    for key in sorted(shares):
        told = {"key": key, "name": names.get(key, key), "share": shares[key]}
        told |= (properties or {}).get(key, {})
        features.append({"type": "Feature", "id": key, "geometry": _geometry(world, key), "properties": told})
    return {"type": "FeatureCollection", "source": world.source, "note": disclaimer(), "features": features}


def _geometry(world: World, key: str) -> dict[str, Any] | None:
    polygons = world.polygons.get(key, ()) if key not in UNCOLOURED else ()
    if polygons:
        rings = [[_wound(world.walk(ring), outer=place == 0) for place, ring in enumerate(one)] for one in polygons]
        parts = [_on_one_side(one) for one in rings]
        if len(parts) == 1:
            return {"type": "Polygon", "coordinates": parts[0]}
        return {"type": "MultiPolygon", "coordinates": parts}
    if key in world.points:
        return {"type": "Point", "coordinates": list(world.points[key])}
    return None


def _wound(ring: list[Degrees], *, outer: bool) -> list[Degrees]:
    turned = area([(round(x * 10), round(y * 10)) for x, y in ring]) > 0
    return ring if turned == outer else ring[::-1]


def _on_one_side(rings: list[list[Degrees]]) -> list[list[list[float]]]:
    """Bring a polygon that lies beyond the antimeridian back to western longitudes; the table never crosses it."""
    beyond = max(x for x, _ in rings[0]) > 180
    return [[[round(x - 360, 1) if beyond else x, y] for x, y in ring] for ring in rings]

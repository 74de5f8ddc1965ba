"""The Equal Earth projection: areas on the map are in proportion to areas on the ground, so that no state looms.

Called by the maps. Source: Šavrič, Patterson and Jenny 2019, "The Equal Earth map projection", equations 6 to 9.
"""

from __future__ import annotations

import math

CENTRE = 11.0
"""Meridian in the middle, degrees east: the cut then falls into the Bering Strait and parts no state."""
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
HALF_ROOT_3 = math.sqrt(3) / 2


def project(lon: float, lat: float) -> tuple[float, float]:
    """Return where a point lies on the map: x from -2.71 to 2.71 eastward, y from -1.32 to 1.32 northward.

    Parameters
    ----------
    lon, lat
        Degrees; longitudes beyond 180 go on eastward.

    Examples
    --------
    >>> project(11, 0)
    (0.0, 0.0)
    >>> [round(part, 4) for part in project(191, 0)], [round(part, 4) for part in project(11, 90)]
    ([2.7066, 0.0], [0.0, 1.3174])
    """
    angle = math.asin(HALF_ROOT_3 * math.sin(math.radians(lat)))
    square = angle * angle
    sixth = square * square * square
    slope = 9 * A4 * sixth * square + 7 * A3 * sixth + 3 * A2 * square + A1
    x = 2 * math.sqrt(3) * math.radians(lon - CENTRE) * math.cos(angle) / (3 * slope)
    return x, angle * (A1 + A2 * square + sixth * (A3 + A4 * square))

"""Small bars that stand in the rows of a table, beside their numbers: on one scale, hidden from readers that cannot see."""

from __future__ import annotations

from evenhand.figures.markup import Markup, join, tag
from evenhand.figures.story import RecipientStory
from evenhand.figures.svg import num

LEVEL_SIGN = tag(
    "svg",
    tag("path", d="M2 0h12L8 7z"),
    tag("path", d="M0 9.5h16M3.5 13.5h9", stroke_width="1.8"),
    cls="level",
    viewBox="0 0 16 15",
    aria_hidden="true",
)
"""The hydrologist's sign for a water surface."""


LEAST = 0.6
"""No gift is so small that it cannot be seen; its number stands beside it."""


def _bar(*parts: Markup | None) -> Markup:
    return tag("svg", parts, cls="bar flip", viewBox="0 0 100 10", preserveAspectRatio="none", aria_hidden="true")


def _part(cls: str, x: float, wide: float) -> Markup | None:
    return tag("path", cls=cls, d=f"M{num(x)} 0h{num(wide)}v10h{num(-wide)}z") if wide > 0.004 else None


def coverage_bar(row: RecipientStory, scale: float, line: float | None) -> Markup:
    """Return held, received and what is missing up to the line, on a scale that ends at the coverage `scale`."""
    held = min(row.coverage_before / scale, 1.0) * 100
    after = min(row.coverage_after / scale, 1.0) * 100
    parts = [_part("f-ground", 0, held), _part("f-water", held, after - held)]
    if line is not None:
        at = min(line / scale, 1.0) * 100
        parts.insert(0, _part("f-none", after, at - after))
        parts.append(tag("path", cls="f-ink", d=f"M{num(at - 0.35)} -2h.7v14h-.7z"))
    return _bar(*parts)


def share_bar(parts: list[float], scale: float) -> Markup:
    """Return one bar in several parts divided by paper, e.g. a donor's gifts."""
    if 0 < sum(parts) < scale * LEAST / 100:
        return _bar(_part("f-mid", 0, LEAST))
    x = 0.0
    drawn = []
    for part in parts:
        wide = part / scale * 100 if scale > 0 else 0.0
        drawn.append(_part("f-mid", x, wide))
        x += wide
    return _bar(*drawn)


def swatch(cls: str) -> Markup:
    """Return a small field of one fill, for a key."""
    return tag("svg", tag("path", cls=cls, d="M1 1h18v12h-18z"), viewBox="0 0 20 14", aria_hidden="true")


def key(*entries: tuple[str, str]) -> Markup:
    """Return a key: (fill, words)."""
    return tag("ul", (tag("li", swatch(cls), words) for cls, words in entries), cls="key") if entries else join()

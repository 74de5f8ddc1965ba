"""Bars that stand beside a number, and the key under them: SVG whose widths are attributes, so that no style is inline.

Hollow is words, solid is things, stone is what was there before, pale clay is missing. A bar is hidden from screen readers:
its numbers stand in the row. Used by the frame's tags alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

Quantity = int | float | Fraction | Decimal | None

FILLS: Final = {
    "held": "f-ground", "used": "f-deep", "received": "f-water", "given": "f-water", "in_transit": "f-mid", "committed": "f-mid",
    "allocated": "f-pale", "promised": "f-words", "lost": "f-clay", "missing": "f-none",
}  # fmt: skip
"""Part of a bar → the class of its fill, in the order in which parts follow one another: the surest first."""

LENGTH: Final = 100
"""The length of a bar in its own units."""


def draw_bar(parts: Mapping[str, Quantity], of: Quantity = None, mark: Quantity = None, rest: str = "") -> SafeString:
    """Return a bar.

    Parameters
    ----------
    parts
        Part → quantity, of `FILLS`; what is None or not above zero is left out.
    of
        What the whole length stands for; the sum of the parts where it is None or less than that.
    mark
        Where an upright line stands, such as a round's waterline.
    rest
        The part that fills what remains of `of`, such as "missing".
    """
    known = {name: Fraction(parts[name] or 0) for name in FILLS if Fraction(parts.get(name) or 0) > 0}
    total = sum(known.values(), Fraction(0))
    whole = max(Fraction(of or 0), total, Fraction(mark or 0) if of is None else Fraction(0))
    if not whole:
        return _svg(mark_safe(""))
    if rest and total < whole:
        known[rest] = known.get(rest, Fraction(0)) + whole - total
    drawn, start = [], Fraction(0)
    for name, fill in FILLS.items():
        if name in known:
            drawn.append((fill, _units(start / whole), _units(known[name] / whole)))
            start += known[name]
    inside = format_html_join("", '<rect class="{}" x="{}" width="{}" height="10"/>', drawn)
    if mark is not None:
        at = _units(min(Fraction(mark) / whole, Fraction(1)))
        inside += format_html('<path class="mark" d="M{0} -3V13"/>', at)
    return _svg(inside)


def draw_key(parts: Mapping[str, str], label: str) -> SafeString:
    """Return the key to bars: part → the word for it, the same words as in the table."""
    rows = [(FILLS[name], words) for name, words in parts.items() if name in FILLS]
    inside = format_html_join(
        "",
        '<li><svg viewBox="0 0 20 14" aria-hidden="true"><rect class="{}" x=".5" y=".5" width="19" height="13"/></svg>{}</li>',
        rows,
    )
    return format_html('<ul class="key" aria-label="{}">{}</ul>', label, inside)


def _svg(inside: SafeString) -> SafeString:
    return format_html(
        '<svg class="bar flip" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">{}</svg>',
        inside,
    )


def _units(share: Fraction) -> str:
    text = f"{float(share * LENGTH):.2f}".rstrip("0").rstrip(".")
    return text or "0"

"""Bars that stand beside a number, and the key under them: SVG whose widths are attributes, so that no style is inline.

Hollow is words, solid is things, stone is what was there before, pale clay is missing. A bar is hidden from screen readers:
its numbers stand in the row. Used by the frame's tags alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from evenhand.web.frame.markup import format_html, format_html_join

Quantity = int | float | Fraction | Decimal | None
Exact = int | Fraction

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
    known = {name: amount for name in FILLS if (amount := _exact(parts.get(name))) > 0}
    total: Exact = sum(known.values())
    whole = max(_exact(of), total, _exact(mark) if of is None else 0)
    if not whole:
        return _svg(mark_safe(""))
    if rest and total < whole:
        known[rest] = known.get(rest, 0) + whole - total
    drawn: list[str] = []
    start: Exact = 0
    for name, fill in FILLS.items():
        if name in known:
            x, width = _units(start, whole), _units(known[name], whole)
            drawn.append(f'<rect class="{fill}" x="{x}" width="{width}" height="10"/>')
            start += known[name]
    if mark is not None:
        drawn.append(f'<path class="mark" d="M{_units(min(_exact(mark), whole), whole)} -3V13"/>')
    return _svg(mark_safe("".join(drawn)))  # noqa: S308 -- words of our own and numbers


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


def _exact(amount: Quantity) -> Exact:
    """Return an amount without rounding; a whole one as it is, because whole numbers are quick."""
    exact = amount if type(amount) is int else Fraction(amount or 0)
    return exact.numerator if exact.denominator == 1 else exact


def _units(part: Exact, whole: Exact) -> str:
    text = f"{float(part * LENGTH / whole):.2f}".rstrip("0").rstrip(".")
    return text or "0"

"""The headline figures of one family of resources: needed, promised, allocated, dispatched, received, all on one scale.

Used by the overview and by the page of a resource.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from evenhand.lookups.figures import Figure
from evenhand.web.languages.formats import amount as written


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one of the headline figures: its name, its number, the parts of its bar, and what it means."""

    title: str
    amount: Any
    parts: Mapping[str, Any]
    meaning: str


def scale_of(figure: Figure) -> Fraction:
    """Return what the whole length of a bar stands for."""
    return max(Fraction(figure.needed), Fraction(figure.promised) + Fraction(figure.claimed))


def lines_of(figure: Figure) -> list[Line]:
    """Return the headline figures of a family; all bars stand on one scale."""
    arrived = figure.received + figure.used
    covered, gap = figure.covered or 0, figure.gap
    lost = figure.damaged + figure.missing + figure.expired
    under_way = figure.allocated + figure.in_transit
    gone = lost + figure.returned
    needed = _("Approved needs that have not lapsed.")
    if gap is not None:
        needed = _("Approved needs that have not lapsed. Of these, {gap} are neither there nor coming.").format(
            gap=written(gap)
        )
    promised = _("Offered by donors and not withdrawn.")
    if figure.claimed:
        promised = _("Offered by donors. Of these, {claimed} are words so far and count nowhere else.").format(
            claimed=written(figure.claimed)
        )
    dispatched = _("Left the sender. Nothing is on the way now.")
    if figure.in_transit:
        dispatched = _("Left the sender. {on_the_way} are on the way now.").format(
            on_the_way=written(figure.in_transit)
        )
    received = _("In the hands of the recipient, by the recipient’s own word.")
    if lost:
        received = _(
            "In the hands of the recipient, by the recipient’s own word. {lost} were damaged, are missing or expired."
        ).format(lost=written(lost))
    known = {} if gap is None else {"received": covered, "missing": figure.needed - covered}
    return [
        Line(_("Needed"), figure.needed, known or {"missing": figure.needed}, needed),
        Line(_("Promised"), figure.promised + figure.claimed,
             {"received": arrived, "in_transit": under_way, "promised": figure.still_open + figure.claimed, "lost": gone}, promised),
        Line(_("Allocated"), under_way + arrived + gone, {"received": arrived, "in_transit": under_way, "lost": gone},
             _("Decided for a recipient, whatever has become of it.")),
        Line(_("Dispatched"), figure.in_transit + arrived + gone, {"received": arrived, "in_transit": figure.in_transit, "lost": gone}, dispatched),
        Line(_("Received"), arrived, {"received": arrived}, received),
    ]  # fmt: skip

"""Tags for the pages of gifts: the form of an action, an earmark in names, an amount of money in whole units.

`{% load giving %}`. Must never ask the database for a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from evenhand.web.frame.markup import format_html
from evenhand.web.frame.names import draw_name
from evenhand.web.languages import formats

register = template.Library()


@register.simple_tag
def act(action: str, query: str = "") -> str:
    """Return the address of an action's form: `{% act "offer firm" "offer=OF-..." %}`."""
    group, _space, verb = action.partition(" ")
    address = reverse("act", args=[group, verb.replace(" ", "-")])
    return f"{address}?{query}" if query else address


@register.simple_tag
def earmark(names: Sequence[tuple[str, str]]) -> SafeString:
    """Write whom an offer is meant for, from kinds and keys; everybody where nobody is named."""
    if not names:
        return format_html("{}", _("everybody who needs it"))
    drawn = [str(draw_name(kind, key)) for kind, key in names]
    return mark_safe(formats.list_of(drawn))  # noqa: S308 -- each is escaped where it is drawn


@register.filter
def whole(units: int, per: int) -> SafeString:
    """Write base units in the unit that people read: cents as dollars where `per` is 100."""
    return format_html("<bdi>{}</bdi>", formats.amount(Fraction(units, per or 1)))

"""Tags for what several pages draw or write alike and no other folder of tags has: a bar from a mapping, money in whole units.

`{% load pictures %}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import template
from django.utils.safestring import SafeString

from evenhand.web.frame import bars
from evenhand.web.frame.here import page_of as find_page
from evenhand.web.frame.markup import format_html
from evenhand.web.languages.formats import amount
from evenhand.web.languages.speaking import names_here

register = template.Library()


@register.simple_tag
def figure_bar(parts: Mapping[str, Any], of: Any) -> SafeString:
    """Draw a bar from a mapping of its parts."""
    return bars.draw_bar(parts, of)


@register.filter
def called(key: str, kind: str) -> str:
    """Return a record's name in the reader's language as bare text, for where no markup may stand."""
    return names_here().name_of(kind, str(key), "").text


@register.simple_tag
def money(units: int, per_unit: int) -> SafeString:
    """Write an amount of money in whole units of its currency: cents are left away, not rounded up."""
    return format_html("<bdi>{}</bdi>", amount(int(Fraction(units, per_unit or 1))))


@register.simple_tag
def page_of(kind: str, key: str) -> str:
    """Return the address of a record's page."""
    return find_page(kind, key)

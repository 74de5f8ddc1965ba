"""Markup pieced together in Python: what Django's `format_html` writes, in a third of its time.

A page has some thousands of such pieces. Used by the frame's tags and cells. Must never let through what is not escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Any, Final

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

SPECIAL: Final = re.compile("[&<>\"']").search


def escaped(value: Any) -> str:
    """Return a value as it stands in markup: what is markup already as it is, all else escaped.

    Examples
    --------
    >>> escaped("a < b"), escaped(SafeString("<b>")), escaped(5)
    ('a &lt; b', '<b>', '5')
    """
    kind = type(value)
    if kind is SafeString:
        return str(value)
    if kind is str:
        return escape(value) if SPECIAL(value) else value
    return str(conditional_escape(value))


def format_html(markup: str, *values: Any, **named: Any) -> SafeString:
    """Return markup with values in it, each escaped.

    Examples
    --------
    >>> format_html("<b>{}</b>{end}", "A & B", end=SafeString("<br>"))
    '<b>A &amp; B</b><br>'
    """
    inside = markup.format(*map(escaped, values), **{name: escaped(value) for name, value in named.items()})
    return SafeString(inside)


def format_html_join(between: str, markup: str, rows: Iterable[Iterable[Any]]) -> SafeString:
    """Return the same for each row of values, joined.

    Examples
    --------
    >>> format_html_join(", ", "<i>{}</i>", [("a",), ("<",)])
    '<i>a</i>, <i>&lt;</i>'
    """
    return SafeString(escaped(between).join(markup.format(*map(escaped, row)) for row in rows))

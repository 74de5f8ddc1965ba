"""Filters that write numbers, days, shares and lists in the reader's language, isolated so that no direction leaks.

`{% load words %}`. In pages each stands in `<bdi>`; in pictures (SVG knows no `<bdi>`) the same filters with `_svg` put
Unicode's isolates around it. Formats are `web.languages.formats`. Must never change a figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from evenhand.web.frame.markup import format_html
from evenhand.web.languages import formats, sentences, vocabulary
from evenhand.web.languages.formats import Number
from evenhand.web.languages.speaking import count_drafts

register = template.Library()


@register.filter
def amount(value: Number | None) -> SafeString:
    """Write a quantity in full: 1,234,567."""
    return _number(formats.amount(value))


@register.filter
def short_amount(value: Number | None) -> SafeString:
    """Write a quantity in few digits, the full one a hover or a long press away: 2.32 billion."""
    short, full = formats.short_amount(value), formats.amount(value)
    if short == full:
        return _number(full)
    return format_html('<bdi title="{}">{}</bdi>', full, short)


@register.filter
def percent(share: Number | None) -> SafeString:
    """Write a share, 0 to 1, as percent: 47.4%."""
    return _number(formats.percent(share))


@register.filter
def day(value: date | str | None) -> SafeString:
    """Write a day in full, with its machine's form beside it: 2 November 2026."""
    text = formats.day(value)
    known = value.isoformat()[:10] if isinstance(value, date) else value
    return format_html('<time datetime="{}">{}</time>', known, text) if text else SafeString("")


@register.filter
def moment(value: datetime | None) -> SafeString:
    """Write a moment in UTC: 2 November 2026, 06:05 UTC."""
    text = formats.moment(value)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text) if value else SafeString(text)


@register.filter
def days_ago(value: date | None, on: date | None = None) -> SafeString:
    """Write how far a day is from today, or from another: 3 days ago."""
    return _number(formats.days_ago(value, on))


@register.filter
def list_of(items: Iterable[object]) -> SafeString:
    """Join names as a sentence does; each keeps its own direction."""
    return mark_safe(formats.list_of([f"<bdi>{escape(item)}</bdi>" for item in items]))  # noqa: S308 -- escaped above


@register.filter
def for_plural(value: Number) -> int:
    """Return what `{% blocktranslate count %}` takes, for a quantity that may not be whole."""
    return formats.plural_number(value)


@register.filter
def word(value: object, kind: str) -> str:
    """Write a word of a closed list in the reader's language: {{ need.state|word:"state of a need" }}."""
    return vocabulary.word(kind, str(value))


@register.filter
def unit(value: object, quantity: Number | None = None) -> str:
    """Write a unit or pack as it stands behind a quantity: {{ need.unit|unit:need.quantity }}; one nobody knows as it is."""
    return vocabulary.unit(str(value)) if quantity is None else vocabulary.unit(str(value), quantity)


@register.filter
def sentence(text: object) -> SafeString:
    """Write what the engine or an action said in the reader's language, else in English and marked so."""
    return sentences.in_language(str(text))


@register.filter
def isolate(text: object) -> SafeString:
    """Let a text keep its own direction: a name, a ref, a typed word."""
    return _number(str(text))


@register.simple_tag
def draft_note() -> str:
    """Say once, in the footer, that a language has translations that no person has read; nothing where it has none."""
    if not count_drafts(formats.language_of()):
        return ""
    return gettext("Parts of these pages were translated by a machine, and no person has read them yet.")


def _number(text: str) -> SafeString:
    return format_html("<bdi>{}</bdi>", text) if text else SafeString("")


def _for_pictures(name: str, write: Callable[..., str]) -> None:
    def written(value: object) -> str:
        return formats.isolated_number(write(value))

    register.filter(f"{name}_svg", written)


for _name in ("amount", "short_amount", "percent", "day"):
    _for_pictures(_name, getattr(formats, _name))

"""Numbers, days, moments and lists as each language writes them, by Unicode's CLDR; digits are Western everywhere.

Plain text, no markup: `templatetags.words` isolates it for pages, `isolated` for pictures and papers. Called by pages, API
and papers. Must never round what proves something: a share that is not whole is never written as 100 % or 0 %.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Final, Literal

from babel import Locale
from babel.dates import format_date, format_skeleton, format_timedelta
from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_decimal, format_percent
from django.utils.translation import get_language, gettext

LOCALES: Final = {"ar": "ar", "zh": "zh_Hans", "en": "en_001", "fr": "fr", "ru": "ru", "es": "es"}
"""Language → the CLDR locale whose formats it takes; English is the world's, with the day before the month."""

LEFT_TO_RIGHT, FIRST_STRONG, END = "\u2066", "\u2068", "\u2069"
"""Unicode's isolates: what stands between two of them does not disturb the direction of what is around it."""

SHORTENED_FROM: Final = 999_500
"""Below this an amount is short enough in full; it would be written "1 million" rounded."""

DIGITS: Final = 3
MOST_DECIMALS: Final = 9
DAYS_SAID: Final = 60
MONTHS_SAID: Final = 730
"""Up to so many days, a distance is said in days, then in months, then in years."""

KEPT: Final = 20_000
"""So many formatted values are remembered; formatting anew costs twenty times as much."""

Number = int | float | Fraction | Decimal


def language_of(language: str | None = None) -> str:
    """Return a language that has formats: the one given or the reader's, English for any other."""
    code = language or get_language() or "en"
    return code if code in LOCALES else "zh" if code.startswith("zh") else "en"


def amount(value: Number | None, language: str | None = None) -> str:
    """Write a quantity in full, with at most two decimals.

    Examples
    --------
    >>> amount(1234567, "en"), amount(1234567, "es"), amount(Fraction(25, 2), "fr"), amount(None)
    ('1,234,567', '1.234.567', '12,5', '')
    """
    return "" if value is None else _amount(_exact(value), language_of(language))


def short_amount(value: Number | None, language: str | None = None) -> str:
    """Write a quantity in few digits; below a million in full, to the whole.

    Examples
    --------
    >>> short_amount(2318159054, "en"), short_amount(2318159054, "zh"), short_amount(26300, "en")
    ('2.32 billion', '23.2亿', '26,300')
    """
    return "" if value is None else _short(_exact(value), language_of(language))


def percent(share: Number | None, language: str | None = None) -> str:
    """Write a share, 0 to 1 and beyond, as percent: one decimal at most, or as many as it takes not to say all or nothing.

    Examples
    --------
    >>> percent(Fraction(474, 1000), "en"), percent(Fraction(2, 5), "en"), percent(Fraction(99996, 10**5), "en")
    ('47.4%', '40%', '99.996%')
    """
    return "" if share is None else _percent(_exact(share), language_of(language))


def day(value: date | str | None, language: str | None = None) -> str:
    """Write a day in full; of a day known by its year or month alone, what is known.

    Examples
    --------
    >>> day(date(2026, 11, 2), "en"), day("2026-11-02", "es"), day("1961-09", "en"), day("1961", "ar")
    ('2 November 2026', '2 de noviembre de 2026', 'September 1961', '1961')
    """
    return (
        "" if not value else _day(value.isoformat()[:10] if isinstance(value, date) else value, language_of(language))
    )


def moment(value: datetime | None, language: str | None = None) -> str:
    """Write a moment: its day in full and its time of day, in UTC and saying so.

    Examples
    --------
    >>> moment(datetime(2026, 11, 2, 6, 5, tzinfo=UTC), "en")
    '2 November 2026, 06:05 UTC'
    """
    if value is None:
        return ""
    code, at = language_of(language), value.astimezone(UTC)
    pattern: str = _locale(code).datetime_formats["long"]
    return pattern.replace("{1}", _day(at.date().isoformat(), code)).replace("{0}", f"{at:%H:%M} UTC")


def days_ago(value: date | None, on: date | None = None, language: str | None = None) -> str:
    """Write how far a day is from another, from today where no other is given: "3 days ago", "in 2 months".

    Examples
    --------
    >>> days_ago(date(2026, 11, 2), date(2026, 11, 5), "en"), days_ago(date(2026, 11, 9), date(2026, 11, 5), "fr")
    ('3 days ago', 'dans 4 jours')
    """
    if value is None:
        return ""
    that = value.date() if isinstance(value, datetime) else value
    distance = (that - (on or datetime.now(UTC).date())).days
    if abs(distance) <= 1:
        return gettext("today") if not distance else gettext("tomorrow") if distance > 0 else gettext("yesterday")
    return _distance(distance, language_of(language))


def list_of(items: Iterable[str], language: str | None = None) -> str:
    """Join names as a sentence of the language does.

    Examples
    --------
    >>> list_of(["Chad", "Mali", "Niger"], "en"), list_of(["Tchad", "Mali"], "fr"), list_of([], "en")
    ('Chad, Mali and Niger', 'Tchad et Mali', '')
    """
    return format_list(list(items), style="standard", locale=_locale(language_of(language)))


def plural_number(value: Number, language: str | None = None) -> int:
    """Return a whole number whose plural form a quantity takes: catalogues know forms of whole numbers alone.

    Examples
    --------
    >>> plural_number(3), plural_number(Fraction(3, 2), "fr"), plural_number(Fraction(3, 2), "ru")
    (3, 1, 2)
    """
    exact = _exact(value)
    if exact.denominator == 1:
        return abs(exact.numerator)
    # 1.5 is singular in French, "few" in the three Russian forms of gettext, and "other" (as 100) in the rest.
    return {"fr": int(max(exact, -exact)), "ru": 2}.get(language_of(language), 100)


def isolated(text: str) -> str:
    """Return text that keeps its own direction wherever it is put: in pictures and papers, where there is no <bdi>.

    Examples
    --------
    >>> isolated("ND-7K2M9QX4PD")
    '\u2068ND-7K2M9QX4PD\u2069'
    """
    return f"{FIRST_STRONG}{text}{END}" if text else ""


def isolated_number(text: str) -> str:
    """Return a number that reads from left to right wherever it is put."""
    return f"{LEFT_TO_RIGHT}{text}{END}" if text else ""


def _exact(value: Number) -> int | Fraction:
    """Return a number as it is; a whole one stays whole: it is looked up quicker, and is the same key."""
    if type(value) is int:
        return value
    if isinstance(value, float) and not math.isfinite(value):
        return Fraction(0)
    return Fraction(value)


def _rounded(value: int | Fraction, decimals: int) -> Decimal:
    """Return a number with so many decimals, rounded half away from zero as people do."""
    unit: int = 10**decimals
    whole = (2 * abs(value.numerator) * unit + value.denominator) // (2 * value.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-decimals).normalize() + Decimal(0)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES[language])


@lru_cache(maxsize=KEPT)
def _amount(value: int | Fraction, language: str) -> str:
    return format_decimal(_rounded(value, 2), locale=_locale(language), decimal_quantization=False)


@lru_cache(maxsize=KEPT)
def _short(value: int | Fraction, language: str) -> str:
    if max(value, -value) < SHORTENED_FROM:
        return _amount(Fraction(_rounded(value, 0 if max(value, -value) >= 1000 else 2)), language)
    locale = _locale(language)
    style: Literal["long", "short"] = (
        "long" if "long" in locale.compact_decimal_formats else "short"
    )  # Chinese has one alone: 23.2亿
    text = ""
    for decimals in (2, 1, 0):
        text = format_compact_decimal(
            Decimal(value.numerator) / value.denominator, format_type=style, locale=locale, fraction_digits=decimals
        )
        if sum(letter.isdigit() for letter in text) <= DIGITS:
            break
    return text


@lru_cache(maxsize=KEPT)
def _percent(share: int | Fraction, language: str) -> str:
    written = Decimal(0)
    for decimals in range(1, MOST_DECIMALS + 1):
        written = _rounded(share * 100, decimals)
        if (written == 0) == (share == 0) and (written == 100) == (share == 1):
            break
    return format_percent(written / 100, locale=_locale(language), decimal_quantization=False)


@lru_cache(maxsize=KEPT)
def _day(text: str, language: str) -> str:
    known = text.count("-")
    try:
        first = date.fromisoformat(text[:10] + "0000-01-01"[len(text) :])
    except ValueError:
        return text
    if known == 0:
        return text
    if known == 1:
        return format_skeleton("yMMMM", first, locale=_locale(language))
    return format_date(first, "long", locale=_locale(language))


@lru_cache(maxsize=KEPT)
def _distance(days: int, language: str) -> str:
    size = abs(days)
    granularity: Literal["day", "month", "year"] = (
        "day" if size < DAYS_SAID else "month" if size < MONTHS_SAID else "year"
    )
    return format_timedelta(
        timedelta(days=days), granularity=granularity, threshold=10**9, add_direction=True, locale=_locale(language)
    )

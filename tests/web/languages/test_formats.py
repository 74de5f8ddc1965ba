"""Numbers, days and lists are written as each language does, with Western digits everywhere."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from evenhand.web.languages import LANGUAGES, formats
from evenhand.web.languages.formats import amount, day, days_ago, list_of, moment, percent, plural_number, short_amount

NB, NNB = "\xa0", "\u202f"
DAY = date(2026, 11, 2)
TABLE = {
    # language: amount, short amount, percent, day, month known alone, list
    "ar": ("1,234,567.5", "2.32 مليار", "47.4%", "2 نوفمبر 2026", "سبتمبر 1961", "أ وب وج"),
    "zh": ("1,234,567.5", "23.2亿", "47.4%", "2026年11月2日", "1961年9月", "أ、ب和ج"),
    "en": ("1,234,567.5", "2.32 billion", "47.4%", "2 November 2026", "September 1961", "أ, ب and ج"),
    "fr": (f"1{NNB}234{NNB}567,5", "2,32 milliards", f"47,4{NB}%", "2 novembre 2026", "septembre 1961", "أ, ب et ج"),
    "ru": (f"1{NB}234{NB}567,5", "2,32 миллиарда", f"47,4{NB}%", f"2 ноября 2026{NNB}г.", f"сентябрь 1961{NNB}г.", "أ, ب и ج"),
    "es": ("1.234.567,5", "2,32 mil millones", f"47,4{NB}%", "2 de noviembre de 2026", "septiembre de 1961", "أ, ب y ج"),
}  # fmt: skip
languages = pytest.mark.parametrize("language", LANGUAGES)


@languages
def test_each_language_writes_them_its_own_way(language: str) -> None:
    written = (
        amount(Fraction(2469135, 2), language), short_amount(2_318_159_054, language),
        percent(Fraction(474, 1000), language), day(DAY, language), day("1961-09", language),
        list_of(["أ", "ب", "ج"], language),
    )  # fmt: skip
    assert tuple(re.sub("[\u200e\u200f]", "", one) for one in written) == TABLE[language]


@languages
@given(number=st.integers(-(10**15), 10**15) | st.fractions(0, 10**9, max_denominator=1000))
def test_every_digit_is_western_and_none_is_lost(language: str, number: int | Fraction) -> None:
    whole = re.sub("[^0-9]", "", amount(int(number), language))
    assert whole == str(abs(int(number)))
    for text in (amount(number, language), short_amount(number, language), percent(number, language)):
        assert all(letter in "0123456789" for letter in text if unicodedata.category(letter) == "Nd")


@given(share=st.fractions(0, 1, max_denominator=10**6))
def test_a_share_is_never_rounded_to_all_or_to_nothing(share: Fraction) -> None:
    assert (percent(share, "en") == "100%") == (share == 1)
    assert (percent(share, "en") == "0%") == (share == 0)


@languages
@given(distance=st.integers(-4000, 4000))
def test_yesterday_and_tomorrow_are_told_apart(language: str, distance: int) -> None:
    with translation.override(language):
        before, after = (days_ago(DAY + timedelta(days=sign * distance), DAY) for sign in (-1, 1))
    assert before
    assert (before == after) == (distance == 0)


@languages
def test_a_moment_says_that_it_is_in_utc(language: str) -> None:
    at = datetime(2026, 11, 2, 23, 5, tzinfo=UTC)
    assert moment(at, language).endswith("23:05 UTC")
    assert day(DAY, language) in moment(at, language)


def test_nothing_is_written_as_nothing() -> None:
    assert [amount(None), short_amount(None), percent(None), day(None), moment(None), days_ago(None), list_of([])] == [
        ""
    ] * 7


@pytest.mark.parametrize(("value", "forms"), [(1, (1, 1, 1)), (Fraction(3, 2), (100, 1, 2)), (-2, (2, 2, 2))])
def test_a_quantity_takes_a_plural_form_that_catalogues_know(value: Fraction, forms: tuple[int, int, int]) -> None:
    assert tuple(plural_number(value, language) for language in ("ar", "fr", "ru")) == forms


def test_an_unknown_language_is_written_in_english() -> None:
    assert amount(1234, "xx") == "1,234"
    assert day(DAY, "zh-hans") == day(DAY, "zh")


def test_on_pages_each_value_keeps_its_own_direction() -> None:
    shown = Template(
        "{% load words %}{{ n|amount }} {{ n|short_amount }} {{ d|day }} {{ names|list_of }} {{ n|amount_svg }}"
    )
    with translation.override("ar"):
        html = shown.render(Context({"n": 2_318_159_054, "d": DAY, "names": ["<b>", "Tchad"]}))
    assert html == (
        '<bdi>2,318,159,054</bdi> <bdi title="2,318,159,054">2.32 مليار</bdi> <time datetime="2026-11-02">2 نوفمبر 2026</time> '
        "<bdi>&lt;b&gt;</bdi> و<bdi>Tchad</bdi> \u20662,318,159,054\u2069"
    )


def test_formats_are_remembered() -> None:
    before = formats._amount.cache_info().hits
    amount(987_654_321, "fr")
    amount(987_654_321, "fr")
    assert formats._amount.cache_info().hits > before

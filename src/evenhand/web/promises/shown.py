"""A statement with what followed it, as pages show it: step by step with days, on a scale of its own, in units that people read.

Used by the page of promises and by the page of one statement, which so tell the same figures. Adds nothing up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from evenhand.lookups.following import Followed
from evenhand.lookups.standings import Amount
from evenhand.web.languages import formats, vocabulary
from evenhand.web.offers.one import Step
from evenhand.web.said.telling import amount_of, speaker_of


@dataclass(frozen=True, slots=True)
class Shown:
    """Hold a statement with what followed it as it is shown: who said it, how much in words, its steps, each with its days, on a scale of its own."""

    one: Followed
    speaker: str
    amount: str
    receivers: tuple[tuple[str, str], ...]
    steps: tuple[tuple[Step, str], ...]
    scale: Fraction
    unit: str
    remark: str


def shown_of(one: Followed, whole: Mapping[str, int]) -> Shown:
    """Return a statement with what followed it as it is shown."""
    per = whole.get(one.family, 1)
    words = {
        "pledged": _("Pledged"), "committed": _("Committed"), "allocated": _("Allocated"),
        "dispatched": _("Paid") if one.family in whole else _("Dispatched"), "received": _("Received"), "used": _("Used"),
    }  # fmt: skip
    parts = {"pledged": "promised", "committed": "promised", "allocated": "allocated", "dispatched": "in_transit"}
    whole_offers = (
        ("pledged", "committed") if one.in_all else ()
    )  # they stand beside, on no scale with the receivers' part
    said = (Step(_("Said"), "promised", read(one.said, per), "" if one.said else remark_of(one.rests_on)), "")
    followed = tuple(
        (
            Step(
                words[step.step], "" if step.step in whole_offers else parts.get(step.step, step.step), read(step.amount, per),
                "" if step.amount else _("no record on file"),
            ),
            remarks_of(step.first if step.amount else None, step.last, in_all=step.step in whole_offers and bool(step.amount)),
        )
        for step in one.steps
    )  # fmt: skip
    steps = (said, *followed) if followed else ()
    scale = max((step.amount or Fraction(0) for step, _days in steps if step.part), default=Fraction(0))
    receivers = tuple((key, "") for key in one.receivers) or tuple(("", name) for name in one.receiver_names)
    unit = one.family if one.family in whole else vocabulary.unit(one.base_unit) if one.base_unit else ""
    remark = "" if one.rests_on == "offers" or steps else remark_of(one.rests_on)
    return Shown(one, speaker_of(one.speaker), amount_of(one.quantity, one.unit), receivers, steps, scale, unit, remark)


def remark_of(rests_on: str) -> str:
    """Return why words cannot be compared with deeds, as a sentence."""
    return {
        "no link": _("No offer is linked to these words. That says only that nobody has linked one here."),
        "no amount": _("No amount was said."),
        "no unit": _("The amount was said in a unit that cannot be compared with the offers’."),
        "several things": _("The linked offers are of several things, which are not added up."),
    }[rests_on]


def remarks_of(first: date | None, last: date | None, *, in_all: bool) -> str:
    """Return the days of a step, and whether its amount is of the offers in all."""
    return " · ".join(words for words in (days_of(first, last), _("the offers in all") if in_all else "") if words)


def days_of(first: date | None, last: date | None) -> str:
    """Return a day, or the first and the last of several."""
    if first is None or last is None:
        return ""
    if first == last:
        return formats.day(first)
    return _("{first} to {last}").format(first=formats.day(first), last=formats.day(last))


def read(amount: Amount | None, per: int) -> Fraction | None:
    """Return an amount of base units in the unit that people read."""
    return None if amount is None else Fraction(amount) / per

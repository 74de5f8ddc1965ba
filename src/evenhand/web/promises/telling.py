"""How promises are shown: families with their donors by name, a donor's steps on one scale, months added up one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evenhand.figures.promised import PromiseMonth, draw_promise_over_time
from evenhand.lookups.gifts import Said
from evenhand.lookups.promises import Promise
from evenhand.web.evidence.sources import Sourced, with_sources
from evenhand.web.frame.pages import FROM_RIGHT_TO_LEFT
from evenhand.web.languages import vocabulary
from evenhand.web.languages.speaking import names_here
from evenhand.web.offers.one import Step

MOST_DEEDS: Final = 60
MOST_WORDS: Final = 3
"""So many sayings of one donor stand on the page; all of them are on its own."""


@dataclass(frozen=True, slots=True)
class Row:
    """Hold what one donor, or all of them, promised of a family and what became of it, in the unit that people read.

    Attributes
    ----------
    words
        What stands in no total: statements, and pledges of money.
    firm
        What stands in the book, or stood there.
    """

    key: str
    name: str
    words: Fraction
    firm: Fraction
    received: Fraction
    overdue: Fraction
    parts: Mapping[str, Fraction]

    @property
    def promised(self) -> Fraction:
        """Return all that was promised, words included."""
        return self.words + self.firm

    @property
    def share(self) -> Fraction | None:
        """Return the share of what was promised that was received; None where nothing was."""
        return self.received / self.promised if self.promised else None


@dataclass(frozen=True, slots=True)
class Family:
    """Hold a family's donors by name, and their sum where there are several."""

    key: str
    unit: str
    rows: Sequence[Row]
    total: Row | None
    donors: int


@dataclass(frozen=True, slots=True)
class Deed:
    """Hold a donor's words and steps."""

    key: str
    words: Sequence[Sourced]
    more: int
    steps: Sequence[Step]


def families_of(page: Sequence[Promise], everything: Sequence[Promise], whole: Mapping[str, int]) -> list[Family]:
    """Return the rows of a page by family, donors in the order of their names in the reader's language."""
    families = []
    by_family: dict[str, list[Promise]] = {one.family: [] for one in page}
    for one in everything:
        if one.family in by_family:
            by_family[one.family].append(one)
    for family, all_of_it in by_family.items():
        rows = sorted((row_of(one, whole) for one in page if one.family == family), key=lambda row: row.name.casefold())
        total = row_of(added(all_of_it), whole) if len(all_of_it) > 1 else None
        families.append(
            Family(family, unit_of(all_of_it[0] if all_of_it else page[0], whole), rows, total, len(all_of_it))
        )
    return sorted(families, key=lambda one: name_of("resource", one.key).casefold())


def unit_of(one: Promise, whole: Mapping[str, int]) -> str:
    """Return the unit that people read, in words."""
    return one.family if one.family in whole else vocabulary.unit(one.unit)


def name_of(kind: str, key: str, stored: str = "") -> str:
    """Return a name as bare text in the reader's language."""
    return names_here().name_of(kind, key, stored).text


def added(rows: Iterable[Promise]) -> Promise:
    """Return the sum of promises of one family."""
    rows = list(rows)
    sums = {
        name: Fraction(sum(getattr(row, name) for row in rows))
        for name in (
            "said",
            "pledged",
            "committed",
            "allocated",
            "dispatched",
            "received",
            "used",
            "lost",
            "returned",
            "overdue",
        )
    }
    first = rows[0]
    return Promise("", "", "", "", first.family, first.family_name, first.unit, **sums)  # type: ignore[arg-type]  # amounts


def row_of(one: Promise, whole: Mapping[str, int]) -> Row:
    """Return a promise as it is shown."""
    per, money = whole.get(one.family, 1), one.family in whole

    def read(units: Any) -> Fraction:
        return Fraction(units) / per

    words = read(one.said) + (read(one.pledged) if money else 0)
    firm = read(one.committed) + (0 if money else read(one.pledged))
    used, received, lost = read(one.used), read(one.received), read(one.lost)
    on_the_way = max(Fraction(0), read(one.dispatched) - received - lost - read(one.returned))
    allocated = max(Fraction(0), read(one.allocated) - read(one.dispatched))
    held = max(Fraction(0), received - used)
    rest = max(Fraction(0), words + firm - used - held - on_the_way - allocated - lost)
    parts = {
        "used": used,
        "received": held,
        "in_transit": on_the_way,
        "allocated": allocated,
        "lost": lost,
        "promised": rest,
    }
    name = name_of("party", one.key, one.name) if one.key else ""
    return Row(one.key, name, words, firm, received, read(one.overdue), parts)


def deeds_of(rows: Sequence[Promise], words: Sequence[Said], whole: Mapping[str, int]) -> dict[str, Any] | None:
    """Return each donor's words and steps, by name, all on one scale."""
    if not rows:
        return None
    said: dict[str, list[Said]] = {}
    for one in words:
        said.setdefault(one.donor, []).append(one)
    deeds = []
    for row in sorted(rows, key=lambda one: name_of("party", one.key, one.name).casefold())[:MOST_DEEDS]:
        own = said.get(row.key, [])
        deeds.append(Deed(row.key, with_sources(own[:MOST_WORDS]), max(0, len(own) - MOST_WORDS), steps_of(row, whole)))
    scale = max((step.amount or Fraction(0) for deed in deeds for step in deed.steps), default=Fraction(0))
    return {
        "deeds": deeds,
        "scale": scale,
        "unit": unit_of(rows[0], whole),
        "family": rows[0].family,
        "left": max(0, len(rows) - MOST_DEEDS),
    }


def steps_of(one: Promise, whole: Mapping[str, int]) -> list[Step]:
    """Return the steps of what one donor promised of one family, each counting what has come at least so far."""
    per = whole.get(one.family, 1)

    def step(words: str, part: str, units: Any) -> Step:
        amount = Fraction(units) / per
        return Step(words, part, amount or None, "" if amount else _("no record on file"))

    steps = [
        step(_("Said"), "promised", one.said + one.pledged + one.committed),
        step(_("Pledged"), "promised", one.pledged + one.committed),
        step(_("Committed"), "promised", one.committed),
        step(_("Allocated"), "allocated", one.allocated),
        step(_("Paid") if one.family in whole else _("Dispatched"), "in_transit", one.dispatched),
        step(_("Received"), "received", one.received),
        step(_("Used"), "used", one.used),
    ]
    if one.lost:
        steps.append(step(_("Lost on the way"), "lost", one.lost))
    return steps


def months_of(rows: Sequence[Promise], family: str, whole: Mapping[str, int]) -> dict[str, Any] | None:
    """Return a picture of what was promised and received so far, month by month, of one family."""
    own = sorted((one for one in rows if one.family == family), key=lambda one: one.key)
    if not own:
        return None
    per, promised, received, months = whole.get(family, 1), Fraction(0), Fraction(0), []
    for one in own:
        promised += Fraction(one.said + one.pledged + one.committed) / per
        received += Fraction(one.received) / per
        months.append(PromiseMonth(one.key, float(promised), float(received)))
    right_to_left = (get_language() or "en") in FROM_RIGHT_TO_LEFT
    picture = draw_promise_over_time(
        months, unit=unit_of(own[0], whole), name=name_of("resource", family, own[0].family_name),
        direction="rtl" if right_to_left else "ltr",
    )  # fmt: skip
    return {
        "picture": SafeString(str(picture)),
        "family": family,
        "promised": promised,
        "received": received,
        "unit": unit_of(own[0], whole),
    }

"""The rows of a plan's tables: who receives what and what stopped it, what became of every lot, every line.

Made from a story in the reader's names; the page shows them in groups, the data files hold them all. Computes nothing but sums.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evenhand.figures.standing import Group, Standing, held_by_line, own_line_of, sample, share_out, stands_on_line
from evenhand.figures.story import LotStory, PlanStory, RecipientStory
from evenhand.web.frame.bars import draw_bar
from evenhand.web.languages.vocabulary import word
from evenhand.web.rounds.told import Told
from evenhand.web.rounds.words import level
from evenhand.web.templatetags import words

MOST_ROWS: Final = 260
"""Recipients on the page; of a larger round each group is sampled evenly, and the data files hold all."""

STANDS: Final = {
    "lower": gettext_lazy("held lower"), "line": gettext_lazy("on the waterline"), "filled": gettext_lazy("took all it can"),
    "above": gettext_lazy("above the line already"), "none": gettext_lazy("no lot is open to it"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanRow:
    """Hold one recipient of a plan as its table shows it."""

    recipient: str
    name: str
    stands: str
    target: float
    held: float
    received: float
    coverage_before: float
    coverage_after: float
    level: float
    waterline: float | None
    limited_by: str
    lots: int
    bar: SafeString
    stopped: SafeString
    level_words: SafeString
    fair: float | None = None

    @property
    def difference(self) -> float | None:
        """Return how much more an override gives than the fair plan."""
        return None if self.fair is None else self.received - self.fair


@dataclass(frozen=True, slots=True)
class PlanGroup:
    """Hold recipients that stand alike: a title, the rows shown, how many there are in all."""

    kind: str
    title: SafeString
    rows: tuple[PlanRow, ...]
    total: int


def group_rows(story: PlanStory, standing: Standing) -> list[PlanGroup]:
    """Return the groups of a plan's table, each sampled evenly where the round is large."""
    sizes = share_out([len(one.rows) for one in standing.groups], MOST_ROWS, least=12)
    end = scale_of(story)
    found = []
    for group, room in zip(standing.groups, sizes, strict=True):
        rows = tuple(_row(story, standing, group, row, end) for row in sample(group.rows, room))
        found.append(PlanGroup(group.kind, _title(story, standing, group), rows, len(group.rows)))
    return found


def all_rows(story: PlanStory, standing: Standing) -> list[PlanRow]:
    """Return a row for every recipient, by key."""
    end = scale_of(story)
    rows = [_row(story, standing, group, row, end) for group in standing.groups for row in group.rows]
    return sorted(rows, key=lambda row: row.recipient)


def one_row(story: PlanStory, standing: Standing, key: str) -> PlanRow:
    """Return the row of one recipient, without those of a hundred thousand others. Raises KeyError."""
    end = scale_of(story)
    own = {row.recipient: row for row in story.recipients}[key]
    for group in standing.groups:
        for row in group.rows:
            if row.recipient == key:
                return _row(story, standing, group, own, end)
    raise KeyError(key)


def scale_of(story: PlanStory) -> float:
    """Return the coverage at which the table's bars end."""
    served = [row.coverage_after for row in story.recipients if row.received > 0]
    highest = max(served or [row.coverage_after for row in story.recipients], default=1.0)
    return next((end for end in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75) if highest <= end * 0.9), 1.0)


def _row(story: PlanStory, standing: Standing, group: Group, row: RecipientStory, end: float) -> PlanRow:
    line = (group.line.level if group.line else row.level) if group.kind == "line" else own_line_of(row, standing)
    mark = line if story.rule == "equal-coverage" and line is not None and line <= end else None
    parts = {
        "held": min(row.coverage_before, end),
        "given": max(0.0, min(row.coverage_after, end) - row.coverage_before),
    }
    if mark is not None and mark > row.coverage_after:
        parts["missing"] = mark - row.coverage_after
    return PlanRow(
        row.recipient, row.name, group.kind, row.target, row.held, row.received, row.coverage_before, row.coverage_after,
        row.level, row.waterline, row.limited_by, len({gift.lot for gift in row.gifts}),
        draw_bar({name: Fraction(share).limit_denominator(10**6) for name, share in parts.items()}, Fraction(str(end)), mark),
        _stopped(row, group.kind), level(story.rule, row.level),
    )  # fmt: skip


def _title(story: PlanStory, standing: Standing, group: Group) -> SafeString:
    number = len(group.rows)
    count = words.amount(number)
    if group.kind == "line":
        if group.line is None:
            said = ngettext("On other lines: {count} recipient", "On other lines: {count} recipients", number)
        else:
            said = ngettext(
                "On the waterline at {level}: {count} recipient",
                "On the waterline at {level}: {count} recipients",
                number,
            )
        return format_html(said, count=count, level=level(story.rule, group.line.level if group.line else None))
    said = {
        "lower": ngettext("Held lower: {count} recipient", "Held lower: {count} recipients", number),
        "filled": ngettext("Took all it can: {count} recipient", "Took all they can: {count} recipients", number),
        "above": ngettext(
            "Above the line already: {count} recipient", "Above the line already: {count} recipients", number
        ),
        "none": ngettext(
            "No lot is open to it: {count} recipient", "No lot is open to them: {count} recipients", number
        ),
    }[group.kind]
    return format_html(said, count=count)


def _stopped(row: RecipientStory, kind: str) -> SafeString:
    if kind == "above" and stands_on_line(row):
        return format_html("{}", _("stands above the line"))
    if held_by_line(row):
        return format_html("{}", _("the waterline") if kind != "lower" else _("no shipment left fits"))
    return limit(row.limited_by)


def limit(limited_by: str) -> SafeString:
    """Return what keeps a recipient from more, in words: its kind, then what exactly."""
    parts = [part.strip() for part in limited_by.split(":") if part.strip()]
    if not parts:
        return SafeString("")
    named = [word("limit", part) for part in parts[:-1]]
    last = parts[-1]
    named.append(word("limit", last) if word("limit", last) != last else word("capability", last))
    return format_html("<bdi>{}</bdi>", ": ".join(named))


def override_rows(told: Told, story: PlanStory, lines: Sequence[tuple[str, str, int]]) -> list[PlanRow]:
    """Return the recipients under an override, each beside what the fair plan gives it; the largest loss first."""
    problem = told.plan.outcome.problem
    worth = {
        key: Fraction(int(problem.worth[place]), int(problem.scale)) for place, key in enumerate(problem.lots.to_list())
    }
    got: dict[str, Fraction] = defaultdict(Fraction)
    kinds: dict[str, set[str]] = defaultdict(set)
    for lot, recipient, packs in lines:
        got[recipient] += packs * worth.get(lot, Fraction(0))
        kinds[recipient].add(lot)
    end = 1.0
    rows = []
    for row in story.recipients:
        received = float(got[row.recipient])
        after = (row.held + received) / row.target
        parts = {"held": min(row.coverage_before, end), "given": max(0.0, min(after, end) - row.coverage_before)}
        bar = draw_bar({name: Fraction(share).limit_denominator(10**6) for name, share in parts.items()}, 1)
        rows.append(
            PlanRow(
                row.recipient, row.name, "", row.target, row.held, received, row.coverage_before, after, after, None, "",
                len(kinds[row.recipient]), bar, SafeString(""), words.percent(after), row.received,
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: (row.difference or 0.0, row.recipient))


def gift_rows(story: PlanStory) -> list[dict[str, Any]]:
    """Return a row for each line of the plan: who gives what to whom."""
    return [
        {
            "lot": gift.lot, "donor": story.lot_by_key[gift.lot].donor, "recipient": row.recipient, "name": row.name,
            "packs": gift.packs, "units": gift.units, "service_units": gift.service_units,
        }
        for row in story.recipients for gift in row.gifts
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Giver:
    """Hold one donor, what it gives in service units, its bar, and its gifts, largest first."""

    name: str
    total: float
    bar: SafeString
    gifts: tuple[dict[str, Any], ...]
    recipients: int
    more: int


MOST_GIFTS: Final = 12


def list_givers(story: PlanStory) -> list[Giver]:
    """Return the donors in alphabetical order, on one scale."""
    by_donor: dict[str, list[dict[str, Any]]] = {lot.donor or lot.lot: [] for lot in story.lots}
    for gift in gift_rows(story):
        by_donor[gift["donor"] or gift["lot"]].append(gift)
    totals = {name: math.fsum(float(gift["service_units"]) for gift in gifts) for name, gifts in by_donor.items()}
    most = max(totals.values(), default=0.0)
    found = []
    for name in sorted(by_donor, key=lambda one: (one.casefold(), one)):
        gifts = sorted(by_donor[name], key=lambda gift: (-float(gift["service_units"]), gift["recipient"], gift["lot"]))
        bar = draw_bar({"given": Fraction(totals[name]).limit_denominator(10**6)}, Fraction(most or 1))
        people = len({gift["recipient"] for gift in gifts})
        found.append(Giver(name, totals[name], bar, tuple(gifts[:MOST_GIFTS]), people, max(0, len(gifts) - MOST_GIFTS)))
    return found


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def reach_of_lots(story: PlanStory) -> dict[str, int]:
    """Return lot → how many recipients it reaches."""
    found: dict[str, int] = defaultdict(int)
    for row in story.recipients:
        for lot in {gift.lot for gift in row.gifts}:
            found[lot] += 1
    return found


@dataclass(frozen=True, slots=True)
class LotRow:
    """Hold one lot as the page's table shows it."""

    lot: LotStory
    reaches: int
    line: SafeString


def lot_rows(story: PlanStory) -> list[LotRow]:
    """Return the lots in the order they were poured."""
    reach = reach_of_lots(story)
    return [LotRow(lot, reach.get(lot.lot, 0), level(story.rule, _finite(lot.waterline))) for lot in story.lots]

"""What is said of rules, proofs and plans, in the reader's language: whole sentences with their numbers in place.

Called by the views of this folder. Must never say "proved" of more than the checker found proved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evenhand.figures.standing import Standing
from evenhand.figures.story import PlanStory
from evenhand.web.languages import formats
from evenhand.web.languages.vocabulary import unit
from evenhand.web.rounds.told import Told
from evenhand.web.templatetags import words

Said = str | Promise


@dataclass(frozen=True, slots=True)
class RuleWords:
    """Say a rule: what it is called, what it does in two lines, and when it is right."""

    name: str
    title: Said
    does: Said
    right: Said


RULES: Final[dict[str, RuleWords]] = {
    one.name: one
    for one in (
        RuleWords(
            "equal-coverage",
            gettext_lazy("Equal coverage"),
            gettext_lazy(
                "Everybody should reach the same share of its own target. So each pack goes to whoever stands lowest at that "
                "moment, among those that may have it, can keep it and can use it in time."
            ),
            gettext_lazy(
                "Right where nobody’s need is more pressing than another’s. It asks for no judgement but the targets."
            ),
        ),
        RuleWords(
            "need-weighted",
            gettext_lazy("Weighted by need"),
            gettext_lazy(
                "Everybody should reach the same level: the share of its own target divided by its weight. Where the weight is "
                "twice as high, the share met should be twice as high."
            ),
            gettext_lazy(
                "Right where some are in greater danger than others, and each weight has a source that all have agreed on."
            ),
        ),
        RuleWords(
            "tiers",
            gettext_lazy("Group after group"),
            gettext_lazy(
                "Each target is divided into groups of people, first served first. Nobody’s second group is served before "
                "everybody’s first; within a group all should reach the same share."
            ),
            gettext_lazy(
                "Right where the same people come first everywhere, such as health workers, and every need says how many they are."
            ),
        ),
        RuleWords(
            "floor-then-weighted",
            gettext_lazy("A floor for all, then weighted by need"),
            gettext_lazy(
                "Everybody should first reach the same floor, a share of its own target. Beyond the floor those with a higher "
                "weight rise faster."
            ),
            gettext_lazy("Right where everybody must have something first, and danger decides about the rest."),
        ),
    )
}
"""Rule → its words."""

LEVELS: Final[dict[str, Said]] = {
    "equal-coverage": gettext_lazy("level = held and received, divided by the target"),
    "need-weighted": gettext_lazy("level = held and received, divided by the target times the weight"),
    "tiers": gettext_lazy("level = groups served in full, plus the share of the next one"),
    "floor-then-weighted": gettext_lazy(
        "level = share of the target up to the floor; beyond it, what is more divided by the target times the weight"
    ),
}
"""Rule → what a level is."""

MEASURES: Final[dict[str, tuple[Said, Said]]] = {
    "lowest_level": (
        gettext_lazy("Lowest level"), gettext_lazy("How well served whoever is served worst is, under the rule."),
    ),
    "gini": (
        gettext_lazy("Gini"), gettext_lazy("How far apart two picked at random are in coverage; 0 when all are alike."),
    ),
    "theil": (
        gettext_lazy("Theil"), gettext_lazy("How uneven coverage is, feeling differences among the best served most; 0 when all are alike."),
    ),
    "jain": (
        gettext_lazy("Jain"),
        gettext_lazy("The share of recipients that, had they alone everything in equal parts, would make it just as even; 1 when all are alike."),
    ),
    "hoover": (
        gettext_lazy("Hoover"), gettext_lazy("The share of all coverage that would have to change hands for all to be alike."),
    ),
    "share_of_target_met": (
        gettext_lazy("Share of target met"), gettext_lazy("What everybody together has, of what everybody together needs."),
    ),
}  # fmt: skip
"""Measure → its title and meaning."""

SHARES: Final = frozenset({"lowest_level", "share_of_target_met"})


def unit_of(kind: str, base_unit: str, per_person: str) -> str:
    """Return the word for service units behind a number: people where units serve people, else the resource's own unit.

    Parameters
    ----------
    kind, base_unit, per_person
        Of the round's resource.
    """
    if per_person != "1" or base_unit == "person":
        return unit("person")
    return unit(base_unit)


def level(rule: str, value: float | None) -> SafeString:
    """Return a level: percent, or groups served."""
    if value is None or value != value or value in (float("inf"),):
        return format_html("{}", _("none"))
    return words.amount(round(value, 3)) if rule == "tiers" else words.percent(value)


def measure(name: str, value: Any, rule: str) -> SafeString:
    """Return a measure's number."""
    if value is None:
        return SafeString("")
    if name in SHARES and not (name == "lowest_level" and rule == "tiers"):
        return words.percent(float(value))
    return format_html("<bdi>{}</bdi>", f"{float(value):.3f}")


def tell_lead(story: PlanStory, standing: Standing, people: bool) -> list[SafeString]:
    """Return the round in a few sentences."""
    served = [row for row in story.recipients if row.received > 0]
    lots = sum(lot.given > 0 for lot in story.lots)
    if not served:
        return [format_html("{}", _("Nothing was given in this round."))]
    given = words.short_amount(round(story.given))
    if people:
        said = ngettext(
            "One lot was shared out, enough for {amount} people.",
            "{lots} lots were shared out, enough for {amount} people.",
            lots,
        )
    else:
        said = ngettext(
            "One lot was shared out: {amount} {unit}.", "{lots} lots were shared out: {amount} {unit}.", lots
        )
    found = [format_html(said, lots=words.amount(lots), amount=given, unit=story.unit)]
    some = len(served)
    found.append(
        format_html(
            ngettext("{count} of {all} recipients gets some of it.", "{count} of {all} recipients get some of it.", some),
            count=words.amount(some), all=words.amount(len(story.recipients)),
        )
    )  # fmt: skip
    groups = [group for group in standing.groups if group.kind == "line" and group.line is not None]
    if groups:
        largest = max(groups, key=lambda group: len(group.rows))
        at, number = level(story.rule, largest.line.level if largest.line else None), len(largest.rows)
        found.append(
            format_html(
                ngettext("{count} ends on the waterline, at {level}.", "{count} end level on the waterline, at {level}.", number),
                count=words.amount(number), level=at,
            )
        )  # fmt: skip
        others = len(standing.of("line")) - number
        if others:
            found.append(
                format_html(
                    ngettext(
                        "{count} more stands on another line, of lots that only some may have.",
                        "{count} more stand on other lines, of lots that only some may have.", others,
                    ), count=words.amount(others),
                )
            )  # fmt: skip
    lower = len(standing.of("lower"))
    if lower:
        found.append(
            format_html(
                ngettext(
                    "{count} ends lower, not because others were preferred, but because of a limit of its own.",
                    "{count} end lower, not because others were preferred, but because each meets a limit of its own.", lower,
                ), count=words.amount(lower),
            )
        )  # fmt: skip
    above = len(standing.of("above"))
    if above:
        found.append(
            format_html(
                ngettext(
                    "{count} stood higher already and gets nothing this time.",
                    "{count} stood higher already and get nothing this time.", above,
                ), count=words.amount(above),
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class Check:
    """Say one condition that was checked: a sentence, what was compared, whether it holds."""

    sentence: str
    record: SafeString
    holds: bool


def tell_checks(told: Told) -> list[Check]:
    """Return what the checker compared now. It counts over the whole plan, so where anything is broken nothing is called sound."""
    counts: Mapping[str, int] = told.verdict.counts
    number = {name: words.amount(counts[name]) for name in counts}
    blank = {name: SafeString("–") for name in ("pairs", "lots", "recipients", "lines")}
    facts = blank | number
    found = [
        (
            _("The plan obeys every limit: stocks, room, earmarks, storage, shelf life."),
            _("{lines} plan lines, {lots} lots, {recipients} recipients; every file has its hash"),
        )
    ]
    if told.verdict.claim == "proved best":
        found += [
            (
                _("No lot could have gone to somebody standing lower."),
                _("Condition 1: {pairs} pairs of lot and recipient"),
            ),
            (_("Every lot went only to recipients on its waterline."), _("Condition 2: {lines} plan lines")),
            (
                _("Everybody stops at the waterline, or at a limit of its own."),
                _("Condition 3: the last and the next pack of {recipients} recipients"),
            ),
            (_("Nothing is left over that anybody could take."), _("Condition 4: {lots} lots")),
        ]
    else:
        found += [
            (
                _("No single pack can be moved to help somebody who stands lower."),
                _("{pairs} pairs of lot and recipient"),
            ),
            (_("Nothing is left over that anybody could take."), _("{lots} lots")),
        ]
        if told.certificate.get("bound"):
            found.append((_("The bound holds by its own four conditions."), _("in exact fractions")))
    return [Check(sentence, format_html(record, **facts), told.verdict.holds) for sentence, record in found]


def readme(title: str, ref: str, number: int) -> str:
    """Return what stands beside a plan that is taken away: English, because the commands are."""
    return (
        f"{title}\nRound {ref}, plan {number}.\n\nplan/ holds the plan as it was put before the board: its inputs, its lines, its "
        "certificate.\ncheck.py checks it with bare Python 3 and nothing else:\n\n    python3 check.py plan/\n\nIt shares no code "
        "with what made the plan. Exit code 0: the plan holds; 1: it says which condition is broken, and where.\n"
    )


def days(day: Any) -> SafeString:
    """Return a day in full."""
    return words.day(day)


def plain_percent(value: float) -> str:
    """Return a share as text without markup."""
    return str(formats.percent(value))

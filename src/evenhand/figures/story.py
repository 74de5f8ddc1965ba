"""What a report needs to know about one plan, as plain Python types.

Made by the library's front from a plan; read by every picture and table in this folder. Holds no markup and computes
nothing but sums. Amounts and levels are floats: pictures round them, proofs do not come from here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

from evenhand.figures.words import short
from evenhand.wording import say

Amount = int | float | Fraction
"""A quantity to be shown: exact where the plan is exact."""

CLAIMS = ("proved best", "bounded")
RULE_NAMES = ("equal-coverage", "need-weighted", "tiers", "floor-then-weighted")


@dataclass(frozen=True, slots=True)
class GiftStory:
    """Tell what one recipient gets of one lot: packs, units of the resource, service units."""

    lot: str
    packs: Amount
    units: Amount
    service_units: Amount


@dataclass(frozen=True, slots=True)
class RecipientStory:
    """Tell what the plan does for one recipient.

    Attributes
    ----------
    target, held, received
        Service units; target > 0.
    coverage_before, coverage_after
        Share of the target, 1 = all of it.
    level_before, level
        How well served it is under the rule.
    waterline
        The level it is held to; None where no lot is open to it, infinite where lots are left over.
    limited_by
        What keeps it from getting more, as in recipients.csv. Empty, or words that contain "waterline", where nothing but
        the waterline does.
    gifts
        What it gets, in the order poured.
    """

    recipient: str
    name: str
    target: float
    held: float
    received: float
    coverage_before: float
    coverage_after: float
    level_before: float
    level: float
    waterline: float | None = None
    limited_by: str = ""
    gifts: tuple[GiftStory, ...] = ()


@dataclass(frozen=True, slots=True)
class LotStory:
    """Tell one lot and what became of it.

    Attributes
    ----------
    packs, given, left
        Packs there were, packs given, packs left over.
    units, service_units
        What was given, in units of the resource and in service units.
    may_go_to
        Who may have it, in words; empty for everybody.
    waterline
        None for a lot without packs, infinite where packs are left over.
    bound
        The proved bound's waterline of the lot, for bounded plans.
    """

    lot: str
    packs: Amount
    given: Amount
    left: Amount
    resource: str = ""
    donor: str = ""
    pack_size: Amount = 1
    units: Amount = 0
    service_units: float = 0.0
    may_go_to: str = ""
    requires: str = ""
    expires: str = ""
    waterline: float | None = None
    bound: float | None = None


@dataclass(frozen=True, slots=True)
class MeasureStory:
    """Tell one measure before and after the round, ready to print, what it means and whose it is."""

    name: str
    before: str
    after: str
    meaning: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class CheckStory:
    """Tell one condition that was checked: a plain sentence, the line for the record, whether it holds."""

    sentence: str
    record: str
    holds: bool = True


@dataclass(frozen=True, slots=True)
class ExplanationStory:
    """Tell why one recipient gets what it gets, in titled sentences."""

    recipient: str
    sentences: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BoundStory:
    """Tell how near a bounded plan is to its proved bound.

    Attributes
    ----------
    lowest_level
        The proved upper bound for the lowest level.
    plan_lowest
        The lowest level the plan reaches.
    levels_closed
        How many of the lowest levels were then proved exactly.
    levels
        (rank, level, bound), lowest first, as in levels.csv.
    """

    lowest_level: float
    plan_lowest: float
    levels_closed: int = 0
    levels: tuple[tuple[int, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanStory:
    """Tell one plan: everything the report page says.

    Attributes
    ----------
    title
        The page's heading, e.g. "119 million doses for 85 members".
    unit
        What service units are, in the plural ("doses"), where known; "people" are served, not given.
    lots
        In the order they were poured, where known: layers of water follow it.
    tiers
        Names of the tiers, first served first, for the rule `tiers`.
    record
        More lines for the margin: (term, text).
    files
        (name, SHA-256) of the plan's files, where they were written.
    commands
        Commands that check or explain this plan, with what each does: (command, what it does).
    """

    title: str
    rule: str
    claim: str
    floor: Amount | None = None
    date: str = ""
    verdict: str = ""
    unit: str = "service units"
    recipients: tuple[RecipientStory, ...] = ()
    lots: tuple[LotStory, ...] = ()
    measures: tuple[MeasureStory, ...] = ()
    checks: tuple[CheckStory, ...] = ()
    explanations: tuple[ExplanationStory, ...] = ()
    bound: BoundStory | None = None
    tiers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    record: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    commands: tuple[tuple[str, str], ...] = ()
    lot_by_key: dict[str, LotStory] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what no picture could show.

        Raises
        ------
        ValueError
            For a rule or claim that does not exist, or a number that is no number. A programmer's mistake: input from
            people was refused long before.
        """
        if self.rule not in RULE_NAMES:
            raise ValueError(f"no rule {self.rule!r}; there are {', '.join(RULE_NAMES)}")
        if self.claim not in CLAIMS:
            raise ValueError(f"no claim {self.claim!r}; there are {', '.join(CLAIMS)}")
        for row in self.recipients:
            numbers = (row.target, row.held, row.received, row.level_before, row.level)
            if not all(math.isfinite(number) for number in numbers) or row.target <= 0:
                raise ValueError(
                    f"recipient {row.recipient!r}: a target above 0 and finite numbers are needed: {numbers}"
                )
        object.__setattr__(self, "lot_by_key", {lot.lot: lot for lot in self.lots})

    @property
    def proved(self) -> bool:
        """Say whether the word "proved best" may be used."""
        return self.claim == "proved best"

    @property
    def given(self) -> float:
        """Sum what all recipients received, in service units."""
        return math.fsum(row.received for row in self.recipients)

    @property
    def donors(self) -> tuple[str, ...]:
        """List who gives, alphabetically; lots without a donor stand under their own key."""
        return tuple(sorted({donor_of(lot) for lot in self.lots}, key=lambda name: (name.casefold(), name)))


def donor_of(lot: LotStory) -> str:
    """Return who gives a lot, or the lot's key where no donor is named.

    Examples
    --------
    >>> donor_of(LotStory("L1", packs=1, given=1, left=0))
    'lot L1'
    """
    return lot.donor or say("lot {key}").format(key=lot.lot)


def amount_words(story: PlanStory, amount: float) -> str:
    """Write an amount of service units as something that can be given.

    Examples
    --------
    >>> amount_words(PlanStory("t", "tiers", "bounded", unit="doses"), 2e6)
    '2 million doses'
    >>> amount_words(PlanStory("t", "tiers", "bounded", unit="people"), 2e6)
    'enough for 2 million people'
    """
    if story.unit == "people":
        return say("enough for {amount} people").format(amount=short(amount))
    return say("{amount} {unit}").format(amount=short(amount), unit=unit_words(story))


def unit_words(story: PlanStory) -> str:
    """Return what service units are, in the reader's language where its catalogue has the word."""
    return say(story.unit) if story.unit else ""

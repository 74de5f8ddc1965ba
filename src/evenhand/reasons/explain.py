"""Say why a recipient gets what it gets, in titled sentences that a minister can read.

What it needed, what it gets and from whom, its waterline, what stopped it and what did not, which lots it may not have, who
stands lower, what would raise it, and what another rule would give it. Called by `evenhand.plan`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from evenhand.allocation.outcome import Outcome
from evenhand.errors import NameUnknown
from evenhand.reasons.closed_lots import ClosedLot
from evenhand.reasons.explain_limits import what_did_not_stop_it, what_stopped_it
from evenhand.reasons.explain_neighbours import its_waterline, who_stands_lower
from evenhand.reasons.explain_parts import (
    what_it_gets,
    what_it_may_not_have,
    what_it_needed,
)
from evenhand.reasons.explain_remedies import under_another_rule, what_would_raise_it
from evenhand.reasons.neighbours import find_level_with, find_lower
from evenhand.reasons.remedies import OtherRule, Remedy, baseline, try_other_rules, try_remedies
from evenhand.reasons.standing import GivenLot, find_place, find_standing
from evenhand.reasons.wording import LevelWords


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one titled part of an explanation."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Hold why one recipient gets what it gets: in sentences, and as exact numbers.

    Attributes
    ----------
    target, held, capacity, received
        Service units.
    level_before, level
        How well served it was and is, under the plan's rule.
    waterline
        The level it is held to; None where it is held to none.
    packs_left_over
        Whether that is because a lot open to it has packs left over.
    level_with
        How many other recipients share its waterline.
    limited_by
        As in `recipients.csv`; `limits.LIMITS` says what each value means.
    closed
        The lots with packs that it may not have, with the reasons.
    stand_lower
        How many recipients stand lower, by more than a pack where it gets any.
    remedies
        The changes that were tried, with their effect.
    """

    recipient: str
    name: str
    parts: tuple[Part, ...]
    target: Fraction
    held: Fraction
    capacity: Fraction
    received: Fraction
    level_before: Fraction
    level: Fraction
    lots: tuple[GivenLot, ...]
    waterline: Fraction | None
    packs_left_over: bool
    level_with: int
    limited_by: str
    closed: tuple[ClosedLot, ...]
    stand_lower: int
    remedies: tuple[Remedy, ...]
    other_rules: tuple[OtherRule, ...]

    def __str__(self) -> str:
        """Return the explanation as text, each part under its title, lines not wrapped."""
        heading = self.name if self.name == self.recipient else f"{self.name} ({self.recipient})"
        return "\n\n".join([heading, *(f"{part.title}\n{part.text}" for part in self.parts)])


def explain_recipient(outcome: Outcome, recipient: str, *, remedies: bool = True) -> Explanation:
    """Explain why a recipient gets what it gets.

    What would raise it is found by solving changed rounds: about a dozen at most, three in a round of more than 50,000
    recipients. With `remedies` off that part, and the one about other rules, is left out.

    Raises
    ------
    NameUnknown
        No recipient has that key.
    """
    keys = outcome.problem.recipients
    row = find_place(keys, recipient)
    if row is None:
        raise NameUnknown("recipient", recipient, keys.to_list())
    standing = find_standing(outcome, row)
    words = LevelWords.of(outcome.problem)
    level_with, lower = find_level_with(standing), find_lower(standing)
    tried = try_remedies(standing, baseline(outcome)) if remedies else None
    others = try_other_rules(standing) if remedies else ()
    parts = (
        Part("What it needed", what_it_needed(standing)),
        Part("What it gets", what_it_gets(standing, words)),
        Part("Its waterline", its_waterline(standing, words, level_with)),
        Part("What stopped it", what_stopped_it(standing, words, level_with)),
        Part("What did not stop it", what_did_not_stop_it(standing)),
        Part("What it may not have", what_it_may_not_have(standing)),
        Part("Who stands lower", who_stands_lower(standing, words, lower)),
        Part("What would raise it", what_would_raise_it(standing, words, tried) if tried else ""),
        Part("Under another rule", under_another_rule(standing, others) if remedies else ""),
    )
    return Explanation(
        recipient,
        standing.name,
        tuple(part for part in parts if part.text),
        standing.target,
        standing.held,
        standing.capacity,
        standing.received,
        standing.level_before,
        standing.level,
        standing.given,
        standing.waterline,
        standing.unlimited,
        len(level_with),
        standing.limit,
        standing.closed,
        len(lower.rows),
        tried.remedies if tried else (),
        others,
    )

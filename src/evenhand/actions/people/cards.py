"""A card that was lost or stolen is replaced by the next number; the older one opens nothing from then on."""

from __future__ import annotations

from typing import Annotated, Final

from evenhand.actions.action import Doing, Done
from evenhand.actions.people.action import people_action
from evenhand.actions.people.finding import reach_household
from evenhand.errors import ActionRefused
from evenhand.lookups.people.reading import expect_kept

LAST_CARD: Final = 9999
"""The highest number that a card's code can hold."""


@people_action("people register")
def replace_card(doing: Doing, *, household: Annotated[str, "the household's ref, HH-..."]) -> Done:
    """Give a household a new card instead of one that was lost; the facts tell its number, from which its code is made."""
    row = reach_household(doing, household)
    if not doing.reason.strip():
        raise ActionRefused("a new card needs a reason; say what became of the one before")
    if row.state != "present":
        raise ActionRefused(f"{row.ref} is {row.state}; a card is made for a household that is present")
    expect_kept(row.registration, doing.today)
    if row.card >= LAST_CARD:
        raise ActionRefused(f"{row.ref} has had {LAST_CARD:,} cards, and there are no more; register it anew")
    row.card += 1
    row.save(update_fields=["card"])
    return doing.done(row.ref, card=row.card)

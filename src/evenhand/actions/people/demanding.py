"""A member's needs out of its register: a draft for each site, in numbers alone, which its focal point submits like any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from evenhand.actions.action import Acting, Done
from evenhand.actions.needs import draft_need
from evenhand.errors import ActionRefused, OptionRefused
from evenhand.lookups.people.demand import roll_up

LONGEST_ID: Final = 30
"""An id leaves room for the numbers of the drafts behind it."""


def draft_needs(
    acting: Acting, *, entitlement: str, why: str, times: int = 1, by_when: date | None = None
) -> list[Done]:
    """Draft a need for every site of a register that is large enough to tell, and one for all that are not together.

    Parameters
    ----------
    times
        For how many givings out, such as 3 for three months.

    Returns
    -------
    list of Done
        One a draft; sent again under the same id, the same drafts.

    Raises
    ------
    ActionRefused
        Nobody is in the register, or too few to tell.
    NotAllowed
        Who acts does not answer for a site, or for the party that keeps the register.
    """
    if not 1 <= times <= 12:
        raise OptionRefused(f"times is {times}; give 1 to 12 givings out")
    if len(acting.request) > LONGEST_ID:
        raise OptionRefused(
            f"the id '{acting.request}' is longer than {LONGEST_ID} letters; the drafts' numbers go behind it"
        )
    found = [one for one in roll_up(acting.viewer, entitlement) if one.quantity]
    if not found:
        raise ActionRefused(f"by {entitlement} nobody needs anything, or so few that it would tell who they are")
    return [
        draft_need(
            replace(acting, request=f"{acting.request}.{number}" if acting.request else ""), party=one.party,
            resource=one.resource, quantity=str(one.quantity * times), why=why, by_when=by_when,
        )
        for number, one in enumerate(found, 1)
    ]  # fmt: skip

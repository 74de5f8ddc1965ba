"""Actions on units that a party holds, and on units past their last day: distribute, expire, return, lose.

Whoever holds units says what becomes of them; the donor speaks only for what is still with it. Corrections are
`actions.reversals`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from evenhand.access.viewers import Target
from evenhand.actions.action import Doing, Done, account, action
from evenhand.actions.finding import get_consignment, get_offer, get_party
from evenhand.actions.moving import (
    CAUSE_MEANING,
    expect_goods,
    expect_held,
    expect_no_round,
    happened_on,
    is_money,
    keep_cause,
    move,
    read_cause,
)  # fmt: skip
from evenhand.actions.typed import read_choice
from evenhand.errors import ActionRefused
from evenhand.ledger.entries import AccountKey
from evenhand.records.models import Offer
from evenhand.records.quantities import read_quantity
from evenhand.records.tree import target_of
from evenhand.stockbook.balances import balance_of

LOST = {"missing": "miss", "damaged": "damage"}
"""What units in a party's hands can be found, and the verb that says so."""

EXPIRES_AT = ("offered", "allocated", "in-transit", "received")

Holder = Annotated[str, "the key of the party that holds it"]
Ref = Annotated[str, "the ref of the offer the units come from, OF-..."]
Typed = Annotated[str, "how much, as people say it: 300, '3 box'"]
Unit = Annotated[str, "the unit or pack, where the quantity does not say it"]
Day = Annotated[date | None, "the day it happened; today where not said"]
Note = Annotated[str, "more about the cause, for the donor to read"]


@action("stock distribute")
def distribute_stock(
    doing: Doing, *, party: Holder, offer: Ref, quantity: Typed, unit: Unit = "", on: Day = None
) -> Done:
    """Say that units were handed to the people they are meant for; of a team, that so many did their work."""
    holder, gift = get_party(party), get_offer(offer)
    doing.require(target_of(holder, doing.today))
    expect_goods(gift, "distributed")
    return _leave(doing, "distribute", gift, account("received", gift.ref, holder.key), "used", quantity, unit, on)


@action("stock return")
def return_stock(
    doing: Doing,
    *,
    party: Holder,
    offer: Ref,
    quantity: Typed,
    unit: Unit = "",
    cause: Annotated[str, CAUSE_MEANING] = "",
    note: Note = "",
    on: Day = None,
) -> Done:
    """Give units back to their donor: goods that are not needed, a team that goes home, money that was not spent."""
    holder, gift = get_party(party), get_offer(offer)
    doing.require(target_of(holder, doing.today))
    why = read_cause(cause, note)
    source = account("paid" if is_money(gift) else "received", gift.ref, holder.key)
    return _leave(doing, "return", gift, source, "returned", quantity, unit, on, why)


@action("stock lose")
def lose_stock(
    doing: Doing,
    *,
    party: Holder,
    offer: Ref,
    quantity: Typed,
    cause: Annotated[str, CAUSE_MEANING],
    unit: Unit = "",
    what: Annotated[str, "missing, or damaged where they are there and cannot be used"] = "missing",
    note: Note = "",
    on: Day = None,
) -> Done:
    """Say that units in a party's hands were found damaged or missing."""
    holder, gift = get_party(party), get_offer(offer)
    doing.require(target_of(holder, doing.today))
    expect_goods(gift, "lost; give back or spend what was paid")
    read_choice("way to lose units", what, list(LOST))
    why = read_cause(cause, note, needed=f"{what} units")
    return _leave(doing, LOST[what], gift, account("received", gift.ref, holder.key), what, quantity, unit, on, why)


@action("stock expire")
def expire_stock(
    doing: Doing,
    *,
    offer: Ref,
    stage: Annotated[str, "where the units are: offered, allocated, in-transit or received"],
    holder: Annotated[
        str, "the key of the party, or the ref of the consignment, that has them; empty for offered"
    ] = "",
    quantity: Annotated[str, "how much, as people say it; all that is there where not said"] = "",
    on: Day = None,
) -> Done:
    """Say that units have passed their last day of use."""
    gift = get_offer(offer)
    read_choice("stage in which units expire", stage, EXPIRES_AT)
    if bool(holder) != (stage != "offered"):
        raise ActionRefused(
            f"units that are {stage} are "
            + (
                "with somebody; say who holds them"
                if stage != "offered"
                else "with the donor alone; leave the holder out"
            )
        )
    doing.require(*expiring_right(doing, gift, stage, holder))
    expect_goods(gift, "past their last day")
    day = happened_on(doing, on)
    if (gift.expires is None or gift.expires >= day) and not doing.reason:
        until = f"is good until {gift.expires}" if gift.expires else "has no last day of use"
        raise ActionRefused(f"{gift.ref} {until}; to record units as expired on {day} all the same, give a reason")
    if stage == "offered":
        expect_no_round(gift)
    source = account(stage, gift.ref, holder)
    if not quantity:
        quantity = str(max(1, balance_of(source)))
    return _leave(doing, "expire", gift, source, "expired", quantity, "", on)


def expiring_right(doing: Doing, gift: Offer, stage: str, holder: str) -> tuple[Target, str]:
    """Return over whom, and by which right, units are recorded as expired: the donor's while they are still with it.

    What was received is the holder's to speak for, so the right asked there is one that no donor has.
    """
    if stage == "received":
        return target_of(get_party(holder), doing.today), "stock lose"
    if stage == "in-transit":
        return target_of(get_consignment(holder).origin, doing.today), "stock expire"
    if holder:
        get_party(holder)
    return target_of(gift.donor, doing.today), "stock expire"


def _leave(
    doing: Doing,
    verb: str,
    gift: Offer,
    source: AccountKey,
    stage: str,
    quantity: str,
    unit: str,
    on: date | None,
    why: tuple[str, str] = ("", ""),
) -> Done:
    """Move units out of an account to where they end, and say what is left there."""
    amount = read_quantity(gift.resource, quantity, unit)
    expect_held(gift, source, amount.base_units)
    posting = move(
        doing, verb, gift, source, account(stage, gift.ref, source.holder), amount, on=happened_on(doing, on)
    )
    doing.post([posting])
    keep_cause(posting.entry, *why)
    return doing.done(gift.ref, base_units=amount.base_units, left=balance_of(source), entries=[posting.entry])

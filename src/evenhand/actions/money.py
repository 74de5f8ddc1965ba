"""Actions on money: the donor pays what it committed, the recipient spends what was paid.

What a round allocated is paid to whom it was allocated; what was committed to one recipient by name is paid to that one.
Money goes back with `stock return`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from evenhand.actions.action import Doing, Done, account, action
from evenhand.actions.finding import get_offer, get_party
from evenhand.actions.moving import (
    expect_held,
    expect_money,
    expect_no_round,
    happened_on,
    is_meant_for,
    move,
    where_units_are,
)  # fmt: skip
from evenhand.errors import ActionRefused
from evenhand.ledger.entries import AccountKey
from evenhand.records.models import Offer, Party
from evenhand.records.quantities import read_quantity
from evenhand.records.tree import parties_above, target_of
from evenhand.stockbook.balances import balance_of, read_balances

Ref = Annotated[str, "the ref of the offer of money, OF-..."]
Typed = Annotated[str, "how much, as people say it: '5000 USD'"]
Unit = Annotated[str, "the unit, where the quantity does not say it"]
Day = Annotated[date | None, "the day it happened; today where not said"]


@action("money pay")
def pay_money(
    doing: Doing,
    *,
    offer: Ref,
    to: Annotated[str, "the key of the party that is paid"],
    quantity: Typed,
    unit: Unit = "",
    on: Day = None,
) -> Done:
    """Pay money that was committed."""
    gift, recipient = get_offer(offer), get_party(to)
    doing.require(target_of(gift.donor, doing.today))
    expect_money(gift, "paid")
    amount = read_quantity(gift.resource, quantity, unit)
    source = _source(gift, recipient, amount.base_units)
    target = account("paid", gift.ref, recipient.key)
    posting = move(doing, "pay", gift, source, target, amount, on=happened_on(doing, on))
    doing.post([posting])
    return doing.done(
        gift.ref, base_units=amount.base_units, taken_from=str(source), left=balance_of(source), entries=[posting.entry]
    )


@action("money spend")
def spend_money(
    doing: Doing,
    *,
    party: Annotated[str, "the key of the party that spent it"],
    offer: Ref,
    quantity: Typed,
    unit: Unit = "",
    on: Day = None,
) -> Done:
    """Say that money which was paid has been spent on what it was given for."""
    holder, gift = get_party(party), get_offer(offer)
    doing.require(target_of(holder, doing.today))
    expect_money(gift, "spent")
    amount = read_quantity(gift.resource, quantity, unit)
    source = account("paid", gift.ref, holder.key)
    expect_held(gift, source, amount.base_units)
    target = account("spent", gift.ref, holder.key)
    posting = move(doing, "spend", gift, source, target, amount, on=happened_on(doing, on))
    doing.post([posting])
    return doing.done(gift.ref, base_units=amount.base_units, left=balance_of(source), entries=[posting.entry])


def _source(gift: Offer, recipient: Party, wanted: int) -> AccountKey:
    """Return the account that a payment is taken from.

    Raises
    ------
    ActionRefused
        Nothing was allocated to the recipient, nor committed to it by name.
    StockShort
        Something was, and less than is to be paid.
    """
    above = parties_above(recipient)
    candidates = [account("allocated", gift.ref, party) for party in above]
    if is_meant_for(gift, above):
        candidates.append(account("committed", gift.ref))
    held = read_balances(candidates)
    enough = [candidate for candidate in candidates if held[candidate] >= wanted]
    some = [candidate for candidate in candidates if held[candidate]]
    if not some:
        raise ActionRefused(
            f"nothing of {gift.ref} was allocated to {recipient.key}, or committed to it by name (--meant-for "
            f"{recipient.key}). {where_units_are(gift)}"
        )
    source = (enough or some)[0]
    if source.stage == "committed":
        expect_no_round(gift)
    expect_held(gift, source, wanted)
    return source

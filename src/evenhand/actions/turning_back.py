"""The action for what never arrives: a consignment, or a line of it, is turned back on its way and goes home to the donor.

It is said by those who send it, as its dispatch was; who was to receive it has nothing in hand to give back. Good, damaged,
missing and returned together are what was sent. What came in is given back with `stock return`, and a consignment that
never left is put right by reversing its dispatch.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from evenhand.actions.action import Doing, Done, account, action
from evenhand.actions.consignments import require_sending
from evenhand.actions.finding import get_consignment
from evenhand.actions.moving import CAUSE_MEANING, happened_on, in_base_units, keep_cause, move, read_cause
from evenhand.actions.receipts import expect_after_dispatch, open_lines
from evenhand.errors import ActionRefused
from evenhand.ledger.entries import AccountKey
from evenhand.records.quantities import Quantity, read_quantity
from evenhand.stockbook.travelling import LineState, lines_of, transit_of


@action("consignment return")
def return_consignment(
    doing: Doing,
    *,
    consignment: Annotated[str, "the consignment's ref, CN-..."],
    cause: Annotated[str, CAUSE_MEANING],
    line: Annotated[int, "the number of the line; 0 for all that are still on the way"] = 0,
    quantity: Annotated[str, "how much was turned back; all that is still on the way where not said"] = "",
    unit: Annotated[str, "the unit or pack it is counted in; the line's own where not said"] = "",
    note: Annotated[str, "more about the cause, for the recipient and the donor to read"] = "",
    on: Annotated[date | None, "the day it was turned back; today where not said"] = None,
) -> Done:
    """Say that a consignment, or a line of it, was turned back.

    What was still on the way goes back to its donor; a part of a line is returned by naming its quantity.
    """
    row = get_consignment(consignment)
    require_sending(doing, row, lines_of(row))
    turned = happened_on(doing, on)
    lines = open_lines(row, line, "turned back")
    expect_after_dispatch(row, turned, "turned back")
    if len(lines) > 1 and quantity:
        numbers = ", ".join(str(one.line.number) for one in lines)
        raise ActionRefused(f"{row.ref} has lines {numbers} on the way; say which line this quantity is of")
    cause, note = read_cause(cause, note, needed="units that were turned back")
    postings = [
        move(
            doing, "return", one.line.offer, AccountKey.read(transit_of(one.line)),
            account("returned", one.line.offer_id, row.ref), _read_amount(one, quantity, unit),
            on=turned, concerns=row.ref,
        )
        for one in lines
    ]  # fmt: skip
    doing.post(postings)
    for posting in postings:
        keep_cause(posting.entry, cause, note)
    returned = sum(posting.quantity for posting in postings)
    return doing.done(
        row.ref,
        returned=returned,
        still_on_the_way=sum(one.on_the_way for one in lines) - returned,
        entries=[posting.entry for posting in postings],
    )


def _read_amount(state: LineState, quantity: str, unit: str) -> Quantity:
    """Return how much of a line was turned back; a bare number counts in the unit in which the line was sent.

    Raises
    ------
    ActionRefused
        It is more than is on the way.
    """
    offer = state.line.offer
    if not quantity:
        return in_base_units(offer, state.on_the_way)
    named = any(letter.isalpha() for letter in quantity)
    amount = read_quantity(offer.resource, quantity, unit or ("" if named else state.line.unit))
    if amount.base_units > state.on_the_way:
        raise ActionRefused(
            f"line {state.line.number} of {state.line.consignment_id} has {state.on_the_way:,} {offer.resource.base_unit} "
            f"on the way, so {amount.base_units:,} cannot be turned back; give at most what is on the way"
        )
    return amount

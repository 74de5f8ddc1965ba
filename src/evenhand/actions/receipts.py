"""The action of receiving: line by line, what came in good order, what was damaged, what is missing, and why.

Only the recipient says what it received; neither the donor nor the secretariat can, and what was said is changed by a
reversal with a reason alone (`actions.reversals`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from evenhand.actions.action import Doing, Done, account, action
from evenhand.actions.finding import get_consignment
from evenhand.actions.moving import CAUSE_MEANING, happened_on, in_base_units, keep_cause, move, read_cause
from evenhand.errors import ActionRefused
from evenhand.ledger.entries import AccountKey
from evenhand.records.quantities import Quantity, read_quantity
from evenhand.records.tree import target_of
from evenhand.stockbook.models import Consignment, Entry
from evenhand.stockbook.posting import Posting
from evenhand.stockbook.travelling import LineState, lines_of, transit_of


@dataclass(frozen=True, slots=True)
class Found:
    """Hold what was found of one line."""

    line: LineState
    good: Quantity
    damaged: Quantity
    missing: Quantity

    @property
    def total(self) -> int:
        """Return how many base units are accounted for."""
        return self.good.base_units + self.damaged.base_units + self.missing.base_units


@action("consignment receive")
def receive_consignment(
    doing: Doing,
    *,
    consignment: Annotated[str, "the consignment's ref, CN-..."],
    line: Annotated[int, "the number of the line; 0 for all that are still on the way"] = 0,
    good: Annotated[str, "how much came in good order; all the rest where not said"] = "",
    damaged: Annotated[str, "how much came and cannot be used"] = "0",
    missing: Annotated[str, "how much was sent and did not come"] = "0",
    unit: Annotated[str, "the unit or pack they are counted in; the line's own where not said"] = "",
    cause: Annotated[str, CAUSE_MEANING] = "",
    note: Annotated[str, "more about the cause, for the sender and the donor to read"] = "",
    on: Annotated[date | None, "the day it arrived; today where not said"] = None,
) -> Done:
    """Receive a consignment or a line of it: good + damaged + missing, in one go or in parts."""
    row = get_consignment(consignment)
    doing.require(target_of(row.destination, doing.today))
    arrived = happened_on(doing, on)
    lines = open_lines(row, line)
    expect_after_dispatch(row, arrived)
    if len(lines) > 1 and (good or any(_some(typed) for typed in (damaged, missing))):
        numbers = ", ".join(str(one.line.number) for one in lines)
        raise ActionRefused(f"{row.ref} has lines {numbers} on the way; say which line these quantities are of")
    found = [_read_found(one, good, damaged, missing, unit) for one in lines]
    lost = any(one.damaged.base_units or one.missing.base_units for one in found)
    if cause and not lost:
        raise ActionRefused(f"the cause '{cause}' is given, and nothing damaged or missing; say how much was")
    cause, note = read_cause(cause, note, needed="damaged or missing units" if lost else "")
    postings = [posting for one in found for posting in _postings(doing, row, one, arrived)]
    doing.post(postings)
    for posting in postings:
        if posting.verb != "receive":
            keep_cause(posting.entry, cause, note)
    if note and not lost:
        keep_cause(postings[0].entry, "", note)
    return doing.done(
        row.ref,
        good=sum(one.good.base_units for one in found),
        damaged=sum(one.damaged.base_units for one in found),
        missing=sum(one.missing.base_units for one in found),
        still_on_the_way=sum(one.line.on_the_way - one.total for one in found),
        entries=[posting.entry for posting in postings],
    )


def open_lines(row: Consignment, number: int, what: str = "received") -> list[LineState]:
    """Return the lines that can be received or turned back: the one that is meant, or all that are still on the way.

    Raises
    ------
    ActionRefused
        None is: it was cancelled, has not left, or all of it is accounted for. There is no such line.
    """
    lines = lines_of(row)
    if row.cancelled:
        raise ActionRefused(f"{row.ref} was cancelled and never left; nothing of it can be {what}")
    if number:
        lines = [one for one in lines if one.line.number == number] or _no_such_line(row, lines, number)
    still = [one for one in lines if one.on_the_way]
    if not still and not any(one.sent for one in lines):
        raise ActionRefused(
            f"{row.ref} has not left yet; its sender records that first: consignment dispatch {row.ref}"
        )
    if not still:
        said = "; ".join(
            f"line {one.line.number}: {one.good:,} good, {one.damaged:,} damaged, {one.missing:,} missing"
            + (f", {one.aside:,} expired or turned back" if one.aside else "")
            for one in lines[:5]
        )
        done = "was received" if not any(one.aside for one in lines) else "is accounted for"
        raise ActionRefused(f"all of it {done} already ({said}); to correct that, reverse it: stock reverse")
    return still


def _no_such_line(row: Consignment, lines: list[LineState], number: int) -> list[LineState]:
    numbers = ", ".join(str(one.line.number) for one in lines)
    raise ActionRefused(f"{row.ref} has no line {number}; its lines are {numbers}")


def expect_after_dispatch(row: Consignment, day: date, what: str = "") -> None:
    """Refuse a day on which it had not left yet."""
    left = (
        Entry.objects.filter(concerns=row.ref, verb="dispatch")
        .order_by("-seq")
        .values_list("happened", flat=True)
        .first()
    )
    if left is not None and day.isoformat() < left:
        did, was = (f"was not {what}", f"was {what}") if what else ("did not arrive", "arrived")
        raise ActionRefused(f"{row.ref} left on {left}, so it {did} on {day}; give the day it {was}")


def _some(typed: str) -> bool:
    """Say whether a quantity was typed that may be more than nothing."""
    return bool(typed.strip().strip("0., "))


def _read_found(state: LineState, good: str, damaged: str, missing: str, unit: str) -> Found:
    """Return what was found of a line; a bare number counts in the unit in which the line was sent.

    Raises
    ------
    ActionRefused
        It is nothing, or more than is on the way.
    """
    offer = state.line.offer

    def read(typed: str, column: str) -> Quantity:
        named = any(letter.isalpha() for letter in typed)
        return read_quantity(
            offer.resource, typed or "0", unit or ("" if named else state.line.unit), least=0, column=column
        )

    spoilt, gone = read(damaged, "damaged"), read(missing, "missing")
    lost = spoilt.base_units + gone.base_units
    fine = read(good, "good") if good else in_base_units(offer, max(0, state.on_the_way - lost))
    found = Found(state, fine, spoilt, gone)
    if found.total > state.on_the_way:
        raise ActionRefused(
            f"line {state.line.number} of {state.line.consignment_id} has {state.on_the_way:,} {offer.resource.base_unit} "
            f"on the way, and {fine.base_units:,} good + {spoilt.base_units:,} damaged + {gone.base_units:,} missing are "
            f"{found.total:,}; count again, or correct what was sent by reversing its dispatch"
        )
    if not found.total:
        raise ActionRefused("nothing good, damaged or missing was given; say how much was found of it")
    return found


def _postings(doing: Doing, row: Consignment, found: Found, arrived: date) -> list[Posting]:
    """Return the entries of one line: good to its recipient, damaged and missing to accounts of the consignment."""
    offer, transit = found.line.line.offer, AccountKey.read(transit_of(found.line.line))
    ways = (
        ("receive", account("received", offer.ref, row.destination_id), found.good),
        ("damage", account("damaged", offer.ref, row.ref), found.damaged),
        ("miss", account("missing", offer.ref, row.ref), found.missing),
    )
    return [
        move(doing, verb, offer, transit, target, quantity, on=arrived, concerns=row.ref)
        for verb, target, quantity in ways
        if quantity.base_units
    ]

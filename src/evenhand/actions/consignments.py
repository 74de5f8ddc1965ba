"""Actions on what travels: plan, dispatch and cancel a consignment. Receiving it is `actions.receipts`.

From where a line takes its units follows from who sends it: the donor (or a party below it) sends what was allocated to the
recipient, or what it gave to the recipient by name; anybody else sends on what it has received. A plan reserves nothing,
but no two plans together can mean to send more than there is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from evenhand.access.viewers import Target
from evenhand.actions.action import Doing, Done, account, action
from evenhand.actions.finding import get_consignment, get_offer, get_party, get_programme
from evenhand.actions.moving import (
    expect_goods,
    expect_no_round,
    happened_on,
    is_meant_for,
    move,
    where_units_are,
)  # fmt: skip
from evenhand.actions.typed import read_choice, read_line
from evenhand.errors import ActionRefused, InputRefused, NameUnknown, Problem
from evenhand.ledger.entries import AccountKey
from evenhand.records.models import Offer, Party
from evenhand.records.quantities import Quantity, read_quantity
from evenhand.records.tree import groups_of, parties_above
from evenhand.stockbook.balances import balance_of, read_balances
from evenhand.stockbook.models import Consignment, ConsignmentLine
from evenhand.stockbook.travelling import LineState, lines_of, open_plans, transit_of

MOST_LINES = 1000

Ref = Annotated[str, "the consignment's ref, CN-..."]


@action("consignment plan")
def plan_consignment(
    doing: Doing,
    *,
    origin: Annotated[str, "the key of the party that sends it"],
    destination: Annotated[str, "the key of the party that is to receive it"],
    lines: Annotated[str, "what it carries, separated by ';': 'OF-7K2M9QX4PD=40 box;OF-0DX2GFHSW8=100'"],
    kind: Annotated[str, "shipment, deployment (of a team) or transfer (of a patient)"] = "shipment",
    carrier: Annotated[str, "who carries it"] = "",
    waybill: Annotated[str, "the number of its waybill"] = "",
    code: Annotated[str, "the SSCC or another code on the boxes"] = "",
    leaves_on: Annotated[date | None, "the day on which it is to leave"] = None,
    due_on: Annotated[date | None, "the day on which it is to arrive"] = None,
    programme: Annotated[str, "the ref of the programme it belongs to"] = "",
) -> Done:
    """Plan a consignment: what is to travel from whom to whom. Nothing moves until it is dispatched."""
    sender, recipient = get_party(origin), get_party(destination)
    doing.require(_reach(doing, sender, recipient))  # a first answer, before anything is said about stock
    for party in (sender, recipient):
        if party.retired_on is not None:
            raise ActionRefused(f"{party.key} was retired on {party.retired_on}; it takes part in nothing new")
    if sender == recipient:
        raise ActionRefused(f"{sender.key} would send to itself; name the party that is to receive it")
    if leaves_on and due_on and due_on < leaves_on:
        raise ActionRefused(f"it cannot arrive on {due_on} and leave on {leaves_on}; change one of the two")
    row = Consignment(
        ref=doing.ref("CN"),
        kind=read_choice("kind of consignment", kind, Consignment.KINDS),
        origin=sender,
        destination=recipient,
        carrier=read_line("carrier", carrier, most=120, needed=False),
        waybill=read_line("waybill", waybill, most=80, needed=False),
        code=read_line("code", code, most=40, needed=False),
        leaves_on=leaves_on,
        due_on=due_on,
        programme=get_programme(programme) if programme else None,
        made_at=doing.at,
    )
    wanted = _read_lines(lines)
    sources = [_source(offer, quantity, sender, recipient) for offer, quantity in wanted]
    _require(doing, sender, recipient, zip((offer for offer, _ in wanted), sources, strict=True))
    arrives = due_on or leaves_on or doing.today
    for offer, _ in wanted:
        if offer.expires is not None and offer.expires < arrives:
            raise ActionRefused(f"{offer.ref} expires on {offer.expires}, and would not arrive before {arrives}")
    row.save(force_insert=True)
    ConsignmentLine.objects.bulk_create(
        ConsignmentLine(
            consignment=row, number=number, offer=offer, source=str(source), quantity=quantity.base_units,
            typed=quantity.typed, unit=quantity.unit,
        )
        for number, ((offer, quantity), source) in enumerate(zip(wanted, sources, strict=True), 1)
    )  # fmt: skip
    return doing.done(row.ref, lines=len(wanted), taken_from=[str(source) for source in sources])


@action("consignment dispatch")
def dispatch_consignment(
    doing: Doing, *, consignment: Ref, on: Annotated[date | None, "the day it left; today where not said"] = None
) -> Done:
    """Say that a planned consignment has left: its units are now on the way."""
    row, lines = _sent_by(doing, consignment)
    left = happened_on(doing, on)
    planned = [line for line in lines if not line.sent]
    if row.cancelled:
        raise ActionRefused(f"{row.ref} was cancelled; plan a new consignment")
    if not planned:
        raise ActionRefused(f"{row.ref} has left already; what came of it is recorded with: consignment receive")
    for line in planned:
        source = AccountKey.read(line.line.source)
        if source.stage == "offered":
            expect_no_round(line.line.offer)
        if balance_of(source) == 0:
            raise ActionRefused(
                f"nothing is left in {source} to send. {where_units_are(line.line.offer)}. Cancel {row.ref} and plan anew"
            )
    entries = doing.post(
        [
            move(
                doing, "dispatch", one.line.offer, AccountKey.read(one.line.source),
                AccountKey.read(transit_of(one.line)), Quantity(one.planned, one.line.typed, one.line.unit),
                on=left, concerns=row.ref,
            )
            for one in planned
        ]
    )  # fmt: skip
    return doing.done(row.ref, left_on=left, entries=[entry.entry for entry in entries])


@action("consignment cancel")
def cancel_consignment(doing: Doing, *, consignment: Ref) -> Done:
    """Cancel a planned consignment that will not leave."""
    row, lines = _sent_by(doing, consignment)
    if row.cancelled:
        raise ActionRefused(f"{row.ref} is cancelled already")
    if any(line.sent for line in lines):
        raise ActionRefused(
            f"{row.ref} has left, so it can no longer be cancelled; receive what came of it or, if it never left, reverse "
            "its dispatch first: stock reverse"
        )
    if not doing.reason:
        raise ActionRefused("a cancellation needs a reason; say why the consignment will not leave")
    row.cancelled = True
    row.save(update_fields=["cancelled"])
    return doing.done(row.ref)


def require_sending(doing: Doing, consignment: Consignment, lines: Iterable[LineState], right: str = "") -> None:
    """Refuse unless who acts may send this consignment, every line of it."""
    carried = [(line.line.offer, AccountKey.read(line.line.source)) for line in lines]
    _require(doing, consignment.origin, consignment.destination, carried, right)


def _sent_by(doing: Doing, ref: str) -> tuple[Consignment, list[LineState]]:
    """Return a consignment and its lines, if who acts may send it."""
    row = get_consignment(ref)
    lines = lines_of(row)
    require_sending(doing, row, lines)
    return row, lines


def _require(
    doing: Doing, sender: Party, recipient: Party, carried: Iterable[tuple[Offer, AccountKey]], right: str = ""
) -> None:
    """Ask for each line's right: the donor's over what is still its own, the sender's over what it has received.

    A clinic below a donor's ministry does not give the ministry's gifts away; a secretariat arranges for gifts to reach
    those they are for, and disposes of nothing that somebody has received.
    """
    asked: set[Target] = set()
    for offer, source in carried:
        onward = source.stage == "received"
        target = Target(parties_above(sender)) if onward else _reach(doing, offer.donor, recipient)
        if target not in asked:
            doing.require(target, right)
            asked.add(target)


def _reach(doing: Doing, giver: Party, recipient: Party) -> Target:
    """Return the giver's side, and the groups of both, whose secretariats may arrange that a gift reaches its recipient."""
    parties = parties_above(giver)
    return Target(parties, groups_of((*parties, *parties_above(recipient)), doing.today))


def _read_lines(text: str) -> list[tuple[Offer, Quantity]]:
    """Return the offers and quantities that were typed, every problem at once.

    Raises
    ------
    InputRefused
        A line names no offer, no quantity, or an offer that stands in another line.
    """
    parts = [part.strip() for part in text.split(";") if part.strip()]
    if not parts or len(parts) > MOST_LINES:
        found = "nothing" if not parts else f"{len(parts):,} lines"
        what = f"a consignment carries 1 to {MOST_LINES:,} lines, not {found}; write such as OF-7K2M9QX4PD=40 box"
        raise InputRefused([Problem("lines", 0, "", what)])
    read: dict[str, tuple[Offer, Quantity]] = {}
    problems: list[Problem] = []
    for number, part in enumerate(parts, 1):
        ref, _, typed = (half.strip() for half in part.partition("="))
        try:
            offer = get_offer(ref)
            quantity = read_quantity(offer.resource, typed)
            expect_goods(offer, "sent")
        except (NameUnknown, ActionRefused) as error:
            problems.append(Problem("lines", number, "", error.sentence))
        except InputRefused as error:
            problems += [Problem("lines", number, problem.column, problem.text) for problem in error.problems]
        else:
            if ref in read:
                again = (
                    f"{ref} stands in two lines; say it once, or plan a second consignment where it is in two accounts"
                )
                problems.append(Problem("lines", number, "", again))
            read[ref] = (offer, quantity)
    if problems:
        raise InputRefused(problems)
    return list(read.values())


def _source(offer: Offer, quantity: Quantity, sender: Party, recipient: Party) -> AccountKey:
    """Return the account that a line takes its units from.

    Raises
    ------
    ActionRefused
        No account that the sender may take from holds enough beside what other plans mean to take; says what would work.
    """
    below, above = parties_above(recipient), parties_above(sender)
    candidates: list[AccountKey] = []
    if offer.donor_id in above:
        candidates += [account("allocated", offer.ref, party) for party in below]
        if is_meant_for(offer, below):
            expect_no_round(offer)
            candidates.append(account("offered", offer.ref))
    candidates.append(account("received", offer.ref, sender.key))
    held, planned = read_balances(candidates), open_plans(candidates)
    for candidate in candidates:
        if held[candidate] - planned[candidate] >= quantity.base_units:
            return candidate
    some = [
        f"{candidate} holds {held[candidate]:,}"
        + (f", of which other consignments mean to take {planned[candidate]:,}" if planned[candidate] else "")
        for candidate in candidates
        if held[candidate]
    ]
    if some:
        raise ActionRefused(
            f"{quantity.base_units:,} {offer.resource.base_unit} of {offer.ref} cannot be planned from {sender.key} to "
            f"{recipient.key}: {'; '.join(some)}. Plan less, or cancel another plan"
        )
    open_units = balance_of(account("offered", offer.ref))
    if offer.donor_id in above and open_units:
        raise ActionRefused(
            f"{offer.ref} has {open_units:,} units offered and none allocated to {recipient.key}; a round allocates them, or "
            f"the donor gives them to {recipient.key} by name (offer make --meant-for {recipient.key})"
        )
    raise ActionRefused(
        f"{sender.key} has no units of {offer.ref} to send to {recipient.key}. {where_units_are(offer)}"
    )

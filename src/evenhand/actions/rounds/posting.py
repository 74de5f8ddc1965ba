"""The action that carries a decided plan into the stock book: one entry a line, all of them or none."""

from __future__ import annotations

from evenhand.actions.action import Doing, Done, account, action
from evenhand.actions.checkpoints import checkpoint_decision
from evenhand.actions.rounds.deciding import DECIDING, approving_parties
from evenhand.actions.rounds.steps import Ref, expect_own_lines, expect_state, own_round
from evenhand.errors import ActionRefused
from evenhand.ledger.stages import entered_stage
from evenhand.records.models import Offer
from evenhand.records.quantities import units_of, value_of
from evenhand.rounds.models import RoundLot
from evenhand.stockbook.posting import Posting

SHOWN = 5


@action("round post")
def post_round(doing: Doing, *, round: Ref) -> Done:
    """Post a decided plan: what it gives is allocated to its recipients in the stock book."""
    row = own_round(doing, round)
    expect_state(row, "posted", "decided")
    proposal = row.proposals.get(number=row.published)
    if len(approving_parties(proposal)) < DECIDING:
        raise ActionRefused(
            f"proposal {proposal.number} of {row.ref} is not the one that the board voted on; it may have been altered. "
            "Cancel the round, and have the database looked at"
        )
    lines = expect_own_lines(proposal)
    lots = {lot.offer_id: lot for lot in row.lots.select_related("offer__resource")}
    _expect_unexpired(doing, {offer for offer, _, _ in lines}, lots)
    postings = [_posting(doing, row.ref, lots[offer], recipient, packs) for offer, recipient, packs in sorted(lines)]
    checkpoint_decision(doing.at)
    entries = doing.post(postings)
    row.state = "posted"
    row.save(update_fields=["state"])
    return doing.done(
        row.ref, proposal=proposal.number, entries=len(entries), base_units=sum(one.quantity for one in entries)
    )


def _expect_unexpired(doing: Doing, given: set[str], lots: dict[str, RoundLot]) -> None:
    """Refuse to give anybody what has passed its last day of use since the round was frozen."""
    past = [lots[ref].offer for ref in sorted(given) if (lots[ref].offer.expires or doing.today) < doing.today]
    if past:
        named = ", ".join(f"{offer.ref} ({offer.expires})" for offer in past[:SHOWN])
        more = f" and {len(past) - SHOWN} more" if len(past) > SHOWN else ""
        raise ActionRefused(
            f"past their last day of use since the round was frozen: {named}{more}. Cancel the round, and open it without them"
        )


def _posting(doing: Doing, ref: str, lot: RoundLot, recipient: str, packs: int) -> Posting:
    offer, quantity = lot.offer, packs * lot.pack_size
    typed, unit = _typed(offer, packs, lot.pack_size)
    value = value_of(offer.unit_value, quantity)
    return Posting(
        entry=doing.entry(),
        verb="allocate",
        source=account(entered_stage(offer.resource.kind), offer.ref),
        target=account("allocated", offer.ref, recipient),
        resource=offer.resource_id,
        quantity=quantity,
        happened=doing.today,
        typed=typed,
        unit=unit,
        value=value,
        currency=offer.currency if value else "",
        valued_on=offer.valued_on.isoformat() if value and offer.valued_on else "",
        concerns=ref,
    )


def _typed(offer: Offer, packs: int, size: int) -> tuple[str, str]:
    """Return the quantity in packs where a pack of that size has a name, else in base units.

    The same name on both databases, of several the first in the alphabet: it becomes part of a leaf, and PostgreSQL keeps
    no order of packs.
    """
    named = next((name for name in units_of(offer.resource)[1:] if offer.resource.packs[name] == size), "")
    return (str(packs), named) if named else (str(packs * size), offer.resource.base_unit)

"""The action that carries a decided plan into the stock book: one entry a line, all of them or none."""

from __future__ import annotations

from evenhand.actions.action import Doing, Done, account, action
from evenhand.actions.checkpoints import checkpoint_now
from evenhand.actions.rounds.deciding import DECIDING, approving_parties
from evenhand.actions.rounds.steps import Ref, expect_own_lines, expect_state, own_round
from evenhand.errors import ActionRefused
from evenhand.ledger.stages import entered_stage
from evenhand.records.models import Offer
from evenhand.records.quantities import value_of
from evenhand.rounds.models import RoundLot
from evenhand.stockbook.posting import Posting


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
    postings = [_posting(doing, row.ref, lots[offer], recipient, packs) for offer, recipient, packs in sorted(lines)]
    entries = doing.post(postings)
    row.state = "posted"
    row.save(update_fields=["state"])
    checkpoint_now("decision", doing.at)
    return doing.done(
        row.ref, proposal=proposal.number, entries=len(entries), base_units=sum(one.quantity for one in entries)
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
    """Return the quantity in packs where a pack of that size has a name, else in base units."""
    named = next((name for name, units in offer.resource.packs.items() if units == size), "")
    return (str(packs), named) if named else (str(packs * size), offer.resource.base_unit)

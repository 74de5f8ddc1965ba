"""The action that freezes a round: its needs and lots become the engine's three tables, hashed and kept as they are.

From then on nothing about a need, an offer, a party or the stock book changes the plan.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from evenhand.actions.action import Doing, Done, action
from evenhand.actions.rounds.choosing import (
    families_above,
    is_split,
    members_below,
    open_balances,
    read_earmark,
    scope_of,
    why_no_needs,
    why_no_offers,
)
from evenhand.actions.rounds.recipients import Counted, chains, count_elsewhere, count_held
from evenhand.actions.rounds.steps import Ref, expect_state, own_round
from evenhand.errors import ActionRefused
from evenhand.records.models import Need, Offer
from evenhand.records.quantities import plain_number
from evenhand.rounds.models import FrozenTable, Round
from evenhand.rounds.planning import digest_of, freeze_rows
from evenhand.supply.columns import AMOUNT_DECIMALS

MICRO = 10**AMOUNT_DECIMALS


@action("round freeze")
def freeze_round(doing: Doing, *, round: Ref) -> Done:
    """Freeze a round: write down what everybody needs and holds and what there is, and hash it."""
    row = own_round(doing, round)
    expect_state(row, "frozen", "open")
    needs = [one.need for one in row.needs.select_related("need__party", "need__resource").order_by("need")]
    offers = [one.offer for one in row.lots.select_related("offer__resource", "offer__donor").order_by("offer")]
    recipients = chains({need.party_id for need in needs})
    scope = scope_of(row, doing.today)
    reasons = [*why_no_needs(scope, needs).values(), *why_no_offers(scope, offers, recipients).values()]
    if reasons:
        more = f"; and {len(reasons) - 5} more" if len(reasons) > 5 else ""
        raise ActionRefused(
            f"{row.ref} cannot be frozen as it was opened: {'; '.join(reasons[:5])}{more}. Put that right, or cancel the "
            "round and open it without them"
        )
    needed = _needs_table(row, needs, doing.today)
    lots, groups = _lots_table(row, offers, recipients)
    if not needed or not any(int(lot["packs"]) for lot in lots):
        raise ActionRefused(f"{row.ref} is empty: it has no need, or no lot with a pack in it; cancel it")
    frozen = freeze_rows(needed, lots, groups)
    FrozenTable.objects.bulk_create(
        FrozenTable(round=row, name=name, body=body, sha256=hashlib.sha256(body).hexdigest())
        for name, body in frozen.items()
    )
    row.state, row.frozen_digest = "frozen", digest_of(frozen)
    row.save(update_fields=["state", "frozen_digest"])
    return doing.done(row.ref, digest=row.frozen_digest, recipients=len(needed), lots=len(lots))


def _needs_table(row: Round, needs: Sequence[Need], today: date) -> list[dict[str, str]]:
    """Return the engine's table of needs: one row a party, its needs added up, what it holds from the stock book."""
    by_party: dict[str, list[Need]] = defaultdict(list)
    for need in needs:
        by_party[need.party_id].append(need)
    top = [row.resource, *families_above(row.resource)][-1]
    since = {party: min(_first_made(need) for need in mine) for party, mine in by_party.items()}
    counted = count_held(since, members_below(top), count_elsewhere(needs, today)) if since else {}
    return [_recipient(party, by_party[party], counted.get(party, Counted()), row.rule) for party in sorted(by_party)]


def _recipient(party: str, needs: Sequence[Need], counted: Counted, rule: str) -> dict[str, str]:
    """Return one row of needs, in service units; a figure of the need says base units, `per_person` of which make one."""
    target = sum((_units(need, need.quantity) for need in needs), Fraction(0))
    declared = sum((_units(need, need.held) for need in needs), Fraction(0))
    held = max(Fraction(0), declared + counted.served)
    recipient = {
        "recipient": party, "name": needs[0].party.name, "target": _amount(target), "held": _amount(held),
        "handles": ";".join(part.strip() for part in needs[0].party.handles.split(";") if part.strip()),
    }  # fmt: skip
    if any(need.capacity is not None for need in needs):
        room = sum(
            (_units(need, need.quantity - need.held if need.capacity is None else need.capacity) for need in needs),
            Fraction(0),
        )
        # What it was given since and has not used takes up room, and nobody gets more than it needs.
        room = min(room - max(Fraction(0), counted.waiting), target - held)
        recipient["capacity"] = _amount(max(Fraction(0), room))
    if all(need.per_week is not None for need in needs):
        recipient["per_week"] = _amount(sum((_units(need, need.per_week or 0) for need in needs), Fraction(0)))
    if rule != "equal-coverage" and any(need.weight != "1" for need in needs):
        weight = sum((_units(need, need.quantity) * Fraction(need.weight) for need in needs), Fraction(0)) / target
        recipient["weight"] = _amount(max(weight, Fraction(1, MICRO)))
    depth = max(len(need.tiers) for need in needs)
    for tier in range(depth):
        size = sum((_units(need, need.tiers[tier]) for need in needs if tier < len(need.tiers)), Fraction(0))
        recipient[f"tier_{tier + 1}"] = _amount(size)
    return recipient


def _lots_table(
    row: Round, offers: Sequence[Offer], recipients: Mapping[str, tuple[str, ...]]
) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """Return the engine's tables of lots and of groups, and write into the round how many packs there are now."""
    held = open_balances(offers)
    memberships: set[tuple[str, str]] = set()
    lots = []
    for offer in offers:
        size = 1 if is_split(row) else offer.pack_size
        packs = held.get(offer.ref, 0) // size
        row.lots.filter(offer=offer).update(packs=packs, pack_size=size)
        earmark = read_earmark(offer, recipients, row.date)
        memberships |= earmark.groups
        smallest = offer.min_packs * offer.pack_size // size if offer.min_packs > 1 else 1
        lots.append(
            {
                "lot": offer.ref,
                "packs": str(packs),
                "resource": offer.resource_id,
                "donor": offer.donor_id,
                "pack_size": str(size),
                "per_person": offer.resource.per_person,
                "min_packs": str(smallest),
                "for": ";".join(earmark.meant_for),
                "not_for": ";".join(earmark.not_for),
                "requires": ";".join(part.strip() for part in offer.resource.requires.split(";") if part.strip()),
                "arrives": offer.window_from.isoformat() if offer.window_from else "",
                "expires": offer.expires.isoformat() if offer.expires else "",
            }
        )
    return lots, [{"recipient": recipient, "group": group} for recipient, group in sorted(memberships)]


def _first_made(need: Need) -> date:
    """Return the day a need was first made: a correction does not make what came since then uncounted."""
    one = need
    while one.replaces is not None:
        one = one.replaces
    return one.made_at.date()


def _units(need: Need, base_units: int) -> Fraction:
    return base_units / Fraction(need.resource.per_person)


def _amount(units: Fraction) -> str:
    """Return service units with at most six decimals, rounded down, so that parts never add up to more than the whole."""
    return plain_number(Decimal(floor(units * MICRO)).scaleb(-AMOUNT_DECIMALS))

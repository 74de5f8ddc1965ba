"""Actions that begin a round and give one up: open, cancel."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from evenhand.access.viewers import Target
from evenhand.actions.action import Doing, Done, action
from evenhand.actions.finding import get_group, get_programme, get_resource
from evenhand.actions.rounds.choosing import (
    Scope,
    choose_needs,
    choose_offers,
    is_split,
    open_balances,
    read_refs,
    scope_of,
)
from evenhand.actions.rounds.recipients import chains
from evenhand.actions.rounds.steps import Ref, expect_state, own_round
from evenhand.actions.typed import read_line, read_text
from evenhand.errors import ActionRefused
from evenhand.rounds.models import Round, RoundLot, RoundNeed

SHOWN = 20
"""How many sentences about what was left out an answer holds."""


@action("round open")
def open_round(
    doing: Doing,
    *,
    title: Annotated[str, "what the round is, in a few words"],
    group: Annotated[str, "the key of the group whose members it serves, such as NAM"],
    resource: Annotated[str, "the key of the resource, or family of resources, that is shared out"],
    rule: Annotated[
        str, "what counts as equally served: equal-coverage, need-weighted, tiers, floor-then-weighted"
    ] = "equal-coverage",
    floor: Annotated[str, "the share of its target that everybody reaches first (floor-then-weighted)"] = "0.2",
    max_lots: Annotated[int | None, "the most different lots one recipient may get"] = None,
    divisible: Annotated[bool, "share out single base units, not packs; money always is"] = False,
    date: Annotated[dt.date | None, "the day from which shelf life counts; today where not said"] = None,
    needs: Annotated[str, "the refs of the needs, separated by ';'; all that stand where not said"] = "",
    offers: Annotated[str, "the refs of the offers, separated by ';'; all that are open where not said"] = "",
    objections_until: Annotated[
        dt.date | None, "the last day on which members may object; no end where not said"
    ] = None,
    programme: Annotated[
        str, "the ref of the programme it belongs to; then only that programme's needs and offers"
    ] = "",
) -> Done:
    """Open a round: choose the needs it serves, the offers it shares out, and the rule."""
    from evenhand.fairness.rules import get_rule, read_floor  # here, for it loads numpy

    serving = get_group(group)
    doing.require(Target(groups=(serving.key,)))
    get_rule(rule)
    read_floor(floor)
    if max_lots is not None and not 1 <= max_lots < 2**31:
        raise ActionRefused(f"max_lots is {max_lots}; a recipient must be allowed at least 1 lot")
    day = date or doing.today
    for name, asked in (("the day of the round", day), ("objections_until", objections_until)):
        if asked is not None and asked < doing.today:
            raise ActionRefused(f"{name} is {asked}, which is past; give today, {doing.today}, or a later day")
    row = Round(
        ref=doing.ref("RD"), title=read_line("title", title, most=200), group=serving, resource=get_resource(resource),
        rule=rule, floor=floor, max_lots=max_lots, divisible=divisible, date=day, objections_until=objections_until,
        programme=get_programme(programme) if programme else None, opened_by=doing.viewer.public_id, made_at=doing.at,
    )  # fmt: skip
    scope = scope_of(row, doing.today)
    left_out = _choose(row, scope, read_refs(needs), read_refs(offers))
    return doing.done(
        row.ref,
        needs=row.needs.count(),
        lots=row.lots.count(),
        left_out=left_out[:SHOWN],
        left_out_in_all=len(left_out),
    )


def _choose(row: Round, scope: Scope, needs: list[str], offers: list[str]) -> list[str]:
    """Write a round with the needs and offers it takes; return why others were left out."""
    served, unserved = choose_needs(scope, needs)
    if not served:
        raise ActionRefused(
            _nothing(f"no member of {scope.group} has an approved need for {row.resource_id} that stands", unserved)
        )
    shared, unshared = choose_offers(scope, offers, chains({need.party_id for need in served}))
    if not shared:
        raise ActionRefused(_nothing(f"no offer of {row.resource_id} is open to these needs", unshared))
    row.save(force_insert=True)
    RoundNeed.objects.bulk_create([RoundNeed(round=row, need=need) for need in served], batch_size=1000)
    held = open_balances(shared)
    sizes = {offer.ref: 1 if is_split(row) else offer.pack_size for offer in shared}
    RoundLot.objects.bulk_create(
        [
            RoundLot(round=row, offer=one, packs=held[one.ref] // sizes[one.ref], pack_size=sizes[one.ref])
            for one in shared
        ],
        batch_size=1000,
    )
    return [*unserved, *unshared]


def _nothing(what: str, reasons: list[str]) -> str:
    return f"the round would be empty: {what}" + "".join(f"; {reason}" for reason in reasons[:5])


@action("round cancel")
def cancel_round(doing: Doing, *, round: Ref) -> Done:
    """Give a round up before its plan is posted, with a reason; its offers are free again."""
    row = own_round(doing, round)
    expect_state(row, "cancelled", *Round.LIVE)
    reason = read_text("reason", doing.reason)
    if not reason:
        raise ActionRefused("cancelling a round needs a reason; say why it is given up")
    was, row.state = row.state, "cancelled"
    row.save(update_fields=["state"])
    return doing.done(row.ref, was=was)

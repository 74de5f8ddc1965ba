"""Which needs and offers a round may take, and in one sentence why not.

Used by opening, which chooses, and by freezing, which makes sure that what was chosen still stands. Reads only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Manager, Model, QuerySet

from evenhand.actions.rounds.recipients import chains
from evenhand.errors import ActionRefused
from evenhand.ledger.stages import counted_from, entered_stage
from evenhand.lookups.choosing import refuse_unknown
from evenhand.records.earmarks import PARTY
from evenhand.records.models import Group, Need, Offer, Programme, Resource
from evenhand.records.tree import DEEPEST, members_of
from evenhand.rounds.models import Round, RoundLot, RoundNeed
from evenhand.stockbook.models import Account

Row = TypeVar("Row", bound=Model)
AT_ONCE = 500
"""Keys asked for in one statement."""


def read_refs(text: str) -> list[str]:
    """Return refs separated by ';', each once.

    Examples
    --------
    >>> read_refs("ND-1; ND-2;ND-1")
    ['ND-1', 'ND-2']
    """
    return list(dict.fromkeys(part for part in re.split(r"[;,\s]+", text) if part))


def members_below(resource: Resource) -> dict[str, Resource]:
    """Return a resource and all that belongs to its family below it, by key."""
    found = {resource.key: resource}
    edge = [resource.key]
    for _ in range(DEEPEST):
        rows = Resource.objects.filter(family__in=edge).exclude(pk__in=found)
        edge = [row.key for row in rows]
        found.update({row.key: row for row in rows})
        if not edge:
            break
    return found


def families_above(resource: Resource) -> list[Resource]:
    """Return the families that a resource belongs to, nearest first."""
    found: list[Resource] = []
    one = resource.family
    while one is not None and len(found) < DEEPEST:
        found.append(one)
        one = one.family
    return found


@dataclass(frozen=True, slots=True)
class Scope:
    """Hold what a round is for: what may be needed and offered in it, on which day, and of which group.

    Attributes
    ----------
    ref
        The round's own ref: being chosen by it is no obstacle.
    needed
        The resource, what belongs to it, and the families it belongs to: a need for a family is met by any of it.
    offered
        The resource and what belongs to it.
    today
        The day of the action: a need that has lapsed by then is not served.
    """

    ref: str
    group: str
    needed: frozenset[str]
    offered: frozenset[str]
    members: frozenset[str]
    programme: Programme | None
    split: bool
    day: date
    today: date


def scope_of(row: Round, today: date) -> Scope:
    """Return what a round is for."""
    offered = frozenset(members_below(row.resource))
    needed = offered | {family.key for family in families_above(row.resource)}
    members = members_of(frozenset({row.group_id}), row.date)
    return Scope(
        row.ref, row.group_id, needed, offered, members, row.programme, is_split(row), row.date, today
    )  # fmt: skip


def is_split(row: Round) -> bool:
    """Say whether a round shares out single base units: money always, the rest where it was said."""
    return row.divisible or row.resource.kind == "money"


def choose_needs(scope: Scope, refs: list[str]) -> tuple[list[Need], list[str]]:
    """Return the needs named, or all that the round could serve, and why others that come near are left out.

    Raises
    ------
    NameUnknown
        There is no such need.
    ActionRefused
        One that was named cannot be served.
    """
    rows = Need.objects.select_related("party", "resource")
    if refs:
        known = {row.ref: row for row in _among(rows, refs)}
        for ref in refs:
            if ref not in known or known[ref].state == "draft":
                raise refuse_unknown("need", ref)
        named = [known[ref] for ref in refs]
        for reason in why_no_needs(scope, named).values():
            raise ActionRefused(reason)
        return named, []
    likely = rows.filter(resource__in=scope.needed, state="approved", valid_until__gte=scope.today)
    if scope.programme is not None:
        likely = likely.filter(programme=scope.programme)
    found = [row for row in likely.order_by("ref") if row.party_id in scope.members]
    reasons = why_no_needs(scope, found)
    return [row for row in found if row.ref not in reasons], list(reasons.values())


def choose_offers(
    scope: Scope, refs: list[str], recipients: Mapping[str, tuple[str, ...]]
) -> tuple[list[Offer], list[str]]:
    """Return the offers named, or all that are open, and why others that come near are left out.

    Parameters
    ----------
    recipients
        Recipient → its own key and those above it.

    Raises
    ------
    NameUnknown
        There is no such offer.
    ActionRefused
        One that was named cannot be shared out.
    """
    rows = Offer.objects.select_related("resource", "donor")
    if refs:
        known = {row.ref: row for row in _among(rows, refs)}
        for ref in refs:
            if ref not in known:
                raise refuse_unknown("offer", ref)
        named = [known[ref] for ref in refs]
        for reason in why_no_offers(scope, named, recipients).values():
            raise ActionRefused(reason)
        return named, []
    likely = rows.filter(
        resource__in=scope.offered,
        withdrawn=False,
        accounts__stage__in=("offered", "committed"),
        accounts__balance__gt=0,
    )
    if scope.programme is not None:
        likely = likely.filter(programme=scope.programme)
    found = list(likely.order_by("ref"))
    reasons = why_no_offers(scope, found, recipients)
    return [row for row in found if row.ref not in reasons], list(reasons.values())


def why_no_needs(scope: Scope, needs: list[Need]) -> dict[str, str]:
    """Return, for each need that the round cannot serve, why."""
    others = RoundNeed.objects.exclude(round=scope.ref)
    taken = _taken(others, "need", [need.ref for need in needs])
    earlier = _earlier(needs)
    taken |= {earlier[old]: round_ref for old, round_ref in _taken(others, "need", list(earlier)).items()}
    above = chains({need.party_id for need in needs})
    reasons = {need.ref: _why_not_need(scope, need, above[need.party_id], taken.get(need.ref, "")) for need in needs}
    given_up = _given_up(scope, {need.party_id for need in needs})
    for need in needs:
        if not reasons[need.ref] and need.party_id in given_up:
            reasons[need.ref] = given_up[need.party_id]
    return {ref: reason for ref, reason in reasons.items() if reason}


def _earlier(needs: Sequence[Need]) -> dict[str, str]:
    """Return the refs of the needs that these replace, however often they were corrected → the need that counts now."""
    found: dict[str, str] = {}
    edge = {need.replaces_id: need.ref for need in needs if need.replaces_id}
    while edge:
        found |= edge
        rows = _among(Need.objects.only("replaces"), list(edge))
        edge = {row.replaces_id: edge[row.ref] for row in rows if row.replaces_id and row.replaces_id not in found}
    return found


def _given_up(scope: Scope, parties: set[str]) -> dict[str, str]:
    """Return the parties that withdrew a need which another round still serves: drafted anew, it would be served twice."""
    live = RoundNeed.objects.exclude(round=scope.ref).filter(
        round__state__in=Round.LIVE[1:], need__state="withdrawn", need__resource__in=scope.needed
    )
    return {
        party: f"{party} withdrew {ref}, which the round {round_ref} still serves; wait until that is posted or cancelled"
        for party, ref, round_ref in live.order_by("need").values_list("need__party", "need", "round")
        if party in parties
    }


def _why_not_need(scope: Scope, need: Need, above: tuple[str, ...], taken: str) -> str:
    if need.state == "corrected":
        return f"{need.ref} was corrected; choose the need that replaces it"
    if need.state != "approved":
        return f"{need.ref} is {need.state}; a round serves approved needs"
    if need.valid_until < scope.today:
        return f"{need.ref} lapsed on {need.valid_until}; {need.party_id} can renew it"
    if need.resource_id not in scope.needed:
        return f"{need.ref} is a need for {need.resource_id}; this round shares out {', '.join(sorted(scope.offered))}"
    if not scope.members.intersection(above):
        return f"{need.ref} is a need of {need.party_id}, which is no member of {scope.group} on {scope.day}"
    if need.party.retired_on is not None:
        return f"{need.ref} is a need of {need.party_id}, which was retired on {need.party.retired_on}"
    return f"{need.ref} is served by the round {taken} already; wait until that is posted or cancelled" if taken else ""


def why_no_offers(scope: Scope, offers: list[Offer], recipients: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return, for each offer that the round cannot share out, why."""
    taken = _taken(RoundLot.objects.exclude(round=scope.ref), "offer", [offer.ref for offer in offers])
    held = open_balances(offers)
    reasons: dict[str, str] = {}
    for offer in offers:
        reason = _why_not_offer(scope, offer, held.get(offer.ref, 0), taken.get(offer.ref, ""))
        if not reason and not may_reach(offer, recipients, scope.day):
            reason = f"{offer.ref} is meant for {offer.meant_for or 'others'}, and nobody with a need in this round is among them"
        if reason:
            reasons[offer.ref] = reason
    return reasons


def _why_not_offer(scope: Scope, offer: Offer, held: int, taken: str) -> str:
    needed = counted_from(offer.resource.kind)
    size, unit = 1 if scope.split else offer.pack_size, offer.resource.base_unit
    if offer.withdrawn:
        return f"{offer.ref} was withdrawn"
    if Offer.FIRMNESS.index(offer.firmness) < Offer.FIRMNESS.index(needed):
        return f"{offer.ref} is a {offer.firmness}; {offer.resource.kind} can be shared out from a {needed} on"
    if offer.resource_id not in scope.offered:
        return f"{offer.ref} offers {offer.resource_id}; this round shares out {', '.join(sorted(scope.offered))}"
    if taken:
        return f"{offer.ref} is a lot of the round {taken} already; wait until that is posted or cancelled"
    if held < size:
        return f"{offer.ref} has {held:,} {unit} open, and a pack of it is {size:,}; there is nothing to share out"
    if offer.window_until is not None and offer.window_until < scope.day:
        return f"{offer.ref} could be had until {offer.window_until}, before the round's day {scope.day}"
    if offer.expires is not None and offer.expires < max(scope.day, offer.window_from or scope.day):
        return f"{offer.ref} expires on {offer.expires}, before anybody could use it"
    return ""


def open_balances(offers: Iterable[Offer]) -> dict[str, int]:
    """Return how many base units of each offer are open to be shared out, by the stock book."""
    stages = {offer.ref: entered_stage(offer.resource.kind) for offer in offers}
    return {
        account.offer_id: account.balance
        for account in _among(Account.objects, [f"{stage}/{ref}" for ref, stage in stages.items()])
    }


@dataclass(frozen=True, slots=True)
class Earmark:
    """Hold an offer's earmark as the engine takes it, and the memberships it needs: (recipient, group)."""

    meant_for: tuple[str, ...]
    not_for: tuple[str, ...]
    groups: frozenset[tuple[str, str]]


def read_earmark(offer: Offer, recipients: Mapping[str, tuple[str, ...]], day: date) -> Earmark:
    """Return an offer's earmark in the names of a round: groups with recipients in them, and recipients.

    A party stands for itself and all below it. What names nobody in the round is left out; whether anybody is left is
    for `may_reach` to say.
    """
    memberships: set[tuple[str, str]] = set()

    def read(text: str) -> tuple[str, ...]:
        names: list[str] = []
        for name in filter(None, (part.strip() for part in text.split(";"))):
            members = members_of(frozenset({name}), day) if Group.objects.filter(pk=name).exists() else frozenset()
            inside = [key for key, above in recipients.items() if members.intersection(above)]
            below = [key for key, above in recipients.items() if name.removeprefix(PARTY) in above]
            if inside and name not in recipients:
                names.append(name)
                memberships.update((key, name) for key in inside)
                inside = []  # the group's own name says it
            names.extend(sorted({*inside, *below}))
        return tuple(dict.fromkeys(names))

    return Earmark(read(offer.meant_for), read(offer.not_for), frozenset(memberships))


def may_reach(offer: Offer, recipients: Mapping[str, tuple[str, ...]], day: date) -> bool:
    """Say whether an offer's earmark leaves anybody in the round."""
    earmark = read_earmark(offer, recipients, day)
    inside = {name: {key for key, group in earmark.groups if group == name} for _, name in earmark.groups}
    meant = {key for name in earmark.meant_for for key in inside.get(name, {name})}
    barred = {key for name in earmark.not_for for key in inside.get(name, {name})}
    return bool((meant if offer.meant_for.strip() else set(recipients)) - barred)


def _among(rows: Manager[Row] | QuerySet[Row], keys: list[str]) -> list[Row]:
    """Return the rows with one of these keys, asking for a few hundred at a time."""
    starts = range(0, len(keys), AT_ONCE)
    return [row for start in starts for row in rows.filter(pk__in=keys[start : start + AT_ONCE])]


def _taken(rows: QuerySet[RoundNeed] | QuerySet[RoundLot], what: str, refs: Sequence[str]) -> dict[str, str]:
    """Return, for each ref that another live round has chosen, that round."""
    live = rows.filter(round__state__in=Round.LIVE)
    return {
        ref: round_ref
        for start in range(0, len(refs), AT_ONCE)
        for ref, round_ref in live.filter(**{f"{what}__in": refs[start : start + AT_ONCE]}).values_list(what, "round")
    }

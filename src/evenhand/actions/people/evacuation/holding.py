"""Holding a place of a hospital for a patient, and giving it back, also where what became of somebody ends their evacuation.

Called under the write lock; the database keeps the law too.
"""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.actions.action import Doing
from evenhand.actions.people.evacuation.finding import live_needs
from evenhand.errors import ActionRefused
from evenhand.lookups.people.asked import asked_of, places_of
from evenhand.people.evacuation import GONE, NOT_LEFT, OVER
from evenhand.people.models import EvacuationNeed, HospitalOffer, HospitalReferral, MatchProposal, Person

AT_ONCE = 500
"""Persons that are asked for in one question to the database."""


def hold_place(ref: str) -> HospitalOffer:
    """Take one more place of an offer. Raises ActionRefused where none is left."""
    row = HospitalOffer.objects.get(pk=ref)
    if row.taken >= row.places:
        raise ActionRefused(f"{row.ref} has no place left: {row.taken} of {row.places} are taken")
    row.taken += 1
    row.save(update_fields=["taken"])
    return row


def end_referral(row: HospitalReferral, state: str) -> None:
    """Let a referral be over, and give its place back if it held one."""
    if row.state in HospitalReferral.LIVE:
        offer = places_of(row)
        offer.taken -= 1
        offer.save(update_fields=["taken"])
    row.state = state
    row.save()


def end_need(need: EvacuationNeed, why: str) -> None:
    """Let a need be over before its way back, with whatever referral it has."""
    for row in need.referrals.filter(state__in=HospitalReferral.LIVE):
        end_referral(row, "withdrawn" if row.state == "asked" else "over")
    need.state, need.ended_why = "ended", why
    need.save(update_fields=["state", "ended_why"])


def end_evacuations(doing: Doing, persons: Sequence[Person], why: str) -> list[str]:
    """End what was asked for persons who are not there any more and has not begun; their places are free. Return the refs.

    Called before what became of them is saved, `why` being that: dead, withdrawn or departed. Who has set out is followed on,
    until who sends says how it ended.
    """
    going = [need for person in persons for need in live_needs(person) if need.state in NOT_LEFT]
    for need in going:
        end_need(need, GONE[why])
    return [need.ref for need in going]


def join_evacuations(doing: Doing, person: Person, kept: Person) -> list[str]:
    """End what was asked twice for one person under two records; of each service what has come farthest stays. Return the refs.

    Called before one record is taken for the other. Of two that have come as far, that of the record that stays is kept.
    """
    best: dict[str, EvacuationNeed] = {}
    doubled = []
    for need in (*live_needs(kept), *live_needs(person)):
        service = asked_of(need, "service")["service"]
        other = best.setdefault(service, need)
        if other is need:
            continue
        if _reached(need) > _reached(other):
            best[service], need = need, other
        doubled.append(need)
    for need in doubled:
        end_need(need, "merged")
    return [need.ref for need in doubled]


def _reached(need: EvacuationNeed) -> int:
    return EvacuationNeed.STATES.index(need.state)


def forget_evacuations(persons: Sequence[str]) -> None:
    """Empty the boxes of needs and referrals of persons who are erased, and of proposals that name them; end what was under way.

    Refs, stages and days stay. A proposal's proof can be checked as before, but its marks and classes say nothing any more.
    """
    gone = set[str]()
    for first in range(0, len(persons), AT_ONCE):
        for need in EvacuationNeed.objects.filter(person__in=persons[first : first + AT_ONCE]):
            if need.state not in OVER:
                end_need(need, "erased")
            if need.boxes:
                need.boxes = {}
                need.save(update_fields=["boxes"])
            need.referrals.exclude(boxes={}).update(boxes={})
            gone.add(need.ref)
    if gone:
        for row in MatchProposal.objects.exclude(boxes={}).only("pk", "named"):
            if not gone.isdisjoint(row.named):
                MatchProposal.objects.filter(pk=row.pk).update(boxes={})

"""Holding a place of a hospital for a patient, and giving it back. Called under the write lock; the database keeps the law too."""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.errors import ActionRefused
from evenhand.people.evacuation import OVER
from evenhand.people.models import EvacuationNeed, HospitalOffer, HospitalReferral

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
        offer = HospitalOffer.objects.get(pk=row.offer_id)
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


def forget_evacuations(persons: Sequence[str]) -> None:
    """Empty the boxes of the needs of persons who are erased, and end what was under way; refs, stages and days stay."""
    for first in range(0, len(persons), AT_ONCE):
        for need in EvacuationNeed.objects.filter(person__in=persons[first : first + AT_ONCE]):
            if need.state not in OVER:
                end_need(need, "erased")
            if need.boxes:
                need.boxes = {}
                need.save(update_fields=["boxes"])

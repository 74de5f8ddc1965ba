"""Finding what an action on an evacuation names, within the reach of who acts: who sends, or the hospital.

What is not there and what is out of reach are refused alike.
"""

from __future__ import annotations

from evenhand.access.rights import may
from evenhand.access.viewers import Target
from evenhand.actions.action import Doing
from evenhand.actions.people.finding import doing_parties
from evenhand.errors import ActionRefused, NameUnknown, shown
from evenhand.lookups.people.agreed import whom
from evenhand.lookups.people.asked import find_places
from evenhand.lookups.people.merged import with_merged
from evenhand.people.evacuation import OVER
from evenhand.people.models import EvacuationNeed, HospitalOffer, HospitalReferral, Person, Transfer
from evenhand.records.models import Party
from evenhand.records.tree import target_of

SENDS, HOSTS, TAKES_IN = "people evacuate", "people host", "people receive"
"""Who sends; who speaks for a hospital's places; who follows the patients that are named to it."""


def reach_need(doing: Doing, ref: str) -> EvacuationNeed:
    """Return a need that who acts follows for who sends. Raises NameUnknown."""
    row = EvacuationNeed.objects.select_related("person__household__registration").filter(pk=ref).first()
    _expect_reach(doing, "evacuation", ref, site_of(row) if row else None, SENDS)
    assert row is not None  # else refused
    return row


def reach_offer(doing: Doing, ref: str) -> HospitalOffer:
    """Return places of a hospital that who acts speaks for. Raises NameUnknown."""
    row = HospitalOffer.objects.filter(pk=ref).first()
    _expect_reach(doing, "places of a hospital", ref, row.party if row else None, HOSTS)
    assert row is not None
    return row


def reach_referral(doing: Doing, ref: str, right: str) -> HospitalReferral:
    """Return a referral that who acts may act on, as who sends or as the hospital. Raises NameUnknown."""
    related = ("need__person__household__registration",)
    row = HospitalReferral.objects.select_related(*related).filter(pk=ref).first()
    _expect_reach(doing, "referral", ref, _party_of(row, right) if row else None, right)
    assert row is not None
    return row


def reach_transfer(doing: Doing, ref: str, right: str) -> Transfer:
    """Return a transfer that who acts may act on, as who sends or as the hospital. Raises NameUnknown."""
    related = ("referral__need__person__household__registration",)
    row = Transfer.objects.select_related(*related).filter(pk=ref).first()
    _expect_reach(doing, "transfer", ref, _party_of(row.referral, right) if row else None, right)
    assert row is not None
    return row


def live_needs(person: Person) -> list[EvacuationNeed]:
    """Return the needs of somebody that are not over, those of records that were taken for theirs with them; the oldest first."""
    records = with_merged(Person, [person.ref])
    return list(EvacuationNeed.objects.filter(person__in=records).exclude(state__in=OVER).order_by("asked_at", "pk"))


def site_of(need: EvacuationNeed) -> str:
    """Return the key of the party that serves the patient's household, that of the record it was merged into."""
    return whom(need).household.site


def expect_here(need: EvacuationNeed) -> Person:
    """Return the patient's record where they are present. Raises ActionRefused."""
    person = whom(need)
    if person.state != "present":
        raise ActionRefused(
            f"{person.ref} is {person.state}; nobody is sent who is not there. End {need.ref}, or follow the person first"
        )
    return person


def _party_of(referral: HospitalReferral, right: str) -> str | None:
    if right == SENDS:
        return site_of(referral.need)
    places = find_places(referral)
    return places.party if places else None


def _expect_reach(doing: Doing, kind: str, ref: str, party: str | None, right: str) -> None:
    row = Party.objects.filter(pk=party).first() if party else None
    target = target_of(row, doing.today) if row else None
    if target is None or not may(doing.viewer, right, target):
        doing.require(Target(doing_parties(doing)), right)  # a role that may not do it anywhere is told so
        raise NameUnknown(kind, shown(ref), ())
    doing.require(target, right)

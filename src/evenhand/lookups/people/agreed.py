"""May a patient be named to a hospital? What the household said to it, and where it is another state's, whether a board let it.

Asked by the actions on referrals and transfers, and before a hospital reads anything. Reads only.
"""

from __future__ import annotations

from datetime import date

from evenhand.errors import ActionRefused
from evenhand.people.models import Consent, EvacuationNeed, Person, Registration, Sharing
from evenhand.records.models import Party
from evenhand.records.tree import DEEPEST, parties_above


def recipient_of(registration: Registration, hospital: Party) -> str | None:
    """Return the recipient under which a hospital gets data: "" at home, None where the registration names none for it."""
    keeper = Party.objects.filter(pk=registration.party).first()
    above = parties_above(hospital)
    if keeper is not None and set(above) & set(parties_above(keeper)):
        return ""
    return next((key for key in above if key in registration.recipients), None)


def is_shared(registration: Registration, recipient: str, purpose: str, day: date) -> bool:
    """Say whether a board has switched on that data go to a recipient for a purpose; at home it is asked for nothing."""
    if not recipient:
        return True
    found = Sharing.objects.filter(registration=registration, recipient=recipient, purpose=purpose, state="on")
    return found.filter(until__gte=day).exists()


def said_to(household: str, purpose: str, recipient: str) -> str:
    """Return what a household said last to a purpose and recipient: given, refused, withdrawn, "" where it was not asked."""
    rows = Consent.objects.filter(household=household, purpose=purpose, recipient=recipient).order_by("-pk")
    return rows.values_list("said", flat=True).first() or ""


def whom(need: EvacuationNeed) -> Person:
    """Return the patient's record: the one that stays, where it was taken for another one's."""
    person = need.person
    for _ in range(DEEPEST):
        if person.merged_into is None:
            break
        person = person.merged_into
    return person


def expect_agreed(need: EvacuationNeed, hospital: Party, day: date) -> None:
    """Refuse to name a patient to a hospital, or to send them there, without consent. Raises ActionRefused."""
    household = whom(need).household
    registration = household.registration
    recipient = recipient_of(registration, hospital)
    if recipient is None:
        raise ActionRefused(
            f"{registration.ref} names no recipient that {hospital.key} belongs to; nobody of it is named to that hospital"
        )
    if not is_shared(registration, recipient, need.purpose, day):
        raise ActionRefused(
            f"sharing with {recipient} for '{need.purpose}' is off; two members of a board can switch it on"
        )
    said = said_to(household.ref, need.purpose, recipient)
    if said != "given":
        others = f" to {recipient}" if recipient else ""
        raise ActionRefused(
            f"{household.ref} has not consented to '{need.purpose}'{others}"
            + (f" (it was {said})" if said else "")
            + "; ask, and write down what was said"
        )

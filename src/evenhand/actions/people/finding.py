"""Finding what an action of the people register names. A ref that is not there and one out of reach are refused alike."""

from __future__ import annotations

from evenhand.access.viewers import Target
from evenhand.actions.action import Doing
from evenhand.errors import NameUnknown, shown
from evenhand.people.models import Distribution, Entitlement, Household, Person, Registration, Sharing
from evenhand.records.models import Party
from evenhand.records.tree import target_of


def get_registration(ref: str) -> Registration:
    """Return a registration; that there is one is no secret. Raises NameUnknown."""
    row = Registration.objects.filter(pk=ref).first()
    if row is None:
        raise NameUnknown("registration", shown(ref), ())
    return row


def get_sharing(number: int) -> Sharing:
    """Return a sharing. Raises NameUnknown."""
    row = Sharing.objects.select_related("registration").filter(pk=number).first()
    if row is None:
        raise NameUnknown("sharing", str(number), ())
    return row


def reach_household(doing: Doing, ref: str, right: str = "") -> Household:
    """Return a household that who acts may act on. Raises NameUnknown, also where it is out of reach."""
    row = Household.objects.select_related("registration").filter(pk=ref).first()
    if row is None or not _reaches(doing, row, right):
        doing.require(Target(doing_parties(doing)), right)  # a role that may not do it anywhere is told so
        raise NameUnknown("household", shown(ref), ())
    doing.require(target_of(Party.objects.get(pk=row.site), doing.today), right)
    return row


def reach_person(doing: Doing, ref: str, right: str = "") -> Person:
    """Return a person of a household that who acts may act on. Raises NameUnknown, also where it is out of reach."""
    row = Person.objects.select_related("household__registration").filter(pk=ref).first()
    if row is None or not _reaches(doing, row.household, right):
        doing.require(Target(doing_parties(doing)), right)
        raise NameUnknown("person", shown(ref), ())
    doing.require(target_of(Party.objects.get(pk=row.household.site), doing.today), right)
    return row


def doing_parties(doing: Doing) -> tuple[str, ...]:
    """Return the parties that who acts holds any role for."""
    return tuple(sorted({one.party for one in doing.viewer.roles if one.party}))


def _reaches(doing: Doing, household: Household, right: str) -> bool:
    """Say whether who acts may act on a household; at a site that is not below the registration's party nobody may."""
    from evenhand.access.rights import may

    party = Party.objects.filter(pk=household.site).first()
    if party is None:
        return False
    target = target_of(party, doing.today)
    return household.registration.party in target.parties and may(doing.viewer, right or doing.name, target)


def get_entitlement(ref: str) -> Entitlement:
    """Return an entitlement. Raises NameUnknown."""
    row = Entitlement.objects.select_related("registration").filter(pk=ref).first()
    if row is None:
        raise NameUnknown("entitlement", shown(ref), ())
    return row


def get_distribution(ref: str) -> Distribution:
    """Return a distribution. Raises NameUnknown."""
    row = Distribution.objects.select_related("entitlement__registration").filter(pk=ref).first()
    if row is None:
        raise NameUnknown("distribution", shown(ref), ())
    return row

"""Actions on entitlements and distributions: what a household may have, where and when it is given out."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Annotated, Final

from evenhand.access.viewers import Target
from evenhand.actions.action import Doing, Done
from evenhand.actions.finding import get_party, get_resource
from evenhand.actions.people.action import people_action
from evenhand.actions.people.finding import get_distribution, get_entitlement, get_registration
from evenhand.actions.typed import read_line
from evenhand.errors import ActionRefused, OptionRefused, suggest
from evenhand.people.entitlements import needed_fields, read_terms
from evenhand.people.models import Distribution, Entitlement, Registration
from evenhand.records.models import Resource
from evenhand.records.quantities import read_quantity
from evenhand.records.tree import target_of

LONGEST: Final = timedelta(days=92)
"""A distribution lasts so long at most: whoever gets it again next month gets it in the next one."""


@people_action("people entitle")
def make_entitlement(
    doing: Doing,
    *,
    registration: Annotated[str, "the registration's ref, RG-..."],
    title: Annotated[str, "what it is called"],
    service: Annotated[str, "ration, cash, kit, care, shelter or schooling"],
    resource: Annotated[str, "the key of the resource that is given"],
    terms: Annotated[str, "the rule: 15 kg per person; 1 kit per household; 2 tin per person pregnant"],
    purpose: Annotated[str, "for which of the registration's purposes households are read to work it out"],
) -> Done:
    """Say what households of a registration may have of one resource, by a rule that anybody can work out."""
    row = get_registration(registration)
    doing.require(_target(row, doing.today))
    what = get_resource(resource)
    if service not in Entitlement.SERVICES:
        raise OptionRefused(
            f"'{service[:30]}' is none of {', '.join(Entitlement.SERVICES)}{suggest(service, Entitlement.SERVICES)}"
        )
    if purpose not in row.purposes:
        raise ActionRefused(
            f"the registration names no purpose '{purpose[:60]}'; it names {', '.join(sorted(row.purposes))}"
        )
    read = read_terms(terms)
    missing = sorted(needed_fields(read) - row.fields.keys() - {"birth_date"})
    if missing:
        raise ActionRefused(
            f"the rule needs {', '.join(missing)}, which the registration does not ask for; write it without"
        )
    for term in read:
        read_quantity(what, term.amount, term.unit, column="terms")
    made = Entitlement.objects.create(
        ref=doing.ref("ET"), registration=row, title=read_line("title", title, most=200), service=service, resource=what.key,
        terms="; ".join(one.text for one in read), purpose=purpose, made_at=doing.at,
    )  # fmt: skip
    return doing.done(made.ref, terms=made.terms)


@people_action("people entitle")
def close_entitlement(doing: Doing, *, entitlement: Annotated[str, "the entitlement's ref, ET-..."]) -> Done:
    """Let nothing be given out by an entitlement any more; another rule is another entitlement."""
    row = get_entitlement(entitlement)
    doing.require(_target(row.registration, doing.today))
    if row.state == "closed":
        raise ActionRefused(f"{row.ref} is closed already")
    row.state = "closed"
    row.save(update_fields=["state"])
    return doing.done(row.ref)


@people_action("people distribute")
def plan_distribution(
    doing: Doing,
    *,
    entitlement: Annotated[str, "the entitlement's ref, ET-..."],
    site: Annotated[str, "the key of the party that gives it out, and holds the stock"],
    first_day: Annotated[date, "the first day"],
    last_day: Annotated[date, "the last day"],
) -> Done:
    """Plan a giving out at a site: each household that the site serves gets its entitlement once in these days."""
    row, place = get_entitlement(entitlement), get_party(site)
    doing.require(target_of(place, doing.today))
    if row.state != "open":
        raise ActionRefused(f"{row.ref} is closed; nothing is given out by it")
    if row.registration.party not in target_of(place, doing.today).parties:
        raise ActionRefused(
            f"{site} is not below {row.registration.party}, which keeps {row.registration_id}; choose a site of it"
        )
    if not first_day <= last_day <= first_day + LONGEST:
        raise ActionRefused(f"{first_day} to {last_day} is no span of at most {LONGEST.days} days")
    if last_day < doing.today:
        raise ActionRefused(f"{last_day} is over; plan what is still to come")
    if last_day > row.registration.retain_until:
        raise ActionRefused(
            f"{row.registration_id} keeps its data until {row.registration.retain_until}; plan nothing for later"
        )
    made = Distribution.objects.create(
        ref=doing.ref("DI"), entitlement=row, site=place.key, first_day=first_day, last_day=last_day,
        salt=secrets.token_hex(32), made_at=doing.at,
    )  # fmt: skip
    return doing.done(made.ref, site=place.key)


@people_action("people distribute")
def close_distribution(doing: Doing, *, distribution: Annotated[str, "the distribution's ref, DI-..."]) -> Done:
    """Close a distribution: scans that devices still hold are taken, nothing new is given."""
    row = get_distribution(distribution)
    doing.require(target_of(get_party(row.site), doing.today))
    if row.state == "closed":
        raise ActionRefused(f"{row.ref} is closed already")
    row.state = "closed"
    row.save(update_fields=["state"])
    return doing.done(row.ref)


def resource_of(row: Entitlement) -> Resource:
    """Return the resource that an entitlement gives."""
    return get_resource(row.resource)


def _target(row: Registration, day: date) -> Target:
    return target_of(get_party(row.party), day)

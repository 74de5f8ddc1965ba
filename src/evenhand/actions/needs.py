"""Actions on needs: draft, submit, approve, renew, correct, withdraw.

A need lapses on its day `valid_until` unless it is renewed. A correction is a new need that replaces the old one, which
stays readable; nothing typed is ever overwritten.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from evenhand.actions.action import Doing, Done, action
from evenhand.actions.finding import get_need, get_party, get_place, get_programme, get_resource
from evenhand.actions.typed import read_text
from evenhand.errors import ActionRefused
from evenhand.records.models import Need, Party, Resource
from evenhand.records.quantities import read_quantity
from evenhand.records.tree import target_of

LONGEST = timedelta(days=366)
"""The longest a need may be valid without being renewed."""

LONGEST_WEIGHT = 24
"""Characters of a weight, as many as its column holds."""

USUAL = timedelta(days=90)
"""How long a need is valid where nothing is said."""

PartyKey = Annotated[str, "the key of the party that needs it, such as TCD"]
ResourceKey = Annotated[str, "the key of the resource, such as vaccine-measles"]
Typed = Annotated[str, "how much in all, as people say it: 1200, '40 box'"]
Why = Annotated[str, "what it is for, in a sentence"]
Ref = Annotated[str, "the need's ref, ND-..."]


@action("need draft", seen=False)
def draft_need(
    doing: Doing,
    *,
    party: PartyKey,
    resource: ResourceKey,
    quantity: Typed,
    why: Why,
    unit: Annotated[str, "the unit or pack, where the quantity does not say it"] = "",
    place: Annotated[str, "the key of the place where it is needed"] = "",
    by_when: Annotated[date | None, "the day by which it is needed"] = None,
    valid_until: Annotated[
        date | None, "the day on which the need lapses unless renewed; 90 days where not said"
    ] = None,
    held: Annotated[str, "how much of it the party already has"] = "0",
    capacity: Annotated[str, "the most it can take now"] = "",
    per_week: Annotated[str, "the most it can use in a week"] = "",
    weight: Annotated[str, "how much faster its level should rise, for the weighted rules"] = "1",
    weight_source: Annotated[str, "who says so: the weight's source"] = "",
    tiers: Annotated[str, "the sizes of its groups in order of service, separated by ';'"] = "",
    priority: Annotated[str, "life-saving, urgent or normal"] = "normal",
    programme: Annotated[str, "the ref of the programme it belongs to"] = "",
) -> Done:
    """Draft a need, which only its own party sees until it is submitted."""
    needing = get_party(party)
    doing.require(target_of(needing, doing.today))
    _refuse_retired(needing)
    need = Need(ref=doing.ref("ND"), party=needing, state="draft", made_at=doing.at)
    _fill(
        need, doing, get_resource(resource), quantity=quantity, unit=unit, why=why, place=place, by_when=by_when,
        valid_until=valid_until, held=held, capacity=capacity, per_week=per_week, weight=weight,
        weight_source=weight_source, tiers=tiers, priority=priority, programme=programme,
    )  # fmt: skip
    need.save(force_insert=True)
    return doing.done(need.ref, base_units=need.quantity, valid_until=need.valid_until)


@action("need submit", seen=False)
def submit_need(doing: Doing, *, need: Ref) -> Done:
    """Submit a drafted need to the secretariat."""
    row = _own(doing, need)
    _expect(row, "draft", "submitted")
    row.state = "submitted"
    row.save(update_fields=["state"])
    return doing.done(row.ref)


@action("need approve")
def approve_need(doing: Doing, *, need: Ref) -> Done:
    """Approve a submitted need; from now on everybody sees it and rounds may choose it."""
    row = _own(doing, need)
    _expect(row, "submitted", "approved")
    if row.valid_until < doing.today:
        raise ActionRefused(
            f"{row.ref} lapsed on {row.valid_until}; {row.party_id} can renew it first: need renew {row.ref}"
        )
    row.state, row.approved_at = "approved", doing.at
    row.save(update_fields=["state", "approved_at"])
    if row.replaces is not None and row.replaces.state != "withdrawn":  # what its party took back stays taken back
        row.replaces.state = "corrected"
        row.replaces.save(update_fields=["state"])
    return doing.done(row.ref)


@action("need renew")
def renew_need(
    doing: Doing,
    *,
    need: Ref,
    valid_until: Annotated[date | None, "the new last day; 90 days from today where not said"] = None,
) -> Done:
    """Say that a need still stands, until a later day."""
    row = _own(doing, need)
    _expect_open(row)
    until = _until(doing, valid_until)
    if until <= row.valid_until:
        raise ActionRefused(
            f"{row.ref} is valid until {row.valid_until} already; renewing gives it a later day than that"
        )
    row.valid_until = until
    row.save(update_fields=["valid_until"])
    return doing.done(row.ref, valid_until=until)


@action("need correct")
def correct_need(
    doing: Doing,
    *,
    need: Ref,
    quantity: Annotated[str, "how much in all, where it was wrong"] = "",
    unit: Annotated[str, "the unit or pack, where the quantity does not say it"] = "",
    why: Annotated[str, "what it is for, where it was wrong"] = "",
    held: Annotated[str, "how much of it the party already has, where it was wrong"] = "",
    by_when: Annotated[date | None, "the day by which it is needed, where it was wrong"] = None,
    priority: Annotated[str, "life-saving, urgent or normal, where it was wrong"] = "",
) -> Done:
    """Correct a need: a new one replaces it, and counts in its place once it is approved again."""
    old = _own(doing, need)
    _expect_open(old)
    if hasattr(old, "replaced_by") and old.replaced_by.state != "withdrawn":
        raise ActionRefused(f"{old.ref} was corrected before; correct {old.replaced_by.ref}, which replaces it")
    if not any((quantity, why, held, by_when, priority)):
        raise ActionRefused(
            "nothing to correct was given; say which of quantity, why, held, by_when, priority is different"
        )
    if not doing.reason:
        raise ActionRefused("a correction needs a reason; say why the need was wrong")
    new = Need.objects.get(pk=old.pk)
    new.pk, new.state, new.made_at, new.approved_at = doing.ref("ND"), "submitted", doing.at, None
    if old.state == "draft":
        new.state, old.state = "draft", "corrected"
        old.save(update_fields=["state"])
    # A correction that was withdrawn before anybody approved it replaces nothing; its action says what it was to replace.
    Need.objects.filter(replaces=old, state="withdrawn").update(replaces=None)
    new.replaces = old
    if quantity:
        amount = read_quantity(old.resource, quantity, unit)
        new.quantity, new.typed, new.unit = amount.base_units, amount.typed, amount.unit
    if held:
        new.held = read_quantity(old.resource, held, least=0, column="held").base_units
    new.why, new.by_when = read_text("why", why) or old.why, by_when or old.by_when
    new.priority = _priority(priority or old.priority)
    _expect_tiers_within(new)
    new.save(force_insert=True)
    return doing.done(new.ref, replaces=old.ref, base_units=new.quantity)


@action("need withdraw")
def withdraw_need(doing: Doing, *, need: Ref) -> Done:
    """Withdraw a need that no longer stands."""
    row = _own(doing, need)
    _expect_open(row)
    if not doing.reason:
        raise ActionRefused("a withdrawal needs a reason; say why the need no longer stands")
    row.state = "withdrawn"
    row.save(update_fields=["state"])
    return doing.done(row.ref)


def _own(doing: Doing, ref: str) -> Need:
    row = get_need(ref)
    doing.require(target_of(row.party, doing.today))
    return row


def _expect(row: Need, state: str, wanted: str) -> None:
    if row.state != state:
        raise ActionRefused(f"{row.ref} is {row.state}; only a need that is {state} can be {wanted}")


def _expect_open(row: Need) -> None:
    if row.state in ("withdrawn", "corrected"):
        raise ActionRefused(f"{row.ref} is {row.state} and stays so; draft a new need")


def _refuse_retired(party: Party) -> None:
    if party.retired_on is not None:
        raise ActionRefused(f"{party.key} was retired on {party.retired_on}; it takes part in nothing new")


def _until(doing: Doing, day: date | None) -> date:
    until = day or doing.today + USUAL
    if not doing.today <= until <= doing.today + LONGEST:
        raise ActionRefused(
            f"a need cannot be valid until {until}; give a day from {doing.today} to {doing.today + LONGEST}, and renew it later"
        )
    return until


def _priority(text: str) -> str:
    if text not in Need.PRIORITIES:
        raise ActionRefused(f"there is no priority '{text}'; it is one of {', '.join(Need.PRIORITIES)}")
    return text


def _fill(need: Need, doing: Doing, resource: Resource, **given: Any) -> None:
    """Write what was given into a new need, read and checked."""
    amount = read_quantity(resource, given["quantity"], given["unit"])
    need.resource = resource
    need.quantity, need.typed, need.unit = amount.base_units, amount.typed, amount.unit
    need.why = read_text("why", given["why"])
    if not need.why:
        raise ActionRefused("a need says what it is for; give a sentence")
    need.place = get_place(given["place"]) if given["place"] else None
    need.programme = get_programme(given["programme"]) if given["programme"] else None
    need.by_when, need.valid_until = given["by_when"], _until(doing, given["valid_until"])
    need.priority = _priority(given["priority"])
    need.weight_source = read_text("weight_source", given["weight_source"])
    need.weight = _weight(given["weight"], need.weight_source)
    # These count in base units, whatever unit the quantity was typed in, unless they say their own.
    need.held = read_quantity(resource, given["held"], least=0, column="held").base_units
    for name in ("capacity", "per_week"):
        setattr(
            need, name, read_quantity(resource, given[name], least=0, column=name).base_units if given[name] else None
        )
    need.tiers = [
        read_quantity(resource, tier, least=0, column="tiers").base_units
        for tier in given["tiers"].split(";")
        if tier.strip()
    ]
    _expect_tiers_within(need)


def _expect_tiers_within(need: Need) -> None:
    """Refuse a need that no round could freeze: its groups together are more than all."""
    if sum(need.tiers) > need.quantity:
        raise ActionRefused(
            f"the tiers add up to {sum(need.tiers):,}, more than the {need.quantity:,} needed in all; withdraw the need and "
            "draft it with other tiers, or give the quantity of them all"
        )


def _weight(text: str, source: str) -> str:
    try:
        weight = float(text)
    except ValueError:
        weight = 0.0
    if not 0 < weight < 10**6 or len(text.strip()) > LONGEST_WEIGHT:
        raise ActionRefused(
            f"the weight '{text}' is not usable; write a number above 0, such as 1.25, in at most {LONGEST_WEIGHT} characters"
        )
    if weight != 1 and not source.strip():
        raise ActionRefused("a weight other than 1 needs its source; say who measured it and when")
    return text.strip()

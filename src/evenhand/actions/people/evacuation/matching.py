"""The action that proposes who gets a place and where: the engine says who, the least cost says where, a person decides.

Who: `evenhand.allocate` under the rule "tiers", a tier for each urgency, everybody's target one place; its proof is kept, and names
patients and places by marks, services and fitness by classes, whose meaning stands sealed in the proposal. Where: among those who get a place, the hospitals of the least cost together (`people.evacuation.cost_of`: a language
that is spoken, the family together, the distance), which changes nobody's place. Nothing of it is applied by itself.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import asin, cos, radians, sin, sqrt
from typing import Annotated, Any

from evenhand.access.rights import require
from evenhand.actions.action import Acting, Doing, Done
from evenhand.actions.finding import get_party
from evenhand.actions.people.action import people_action
from evenhand.actions.people.evacuation.asking import WAITING
from evenhand.actions.people.evacuation.finding import SENDS
from evenhand.actions.people.evacuation.typed import is_guarded
from evenhand.actions.people.finding import get_registration
from evenhand.actions.people.sealed import seal_values
from evenhand.database.writing import reading
from evenhand.errors import ActionRefused
from evenhand.lookups.people.agreed import is_shared, recipient_of, said_to, whom
from evenhand.lookups.people.asked import asked_of, offer_of
from evenhand.people.evacuation import URGENCIES, classes_of, cost_of, fits, handles_of, mark_of, requires_of
from evenhand.people.models import EvacuationNeed, HospitalOffer, HospitalReferral, MatchProposal, Registration
from evenhand.people.router import PEOPLE
from evenhand.records.models import Party
from evenhand.records.tree import parties_above, parties_below, target_of
from evenhand.rounds.planning import MadePlan, RoundTerms, freeze_rows, solve_frozen

EARTH = 6371
"""Kilometres from the middle of the earth to its skin."""

RegistrationRef = Annotated[str, "the ref of the registration, RG-..."]
OfParty = Annotated[str, "the key of the party whose patients are matched; all of the registration where not said"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Hold a patient who waits, as far as a choice needs it."""

    need: str
    urgency: str
    handles: tuple[str, ...]
    languages: frozenset[str]
    companions: int
    site: str
    barred: frozenset[str]


@dataclass(frozen=True, slots=True)
class Places:
    """Hold the places of a hospital that are free."""

    offer: str
    party: str
    free: int
    requires: tuple[str, ...]
    languages: frozenset[str]
    companions: int


@dataclass(frozen=True, slots=True)
class Solved:
    """Hold a plan with the hospitals that were chosen, its salt, and by its digest what it was made from."""

    salt: str
    digest: str
    plan: MadePlan
    choices: list[dict[str, Any]]


@people_action(SENDS)
def propose_matches(doing: Doing, *, registration: RegistrationRef, party: OfParty = "") -> Done:
    """Propose who of those who wait gets which hospital's place; everybody named waits until a person refers them."""
    row = get_registration(registration)
    keeper = get_party(party or row.party)
    doing.require(target_of(keeper, doing.today), SENDS)
    solved: Solved = doing.prepared
    waiting, places = _read(row, keeper, doing.today)
    if solved.digest != _digest(_frozen(solved.salt, waiting, places)):
        raise ActionRefused("patients or places changed while the proposal was made; propose again")
    chosen = {one["need"] for one in solved.choices}
    made = MatchProposal.objects.create(
        registration=row, party=keeper.key, folder=solved.plan.folder, claim=solved.plan.claim,
        certificate_sha256=solved.plan.certificate_sha256, named=sorted(one.need for one in waiting),
        by=doing.viewer.public_id, at=doing.at,
    )  # fmt: skip
    left = sorted(one.need for one in waiting if one.need not in chosen)
    values = {"classes": _classes(solved.salt, waiting, places), "choices": solved.choices, "waiting": left}
    said = {field: json.dumps(value, sort_keys=True) for field, value in values.items()}
    made.boxes = seal_values(str(made.pk), {"salt": solved.salt, **said})
    made.save(update_fields=["boxes"])
    EvacuationNeed.objects.filter(pk__in=[one.need for one in waiting]).update(state="asked")
    EvacuationNeed.objects.filter(pk__in=chosen).update(state="matched")
    return doing.done(
        row.ref, proposal=made.pk, places=len(chosen), waiting=len(left), claim=made.claim,
        certificate=made.certificate_sha256,
    )  # fmt: skip


@propose_matches.before
def _solve(acting: Acting, *, registration: str, party: str = "") -> Solved:
    """Solve it with no lock held."""
    day = (acting.at or datetime.now(UTC)).astimezone(UTC).date()
    with reading(), reading(using=PEOPLE):
        row = get_registration(registration)
        keeper = get_party(party or row.party)
        require(acting.viewer, SENDS, target_of(keeper, day))
        if row.party not in parties_above(keeper):
            raise ActionRefused(f"{keeper.key} is not below {row.party}, which keeps {row.ref}")
        waiting, places = _read(row, keeper, day)
        far = _distances({one.site for one in waiting}, {one.party for one in places})
    if not waiting:
        raise ActionRefused(f"nobody of {keeper.key} waits for a place")
    if not places:
        raise ActionRefused("no hospital that they could be named to has a free place now")
    salt = secrets.token_hex(16)
    frozen = _frozen(salt, waiting, places)
    plan = solve_frozen(frozen, RoundTerms("tiers", "0.2", day, None))
    return Solved(salt, _digest(frozen), plan, _choose(salt, plan, waiting, places, far))


def choose_hospitals(
    served: Mapping[str, str], waiting: list[Waiting], places: list[Places], far: Mapping[tuple[str, str], int | None]
) -> list[dict[str, Any]]:
    """Return where each of those who get a place goes at the least cost together, with what it costs and why."""
    from evenhand.allocation.assigning import assign_cheapest

    costs: dict[str, dict[str, int]] = {}
    why: dict[tuple[str, str], dict[str, Any]] = {}
    for one in waiting:
        if one.need not in served:
            continue
        for place in places:
            if fits(one.handles, place.requires) and place.offer not in one.barred:
                parts: dict[str, Any] = {
                    "speaks": not one.languages or not place.languages or bool(one.languages & place.languages),
                    "left_behind": max(0, one.companions - place.companions),
                    "kilometres": far[one.site, place.party],
                }
                costs.setdefault(one.need, {})[place.offer] = cost_of(**parts)
                why[one.need, place.offer] = parts
    chosen = assign_cheapest(costs, {place.offer: place.free for place in places})
    party = {place.offer: place.party for place in places}
    return [
        {"need": need, "offer": offer, "party": party[offer], "cost": costs[need][offer], **why[need, offer]}
        for need, offer in sorted(chosen.items())
    ]


def _choose(
    salt: str,
    plan: MadePlan,
    waiting: list[Waiting],
    places: list[Places],
    far: Mapping[tuple[str, str], int | None],
) -> list[dict[str, Any]]:
    refs = {mark_of(salt, ref): ref for ref in (*(one.need for one in waiting), *(one.offer for one in places))}
    served = {refs[str(need)]: refs[str(lot)] for lot, need, packs in plan.lines if packs}
    choices = choose_hospitals(served, waiting, places, far)
    used = Counter(one["offer"] for one in choices)
    if {one["need"] for one in choices} != served.keys() or any(used[one.offer] > one.free for one in places):
        raise RuntimeError("the choice of hospitals changed who gets a place")
    return choices


def _read(row: Registration, keeper: Party, day: date) -> tuple[list[Waiting], list[Places]]:
    """Return who waits and which places are free, in the order of their refs."""
    offers = {one.ref: one for one in HospitalOffer.objects.filter(state="open", since__lte=day, until__gte=day)}
    hospitals = {one.key: one for one in Party.objects.filter(pk__in={offer.party for offer in offers.values()})}
    recipients = {key: recipient_of(row, hospital) for key, hospital in hospitals.items()}
    needs = EvacuationNeed.objects.filter(person__household__registration=row, state__in=WAITING).order_by("pk")
    sites = parties_below(frozenset({keeper.key}))
    waiting, open_to = [], set[str]()
    for need in needs.select_related("person__household"):
        patient = whom(need)
        if patient.state != "present" or patient.household.site not in sites:
            continue
        barred = _barred(row, need, patient.household_id, offers, recipients, day)
        open_to |= offers.keys() - barred
        held = asked_of(need, "service", "urgency", "fitness", "languages")
        handles = handles_of(held["service"], held["fitness"], guarded=is_guarded(need, patient, day))
        spoken = frozenset(filter(None, held["languages"].split(";")))
        waiting.append(
            Waiting(
                need.ref,
                held["urgency"],
                handles,
                spoken,
                len(need.companions),
                patient.household.site,
                frozenset(barred),
            )
        )
    places = [
        Places(
            one.ref, one.party, one.places - one.taken,
            requires_of(one.service, tuple(one.fitness), companions=one.companions), frozenset(one.languages), one.companions,
        )
        for ref, one in sorted(offers.items())
        if one.taken < one.places and ref in open_to
    ]  # fmt: skip
    return waiting, places


def _barred(
    row: Registration,
    need: EvacuationNeed,
    household: str,
    offers: Mapping[str, HospitalOffer],
    recipients: Mapping[str, str | None],
    day: date,
) -> set[str]:
    """Return the places that a patient cannot be named to: not shared with, refused by the household, or declined before."""
    refused = {
        to
        for to in set(recipients.values())
        if to is None
        or said_to(household, need.purpose, to) in ("refused", "withdrawn")
        or not is_shared(row, to, need.purpose, day)
    }
    declined = map(offer_of, HospitalReferral.objects.filter(need=need, state="declined"))
    return {ref for ref, one in offers.items() if recipients.get(one.party) in refused} | set(declined)


def _classes(salt: str, waiting: list[Waiting], places: list[Places]) -> dict[str, str]:
    words = {word for one in waiting for word in one.handles} | {word for one in places for word in one.requires}
    return classes_of(salt, words)


def _frozen(salt: str, waiting: list[Waiting], places: list[Places]) -> dict[str, bytes]:
    """Return the engine's tables: marks, classes of what a patient asks for and places ask for; nothing of who or what it is."""
    classes = _classes(salt, waiting, places)

    def said(words: tuple[str, ...]) -> str:
        return ";".join(sorted(classes[word] for word in words))

    needs = [
        {
            "recipient": mark_of(salt, one.need), "target": 1, "handles": said(one.handles),
            **{f"tier_{place}": int(one.urgency == word) for place, word in enumerate(URGENCIES, 1)},
        }
        for one in waiting
    ]  # fmt: skip
    lots = [
        {
            "lot": mark_of(salt, one.offer), "packs": one.free, "requires": said(one.requires),
            "not_for": ";".join(sorted(mark_of(salt, patient.need) for patient in waiting if one.offer in patient.barred)),
        }
        for one in places
    ]  # fmt: skip
    needs.sort(key=lambda row: str(row["recipient"]))  # the order would tell who is who
    lots.sort(key=lambda row: str(row["lot"]))
    return freeze_rows(needs, lots, [])


def _digest(frozen: Mapping[str, bytes]) -> str:
    return hashlib.sha256(b"".join(frozen[name] for name in sorted(frozen))).hexdigest()


def _distances(sites: set[str], hospitals: set[str]) -> dict[tuple[str, str], int | None]:
    where = {key: _where(key) for key in sites | hospitals}
    return {(site, hospital): _kilometres(where[site], where[hospital]) for site in sites for hospital in hospitals}


def _where(key: str) -> tuple[float, float] | None:
    """Return the degrees of a party, or of its place, or of the nearest party above it that has any."""
    party = Party.objects.select_related("place").filter(pk=key).first()
    for above in parties_above(party) if party else ():
        one = Party.objects.select_related("place").get(pk=above)
        for row in (one, one.place):
            if row is not None and row.latitude is not None and row.longitude is not None:
                return row.latitude, row.longitude
    return None


def _kilometres(one: tuple[float, float] | None, other: tuple[float, float] | None) -> int | None:
    if one is None or other is None:
        return None
    (north, east), (north_too, east_too) = (tuple(map(radians, place)) for place in (one, other))
    half = sin((north_too - north) / 2) ** 2 + cos(north) * cos(north_too) * sin((east_too - east) / 2) ** 2
    return round(2 * EARTH * asin(sqrt(half)))

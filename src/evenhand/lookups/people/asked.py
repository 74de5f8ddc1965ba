"""What is sealed of a need, a referral and a proposal, opened for those who act on them. Shows nobody who the patient is. Reads only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from evenhand.errors import ActionRefused
from evenhand.people.models import EvacuationNeed, HospitalOffer, HospitalReferral, MatchProposal
from evenhand.people.opening import sealer


@dataclass(frozen=True, slots=True)
class Proposed:
    """Hold what is sealed of a proposal; nothing, where somebody of it was erased since."""

    salt: str
    classes: dict[str, str]
    choices: list[dict[str, Any]]
    waiting: list[str]


def asked_of(need: EvacuationNeed, *fields: str) -> dict[str, str]:
    """Return what a need asks for, by field; "" for what nobody said, and for what was erased."""
    held = sealer().open_all(need.ref, {field: need.boxes[field] for field in fields if field in need.boxes})
    return {field: held.get(field, "") for field in fields}


def offer_of(row: HospitalReferral) -> str:
    """Return the ref of the places that a referral holds or held; "" where the patient was erased."""
    return sealer().open(row.ref, "offer", row.boxes["offer"]) if "offer" in row.boxes else ""


def find_places(row: HospitalReferral) -> HospitalOffer | None:
    """Return the places that a referral holds or held; None where the patient was erased."""
    return HospitalOffer.objects.filter(pk=offer_of(row)).first()


def places_of(row: HospitalReferral) -> HospitalOffer:
    """Return the places that a referral holds or held. Raises ActionRefused where the patient was erased."""
    found = find_places(row)
    if found is None:
        raise ActionRefused(f"the patient of {row.ref} was erased, and to which hospital they were named with them")
    return found


def proposed_of(row: MatchProposal) -> Proposed:
    """Return what is sealed of a proposal."""
    if not row.boxes:
        return Proposed("", {}, [], [])
    held = sealer().open_all(str(row.pk), row.boxes)
    return Proposed(held["salt"], *(json.loads(held[name]) for name in ("classes", "choices", "waiting")))

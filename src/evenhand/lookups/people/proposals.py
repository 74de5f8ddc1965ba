"""Reading a proposal of who gets which hospital's place, for who sends: refs, costs and the proof, which names nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from evenhand.access.rights import RIGHTS, require
from evenhand.access.viewers import Target, Viewer
from evenhand.errors import NameUnknown
from evenhand.lookups.people.asked import proposed_of
from evenhand.lookups.people.evacuations import SENDS, reaches
from evenhand.people.models import MatchProposal


@dataclass(frozen=True, slots=True)
class ProposalTold:
    """Hold a proposal: who would get which place at what cost, who waits on, and the proof.

    Attributes
    ----------
    salt, classes
        With them `evenhand.people.evacuation.mark_of` and the words of services and fitness are found in the proof. These, the choices
        and who waits are empty where somebody of the proposal was erased since.
    """

    number: int
    registration: str
    party: str
    claim: str
    certificate_sha256: str
    choices: tuple[Mapping[str, Any], ...]
    waiting: tuple[str, ...]
    salt: str
    classes: Mapping[str, str]
    folder: bytes
    at: datetime


def read_proposal(viewer: Viewer, number: Annotated[int, "the number of the proposal"]) -> ProposalTold:
    """Return a proposal, for who sends of its party. Raises NameUnknown, NotAllowed."""
    row = MatchProposal.objects.filter(pk=number).first()
    if row is None or not reaches(viewer, SENDS, row.party):
        if not viewer.has(*RIGHTS[SENDS]):
            require(viewer, SENDS, Target())
        raise NameUnknown("proposal", str(number), ())
    held = proposed_of(row)
    return ProposalTold(
        row.pk, row.registration_id, row.party, row.claim, row.certificate_sha256, tuple(held.choices), tuple(held.waiting),
        held.salt, held.classes, bytes(row.folder), row.at,
    )  # fmt: skip

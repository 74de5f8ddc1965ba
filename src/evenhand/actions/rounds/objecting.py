"""Actions on objections: a member objects to a published plan; the secretariat answers, with what a change would do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from evenhand.access.rights import require
from evenhand.actions.action import Acting, Doing, Done, action
from evenhand.actions.finding import get_objection, get_party, get_round
from evenhand.actions.rounds.steps import Ref, expect_state, target_of_round
from evenhand.actions.typed import read_text
from evenhand.database.writing import reading
from evenhand.errors import ActionRefused
from evenhand.records.tree import target_of
from evenhand.rounds.models import Objection
from evenhand.rounds.planning import opened_plan

BETWEEN_EDITS = re.compile(r";\s*(?=(?:needs|lots|groups)\.)")
"""Where one edit ends and the next begins; a ';' inside a value (handles=ultra-cold;oral) is the value's own."""

MOST_EDITS = 20


@action("round object")
def object_to_round(
    doing: Doing,
    *,
    round: Ref,
    party: Annotated[str, "the key of the party that objects; it has a need in the round"],
    text: Annotated[str, "what is wrong with the plan, and what would be right"],
) -> Done:
    """Object to a published plan, as a member with a need in the round."""
    objecting = get_party(party)
    doing.require(target_of(objecting, doing.today))
    row = get_round(round)
    expect_state(row, "objected to", "published")
    if row.objections_until is not None and doing.today > row.objections_until:
        raise ActionRefused(f"members could object to {row.ref} until {row.objections_until}")
    if not row.needs.filter(need__party=objecting).exists():
        raise ActionRefused(
            f"{objecting.key} has no need in {row.ref}; only those whom its plan serves or passes over object"
        )
    words = read_text("text", text)
    if not words:
        raise ActionRefused("an objection says what is wrong with the plan; give a sentence")
    objection = Objection(
        ref=doing.ref("OB"), round=row, proposal=row.proposals.get(number=row.published), party=objecting, text=words,
        by=doing.viewer.public_id, made_at=doing.at,
    )  # fmt: skip
    objection.save(force_insert=True)
    return doing.done(objection.ref, round=row.ref, proposal=row.published)


@dataclass(frozen=True, slots=True)
class Tried:
    """Hold the edits that were tried on a proposal's plan, and what they change, in sentences."""

    proposal: int
    edits: list[str]
    difference: str


@action("round answer")
def answer_objection(
    doing: Doing,
    *,
    objection: Annotated[str, "the objection's ref, OB-..."],
    answer: Annotated[str, "the answer, in words"],
    whatif: Annotated[str, "changes to try on the plan, separated by ';': needs.TCD.handles=ultra-cold"] = "",
) -> Done:
    """Answer an objection, with what the plan would have been had the inputs been different."""
    row = get_objection(objection)
    doing.require(target_of_round(row.round))
    _expect_open(row)
    words = read_text("answer", answer)
    if not words:
        raise ActionRefused("an answer says something; give a sentence")
    tried: Tried = doing.prepared
    row.answer, row.answered_by, row.answered_at = words, doing.viewer.public_id, doing.at
    row.whatif, row.difference = tried.edits, tried.difference
    row.save(update_fields=["answer", "answered_by", "answered_at", "whatif", "difference"])
    return doing.done(row.ref, round=row.round_id, difference=tried.difference)


@answer_objection.before
def _try(acting: Acting, *, objection: str, answer: str, whatif: str = "") -> Tried:
    """Try the edits with no lock held."""
    with reading():
        row = get_objection(objection)
        require(acting.viewer, answer_objection.name, target_of_round(row.round))
        _expect_open(row)
        packed = bytes(row.proposal.folder)
    edits = [edit.strip() for edit in BETWEEN_EDITS.split(whatif) if edit.strip()]
    if not edits:
        return Tried(row.proposal_id, [], "")
    if len(edits) > MOST_EDITS:
        raise ActionRefused(f"{len(edits)} changes are too many to try at once; give at most {MOST_EDITS}")
    with opened_plan(packed) as plan:
        comparison = plan.what_if(edits)
    return Tried(row.proposal_id, edits, "\n".join([comparison.title, *comparison.sentences]))


def _expect_open(row: Objection) -> None:
    expect_state(row.round, "answered", "proposed", "published")
    if row.answered_at is not None:
        raise ActionRefused(f"{row.ref} was answered on {row.answered_at.date()}; an answer stands as it was given")

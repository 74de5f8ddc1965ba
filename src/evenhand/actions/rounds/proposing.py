"""Actions that put a plan before the members: propose (the engine solves, the checker checks) and publish."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated

from evenhand.access.rights import require
from evenhand.actions.action import Acting, Doing, Done, action
from evenhand.actions.finding import get_round
from evenhand.actions.rounds.steps import (
    Ref,
    expect_state,
    frozen_of,
    newest_proposal,
    own_round,
    sha256_of_folder,
    target_of_round,
    terms_of,
)
from evenhand.database.writing import reading
from evenhand.errors import ActionRefused
from evenhand.rounds.models import Proposal, Round
from evenhand.rounds.planning import MadePlan, solve_frozen

BEFORE = ("frozen", "proposed", "published")
"""Where a plan can be proposed, also anew; what was published before is then no longer before the board."""


@dataclass(frozen=True, slots=True)
class Solved:
    """Hold a plan, and the frozen tables it was made from by their hash."""

    digest: str
    plan: MadePlan


@action("round propose")
def propose_round(doing: Doing, *, round: Ref) -> Done:
    """Share the frozen lots out as fairly as possible, and propose the plan with its certificate and explanations."""
    row = own_round(doing, round)
    _expect_frozen(row)
    solved: Solved = doing.prepared
    if solved.digest != row.frozen_digest:
        raise ActionRefused(f"{row.ref} was changed while its plan was made; propose it again")
    plan = solved.plan
    proposal = Proposal(
        round=row, number=newest_proposal(row) + 1, by=doing.viewer.public_id, reason=doing.reason, claim=plan.claim,
        certificate_sha256=plan.certificate_sha256, folder=plan.folder, lines=plan.lines,
        explanations=plan.explanations, measures=plan.measures, made_at=doing.at,
    )  # fmt: skip
    proposal.save(force_insert=True)
    row.state = "proposed"
    row.save(update_fields=["state"])
    return doing.done(
        row.ref, proposal=proposal.number, claim=plan.claim, lines=len(plan.lines),
        certificate=plan.certificate_sha256, sha256=sha256_of_folder(proposal),
    )  # fmt: skip


@propose_round.before
def _solve(acting: Acting, *, round: str) -> Solved:
    """Solve the round with no lock held."""
    with reading():
        row = get_round(round)
        require(acting.viewer, propose_round.name, target_of_round(row))
        _expect_frozen(row)
        frozen = frozen_of(row)
    return Solved(row.frozen_digest, solve_frozen(frozen, terms_of(row)))


def _expect_frozen(row: Round) -> None:
    expect_state(row, "proposed", *BEFORE)


@action("round publish")
def publish_round(
    doing: Doing,
    *,
    round: Ref,
    proposal: Annotated[int, "the number of the proposal; the newest where not said"] = 0,
    objections_until: Annotated[
        dt.date | None, "the last day on which members may object, where it is not the day that the round says"
    ] = None,
) -> Done:
    """Publish a proposal: from now on everybody sees it, and members may object to it."""
    row = own_round(doing, round)
    expect_state(row, "published", "proposed", "published")
    number = proposal or newest_proposal(row)
    chosen = row.proposals.filter(number=number).first()
    if chosen is None:
        raise ActionRefused(f"{row.ref} has no proposal {number}; its newest is {newest_proposal(row)}")
    if row.state == "published" and row.published == number:
        raise ActionRefused(f"proposal {number} of {row.ref} is published already")
    last = objections_until or row.objections_until
    if last is not None and last < doing.today:
        raise ActionRefused(
            f"members could object until {last}, which is past; say objections_until, {doing.today} or a later day"
        )
    row.state, row.published, row.objections_until = "published", number, last
    row.save(update_fields=["state", "published", "objections_until"])
    return doing.done(row.ref, proposal=number, override=chosen.override, objections_until=last)

"""Actions of the board: a member recuses itself; two members, neither of whom proposed the plan, decide it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from evenhand.access.rights import require
from evenhand.access.viewers import Target
from evenhand.actions.action import Acting, Doing, Done, action
from evenhand.actions.finding import get_party, get_round
from evenhand.actions.rounds.overriding import refuse_infeasible
from evenhand.actions.rounds.steps import (
    Ref,
    expect_own_lines,
    expect_state,
    frozen_of,
    own_round,
    sha256_of_folder,
    target_of_round,
    terms_of,
)
from evenhand.actions.rounds.voices import party_of_board
from evenhand.actions.typed import read_text
from evenhand.database.writing import reading
from evenhand.errors import ActionRefused, NotAllowed, PlanUnreadable
from evenhand.records.tree import target_of
from evenhand.rounds.models import Proposal, Recusal, Round, Vote
from evenhand.rounds.planning import check_stored, opened_plan

DECIDING = 2
"""So many approvals decide a round (DESIGN section 1: the chair and one other)."""

SHOWN = 5


@action("round recuse")
def recuse_from_round(
    doing: Doing, *, round: Ref, party: Annotated[str, "the key of the party that takes no part in deciding"]
) -> Done:
    """Recuse a member from deciding a round, with a reason; only itself can do so, and it cannot be taken back."""
    row, recused = get_round(round), get_party(party)
    above = target_of(recused, doing.today)
    doing.require(Target(above.parties, (row.group_id,)))
    own = any(
        one.role == "board" and one.group == row.group_id and one.party == recused.key for one in doing.viewer.roles
    )
    if not own and not doing.viewer.parties("focal-point").intersection(above.parties):
        raise NotAllowed(f"{doing.viewer.name} may not recuse {recused.key}; a member recuses itself")
    if row.group_id not in above.groups:
        raise ActionRefused(f"{recused.key} is no member of {row.group_id}, so it has no part in deciding {row.ref}")
    expect_state(row, "recused from", "open", "frozen", "proposed", "published")
    reason = read_text("reason", doing.reason)
    if not reason:
        raise ActionRefused("recusing a member needs a reason; say what its interest is")
    if row.recusals.filter(party=recused).exists():
        raise ActionRefused(f"{recused.key} has recused itself from {row.ref} already")
    Recusal.objects.create(round=row, party=recused, reason=reason, by=doing.viewer.public_id, made_at=doing.at)
    return doing.done(row.ref, party=recused.key)


@dataclass(frozen=True, slots=True)
class Checked:
    """Hold which bytes were checked and hold, with the lines that are theirs."""

    proposal: int
    sha256: str
    lines: list[Any]


@action("round decide")
def decide_round(
    doing: Doing,
    *,
    round: Ref,
    approve: Annotated[bool, "whether the plan is approved; a vote against needs a reason"] = True,
) -> Done:
    """Vote on the published plan; the second approval, of another person for another member, decides it."""
    row = own_round(doing, round)
    proposal = _before_the_board(row)
    party = _voice(doing, row, proposal)
    if not approve and not read_text("reason", doing.reason):
        raise ActionRefused("a vote against needs a reason; say what is wrong with the plan")
    if approve:
        _expect_heard(doing, row)
        checked: Checked = doing.prepared
        now = Checked(proposal.number, sha256_of_folder(proposal), proposal.lines)
        if checked != now:
            raise ActionRefused(f"proposal {proposal.number} of {row.ref} was changed while it was checked; vote again")
    sha256 = sha256_of_folder(proposal)
    Vote.objects.create(
        round=row, proposal=proposal, by=doing.viewer.public_id, party=party, folder_sha256=sha256, approves=approve,
        reason=doing.reason.strip(), made_at=doing.at,
    )  # fmt: skip
    approvals = approving_parties(proposal)
    if approve and len(approvals) >= DECIDING:
        row.state = "decided"
        row.save(update_fields=["state"])
    doing.for_party = party
    return doing.done(
        row.ref, proposal=proposal.number, approves=approve, approvals=len(approvals), state=row.state, sha256=sha256
    )


@decide_round.before
def _check(acting: Acting, *, round: str, approve: bool = True) -> Checked | None:
    """Check the stored plan once more, with no lock held."""
    with reading():
        row = get_round(round)
        require(acting.viewer, decide_round.name, target_of_round(row))
        proposal = _before_the_board(row)
        if not approve:
            return None
        party_of_board(acting.viewer, row.group_id)
        frozen = frozen_of(row)
    try:
        _check_proposal(row, proposal, frozen)
    except (ActionRefused, PlanUnreadable) as refusal:
        raise ActionRefused(f"proposal {proposal.number} of {row.ref} cannot be decided on: {refusal}") from None
    return Checked(proposal.number, sha256_of_folder(proposal), proposal.lines)


def _check_proposal(row: Round, proposal: Proposal, frozen: dict[str, bytes]) -> None:
    """Make sure that a proposal's plan holds, and that its lines are the plan's own, or those of a possible override."""
    packed = bytes(proposal.folder)
    check_stored(packed, frozen, terms_of(row))
    lines = expect_own_lines(proposal)
    if proposal.override:
        with opened_plan(packed) as plan:
            refuse_infeasible(lines, plan)


def _before_the_board(row: Round) -> Proposal:
    expect_state(row, "decided on", "published")
    return row.proposals.get(number=row.published)


def _voice(doing: Doing, row: Round, proposal: Proposal) -> str:
    """Return the party for which somebody votes, or refuse a vote that must not count."""
    party = party_of_board(doing.viewer, row.group_id)
    if proposal.by == doing.viewer.public_id:
        raise ActionRefused(f"{doing.viewer.name} proposed this plan; two others decide on it")
    if proposal.party == party:
        raise ActionRefused(f"{party} proposed this override; two other members decide on it")
    recusal = row.recusals.filter(party=party).first()
    if recusal is not None:
        raise ActionRefused(f"{party} has recused itself from {row.ref} ({recusal.reason}); another member decides")
    votes = Vote.objects.filter(proposal=proposal)
    if votes.filter(by=doing.viewer.public_id).exists():
        raise ActionRefused(f"{doing.viewer.name} has voted on proposal {proposal.number} already; a vote stands")
    if votes.filter(party=party).exists():
        raise ActionRefused(
            f"{party} has voted on proposal {proposal.number} already; the other vote is another member's"
        )
    return party


def _expect_heard(doing: Doing, row: Round) -> None:
    """Refuse to decide while members may still object, or wait for an answer."""
    waiting = list(row.objections.filter(answered_at=None).order_by("ref").values_list("ref", flat=True))
    if waiting:
        more = f" and {len(waiting) - SHOWN} more" if len(waiting) > SHOWN else ""
        count = "1 objection is" if len(waiting) == 1 else f"{len(waiting)} objections are"
        raise ActionRefused(f"{count} unanswered: {', '.join(waiting[:SHOWN])}{more}; answer them first")
    if row.objections_until is not None and doing.today <= row.objections_until:
        raise ActionRefused(f"members may object to {row.ref} until {row.objections_until}; decide after that day")


def approving_parties(proposal: Proposal) -> list[str]:
    """Return the members whose approval of a proposal counts: of its bytes as they are, and not recused since."""
    recused = set(proposal.round.recusals.values_list("party", flat=True))
    votes = Vote.objects.filter(proposal=proposal, approves=True, folder_sha256=sha256_of_folder(proposal))
    return sorted({vote.party for vote in votes} - recused)

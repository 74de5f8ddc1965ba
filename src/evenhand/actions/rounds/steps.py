"""What the steps of a round share: finding it, whose right it is, where it stands, what was frozen.

Used by the modules beside it. Reads only.
"""

from __future__ import annotations

import hashlib
from typing import Annotated

from evenhand.access.viewers import Target
from evenhand.actions.action import Doing
from evenhand.actions.finding import get_round
from evenhand.errors import ActionRefused
from evenhand.rounds.models import Proposal, Round
from evenhand.rounds.planning import Line, RoundTerms, digest_of, lines_of

Ref = Annotated[str, "the round's ref, RD-..."]


def target_of_round(row: Round) -> Target:
    """Return what a right over a round is asked about: its group."""
    return Target(groups=(row.group_id,))


def own_round(doing: Doing, ref: str) -> Round:
    """Return a round, having asked for the action's right over it."""
    row = get_round(ref)
    doing.require(target_of_round(row))
    return row


def expect_state(row: Round, wanted: str, *states: str) -> None:
    """Refuse a round that does not stand where the step begins.

    Parameters
    ----------
    wanted
        What was to be done with it: "frozen", "decided on".
    """
    if row.state not in states:
        raise ActionRefused(f"{row.ref} is {row.state}; only a round that is {' or '.join(states)} can be {wanted}")


def terms_of(row: Round) -> RoundTerms:
    """Return the terms under which a round is solved."""
    return RoundTerms(row.rule, row.floor, row.date, row.max_lots)


def frozen_of(row: Round) -> dict[str, bytes]:
    """Return the frozen tables of a round by name.

    Raises
    ------
    ActionRefused
        They are not those that were hashed.
    """
    frozen = {table.name: bytes(table.body) for table in row.tables.all()}
    if len(frozen) != 3 or digest_of(frozen) != row.frozen_digest:
        raise ActionRefused(
            f"the frozen tables of {row.ref} are not those that were hashed when it was frozen; cancel the round, open it "
            "anew, and have the database looked at"
        )
    return frozen


def newest_proposal(row: Round) -> int:
    """Return the number of the newest proposal; 0 where there is none."""
    numbers = row.proposals.order_by("-number").values_list("number", flat=True)
    return numbers[0] if numbers else 0


def sha256_of_folder(proposal: Proposal) -> str:
    """Return the SHA-256 of what is put before the board: the bytes of the proposal's folder."""
    return hashlib.sha256(bytes(proposal.folder)).hexdigest()


def expect_own_lines(proposal: Proposal) -> list[Line]:
    """Return a proposal's lines, which stand in its folder and, for whoever reads, in its row.

    Raises
    ------
    ActionRefused
        The two differ.
    PlanUnreadable
        The folder is damaged.
    """
    lines = lines_of(bytes(proposal.folder), override=proposal.override)
    if sorted(lines) != sorted(tuple(line) for line in proposal.lines):
        raise ActionRefused("its lines are not those of its plan; they may have been altered. Propose the plan anew")
    return lines

"""The action by which a board member proposes another plan than the fair one: with a reason, and with what it costs.

Fairness can be overridden, with its price told. What cannot be is what makes a plan possible at all: the packs there are,
earmarks, what a recipient can handle, use in time and take.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
from evenhand.actions.rounds.voices import party_of_board
from evenhand.actions.typed import read_text
from evenhand.database.writing import reading
from evenhand.errors import ActionRefused
from evenhand.rounds.models import Proposal, Round
from evenhand.rounds.plan_files import pack_files, unpack_files
from evenhand.rounds.planning import OVERRIDE, Line, check_stored, opened_plan, write_lines

if TYPE_CHECKING:
    from evenhand.plan import Plan
    from evenhand.reasons.comparison import Comparison

BEFORE = ("proposed", "published")
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Departure:
    """Hold an override that was read and measured: its lines, and the fair plan beside it."""

    fair: int
    folder: bytes
    lines: list[Line]
    explanations: dict[str, str]
    measures: dict[str, float]
    cost: dict[str, Any]


@action("round override")
def override_round(
    doing: Doing,
    *,
    round: Ref,
    lines: Annotated[bytes, "the plan wanted, a CSV file with the columns lot, recipient, packs"],
) -> Done:
    """Propose another plan than the fair one, with a reason; what it costs in fairness is measured and recorded."""
    row = own_round(doing, round)
    expect_state(row, "overridden", *BEFORE)
    departure: Departure = doing.prepared
    fair = _fair_proposal(row)
    if fair.number != departure.fair:
        raise ActionRefused(f"{row.ref} got another fair plan meanwhile; override that one, proposal {fair.number}")
    proposal = Proposal(
        round=row, number=newest_proposal(row) + 1, override=True, by=doing.viewer.public_id,
        party=party_of_board(doing.viewer, row.group_id), reason=doing.reason.strip(),
        claim=f"an override of the fair plan, proposal {fair.number}, for the reason recorded",
        certificate_sha256=fair.certificate_sha256, folder=departure.folder,
        lines=[list(line) for line in departure.lines], explanations=departure.explanations,
        measures=departure.measures, cost=departure.cost, made_at=doing.at,
    )  # fmt: skip
    proposal.save(force_insert=True)
    row.state = "proposed"
    row.save(update_fields=["state"])
    return doing.done(
        row.ref, proposal=proposal.number, overrides=fair.number, cost=departure.cost["measures"],
        sentences=departure.cost["sentences"], sha256=sha256_of_folder(proposal),
    )  # fmt: skip


@override_round.before
def _measure(acting: Acting, *, round: str, lines: bytes) -> Departure:
    """Read the lines, see that they are possible, and measure them beside the fair plan, with no lock held."""
    with reading():
        row = get_round(round)
        require(acting.viewer, override_round.name, target_of_round(row))
        expect_state(row, "overridden", *BEFORE)
        party_of_board(acting.viewer, row.group_id)
        if not read_text("reason", acting.reason):
            raise ActionRefused("an override needs a reason; say why the plan departs from the fair one")
        fair, frozen = _fair_proposal(row), frozen_of(row)
    packed = bytes(fair.folder)
    fair_lines = check_stored(packed, frozen, terms_of(row))
    with opened_plan(packed) as plan:
        wanted = read_override(lines, plan)
        if wanted == sorted(fair_lines):
            raise ActionRefused(
                f"that is the fair plan, proposal {fair.number}, as it stands; there is nothing to override"
            )
        refuse_infeasible(wanted, plan)
        with tempfile.TemporaryDirectory() as folder:
            table = Path(folder, OVERRIDE)
            table.write_bytes(write_lines(wanted))
            comparison = plan.compare(table)
    folder_files = unpack_files(packed) | {OVERRIDE: write_lines(wanted)}
    measures = plan.measures.__dataclass_fields__
    return Departure(
        fair.number,
        pack_files(folder_files),
        wanted,
        _explanations(comparison, fair.number, acting.reason.strip()),
        dict(zip(measures, (row[2] for row in comparison.measures), strict=True)),
        {
            "measures": [
                {"measure": title, "fair": one, "override": other, "fairer": better}
                for title, one, other, better in comparison.measures
            ],
            "sentences": list(comparison.sentences),
        },
    )


def _fair_proposal(row: Round) -> Proposal:
    """Return the newest fair plan; a round that was proposed has one."""
    return row.proposals.filter(override=False).latest("number")


def read_override(lines: bytes | str, plan: Plan) -> list[Line]:
    """Return the lines of a table of lots, recipients and whole packs, each pair once, sorted.

    Raises
    ------
    InputRefused, FileUnreadable
        It is no such table, or names what the round does not have.
    ActionRefused
        It gives nothing, or parts of a pack.
    """
    from evenhand.exchange.tables import read_actual  # here, like the engine: few commands override anything

    given = lines if isinstance(lines, bytes) else lines.encode()
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder, OVERRIDE)
        table.write_bytes(given)
        frame = read_actual(table, plan.outcome.problem.tables)
    if not {"lot", "packs"} <= set(frame.columns) or frame["packs"].null_count() or frame["lot"].null_count():
        raise ActionRefused("an override says lot, recipient and packs in every row")
    sums: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for lot, recipient, packs in frame.select("lot", "recipient", "packs").iter_rows():
        sums[lot, recipient] += Fraction(packs)
    for (lot, recipient), packs in sums.items():
        if packs.denominator != 1:
            raise ActionRefused(f"{recipient} would get {float(packs):g} packs of {lot}; packs are whole")
    wanted = sorted((lot, recipient, int(packs)) for (lot, recipient), packs in sums.items() if packs)
    if not wanted:
        raise ActionRefused("the override gives nothing to anybody; cancel the round if nothing is to be shared out")
    return wanted


def refuse_infeasible(wanted: list[Line], plan: Plan) -> None:
    """Refuse lines that cannot be, whatever the board decides. Raises ActionRefused with the first five reasons."""
    from evenhand.rounds.feasible import why_not_feasible

    reasons = why_not_feasible(wanted, plan.outcome.problem)
    if reasons:
        more = f"; and {len(reasons) - SHOWN} more" if len(reasons) > SHOWN else ""
        raise ActionRefused(f"that plan cannot be, and no reason overrides it: {'; '.join(reasons[:SHOWN])}{more}")


def _explanations(comparison: Comparison, fair: int, reason: str) -> dict[str, str]:
    """Return, for each recipient that gets another amount, what the fair plan gives it and what the override does."""
    columns = ("recipient", "received_left", "received_right", "level_left", "level_right")
    return {
        key: f"The fair plan (proposal {fair}) gives it {_plain(left)} service units, level {low:.6f}; this override gives "
        f"it {_plain(right)}, level {high:.6f}. The reason recorded: {reason}"
        for key, left, right, low, high in comparison.changes.select(columns).iter_rows()
    }


def _plain(amount: Any) -> str:
    """Return an amount grouped, without needless zeros behind the point."""
    text = f"{amount:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text

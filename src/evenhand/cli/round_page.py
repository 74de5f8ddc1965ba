"""What people read of a round: its steps, its lots, objections and answers, who voted how, and what to do next.

Called by `evenhand.cli.looking`, like `evenhand.cli.pages`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from evenhand.cli.answer import Passage
from evenhand.cli.pages import Page, make_listing, said
from evenhand.cli.readings import Column


class Step(NamedTuple):
    """One thing that happened to a round, and when."""

    at: datetime
    what: str


STEPS = (Column("when (UTC)", "at", "key"), Column("what happened", "what"))
PROPOSALS = (
    Column("plan", "number", "amount"),
    Column("made by", lambda one: f"override by {one.party}" if one.override else "the rule"),
    Column("claim", "claim"),
    Column("lines", lambda one: len(one.lines), "amount"),
    Column("lowest level", lambda one: one.measures.get("lowest_level"), "amount"),
    Column("share of target met", lambda one: one.measures.get("share_of_target_met"), "share"),
    Column("Gini", lambda one: one.measures.get("gini"), "amount", spare=True),
)


def round_page(row: Any) -> Page:
    """Return a round's page."""
    plan = newest_plan(row)
    given: dict[str, int] = {}
    for offer, _, packs in plan.lines if plan else ():
        given[offer] = given.get(offer, 0) + packs
    lots = (
        Column("offer", "offer", "key"),
        Column("packs", "packs", "amount"),
        Column("base units a pack", "pack_size", "amount"),
        Column("given", lambda lot: given.get(lot.offer, 0) if plan else None, "amount"),
        Column("left", lambda lot: lot.packs - given.get(lot.offer, 0) if plan else None, "amount"),
    )
    facts = {
        "rule": row.rule + (f", floor {row.floor}" if row.rule == "floor-then-weighted" else ""),
        "day": row.day,
        "most lots for one": row.max_lots,
        "needs": len(row.needs),
        "programme": row.programme,
        "objections until": row.objections_until,
        "plan before members": row.published or "",
        "hash of the inputs": row.frozen_digest,
    }
    passages = [_objection(one) for one in row.objections]
    return Page(
        f'{row.ref} ({row.state}): "{row.title}" shares out {row.resource} among the members of {row.group}.',
        facts,
        (
            make_listing("lots", "Lots, in packs", lots, row.lots),
            make_listing("proposals", "Plans", PROPOSALS, row.proposals),
            make_listing("steps", "Steps", STEPS, sorted(_steps(row), key=lambda step: step.at)),
        ),
        passages,
        tuple(next_steps(row)),
    )


def newest_plan(row: Any, number: int = 0) -> Any:
    """Return a plan of a round: of a number, or the one before members, or else the newest; None where there is none."""
    wanted = number or row.published
    of_number = [one for one in row.proposals if one.number == wanted]
    return next(iter(of_number), None if number else row.proposals[-1] if row.proposals else None)


def _steps(row: Any) -> Iterator[Step]:
    yield Step(row.made_at, "opened")
    for one in row.proposals:
        by = f"override by {one.party}: {one.reason}" if one.override else one.claim
        yield Step(one.made_at, f"plan {one.number} proposed ({by})")
    for one in row.objections:
        yield Step(one.made_at, f"{one.party} objected ({one.ref})")
        if one.answered_at is not None:
            yield Step(one.answered_at, f"the objection of {one.party} was answered")
    for one in row.recusals:
        yield Step(one.made_at, f"{one.party} takes no part in deciding" + (f": {one.reason}" if one.reason else ""))
    for one in row.votes:
        verdict = "for" if one.approves else "against"
        yield Step(
            one.made_at, f"{one.party} voted {verdict} plan {one.proposal}" + (f": {one.reason}" if one.reason else "")
        )


def _objection(one: Any) -> Passage:
    text = f"{one.party}: {one.text}"
    text += f"\nAnswer: {one.answer}" if one.answered_at else "\nNot answered yet."
    if one.whatif:
        text += f"\nTried: {said(one.whatif)}\n{one.difference}"
    return Passage(f"Objection {one.ref}", text)


def next_steps(row: Any) -> Iterator[str]:
    """Yield what can be done next with a round, as commands."""
    ref = row.ref
    if row.state == "open":
        yield f"Next: evenhand round freeze {ref}"
    elif row.state == "frozen":
        yield f"Next: evenhand round propose {ref}"
    elif row.state == "proposed":
        yield f"Look at it: evenhand round lines {ref}. Next: evenhand round publish {ref}"
    elif row.state == "published":
        unanswered = [one.ref for one in row.objections if one.answered_at is None]
        for objection in unanswered:
            yield f"To answer: evenhand round answer {objection} --answer TEXT"
        votes = sum(one.approves for one in row.votes if one.proposal == row.published)
        needed = "two" if votes == 0 else "one more"
        yield f"It takes {needed} of the board, neither of whom proposed it: evenhand round decide {ref}"
    elif row.state == "decided":
        yield f"Next, to write the allocation into the stock book: evenhand round post {ref}"
    elif row.state == "posted":
        yield f"What travels next: evenhand consignment plan. What stands where: evenhand stock history --concerns {ref}"
    if row.proposals:
        yield f"Check the plan with arithmetic alone: evenhand round plan {ref} -o FOLDER; evenhand check FOLDER"

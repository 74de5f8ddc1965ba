"""One round as its page tells it: its terms, what happened when, its plans, what members said, and what became of it since.

The same rows as `lookups.rounds` shows, to the same viewers, in six questions to the database however large the round is.
Called by the pages of rounds. Must never tell who acted, only for which party.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from django.db.models import (
    BinaryField,
    BooleanField,
    Case,
    CharField,
    Count,
    DateTimeField,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from evenhand.access.models import ActionLine
from evenhand.access.rights import may
from evenhand.access.viewers import Target, Viewer
from evenhand.errors import NameUnknown
from evenhand.lookups.choosing import refuse_unknown
from evenhand.lookups.rounds import Objection, Recusal, Vote, shown_proposals
from evenhand.rounds import models as rounds
from evenhand.stockbook.models import Entry
from evenhand.stockbook.travelling import NOT_REVERSED

STEPS: Final = ("open", "freeze", "propose", "override", "publish", "post", "cancel")
"""Verbs of the actions whose moments are told; those of people (object, answer, recuse, decide) stand with what they said."""

DECIDING: Final = 2
"""So many approvals decide a round, as `actions.rounds.deciding` says."""


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """Hold one plan that was put before the board, without its lines.

    Attributes
    ----------
    cost
        For an override: each measure of it and of the fair plan, and sentences.
    """

    number: int
    override: bool
    party: str
    reason: str
    claim: str
    measures: Mapping[str, Any]
    cost: Mapping[str, Any]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Since:
    """Hold what became of a round's lots: base units and service units by where they went, first and last day."""

    verb: str
    stage: str
    units: int
    service_units: Fraction
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class RoundStory:
    """Hold one round as its page tells it.

    Attributes
    ----------
    needs, lots
        How many it chose.
    per_person
        Base units of its resource that make one service unit.
    moments
        Step ("freeze", "propose", ...) → when it was last done.
    shown
        The plan that is told, as `get_story` chooses it; None where there is none to see.
    folder
        Its folder as a zip file, b"" where there is none.
    lines, explanations
        Of the plan that is told.
    """

    ref: str
    title: str
    group: str
    resource: str
    resource_kind: str
    base_unit: str
    per_person: str
    programme: str
    rule: str
    floor: str
    max_lots: int | None
    divisible: bool
    day: Any
    objections_until: Any
    state: str
    published: int
    frozen_digest: str
    made_at: datetime
    needs: int
    lots: int
    moments: Mapping[str, datetime]
    plans: tuple[PlanSeen, ...]
    shown: PlanSeen | None
    folder: bytes
    lines: tuple[tuple[str, str, int], ...]
    explanations: Mapping[str, str]
    objections: tuple[Objection, ...]
    recusals: tuple[Recusal, ...]
    votes: tuple[Vote, ...]
    since: tuple[Since, ...]

    @property
    def approvals(self) -> tuple[Vote, ...]:
        """Return the approvals of the published plan that count: of members that have not recused themselves since."""
        recused = {one.party for one in self.recusals}
        return tuple(
            one for one in self.votes
            if one.approves and one.proposal == self.published and one.party not in recused
        )  # fmt: skip

    @property
    def decided_at(self) -> datetime | None:
        """Return when the second approval was given; None before."""
        times = sorted(one.made_at for one in self.approvals)
        return times[DECIDING - 1] if self.state in ("decided", "posted") and len(times) >= DECIDING else None


def get_story(viewer: Viewer, ref: str, proposal: int = 0, *, short: bool = False) -> RoundStory:
    """Return a round as its page tells it, with one of its plans.

    Parameters
    ----------
    proposal
        The number of the plan. Where 0: the one that is published, or else the newest, also of a round that got a new one since.
    short
        Without what happened, what members said and what became of it since.

    Raises
    ------
    NameUnknown
        There is no such round or plan that the viewer may see.
    """
    row = row_of(viewer, ref)
    wanted = proposal or (0 if row.state == "proposed" else row.published)
    seen, told = _plans(viewer, row, wanted)
    if proposal and told is None:
        raise NameUnknown("proposal of the round", str(proposal), [str(one.number) for one in seen])
    numbers = {one.number for one in seen}
    moments, objections, recusals, votes = ({}, (), (), ()) if short else _said(row, numbers)
    return RoundStory(
        ref=row.ref, title=row.title, group=row.group_id, resource=row.resource_id, resource_kind=row.resource.kind,
        base_unit=row.resource.base_unit, per_person=row.resource.per_person, programme=row.programme_id or "",
        rule=row.rule, floor=row.floor, max_lots=row.max_lots, divisible=row.divisible, day=row.date,
        objections_until=row.objections_until, state=row.state, published=row.published,
        frozen_digest=row.frozen_digest, made_at=row.made_at, needs=row.need_count, lots=row.lot_count,
        moments={"open": row.made_at} | moments, plans=tuple(seen),
        shown=next((one for one in seen if told is not None and one.number == told.number), None),
        folder=bytes(told.folder_told) if told is not None else b"",
        lines=tuple((str(lot), str(party), int(packs)) for lot, party, packs in told.lines_told or ()) if told else (),
        explanations=dict(told.explanations_told or {}) if told is not None else {},
        objections=objections, recusals=recusals, votes=votes, since=_since(row) if row.state == "posted" and not short else (),
    )  # fmt: skip


def row_of(viewer: Viewer, ref: str) -> Any:
    """Return the row of a round that the viewer may see, for `round_inputs` too: as `lookups.rounds.seen_rounds`, asked of one row at a time."""
    count = Count("*")
    needs = rounds.RoundNeed.objects.filter(round=OuterRef("pk")).order_by().values("round").annotate(n=count)
    lots = rounds.RoundLot.objects.filter(round=OuterRef("pk")).order_by().values("round").annotate(n=count)
    row = (
        rounds.Round.objects.select_related("resource")
        .annotate(
            need_count=Coalesce(Subquery(needs.values("n")), 0), lot_count=Coalesce(Subquery(lots.values("n")), 0)
        )
        .filter(pk=ref)
        .first()
    )
    if row is None or not (row.published or may(viewer, "see proposals", Target(groups=(row.group_id,)))):
        raise refuse_unknown("round", ref)
    return row


def _plans(viewer: Viewer, row: Any, wanted: int) -> tuple[list[PlanSeen], Any]:
    """Return the plans that a viewer may see, and of one of them the row with its folder, lines and explanations."""
    shown = shown_proposals(viewer, row)
    chosen = (
        When(number=wanted) if wanted else When(number=Subquery(shown.order_by("-number").values("number")[:1]))
    ).condition
    rows = list(
        shown.defer("folder", "lines", "explanations")
        .annotate(
            folder_told=Case(When(chosen, then="folder"), default=None, output_field=BinaryField()),
            lines_told=Case(When(chosen, then="lines"), default=None),
            explanations_told=Case(When(chosen, then="explanations"), default=None),
        )
        .order_by("number")
    )
    seen = [
        PlanSeen(
            one.number, one.override, one.party, one.reason, one.claim, dict(one.measures), dict(one.cost), one.made_at
        )
        for one in rows
    ]
    return seen, next((one for one in rows if one.folder_told is not None), None)


def _said(
    row: Any, plans: set[int]
) -> tuple[dict[str, datetime], tuple[Objection, ...], tuple[Recusal, ...], tuple[Vote, ...]]:
    """Return what happened in a round and what members said, in one question: steps, objections, recusals, votes."""
    empty, none, no = Value("", TextField()), Cast(Value(None), DateTimeField()), Value(value=False)
    zero = Value(0, IntegerField())

    def asked(rows: Any, kind: str, **columns: Any) -> Any:
        usual = {"c1": empty, "c2": empty, "c3": empty, "c4": empty, "c5": empty, "n": zero, "yes": no, "later": none}
        found = {"kind": Value(kind, CharField(max_length=8)), **usual, **columns}
        return rows.order_by().annotate(**found).values_list(*found, "moment")

    def text(name: str) -> Cast:
        return Cast(name, TextField())

    def with_moment(rows: Any, field: str) -> Any:
        return rows.annotate(moment=Cast(field, DateTimeField()))

    steps = ActionLine.objects.filter(about=row.ref, name__in=[f"round {verb}" for verb in STEPS])
    union = asked(with_moment(steps, "at"), "step", c1=text("name")).union(
        asked(
            with_moment(row.objections.all(), "made_at"), "objects", c1=text("ref"), c2=text("party"), c3=text("text"),
            c4=text("answer"), c5=text("difference"), n=Cast("proposal__number", IntegerField()),
            later=Cast("answered_at", DateTimeField()),
        ),
        asked(with_moment(row.recusals.all(), "made_at"), "recusal", c1=text("party"), c2=text("reason")),
        asked(
            with_moment(row.votes.all(), "made_at"), "vote", c1=text("party"), c2=text("reason"),
            c3=text("folder_sha256"), n=Cast("proposal__number", IntegerField()),
            yes=Cast("approves", BooleanField()),
        ),
        asked(
            with_moment(row.objections.exclude(answered_at=None), "made_at"), "tried", c1=text("ref"), c2=text("whatif")
        ),
        all=True,
    )  # fmt: skip
    found = sorted(union, key=lambda one: (one[-1], one[1]))
    tried = {one[1]: tuple(json.loads(one[2] or "[]")) for one in found if one[0] == "tried"}
    moments = {one[1].removeprefix("round "): one[-1] for one in found if one[0] == "step"}
    return (
        moments,
        tuple(
            Objection(c1, row.ref, n, c2, c3, at, c4, later, tried.get(c1, ()), c5, "", "")
            for kind, c1, c2, c3, c4, c5, n, _, later, at in found if kind == "objects"
        ),
        tuple(Recusal(one[1], one[2], one[-1], "") for one in found if one[0] == "recusal"),
        tuple(
            Vote(one[6], one[1], bool(one[7]), one[2], one[3], one[-1], "")
            for one in found if one[0] == "vote" and one[6] in plans
        ),
    )  # fmt: skip


def _since(row: Any) -> tuple[Since, ...]:
    """Return what the stock book shows of a round's lots: what was allocated, sent, received, lost."""
    offers = rounds.RoundLot.objects.filter(round=row.pk).values("offer")
    rows = (
        Entry.objects.filter(NOT_REVERSED, source__offer__in=offers, recorded__gte=row.made_at.isoformat()[:10])
        .order_by()
        .values_list("verb", "target__stage", "resource__per_person")
        .annotate(Sum("quantity"), Min("happened"), Max("happened"))
    )
    found: dict[tuple[str, str], Since] = {}
    for verb, stage, per_person, quantity, first, last in rows:
        if verb == "reverse":
            continue
        before = found.get((verb, stage), Since(verb, stage, 0, Fraction(0), first, last))
        found[verb, stage] = Since(
            verb, stage, before.units + int(quantity), before.service_units + int(quantity) / Fraction(per_person),
            min(before.first, first), max(before.last, last),
        )  # fmt: skip
    return tuple(found[key] for key in sorted(found))

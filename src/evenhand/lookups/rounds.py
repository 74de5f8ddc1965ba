"""Rounds: inputs, plans, objections, votes; for everybody once published, before that for who works on them.

The party of who voted or objected is told, the person only to auditors. Files (`read_table`, `read_plan`) are the very
bytes that were frozen and proposed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When

from evenhand.access.models import ActionLine, RoleHeld
from evenhand.access.models import User as UserRow
from evenhand.access.rights import may
from evenhand.access.viewers import ANYTHING, Viewer
from evenhand.errors import NameUnknown
from evenhand.lookups.choosing import expect, of_programme, of_resource, one_of, refuse_unknown
from evenhand.lookups.reach import below, reach_of
from evenhand.rounds import models as rounds

PUBLIC = ("published", "decided", "posted")
"""The states in which everybody sees a round; a cancelled one stays visible where it was published before."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Hold one lot that a round chose; `pack_size` in base units."""

    offer: str
    packs: int
    pack_size: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """Hold one plan that was put before the board.

    Attributes
    ----------
    lines
        (lot, recipient, packs) for each line of the plan.
    explanations
        Recipient → why it gets what it gets, in sentences.
    cost
        For an override: each measure of it and of the fair plan.
    by
        The public id of who proposed it, "" for whoever may not read audit lines.
    """

    number: int
    override: bool
    reason: str
    claim: str
    certificate_sha256: str
    lines: tuple[tuple[str, str, int], ...]
    explanations: Mapping[str, Any]
    measures: Mapping[str, Any]
    cost: Mapping[str, Any]
    made_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Objection:
    """Hold one objection and its answer; `difference` says what the tried edits change."""

    ref: str
    round: str
    proposal: int
    party: str
    text: str
    made_at: datetime
    answer: str
    answered_at: datetime | None
    whatif: tuple[str, ...]
    difference: str
    by: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class Recusal:
    """Hold one member's recusal."""

    party: str
    reason: str
    made_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Vote:
    """Hold one verdict on one proposal: the party for which it was given, and not by whom."""

    proposal: int
    party: str
    approves: bool
    reason: str
    made_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Round:
    """Hold what a round is about and how far it is."""

    ref: str
    title: str
    group: str
    resource: str
    programme: str
    rule: str
    floor: str
    max_lots: int | None
    divisible: bool
    date: date
    objections_until: date | None
    state: str
    frozen_digest: str
    made_at: datetime
    opened_by: str


@dataclass(frozen=True, slots=True)
class RoundInFull:
    """Hold a round with everything that belongs to it.

    Attributes
    ----------
    needs
        Refs of the needs it chose.
    tables
        Name of each frozen table → its SHA-256.
    """

    round: Round
    needs: tuple[str, ...]
    lots: tuple[Lot, ...]
    tables: Mapping[str, str]
    proposals: tuple[Proposal, ...]
    objections: tuple[Objection, ...]
    recusals: tuple[Recusal, ...]
    votes: tuple[Vote, ...]


def list_rounds(
    viewer: Viewer,
    *,
    party: str = "",
    group: str = "",
    resource: str = "",
    programme: str = "",
    state: str = "",
    day: date | None = None,
) -> list[Round]:
    """Return the rounds that a viewer may see, by ref.

    Parameters
    ----------
    party
        One that has a need in the round, itself or something below it.
    resource
        With its family.
    day
        Only rounds of that day or before.

    Raises
    ------
    NameUnknown
        There is no such party, group, resource or programme.
    OptionRefused
        There is no such state.
    """
    one_of("state of a round", state, rounds.Round.STATES)
    chosen = seen_rounds(viewer).filter(of_resource(resource), of_programme(programme))
    if party:
        expect("party", party)
        needs = rounds.RoundNeed.objects.filter(round=OuterRef("pk"), need__party__in=below([party]))
        chosen = chosen.filter(Exists(needs))
    if group:
        expect("group", group)
        chosen = chosen.filter(group=group)
    if state:
        chosen = chosen.filter(state=state)
    if day is not None:
        chosen = chosen.filter(date__lte=day)
    names = _tells_names(viewer)
    return [_round(row, names) for row in chosen.order_by("ref")]


def get_round(viewer: Viewer, ref: str) -> RoundInFull:
    """Return a round in full. Raises NameUnknown where there is none that the viewer may see."""
    found = find_round(viewer, ref)
    if found is None:
        raise refuse_unknown("round", ref)
    return found


def find_round(viewer: Viewer, ref: str) -> RoundInFull | None:
    """Return a round in full, or None where there is none that the viewer may see."""
    row = seen_rounds(viewer).filter(pk=ref).first()
    if row is None:
        return None
    names = _tells_names(viewer)
    shown = _seen_proposals(viewer, row)
    return RoundInFull(
        round=_round(row, names),
        needs=tuple(row.needs.order_by("need").values_list("need", flat=True)),
        lots=tuple(Lot(*lot) for lot in row.lots.order_by("offer").values_list("offer", "packs", "pack_size")),
        tables=dict(row.tables.order_by("name").values_list("name", "sha256")),
        proposals=tuple(_proposal(one, names) for one in shown.defer("folder").order_by("number")),
        objections=_objections(seen_objections(viewer).filter(round=row), names),
        recusals=tuple(
            Recusal(one.party_id, one.reason, one.made_at, one.by if names else "")
            for one in row.recusals.order_by("party")
        ),
        votes=_votes(row, shown, names),
    )


def get_objection(viewer: Viewer, ref: str) -> Objection:
    """Return an objection. Raises NameUnknown where there is none that the viewer may see."""
    found = find_objection(viewer, ref)
    if found is None:
        raise refuse_unknown("objection", ref)
    return found


def find_objection(viewer: Viewer, ref: str) -> Objection | None:
    """Return an objection, or None where there is none that the viewer may see."""
    return next(iter(_objections(seen_objections(viewer).filter(pk=ref), _tells_names(viewer))), None)


def read_table(viewer: Viewer, ref: str, name: str) -> bytes:
    """Return a frozen table of a round, byte for byte. Raises NameUnknown."""
    row = _one(viewer, ref)
    table = row.tables.filter(name=name).first()
    if table is None:
        raise NameUnknown("table of the round", name, list(row.tables.order_by("name").values_list("name", flat=True)))
    return bytes(table.body)


def read_plan(viewer: Viewer, ref: str, proposal: int = 0) -> bytes:
    """Return the folder of a proposed plan as a zip file, of the newest that is seen where none is named.

    Raises
    ------
    NameUnknown
        There is no such round or proposal that the viewer may see.
    """
    shown = _seen_proposals(viewer, _one(viewer, ref))
    found = (shown.filter(number=proposal) if proposal else shown).order_by("number").last()
    if found is None:
        raise NameUnknown("proposal of the round", str(proposal or "newest"), ())
    return bytes(found.folder)


def seen_rounds(viewer: Viewer) -> QuerySet[rounds.Round]:
    """Return the rows of the rounds that a viewer may see, for other lookups."""
    published = ActionLine.objects.filter(name="round publish", about=OuterRef("pk"))
    public = Q(state__in=PUBLIC) | Q(Exists(published), state="cancelled")
    return rounds.Round.objects.filter(public | reach_of(viewer, "see proposals").over_group("group"))


def seen_objections(viewer: Viewer) -> QuerySet[rounds.Objection]:
    """Return the rows of the objections that a viewer may see: those of the rounds it may see."""
    return rounds.Objection.objects.filter(round__in=seen_rounds(viewer).values("pk"))


def _one(viewer: Viewer, ref: str) -> rounds.Round:
    row = seen_rounds(viewer).filter(pk=ref).first()
    if row is None:
        raise refuse_unknown("round", ref)
    return row

"""Rounds: inputs, plans, objections, votes; for everybody once published, before that for who works on them.

The party of who voted or objected is told, the person only to auditors. Files (`read_table`, `read_plan`) are the very
bytes that were frozen and proposed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from evenhand.access.rights import may
from evenhand.access.viewers import ANYTHING, Target, Viewer
from evenhand.errors import NameUnknown
from evenhand.lookups.choosing import (
    ProgrammeChoice,
    ResourceChoice,
    expect,
    of_programme,
    of_resource,
    one_of,
    refuse_unknown,
)
from evenhand.lookups.paging import (
    AfterChoice,
    By,
    MostChoice,
    OrderChoice,
    Orders,
    SearchChoice,
    page_of_rows,
)
from evenhand.lookups.reach import below, reach_of
from evenhand.lookups.searching import search as matching
from evenhand.rounds import models as rounds

ORDERS = Orders(
    {
        "ref": By("ref"),
        "title": By("title"),
        "group": By("group_id", "group"),
        "resource": By("resource_id", "resource"),
        "day": By("date", "day", date),
        "state": By("state"),
        "made_at": By("made_at", kind=datetime),
    },
    default="ref",
    key=By("ref"),
)


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
    party
        For an override, the party for which the board member who proposed it speaks.
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
    party: str
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
    """Hold one verdict on one proposal: the party for which it was given, and the hash of the plan's file it is on."""

    proposal: int
    party: str
    approves: bool
    reason: str
    folder_sha256: str
    made_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Round:
    """Hold what a round is about and how far it is; `published` is the number of the plan that members see."""

    ref: str
    title: str
    group: str
    resource: str
    programme: str
    rule: str
    floor: str
    max_lots: int | None
    divisible: bool
    day: date
    objections_until: date | None
    state: str
    published: int
    frozen_digest: str
    made_at: datetime
    opened_by: str

    orders: ClassVar[Orders] = ORDERS


@dataclass(frozen=True, slots=True)
class RoundInFull(Round):
    """Hold a round with everything that belongs to it.

    Attributes
    ----------
    needs
        Refs of the needs it chose.
    tables
        Name of each frozen table → its SHA-256.
    """

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
    party: Annotated[str, "only with a need of this party or one below it"] = "",
    group: Annotated[str, "only of this group"] = "",
    resource: ResourceChoice = "",
    programme: ProgrammeChoice = "",
    state: Annotated[str, "open, frozen, proposed, published, decided, posted or cancelled"] = "",
    day: Annotated[date | None, "only of this day or before"] = None,
    search: SearchChoice = "",
    order: OrderChoice = "",
    after: AfterChoice = "",
    most: MostChoice = None,
) -> list[Round]:
    """Return the rounds that a viewer may see, by ref or in the order asked for.

    Raises
    ------
    NameUnknown
        There is no such party, group, resource or programme.
    OptionRefused
        There is no such state or order; the cursor is of another list.
    """
    chosen = _chosen(viewer, party, group, resource, programme, state, day, search)
    names = tells_names(viewer)
    return [_round(row, names) for row in page_of_rows(chosen, ORDERS, order, after, most)]


def count_rounds(
    viewer: Viewer,
    *,
    party: str = "",
    group: str = "",
    resource: ResourceChoice = "",
    programme: ProgrammeChoice = "",
    state: str = "",
    day: date | None = None,
    search: SearchChoice = "",
) -> int:
    """Return how many rounds `list_rounds` would list; refuses what that refuses."""
    return _chosen(viewer, party, group, resource, programme, state, day, search).count()


def _chosen(
    viewer: Viewer, party: str, group: str, resource: str, programme: str, state: str, day: date | None, search: str
) -> QuerySet[rounds.Round]:
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
    return chosen.filter(matching(search, ("ref", "title", "group__name", "group__key"), resources=["resource"]))


def get_round(viewer: Viewer, ref: Annotated[str, "the round's ref, RD-..."]) -> RoundInFull:
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
    names = tells_names(viewer)
    shown = shown_proposals(viewer, row)
    return RoundInFull(
        **asdict(_round(row, names)),
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
    return next(iter(_objections(seen_objections(viewer).filter(pk=ref), tells_names(viewer))), None)


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
    shown = shown_proposals(viewer, _one(viewer, ref))
    found = (shown.filter(number=proposal) if proposal else shown).order_by("number").last()
    if found is None:
        raise NameUnknown("proposal of the round", str(proposal or "newest"), ())
    return bytes(found.folder)


def seen_rounds(viewer: Viewer) -> QuerySet[rounds.Round]:
    """Return the rows of the rounds that a viewer may see, for other lookups."""
    return rounds.Round.objects.filter(Q(published__gt=0) | reach_of(viewer, "see proposals").over_group("group"))


def seen_objections(viewer: Viewer) -> QuerySet[rounds.Objection]:
    """Return the rows of the objections that a viewer may see: those of the rounds it may see."""
    return rounds.Objection.objects.filter(round__in=seen_rounds(viewer).values("pk"))


def _one(viewer: Viewer, ref: str) -> rounds.Round:
    row = seen_rounds(viewer).filter(pk=ref).first()
    if row is None:
        raise refuse_unknown("round", ref)
    return row


def _round(row: rounds.Round, names: bool) -> Round:
    return Round(
        ref=row.ref,
        title=row.title,
        group=row.group_id,
        resource=row.resource_id,
        programme=row.programme_id or "",
        rule=row.rule,
        floor=row.floor,
        max_lots=row.max_lots,
        divisible=row.divisible,
        day=row.date,
        objections_until=row.objections_until,
        state=row.state,
        published=row.published,
        frozen_digest=row.frozen_digest,
        made_at=row.made_at,
        opened_by=row.opened_by if names else "",
    )


def shown_proposals(viewer: Viewer, row: rounds.Round) -> QuerySet[rounds.Proposal]:
    """Return the plans of a round that a viewer may see: the published one, and any that was objected to or voted on."""
    if may(viewer, "see proposals", Target(groups=(row.group_id,))):
        return row.proposals.all()
    answered = Q(pk__in=row.objections.values("proposal")) | Q(pk__in=row.votes.values("proposal"))
    return row.proposals.filter(answered | Q(number=row.published))


def _proposal(row: rounds.Proposal, names: bool) -> Proposal:
    return Proposal(
        number=row.number,
        override=row.override,
        party=row.party,
        reason=row.reason,
        claim=row.claim,
        certificate_sha256=row.certificate_sha256,
        lines=tuple((str(lot), str(recipient), int(packs)) for lot, recipient, packs in row.lines),
        explanations=dict(row.explanations),
        measures=dict(row.measures),
        cost=dict(row.cost),
        made_at=row.made_at,
        by=row.by if names else "",
    )


def _objections(rows: QuerySet[rounds.Objection], names: bool) -> tuple[Objection, ...]:
    return tuple(
        Objection(
            ref=row.ref,
            round=row.round_id,
            proposal=row.proposal.number,
            party=row.party_id,
            text=row.text,
            made_at=row.made_at,
            answer=row.answer,
            answered_at=row.answered_at,
            whatif=tuple(row.whatif),
            difference=row.difference,
            by=row.by if names else "",
            answered_by=row.answered_by if names else "",
        )
        for row in rows.select_related("proposal").defer("proposal__folder").order_by("made_at", "ref")
    )


def _votes(row: rounds.Round, shown: QuerySet[rounds.Proposal], names: bool) -> tuple[Vote, ...]:
    """Return the votes on the plans shown, each under the party that its voter speaks for."""
    rows = row.votes.filter(proposal__in=shown.values("pk")).select_related("proposal").defer("proposal__folder")
    return tuple(
        Vote(
            proposal=vote.proposal.number,
            party=vote.party,
            approves=vote.approves,
            reason=vote.reason,
            folder_sha256=vote.folder_sha256,
            made_at=vote.made_at,
            by=vote.by if names else "",
        )
        for vote in rows.order_by("proposal__number", "party", "pk")
    )


def tells_names(viewer: Viewer) -> bool:
    """Say whether a viewer is told the public id of who acted: auditors are."""
    return may(viewer, "see audit lines", ANYTHING)

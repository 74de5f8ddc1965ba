"""What waits at somebody's desk, role by role: a few rows and the count of all, in few statements.

Asked by the desk alone. Everything here is limited as in the lists that the desk links to; whoever does not hold the role that
a list is for gets an empty one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value, Window
from django.db.models.functions import Cast, Coalesce, Concat

from evenhand.access.models import RoleHeld, User, Version
from evenhand.access.rights import RIGHTS, may
from evenhand.access.viewers import ANYTHING, Viewer
from evenhand.ledger.stages import KINDS
from evenhand.lookups.documents import seen_documents
from evenhand.lookups.offers import counts
from evenhand.lookups.paging import MostChoice, expect_most
from evenhand.lookups.queue import NEXT
from evenhand.lookups.reach import reach_of, today
from evenhand.records.models import FAR, Need, Offer, Party, Resource
from evenhand.rounds.models import Objection, Recusal, Round, RoundNeed, Vote
from evenhand.said.models import MeetingDocument, Reading, Statement
from evenhand.stockbook.models import Account, Consignment, Entry
from evenhand.stockbook.travelling import IN_TRANSIT, NOT_REVERSED

LOOKED_AHEAD = timedelta(days=30)
STAFF = ("secretariat", "board", "auditor", "operator")
"""Roles that need a second step, as `web.account.second_step` asks for it."""


@dataclass(frozen=True, slots=True)
class Share:
    """Hold what one round gave one party of one resource, in base units."""

    round: str
    title: str
    party: str
    party_name: str
    resource: str
    resource_name: str
    base_unit: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Underway:
    """Hold one consignment on its way; `late` counts the days since it was due, 0 where it is not late."""

    ref: str
    origin: str
    origin_name: str
    destination: str
    destination_name: str
    due_on: date | None
    late: int


@dataclass(frozen=True, slots=True)
class RoundAhead:
    """Hold one round in which something is still to be done.

    Attributes
    ----------
    what
        freeze, propose, publish, post (of a secretariat), decide, wait (of a board member that has voted or recused itself)
        or object (of a focal point).
    until
        The last day for objections, None where none was set.
    voted, against
        The parties that approved the plan that is published, and those that did not.
    recused
        The parties that recused themselves.
    """

    ref: str
    title: str
    resource: str
    resource_name: str
    state: str
    what: str
    until: date | None
    voted: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    recused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Complaint:
    """Hold one objection that waits for its answer."""

    ref: str
    round: str
    title: str
    party: str
    party_name: str
    text: str
    made_at: datetime
    until: date | None


@dataclass(frozen=True, slots=True)
class Gift:
    """Hold one of a donor's gifts and where its units stand.

    Attributes
    ----------
    typed, unit
        How much, as it was typed.
    firm
        Whether it is counted.
    per_unit
        How many base units make what people read: 100 cents of money, else 1.
    stages
        Stage of the book → base units that stand there.
    """

    ref: str
    donor: str
    donor_name: str
    resource: str
    resource_name: str
    base_unit: str
    typed: str
    unit: str
    per_unit: int
    firmness: str
    firm: bool
    window_until: date | None
    stages: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counted:
    """Hold a number, and since when the first of them waits (or by when it is to be done)."""

    number: int
    first: date | None = None


def list_shares(viewer: Viewer, *, most: MostChoice = 6) -> list[Share]:
    """Return what rounds gave to the parties for which a viewer may object, the newest first."""
    own = reach_of(viewer, "round object").own("target__holder")
    party, resource, title = (
        Subquery(model.objects.filter(pk=OuterRef(to)).values(name)[:1])
        for model, to, name in ((Party, "target__holder", "name"), (Resource, "resource", "name"), (Round, "concerns", "title"))
    )  # fmt: skip
    unit = Subquery(Resource.objects.filter(pk=OuterRef("resource")).values("base_unit")[:1])
    rows = (
        Entry.objects.filter(own, NOT_REVERSED, verb="allocate", concerns__startswith="RD-")
        .values("concerns", "target__holder", "resource")
        .annotate(
            total=Sum("quantity"), last=Max("seq"), party_name=party, resource_name=resource, title=title, unit=unit
        )
        .order_by("-last")
    )
    return [
        Share(
            one["concerns"], one["title"] or "", one["target__holder"], one["party_name"] or "", one["resource"],
            one["resource_name"], one["unit"], one["total"],
        )
        for one in (rows if most is None else rows[: expect_most(most)])
    ]  # fmt: skip


def list_underway(viewer: Viewer, *, most: MostChoice = 6) -> tuple[Underway, ...]:
    """Return what has left for the parties of a viewer that confirms receipts, what is due first at the top."""
    return _underway(reach_of(viewer, "consignment receive").over("destination"), most)


def list_travelling(viewer: Viewer, *, most: MostChoice = 6) -> tuple[Underway, ...]:
    """Return what a donor has sent and nobody has confirmed yet, what is due first at the top."""
    return _underway(reach_of(viewer, "offer make").own("origin"), most)


def _underway(which: Q, most: int | None) -> tuple[Underway, ...]:
    road = Account.objects.filter(stage=IN_TRANSIT, balance__gt=0).values("holder")
    rows = Consignment.objects.filter(which, pk__in=road, cancelled=False).select_related("origin", "destination")
    rows = rows.order_by(Coalesce("due_on", Value(FAR)), "ref")
    on = today()
    return tuple(
        Underway(
            one.ref, one.origin_id, one.origin.name, one.destination_id, one.destination.name, one.due_on,
            max(0, (on - one.due_on).days) if one.due_on else 0,
        )
        for one in (rows if most is None else rows[: expect_most(most)])
    )  # fmt: skip


def list_objectable(viewer: Viewer, *, most: MostChoice = 6) -> list[RoundAhead]:
    """Return the published rounds that chose a need of a viewer's own and against which it can still object."""
    own = RoundNeed.objects.filter(reach_of(viewer, "round object").own("need__party"), round=OuterRef("pk"))
    rows = Round.objects.filter(
        Exists(own), Q(objections_until=None) | Q(objections_until__gte=today()), state="published"
    )
    rows = rows.select_related("resource").order_by(Coalesce("objections_until", Value(FAR)), "ref")
    return [_round(one, "object") for one in (rows if most is None else rows[: expect_most(most)])]


def list_rounds_to_work(viewer: Viewer, *, most: MostChoice = 8) -> list[RoundAhead]:
    """Return the rounds that a secretariat takes a step further, and those that wait for their board, the oldest first."""
    works = _of_groups(viewer, "round propose", "group")
    rows = (
        Round.objects.filter(works, state__in=(*NEXT, "published")).select_related("resource").order_by("date", "ref")
    )
    return [_round(one, NEXT.get(one.state, "wait")) for one in (rows if most is None else rows[: expect_most(most)])]


def list_rounds_to_decide(viewer: Viewer, *, most: MostChoice = 8) -> list[RoundAhead]:
    """Return the rounds that wait for a board, those in which a viewer's own vote is missing first."""
    decides = _of_groups(viewer, "round decide", "group")
    rows = Round.objects.filter(decides, state="published").select_related("resource")
    rows = rows.order_by(Coalesce("objections_until", Value(FAR)), "ref")
    found = list(rows if most is None else rows[: expect_most(most)])
    refs = [one.ref for one in found]
    votes = list(Vote.objects.filter(round__in=refs, proposal__number=F("round__published")).order_by("made_at"))
    recusals = list(Recusal.objects.filter(round__in=refs).order_by("made_at"))
    speaks_for = {(one.party, one.group) for one in viewer.roles if one.role == "board"}
    listed = []
    for one in found:
        mine = {party for party, group in speaks_for if group == one.group_id}
        voted = tuple(vote.party for vote in votes if vote.round_id == one.ref and vote.approves)
        against = tuple(vote.party for vote in votes if vote.round_id == one.ref and not vote.approves)
        recused = tuple(other.party_id for other in recusals if other.round_id == one.ref)
        done = not mine - {*voted, *against, *recused}
        listed.append(_round(one, "wait" if done else "decide", voted, against, recused))
    return sorted(listed, key=lambda one: one.what != "decide")


def _of_groups(viewer: Viewer, right: str, name: str) -> Q:
    """Return the condition that a field names a group for which a right is held; it costs no look at who is a member."""
    return Q(**{f"{name}__in": sorted(viewer.groups(*RIGHTS[right]))})


def _round(row: Round, what: str, *said: tuple[str, ...]) -> RoundAhead:
    return RoundAhead(
        row.ref, row.title, row.resource_id, row.resource.name, row.state, what, row.objections_until, *said
    )


def list_complaints(viewer: Viewer, *, most: MostChoice = 6) -> list[Complaint]:
    """Return the objections that a secretariat has to answer, those that have waited longest first."""
    works = _of_groups(viewer, "round answer", "round__group")
    rows = Objection.objects.filter(works, answer="", round__state="published")
    rows = rows.select_related("party", "round").order_by("made_at", "ref")
    return [
        Complaint(
            one.ref, one.round_id, one.round.title, one.party_id, one.party.name, one.text, one.made_at,
            one.round.objections_until,
        )
        for one in (rows if most is None else rows[: expect_most(most)])
    ]  # fmt: skip


def list_gifts(viewer: Viewer, *, most: MostChoice = 8) -> tuple[list[Gift], int]:
    """Return a donor's newest gifts that were not withdrawn, with where their units stand, and how many there are in all."""
    rows = Offer.objects.filter(reach_of(viewer, "offer make").own("donor"), withdrawn=False)
    found: Any = (
        rows.select_related("donor", "resource").annotate(total=Window(Count("pk"))).order_by("-made_at", "-ref")
    )
    listed = list(found if most is None else found[: expect_most(most)])
    stages: dict[str, dict[str, int]] = {}
    where = Account.objects.filter(offer__in=[one.ref for one in listed]).exclude(stage="outside")
    for offer, stage, quantity in where.values_list("offer", "stage").annotate(total=Sum("balance")):
        stages.setdefault(offer, {})[stage] = quantity
    return [
        Gift(
            one.ref, one.donor_id, one.donor.name, one.resource_id, one.resource.name, one.resource.base_unit, one.typed,
            one.unit,
            int(one.resource.packs.get(one.resource_id, 1)) if one.resource.kind == "money" else 1,
            one.firmness, counts(one.resource.kind, one.firmness), one.window_until, stages.get(one.ref, {}),
        )
        for one in listed
    ], listed[0].total if listed else 0  # fmt: skip


def count_gifts(viewer: Viewer) -> dict[str, Counted]:
    """Return how many of a donor's gifts are not firm, how many shares wait to be sent, and how many units expire soon."""
    reach = reach_of(viewer, "offer make")
    accounts = Account.objects.filter(reach.own("offer__donor"), balance__gt=0)
    return _count(
        loose=(Offer.objects.filter(_not_firm(), reach.own("donor"), withdrawn=False), Min("said_on")),
        unsent=(accounts.filter(stage="allocated"), None),
        expiring=(_expiring(accounts.filter(stage__in=("offered", "allocated"))), Min("offer__expires")),
    )


def count_work(viewer: Viewer) -> dict[str, Counted]:
    """Return what waits for a secretariat in numbers: needs and documents to check, overdue, to firm up, lapsing and expiring soon."""
    reach = reach_of(viewer, "need approve")
    on, soon = today(), today() + LOOKED_AHEAD
    road = Account.objects.filter(stage=IN_TRANSIT, balance__gt=0).values("holder")
    late = Consignment.objects.filter(reach.over("destination"), pk__in=road, cancelled=False, due_on__lt=on)
    held = Account.objects.filter(reach.over("holder"), stage__in=("allocated", "received"), balance__gt=0)
    lapsing = Need.objects.filter(reach.over("party"), state="approved", valid_until__gte=on, valid_until__lte=soon)
    needs = Need.objects.filter(reach.over("party"), state="submitted")
    secretariat = Q() if viewer.has("secretariat") else Q(pk__in=())
    return _count(
        check=(needs, Min("made_at")),
        documents=(_waiting_documents(viewer), Min("made_at")),
        late=(late, Min("due_on")),
        loose=(Offer.objects.filter(_not_firm(), secretariat, withdrawn=False), Min("said_on")),
        lapsing=(lapsing, Min("valid_until")),
        expiring=(_expiring(held), Min("offer__expires")),
    )


def _waiting_documents(viewer: Viewer) -> QuerySet[Reading]:
    """Return the documents in which something was read that nobody has checked."""
    statements = Statement.objects.filter(evidence=OuterRef("pk"), state="proposed")
    meetings = MeetingDocument.objects.filter(evidence=OuterRef("pk"), meeting__state="proposed")
    return seen_documents(viewer).filter(Q(Exists(statements)) | Q(Exists(meetings)))


def count_users(viewer: Viewer) -> dict[str, Counted]:
    """Return how many users there are, switched off, and of the staff without a second step; all 0 for who may not see them."""
    seen = User.objects.all() if may(viewer, "see users", ANYTHING) else User.objects.none()
    steps = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    held = RoleHeld.objects.filter(Q(until=None) | Q(until__gte=today()), user=OuterRef("pk"))
    return _count(
        users=(seen, None),
        off=(seen.filter(is_active=False), None),
        stepless=(seen.filter(Exists(held.filter(role__in=STAFF)), ~Exists(steps), is_active=True), None),
        idle=(seen.filter(~Exists(held), is_active=True), None),
    )


def list_with_second_step(viewer: Viewer) -> frozenset[str]:
    """Return the public ids of the users that have set up a second step, for who keeps or audits the installation."""
    if not may(viewer, "see users", ANYTHING):
        return frozenset()
    steps = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    return frozenset(steps.values_list("user__public_id", flat=True))


def _not_firm() -> Q:
    found = Q(pk__in=())
    for kind in KINDS:
        found |= Q(resource__kind=kind, firmness__in=[one for one in Offer.FIRMNESS if not counts(kind, one)])
    return found


def _expiring(rows: QuerySet[Account]) -> QuerySet[Account]:
    soon = Offer.objects.filter(expires__gte=today(), expires__lte=today() + LOOKED_AHEAD)
    return rows.filter(offer__in=soon.values("pk"))


def _count(**wanted: tuple[QuerySet[Any], Any]) -> dict[str, Counted]:
    """Return how many rows each query finds and the least of something in them, all in one statement, each gone over once."""
    asked: dict[str, Any] = {}
    for name, (rows, least) in wanted.items():
        number: Any = Cast(Count("pk"), TextField())
        said = (
            number if least is None else Concat(number, Value(" "), Cast(least, TextField()), output_field=TextField())
        )
        grouped = rows.order_by().annotate(one=Value(1)).values("one")
        asked[f"in_{name}"] = Subquery(grouped.annotate(found=said).values("found"))
    # Any one row will do to hang the numbers on; where nothing was ever done there is none, and nothing to count.
    one_row: Any = Version.objects.filter(pk=1).values(**asked)
    found = one_row.first() or {}
    return {name: _counted(found.get(f"in_{name}") or "0") for name in wanted}


def _counted(said: str) -> Counted:
    """Return what `12 2026-03-02 10:00:00+00` says."""
    number, _, least = said.partition(" ")
    return Counted(int(number), date.fromisoformat(least[:10]) if least else None)

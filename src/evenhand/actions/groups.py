"""Actions on groups: register one; record who joins, who leaves and who holds an office, each with its date.

Nothing is deleted: a membership that ended keeps its row with its last day, so any day's members can be told.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from evenhand.access.models import RoleHeld
from evenhand.access.viewers import ANYTHING, Target
from evenhand.actions.action import Doing, Done, action
from evenhand.actions.finding import get_group, get_party
from evenhand.actions.typed import earliest, latest, read_choice, read_key, read_known_day, read_line, stands_already
from evenhand.errors import ActionRefused, NotAllowed
from evenhand.records.models import Group, Membership, Office, Party
from evenhand.records.tree import COUNTED, STATUSES, groups_of, parties_above

ALONE = "chair"
"""The office that one party at a time holds."""

GroupKey = Annotated[str, "the key of the group, such as NAM"]
PartyKey = Annotated[str, "the key of the party, such as TCD"]
Since = Annotated[str, "since when, as exactly as it is known: 1961, 1961-09 or 1961-09-01"]
Source = Annotated[str, "who says so: a document, an address; the reason of the action does as well"]


@action("group register")
def register_group(
    doing: Doing,
    *,
    key: Annotated[str, "the key everybody will know it by, such as NAM"],
    name: Annotated[str, "its name"],
    kind: Annotated[str, "what it is: movement, organisation, forum, eligibility list, ..."] = "",
    founded: Annotated[str, "when it was founded, as exactly as it is known"] = "",
    source: Source = "",
) -> Done:
    """Register a group. The same one again changes nothing; another one under the same key is refused."""
    doing.require(ANYTHING)
    alike = [
        *Group.objects.filter(key__iexact=key).exclude(key=key).values_list("key", flat=True),
        *(
            f"the party {one}"
            for one in Party.objects.filter(key__iexact=key).exclude(kind="state").values_list("key", flat=True)
        ),
    ]
    group = Group(
        key=read_key("group", key, alike),
        name=read_line("name of the group", name, most=200),
        kind=read_line("kind of group", kind, most=40, needed=False),
        founded=read_known_day("founded", founded) if founded else "",
        source=read_line("source", source, most=2000, needed=False),
    )
    if stands_already("group", Group.objects.filter(pk=group.key).first(), group):
        return doing.done(group.key, there_already=True)
    group.save(force_insert=True)
    return doing.done(group.key)


@action("group join")
def join_group(
    doing: Doing,
    *,
    group: GroupKey,
    party: PartyKey,
    since: Since,
    status: Annotated[str, "member, observer, eligible or suspended"] = "member",
    source: Source = "",
) -> Done:
    """Record that a party joined a group, or has another status in it from now on; as member or eligible, an operator does."""
    of, member = _pair(doing, group, party)
    read_choice("status", status, STATUSES)
    if status in COUNTED:
        _expect_no_new_reach(doing, of, member)
    began = read_known_day("since", since)
    said = _source(doing, source)
    if member.retired_on is not None:
        raise ActionRefused(f"{member.key} was retired on {member.retired_on}; it takes part in nothing new")
    for row in Membership.objects.filter(group=of, party=member).order_by("pk"):
        if not row.until:
            when = f" since {row.since}" if row.since else ""
            raise ActionRefused(
                f"{member.key} is {row.status} of {of.key}{when} already; record first until when: group leave"
            )
        if earliest(row.until) > latest(began) or (row.status, row.since) == (status, began):
            raise ActionRefused(
                f"{member.key} was {row.status} of {of.key} until {row.until}; '{began}' is not after that. Give a later date"
            )
    Membership.objects.create(group=of, party=member, since=began, status=status, source=said)
    return doing.done(of.key, party=member.key, status=status, since=began)


@action("group leave")
def leave_group(
    doing: Doing,
    *,
    group: GroupKey,
    party: PartyKey,
    until: Annotated[str, "the last day, as exactly as it is known: 2024, 2024-01 or 2024-01-18"],
) -> Done:
    """Record the last day of a party's membership; whoever decides for it in the group's board stops that day too."""
    of, member = _pair(doing, group, party)
    ended = read_known_day("until", until)
    rows = list(Membership.objects.filter(group=of, party=member).order_by("-pk"))
    row = next((one for one in rows if not one.until), None)
    if row is None:
        left = f"left {of.key} on {rows[0].until} already" if rows else f"is not in {of.key}"
        raise ActionRefused(f"{member.key} {left}; there is no membership to end")
    if latest(ended) < earliest(row.since):
        raise ActionRefused(
            f"{member.key} is in {of.key} since {row.since}; it cannot have left in {ended}, before that"
        )
    row.until = ended
    row.save(update_fields=["until"])
    deciding = RoleHeld.objects.filter(group=of.key, party=member.key, until=None)
    stopped = deciding.update(until=_last_day(ended))
    return doing.done(of.key, party=member.key, until=ended, board_roles_ended=stopped)


@action("group office")
def record_office(
    doing: Doing,
    *,
    group: GroupKey,
    party: PartyKey,
    office: Annotated[str, "the office: chair, council-seat, ..."],
    since: Since,
    until: Annotated[str, "the last day, where it is known"] = "",
    source: Source = "",
) -> Done:
    """Record that a party holds an office of a group; once more with `until`, that it held it until then."""
    of, holder = _pair(doing, group, party)
    title = read_line("office", read_key("office", office), most=60)
    began = read_known_day("since", since)
    ended = read_known_day("until", until) if until else ""
    if ended and latest(ended) < earliest(began):
        raise ActionRefused(f"an office held since {began} cannot have ended in {ended}, before that")
    held = Office.objects.filter(group=of, party=holder, office=title, since=began).first()
    if held is not None:
        if held.until or not ended:
            until_when = f" until {held.until}" if held.until else ""
            raise ActionRefused(
                f"it is recorded that {holder.key} holds the office {title} of {of.key} since {began}{until_when}; "
                "an office that has no last day yet can be given one"
            )
        held.until = ended
        held.save(update_fields=["until"])
        return doing.done(of.key, party=holder.key, office=title, since=began, until=ended)
    if not Membership.objects.filter(group=of, party=holder).exists():
        raise ActionRefused(f"{holder.key} is not in {of.key} and holds no office there; record first that it joined")
    other = Office.objects.filter(group=of, office=title, until="").exclude(party=holder).first()
    if title == ALONE and not ended and other is not None:
        raise ActionRefused(
            f"{other.party_id} is {title} of {of.key} since {other.since}; record first until when: the same office "
            f"for {other.party_id} with since {other.since} and until"
        )
    Office.objects.create(group=of, party=holder, office=title, since=began, until=ended, source=_source(doing, source))
    return doing.done(of.key, party=holder.key, office=title, since=began, until=ended)


def _pair(doing: Doing, group: str, party: str) -> tuple[Group, Party]:
    of = get_group(group)
    doing.require(Target(groups=(of.key,)))
    member = get_party(party)
    doing.for_party = member.key
    return of, member


def _expect_no_new_reach(doing: Doing, group: Group, member: Party) -> None:
    """Refuse a secretariat that would bring a party, with all below it, under its own hand.

    Who is in a group is who its secretariat acts for: whose needs it approves, whose consignments it arranges.
    """
    if not doing.viewer.has("operator") and group.key not in groups_of(parties_above(member), doing.today):
        raise NotAllowed(
            f"the secretariat of {group.key} may not bring {member.key} into its own group, because it would then act for "
            "it; an operator records who joins"
        )


def _source(doing: Doing, source: str) -> str:
    said = read_line("source", source, most=2000, needed=False) or doing.reason
    if not said:
        raise ActionRefused("who is in a group, and in which office, needs a source or a reason; say who says so")
    return said


def _last_day(day: str) -> date:
    """Return the last day that a day known by its year or month can be."""
    for text in (latest(day), *(f"{latest(day)[:8]}{number}" for number in (30, 29, 28))):
        try:
            return date.fromisoformat(text)
        except ValueError:
            continue
    raise AssertionError(day)

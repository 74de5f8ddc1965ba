"""Groups: which parties belong to them, and which hold an office, on which day. A public list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import DayChoice, refuse_unknown
from evenhand.lookups.reach import today
from evenhand.lookups.version import of_this_version
from evenhand.records import models as records


@dataclass(frozen=True, slots=True)
class Belonging:
    """Hold one party's membership or office, from a date until a date, as exactly as each is known.

    Attributes
    ----------
    what
        The status of a member ("member", "observer"), or the office ("chair").
    """

    party: str
    party_name: str
    what: str
    since: str
    until: str
    source: str


@dataclass(frozen=True, slots=True)
class Group:
    """Hold one group with its members and offices on a day, or of all time where no day was asked about."""

    key: str
    name: str
    kind: str
    founded: str
    source: str
    members: tuple[Belonging, ...]
    offices: tuple[Belonging, ...]


def list_groups(viewer: Viewer, *, day: DayChoice = None) -> list[Group]:
    """Return every group as it is on a day (today where not said), by key."""
    return [_on(one, day or today()) for one in _all_time()]


def list_members(
    viewer: Viewer,
    key: Annotated[str, "the group's key, such as NAM"],
    *,
    day: DayChoice = None,
    history: Annotated[bool, "everybody who ever belonged"] = False,
) -> list[Belonging]:
    """Return the members of a group on a day, by key. Raises NameUnknown."""
    return list(get_group(viewer, key, day=day, history=history).members)


def get_group(viewer: Viewer, key: str, *, day: DayChoice = None, history: bool = False) -> Group:
    """Return a group as it is on a day; with `history`, everybody who ever belonged. Raises NameUnknown."""
    found = find_group(viewer, key, day=day, history=history)
    if found is None:
        raise refuse_unknown("group", key)
    return found


def find_group(viewer: Viewer, key: str, *, day: DayChoice = None, history: bool = False) -> Group | None:
    """Return a group as it is on a day, or None."""
    row = next((one for one in _all_time() if one.key == key), None) if key else None
    return row if row is None or history else _on(row, day or today())


def stands(since: str, until: str, day: date) -> bool:
    """Say whether something that lasts from a date until a date, each as exact as it is known, stands on a day.

    Examples
    --------
    >>> stands("1961", "", date(2026, 3, 2)), stands("2020", "2025", date(2026, 3, 2))
    (True, False)
    >>> stands("2020", "2026", date(2026, 3, 2))
    True
    """
    text = day.isoformat()
    return since[:10] <= text and (not until or until >= text[: len(until)])


def _on(group: Group, day: date) -> Group:
    """Return a group as it is on a day."""
    members, offices = (
        tuple(one for one in belongings if stands(one.since, one.until, day))
        for belongings in (group.members, group.offices)
    )
    return replace(group, members=members, offices=offices)


def _all_time() -> list[Group]:
    """Return every group with everybody who ever belonged."""
    return of_this_version("groups of all time", _read_groups)


def _read_groups() -> list[Group]:
    members, offices = records.Membership.objects.all(), records.Office.objects.all()
    belongings: dict[str, tuple[list[Belonging], list[Belonging]]] = {}
    for place, rows in enumerate((members.values_list(*_COLUMNS, "status"), offices.values_list(*_COLUMNS, "office"))):
        for group, party, name, since, until, source, what in rows.order_by("party", "since", "pk"):
            lists = belongings.setdefault(group, ([], []))
            lists[place].append(Belonging(party, name, what, since, until, source))
    return [
        Group(row.key, row.name, row.kind, row.founded, row.source, *map(tuple, belongings.get(row.key, ((), ()))))
        for row in records.Group.objects.order_by("key")
    ]


_COLUMNS = ("group", "party", "party__name", "since", "until", "source")

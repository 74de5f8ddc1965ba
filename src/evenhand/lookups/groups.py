"""Groups: which parties belong to them, and which hold an office, on which day. A public list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import DayChoice, refuse_unknown
from evenhand.lookups.reach import today
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
    return _groups("", day or today())


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
    return next(iter(_groups(key, None if history else day or today())), None) if key else None


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


def _groups(key: str, day: date | None) -> list[Group]:
    chosen = records.Group.objects.filter(pk=key) if key else records.Group.objects.all()
    members = records.Membership.objects.filter(group__in=chosen.values("pk"))
    offices = records.Office.objects.filter(group__in=chosen.values("pk"))
    belongings: dict[str, tuple[list[Belonging], list[Belonging]]] = {}
    for place, rows in enumerate((members.values_list(*_COLUMNS, "status"), offices.values_list(*_COLUMNS, "office"))):
        for group, party, name, since, until, source, what in rows.order_by("party", "since", "pk"):
            if day is None or stands(since, until, day):
                lists = belongings.setdefault(group, ([], []))
                lists[place].append(Belonging(party, name, what, since, until, source))
    return [
        Group(row.key, row.name, row.kind, row.founded, row.source, *map(tuple, belongings.get(row.key, ((), ()))))
        for row in chosen.order_by("key")
    ]


_COLUMNS = ("group", "party", "party__name", "since", "until", "source")

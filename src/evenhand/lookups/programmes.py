"""Programmes: aid programmes, exercises, reconstructions and events. A public list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from django.db.models import Q, QuerySet

from evenhand.access.viewers import Viewer
from evenhand.lookups.choosing import expect, of_party, refuse_unknown, split
from evenhand.lookups.version import of_this_version
from evenhand.records import models as records


@dataclass(frozen=True, slots=True)
class Programme:
    """Hold one programme; `sdg_targets` such as "3.8"."""

    ref: str
    title: str
    kind: str
    lead: str
    group: str
    starts: date | None
    ends: date | None
    sdg_targets: tuple[str, ...]


def list_programmes(
    viewer: Viewer,
    *,
    party: Annotated[str, "only led by this party or one below it"] = "",
    group: Annotated[str, "only of this group"] = "",
    day: Annotated[date | None, "only running on this day"] = None,
) -> list[Programme]:
    """Return the programmes, by ref.

    Raises
    ------
    NameUnknown
        There is no such party or group.
    """
    if not (party or group or day):
        return list(of_this_version("programmes", lambda: _programmes(records.Programme.objects.all())))
    chosen = records.Programme.objects.filter(of_party(party, "lead"))
    if group:
        expect("group", group)
        chosen = chosen.filter(group=group)
    if day is not None:
        begun = Q(starts=None) | Q(starts__lte=day)
        chosen = chosen.filter(begun, Q(ends=None) | Q(ends__gte=day))
    return _programmes(chosen)


def get_programme(viewer: Viewer, ref: Annotated[str, "the programme's ref, PG-..."]) -> Programme:
    """Return a programme. Raises NameUnknown."""
    found = find_programme(viewer, ref)
    if found is None:
        raise refuse_unknown("programme", ref)
    return found


def find_programme(viewer: Viewer, ref: str) -> Programme | None:
    """Return a programme, or None."""
    return next(iter(_programmes(records.Programme.objects.filter(pk=ref))), None)


def _programmes(rows: QuerySet[records.Programme]) -> list[Programme]:
    return [
        Programme(
            row.ref, row.title, row.kind, row.lead_id or "", row.group_id or "", row.starts, row.ends,
            split(row.sdg_targets),
        )
        for row in rows.order_by("ref")
    ]  # fmt: skip

"""Rows that are few and have rules of their own: each is the single action itself, done as part of the import.

Used by `importing` for resources, memberships, and for the companions that a layout brings along. A dry run does the same
and takes all of it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from evenhand.actions.bulk.quantities import plain
from evenhand.actions.bulk.weighing import Outcome, Weighing
from evenhand.actions.groups import join_group, leave_group
from evenhand.actions.parties import register_party
from evenhand.actions.places import register_place
from evenhand.actions.resources import register_resource
from evenhand.errors import ActionRefused, OptionRefused
from evenhand.records.models import Membership, Party, Place, Resource

MOST = 20_000
"""Rows; each is an action, and there are no longer lists of these."""

COMPANIONS: Mapping[str, tuple[Any, Any]] = {
    "places": (register_place, Place),
    "resources": (register_resource, Resource),
    "parties": (register_party, Party),
}
"""Registers whose rows a layout may bring along, in the order in which they need one another."""


def weigh_resources(weighing: Weighing) -> Outcome:
    """Register resources, families and the parts of kits before what names them."""
    _refuse_many(weighing)
    rows = [_given(row) for row in weighing.frame.iter_rows(named=True)]
    outcome = Outcome()
    for index in _in_order(rows):
        done = weighing.act_on_row(index, register_resource, **rows[index])
        if done is not None and done.facts.get("there_already"):
            outcome.same += 1
        else:
            outcome.added += 1
    return outcome


def _given(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as a person would type it into the action."""
    given: dict[str, Any] = {}
    for name, value in row.items():
        if value is not None:
            given[name] = value if isinstance(value, str | int) else plain(value)
    if given.get("family") == given.get("key"):
        del given["family"]  # a list's own way to say that it is the whole
    return given


def _in_order(rows: list[dict[str, Any]]) -> list[int]:
    """Return rows so that what one names comes before it, as far as the file has it."""
    place = {row.get("key"): index for index, row in enumerate(rows)}
    order: dict[int, None] = {}

    def put(index: int, above: frozenset[int]) -> None:
        if index in order or index in above:
            return
        named = [
            rows[index].get("family", ""),
            *(part.partition("=")[0] for part in rows[index].get("parts", "").split(";")),
        ]
        for name in named:
            if name in place and len(above) < MOST:
                put(place[name], above | {index})
        order[index] = None

    for index in range(len(rows)):
        put(index, frozenset())
    return list(order)


def weigh_memberships(weighing: Weighing) -> Outcome:
    """Record who joined which group, and who left; what is recorded already stays."""
    _refuse_many(weighing)
    outcome = Outcome()
    for index, row in enumerate(weighing.frame.iter_rows(named=True)):
        since, until = (row[name].isoformat() if row.get(name) else "" for name in ("since", "until"))
        status = row.get("status") or "member"
        there = Membership.objects.filter(group=row["group"], party=row["party"], status=status, since=since).first()
        if there is not None and there.until in (until, until[:4], until[:7]):
            outcome.same += 1
            continue
        if there is None:
            source = weighing.doing.reason or f"import of {weighing.sent.name}"
            weighing.act_on_row(
                index, join_group, group=row["group"], party=row["party"], since=since, status=status, source=source
            )
            outcome.added += 1
        else:
            outcome.changed += 1
        if until:
            weighing.act_on_row(index, leave_group, group=row["group"], party=row["party"], until=until)
    return outcome


def _refuse_many(weighing: Weighing) -> None:
    if weighing.frame.height > MOST:
        raise OptionRefused(
            f"{weighing.sent.name} has {weighing.frame.height:,} rows; of {weighing.sent.register} at most {MOST:,} come in one file"
        )


def missing_companions(companions: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return the companions that there are not yet, in the order in which they are registered; those there stay as they are."""
    missing = {}
    for register, (_, model) in COMPANIONS.items():
        frame = companions.get(register)
        if frame is None or not frame.height:
            continue
        there = set(model.objects.filter(pk__in=frame["key"].to_list()).values_list("pk", flat=True))
        new = frame.filter(~pl.col("key").is_in(list(there)))
        if new.height:
            missing[register] = new
    return missing


def register_companions(weighing: Weighing, missing: Mapping[str, pl.DataFrame]) -> None:
    """Register what rows rely on and is not there. Raises ActionRefused with what is wrong with one of them."""
    for register, frame in missing.items():
        action = COMPANIONS[register][0]
        rows = [_given(row) for row in frame.iter_rows(named=True)]
        for index in _in_order(rows) if register == "resources" else range(len(rows)):
            try:
                weighing.act(action, **rows[index])
            except ActionRefused as refused:
                raise ActionRefused(f"{register} that come along: {refused.sentence}") from None

"""Writing values of a record: each sealed in its own box, what it was kept as a correction, its blind indexes made anew.

Used by the actions of the people register alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import connections, transaction

from evenhand.actions.action import Doing
from evenhand.people.folding import folded
from evenhand.people.models import BlindIndex, Correction, Household, Person
from evenhand.people.opening import sealer
from evenhand.people.parts import in_parts
from evenhand.people.reasons import forget_reasons
from evenhand.people.router import PEOPLE

Record = Household | Person


def seal_values(ref: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return values in boxes, by field."""
    lock = sealer()
    return {field: lock.seal(ref, field, value) for field, value in values.items()}


def indexes_of(registration: str, ref: str, values: Mapping[str, str]) -> list[BlindIndex]:
    """Return the rows by which a record is found, not yet saved."""
    lock = sealer()
    return [
        BlindIndex(record=ref, kind=kind, digest=lock.index(registration, kind, value))
        for kind, value in folded(values).items()
    ]


def correct_values(doing: Doing, row: Record, registration: str, changed: Mapping[str, str]) -> list[str]:
    """Set fields of a record anew, "" taking one away; keep what each was; return those that really changed."""
    lock = sealer()
    held = lock.open_all(row.ref, row.boxes)
    really = [field for field, value in changed.items() if held.get(field, "") != value]
    Correction.objects.bulk_create(
        Correction(
            record=row.ref,
            field=field,
            box=row.boxes.get(field, ""),
            by=doing.viewer.public_id,
            reason=doing.reason,
            at=doing.at,
        )
        for field in really
    )
    now = {field: value for field, value in {**held, **{field: changed[field] for field in really}}.items() if value}
    fresh = seal_values(row.ref, {field: now[field] for field in really if field in now})
    row.boxes = {field: fresh.get(field) or row.boxes[field] for field in now}
    row.save(update_fields=["boxes"])
    BlindIndex.objects.filter(record=row.ref).delete()
    BlindIndex.objects.bulk_create(indexes_of(registration, row.ref, now))
    return really


def forget(refs: Iterable[str]) -> None:
    """Delete what finds these records, what their fields were and what was typed of them; on SQLite empty the log once that is committed.

    Pages that were written over still stand in the write-ahead log until it is. Where a reader holds it back, the next erasure
    or the last connection to close does it.
    """
    for part in in_parts(refs):
        BlindIndex.objects.filter(record__in=part).delete()
        Correction.objects.filter(record__in=part).delete()
        forget_reasons(part)
    transaction.on_commit(_empty_the_log, using=PEOPLE, robust=True)


def _empty_the_log() -> None:
    if connections[PEOPLE].vendor == "sqlite":
        with connections[PEOPLE].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

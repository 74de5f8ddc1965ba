"""Sealing everything anew with the newest key, and making every blind index anew: after a key was lost, or once a year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evenhand.access.viewers import ANYTHING
from evenhand.actions.action import Doing, Done
from evenhand.actions.people.action import people_action
from evenhand.actions.people.sealed import indexes_of
from evenhand.people.models import BlindIndex, Correction, EvacuationNeed, Household, Person
from evenhand.people.opening import sealer

AT_ONCE = 2000
"""Rows that are opened and sealed before they are written."""


@people_action("people rekey")
def rekey_register(doing: Doing) -> Done:
    """Seal what older keys sealed with the newest one; afterwards the older ones can be thrown away.

    All of it or nothing: while it is done nobody else writes the register.
    """
    doing.require(ANYTHING)
    sealed = _seal_anew(Household) + _seal_anew(Person) + _seal_anew(EvacuationNeed) + _seal_corrections()
    indexed = _index_anew()
    return doing.done("people", fields=sealed, indexes=indexed, seal=sealer().keys.seals, index=sealer().keys.indexes)


def _seal_anew(model: Any) -> int:
    lock, count = sealer(), 0
    for rows in _batches(model.objects.exclude(boxes={}).order_by("pk").only("pk", "boxes")):
        changed = [row for row in rows if not all(lock.is_newest(box) for box in row.boxes.values())]
        for row in changed:
            count += len(row.boxes)
            row.boxes = {
                field: lock.seal(row.pk, field, lock.open(row.pk, field, box)) for field, box in row.boxes.items()
            }
        model.objects.bulk_update(changed, ["boxes"], batch_size=500)
    return count


def _seal_corrections() -> int:
    """Replace corrections by the same ones sealed anew: a row of theirs is never changed, only taken away with its record."""
    lock, count = sealer(), 0
    for rows in _batches(Correction.objects.exclude(box="").order_by("pk")):
        old = [row for row in rows if not lock.is_newest(row.box)]
        fresh = [
            Correction(
                record=row.record, field=row.field, by=row.by, reason=row.reason, at=row.at,
                box=lock.seal(row.record, row.field, lock.open(row.record, row.field, row.box)),
            )
            for row in old
        ]  # fmt: skip
        Correction.objects.filter(pk__in=[row.pk for row in old]).delete()
        Correction.objects.bulk_create(fresh)
        count += len(fresh)
    return count


def _index_anew() -> int:
    """Make every blind index anew, unless the newest key made all of them."""
    lock, count = sealer(), 0
    if not BlindIndex.objects.exclude(digest__startswith=f"{lock.keys.indexes}.").exists():
        return 0
    BlindIndex.objects.all().delete()
    for model, registration in ((Household, "registration_id"), (Person, "household__registration_id")):
        rows = model.objects.exclude(boxes={}).order_by("pk").values_list("pk", "boxes", registration)
        for batch in _batches(rows):
            found = [
                index for ref, boxes, owner in batch for index in indexes_of(owner, ref, lock.open_all(ref, boxes))
            ]
            BlindIndex.objects.bulk_create(found)
            count += len(found)
    return count


def _batches(rows: Any) -> Iterator[list[Any]]:
    """Return the rows in bundles, each asked for by where the last one ended."""
    last = None
    while True:
        batch = list((rows.filter(pk__gt=last) if last is not None else rows)[:AT_ONCE])
        if not batch:
            return
        yield batch
        one = batch[-1]
        last = one[0] if isinstance(one, tuple) else one.pk

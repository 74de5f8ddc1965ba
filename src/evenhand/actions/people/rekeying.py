"""Sealing everything anew with the newest key, and making every blind index anew: after a key was lost, or once a year."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from evenhand.access.viewers import ANYTHING
from evenhand.actions.action import Doing, Done
from evenhand.actions.people.action import people_action
from evenhand.actions.people.sealed import indexes_of
from evenhand.people.boxed import HOLDERS
from evenhand.people.epochs import begin_epoch
from evenhand.people.models import BlindIndex, Correction, Household, Person, Reason
from evenhand.people.opening import sealer
from evenhand.people.parts import in_parts
from evenhand.people.reasons import field_of
from evenhand.people.sealing import Sealer

AT_ONCE = 2000
"""Rows that are opened and sealed before they are written."""


@people_action("people rekey")
def rekey_register(doing: Doing) -> Done:
    """Seal what older keys sealed with the newest one; afterwards the older ones can be thrown away.

    All of it or nothing: while it is done nobody else writes the register.
    """
    doing.require(ANYTHING)
    lock = sealer()
    sealed = sum(_seal_anew(model, lock) for model in HOLDERS)
    sealed += _replace(Correction, lock, lambda row: row.field) + _replace(Reason, lock, lambda row: field_of(row.line))
    indexed = _index_anew(lock)
    begin_epoch(lock.keys.seals, doing.at)
    return doing.done("people", fields=sealed, indexes=indexed, seal=lock.keys.seals, index=lock.keys.indexes)


def _seal_anew(model: Any, lock: Sealer) -> int:
    count = 0
    for rows in _batches(model.objects.exclude(boxes={}).order_by("pk").only("pk", "boxes")):
        changed = [row for row in rows if not all(lock.is_newest(box) for box in row.boxes.values())]
        for row in changed:
            count += len(row.boxes)
            row.boxes = {
                field: lock.seal(str(row.pk), field, lock.open(str(row.pk), field, box))
                for field, box in row.boxes.items()
            }
        model.objects.bulk_update(changed, ["boxes"], batch_size=500)
    return count


def _replace(model: Any, lock: Sealer, field: Callable[[Any], str]) -> int:
    """Replace rows by the same ones sealed anew: of these none is ever changed, only taken away with the record it speaks of."""
    count = 0
    for rows in _batches(model.objects.exclude(box="").order_by("pk")):
        old = [row for row in rows if not lock.is_newest(row.box)]
        keys = [row.pk for row in old]
        for row in old:
            row.pk, row.box = None, lock.seal(row.record, field(row), lock.open(row.record, field(row), row.box))
        for part in in_parts(keys):
            model.objects.filter(pk__in=part).delete()
        model.objects.bulk_create(old)
        count += len(old)
    return count


def _index_anew(lock: Sealer) -> int:
    """Make every blind index anew, unless the newest key made all of them."""
    count = 0
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

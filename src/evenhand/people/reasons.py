"""What somebody typed as a reason, for a line that is never deleted: sealed under the record that it speaks of, and gone with it.

Lines of who did and who read what stay for ever; words about a person must not. So the line keeps none, and they lie here in a
box, by the record and the line. Called by the actions and the lookups of the people register; `actions.people.sealed.forget` deletes them.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from evenhand.people.epochs import refuse_older
from evenhand.people.models import Duplicate, EvacuationNeed, HospitalReferral, Reason, Transfer
from evenhand.people.opening import sealer
from evenhand.people.parts import in_parts

FIELD = "reason"


def keep_reason(record: str, line: str, text: str) -> None:
    """Keep the reason of one line, sealed; nothing of an empty one. Called inside the transaction that writes the line."""
    keep_reasons([(record, line, text)])


def keep_reasons(said: Iterable[tuple[str, str, str]]) -> None:
    """Keep reasons, each as (the record it speaks of, the line, the text). Raises ActionRefused where the keys are too old to seal with."""
    there = [one for one in said if one[2].strip()]
    if there:
        lock = sealer()
        Reason.objects.bulk_create(
            Reason(record=record, line=line, box=lock.seal(record, field_of(line), text))
            for record, line, text in there
        )
        refuse_older([lock.keys])


def reasons_of(lines: Iterable[str]) -> dict[str, str]:
    """Return the reasons of lines, by line; those that had none, or were erased, are left out."""
    lock = sealer()
    return {
        row.line: lock.open(row.record, field_of(row.line), row.box)
        for part in in_parts(lines)
        for row in Reason.objects.filter(line__in=part)
    }


def forget_reasons(records: Iterable[str]) -> None:
    """Delete what was said of households and persons, of their evacuations, and of whether two of them are one."""
    for part in in_parts(records):
        doubled = Duplicate.objects.filter(Q(person__in=part) | Q(other__in=part)).values_list("pk", flat=True)
        below = (
            EvacuationNeed.objects.filter(person__in=part),
            HospitalReferral.objects.filter(need__person__in=part),
            Transfer.objects.filter(referral__need__person__in=part),
        )
        Reason.objects.filter(record__in=[*part, *map(str, doubled)]).delete()
        for rows in below:
            Reason.objects.filter(record__in=rows.values("pk")).delete()


def line_of_reading(number: int) -> str:
    """Return the name that the line of a reading goes by here; no action can have it as its id, which holds no '#'."""
    return f"read#{number}"


def field_of(line: str) -> str:
    """Return the field that a line's reason is sealed as, so that a box moved to another line does not open."""
    return f"{FIELD}/{line}"

"""A registration's records as the table that `evenhand.matching` compares: in memory alone, never on the disk, shown to nobody.

Used by the actions that look for records of one person.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from evenhand.people.models import Person
from evenhand.people.opening import sealer

COMPARED = {
    "given_name": "given_name", "family_name": "family_name", "birth_year": "birth_year", "birth_date": "birth_date", "sex": "sex",
    "phone": "phone", "outside": "document",
}  # fmt: skip
"""Field of the register → column of `matching.columns.PERSONS`. Nothing about health is compared."""

GONE = ("merged", "erased")


def clear_table(registration: str) -> pl.DataFrame:
    """Return every record of a registration that holds anything, sorted by ref; a column for each field that somebody has."""
    lock = sealer()
    rows: list[dict[str, Any]] = []
    people = Person.objects.filter(household__registration=registration).exclude(state__in=GONE).order_by("pk")
    for person in people.values_list("ref", "household_id", "household__site", "boxes").iterator():
        ref, household, site, boxes = person
        fields = lock.open_all(ref, {field: box for field, box in boxes.items() if field in COMPARED})
        rows.append(
            {"record": ref, "household": household, "place": site}
            | {COMPARED[name]: value for name, value in fields.items()}
        )
    columns = ["record", "household", "place", *dict.fromkeys(COMPARED.values())]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))
    return frame.select(one for one in columns if one == "record" or frame[one].null_count() < frame.height)

"""The laws of the people register, kept by the database against every writer.

Who read whom, who did what, what was assessed and what was consented to is never changed and never deleted; what a field was
and why something was done are deleted with their record and never changed; a record keeps its ref, and its household's or person's row stays when it is
erased.
"""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from evenhand.people.guards import guard, make_guards

FIXED = (
    "people_readline", "people_peopleline", "people_assessment", "people_consent", "people_correction", "people_reason",
    "people_keyepoch",
)  # fmt: skip
"""The tables of which no row is changed."""

KEPT = (
    "people_readline", "people_peopleline", "people_assessment", "people_consent", "people_registration", "people_sharing",
    "people_household", "people_person", "people_keyepoch",
)  # fmt: skip
"""The tables of which no row is deleted."""


def keep_the_lines(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers."""
    make_guards(editor)
    guard(editor, fixed=FIXED, kept=KEPT)


class Migration(migrations.Migration):
    """Put the guards in place."""

    dependencies: ClassVar = [("people", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(keep_the_lines, elidable=False)]

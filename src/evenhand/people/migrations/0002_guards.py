"""The laws of the people register, kept by the database against every writer.

Who read whom, who did what, what was assessed and what was consented to is never changed and never deleted; what a field was
is deleted with its record and never changed; a record keeps its ref, and its household's or person's row stays when it is
erased.
"""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FIXED = ("people_readline", "people_peopleline", "people_assessment", "people_consent", "people_correction")
"""The tables of which no row is changed."""

KEPT = (
    "people_readline", "people_peopleline", "people_assessment", "people_consent", "people_registration", "people_sharing",
    "people_household", "people_person",
)  # fmt: skip
"""The tables of which no row is deleted."""

NEVER = "lines of the people register are never changed or deleted; what is held about a person is erased by its action"


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_{kind} BEFORE {kind} ON {table} BEGIN SELECT RAISE(ABORT, '{NEVER}'); END"
        for kind, tables in (("UPDATE", FIXED), ("DELETE", KEPT))
        for table in tables
    ]


def _postgresql() -> list[str]:
    return [
        f"""CREATE FUNCTION people_forbid() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{NEVER}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        *(
            f"CREATE TRIGGER {table}_{name} BEFORE {kind} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION people_forbid()"
            for name, kind, tables in (("update", "UPDATE", FIXED), ("delete", "DELETE OR TRUNCATE", KEPT))
            for table in tables
        ),
    ]


def keep_the_lines(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers, in the register's own database."""
    if editor.connection.alias != "people":
        return
    for statement in _sqlite() if editor.connection.vendor == "sqlite" else _postgresql():
        editor.execute(statement, None)


class Migration(migrations.Migration):
    """Put the guards in place."""

    dependencies: ClassVar = [("people", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(keep_the_lines, elidable=False)]

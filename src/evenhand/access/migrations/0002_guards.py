"""The audit lines of actions are never changed or deleted, whoever asks."""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = tuple(
    f"CREATE TRIGGER access_actionline_no_{what.lower()} BEFORE {what} ON access_actionline BEGIN "
    "SELECT RAISE(ABORT, 'the line of an action is never changed or deleted'); END"
    for what in ("UPDATE", "DELETE")
)
POSTGRESQL = (
    """CREATE FUNCTION access_forbid() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'the line of an action is never changed or deleted'
         USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER access_actionline_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON access_actionline
       FOR EACH STATEMENT EXECUTE FUNCTION access_forbid()""",
)


def keep_the_lines(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers."""
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement, None)


class Migration(migrations.Migration):
    """Put the guards in place."""

    dependencies: ClassVar = [("access", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(keep_the_lines, elidable=False)]

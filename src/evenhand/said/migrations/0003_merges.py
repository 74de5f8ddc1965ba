"""Merges, kept with what went over by them, so that they can be taken apart; what one moved never changes afterwards."""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FIXED = ("action", "merged", "into", "moved", "reason", "made_by", "made_at")
"""The columns that never change once a row is there."""

NEVER = "what was said is never changed or deleted; a correction is a new row"


def _sqlite() -> list[str]:
    changed = " OR ".join(f'NEW."{column}" IS NOT OLD."{column}"' for column in FIXED)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{NEVER}'); END"
    return [
        f"CREATE TRIGGER said_merge_fixed BEFORE UPDATE ON said_merge WHEN {changed} {refuse}",
        f"CREATE TRIGGER said_merge_no_delete BEFORE DELETE ON said_merge {refuse}",
    ]


def _postgresql() -> list[str]:
    new, old = (", ".join(f'{side}."{column}"' for column in FIXED) for side in ("NEW", "OLD"))
    forbid = "EXECUTE FUNCTION said_forbid()"
    fixed = f"WHEN (({new}) IS DISTINCT FROM ({old})) {forbid}"
    return [
        f"CREATE TRIGGER said_merge_fixed BEFORE UPDATE ON said_merge FOR EACH ROW {fixed}",
        f"CREATE TRIGGER said_merge_no_delete BEFORE DELETE OR TRUNCATE ON said_merge FOR EACH STATEMENT {forbid}",
    ]


def keep_the_merges(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers."""
    for statement in _sqlite() if editor.connection.vendor == "sqlite" else _postgresql():
        editor.execute(statement, None)


class Migration(migrations.Migration):
    """Make the table, and put its guards in place."""

    dependencies: ClassVar = [("said", "0002_guards")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("action", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("merged", models.CharField(db_index=True, max_length=16)),
                ("into", models.CharField(db_index=True, max_length=16)),
                ("moved", models.JSONField()),
                ("reason", models.TextField(blank=True)),
                ("made_by", models.CharField(max_length=32)),
                ("made_at", models.DateTimeField()),
                ("split_by", models.CharField(blank=True, max_length=32)),
                ("split_at", models.DateTimeField(blank=True, null=True)),
                ("split_reason", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("split_at__isnull", True)), fields=("merged",), name="merged_once_at_a_time"
                    )
                ]
            },
        ),
        migrations.RunPython(keep_the_merges, elidable=False),
    ]

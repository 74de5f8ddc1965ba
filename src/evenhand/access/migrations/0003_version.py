"""The version that every action raises, at 0."""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def begin_at_zero(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the one row."""
    apps.get_model("access", "Version").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    """Make the table and its row."""

    dependencies: ClassVar = [("access", "0002_guards")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="version_is_one_row")],
            },
        ),
        migrations.RunPython(begin_at_zero, migrations.RunPython.noop, elidable=False),
    ]

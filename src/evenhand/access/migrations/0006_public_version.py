"""The version of what everybody may see, which drafts and keys leave as it is."""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def begin_at_the_number(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Let it be that of the last action, whatever it was."""
    apps.get_model("access", "Version").objects.update(public=models.F("number"))


class Migration(migrations.Migration):
    """Add the column."""

    dependencies: ClassVar = [("access", "0005_donor_reader")]
    operations: ClassVar = [
        migrations.AddField("version", "public", models.BigIntegerField(default=0)),
        migrations.RunPython(begin_at_the_number, migrations.RunPython.noop, elidable=False),
    ]

"""Indexes for what desks count: a party's needs, and those that lapse."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add them."""

    dependencies: ClassVar = [("records", "0003_indexes")]
    operations: ClassVar = [
        migrations.AddIndex("need", models.Index(fields=["party", "state"], name="need_by_party")),
        migrations.AddIndex("need", models.Index(fields=["state", "valid_until", "party"], name="need_lapsing")),
    ]

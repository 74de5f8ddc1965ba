"""Translations of names and texts of records."""

from django.db import migrations, models

KINDS = ["party", "place", "group", "resource", "programme", "need", "offer", "round", "objection", "evidence"]


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Translation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("of", models.CharField(choices=[(kind, kind) for kind in KINDS], max_length=12)),
                ("key", models.CharField(max_length=64)),
                ("field", models.CharField(max_length=12)),
                ("language", models.CharField(max_length=8)),
                ("text", models.TextField()),
                ("draft", models.BooleanField(default=False)),
                ("source", models.TextField(blank=True)),
            ],
            options={
                "indexes": [models.Index(fields=["language", "field"], name="translation_by_language")],
                "constraints": [
                    models.UniqueConstraint(fields=("of", "key", "field", "language"), name="translation_once")
                ],
            },
        ),
    ]

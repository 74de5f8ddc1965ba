"""The laws of what was said, kept by the database against every writer: words never change, and nothing is deleted.

A correction is a new row. What may change of a statement is what was decided about it, and which official, meeting or
thread it belongs to.
"""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FIXED = {
    "said_reading": ("evidence_id", "text", "text_sha256", "result", "made_at"),
    "said_spoken": ("key", "evidence_id", "number", "start", "end", "words", "speaker", "acts"),
    "said_statement": (
        "ref", "evidence_id", "start", "end", "words", "speaker", "office", "party_id", "party_name", "said_on", "kind",
        "firmness", "giver_id", "giver_name", "receiver_names", "resource_id", "resource_words", "quantity", "unit", "place",
        "when_words", "deadline", "translation", "replaces_id", "made_at",
    ),
    "said_reply": ("ref", "statement_id", "party_id", "text", "by", "made_at"),
}  # fmt: skip
"""Table → the columns that never change once a row is there."""

KEPT = (*FIXED, "said_meeting", "said_official", "said_thread")
"""The tables of which no row is deleted."""

NEVER = "what was said is never changed or deleted; a correction is a new row"


def _sqlite() -> list[str]:
    changed = {
        table: " OR ".join(f'NEW."{column}" IS NOT OLD."{column}"' for column in columns)
        for table, columns in FIXED.items()
    }
    return [
        *(
            f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} WHEN {condition} BEGIN "
            f"SELECT RAISE(ABORT, '{NEVER}'); END"
            for table, condition in changed.items()
        ),
        *(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{NEVER}'); END"
            for table in KEPT
        ),
    ]


def _postgresql() -> list[str]:
    def row(side: str, columns: tuple[str, ...]) -> str:
        return ", ".join(f'{side}."{column}"' for column in columns)

    return [
        f"""CREATE FUNCTION said_forbid() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{NEVER}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        *(
            f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN (({row('NEW', columns)}) IS DISTINCT FROM ({row('OLD', columns)})) EXECUTE FUNCTION said_forbid()"
            for table, columns in FIXED.items()
        ),
        *(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT "
            "EXECUTE FUNCTION said_forbid()"
            for table in KEPT
        ),
    ]


def keep_the_words(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers."""
    for statement in _sqlite() if editor.connection.vendor == "sqlite" else _postgresql():
        editor.execute(statement, None)


class Migration(migrations.Migration):
    """Put the guards in place."""

    dependencies: ClassVar = [("said", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(keep_the_words, elidable=False)]

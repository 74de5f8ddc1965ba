"""Triggers by which the database itself refuses to change or delete lines of the people register. Used by its migrations alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from evenhand.people.router import PEOPLE

NEVER: Final = (
    "lines of the people register are never changed or deleted; what is held about a person is erased by its action"
)


def guard(
    editor: BaseDatabaseSchemaEditor,
    *,
    fixed: Iterable[str],
    kept: Iterable[str],
    columns: Mapping[str, Iterable[str]] | None = None,
) -> None:
    """Let no row of some tables be changed, nor some columns of others, and none be deleted; in the register's own database alone."""
    if editor.connection.alias != PEOPLE:
        return
    for table, names in (columns or {}).items():
        listed = ", ".join(f'"{name}"' for name in names)
        editor.execute(_trigger(editor.connection.vendor, table, "UPDATE", f" OF {listed}"), None)
    for kind, tables in (("UPDATE", fixed), ("DELETE", kept)):
        for table in tables:
            editor.execute(_trigger(editor.connection.vendor, table, kind), None)


def make_guards(editor: BaseDatabaseSchemaEditor) -> None:
    """Make what the triggers of PostgreSQL call."""
    if editor.connection.alias == PEOPLE and editor.connection.vendor == "postgresql":
        editor.execute(
            f"""CREATE FUNCTION people_forbid() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{NEVER}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
            None,
        )


def _trigger(vendor: str, table: str, kind: str, of: str = "") -> str:
    name = f"{table}_{kind.lower()}"
    if vendor == "sqlite":
        return f"CREATE TRIGGER {name} BEFORE {kind}{of} ON {table} BEGIN SELECT RAISE(ABORT, '{NEVER}'); END"
    event = "DELETE OR TRUNCATE" if kind == "DELETE" else kind
    return f"CREATE TRIGGER {name} BEFORE {event}{of} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION people_forbid()"

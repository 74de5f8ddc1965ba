"""The tables of every database brought to this release, and how many changes wait; each database has its own, and no others.

A database beside the first holds the tables of the application of its name alone. Called by the commands that make, check
and bring back an installation.
"""

from __future__ import annotations

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from evenhand.database.finding import Finding


def bring_up_to_date() -> None:
    """Make and change the tables of every database of the settings until they are those of this release."""
    for alias in connections:
        call_command("migrate", *_applications(alias), database=alias, verbosity=0)


def look_at_tables(using: str = DEFAULT_DB_ALIAS) -> tuple[Finding, ...]:
    """Say whether a database has had every change of this release; nothing where it cannot be reached."""
    try:
        executor = MigrationExecutor(connections[using])
    except DatabaseError:  # `checks.look_at_database` says so
        return ()
    others = {alias for alias in connections if alias != using}  # theirs leave nothing here
    leaves = [node for node in executor.loader.graph.leaf_nodes(*_applications(using)) if node[0] not in others]
    waiting = len(executor.migration_plan(leaves))
    if not waiting:
        return (Finding("ok", "the tables are those of this release"),)
    return (
        Finding(
            "unsafe",
            f"the tables are of an older release ({waiting} changes wait)",
            "actions may fail or record too little.",
            "Make a backup, then run evenhand init again.",
        ),
    )


def _applications(alias: str) -> tuple[str, ...]:
    return () if alias == DEFAULT_DB_ALIAS else (alias,)

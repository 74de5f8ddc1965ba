"""Is a PostgreSQL server set up so that what it acknowledges lasts? For ``database.checks``; it changes nothing.

Source
------
The manual's chapters "Write Ahead Log" (fsync, synchronous_commit, full_page_writes) and "Client Connection Defaults".
"""

from __future__ import annotations

from typing import Any

from evenhand.database.finding import Finding

OLDEST_POSTGRESQL = 14


def look_at_postgresql(cursor: Any) -> tuple[Finding, ...]:
    """Return what is to be said about the server, through an open cursor."""
    names = ("server_version_num", "fsync", "synchronous_commit", "full_page_writes", "default_transaction_isolation")
    cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [[*names, "lock_timeout"]])
    values = dict(cursor.fetchall())
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    return check_postgresql(values, superuser=bool(cursor.fetchone()[0]))


def check_postgresql(values: dict[str, str], *, superuser: bool) -> tuple[Finding, ...]:
    """Check a server's settings as ``pg_settings`` gives them, and the role that Evenhand uses.

    Parameters
    ----------
    values
        server_version_num, fsync, synchronous_commit, full_page_writes, default_transaction_isolation, lock_timeout.
    superuser
        Whether the role is one.
    """
    found = []
    version = int(values["server_version_num"]) // 10_000
    if version < OLDEST_POSTGRESQL:
        found.append(
            Finding(
                "unsafe",
                f"PostgreSQL {version} is older than {OLDEST_POSTGRESQL}",
                "it gets no repairs any more, and Evenhand is not tested on it.",
                "Move to a version that is supported.",
            )
        )
    for setting, harm in {
        "fsync": "a crash of the machine can damage the whole database",
        "full_page_writes": "a crash of the machine can damage pages that were being written",
        "synchronous_commit": "a crash can lose entries that were already acknowledged",
    }.items():
        if values[setting] == "off":
            found.append(Finding("unsafe", f"{setting} is off", f"{harm}.", f"Set {setting} = on in postgresql.conf."))
    if values["default_transaction_isolation"] != "read committed":
        found.append(
            Finding(
                "warning",
                f"transactions are {values['default_transaction_isolation']} by default",
                "after waiting for the write lock they would look at the state from before it, and fail.",
                "Set default_transaction_isolation = 'read committed'.",
            )
        )
    if values["lock_timeout"] == "0":
        found.append(
            Finding(
                "warning",
                "lock_timeout is 0, so a writer waits for another one without end",
                "one hanging action would make all others hang.",
                "Set it for Evenhand's role: ALTER ROLE ... SET lock_timeout = '30s'.",
            )
        )
    if superuser:
        found.append(
            Finding(
                "warning",
                "Evenhand connects as a superuser",
                "a superuser can switch off what keeps entries from being changed or deleted.",
                "Make a role that owns nothing but this database, and name it in the setting.",
            )
        )
    return tuple(found) or (
        Finding("ok", f"PostgreSQL {version}: every commit is on the disk before it is acknowledged"),
    )

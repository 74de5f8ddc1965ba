"""Is the people register's database truly apart from the first one? For `evenhand init` and `evenhand check-setup`.

It changes nothing. Everything that can be told from the settings alone is told without asking a database.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from evenhand.database.finding import Finding
from evenhand.errors import OptionRefused

PEOPLE: Final = "people"
"""The name of the people register's database in the settings."""

SAME = "the people register is in the same database as everything else"


def are_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Say whether two databases of Django's settings are one, as far as the settings tell.

    Examples
    --------
    >>> server = {"ENGINE": "django.db.backends.postgresql", "HOST": "db.example", "PORT": "", "NAME": "book"}
    >>> are_the_same(server, server | {"PORT": "5432", "USER": "registrar"})
    True
    >>> are_the_same(server, server | {"NAME": "people"})
    False
    """
    return _place(one) == _place(other)


def _place(database: Mapping[str, Any]) -> tuple[str, ...]:
    if "sqlite" in database["ENGINE"]:
        return ("", "", str(Path(database["NAME"]).resolve()))
    host = str(database["HOST"]).lower()
    return (
        "localhost" if host in ("", "127.0.0.1", "::1", "[::1]") else host,
        str(database["PORT"] or 5432),
        str(database["NAME"]),
    )


def expect_apart() -> None:
    """Refuse to make tables where the settings name one database for both.

    Raises
    ------
    OptionRefused
        They do.
    """
    if are_the_same(connections.settings[DEFAULT_DB_ALIAS], connections.settings[PEOPLE]):
        raise OptionRefused(
            f"{SAME}; leave the setting people_database empty for a SQLite file of its own, or make a second database, with a role "
            "of its own, and name it there"
        )


def look_at_people() -> tuple[Finding, ...]:
    """Return what is to be said about the place of the people register's database, asking both where they can be reached."""
    first, people = connections[DEFAULT_DB_ALIAS], connections[PEOPLE]
    try:
        same = _identity(first) == _identity(people)
        beside = [] if same else _look_beside(first, people)
    except DatabaseError:  # which of the two cannot be reached, `checks.look_at_database` says
        same, beside = are_the_same(first.settings_dict, people.settings_dict), []
    if not same:
        return (Finding("ok", "the people register has a database of its own"), *beside)
    return (
        Finding(
            "unsafe",
            SAME,
            "whoever reads the one reads the other, and a backup of the records takes the people along.",
            "Make a database of its own for it and name it in people_database.",
        ),
    )


def _look_beside(first: Any, people: Any) -> list[Finding]:
    if people.vendor != "sqlite":
        return check_roles(_role(first), _role(people)) if first.vendor != "sqlite" else []
    with people.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        found = [check_secure_delete(int(cursor.fetchone()[0]))]
    if first.vendor != "sqlite":
        found.append(
            Finding(
                "warning",
                f"the records are on a server, and the people register is the file {people.settings_dict['NAME']}",
                "another machine that serves the same records would have another register.",
                "Make a second database, with a role of its own, and name it in people_database.",
            )
        )
    return found


def check_secure_delete(answer: int) -> Finding:
    """Check that what is erased is written over, given the pragma as SQLite answers it: 0 off, 1 on, 2 where it costs nothing."""
    if answer == 1:
        return Finding("ok", "what is erased from the people register is written over")
    return Finding(
        "unsafe",
        "what is erased from the people register stays in its file",
        f"secure_delete is {answer} and not 1, so that sealed fields lie in free pages until something else is written there.",
        "Take init_command out of the OPTIONS, or begin it with PRAGMA secure_delete = ON.",
    )


def check_roles(first: str, people: str) -> list[Finding]:
    """Check that the two databases are reached by two roles, given the first one's and the people register's."""
    if first != people:
        return [Finding("ok", "the people register has a role of its own")]
    return [
        Finding(
            "warning",
            f"the role {people} reaches the records and the people register",
            "whoever has its password, or finds a way to ask the first database what they like, reaches the second one too.",
            "Make a second role that may connect to the people register alone, and name it in people_database.",
        )
    ]


def _identity(connection: Any) -> tuple[str, ...]:
    """Return what tells a database from every other, by whatever name it is reached."""
    if connection.vendor == "sqlite":
        return _place(connection.settings_dict)
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier::text, current_database() FROM pg_control_system()")
        return ("", *cursor.fetchone())


def _role(connection: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])

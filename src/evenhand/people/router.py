"""Which database a table is in: those of the people register in their own, all others in the first one. Asked by Django alone."""

from __future__ import annotations

from typing import Any, Final

PEOPLE: Final = "people"
"""The name of the application and of its database in the settings."""


class PeopleApart:
    """Send every question and every table of the people register to its own database, and nothing else there."""

    def db_for_read(self, model: Any, **_hints: Any) -> str | None:
        """Return the database that a table is read from."""
        return PEOPLE if model._meta.app_label == PEOPLE else None

    def db_for_write(self, model: Any, **_hints: Any) -> str | None:
        """Return the database that a table is written in."""
        return PEOPLE if model._meta.app_label == PEOPLE else None

    def allow_relation(self, one: Any, other: Any, **_hints: Any) -> bool | None:
        """Refuse a foreign key between the register and anything else."""
        apart = {model._meta.app_label == PEOPLE for model in (one, other)}
        return False if len(apart) == 2 else None

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        """Make a table in its own database alone."""
        return (app_label == PEOPLE) == (db == PEOPLE)

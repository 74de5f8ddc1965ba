"""Is the ground safe? Findings about the database, its file, the clock and the keys, in plain sentences.

For ``evenhand check-setup`` and, through :func:`check_databases`, for Django's own ``check``. Everything about settings
takes plain values, so that it can be asked about an installation that is not running. It changes nothing, and it never
calls safe what it could not look at.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.core.checks import CheckMessage, Error, Warning
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from evenhand.database.finding import Finding
from evenhand.database.postgresql import look_at_postgresql
from evenhand.database.sqlite.checks import look_at_sqlite

FIRST_YEAR = 2026
SECRET_LENGTH = 50
SECRET_LETTERS = 5
"""The least length and the least number of different letters that Django's own check (security.W009) asks of a secret."""


def look_at_database(using: str = DEFAULT_DB_ALIAS) -> tuple[Finding, ...]:
    """Return what is to be said about a database of the settings, asking the database itself."""
    connection = connections[using]
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                return look_at_sqlite(cursor, str(connection.settings_dict["NAME"]))
            return look_at_postgresql(cursor)
    except DatabaseError as error:
        return (
            Finding(
                "unsafe",
                f"the database '{using}' cannot be reached: {str(error).strip()}",
                "nothing can be said about it, and nothing can be recorded in it.",
                "Check that it runs, and the setting that says where it is.",
            ),
        )


def check_databases(*, databases: Sequence[str] | None = None, **_ignored: Any) -> list[CheckMessage]:
    """Answer Django's ``check --database``: warnings as warnings, what is unsafe as errors.

    Register it where applications become ready: ``register(check_databases, Tags.database)``.
    """
    messages: list[CheckMessage] = []
    for alias in databases or ():
        for finding in look_at_database(alias):
            if finding.level != "ok":
                kind, code = (Error, "E001") if finding.level == "unsafe" else (Warning, "W001")
                messages.append(kind(f"{finding.what}: {finding.why}", hint=finding.what_to_do, id=f"evenhand.{code}"))
    return messages


def check_clock(now: datetime, seen: Iterable[datetime] = ()) -> Finding:
    """Compare the clock with times that were surely in the past: of files, of the newest entry.

    Parameters
    ----------
    now, seen
        Aware times.
    """
    latest = max(seen, default=now)
    if now.year < FIRST_YEAR or latest - now > timedelta(minutes=1):
        earliest = max(latest, datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))
        return Finding(
            "unsafe",
            f"the clock says {now:%Y-%m-%d %H:%M} UTC, and it must be later than {earliest:%Y-%m-%d %H:%M}",
            "entries would be recorded before those they follow, and needs would lapse late.",
            "Set the clock, and keep it right with NTP.",
        )
    return Finding("ok", f"the clock says {now:%Y-%m-%d %H:%M} UTC")


def times_of_files(folder: Path) -> list[datetime]:
    """Return when the files of a folder (not of folders in it) were last changed, for :func:`check_clock`."""
    return [datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in folder.glob("*") if file.is_file()]


def check_debug(debug: bool, hosts: Sequence[str] = ()) -> Finding:
    """Find a server that shows its insides to whoever meets an error."""
    if not debug:
        return Finding("ok", "debug is off")
    others = [host for host in hosts if host not in ("localhost", "127.0.0.1", "[::1]")]
    return Finding(
        "unsafe" if others else "warning",
        "debug is on" + (f", and the server answers to {', '.join(others)}" if others else ""),
        "whoever meets an error sees settings, queries and records.",
        "Set debug to no.",
    )


def check_secret_key(secret: str) -> Finding:
    """Find a missing or a guessable secret of sessions and forms."""
    if len(secret) >= SECRET_LENGTH and len(set(secret)) >= SECRET_LETTERS:
        return Finding("ok", "the secret of sessions and forms is long enough")
    return Finding(
        "unsafe",
        f"the secret of sessions and forms has {len(secret)} letters" if secret else "there is no secret for sessions",
        f"with fewer than {SECRET_LETTERS} different letters or less than {SECRET_LENGTH} in all it can be guessed, and "
        "whoever knows it can sign in as anybody.",
        "Run evenhand init, which makes one.",
    )


@dataclass(frozen=True, slots=True)
class SecretFile:
    """Say what a file of keys is called, what happens without it and when others read it, and where another comes from."""

    name: str
    without: str
    harm: str
    where_from: str


SIGNING_KEY: Final = SecretFile(
    "the signing key",
    "without it no checkpoint can be signed, and nobody can prove that the stock book was not changed.",
    "whoever reads it can sign checkpoints of a false stock book.",
    "Run evenhand init, or copy the key back from where you keep it.",
)
PEOPLE_KEYS: Final = SecretFile(
    "the file of the people register's keys",
    "without them nobody can read what they sealed, and nobody can be registered.",
    "whoever reads them and comes by a copy of the people register reads everybody in it.",
    "Copy them back from where you keep them. For a register that nobody was ever in, evenhand init makes new ones.",
)


def check_key_file(file: Path, away_from: Iterable[Path] = (), what: SecretFile = SIGNING_KEY) -> Finding:
    """Check a file of keys: there, readable by its owner alone, outside what is copied.

    Parameters
    ----------
    file
        The keys' file.
    away_from
        Folders that are copied elsewhere or served, such as that of the backups.
    what
        Whose keys they are.
    """
    try:
        mode = file.stat().st_mode
    except OSError:
        return Finding("unsafe", f"{what.name} is not at {file}", what.without, what.where_from)
    if mode & 0o077:
        said = f"{file} can be read or changed by other users (mode {stat.S_IMODE(mode):o})"
        return Finding("unsafe", said, what.harm, f"chmod 600 {file}")
    for folder in away_from:
        if file.resolve().is_relative_to(folder.resolve()):
            said = f"{file} lies in {folder}, which is copied elsewhere"
            return Finding("unsafe", said, what.harm, "Keep it outside, with a copy on paper or in a safe.")
    return Finding("ok", f"{what.name} can be read by its owner alone")

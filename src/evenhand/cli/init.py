"""`evenhand init`: an installation from nothing: folder, keys, settings, tables, seed lists, the first operator."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.answer import Answer
from evenhand.cli.options import AsJson
from evenhand.errors import OptionRefused

SETTINGS_TEXT = """\
# Settings of this installation of Evenhand; docs: reference, settings. The environment (EVENHAND_NAME=...) comes first.
name = "{name}"
group = "{group}"
"""

KEYS_MISSED = "The keys of the people register are not at {file}, and there are records that they sealed: copy them back from where you keep them."


def init(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="The data folder; EVENHAND_DATA where not said.", show_default=False),
    ] = None,
    operator: Annotated[
        str, typer.Option(metavar="NAME", help="The name of the first user, who lets the others in.")
    ] = "operator",
    name: Annotated[
        str, typer.Option(metavar="TEXT", help="The name of this stock book in its checkpoints; it can never change.")
    ] = "evenhand.example/stock-book",
    group: Annotated[str, typer.Option(metavar="KEY", help="The group of states that it serves, such as NAM.")] = "",
    seeds: Annotated[bool, typer.Option("--seeds/--no-seeds", help="Plant the shipped lists of facts.")] = True,
    as_json: AsJson = False,
) -> Answer:
    """Make an installation: its folder, keys, settings, the tables of both databases, lists, and first operator.

    Run again, it brings the tables up to date and leaves everything else as it is.
    """
    if folder is not None:
        os.environ["EVENHAND_DATA"] = str(folder)
    made = prepare_folder(name, group)
    from evenhand.cli.session import start

    start(fresh=True)
    from django.conf import settings

    made += prepare_databases()
    facts = {
        "folder": str(settings.EVENHAND.folder),
        "database": _where("default"),
        "people register": _where("people"),
    }
    facts |= {"new": ", ".join(made)} if made else {}
    facts |= _first_steps(operator, seeds=seeds)
    from evenhand.actions.people.installing import find_missing_keys

    missing = find_missing_keys(settings.EVENHAND)
    return Answer(
        "init",
        f"The installation is ready in {settings.EVENHAND.folder}.",
        facts,
        dict(facts),
        closing=(
            *([KEYS_MISSED.format(file=missing)] if missing else []),
            f"Next: export EVENHAND_DATA={settings.EVENHAND.folder} EVENHAND_USER={operator}; evenhand check-setup",
            "Let others in with: evenhand user add NAME; evenhand user grant NAME --role focal-point --party TCD",
        ),
    )


def prepare_folder(name: str, group: str) -> list[str]:
    """Make what is missing of the data folder, its keys and its settings; return what was made."""
    from evenhand.configuration import FILE, read_configuration
    from evenhand.ledger.checkpoint import new_signing_key

    configuration = read_configuration()
    made = []
    try:
        configuration.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        configuration.signing_key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = configuration.folder / FILE
        if not settings.exists():
            settings.write_text(SETTINGS_TEXT.format(name=name, group=group), encoding="utf-8")
            made.append(FILE)
            configuration = read_configuration()
        if not configuration.signing_key_file.exists():
            key = new_signing_key(configuration["name"])
            _write_secret(configuration.signing_key_file, key.text())
            public = configuration.folder / "checkpoint-key.txt"
            public.write_text(key.verifier.text() + "\n", encoding="ascii")
            made.append("the key that signs checkpoints")
        if not configuration.secret_key():
            _write_secret(configuration.secret_key_file, secrets.token_urlsafe(50))
            made.append("the secret of sessions")
    except OSError as error:
        raise OptionRefused(f"{error.filename} cannot be written: {error.strerror}; choose another folder") from error
    return made


def prepare_databases() -> list[str]:
    """Bring the tables of both databases up to date, and make the people register's keys where it was never used.

    Django must be ready. Returns what was made.
    """
    from django.conf import settings

    from evenhand.actions.people.installing import find_missing_keys, new_keys
    from evenhand.database.apart import PEOPLE, expect_apart
    from evenhand.database.backups import has_records
    from evenhand.database.migrating import bring_up_to_date

    expect_apart()
    bring_up_to_date()
    file = find_missing_keys(settings.EVENHAND)
    if file is None or has_records(PEOPLE):
        return []
    try:
        _write_secret(file, new_keys().rstrip())
    except OSError as error:
        raise OptionRefused(
            f"{error.filename} cannot be written: {error.strerror}; set people_keys to a place that can"
        ) from error
    return ["the keys of the people register"]


def _write_secret(file: Path, text: str) -> None:
    """Write a file that nobody else may read, complete or not at all."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(text + "\n")
        out.flush()
        os.fsync(out.fileno())
    fresh.rename(file)


def _where(alias: str) -> str:
    from django.db import connections

    return "SQLite" if connections[alias].vendor == "sqlite" else "PostgreSQL"


def _first_steps(operator: str, *, seeds: bool) -> dict[str, str]:
    """Make the first operator in an empty database, and plant the lists."""
    from evenhand.actions.action import Acting
    from evenhand.actions.installing import install
    from evenhand.actions.seeds import plant_seeds
    from evenhand.cli.session import ORIGIN
    from evenhand.lookups.viewers import find_operator

    facts: dict[str, str] = {}
    first = find_operator(on=datetime.now(UTC).date())
    if first is None:
        install(operator)
        facts["operator"] = operator
        first = find_operator(on=datetime.now(UTC).date())
    if seeds and first is not None:
        done = plant_seeds(Acting(first, reason="the shipped lists", origin=ORIGIN))
        facts["seeds"] = "; ".join(f"{key.replace('_', ' ')} {value}" for key, value in done.facts.items())
    return facts

"""The databases of earlier releases come up to date with all that is in them; see `fixtures/README.md`."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from book_scene import Scene
from django.apps import apps
from django.core.management import call_command
from django.db import connection, router
from django.db.migrations.loader import MigrationLoader
from ground import Ground, elsewhere, execute, state_here
from invariants import check_book

from evenhand.database.backups import read_backup, write_backup

STORED = Path(__file__).parent / "fixtures"
ENDS = {"sqlite": ".sqlite3.gz", "postgresql": ".pgdump"}
RELEASES = sorted({file.name.partition(".")[0] for end in ENDS.values() for file in STORED.glob(f"*{end}")})
LEAST_ENTRIES = 8


@pytest.fixture
def stored(request: pytest.FixtureRequest, ground: Ground, tmp_path: Path) -> Path:
    """The backup of a release, as `evenhand backup` writes it."""
    file = STORED / (request.param + ENDS[ground.vendor])
    assert file.is_file(), f"{request.param} was not stored for this database"
    if file.suffix != ".gz":
        return file
    backup = tmp_path / "backup"
    backup.write_bytes(gzip.decompress(file.read_bytes()))
    return backup


@pytest.mark.parametrize("stored", RELEASES, indirect=True)
def test_a_release_s_database_comes_up_to_date_and_holds(stored: Path, ground: Ground, tmp_path: Path) -> None:
    with ground.here():
        call_command("migrate", verbosity=0)
        wanted = _columns()
    with elsewhere(ground, tmp_path, 0):
        read_backup(stored)
        before = execute("SELECT size, peaks FROM stockbook_head")
        call_command("migrate", verbosity=0)
        assert _columns() == wanted, "a stored database does not become what a new one is; was an old migration edited?"
        assert check_book() >= LEAST_ENTRIES
        assert execute("SELECT size, peaks FROM stockbook_head") == before, "a migration touched the book"
        assert len({*execute("SELECT name FROM access_actionline")}) > 10


def _columns() -> dict[str, set[str]]:
    """Return every table of Evenhand in the first database, with its columns."""
    with connection.cursor() as cursor:
        return {
            model._meta.db_table: {
                column.name for column in connection.introspection.get_table_description(cursor, model._meta.db_table)
            }
            for model in apps.get_models()
            if model.__module__.startswith("evenhand.") and router.allow_migrate_model("default", model)
        }


def test_there_is_a_stored_release() -> None:
    assert RELEASES


def test_every_migration_was_looked_at() -> None:
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("evenhand.")}
    there = {f"{app} {name}" for app, name in MigrationLoader(None).disk_migrations if app in ours}
    looked_at = set((STORED / "looked-at.txt").read_text(encoding="ascii").split("\n")) - {""}
    assert there == looked_at, f"read {STORED.name}/README.md, then change looked-at.txt"


def test_a_release_is_stored(scene: Scene, ground: Ground, tmp_path: Path) -> None:
    """Store one where EVENHAND_TEST_STORE names it; else only see that it could be done."""
    name = os.environ.get("EVENHAND_TEST_STORE")
    with ground.here():
        state = state_here()
        write_backup(tmp_path / "backup")
    with elsewhere(ground, tmp_path, 1):
        read_backup(tmp_path / "backup")
        assert state_here() == state
    if name:
        whole = (tmp_path / "backup").read_bytes()
        file = STORED / (name + ENDS[ground.vendor])
        file.write_bytes(gzip.compress(whole, mtime=0) if file.suffix == ".gz" else whole)

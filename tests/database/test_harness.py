"""The harness itself: each test meets the database that was asked for, its own, and empty."""

from __future__ import annotations

import os
from pathlib import Path

import postgresql_server
import pytest
from database_harness import FreshDatabase

# Any table would do; this one is Django's own, so that a change of Evenhand's tables leaves the harness's tests alone.
WORDS = (
    "from django.contrib.contenttypes.models import ContentType; words = ContentType.objects.filter(app_label='w')\n"
)


def add_word(word: str) -> None:
    from django.contrib.contenttypes.models import ContentType

    ContentType.objects.create(app_label="w", model=word)


def words() -> set[str]:
    from django.contrib.contenttypes.models import ContentType

    return set(ContentType.objects.filter(app_label="w").values_list("model", flat=True))


def test_the_database_is_the_one_that_was_asked_for(db: None, database_vendor: str) -> None:
    from evenhand.database.writing import vendor

    assert vendor() == database_vendor


@pytest.mark.only("sqlite")
def test_sqlite_is_a_file_so_that_it_has_its_lock_beside_it(db: None) -> None:
    from django.db import connection

    assert Path(connection.settings_dict["NAME"]).is_file()


@pytest.mark.parametrize("time", [1, 2])
def test_what_one_test_writes_the_next_does_not_find(db: None, time: int) -> None:
    assert words() == set()
    add_word("amina")
    assert words() == {"amina"}


def test_a_test_that_does_not_ask_for_the_database_does_not_get_it() -> None:
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        words()


@pytest.mark.parametrize("time", [1, 2])
def test_a_fresh_database_is_migrated_empty_and_reached_by_other_processes(
    fresh_database: FreshDatabase, time: int
) -> None:
    fresh_database.run(WORDS + "ContentType.objects.create(app_label='w', model='amina')")
    assert fresh_database.run(WORDS + "print(*words.values_list('model', flat=True))").split() == ["amina"]


def test_a_fresh_database_can_be_reached_from_the_test_itself(fresh_database: FreshDatabase) -> None:
    fresh_database.run(WORDS + "ContentType.objects.create(app_label='w', model='amina')")
    with fresh_database.here():
        assert words() == {"amina"}


# ── the people register's own database ───────────────────────────────────────────────────────────────────────────────

NOTE = """
from django.db import connections
with connections["people"].cursor() as cursor:
    cursor.execute("INSERT INTO people_blindindex (record, kind, digest) VALUES ('HH-1', 'phone', '1.00')")
"""


def note() -> None:
    exec(NOTE, {})  # the same words that another process runs


def notes() -> int:
    from django.db import connections

    with connections["people"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_blindindex")
        return int(cursor.fetchone()[0])


def test_a_test_that_asks_for_the_first_database_alone_does_not_reach_the_people_register(db: None) -> None:
    from django.test.testcases import DatabaseOperationForbidden

    with pytest.raises(DatabaseOperationForbidden, match="people"):
        notes()


@pytest.mark.django_db(databases=["default", "people"])
@pytest.mark.parametrize("time", [1, 2])
def test_what_one_test_writes_into_the_people_register_the_next_does_not_find(time: int) -> None:
    assert notes() == 0
    note()
    assert notes() == 1


@pytest.mark.parametrize("time", [1, 2])
def test_fresh_databases_are_both_of_the_test_s_own(fresh_databases: FreshDatabase, time: int) -> None:
    fresh_databases.run(NOTE)
    with fresh_databases.here():
        assert notes() == 1
        note()
        assert notes() == 2


@pytest.mark.only("postgresql")
def test_a_fresh_database_alone_reaches_no_people_register_by_mistake(fresh_database: FreshDatabase) -> None:
    from django.db import OperationalError

    with fresh_database.here(), pytest.raises(OperationalError, match="nobody_asked_for_people"):
        notes()


def test_a_machine_without_postgresql_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql_server.shutil, "which", lambda program: None)
    monkeypatch.setattr(Path, "glob", lambda folder, pattern: iter(()))
    with pytest.raises(postgresql_server.ServerMissing, match=r"initdb, postgres.*make \.venv/\.postgres"):
        postgresql_server.binaries()


def test_no_setting_of_whoever_runs_the_tests_comes_in() -> None:
    allowed = {
        "EVENHAND_DATA",
        "EVENHAND_DATABASE",
        "EVENHAND_HTTPS",
        "EVENHAND_PEOPLE_DATABASE",
        "EVENHAND_TEST_DATABASE",
        "EVENHAND_TEST_POSTGRESQL",
    }
    assert {name for name in os.environ if name.startswith("EVENHAND_")} <= allowed

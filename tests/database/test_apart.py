"""The people register is apart: no table, foreign key, question or migration crosses; what the settings would mix is refused."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from database_harness import PROJECT, FreshDatabase
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connections, router, transaction
from django.db.migrations.loader import MigrationLoader

from evenhand.database.apart import (
    PEOPLE,
    SAME,
    are_the_same,
    check_roles,
    check_secure_delete,
    expect_apart,
    look_at_people,
)
from evenhand.database.migrating import bring_up_to_date, look_at_tables
from evenhand.errors import OptionRefused

SERVER = {
    "ENGINE": "django.db.backends.postgresql",
    "HOST": "db.example",
    "PORT": "",
    "NAME": "book",
    "USER": "evenhand",
}
FILE = {"ENGINE": "evenhand.database.sqlite", "NAME": "/srv/evenhand/evenhand.sqlite3"}
BOTH = pytest.mark.django_db(databases=["default", PEOPLE])
MAY = ("people", "actions/people", "lookups/people")
"""Where the tables of the register may be named."""


def tables(alias: str) -> set[str]:
    return set(connections[alias].introspection.table_names())


def models(alias: str) -> list[Any]:
    return [model for model in apps.get_models(include_auto_created=True) if router.allow_migrate_model(alias, model)]


# ── nothing crosses ──────────────────────────────────────────────────────────────────────────────────────────────────


@BOTH
def test_each_database_holds_its_own_tables_and_no_others() -> None:
    by_hand = {"django_migrations", "stockbook_move"}  # tables without a model
    for alias in ("default", PEOPLE):
        assert tables(alias) - by_hand == {model._meta.db_table for model in models(alias)}
    assert tables("default") & tables(PEOPLE) == {"django_migrations"}
    assert {model._meta.app_label for model in models(PEOPLE)} == {PEOPLE}
    assert not [table for table in tables("default") if table.startswith("people")]


@pytest.mark.parametrize("order", [("default", PEOPLE), (PEOPLE, "default")], ids=" first, then ".join)
def test_whoever_migrates_either_database_whole_makes_nothing_in_it_of_the_other(
    fresh_databases: FreshDatabase, order: tuple[str, str]
) -> None:
    """Also by Django's own words for it, with every application's migrations from none at all."""
    with fresh_databases.here():
        expected = {alias: tables(alias) for alias in order}
        for alias in order:
            _empty(alias)
            call_command("migrate", database=alias, verbosity=0)
            assert tables(alias) == expected[alias], alias
        assert [one.level for alias in order for one in look_at_tables(alias)] == ["ok", "ok"]


def _empty(alias: str) -> None:
    connection = connections[alias]
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        connection.close()
        for end in ("", "-wal", "-shm"):
            Path(f"{name}{end}").unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connection.close()


def test_no_foreign_key_crosses() -> None:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.is_relation and field.related_model is not None:
                both = {PEOPLE in (one._meta.app_label,) for one in (model, field.related_model)}
                assert len(both) == 1, f"{model._meta.label}.{field.name} reaches into the other database"


def test_no_migration_waits_for_one_of_the_other_database() -> None:
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        for other, _ in [*migration.dependencies, *migration.run_before]:
            assert (app == PEOPLE) == (other == PEOPLE), f"{app} {name} depends on one of {other}"


def _imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_only_the_register_s_own_actions_and_lookups_name_its_tables() -> None:
    source = PROJECT / "src" / "evenhand"
    wrong = [
        str(file.relative_to(source))
        for file in source.rglob("*.py")
        if not any(file.is_relative_to(source / folder) for folder in MAY) and _names_the_tables(file)
    ]
    assert wrong == []
    users = [file for folder in MAY for file in (source / folder).rglob("*.py")]
    assert any(_names_the_tables(file) for file in users), "the test looks in the wrong place"


def _names_the_tables(file: Path) -> bool:
    return any(name.startswith("evenhand.people.models") for name in _imports(file))


@BOTH
def test_a_question_that_crosses_is_answered_by_neither_database() -> None:
    from evenhand.people.models import Household
    from evenhand.records.models import Party

    with pytest.raises(DatabaseError), transaction.atomic(using=PEOPLE):
        list(Household.objects.filter(site__in=Party.objects.values("key")))
    with pytest.raises(DatabaseError), transaction.atomic():
        list(Party.objects.filter(key__in=Household.objects.values("site")))


def test_the_router_lets_nothing_refer_across() -> None:
    from evenhand.people.models import Household, Person
    from evenhand.records.models import Party

    assert not router.allow_relation(Household(), Party())
    assert not router.allow_relation(Party(), Household())
    assert router.allow_relation(Household(), Person())
    for model, alias in ((Household, PEOPLE), (Party, "default")):
        assert router.db_for_read(model) == router.db_for_write(model) == alias


def test_the_people_register_is_not_in_the_admin() -> None:
    from django.contrib import admin

    assert not [model for model in admin.site._registry if model._meta.app_label == PEOPLE]


# ── making them ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_installation_s_databases_come_up_from_nothing_and_again_unchanged(fresh_databases: FreshDatabase) -> None:
    with fresh_databases.here():
        expected = {alias: tables(alias) for alias in ("default", PEOPLE)}
        for alias in expected:
            _empty(alias)
            assert "changes wait" in look_at_tables(alias)[0].what
        for _ in range(2):
            bring_up_to_date()
            assert {alias: tables(alias) for alias in expected} == expected
            assert [one.level for alias in expected for one in look_at_tables(alias)] == ["ok", "ok"]


def test_tables_that_cannot_be_looked_at_are_not_called_up_to_date(fresh_databases: FreshDatabase) -> None:
    with fresh_databases.here():
        connections[PEOPLE].settings_dict["NAME"] = "/nowhere/people"
        assert look_at_tables(PEOPLE) == ()
        assert [one.level for one in look_at_people()] == ["ok"]  # the settings tell that they are two


# ── what the settings would mix ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (SERVER, SERVER, True),
        (SERVER, SERVER | {"USER": "registrar", "PASSWORD": "other"}, True),
        (SERVER, SERVER | {"PORT": "5432"}, True),
        (SERVER, SERVER | {"HOST": "DB.example"}, True),
        (SERVER | {"HOST": ""}, SERVER | {"HOST": "127.0.0.1"}, True),
        (SERVER, SERVER | {"NAME": "people"}, False),
        (SERVER, SERVER | {"PORT": "5433"}, False),
        (SERVER, SERVER | {"HOST": "people.example"}, False),
        (SERVER, FILE, False),
        (FILE, FILE | {"NAME": "/srv/evenhand/../evenhand/evenhand.sqlite3"}, True),
        (FILE, FILE | {"NAME": "/srv/evenhand/people.sqlite3"}, False),
    ],
)
def test_one_database_named_twice_is_told_from_two(one: dict[str, str], other: dict[str, str], same: bool) -> None:
    assert are_the_same(one, other) is are_the_same(other, one) is same


def test_tables_are_not_made_where_both_would_be_in_one_database(monkeypatch: pytest.MonkeyPatch) -> None:
    expect_apart()
    for key in ("ENGINE", "NAME", "HOST", "PORT"):
        monkeypatch.setitem(connections.settings[PEOPLE], key, connections.settings["default"][key])
    with pytest.raises(OptionRefused, match="the same database as everything else"):
        expect_apart()


def test_both_in_one_database_are_found_also_where_the_settings_hide_it(fresh_databases: FreshDatabase) -> None:
    with fresh_databases.here():
        assert [one.what for one in look_at_people() if one.level == "unsafe"] == []
        if fresh_databases.vendor == "sqlite":
            link = Path(fresh_databases.people).with_name("linked.sqlite3")
            link.symlink_to(fresh_databases.name)
            connections[PEOPLE].close()
            connections[PEOPLE].settings_dict["NAME"] = str(link)
            (found,) = look_at_people()
        else:
            connections[PEOPLE].close()
            before = connections[PEOPLE].settings_dict["HOST"]
            connections[PEOPLE].settings_dict |= {"NAME": fresh_databases.name, "HOST": before + "/."}
            (found,) = look_at_people()
            connections[PEOPLE].settings_dict["HOST"] = before
        assert (found.level, found.what) == ("unsafe", SAME)


def test_one_role_for_both_is_warned_of() -> None:
    (same,) = check_roles("evenhand", "evenhand")
    assert (same.level, same.what) == ("warning", "the role evenhand reaches the records and the people register")
    (two,) = check_roles("evenhand", "registrar")
    assert two.level == "ok"


@pytest.mark.only("postgresql")
def test_the_roles_are_those_that_the_server_knows(fresh_databases: FreshDatabase) -> None:
    with fresh_databases.here():
        assert [one.level for one in look_at_people()] == ["ok", "warning"]  # the tests' own server has one role
        with connections[PEOPLE].cursor() as cursor:
            cursor.execute("CREATE ROLE registrar_of_a_test")
            try:
                cursor.execute("SET ROLE registrar_of_a_test")
                assert [one.level for one in look_at_people()] == ["ok", "ok"]
            finally:
                cursor.execute("RESET ROLE")
                cursor.execute("DROP ROLE registrar_of_a_test")


@pytest.mark.parametrize(("answer", "level"), [(0, "unsafe"), (1, "ok"), (2, "unsafe")])
def test_what_is_erased_must_be_written_over(answer: int, level: str) -> None:
    assert check_secure_delete(answer).level == level


@pytest.mark.only("sqlite")
def test_what_is_erased_from_the_register_is_in_its_file_no_more(fresh_databases: FreshDatabase) -> None:
    """A box that was deleted leaves no trace in the file, once the log was copied into it."""
    box = "1.ThisBoxWasSealedAndThenErased"
    with fresh_databases.here():
        assert any("written over" in one.what and one.level == "ok" for one in look_at_people())
        with connections[PEOPLE].cursor() as cursor:
            cursor.execute("INSERT INTO people_blindindex (record, kind, digest) VALUES ('HH-1', 'phone', %s)", [box])
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            assert box.encode() in Path(fresh_databases.people).read_bytes()
            cursor.execute("DELETE FROM people_blindindex")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert box.encode() not in Path(fresh_databases.people).read_bytes()


# ── a server makes neither of them ───────────────────────────────────────────────────────────────────────────────────

SERVE = """
import evenhand.server.warming
evenhand.server.warming.begin = lambda application: None
import evenhand.server.wsgi
from django.db import OperationalError, connections
for alias in connections:
    try:
        connections[alias].ensure_connection()
    except OperationalError as error:
        print(alias, error)
"""


@pytest.mark.only("sqlite")
def test_a_server_makes_no_register_where_its_file_is_missed(fresh_database: FreshDatabase) -> None:
    Path(fresh_database.people).unlink()
    said = fresh_database.run(SERVE)
    assert said.startswith("people unable to open database file")
    assert "is not there any more" in said
    assert not Path(fresh_database.people).exists()


@pytest.mark.only("sqlite")
def test_how_the_tables_of_both_are_filled_is_noted(fresh_databases: FreshDatabase) -> None:
    from evenhand.server.warming import size_up_tables

    with fresh_databases.here():
        with connections[PEOPLE].cursor() as cursor:
            cursor.execute("INSERT INTO people_blindindex (record, kind, digest) VALUES ('HH-1', 'phone', '1.00')")
        size_up_tables()
        with connections[PEOPLE].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'people_blindindex'")
            assert cursor.fetchone()[0] > 0

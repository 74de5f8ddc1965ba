"""Backups of the records and of the people register: of one moment, apart, and back together or not at all."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from database_harness import PEOPLE, FreshDatabase
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from evenhand_shell import Shell, make_shell
from ground import Ground, elsewhere, state_here
from postgresql_server import PostgresqlServer

from evenhand.database.backups import has_records, knows_of, read_backups, write_backup, write_backups
from evenhand.database.migrating import bring_up_to_date
from evenhand.errors import ActionRefused, FileUnreadable, OptionRefused

STORED = Path(__file__).parent / "fixtures"
PAIRS = """
import sys
from django.db import connections
from evenhand.database.writing import writing

def write(number):
    with writing(), writing("people"):
        with connections["default"].cursor() as cursor:
            cursor.execute("INSERT INTO django_content_type (app_label, model) VALUES ('pair', %s)", [str(number)])
        with connections["people"].cursor() as cursor:
            cursor.execute("INSERT INTO people_blindindex (record, kind, digest) VALUES (%s, 'pair', '')", [str(number)])

number = 0
while True:
    number += 1
    write(f"{sys.argv[1]}-{number}")
"""
"""Each action writes one row here and one there, as a ration that is given is written."""


def pairs() -> tuple[set[str], set[str]]:
    first = set(ContentType.objects.filter(app_label="pair").values_list("model", flat=True))
    with connections[PEOPLE].cursor() as cursor:
        cursor.execute("SELECT record FROM people_blindindex WHERE kind = 'pair'")
        return first, {record for (record,) in cursor.fetchall()}


def files_in(folder: Path, number: int = 0) -> dict[str, Path]:
    return {"default": folder / f"book-{number}.backup", PEOPLE: folder / f"book-{number}.people.backup"}


def record_something() -> None:
    """Write a row of each database by which it is known to be in use."""
    from datetime import UTC, datetime

    from evenhand.access.models import User
    from evenhand.people.models import PeopleLine

    now = datetime.now(UTC)
    User.objects.create_user("amina", public_id="u-amina", made_at=now)
    PeopleLine.objects.create(id="L1", name="people open", by="u-amina", at=now, digest="", given={}, answer={})


@pytest.fixture
def filled(ground_of_both: Ground) -> Ground:
    with ground_of_both.here():
        record_something()
    return ground_of_both


def test_both_come_from_the_same_moment_while_others_write(ground_of_both: Ground, tmp_path: Path) -> None:
    writers = [ground_of_both.fresh.start(PAIRS, name) for name in ("a", "b")]
    sizes = []
    try:
        _wait_for_pairs(ground_of_both)
        for number in range(6):
            time.sleep(0.05)
            with ground_of_both.here():
                write_backups(files_in(tmp_path, number))
            assert all(writer.poll() is None for writer in writers), "a backup stopped a writer"
            with elsewhere(ground_of_both, tmp_path, number):
                read_backups(files_in(tmp_path, number))
                first, people = pairs()
            assert first == people, "one of the two files knows what the other does not"
            sizes.append(len(first))
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
    assert sizes == sorted(sizes)
    assert 0 < sizes[0] < sizes[-1], "nobody wrote meanwhile"


def _wait_for_pairs(ground: Ground) -> None:
    end = time.monotonic() + 30
    with ground.here():
        while not all(pairs()):
            assert time.monotonic() < end, "nobody writes"
            time.sleep(0.05)


def test_what_comes_back_is_row_by_row_what_went(filled: Ground, tmp_path: Path) -> None:
    with filled.here():
        before = [state_here(), state_here(PEOPLE)]
        sizes = write_backups(files_in(tmp_path))
    assert sizes == {alias: file.stat().st_size for alias, file in files_in(tmp_path).items()}
    assert {file.stat().st_mode & 0o777 for file in files_in(tmp_path).values()} == {0o600}
    assert {file.name for file in tmp_path.iterdir() if file.is_file()} == {"book-0.backup", "book-0.people.backup"}
    with elsewhere(filled, tmp_path, 1):
        read_backups(files_in(tmp_path))
        assert [state_here(), state_here(PEOPLE)] == before
        assert has_records()
        assert has_records(PEOPLE)
        bring_up_to_date()
        assert [state_here(), state_here(PEOPLE)] == before


@pytest.mark.parametrize("there", ["default", PEOPLE])
def test_neither_is_written_where_one_of_the_files_exists(ground_of_both: Ground, tmp_path: Path, there: str) -> None:
    files = files_in(tmp_path)
    files[there].write_text("last week's")
    with ground_of_both.here(), pytest.raises(OptionRefused, match="never writes over"):
        write_backups(files)
    assert [file.read_text() for file in tmp_path.iterdir() if file.is_file()] == ["last week's"]


def test_neither_is_left_where_one_of_the_files_cannot_be_written(ground_of_both: Ground, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with ground_of_both.here(), pytest.raises(OptionRefused, match="cannot be written"):
        write_backups({"default": tmp_path / "book", PEOPLE: tmp_path / "file" / "book.people"})
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["file"]


def test_a_file_that_comes_meanwhile_is_not_written_over_and_the_other_one_goes(
    ground_of_both: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    files, link = files_in(tmp_path), os.link

    def late(half: Path, file: Path) -> None:
        if file == files[PEOPLE]:
            file.write_text("somebody else's")
        link(half, file)

    monkeypatch.setattr(os, "link", late)
    with ground_of_both.here(), pytest.raises(OptionRefused, match="cannot be written: File exists"):
        write_backups(files)
    assert [file.read_text() for file in tmp_path.iterdir() if file.is_file()] == ["somebody else's"]


def test_a_writer_that_never_ends_is_said_to_hinder_the_backup(
    fresh_databases: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = (
        "from evenhand.database.writing import writing\nimport sys\n"
        "with writing('people'):\n  print('in', flush=True)\n  sys.stdin.readline()\n"
    )
    holder = fresh_databases.start(hold)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "in\n"
    options = connections[PEOPLE].settings_dict["OPTIONS"]
    if fresh_databases.vendor == "sqlite":
        monkeypatch.setitem(options, "lock_timeout", 0.2)
    else:
        monkeypatch.setitem(options, "options", "-c lock_timeout=200")
    try:
        with fresh_databases.here(), pytest.raises(ActionRefused, match="no backup was made: another writer has kept"):
            write_backups(files_in(tmp_path))
    finally:
        holder.communicate("out\n", timeout=30)
    assert [file for file in tmp_path.iterdir() if file.is_file()] == []


@pytest.mark.parametrize("damaged", ["default", PEOPLE])
def test_nothing_comes_back_where_one_of_the_files_is_damaged(filled: Ground, tmp_path: Path, damaged: str) -> None:
    files = files_in(tmp_path)
    with filled.here():
        write_backups(files)
    whole = files[damaged].read_bytes()
    files[damaged].write_bytes(whole[: len(whole) * 2 // 3])
    with elsewhere(filled, tmp_path, 1):
        with pytest.raises(FileUnreadable):
            read_backups(files)
        assert not has_records()
        assert not has_records(PEOPLE)


def test_files_that_were_taken_for_each_other_are_refused(filled: Ground, tmp_path: Path) -> None:
    files = files_in(tmp_path)
    with filled.here():
        write_backups(files)
    with elsewhere(filled, tmp_path, 1):
        with pytest.raises(
            FileUnreadable, match="is a backup of the database 'people', and is not brought back into 'default'"
        ):
            read_backups({"default": files[PEOPLE], PEOPLE: files["default"]})
        with pytest.raises(FileUnreadable, match="is a backup of the database 'default'"):
            read_backups({PEOPLE: files["default"]})
        assert not has_records()
        assert not has_records(PEOPLE)


@pytest.mark.parametrize("used", ["default", PEOPLE])
def test_nothing_comes_back_over_records_of_either(filled: Ground, tmp_path: Path, used: str) -> None:
    files = files_in(tmp_path)
    with filled.here():
        write_backups(files)
    with elsewhere(filled, tmp_path, 1):
        read_backups({used: files[used]})
        before = state_here(used)
        with pytest.raises(ActionRefused, match="holds records already"):
            read_backups(files)
        assert state_here(used) == before
        other = PEOPLE if used == "default" else "default"
        assert not has_records(other)


def test_a_backup_says_whether_there_was_a_register_when_it_was_made(ground_of_both: Ground, tmp_path: Path) -> None:
    with ground_of_both.here():
        write_backup(tmp_path / "now")
        assert knows_of(tmp_path / "now", PEOPLE)
        assert not knows_of(_stored(ground_of_both, tmp_path), PEOPLE)
        (tmp_path / "letter").write_text("Dear colleagues")
        assert not knows_of(tmp_path / "letter", PEOPLE)


def test_a_backup_from_before_there_was_a_register_comes_back(ground_of_both: Ground, tmp_path: Path) -> None:
    with elsewhere(ground_of_both, tmp_path, 1):
        read_backups({"default": _stored(ground_of_both, tmp_path)})
        bring_up_to_date()
        assert has_records()
        assert not has_records(PEOPLE)
        assert not [one for one in connections["default"].introspection.table_names() if one.startswith("people_")]


def _stored(ground: Ground, folder: Path) -> Path:
    if ground.vendor == "postgresql":
        return STORED / "first-release.pgdump"
    file = folder / "first-release"
    file.write_bytes(gzip.decompress((STORED / "first-release.sqlite3.gz").read_bytes()))
    return file


def test_a_register_that_cannot_be_reached_hinders_the_backup_in_a_sentence(
    fresh_databases: FreshDatabase, tmp_path: Path
) -> None:
    with fresh_databases.here():
        connections[PEOPLE].settings_dict["NAME"] = "/nowhere/people"
        with pytest.raises(ActionRefused, match="no backup was made"):
            write_backups(files_in(tmp_path))
    assert [file for file in tmp_path.iterdir() if file.is_file()] == []


# ── an installation with a role for each ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def server() -> Iterator[PostgresqlServer]:
    """A server as it comes from initdb, with two roles, and a database of each for an installation and for another."""
    made = PostgresqlServer()
    made.start()
    with psycopg.connect(made.conninfo("postgres"), autocommit=True) as session:
        for role in ("keeper", "registrar"):
            session.execute(f"CREATE ROLE {role} LOGIN")
            for number in (1, 2):
                session.execute(f"CREATE DATABASE {role}{number} OWNER {role}")
                session.execute(f"REVOKE CONNECT ON DATABASE {role}{number} FROM PUBLIC")
    yield made
    made.remove()


def shell_on(server: PostgresqlServer, folder: Path, number: int, people: str = "registrar") -> Shell:
    return make_shell(
        folder,
        EVENHAND_DATABASE=server.url(f"keeper{number}").replace("postgres@", "keeper@"),
        EVENHAND_PEOPLE_DATABASE=server.url(f"registrar{number}").replace("postgres@", f"{people}@"),
    )


@pytest.mark.slow
@pytest.mark.only("postgresql")
def test_an_installation_on_two_databases_with_a_role_each(server: PostgresqlServer, tmp_path: Path) -> None:
    shell, other = (shell_on(server, tmp_path / f"data{number}", number) for number in (1, 2))
    answer = shell("init", "--no-seeds", "--name", "test.example/book", "--json").result
    assert (answer["database"], answer["people register"]) == ("PostgreSQL", "PostgreSQL")
    for name, table in (("keeper1", "people_household"), ("registrar1", "records_party")):
        with psycopg.connect(server.conninfo(name)) as session:
            assert session.execute("SELECT to_regclass(%s)", [table]).fetchone() == (None,)
    looked = shell("check-setup", "--json").result
    assert (looked["unsafe"], looked["warnings"]) == (0, 0), looked["findings"]
    assert "the people register has a role of its own" in {one["what"] for one in looked["findings"]}

    with psycopg.connect(server.conninfo("registrar1")) as session:
        session.execute("INSERT INTO people_blindindex (record, kind, digest) VALUES ('HH-1', 'phone', '1.00')")
    file = tmp_path / "book.backup"
    assert shell("backup", str(file)).exit_code == 0
    back = other("restore", str(file))
    assert "Traceback" not in back.err
    with psycopg.connect(server.conninfo("registrar2")) as session:
        assert session.execute("SELECT record FROM people_blindindex").fetchall() == [("HH-1",)]
    assert "holds records already" in other("restore", str(file)).err


@pytest.mark.slow
@pytest.mark.only("postgresql")
def test_a_register_whose_server_does_not_let_one_in_is_a_finding(server: PostgresqlServer, tmp_path: Path) -> None:
    assert shell_on(server, tmp_path / "data", 1)("init", "--no-seeds").exit_code == 0
    outcome = shell_on(server, tmp_path / "data", 1, people="keeper")("check-setup")
    assert (outcome.exit_code, outcome.err) == (1, "")
    assert "the database 'people' cannot be reached" in " ".join(outcome.out.split())


# ── the ground itself ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def changes(filled: Ground) -> Ground:
    filled.keep()
    return filled


def test_both_are_kept_compared_and_put_back(changes: Ground) -> None:
    before = changes.state()
    for alias in ("default", PEOPLE):
        with changes.here(), connections[alias].cursor() as cursor:
            if alias == "default":
                cursor.execute("UPDATE access_user SET full_name = 'Amina' WHERE name = 'amina'")
            else:
                cursor.execute("INSERT INTO people_blindindex (record, kind, digest) VALUES ('HH-1', 'phone', '1.00')")
        assert changes.state() != before, alias
        changes.put_back()
        assert changes.state() == before
    read = Ground.read(changes.described())
    assert read.state() == before
    read.let_go()


def test_a_process_can_die_in_either_database(changes: Ground) -> None:
    """Counting is over both: to die after the first commit, which is the register's, leaves the two apart."""
    from types import SimpleNamespace

    from dying import Point, run_until

    from evenhand.database.writing import writing

    def do() -> SimpleNamespace:
        with writing(), writing(PEOPLE):
            with connections["default"].cursor() as cursor:
                cursor.execute("INSERT INTO django_content_type (app_label, model) VALUES ('pair', '1')")
            with connections[PEOPLE].cursor() as cursor:
                cursor.execute("INSERT INTO people_blindindex (record, kind, digest) VALUES ('1', 'pair', '')")
        return SimpleNamespace(action="pair")

    whole = run_until(changes, None, do)
    assert whole.acknowledged == "pair"
    changes.put_back()
    found = set()
    for number in range(1, whole.statements + 1):
        for mode in ("before", "after"):
            assert run_until(changes, Point(mode, number), do).died
            with changes.here():
                first, people = pairs()
            found.add((len(first), len(people)))
            changes.put_back()
    assert found == {(0, 0), (0, 1), (1, 1)}, "the register's commit comes first, whatever the first database then does"

"""A backup made under load, brought back elsewhere, is a book that once was: it holds, and the live one begins with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from evenhand_cast import make_cast
from ground import Ground, elsewhere, execute
from invariants import check_book
from writers import Writer, all_killed, make_stock, start_writer

from evenhand.database.backups import read_backup, write_backup
from evenhand.database.writing import reading
from evenhand.errors import ActionRefused, FileUnreadable, OptionRefused
from evenhand.ledger.merkle import root_of
from evenhand.stockbook.checkpoints import read_head
from evenhand.stockbook.leaves import read_leaves

BACKUPS = {"sqlite": (80, 5_000), "postgresql": (20, 500)}
WRITERS = 4


@pytest.mark.slow
def test_what_is_brought_back_is_the_book_as_it_was(
    ground: Ground, tmp_path: Path, how_many: Callable[..., int]
) -> None:
    usual, long = BACKUPS[ground.vendor]
    with ground.here():
        stock = make_stock(make_cast(), offers=8, quantity=10**9)
    writers: list[Writer] = []
    sizes = []
    with all_killed(writers):
        writers += [
            start_writer(ground, lambda number, name=f"w{index}": stock.distribute(f"{name}-{number}", number).action)
            for index in range(WRITERS)
        ]
        for number in range(how_many(usual, long=long)):
            for writer in writers:
                writer.listen()
                assert not writer.ended, "a backup stopped a writer"
            told = [request for writer in writers for request in writer.acknowledged]
            file = tmp_path / f"backup-{number}"
            with ground.here():
                write_backup(file)
            with elsewhere(ground, tmp_path, number):
                read_backup(file)
                sizes.append(check_book(told, audited=number % 10 == 0))
                head = read_head()
            with ground.here(), reading():
                assert root_of(read_leaves(until=head.size)) == head.root(), "the live book does not begin with it"
            for left in tmp_path.glob("*-[0-9]*"):
                if left.is_file():
                    left.unlink()
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0], "nobody wrote meanwhile"


def test_a_backup_never_writes_over_another_file(ground: Ground, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_text("the only copy of last week")
    with ground.here(), pytest.raises(OptionRefused, match="never writes over"):
        write_backup(file)
    assert file.read_text() == "the only copy of last week"


def test_a_backup_that_cannot_be_written_leaves_nothing_of_its_name(ground: Ground, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with ground.here(), pytest.raises(OptionRefused, match="cannot be written"):
        write_backup(tmp_path / "file" / "backup")
    with ground.here(), pytest.raises((OptionRefused, FileUnreadable)):
        write_backup(Path("/proc/backup"))


def test_a_backup_is_for_its_owner_alone(ground: Ground, tmp_path: Path) -> None:
    with ground.here():
        assert write_backup(tmp_path / "backup") == (tmp_path / "backup").stat().st_size
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["backup"]


def test_what_is_no_backup_is_refused(ground: Ground, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear colleagues")
    (tmp_path / "empty").write_bytes(b"")
    for name in ("letter", "empty"):
        with ground.here(), pytest.raises(FileUnreadable, match="no backup of Evenhand"):
            read_backup(tmp_path / name)
    with ground.here(), pytest.raises(FileUnreadable, match="cannot be read"):
        read_backup(tmp_path / "missing")


def test_a_backup_of_the_other_database_is_refused(ground: Ground, tmp_path: Path) -> None:
    other, mark = {"sqlite": ("postgresql", b"PGDMP"), "postgresql": ("sqlite", b"SQLite format 3\0")}[ground.vendor]
    (tmp_path / "backup").write_bytes(mark + bytes(100))
    with ground.here(), pytest.raises(FileUnreadable, match=f"backup of {other}"):
        read_backup(tmp_path / "backup")


def test_a_damaged_backup_is_refused_and_nothing_is_put_in_place(ground: Ground, tmp_path: Path) -> None:
    with ground.here():
        make_stock(make_cast(), offers=2, quantity=10)
        write_backup(tmp_path / "backup")
    whole = (tmp_path / "backup").read_bytes()
    for number, damaged in enumerate((whole[: len(whole) // 2], whole[:4096] + bytes(4096) + whole[8192:], whole[:40])):
        (tmp_path / "damaged").write_bytes(damaged)
        with elsewhere(ground, tmp_path, number):
            with pytest.raises(FileUnreadable):
                read_backup(tmp_path / "damaged")
            assert "stockbook_entry" not in _tables()


def _tables() -> list[str]:
    return connection.introspection.table_names()


def test_nothing_is_brought_back_over_records(ground: Ground, tmp_path: Path) -> None:
    with ground.here():
        make_stock(make_cast(), offers=2, quantity=10)
        write_backup(tmp_path / "backup")
        before = execute("SELECT size, peaks FROM stockbook_head")
        with pytest.raises(ActionRefused, match="holds records already"):
            read_backup(tmp_path / "backup")
        assert execute("SELECT size, peaks FROM stockbook_head") == before

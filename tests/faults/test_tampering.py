"""Somebody with all rights on the database changes the book behind Evenhand's back: the audit finds it and says where.

The triggers are taken away first. Then single bits of rows are turned, rows are deleted, exchanged, put in again elsewhere
or made up; balances, the head and checkpoints are changed; and the clever one makes every leaf and the head fit again,
which only a signed checkpoint can tell. Each is audited and undone.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from book_scene import STEPS, Scene, make_scene
from database_harness import FreshDatabase
from django.db import IntegrityError, connection, transaction
from evenhand_cast import make_cast
from evenhand_key import signing
from ground import Ground, execute

from evenhand.actions.checkpoints import make_checkpoint
from evenhand.ledger.entries import read_line
from evenhand.ledger.merkle import Frontier, leaf_hash
from evenhand.stockbook.auditing import audit_book
from evenhand.stockbook.leaves import read_lines
from evenhand.stockbook.posting import COLUMNS

__all__ = ["signing"]
pytestmark = pytest.mark.slow
ENTRIES = "stockbook_entry"
NUMBERS = ("seq", "quantity")
BITS_OF_A_NUMBER = 40

Touched = tuple[set[int], set[str]]
"""Where the audit must point: lines of the book, or words that the fault's place or text must hold."""


@pytest.fixture
def book(ground: Ground, signing: object) -> Iterator[Scene]:
    """A book of some sixty entries with checkpoints, in which anything can be changed."""
    with ground.here():
        scene = make_scene(make_cast())
        for turn in range(6):
            for name in ("stock distribute", "stock lose", "stock return", "money pay", "stock expire"):
                STEPS[name](scene, f"{name.replace(' ', '-')}-{turn}", turn)
            if turn in (2, 5):
                make_checkpoint(scene.act("task-force", f"checkpoint-{turn}"))
        assert audit_book().holds
        _disarm()
        yield scene


def _disarm() -> None:
    """Take away what stands in the way of whoever owns the database."""
    if connection.vendor == "sqlite":
        execute("PRAGMA foreign_keys = OFF")
        for (name,) in execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            execute(f"DROP TRIGGER {name}")
    else:
        execute("SET session_replication_role = replica")


def test_every_change_is_found_and_located(book: Scene, how_many: Callable[..., int], database_vendor: str) -> None:
    lot = random.Random(7)
    wanted = how_many(*{"sqlite": (7_500,), "postgresql": (2_500,)}[database_vendor], long=500_000)
    tries = dict.fromkeys(WAYS, 0)
    while sum(tries.values()) < wanted:
        way = lot.choices(list(WAYS), weights=[weight for _, weight in WAYS.values()])[0]
        with transaction.atomic():
            try:
                with transaction.atomic():
                    lines, words = WAYS[way][0](lot)
            except (IntegrityError, _NothingChanged):
                continue  # the database itself refused, or nothing was different; another one is drawn
            finally:
                transaction.set_rollback(False)
            verdict = audit_book(pages=False)
            assert not verdict.holds, f"{way} ({lines}, {words}) went unseen"
            assert any(fault.line in lines or any(word in str(fault) for word in words) for fault in verdict.faults), (
                f"{way}: {lines} or {words} was changed, and the audit says: {verdict}"
            )
            transaction.set_rollback(True)
        tries[way] += 1
    assert min(tries.values()) > wanted / 200
    assert audit_book().holds


@pytest.mark.only("sqlite")
def test_a_bit_turned_in_the_file_itself_is_found(book: Scene, ground: Ground, tmp_path: Path) -> None:
    """Past SQLite and its triggers: in the bytes of a row, as a disk does it, or somebody with an editor."""
    lot = random.Random(8)
    execute("PRAGMA wal_checkpoint(TRUNCATE)")
    body = Path(ground.fresh.name).read_bytes()
    cells = execute(f'SELECT entry, action, "by", verb FROM {ENTRIES}')
    rows = ["".join(row).encode() for row in cells]  # SQLite lays the texts of a row down one behind the other
    places = [(body.index(row), len(row)) for row in rows]
    changed = tmp_path / "changed.sqlite3"
    for _ in range(300):
        begins, length = lot.choice(places)
        damaged = bytearray(body)
        damaged[begins + lot.randrange(length)] ^= 1 << lot.randrange(8)
        changed.write_bytes(damaged)
        copy = Ground(FreshDatabase("sqlite", tmp_path, str(changed), {}, ground.fresh.blocker))
        with copy.here():
            assert any(fault.file == ENTRIES for fault in audit_book().faults)


class _NothingChanged(Exception):
    """Say that a change drawn by lot changed nothing."""


def _turn_a_bit(lot: random.Random) -> Touched:
    seq, column = _any_entry(lot), lot.choice(COLUMNS)
    (value,) = execute(f'SELECT "{column}" FROM {ENTRIES} WHERE seq = %s', seq)[0]
    new: Any
    if column in NUMBERS:
        new = value ^ 1 << lot.randrange(BITS_OF_A_NUMBER)
    elif value:
        place = lot.randrange(len(value))
        new = value[:place] + chr(ord(value[place]) ^ 1 << lot.randrange(7)) + value[place + 1 :]
    else:
        new = chr(lot.randrange(1, 128))
    if "\0" in str(new):
        raise _NothingChanged
    (entry,) = execute(f"SELECT entry FROM {ENTRIES} WHERE seq = %s", seq)[0]
    execute(f'UPDATE {ENTRIES} SET "{column}" = %s WHERE seq = %s', new, seq)
    return {seq}, {entry}


def _turn_a_bit_of_a_leaf(lot: random.Random) -> Touched:
    seq = _any_entry(lot)
    leaf = bytearray(execute(f"SELECT leaf FROM {ENTRIES} WHERE seq = %s", seq)[0][0])
    leaf[lot.randrange(32)] ^= 1 << lot.randrange(8)
    execute(f"UPDATE {ENTRIES} SET leaf = %s WHERE seq = %s", bytes(leaf), seq)
    return {seq}, set()


def _delete(lot: random.Random) -> Touched:
    seq = _any_entry(lot)
    execute(f"DELETE FROM {ENTRIES} WHERE seq = %s", seq)
    return {seq}, {f"entry {seq}", f" {seq} "}


def _exchange(lot: random.Random) -> Touched:
    one, two = lot.sample(range(1, _size() + 1), 2)
    for now, then in ((one, -1), (two, one), (-1, two)):
        execute(f"UPDATE {ENTRIES} SET seq = %s WHERE seq = %s", then, now)
    return {one, two}, set()


def _put_in_again(lot: random.Random) -> Touched:
    """Take an entry out, close the gap, and put it in again at the end."""
    seq, size = _any_entry(lot), _size()
    if seq == size:
        raise _NothingChanged
    execute(f"UPDATE {ENTRIES} SET seq = %s WHERE seq = %s", -seq, seq)
    for later in range(seq + 1, size + 1):
        execute(f"UPDATE {ENTRIES} SET seq = %s WHERE seq = %s", later - 1, later)
    execute(f"UPDATE {ENTRIES} SET seq = %s WHERE seq = %s", size, -seq)
    return {seq}, set()


def _make_up(lot: random.Random) -> Touched:
    """Copy an entry behind the last one, under a new id and with a leaf that fits."""
    seq, size = _any_entry(lot), _size()
    (line, _), *_ = read_lines(after=seq - 1, until=seq)
    entry = replace(read_line(line), seq=size + 1, entry="made-up")
    columns = ", ".join(f'"{column}"' for column in (*COLUMNS, "leaf"))
    cells = [*entry.line().decode().split(",")[1:], leaf_hash(entry.line())]
    execute(f"INSERT INTO {ENTRIES} ({columns}) VALUES ({', '.join(['%s'] * len(cells))})", *cells)
    return {size + 1}, {"stockbook_head"}


def _change_a_balance(lot: random.Random) -> Touched:
    key, balance = lot.choice(execute("SELECT key, balance FROM stockbook_account ORDER BY key"))
    execute("UPDATE stockbook_account SET balance = %s WHERE key = %s", balance ^ 1 << lot.randrange(8), key)
    return set(), {key}


def _change_the_head(lot: random.Random) -> Touched:
    size, peaks = execute("SELECT size, peaks FROM stockbook_head")[0]
    changed = bytearray(peaks)
    if lot.random() < 0.5:
        changed[lot.randrange(len(changed))] ^= 1 << lot.randrange(8)
    else:
        size ^= 1 << lot.randrange(10)
    execute("UPDATE stockbook_head SET size = %s, peaks = %s", size, bytes(changed))
    return set(), {"stockbook_head"}


def _change_a_checkpoint(lot: random.Random) -> Touched:
    size, note = lot.choice(execute("SELECT size, note FROM stockbook_checkpoint ORDER BY size"))
    place = lot.randrange(len(note))
    changed = note[:place] + chr(ord(note[place]) ^ 1 << lot.randrange(7)) + note[place + 1 :]
    if "\0" in changed:
        raise _NothingChanged
    execute("UPDATE stockbook_checkpoint SET note = %s WHERE size = %s", changed, size)
    return set(), {f"stockbook_checkpoint {size}"}


def _rewrite_history(lot: random.Random) -> Touched:
    """Change an entry and make every leaf, the head and the balances fit again, as a clever thief would."""
    signed = execute("SELECT max(size) FROM stockbook_checkpoint")[0][0]
    rows = execute(f"SELECT seq, typed FROM {ENTRIES} WHERE seq <= %s AND typed <> '' ORDER BY seq", signed)
    seq, typed = lot.choice(rows)
    execute(f"UPDATE {ENTRIES} SET typed = %s WHERE seq = %s", f"{int(typed) + lot.randrange(1, 9)}", seq)
    leaves = []
    for number, (line, _) in enumerate(list(read_lines()), 1):
        leaves.append(leaf_hash(line))
        if number == seq:
            execute(f"UPDATE {ENTRIES} SET leaf = %s WHERE seq = %s", leaves[-1], seq)
    frontier = Frontier().extend(leaves)
    execute("UPDATE stockbook_head SET peaks = %s", frontier.to_bytes())
    covering = execute("SELECT min(size) FROM stockbook_checkpoint WHERE size >= %s", seq)[0][0]
    return set(), {f"stockbook_checkpoint {covering}"}


WAYS: dict[str, tuple[Callable[[random.Random], Touched], int]] = {
    "a bit": (_turn_a_bit, 50),
    "a bit of a leaf": (_turn_a_bit_of_a_leaf, 8),
    "deleted": (_delete, 10),
    "exchanged": (_exchange, 8),
    "put in again": (_put_in_again, 5),
    "made up": (_make_up, 5),
    "a balance": (_change_a_balance, 5),
    "the head": (_change_the_head, 3),
    "a checkpoint": (_change_a_checkpoint, 4),
    "history": (_rewrite_history, 4),
}
"""Ways of changing the book, and how often each is drawn."""


def _any_entry(lot: random.Random) -> int:
    return lot.randrange(1, _size() + 1)


def _size() -> int:
    return int(execute(f"SELECT count(*) FROM {ENTRIES}")[0][0])

"""The live audit finds and locates whatever was changed, removed or put in, and is silent about a sound book."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from database_harness import FreshDatabase
from django.db import connection
from evenhand_attacker import unguarded
from evenhand_cast import NOW, Cast, make_cast
from evenhand_stock import make_gift

from evenhand.actions.checkpoints import rebuild_stock
from evenhand.database.writing import writing
from evenhand.ledger.checkpoint import SigningKey, countersign, new_signing_key
from evenhand.ledger.entries import line_of
from evenhand.ledger.verifier import ExportUnreadable
from evenhand.stockbook.auditing import audit_book
from evenhand.stockbook.checkpoints import make_checkpoint
from evenhand.stockbook.leaves import read_leaves, read_lines
from evenhand.stockbook.memory import memory_file
from evenhand.stockbook.models import Checkpoint, Entry


@pytest.fixture
def book(cast: Cast, signing: SigningKey) -> str:
    """Six entries and a checkpoint after the third; returns the first gift."""
    gift = make_gift("IND", "vaccine-measles", 4000, allocated={"TCD": 1500, "KEN": 500})
    make_checkpoint("test", NOW)
    make_gift("UNICEF", "mask-surgical", 1000, allocated={"TCD": 500, "LBN": 100})
    return gift


def test_a_sound_book_holds_and_says_what_it_is(book: str, signing: SigningKey) -> None:
    verdict = audit_book()
    assert verdict.holds
    assert (verdict.entries, verdict.checkpoints, verdict.signed, verdict.signers) == (6, 1, 3, (signing.name,))
    assert "3 entries after the last" in verdict.line


@pytest.mark.django_db
def test_an_empty_book_holds() -> None:
    assert audit_book().holds


def test_lines_come_out_of_the_database_as_they_were_hashed(book: str) -> None:
    lines = dict(read_lines())
    assert list(lines) == [line_in_python(seq) for seq in range(1, 7)]
    assert list(lines.values()) == list(read_leaves())
    assert [line.split(b",")[1] for line, _ in read_lines(after=2, until=4)] == [b"3", b"4"]


def line_in_python(seq: int) -> bytes:
    """Return an entry's line made in Python, field by field."""
    row = Entry.objects.get(seq=seq)
    return line_of(
        row.seq, row.entry, row.action, row.by, row.verb, row.source_id, row.target_id, row.resource_id, row.quantity,
        row.typed, row.unit, row.value, row.currency, row.valued_on, row.happened, row.recorded, row.concerns,
        row.reverses,
    )  # fmt: skip


FIELDS = {
    "entry": "'other:1'", "action": "'other'", "by": "'u-somebody'", "quantity": "quantity + 1", "typed": "'9'",
    "unit": "'box'", "value": "'5'", "currency": "'EUR'", "valued_on": "'2020-01-01'", "happened": "'2020-01-01'",
    "recorded": "'2020-01-01T00:00:00.000000Z'", "concerns": "'RD-0000000000'", "verb": "'withdraw'",
    "leaf": "NULL",
}  # fmt: skip


@pytest.mark.parametrize("seq", [2, 5])
@pytest.mark.parametrize("field", FIELDS)
def test_a_changed_field_is_found_and_its_row_is_named(book: str, field: str, seq: int) -> None:
    name = Entry.objects.get(seq=seq).entry
    with unguarded() as cursor:
        if field == "leaf":
            cursor.execute("UPDATE stockbook_entry SET leaf = %s WHERE seq = %s", [b"x" * 32, seq])
        else:
            cursor.execute(f'UPDATE stockbook_entry SET "{field}" = {FIELDS[field]} WHERE seq = {seq}')
    verdict = audit_book()
    assert not verdict.holds
    located = [fault for fault in verdict.faults if fault.file == "stockbook_entry" and fault.line == seq]
    assert located
    assert {fault.entry for fault in located} <= {name, "other:1"}
    if seq == 2:  # signed: it is known which of the two was changed
        assert any("was changed: " in fault.text for fault in located)


def test_a_removed_entry_is_found(book: str) -> None:
    with unguarded() as cursor:
        cursor.execute("DELETE FROM stockbook_entry WHERE seq = 5")
    verdict = audit_book()
    assert any(fault.line == 5 and "entry 5 should stand: missing" in fault.text for fault in verdict.faults)


def test_entries_removed_from_the_end_are_found_even_with_everything_made_to_fit(book: str) -> None:
    make_checkpoint("test", NOW)
    with unguarded() as cursor:
        cursor.execute("DELETE FROM stockbook_entry WHERE seq > 3")
    with unguarded("stockbook_account") as cursor:
        cursor.execute("DELETE FROM stockbook_account WHERE resource_id = 'mask-surgical'")
    first = Checkpoint.objects.get(size=3)
    with unguarded("stockbook_head") as cursor:
        cursor.execute("UPDATE stockbook_head SET size = 3, peaks = %s", [bytes(first.peaks)])
    verdict = audit_book()
    assert [fault.text for fault in verdict.faults] == [
        "entries 4 to 6 are missing at the end: stockbook_checkpoint 6 was signed over 6 entries, and only 3 are here"
    ]


def test_an_older_checkpoint_that_somebody_kept_finds_a_history_written_anew(book: str) -> None:
    kept = make_checkpoint("test", NOW)
    assert kept is not None
    with unguarded() as cursor:
        cursor.execute("DELETE FROM stockbook_entry WHERE seq > 3")
    with unguarded("stockbook_checkpoint") as cursor:
        cursor.execute("DELETE FROM stockbook_checkpoint WHERE size = 6")
    with unguarded("stockbook_account") as cursor:
        cursor.execute("DELETE FROM stockbook_account WHERE resource_id = 'mask-surgical'")
    with unguarded("stockbook_head") as cursor:
        cursor.execute("UPDATE stockbook_head SET size = 3, peaks = %s", [bytes(Checkpoint.objects.get(size=3).peaks)])
    assert "checkpoint.key.last was signed over 6 entries, and only 3 are here" in str(audit_book())
    memory_file().unlink()  # an attacker who reaches the key's folder too is found by what others kept
    assert audit_book().holds
    assert "are missing at the end" in str(audit_book(since=("kept.txt", kept.note)))


def test_a_memory_of_the_key_that_cannot_be_read_is_a_fault(book: str) -> None:
    memory_file().write_text("no note", encoding="utf-8")
    assert "checkpoint.key.last: it cannot be read" in str(audit_book())


def test_a_changed_balance_is_found_and_can_be_rebuilt(book: str, cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stockbook_account SET balance = 7 WHERE key = %s", [f"allocated/{book}/TCD"])
    verdict = audit_book()
    assert [fault.text for fault in verdict.faults] == [
        f"the balance of 'allocated/{book}/TCD' says 7; the entries make 1,500"
    ]
    rebuild_stock(cast("operator", reason="the audit found it"))
    assert audit_book().holds


def test_a_changed_head_is_found(book: str) -> None:
    with unguarded("stockbook_head") as cursor:
        cursor.execute("UPDATE stockbook_head SET size = 7, peaks = %s", [b"h" * 96])
    assert "its size is 7, and the book has 6 entries" in str(audit_book())
    with unguarded("stockbook_head") as cursor:
        cursor.execute("UPDATE stockbook_head SET size = 6, peaks = %s", [b"h" * 64])
    assert "its peaks make the root" in str(audit_book())
    with unguarded("stockbook_head") as cursor:
        cursor.execute("UPDATE stockbook_head SET peaks = %s", [b"h"])
    assert "it cannot be read: the frontier" in str(audit_book())


def test_a_changed_account_is_found(book: str) -> None:
    with unguarded("stockbook_account") as cursor:
        cursor.execute("UPDATE stockbook_account SET holder = 'LBN' WHERE key = %s", [f"allocated/{book}/TCD"])
    assert f"the account 'allocated/{book}/TCD' says that its stage" in str(audit_book())
    with unguarded("stockbook_account") as cursor:
        cursor.execute(
            "UPDATE stockbook_account SET holder = 'TCD', resource_id = 'USD' WHERE key = %s", [f"allocated/{book}/TCD"]
        )
    assert "is of 'USD', and the offer" in str(audit_book())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("root = %s", "its root is"),
        ("note = 'nothing'", "not a signed checkpoint"),
        ("size = 2", "its size is 2, and its note signs 3"),
        ("note = replace(note, 'evenhand.example', 'evenhand.exampla')", "no known key signed it"),
        ("note = replace(note, '\n3\n', '\n6\n')", "is not that of this text"),
    ],
)
def test_a_changed_checkpoint_is_found(book: str, change: str, sentence: str) -> None:
    with unguarded("stockbook_checkpoint") as cursor:
        cursor.execute(f"UPDATE stockbook_checkpoint SET {change}", [b"r" * 32] if "%s" in change else [])
    verdict = audit_book()
    assert sentence in str(verdict)
    assert any(fault.file.startswith("stockbook_checkpoint") for fault in verdict.faults)


def test_without_its_key_no_signature_is_known(book: str, settings: Any) -> None:
    settings.EVENHAND.signing_key_file.unlink()
    assert "no known key signed it" in str(audit_book())
    (settings.EVENHAND.signing_key_file.parent / "verifiers.txt").write_text("nonsense\n", encoding="utf-8")
    assert "keys: it cannot be read" in str(audit_book())


def test_a_key_that_the_auditor_brings_must_have_signed(book: str) -> None:
    witness = new_signing_key("who.example/witness")
    assert "signed nothing of this book" in str(audit_book(trusted=[witness.verifier.text()]))
    row = Checkpoint.objects.get()
    row.note = countersign(row.note, witness)
    row.save(update_fields=["note"])
    verdict = audit_book(trusted=[witness.verifier.text()])
    assert verdict.holds
    assert "who.example/witness" in verdict.signers
    with pytest.raises(ExportUnreadable, match="not an Ed25519 verifier key"):
        audit_book(trusted=["nonsense"])


def test_damaged_pages_are_found_and_nothing_is_raised(fresh_database: FreshDatabase) -> None:
    if fresh_database.vendor != "sqlite":
        pytest.skip("PostgreSQL checks its pages when it reads them")
    with fresh_database.here():
        make_cast()
        with writing():
            gift = make_gift("IND", "vaccine-measles", 4000)
        for _ in range(100):
            make_gift("IND", "vaccine-measles", 100, allocated={"TCD": 10})
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("SELECT rootpage FROM sqlite_master WHERE name = 'stockbook_entry'")
            (page,) = cursor.fetchone()
            cursor.execute("PRAGMA page_size")
            (size,) = cursor.fetchone()
    assert gift
    file = Path(fresh_database.name)
    data = bytearray(file.read_bytes())
    data[(page - 1) * size : (page - 1) * size + 64] = b"\xff" * 64
    file.write_bytes(data)
    with fresh_database.here():
        verdict = audit_book()
    assert not verdict.holds
    assert any(fault.file == "the database's file" for fault in verdict.faults)
    assert any("cannot be read" in fault.text for fault in verdict.faults)

"""What the key has signed is remembered beside it, so that no older copy of the database leads to a second history."""

from __future__ import annotations

import fcntl
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from database_harness import FreshDatabase
from django.db import transaction
from evenhand_cast import NOW, Cast, make_cast
from evenhand_stock import held, make_gift

from evenhand.actions.money import pay_money
from evenhand.database.writing import run_written
from evenhand.errors import CheckpointRefused
from evenhand.ledger.checkpoint import SigningKey, new_signing_key, parse_note
from evenhand.stockbook.checkpoints import make_checkpoint
from evenhand.stockbook.memory import memory_file, read_last_signed
from evenhand.stockbook.models import Checkpoint


def gifts(count: int) -> None:
    for _ in range(count):
        make_gift("IND", "vaccine-measles", 100, allocated={"TCD": 10})


def set_back(change: Callable[[], None]) -> None:
    """Do something to the database and bring it back to what it was: what lies beside it stays."""
    with transaction.atomic():
        change()
        transaction.set_rollback(True)


def sign() -> Checkpoint | None:
    return run_written(lambda: make_checkpoint("test", NOW))


def more_and_sign() -> None:
    gifts(2)
    assert sign() is not None


@pytest.mark.django_db
def test_the_last_note_stands_beside_the_key_for_its_owner_alone(cast: Cast, signing: SigningKey) -> None:
    assert read_last_signed() is None
    for _ in range(2):
        gifts(1)
        made = sign()
        assert made is not None
        assert memory_file().read_text(encoding="utf-8") == made.note
    assert memory_file().name == "checkpoint.key.last"
    assert stat.S_IMODE(memory_file().stat().st_mode) == 0o600
    assert sorted(file.name for file in memory_file().parent.iterdir()) == ["checkpoint.key", "checkpoint.key.last"]


@pytest.mark.django_db
def test_over_an_older_copy_nothing_is_signed(cast: Cast, signing: SigningKey) -> None:
    gifts(1)
    sign()
    set_back(more_and_sign)
    with pytest.raises(
        CheckpointRefused, match=r"has signed a checkpoint of 6 entries, and the book here has 2: it is"
    ):
        sign()
    gifts(1)
    with pytest.raises(CheckpointRefused, match="it is an older copy"):
        sign()
    gifts(3)
    with pytest.raises(CheckpointRefused, match="the key has signed other entries than the first 6 that stand here"):
        sign()
    assert Checkpoint.objects.count() == 1
    note = read_last_signed()
    assert note is not None
    assert note.checkpoint.size == 6


@pytest.mark.django_db
def test_an_older_copy_that_had_no_checkpoint_yet_is_told_too(cast: Cast, signing: SigningKey) -> None:
    set_back(more_and_sign)
    gifts(2)
    with pytest.raises(CheckpointRefused, match="the key has signed other entries than the first 4"):
        sign()


@pytest.mark.django_db
def test_what_was_signed_and_not_kept_in_a_crash_is_signed_again_as_it_was(cast: Cast, signing: SigningKey) -> None:
    gifts(2)
    set_back(lambda: sign() and None)
    remembered = memory_file().read_text(encoding="utf-8")
    assert not Checkpoint.objects.exists()
    again = sign()
    assert again is not None
    assert again.note == remembered


@pytest.mark.django_db
def test_what_was_signed_and_not_kept_is_built_on(cast: Cast, signing: SigningKey) -> None:
    gifts(2)
    set_back(lambda: sign() and None)
    gifts(1)
    made = sign()
    assert made is not None
    assert made.size == 6


@pytest.mark.django_db
def test_an_older_memory_copied_back_with_the_key_is_no_hindrance(cast: Cast, signing: SigningKey) -> None:
    gifts(1)
    sign()
    older = memory_file().read_bytes()
    more_and_sign()
    memory_file().write_bytes(older)
    gifts(1)
    made = sign()
    assert made is not None
    assert made.size == 8


@pytest.mark.django_db
@pytest.mark.parametrize("kept", [b"", b"nothing of the kind", b"\xff\xfe", b"\n\n"])
def test_a_memory_that_is_none_is_not_taken_for_a_new_key(cast: Cast, signing: SigningKey, kept: bytes) -> None:
    gifts(1)
    memory_file().write_bytes(kept)
    with pytest.raises(CheckpointRefused, match=r"holds none; put the newest checkpoint of this book there"):
        sign()
    assert not Checkpoint.objects.exists()


@pytest.mark.django_db
def test_the_key_of_one_book_does_not_sign_another(cast: Cast, signing: SigningKey, settings: Any) -> None:
    gifts(1)
    set_back(lambda: sign() and None)
    settings.EVENHAND = replace(settings.EVENHAND, values={**settings.EVENHAND.values, "name": "other.example/book"})
    with pytest.raises(CheckpointRefused, match="give this book a key of its own"):
        sign()


@pytest.mark.django_db
def test_a_new_key_remembers_what_the_old_one_signed(cast: Cast, signing: SigningKey, settings: Any) -> None:
    gifts(1)
    set_back(more_and_sign)
    file = settings.EVENHAND.signing_key_file
    file.write_text(new_signing_key(signing.name).text(), encoding="ascii")
    with pytest.raises(CheckpointRefused, match="it is an older copy"):
        sign()


@pytest.mark.django_db
def test_where_it_cannot_be_remembered_nothing_is_signed(
    cast: Cast, signing: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    gifts(1)

    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)  # a folder without the right to write fails the same for whoever is not root
        with pytest.raises(
            CheckpointRefused, match=r"checkpoint\.key\.last cannot be written beside the key: Permission"
        ):
            sign()
    assert not Checkpoint.objects.exists()
    assert not memory_file().exists()
    assert sign() is not None


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_is_said(cast: Cast, signing: SigningKey) -> None:
    gifts(1)
    folder = memory_file().parent
    folder.chmod(0o500)
    try:
        with pytest.raises(CheckpointRefused, match="let whoever runs Evenhand write into the folder keys/"):
            sign()
    finally:
        folder.chmod(0o700)


def test_actions_go_on_where_the_key_signs_no_more(
    fresh_database: FreshDatabase, signing: SigningKey, caplog: pytest.LogCaptureFixture
) -> None:
    with fresh_database.here():
        cast = make_cast()
        gift = make_gift("UNICEF", "USD", 500_000, meant_for="TCD")
        set_back(more_and_sign)
        done = pay_money(cast("donor-unicef", at=NOW + timedelta(days=2)), offer=gift, to="TCD", quantity="1 USD")
        assert (done.repeated, held("paid", gift, "TCD")) == (False, 100)
        assert not Checkpoint.objects.exists()
    assert "no checkpoint was signed: the key has signed a checkpoint of 5 entries" in caplog.text


def test_a_decision_that_is_rolled_back_leaves_no_memory(fresh_database: FreshDatabase, signing: SigningKey) -> None:
    from evenhand.actions.checkpoints import checkpoint_decision

    def decide() -> None:
        checkpoint_decision(NOW)
        gifts(1)

    with fresh_database.here():
        make_cast()
        gifts(1)
        set_back(decide)
        assert not memory_file().exists()
        run_written(decide)
        assert [row.size for row in Checkpoint.objects.all()] == [4]


HOLD = """
import fcntl, os, sys
descriptor = os.open(sys.argv[1], os.O_RDONLY)
fcntl.flock(descriptor, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.readline()
"""


@pytest.mark.django_db
def test_two_processes_never_sign_with_one_key_at_once(
    cast: Cast, signing: SigningKey, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    gifts(1)
    file: Path = settings.EVENHAND.signing_key_file
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        waited: list[str] = []

        def wait(descriptor: int, how: int) -> None:
            with pytest.raises(BlockingIOError):
                fcntl.flock(descriptor, how | fcntl.LOCK_NB)  # the other one has it
            waited.append("for the other process")
            other.stdin.write("\n")  # type: ignore[union-attr]  # a pipe, as asserted above
            other.stdin.flush()  # type: ignore[union-attr]
            fcntl.flock(descriptor, how)

        monkeypatch.setattr("evenhand.stockbook.memory.fcntl", SimpleNamespace(flock=wait, LOCK_EX=fcntl.LOCK_EX))
        made = sign()
    assert made is not None
    assert waited == ["for the other process"]
    assert parse_note(memory_file().read_text(encoding="utf-8")).checkpoint.size == 2

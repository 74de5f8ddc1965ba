"""No two checkpoints contradict each other, and nothing is signed over a book that somebody has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from evenhand_attacker import unguarded
from evenhand_cast import NOW, Cast
from evenhand_stock import make_gift

from evenhand.errors import CheckpointRefused, NameUnknown
from evenhand.ledger.checkpoint import SigningKey, check_note, new_signing_key, parse_note
from evenhand.ledger.merkle import check_consistency
from evenhand.stockbook.checkpoints import known_keys, make_checkpoint, prove_consistency, signing_key
from evenhand.stockbook.models import Checkpoint

pytestmark = pytest.mark.django_db


def gifts(count: int) -> None:
    for _ in range(count):
        make_gift("IND", "vaccine-measles", 100, allocated={"TCD": 10})


def test_checkpoints_follow_one_another(cast: Cast, signing: SigningKey) -> None:
    sizes = []
    for count in (1, 3, 2):
        gifts(count)
        made = make_checkpoint("test", NOW)
        assert made is not None
        sizes.append(made.size)
    assert sizes == [2, 8, 12]


def test_every_pair_of_checkpoints_has_its_proof(cast: Cast, signing: SigningKey) -> None:
    for count in (1, 3, 2, 7):
        gifts(count)
        make_checkpoint("test", NOW)
    sizes = list(Checkpoint.objects.order_by("size").values_list("size", flat=True))
    for old_size in sizes:
        for size in (size for size in sizes if size >= old_size):
            proof = prove_consistency(old_size, size)
            assert check_consistency(old_size, proof.old.root, size, proof.new.root, proof.hashes)


def test_a_proof_of_what_was_never_signed_is_refused(cast: Cast, signing: SigningKey) -> None:
    for _ in range(2):
        gifts(1)
        make_checkpoint("test", NOW)
    with pytest.raises(NameUnknown, match="no checkpoint of size '3'"):
        prove_consistency(2, 3)
    with pytest.raises(CheckpointRefused, match="give the older one first"):
        prove_consistency(4, 2)
    with unguarded() as cursor:
        cursor.execute("UPDATE stockbook_entry SET leaf = %s WHERE seq = 1", [b"x" * 32])
    with pytest.raises(CheckpointRefused, match="no longer make the root"):
        prove_consistency(2, 4)


CHANGES: dict[str, tuple[list[str], str]] = {
    "a quantity": (["UPDATE stockbook_entry SET quantity = quantity + 1 WHERE seq = 3"], "entry 3 was changed"),
    "a leaf": (["UPDATE stockbook_entry SET leaf = %s WHERE seq = 4"], "entry 4 was changed"),
    "an entry removed": (["DELETE FROM stockbook_entry WHERE seq = 4"], "do not lead to the head"),
    "two entries swapped": (
        [f"UPDATE stockbook_entry SET seq = {new} WHERE seq = {old}" for old, new in ((3, 9), (4, 3), (9, 4))],
        "entry 3 was changed",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_changed_since_the_last_one_is_not_signed(cast: Cast, signing: SigningKey, what: str) -> None:
    gifts(1)
    make_checkpoint("test", NOW)
    gifts(1)
    statements, sentence = CHANGES[what]
    with unguarded() as cursor:
        for statement in statements:
            cursor.execute(statement, [b"l" * 32] if "%s" in statement else [])
    with pytest.raises(CheckpointRefused, match=sentence):
        make_checkpoint("test", NOW)
    assert Checkpoint.objects.count() == 1


def test_a_book_that_is_shorter_than_it_was_is_not_signed(cast: Cast, signing: SigningKey) -> None:
    gifts(2)
    make_checkpoint("test", NOW)
    with unguarded("stockbook_head") as cursor:
        cursor.execute("UPDATE stockbook_head SET size = 0, peaks = %s", [b""])
    gifts_before = Checkpoint.objects.get().size
    with unguarded() as cursor:
        cursor.execute("DELETE FROM stockbook_entry")
    with unguarded("stockbook_account") as cursor:
        cursor.execute("DELETE FROM stockbook_account")
    gifts(1)
    assert gifts_before == 4
    with pytest.raises(CheckpointRefused, match=r"4 entries was signed, and the book has 2"):
        make_checkpoint("test", NOW)


def test_a_history_written_anew_under_the_same_size_is_not_signed(cast: Cast, signing: SigningKey) -> None:
    gifts(1)
    make_checkpoint("test", NOW)
    with unguarded("stockbook_head") as cursor:
        cursor.execute("UPDATE stockbook_head SET peaks = %s", [b"y" * 32])
    with pytest.raises(CheckpointRefused, match="do not lead to the head"):
        make_checkpoint("test", NOW)


def test_a_checkpoint_whose_row_was_changed_is_not_built_on(cast: Cast, signing: SigningKey) -> None:
    gifts(1)
    make_checkpoint("test", NOW)
    with unguarded("stockbook_checkpoint") as cursor:
        cursor.execute("UPDATE stockbook_checkpoint SET root = %s", [b"z" * 32])
    gifts(1)
    with pytest.raises(CheckpointRefused, match="is not the one that its note signs"):
        make_checkpoint("test", NOW)


def test_peaks_that_were_changed_are_found_out(cast: Cast, signing: SigningKey) -> None:
    gifts(1)
    make_checkpoint("test", NOW)
    Checkpoint.objects.update(peaks=b"p" * 32)
    gifts(1)
    with pytest.raises(CheckpointRefused, match="do not lead to the head"):
        make_checkpoint("test", NOW)


def test_a_checkpoint_that_came_without_peaks_is_built_on_from_the_leaves(cast: Cast, signing: SigningKey) -> None:
    gifts(3)
    make_checkpoint("test", NOW)
    Checkpoint.objects.update(peaks=b"")
    gifts(1)
    made = make_checkpoint("test", NOW)
    assert made is not None
    assert made.size == 8


def test_a_new_key_builds_on_the_old_ones_checkpoints_once_it_knows_the_old_key(
    cast: Cast, signing: SigningKey, settings: Any
) -> None:
    gifts(1)
    make_checkpoint("test", NOW)
    gifts(1)
    file = settings.EVENHAND.signing_key_file
    new = new_signing_key(signing.name)
    file.write_text(new.text(), encoding="ascii")
    with pytest.raises(CheckpointRefused, match=r"older signing key into verifiers\.txt"):
        make_checkpoint("test", NOW)
    (file.parent / "verifiers.txt").write_text(f"\n{signing.verifier.text()}\n", encoding="utf-8")
    made = make_checkpoint("test", NOW)
    assert made is not None
    assert check_note(parse_note(made.note), [new.verifier]) == (signing.name,)
    assert known_keys() == (new.verifier, signing.verifier)


def test_a_stock_book_keeps_its_name(cast: Cast, signing: SigningKey, settings: Any) -> None:
    gifts(1)
    make_checkpoint("test", NOW)
    gifts(1)
    settings.EVENHAND = replace(settings.EVENHAND, values={**settings.EVENHAND.values, "name": "other.example/book"})
    with pytest.raises(CheckpointRefused, match="keeps its name for ever"):
        make_checkpoint("test", NOW)


def test_a_key_that_cannot_be_read_is_never_shown(cast: Cast, signing: SigningKey, settings: Any) -> None:
    settings.EVENHAND.signing_key_file.write_text(signing.text()[:-10] + "A" * 10, encoding="ascii")
    with pytest.raises(CheckpointRefused) as refused:
        signing_key()
    assert signing.text()[-60:-12] not in str(refused.value)
    settings.EVENHAND.signing_key_file.write_bytes(b"\xff\xff")
    with pytest.raises(CheckpointRefused, match="cannot be read"):
        signing_key()

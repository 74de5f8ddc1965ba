"""The grid of the actions on checkpoints and kept balances."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from evenhand_cast import NOW, Cast
from evenhand_stock import everything_held, make_gift

from evenhand.access.models import ActionLine
from evenhand.actions.checkpoints import (
    checkpoint_decision,
    countersign_checkpoint,
    make_checkpoint,
    rebuild_stock,
)  # fmt: skip
from evenhand.errors import ActionRefused, CheckpointRefused, NotAllowed, RepeatDiffers
from evenhand.ledger import checkpoint as notes
from evenhand.ledger.checkpoint import (
    SigningKey,
    check_note,
    countersign,
    new_signing_key,
    parse_note,
    sign_checkpoint,
)
from evenhand.stockbook.memory import memory_file
from evenhand.stockbook.models import Account, Checkpoint

pytestmark = pytest.mark.django_db
NOT_THEM = ("focal-tcd", "donor-ind", "board-aze", "auditor", "registrar-tcd", "public")


@pytest.fixture
def gift(cast: Cast) -> str:
    """The book's first entries."""
    return make_gift("IND", "vaccine-measles", 4000, allocated={"TCD": 1500})


def test_a_checkpoint_says_size_and_root_and_is_signed(cast: Cast, gift: str, signing: SigningKey) -> None:
    done = make_checkpoint(cast("task-force"))
    note = parse_note(done.facts["note"])
    assert (done.ref, note.checkpoint.size, note.checkpoint.origin) == ("000000000002", 2, signing.name)
    assert check_note(note, [signing.verifier]) == (signing.name,)
    row = Checkpoint.objects.get()
    assert (row.why, row.made_at, bytes(row.root)) == ("asked for", NOW, note.checkpoint.root)


def test_asking_again_over_the_same_book_makes_no_second(cast: Cast, gift: str, signing: SigningKey) -> None:
    first = make_checkpoint(cast("task-force"))
    again = make_checkpoint(cast("operator"))
    assert (again.facts["note"], Checkpoint.objects.count()) == (first.facts["note"], 1)


@pytest.mark.parametrize("who", NOT_THEM)
def test_no_other_role_makes_or_countersigns_one(cast: Cast, gift: str, signing: SigningKey, who: str) -> None:
    with pytest.raises(NotAllowed):
        make_checkpoint(cast(who))
    with pytest.raises(NotAllowed):
        countersign_checkpoint(cast(who), note=b"x")
    assert not Checkpoint.objects.exists()


def test_without_a_key_nothing_is_signed_and_decisions_go_on(cast: Cast, gift: str) -> None:
    with pytest.raises(ActionRefused, match="there is no signing key"):
        make_checkpoint(cast("task-force"))
    checkpoint_decision(NOW)
    assert not Checkpoint.objects.exists()


def test_an_empty_book_is_not_signed(cast: Cast, signing: SigningKey) -> None:
    with pytest.raises(ActionRefused, match="no entry yet"):
        make_checkpoint(cast("task-force"))


def test_a_decision_is_signed_once_it_is_committed_and_never_before(
    cast: Cast, gift: str, signing: SigningKey, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        checkpoint_decision(NOW)
        assert not Checkpoint.objects.exists()
        assert not memory_file().exists()
    assert Checkpoint.objects.get().why == "decision"


def test_a_decision_is_not_posted_on_a_book_that_was_set_back(cast: Cast, gift: str, signing: SigningKey) -> None:
    memory_file().write_text(sign_checkpoint(notes.Checkpoint(signing.name, 3, bytes(32)), signing), encoding="utf-8")
    with pytest.raises(CheckpointRefused, match="it is an older copy"):
        checkpoint_decision(NOW)


def test_a_checkpoint_twice_is_one_and_halfway_is_none(
    cast: Cast, gift: str, signing: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(ActionLine.objects, "create", fail)
        with pytest.raises(OSError, match="full"):
            make_checkpoint(cast("task-force", request="k-1"))
    assert not Checkpoint.objects.exists()
    for repeated in (False, True):
        assert make_checkpoint(cast("task-force", request="k-1")).repeated is repeated


# --- countersigning --------------------------------------------------------------------------------------------------


@pytest.fixture
def note(cast: Cast, gift: str, signing: SigningKey) -> str:
    return str(make_checkpoint(cast("task-force")).facts["note"])


def test_another_partys_signature_is_checked_and_kept(cast: Cast, note: str) -> None:
    witness = new_signing_key("who.example/witness")
    signed = countersign(note, witness)
    done = countersign_checkpoint(cast("task-force"), note=signed.encode(), key=witness.verifier.text())
    assert done.facts["verified"] == ["who.example/witness"]
    assert Checkpoint.objects.get().note == signed


def test_an_unknown_partys_signature_is_kept_and_counts_for_nothing(cast: Cast, note: str) -> None:
    done = countersign_checkpoint(cast("task-force"), note=countersign(note, new_signing_key("somebody")).encode())
    assert (done.facts["added"], done.facts["verified"]) == (["somebody"], [])


def test_two_parties_sign_two_copies_and_both_are_kept(cast: Cast, note: str) -> None:
    for name in ("one", "two"):
        countersign_checkpoint(cast("task-force"), note=countersign(note, new_signing_key(name)).encode())
    assert [one.name for one in parse_note(Checkpoint.objects.get().note).signatures][1:] == ["one", "two"]


def test_the_same_file_twice_adds_nothing(cast: Cast, note: str) -> None:
    signed = countersign(note, new_signing_key("one")).encode()
    countersign_checkpoint(cast("task-force"), note=signed)
    assert countersign_checkpoint(cast("task-force"), note=signed).facts["added"] == []
    countersign_checkpoint(cast("task-force", request="k-2"), note=signed)
    assert countersign_checkpoint(cast("task-force", request="k-2"), note=signed).repeated
    with pytest.raises(RepeatDiffers, match="another note"):
        countersign_checkpoint(cast("task-force", request="k-2"), note=note.encode())


def test_what_is_no_checkpoint_of_this_book_is_refused(cast: Cast, note: str) -> None:
    witness = new_signing_key("who.example/witness")
    other = countersign(note.replace("\n2\n", "\n3\n"), witness)
    forged = note.splitlines()[2]
    wrong_root = note.replace(forged, "A" * 43 + "=")
    false = countersign(note, witness)[:-6] + "AAA=\n"
    for given, key, sentence in (
        (b"\xff\xfe", "", "not UTF-8"),
        (b"nothing of the kind", "", "not a signed checkpoint"),
        (other.encode(), "", "no checkpoint was made over the first 3 entries"),
        (wrong_root.encode(), "", "another checkpoint was made over the first 2 entries"),
        (note.encode(), witness.verifier.text(), "has not signed this checkpoint"),
        (countersign(note, witness).encode(), "not a key", "this is not a key"),
        (false.encode(), witness.verifier.text(), "signature"),
    ):
        with pytest.raises(CheckpointRefused, match=sentence):
            countersign_checkpoint(cast("task-force"), note=given, key=key)
    assert Checkpoint.objects.get().note == note


# --- kept balances ---------------------------------------------------------------------------------------------------


def tampered(gift: str) -> dict[str, int]:
    """Change two kept balances behind the book's back; return what they were."""
    before = everything_held()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stockbook_account SET balance = 9999 WHERE key = %s", [f"allocated/{gift}/TCD"])
        cursor.execute("UPDATE stockbook_account SET balance = 1 WHERE key = %s", [f"outside/{gift}"])
    return before


def test_balances_are_rebuilt_from_entries(cast: Cast, gift: str) -> None:
    before = tampered(gift)
    done = rebuild_stock(cast("operator", reason="the audit found two"))
    assert everything_held() == before
    assert done.facts["corrected"] == {
        f"allocated/{gift}/TCD": "9,999 → 1,500", f"outside/{gift}": "1 → -4,000",
    }  # fmt: skip
    assert rebuild_stock(cast("operator", reason="once more")).facts["corrected"] == {}


@pytest.mark.parametrize("who", ["task-force", "focal-tcd", "donor-ind", "board-aze", "auditor", "public"])
def test_nobody_but_an_operator_rebuilds_them(cast: Cast, gift: str, who: str) -> None:
    tampered(gift)
    with pytest.raises(NotAllowed):
        rebuild_stock(cast(who, reason="mine"))
    assert Account.objects.get(pk=f"allocated/{gift}/TCD").balance == 9999


def test_rebuilding_needs_a_reason_and_twice_is_once(cast: Cast, gift: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tampered(gift)
    with pytest.raises(ActionRefused, match="needs a reason"):
        rebuild_stock(cast("operator"))

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(ActionLine.objects, "create", fail)
        with pytest.raises(OSError, match="full"):
            rebuild_stock(cast("operator", reason="the audit", request="b-1"))
    assert Account.objects.get(pk=f"allocated/{gift}/TCD").balance == 9999
    for repeated in (False, True):
        assert rebuild_stock(cast("operator", reason="the audit", request="b-1")).repeated is repeated

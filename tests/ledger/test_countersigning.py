"""`evenhand make-key` and `countersign`: an outside party signs what holds, and nothing else."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from small_books import KEY, village_book

from evenhand.cli import main
from evenhand.ledger.checkpoint import SigningKey, check_note, parse_note

DONOR = "donor.example/relief"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with a key and an export whose checkpoints cover all ten entries."""
    monkeypatch.chdir(tmp_path)
    assert main(["make-key", DONOR, "donor.key"]) == 0
    book = village_book()
    book.signed_at, book.witnessed_at = (4, 10), ()
    book.write(tmp_path / "export")
    capsys.readouterr()
    return tmp_path


def test_a_key_is_kept_from_others_and_never_written_over(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert stat.S_IMODE((room / "donor.key").stat().st_mode) == 0o600
    assert main(["make-key", DONOR, "donor.key"]) == 2
    assert "a key never takes the place of another one" in capsys.readouterr().err
    assert main(["make-key", "two words", "other.key"]) == 2
    assert not (room / "other.key").exists()


def test_what_holds_is_signed_by_both(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["countersign", "export", "--key", "donor.key"]) == 0
    said = capsys.readouterr()
    assert "carries your signature" in said.out
    assert "no older checkpoint was given" in said.err
    note = parse_note((room / "checkpoint.txt").read_text(encoding="utf-8"))
    donor = SigningKey.read((room / "donor.key").read_text(encoding="ascii").strip()).verifier
    assert note.checkpoint.size == 10
    assert check_note(note, [KEY.verifier, donor]) == (KEY.name, DONOR)


def test_against_an_older_checkpoint_nothing_is_left_to_trust(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    older = room / "export" / "checkpoints" / "000000000004.txt"
    kept = room / "kept.txt"
    kept.write_bytes(older.read_bytes())
    assert main(["countersign", "export", "--key", "donor.key", "--since", "kept.txt"]) == 0
    assert capsys.readouterr().err == ""


def test_a_changed_book_is_not_signed(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = room / "export" / "entries.csv"
    entries.write_bytes(entries.read_bytes().replace(b",600,", b",601,", 1))
    assert main(["countersign", "export", "--key", "donor.key"]) == 1
    assert "does not hold" in capsys.readouterr().out
    assert not (room / "checkpoint.txt").exists()


def test_an_earlier_signature_is_never_written_over(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (room / "checkpoint.txt").write_text("mine", encoding="utf-8")
    assert main(["countersign", "export", "--key", "donor.key"]) == 2
    assert (room / "checkpoint.txt").read_text(encoding="utf-8") == "mine"
    assert "give a new name" in capsys.readouterr().err

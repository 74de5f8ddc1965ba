"""Checkpoints at the shell: made, shown, countersigned by others, proved; and what an older backup does to them."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path

import pytest
from evenhand_shell import Shell, make_shell

from evenhand.ledger.checkpoint import parse_note
from evenhand.ledger.merkle import check_consistency

pytestmark = pytest.mark.slow

OFFER = (
    "offer", "make", "--donor", "IND", "--resource", "vaccine-az", "--quantity", "40 carton", "--firmness", "commitment",
    "--as", "donor-ind",
)  # fmt: skip


def offered(shell: Shell, times: int) -> None:
    for _ in range(times):
        outcome = shell(*OFFER)
        assert outcome.exit_code == 0, outcome.err


def signed(shell: Shell) -> int:
    outcome = shell("checkpoint", "make", "--as", "task-force", "--json")
    assert outcome.exit_code == 0, outcome.err
    return int(outcome.result["size"])


@pytest.fixture(scope="module")
def sizes(installed: Shell) -> tuple[int, int]:
    """Two checkpoints: over one entry (the day's), over three."""
    offered(installed, 3)
    return 1, signed(installed)


def test_a_note_goes_out_and_comes_back_countersigned(installed: Shell, sizes: tuple[int, int], tmp_path: Path) -> None:
    bare = installed("checkpoint", "show", "3").out
    assert parse_note(bare).checkpoint.size == sizes[1] == 3
    export, note, key = tmp_path / "export", tmp_path / "note.txt", tmp_path / "donor.key"
    assert installed("export", str(export), "--as", "auditor").exit_code == 0
    assert (export / "checkpoints" / "000000000003.txt").read_text(encoding="utf-8") == bare

    outsider = make_shell(tmp_path / "nowhere")
    made = outsider("make-key", "donor.example/relief", str(key), "--json").result
    done = outsider("countersign", str(export), "--key", str(key), "--out", str(note))
    assert done.exit_code == 0, done.err

    words = ("checkpoint", "countersign", "--note", str(note), "--as", "task-force")
    stranger = make_shell(tmp_path / "nowhere")("make-key", "x.example/x", str(tmp_path / "x.key"), "--json").result
    assert "has not signed this checkpoint" in installed(*words, "--key", stranger["verifier"]).err
    taken = installed(*words, "--key", made["verifier"], "--json").result
    assert (taken["added"], taken["verified"]) == (["donor.example/relief"], ["donor.example/relief"])
    assert installed("checkpoint", "show", "3").out == note.read_text(encoding="utf-8")
    shown = installed("checkpoint", "show", "3", "--json").result
    assert shown["signed_by"] == ["test.example/book", "donor.example/relief"]
    assert shown["checked"] == ["test.example/book"]


def test_a_key_in_the_file_of_verifiers_is_known(installed: Shell, sizes: tuple[int, int], tmp_path: Path) -> None:
    key, note = tmp_path / "ministry.key", tmp_path / "note.txt"
    made = installed("make-key", "ministry.example/x", str(key), "--json").result
    verifiers = installed.folder / "keys" / "verifiers.txt"
    verifiers.write_text(f"{made['verifier']}\n", encoding="utf-8")
    try:
        assert "verifiers.txt beside the signing key names ministry.example/x" in installed("check-setup").out
        assert installed("export", str(tmp_path / "export")).exit_code == 0
        installed("countersign", str(tmp_path / "export"), "--key", str(key), "--out", str(note))
        assert installed("checkpoint", "countersign", "--note", str(note), "--as", "task-force").exit_code == 0
        assert "ministry.example/x" in installed("checkpoint", "show", "3", "--json").result["checked"]
    finally:
        verifiers.unlink()


def test_the_proof_between_two_checkpoints_holds_for_whoever_has_both(installed: Shell, sizes: tuple[int, int]) -> None:
    found = installed("checkpoint", "prove", "1", "3", "--json").result
    old, new = (parse_note(installed("checkpoint", "show", size).out).checkpoint for size in ("1", "3"))
    hashes = [base64.b64decode(one) for one in found["hashes"]]
    assert check_consistency(old.size, old.root, new.size, new.root, hashes)
    assert not check_consistency(old.size, new.root, new.size, old.root, hashes)
    text = installed("checkpoint", "prove", "1", "3").out
    assert all(one in text for one in found["hashes"])
    assert "RFC 9162, section 2.1.4.2" in text
    assert installed("checkpoint", "prove", "0,001", "3").exit_code == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("prove", "3", "1"), "give the older one first"),
        (("prove", "1", "2"), "no checkpoint of size '2'"),
        (("prove", "1", "new"), "no checkpoint of size 'new'"),
        (("show", "-1"), "No such option"),
        (("show", "4"), "no checkpoint of size '4'"),
    ],
)
def test_what_was_never_signed_is_refused(
    installed: Shell, sizes: tuple[int, int], words: tuple[str, ...], sentence: str
) -> None:
    outcome = installed("checkpoint", *words)
    assert (outcome.exit_code, outcome.out) == (2, "")
    assert sentence in outcome.err


def test_the_live_book_is_audited_with_what_the_auditor_brings(
    installed: Shell, sizes: tuple[int, int], tmp_path: Path
) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(installed("checkpoint", "show", "1").out, encoding="utf-8")
    known = (installed.folder / "checkpoint-key.txt").read_text(encoding="ascii").strip()
    outcome = installed("audit", "--key", known, "--since", str(kept))
    assert outcome.exit_code == 0, outcome.out
    assert "begins with the 1 entry of kept.txt" in outcome.out
    other = installed("make-key", "x.example/x", str(tmp_path / "x.key"), "--json").result["verifier"]
    unsigned = installed("audit", "--key", other)
    assert unsigned.exit_code == 1
    assert "signed nothing of this book" in unsigned.out
    kept.write_text(kept.read_text(encoding="utf-8").replace("\n1\n", "\n2\n"), encoding="utf-8")
    assert installed("audit", "--since", str(kept)).exit_code == 1
    for words in (("--key", "nonsense"), ("--since", str(tmp_path / "no.txt")), ("--since", str(installed.folder))):
        refused = installed("audit", *words)
        assert (refused.exit_code, refused.out, "Traceback" in refused.err) == (2, "", False)


def test_check_setup_says_how_far_the_book_is_signed(installed: Shell, sizes: tuple[int, int]) -> None:
    def ok() -> str:
        return installed("check-setup").out

    assert "a checkpoint covers all 3 entries" in ok()
    offered(installed, 1)
    assert "a checkpoint not older than a day covers all but the last 1 entry" in ok()
    last = installed.folder / "keys" / "checkpoint.key.last"
    aside = last.rename(last.with_name("aside"))
    assert "warning: nothing beside the signing key says what it signed last" in ok()
    aside.rename(last)


def test_an_older_backup_says_so_and_the_key_signs_nothing_over_it(
    installed: Shell, sizes: tuple[int, int], tmp_path: Path
) -> None:
    file = tmp_path / "older.backup"
    assert installed("backup", str(file)).exit_code == 0
    offered(installed, 2)
    size = signed(installed)
    other = make_shell(tmp_path / "data", EVENHAND_NAME="test.example/book")
    shutil.copytree(installed.folder / "keys", other.folder / "keys")
    back = other("restore", str(file))
    assert back.exit_code == 1
    assert f"checkpoint.key.last was signed over {size} entries" in back.out
    assert "The key signs nothing over what was restored: the key has signed a checkpoint of" in back.out
    asked = other("checkpoint", "make", "--as", "task-force")
    assert (asked.exit_code, asked.out) == (2, "")
    assert "it is an older copy" in asked.err
    assert other("audit").exit_code == 1
    unsafe = other("check-setup")
    assert unsafe.exit_code == 1
    assert "unsafe: no checkpoint can be signed: the key has signed" in unsafe.out
    exported = other("export", str(tmp_path / "export"), "--as", "task-force")
    assert exported.exit_code == 0
    assert "nothing was signed for this export: the key has signed" in exported.err


def test_a_backup_with_a_key_that_remembers_nothing_is_taken_with_a_warning(
    installed: Shell, sizes: tuple[int, int], tmp_path: Path
) -> None:
    file = tmp_path / "book.backup"
    assert installed("backup", str(file)).exit_code == 0
    other = make_shell(tmp_path / "data", EVENHAND_NAME="test.example/book")
    shutil.copytree(installed.folder / "keys", other.folder / "keys", ignore=shutil.ignore_patterns("*.last"))
    back = other("restore", str(file))
    assert back.exit_code == 0, back.out
    assert "Nothing beside the key (checkpoint.key.last) says what it signed last" in back.out
    shutil.copyfile(installed.folder / "keys" / "checkpoint.key.last", other.folder / "keys" / "checkpoint.key.last")
    assert other("audit").exit_code == 0


def test_a_consignment_is_turned_back_at_the_shell(installed: Shell, sizes: tuple[int, int]) -> None:
    gift = installed(*OFFER, "--meant-for", "TCD", "--json").result["ref"]
    plan = ("consignment", "plan", "--origin", "IND", "--destination", "TCD", "--lines", f"{gift}=40 carton")
    ref = installed(*plan, "--as", "donor-ind", "--json").result["ref"]
    assert installed("consignment", "dispatch", ref, "--as", "donor-ind").exit_code == 0
    said = ("consignment", "return", ref, "--cause", "customs", "--note", "no import permit")
    assert installed(*said, "--as", "focal-tcd").exit_code == 2
    done = installed(*said, "--as", "donor-ind", "--quantity", "30 carton")
    assert done.exit_code == 0, done.err
    assert f"3,000 base units of {ref} were turned back and go to their donor." in done.out
    assert "no import permit" in installed("consignment", "show", ref, "--as", "focal-tcd").out

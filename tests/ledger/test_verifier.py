"""The verifier says that a sound book holds, and names every rule that an unsound one breaks, by file, line and entry."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from small_books import HOLDERS, KEY, ORIGIN, OTHER_KEY, Book, random_book, village_book, with_sums, write_files

from evenhand.errors import FileUnreadable
from evenhand.exchange.archive.write import write_archive
from evenhand.ledger import entries, stages, standalone_verifier, verifier, verify_folder, verify_lines
from evenhand.ledger.checkpoint import Checkpoint, new_signing_key, sign_checkpoint
from evenhand.ledger.merkle import root_of

OFFER = "OF-7K2M9QX4PD"


def test_the_tables_in_the_file_are_those_of_the_stock_book() -> None:
    assert verifier.LEGAL == stages.LEGAL
    assert verifier.HOLDERS == HOLDERS
    assert verifier.REVERSE == stages.REVERSE
    assert verifier.FIELDS == entries.FIELDS
    assert verifier.FORMAT.decode() == entries.FORMAT
    assert verifier.LARGEST_QUANTITY == entries.LARGEST_QUANTITY
    every = {bytes([byte]) for byte in range(256)}
    assert {one for one in every if entries.PLAIN.fullmatch(one.decode("latin-1"))} == {
        bytes([c]) for c in verifier.ALLOWED
    }


# --- what holds -------------------------------------------------------------------------------------------------------


def test_a_sound_export_holds_and_says_how_far_it_is_signed(tmp_path: Path) -> None:
    verdict = verify_folder(village_book().write(tmp_path))
    assert str(verdict) == (
        "holds: 10 entries, 9 accounts, root QNIzxa5/L8KDk0sfJ8pQVMpKuMz2pikI8NP269BiCvM=; 2 checkpoints signed by "
        "evenhand.example/stock-book, ministry.example/witness, 2 entries after the last (by the keys found here: "
        "compare them with those you know)"
    )
    assert (verdict.holds, verdict.count, verdict.faults) == (True, 0, ())
    assert (verdict.entries, verdict.checkpoints, verdict.signed) == (10, 2, 8)
    assert verdict.signers == (ORIGIN, "ministry.example/witness")


def test_a_known_key_and_a_kept_checkpoint_are_said_to_agree(tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    folder = village_book().write(tmp_path / "export")
    kept.write_bytes((folder / "checkpoints" / "000000000004.txt").read_bytes())
    verdict = verify_folder(folder, keys=[OTHER_KEY.verifier.text()], since=kept)
    assert verdict.holds
    assert verdict.line.endswith("2 entries after the last; begins with the 4 entries of kept.txt")


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.integers(0, 60), st.integers(0, 7))
def test_every_lawful_book_holds_live(seed: int, size: int, every: int) -> None:
    book = random_book(seed, size, every=every)
    verdict = verify_lines(
        zip(book.lines(), book.leaves(), strict=True),
        balances=entries.balances_of(book.entries),
        checkpoints=[(f"size {size}", note) for size, note in book.notes().items()],
        keys=[KEY.verifier.text()],
    )
    assert verdict.holds, str(verdict)
    assert verdict.checkpoints == len(book.signed_at)


def test_what_the_archive_writes_is_what_the_verifier_reads(tmp_path: Path) -> None:
    book = random_book(4, 40, every=9)
    write_archive(
        tmp_path / "export",
        entries=book.lines(),
        leaves=book.leaves(),
        balances=entries.balances_of(book.entries).items(),
        checkpoints={size: note.encode() for size, note in book.notes().items()},
        keys=[KEY.verifier.text()],
        tables={"parties": pl.DataFrame({"key": ["TCD"], "name": ["Tchad"]})},
        root=root_of(book.leaves()),
        made_at=datetime(2026, 3, 2, tzinfo=UTC),
    )
    verdict = verify_folder(tmp_path / "export")
    assert verdict.holds, str(verdict)
    assert verdict.checkpoints == 4


def test_an_empty_book_holds_and_a_checkpoint_over_nothing_too(tmp_path: Path) -> None:
    verdict = verify_folder(Book(signed_at=(0,)).write(tmp_path))
    assert verdict.holds, str(verdict)
    assert verdict.root == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def test_without_a_checkpoint_the_verdict_claims_nothing_about_yesterday(tmp_path: Path) -> None:
    book = village_book()
    book.signed_at = book.witnessed_at = ()
    assert "no checkpoint, so nothing shows whether these are yesterday's" in verify_folder(book.write(tmp_path)).line


# --- which rule is broken ---------------------------------------------------------------------------------------------


class Padded(int):
    """A number that is written with a zero in front."""

    def __str__(self) -> str:
        return f"0{int(self)}"


def broken(change: Callable[[Book], object]) -> list[str]:
    """What is said of a village book that was made wrong from the start: consistent but for the rule itself."""
    book = village_book()
    book.signed_at = book.witnessed_at = ()
    change(book)
    balances = entries.balances_of(book.entries)
    verdict = verify_lines(zip(book.lines(), book.leaves(), strict=True), balances=balances)
    assert not verdict.holds
    return [str(fault) for fault in verdict.faults if fault.file != "balances"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda b: b.change(3, seq=4), "entries, line 3, entry e3: before it entry 3 should stand: missing"),
        (lambda b: b.change(3, seq=2), "entries, line 3, entry e3: its number is '2' where 3 should stand"),
        (lambda b: b.change(3, entry="e2"), "entries, line 3, entry e2: its id stands in the book already; an entry is "),
        (lambda b: b.change(3, entry=""), "entries, line 3: its id has 0 characters, not 1 to 64"),
        (lambda b: b.change(3, entry="x" * 65), "its id has 65 characters, not 1 to 64"),
        (lambda b: b.change(3, action=""), "entries, line 3, entry e3: it does not say which action wrote it"),
        (lambda b: b.change(3, by=""), "entries, line 3, entry e3: it does not say who did"),
        (lambda b: b.change(3, quantity=0), "its quantity is '0', not a whole number from 1 to 1,000,000,000,000,000"),
        (lambda b: b.change(3, quantity=-4), "its quantity is '-4', not a whole number"),
        (lambda b: b.change(3, quantity=10**15 + 1), "its quantity is '1000000000000001', not a whole number"),
        (lambda b: b.change(3, quantity=Padded(400)), "its quantity is '0400', not a whole number"),
        (lambda b: b.change(3, quantity=401), "entries, line 3, entry e3: it takes 1 more from 'offered/OF-7K2M9QX4PD' "),
        (lambda b: b.change(3, verb="give"), "'give' may not move units from 'offered' to 'allocated'"),
        (lambda b: b.change(3, verb="receive"), "'receive' may not move units from 'offered' to 'allocated'"),
        (lambda b: b.change(3, target=f"offered/{OFFER}"), "'allocate' may not move units from 'offered' to 'offered'"),
        (lambda b: b.change(3, target="allocated/OF-2/KEN"), "units of the offer 'OF-7K2M9QX4PD' to the offer 'OF-2'"),
        (lambda b: b.change(3, target=f"allocated/{OFFER}"), f"the account 'allocated/{OFFER}' must say who holds it"),
        (lambda b: b.change(1, target=f"offered/{OFFER}/TCD"), f"the account 'offered/{OFFER}/TCD' must not say who"),
        (lambda b: b.change(4, target=f"in-transit/{OFFER}/TCD"), "must name a consignment (CN-...)"),
        (lambda b: b.change(3, target=f"lost/{OFFER}/KEN"), "is of no stage that the book has"),
        (lambda b: b.change(3, target="allocated"), "the account 'allocated' is not stage/offer or stage/offer/holder"),
        (lambda b: b.change(3, target=f"allocated/{OFFER}/KEN/x"), "is not stage/offer or stage/offer/holder"),
        (lambda b: b.change(3, resource="rice"), "entries, line 3, entry e3: its offer is of 'mask', not of 'rice'"),
        (lambda b: b.change(1, resource=""), "entries, line 1, entry e1: '' is not the key of a resource"),
        (lambda b: b.change(3, happened="2026-02-30"), "it happened on '2026-02-30', which is no date"),
        (lambda b: b.change(3, happened=""), "it happened on '', which is no date"),
        (lambda b: b.change(3, recorded="2026-03-02T24:00:00.000000Z"), "which is no time in UTC"),
        (lambda b: b.change(3, recorded="2026-03-02T10:00:00.000001Z"), "before the entry above it"),
        (lambda b: b.change(3, typed="4e2"), "entries, line 3, entry e3: '4e2' is not a plain number"),
        (lambda b: b.change(3, typed="04"), "'04' is not a plain number"),
        (lambda b: b.change(3, value="5"), "its value is '5' '', not a sum of money"),
        (lambda b: b.change(3, currency="USD"), "its value is '' 'USD', not a sum of money"),
        (lambda b: b.change(1, valued_on="2026-13-01"), "it was valued on '2026-13-01', which is no date"),
        (lambda b: b.change(3, unit="box,of ten"), "the line has 20 fields, not 19"),
        (lambda b: b.change(3, unit="box of ten"), "entries, line 3, entry e3: the line holds '  ', which no field may"),
        (lambda b: b.change(3, unit="box\nof"), "the line holds '\\u000a', which no field may"),
        (lambda b: b.change(8, reverses="e99"), "it reverses 'e99', and no earlier entry has that id"),
        (lambda b: b.change(8, reverses="e9"), "it reverses 'e9', and no earlier entry has that id"),
        (lambda b: b.change(8, reverses="e8"), "it reverses 'e8', and no earlier entry has that id"),
        (lambda b: b.change(8, reverses=""), "it is a reversal and does not say of which entry"),
        (lambda b: b.change(8, reverses="e4"), "it reverses 'e4' and does not move between the same two accounts"),
        (lambda b: b.change(8, quantity=89), "it reverses 'e7', which moved 90 units, not 89"),
        (lambda b: b.change(9, reverses="e7"), "it names 'e7' as reversed, and its verb is not 'reverse'"),
        (
            lambda b: b.change(8, source=f"offered/{OFFER}", target=f"received/{OFFER}/TCD"),
            "'reverse' may not move units from 'offered' to 'received'",
        ),
        (
            lambda b: b.add("reverse", f"used/{OFFER}/TCD", f"received/{OFFER}/TCD", 90, reverses="e7"),
            "entries, line 11, entry e11: it reverses 'e7', which entries, line 8 has reversed already",
        ),
        (
            lambda b: b.add("reverse", f"received/{OFFER}/TCD", f"used/{OFFER}/TCD", 90, reverses="e8"),
            "it reverses 'e8', which is a reversal itself",
        ),
    ],
)  # fmt: skip
def test_a_book_that_breaks_a_rule_is_told_which(change: Callable[[Book], object], said: str) -> None:
    assert any(said in fault for fault in broken(change)), broken(change)


def test_a_line_of_another_format_is_not_understood() -> None:
    lines = [b"2" + line[1:] for line in village_book().lines()[:1]]
    leaves = [hashlib.sha256(b"\0" + line).digest() for line in lines]
    verdict = verify_lines(zip(lines, leaves, strict=True))
    assert str(verdict.faults[0]) == "entries, line 1, entry e1: the line is of format '2', and only 1 is known"


def test_kept_balances_that_differ_are_named_and_an_empty_account_may_be_left_out() -> None:
    book = village_book()
    right = entries.balances_of(book.entries)
    pairs = list(zip(book.lines(), book.leaves(), strict=True))
    assert verify_lines(pairs, balances={key: left for key, left in right.items() if left}).holds
    wrong = right | {f"received/{OFFER}/TCD": 504, "used/OF-2/TCD": 0}
    del wrong[f"used/{OFFER}/TCD"]
    assert [str(fault) for fault in verify_lines(pairs, balances=wrong).faults] == [
        f"balances: the balance of 'received/{OFFER}/TCD' says 504; the entries make 505",
        f"balances: the balance of 'used/{OFFER}/TCD' is missing; the entries make 80",
        "balances: no entry touches the account 'used/OF-2/TCD'",
    ]


def test_a_million_faults_are_counted_and_the_first_are_kept() -> None:
    pairs = ((b"x", bytes(32)) for _ in range(verifier.MOST_FAULTS + 5))
    verdict = verify_lines(pairs)
    assert len(verdict.faults) == verifier.MOST_FAULTS
    assert verdict.count == 2 * verifier.MOST_FAULTS + 10
    assert verdict.text(3).endswith(f"... and {verdict.count - 3:,} more")


# --- checkpoints and keys ---------------------------------------------------------------------------------------------


def said_live(book: Book, notes: dict[str, str], **more: object) -> list[str]:
    pairs = zip(book.lines(), book.leaves(), strict=True)
    keys = [KEY.verifier.text()]
    verdict = verify_lines(pairs, checkpoints=notes.items(), keys=keys, **more)  # type: ignore[arg-type]  # a test's own
    assert verdict.holds == (not verdict.faults)
    return [str(fault) for fault in verdict.faults]


def note_over(book: Book, size: int, root: bytes | None = None, origin: str = ORIGIN) -> str:
    return sign_checkpoint(Checkpoint(origin, size, root or root_of(book.leaves()[:size])), KEY)


def test_a_change_is_placed_between_the_last_checkpoint_that_agrees_and_the_first_that_does_not() -> None:
    book = village_book()
    notes = {f"c{size}": note_over(book, size) for size in (2, 4, 6, 8)}
    book.change(6, by="US-02")
    assert said_live(book, notes) == [
        (
            "entries: something was changed, removed or put in among entries 5 to 6, since c4 was signed: what c6 and 1 "
            "later checkpoint signed is not what stands here"
        )
    ]


def test_a_false_checkpoint_between_two_right_ones_is_itself_to_blame() -> None:
    book = village_book()
    notes = {"c2": note_over(book, 2), "c4": note_over(book, 4, bytes(32)), "c6": note_over(book, 6)}
    assert said_live(book, notes) == [
        "c4: its root is not that of the first 4 entries, though c6 agrees with every entry up to 6"
    ]


def test_entries_that_were_signed_and_cut_off_at_the_end_are_missed() -> None:
    book = village_book()
    notes = {"c4": note_over(book, 4), "c8": note_over(book, 8)}
    del book.entries[6:]
    assert said_live(book, notes) == [
        "entries: entries 7 to 8 are missing at the end: c8 was signed over 8 entries, and only 6 are here"
    ]


def test_a_kept_checkpoint_of_another_past_is_found() -> None:
    book = village_book()
    kept = note_over(book, 3)
    book.change(2, by="US-02")
    assert said_live(book, {"c8": note_over(book, 8)}, since=("kept.txt", kept)) == [
        "kept.txt: its root is not that of the first 3 entries, though c8 agrees with every entry up to 8"
    ]
    assert said_live(book, {}, since=("kept.txt", kept)) == [
        (
            "entries: something was changed, removed or put in among entries 1 to 3, from the beginning: what kept.txt "
            "signed is not what stands here"
        )
    ]


def test_a_checkpoint_by_nobody_known_or_of_another_book_is_found() -> None:
    book, stranger = village_book(), new_signing_key("stranger.example")
    unknown = sign_checkpoint(Checkpoint(ORIGIN, 4, root_of(book.leaves()[:4])), stranger)
    assert said_live(book, {"c4": unknown}) == ["c4: no known key signed it, only 'stranger.example'"]
    assert said_live(book, {"c4": note_over(book, 4), "c5": note_over(book, 5, origin="other.example")}) == [
        f"c5: it is of the book 'other.example', not of '{ORIGIN}'"
    ]


def test_a_changed_checkpoint_is_found_by_its_signature() -> None:
    book = village_book()
    forged = note_over(book, 4).replace("\n4\n", "\n5\n")
    said = said_live(book, {"c5": forged})
    assert f"c5: the signature of '{ORIGIN}' is not that of this text: one of the two was changed" in said


def test_a_key_that_was_brought_along_must_have_signed_the_book() -> None:
    book = village_book()
    notes = {"c4": note_over(book, 4)}
    assert said_live(book, notes, trusted=[KEY.verifier.text()]) == []
    assert said_live(book, notes, trusted=[OTHER_KEY.verifier.text()]) == [
        "checkpoints: the key 'ministry.example/witness' that you brought signed nothing of this book"
    ]


def test_a_key_or_a_kept_checkpoint_that_is_none_is_refused() -> None:
    with pytest.raises(FileUnreadable, match="'nonsense' is not an Ed25519 verifier key"):
        verify_lines([], trusted=["nonsense"])
    with pytest.raises(FileUnreadable, match=r"'kept\.txt' is not a signed checkpoint: it is not three lines"):
        verify_lines([], since=("kept.txt", "nonsense"))


# --- Ed25519 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("public", "message", "signature"),
    [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            (
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                "d25bf5f0595bbe24655141438e7a100b"
            ),
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            (
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                "387b2eaeb4302aeeb00d291612bb0c00"
            ),
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            (
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
                "4a7c15e9716ed28dc027beceea1ec40a"
            ),
        ),
    ],
)
def test_the_signatures_of_rfc_8032_hold_and_none_with_a_changed_bit(public: str, message: str, signature: str) -> None:
    key, text, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert verifier.ed25519_holds(key, text, signed)
    assert not verifier.ed25519_holds(key, text + b"\0", signed)
    assert not verifier.ed25519_holds(key, text, signed[:63])
    for bit in range(0, 512, 5):
        changed = bytearray(signed)
        changed[bit // 8] ^= 1 << bit % 8
        assert not verifier.ed25519_holds(key, text, bytes(changed))


def test_a_signature_is_not_taken_in_a_second_spelling() -> None:
    signed = KEY.sign("text").signature
    second = int.from_bytes(signed[32:], "little") + verifier.ORDER
    assert not verifier.ed25519_holds(KEY.verifier.public, b"text", signed[:32] + second.to_bytes(32, "little"))


@settings(max_examples=40)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 64 * 8 + 200))
def test_cryptography_and_the_verifier_agree_on_every_signature(seed: bytes, message: bytes, bit: int) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), bytearray(private.sign(message))
    if bit < 512:
        signature[bit // 8] ^= 1 << bit % 8
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes(signature), message)
        held = True
    except InvalidSignature:
        held = False
    assert verifier.ed25519_holds(public, message, bytes(signature)) == held == (bit >= 512)


@pytest.mark.parametrize("public", ["02" + "00" * 31, "ff" * 32, "01" + "00" * 30 + "80", "ee" + "ff" * 30 + "7f", ""])
def test_bytes_that_are_no_public_key_hold_nothing(public: str) -> None:
    assert not verifier.ed25519_holds(bytes.fromhex(public), b"", bytes(64))


# --- the folder and the command ---------------------------------------------------------------------------------------


def run(script: Path, *given: str) -> subprocess.CompletedProcess[str]:
    """Run the verifier with bare Python: no site packages, no environment, another folder."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "-W", "error", str(script), *given],
        cwd=script.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_file_alone_verifies_an_export_with_bare_python(tmp_path: Path) -> None:
    script = tmp_path / "verify.py"
    script.write_text(standalone_verifier(), encoding="utf-8")
    folder = village_book().write(tmp_path / "export")
    keys = tmp_path / "known.txt"
    keys.write_text(KEY.verifier.text() + "\n", encoding="utf-8")
    sound = run(
        script,
        "export",
        "--key",
        KEY.verifier.text(),
        "--key",
        str(keys),
        "--since",
        "export/checkpoints/000000000004.txt",
    )
    assert (sound.returncode, sound.stderr) == (0, "")
    assert sound.stdout.startswith("holds: 10 entries")
    assert json.loads(run(script, "export", "--json").stdout)["signed"] == 8
    (folder / "tables" / "parties.csv").write_text("key,name\nTCD,Tchad\n", encoding="utf-8")
    altered = run(script, "export")
    assert (altered.returncode, altered.stdout.count("\n")) == (1, 2)
    assert "tables/parties.csv: its SHA-256 is not the one in SHA256SUMS, line 8" in altered.stdout
    assert json.loads(run(script, "export", "--json").stdout)["faults"][0]["file"] == "tables/parties.csv"
    nothing = run(script, "nowhere")
    assert (nothing.returncode, nothing.stdout, nothing.stderr) == (
        2,
        "",
        "'nowhere' is not a folder, so it is not an export\n",
    )
    assert json.loads(run(script, "nowhere", "--json").stdout)["holds"] is False
    assert run(script, "export", "--key", "nonsense").returncode == 2


@pytest.mark.parametrize("path", ["nothing", "a\0b", "", "x" * 5000])
def test_a_path_that_is_no_folder_is_refused(tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileUnreadable, match="is not a folder, so it is not an export"):
        verify_folder(path)


def test_a_folder_without_entries_or_with_an_unreadable_kept_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match=r"holds no entries\.csv"):
        verify_folder(tmp_path)
    village_book().write(tmp_path)
    with pytest.raises(FileUnreadable, match="cannot be read"):
        verify_folder(tmp_path, since=tmp_path / "nothing.txt")


@pytest.mark.parametrize("name", ["entries.csv", "leaves.txt", "balances.csv", "keys.txt", "export.json", "SHA256SUMS"])
def test_a_missing_file_a_link_and_a_pipe_in_its_place_are_faults(tmp_path: Path, name: str) -> None:
    folder = village_book().write(tmp_path / "export")
    shutil.move(folder / name, tmp_path / name)
    assert f"{name}: the file is missing" in {str(fault) for fault in verify_folder(folder).faults}
    (folder / name).symlink_to(tmp_path / name)
    assert f"{name}: it is not a plain file" in {str(fault) for fault in verify_folder(folder).faults}
    (folder / name).unlink()
    os.mkfifo(folder / name)
    assert f"{name}: it is not a plain file" in {str(fault) for fault in verify_folder(folder).faults}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "it is not sound JSON"),
        ('{"size": 10, "size": 10}', "a key stands twice in it"),
        ('{"size": NaN}', "NaN is not a number"),
        ("[]", "it does not say what the export is"),
        ('{"format": 2}', "it says it is of the format '2', and only evenhand-export/1 is known"),
        ('{"counts": {"checkpoints": 1}}', "it counts '1' checkpoints, and 2 are here"),
        ('{"size": true}', "it says 'True' entries, and entries.csv has 10"),
        ('{"size": 10, "root": 5}', "it says the root is '5'; the leaves make QNIz"),
        ("\xff", "it is not sound JSON"),
    ],
)
def test_an_export_json_that_says_otherwise_is_a_fault(tmp_path: Path, text: str, said: str) -> None:
    data = text.encode("latin-1")
    verdict = verify_folder(write_files(tmp_path, village_book().files() | {"export.json": data}))
    assert said in "\n".join(map(str, verdict.faults))


def test_files_nobody_named_and_names_without_a_file_are_faults(tmp_path: Path) -> None:
    files = with_sums(village_book().files())
    del files["tables/parties.csv"]
    files["SHA256SUMS"] += b"0" * 64 + b"  ../../elsewhere\n"
    write_files(tmp_path, files | {"more.txt": b""}, sums=False)
    (tmp_path / "linked").symlink_to("/")
    said = "\n".join(map(str, verify_folder(tmp_path).faults))
    assert "SHA256SUMS, line 8: the file 'tables/parties.csv' that it names is missing" in said
    assert "SHA256SUMS, line 9: '../../elsewhere' stands here twice or out of order" in said
    assert "SHA256SUMS, line 9: the file '../../elsewhere' that it names is missing" in said
    assert "more.txt: SHA256SUMS does not name it" in said
    assert "linked: it is not a plain file" in said

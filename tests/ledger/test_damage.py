"""Whatever is changed, removed, moved or put in, in an export, the verifier finds it and says where."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_books import KEY, Book, random_book, village_book, with_sums, write_files

from evenhand.errors import FileUnreadable
from evenhand.ledger import Verdict, verify_folder, verify_lines
from evenhand.ledger.merkle import leaf_hash

LISTS = ("entries.csv", "leaves.txt", "balances.csv", "keys.txt", "SHA256SUMS")
"""Files whose faults are told by line."""


def small_book() -> Book:
    """Four entries, the last one after the only checkpoint; one signature, as a second one could be taken off unseen."""
    book = village_book()
    del book.entries[4:]
    book.signed_at, book.witnessed_at = (3,), ()
    return book


def verify(folder: Path, files: dict[str, bytes], *, sums: bool) -> Verdict:
    shutil.rmtree(folder, ignore_errors=True)
    return verify_folder(write_files(folder, files, sums=sums))


def assert_located(verdict: Verdict, name: str, line: int) -> None:
    """The file is named, and the line where it has lines; a changed line end is seen at either of two lines."""
    assert not verdict.holds
    assert any(name in str(fault) for fault in verdict.faults), str(verdict)
    if name in LISTS:
        near = {fault.line for fault in verdict.faults if fault.file == name} & {line - 1, line, line + 1}
        assert near or any(f"{name}, line {line}" in fault.text for fault in verdict.faults), str(verdict)


def flip(files: dict[str, bytes], name: str, place: int, bit: int) -> tuple[dict[str, bytes], int]:
    """Change one bit, and return the line it was in."""
    data = bytearray(files[name])
    line = data[:place].count(b"\n") + 1
    data[place] ^= 1 << bit
    return files | {name: bytes(data)}, line


def flip_bits(folder: Path, names: tuple[str, ...], *, sums: bool, every: bool) -> int:
    """Change every bit of every byte, or one bit of every third byte; return how many were changed."""
    files, tried = with_sums(small_book().files()), 0
    for name in names:
        for place in range(0, len(files[name]), 1 if every else 3):
            for bit in range(8) if every else ((place * 5) % 8,):
                changed, line = flip(files, name, place, bit)
                assert_located(verify(folder, changed, sums=sums), name, line)
                tried += 1
    return tried


EVERY_FILE = tuple(sorted(with_sums(small_book().files())))
HELD_BY_MORE_THAN_SUMS = ("entries.csv", "leaves.txt", "balances.csv", "keys.txt", "checkpoints/000000000003.txt")


def test_one_changed_bit_in_any_byte_of_an_export_is_found_and_located(tmp_path: Path) -> None:
    assert flip_bits(tmp_path / "x", EVERY_FILE, sums=False, every=False) > 700


def test_a_changed_bit_is_found_even_with_the_sums_made_right(tmp_path: Path) -> None:
    assert flip_bits(tmp_path / "x", HELD_BY_MORE_THAN_SUMS, sums=True, every=False) > 350


@pytest.mark.slow
def test_every_changed_bit_of_every_byte_is_found_and_located(tmp_path: Path) -> None:
    assert flip_bits(tmp_path / "x", EVERY_FILE, sums=False, every=True) > 16_000
    assert flip_bits(tmp_path / "x", HELD_BY_MORE_THAN_SUMS, sums=True, every=True) > 8_000


# --- lines ------------------------------------------------------------------------------------------------------------


def rows_of(files: dict[str, bytes], name: str) -> list[bytes]:
    return files[name].split(b"\n")[:-1]


def with_rows(files: dict[str, bytes], name: str, rows: list[bytes]) -> dict[str, bytes]:
    return files | {name: b"".join(row + b"\n" for row in rows)}


@settings(max_examples=150)
@given(data=st.data())
def test_lines_removed_moved_swapped_and_put_in_are_found_and_located(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    book = random_book(data.draw(st.integers(0, 5)), 30, every=7)
    files = book.files()
    name = data.draw(st.sampled_from(["entries.csv", "leaves.txt"]))
    rows = rows_of(files, name)
    first = 1 if name == "entries.csv" else 0  # below the heading
    place = data.draw(st.integers(first, len(rows) - 1))
    other = data.draw(st.integers(first, len(rows) - 1).filter(lambda drawn: drawn != place))
    harm = data.draw(st.sampled_from(["remove", "double", "swap", "move"]))
    if harm == "remove":
        del rows[place]
    elif harm == "double":
        rows.insert(other, rows[place])
    elif harm == "swap":
        rows[place], rows[other] = rows[other], rows[place]
    else:
        rows.insert(other, rows.pop(place))
    folder = tmp_path_factory.mktemp("damage") / "x"
    verdict = verify(folder, with_rows(files, name, rows), sums=True)
    assert not verdict.holds
    numbers = {place - first + 1, other - first + 1}  # of the entries concerned
    told = {fault.line - (fault.file == "entries.csv") for fault in verdict.faults if fault.file in LISTS[:2]}
    assert any(abs(number - one) <= 1 for number in numbers for one in told), str(verdict)


def test_one_line_removed_of_many_is_one_fault_and_not_one_for_every_later_line(tmp_path: Path) -> None:
    book = random_book(3, 600, every=100)
    rows = rows_of(book.files(), "entries.csv")
    entry = rows[250].split(b",")[2].decode()
    del rows[250]
    verdict = verify(tmp_path / "x", with_rows(book.files(), "entries.csv", rows), sums=True)
    assert entry == "e250"
    assert [str(fault) for fault in verdict.faults if fault.file == "leaves.txt"] == [
        "leaves.txt, line 250: its line was removed from entries.csv: it stood there when the first 300 entries were signed"
    ]
    assert not [fault for fault in verdict.faults if fault.file == "entries.csv" and "number" in fault.text]


def test_faults_in_two_stretches_are_told_apart_by_their_checkpoints(tmp_path: Path) -> None:
    files = random_book(5, 40, every=10).files()
    lines, leaves = rows_of(files, "entries.csv"), rows_of(files, "leaves.txt")
    lines[4] = lines[4].replace(b"US-01", b"US-02")  # a line, in the first stretch
    leaves[24] = leaves[23]  # a leaf, in the third
    lines.insert(36, lines[4].replace(b",e4,", b",e99,"))  # put in, in the fourth
    verdict = verify(tmp_path / "x", with_rows(with_rows(files, "entries.csv", lines), "leaves.txt", leaves), sums=True)
    said = [str(fault) for fault in verdict.faults]
    assert any("line 5, entry e4: the line was changed" in one and "first 10 entries" in one for one in said)
    assert any("line 37, entry e99: the line was put in later" in one and "first 40 entries" in one for one in said)
    assert any("leaves.txt, line 25, entry e25: the leaf was changed" in one and "first 30" in one for one in said)


# --- edits that agree with themselves ---------------------------------------------------------------------------------


@settings(max_examples=60)
@given(seed=st.integers(0, 5), seq=st.integers(1, 30), field=st.sampled_from(["by", "concerns", "happened", "value"]))
def test_an_edit_made_everywhere_at_once_still_fails_the_signed_checkpoint(
    seed: int, seq: int, field: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    book = random_book(seed, 30, every=6)
    signed = {name: data for name, data in book.files().items() if name.startswith("checkpoints/")}
    new: dict[str, object] = {"by": "US-99", "concerns": "RD-1", "happened": "2026-03-01", "value": "7"}
    book.change(seq, **{field: new[field]}, **({"currency": "USD"} if field == "value" else {}))
    verdict = verify(tmp_path_factory.mktemp("edit") / "x", book.files() | signed, sums=True)
    stretch = (seq - 1) // 6 * 6
    since = f"since checkpoints/{stretch:012d}.txt was signed" if stretch else "from the beginning"
    assert [fault.text.partition(": ")[0] for fault in verdict.faults] == [
        f"something was changed, removed or put in among entries {stretch + 1} to {stretch + 6}, {since}"
    ]


def test_entries_rewritten_from_some_point_on_are_found_by_a_checkpoint_that_somebody_kept(tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    book = random_book(1, 20, every=10)
    kept.write_text(book.notes()[10], encoding="utf-8")
    book.change(7, by="US-99")  # and everything signed again, by whoever has the key
    assert verify(tmp_path / "x", book.files(), sums=True).holds
    verdict = verify_folder(tmp_path / "x", since=kept)
    assert f"{kept}: its root is not that of the first 10 entries" in str(verdict)


def test_what_follows_the_last_checkpoint_is_not_yet_held_by_anything_but_itself(tmp_path: Path) -> None:
    """The limit of the proof, as the page says it: a signature holds what came before it."""
    book = random_book(1, 20, every=10)
    later = random_book(1, 20, every=10)
    later.signed_at = (10,)
    later.change(15, by="US-99")
    verdict = verify(tmp_path / "x", later.files(), sums=True)
    assert verdict.holds
    assert "10 entries after the last" in verdict.line
    (tmp_path / "kept.txt").write_text(book.notes()[20], encoding="utf-8")
    assert not verify_folder(tmp_path / "x", since=tmp_path / "kept.txt").holds


# --- junk -------------------------------------------------------------------------------------------------------------


@settings(max_examples=150, derandomize=True)
@given(data=st.data())
def test_junk_in_any_file_gets_a_sentence_and_never_a_traceback(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = with_sums(small_book().files())
    name = data.draw(st.sampled_from(sorted(files)))
    before = files[name]
    start = data.draw(st.integers(0, len(before)))
    end = data.draw(st.integers(start, min(len(before), start + 40)))
    junk = data.draw(
        st.one_of(st.binary(max_size=20), st.sampled_from([b"", b"\n", b",", b"9" * 5000, b"\xff", b"\0", b"\r\n"]))
    )
    after = data.draw(
        st.sampled_from([before[:start] + junk + before[end:], before[:start], junk, before + junk, before[::-1]])
    )
    sums = data.draw(st.booleans())
    try:
        verdict = verify(tmp_path_factory.mktemp("junk") / "x", files | {name: after}, sums=sums)
    except FileUnreadable:  # a sentence as well
        return
    for fault in verdict.faults:
        assert str(fault).isprintable()
        assert len(str(fault)) < 1000
    if before != after and not (sums and name in ("export.json", "SHA256SUMS", "tables/parties.csv")):
        assert not verdict.holds, f"{name}: {junk!r}"


@settings(max_examples=150)
@given(seed=st.integers(0, 3), data=st.data())
def test_junk_among_the_rows_of_a_live_book_gets_a_sentence_and_never_a_traceback(
    seed: int, data: st.DataObject
) -> None:
    book = random_book(seed, 12, every=5)
    pairs: list[tuple[bytes | None, bytes | None]] = list(zip(book.lines(), book.leaves(), strict=True))
    place = data.draw(st.integers(0, 11))
    fields = (pairs[place][0] or b"").split(b",")
    fields[data.draw(st.integers(0, 18))] = data.draw(
        st.one_of(
            st.binary(max_size=12), st.sampled_from([b"", b"0", b"-1", b"9" * 30, b"/", b"a/b/c/d", b"1e5", b"reverse"])
        )
    )
    line = data.draw(st.sampled_from([b",".join(fields), b"", None]))
    leaf = data.draw(st.sampled_from([pairs[place][1], None, b"", leaf_hash(line or b"")]))
    before, pairs[place] = pairs[place], (line, leaf)
    notes = [(f"c{size}", note) for size, note in book.notes().items()]
    verdict = verify_lines(pairs, balances={}, checkpoints=notes, keys=[KEY.verifier.text()])
    assert all(str(fault).isprintable() and len(str(fault)) < 1000 for fault in verdict.faults)
    if before != (line, leaf) and place < 10:  # a checkpoint holds the first ten
        plain = verify_lines(pairs, checkpoints=notes, keys=[KEY.verifier.text()])
        assert not plain.holds


def test_a_row_deleted_from_a_live_book_is_missed_at_its_place() -> None:
    book = random_book(2, 20, every=5)
    pairs = list(zip(book.lines(), book.leaves(), strict=True))
    del pairs[12]
    notes = [(f"c{size}", note) for size, note in book.notes().items()]
    said = [str(fault) for fault in verify_lines(pairs, checkpoints=notes, keys=[KEY.verifier.text()]).faults]
    assert "entries, line 13, entry e14: before it entry 13 should stand: missing" in said
    assert any("among entries 11 to 15, since c10 was signed" in one for one in said)


def test_a_line_without_an_end_costs_neither_memory_nor_time(tmp_path: Path) -> None:
    files = small_book().files()
    files["entries.csv"] += b"x" * (8 << 20)
    verdict = verify(tmp_path / "x", files, sums=False)
    assert "entries.csv, line 6: the last line does not end" in str(verdict)
    assert max(len(str(fault)) for fault in verdict.faults) < 500


def test_random_damage_to_a_larger_book_is_always_found(tmp_path: Path) -> None:
    files, draw = with_sums(random_book(9, 200, every=25).files()), random.Random(11)
    names = [name for name in files if name not in ("export.json",)]
    for _ in range(100):
        name = draw.choice(names)
        changed, line = flip(files, name, draw.randrange(len(files[name])), draw.randrange(8))
        assert_located(verify(tmp_path / "x", changed, sums=False), name, line)

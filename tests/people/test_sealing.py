"""Boxes open in their own place alone and never look alike; keyrings are read, renewed, and never shown."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.errors import BoxRefused, OptionRefused
from evenhand.people.folding import fold_name, fold_phone
from evenhand.people.keyring import Keyring, new_keyring, parse_keyring, read_keyring
from evenhand.people.sealing import Sealer

LOCK = Sealer(new_keyring())
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(texts)
def test_what_is_sealed_opens_and_is_not_in_its_box(value: str) -> None:
    box = LOCK.seal("PN-1", "given_name", value)
    assert LOCK.open("PN-1", "given_name", box) == value
    assert len(value) < 4 or value not in box
    assert LOCK.seal("PN-1", "given_name", value) != box


@given(st.integers(min_value=0), st.integers(1, 255))
def test_a_changed_letter_is_refused(place: int, flip: int) -> None:
    name, _, text = LOCK.seal("PN-1", "phone", "66123456").partition(".")
    held = bytearray(base64.b64decode(text))
    held[place % len(held)] ^= flip
    with pytest.raises(BoxRefused, match="phone of PN-1"):
        LOCK.open("PN-1", "phone", f"{name}.{base64.b64encode(held).decode()}")


@pytest.mark.parametrize("elsewhere", [("PN-2", "phone"), ("PN-1", "note"), ("PN-1/phone", "")])
def test_a_box_moved_elsewhere_is_refused(elsewhere: tuple[str, str]) -> None:
    with pytest.raises(BoxRefused):
        LOCK.open(*elsewhere, LOCK.seal("PN-1", "phone", "66123456"))


@pytest.mark.parametrize("box", ["", "1.", "1.!!", "9.AAAA", "x"])
def test_what_is_no_box_is_refused_in_a_sentence(box: str) -> None:
    with pytest.raises(BoxRefused, match="note of HH-1"):
        LOCK.open("HH-1", "note", box)


def test_older_keys_open_and_the_newest_seals() -> None:
    first = new_keyring()
    old = Sealer(first).seal("PN-1", "note", "x")
    lock = Sealer(first.with_new_seal())
    assert lock.open("PN-1", "note", old) == "x"
    assert (lock.is_newest(old), lock.is_newest(lock.seal("PN-1", "note", "x"))) == (False, True)
    without = Keyring({"2": lock.keys.seal["2"]}, first.index, first.card)
    with pytest.raises(BoxRefused, match=r"seal\.1.*not in the keyring"):
        Sealer(without).open("PN-1", "note", old)


def test_equal_values_meet_in_one_registration_and_kind_alone() -> None:
    one = LOCK.index("RG-1", "phone", "66123456")
    assert LOCK.indexes("RG-1", "phone", "66123456") == [one]
    assert one not in {LOCK.index("RG-2", "phone", "66123456"), LOCK.index("RG-1", "outside", "66123456")}
    assert one not in {Sealer(new_keyring()).index("RG-1", "phone", "66123456"), ""}
    assert LOCK.index("RG-1", "phone", "") == ""


def test_a_keyring_is_read_back_from_its_text_and_never_stands_in_its_own_repr() -> None:
    keys = new_keyring().with_new_seal()
    assert parse_keyring(keys.text(), "here") == keys
    assert list(keys.seal) == ["2", "1"]
    assert repr(keys.seal["1"])[2:8] not in repr(keys)
    assert base64.b64encode(keys.seal["1"]).decode()[:10] not in repr(keys)


KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(("text", "sentence"), [
    ("", "at least one key"), (f"seal.1={KEY}", "at least one key"), (f"seal.1={KEY};index.1={KEY};card.1={KEY}", "the same key twice"),
    (f"seal.1={KEY};index.1={KEY}", "missing: card"), (f"seal.1={KEY};card.1={KEY}", "missing: index"),
    ("seal.1=AAAA", "32 bytes"), (f"seal.1={KEY};seal.1={KEY}", "twice"), (f"sael.1={KEY}", "seal.1="), ("seal.1=!", "key 1"),
])  # fmt: skip
def test_a_keyring_that_is_none_is_refused_without_showing_it(text: str, sentence: str) -> None:
    with pytest.raises(OptionRefused, match=sentence) as caught:
        parse_keyring(text, "the setting people_keys")
    assert KEY not in str(caught.value)


def test_keys_come_from_a_private_file_the_setting_or_a_program(tmp_path: Path) -> None:
    keys = new_keyring()
    file = tmp_path / "people.keys"
    file.write_text("# of the register\n" + keys.text())
    with pytest.raises(OptionRefused, match="chmod 600"):
        read_keyring("", file)
    file.chmod(stat.S_IRUSR)
    assert read_keyring("", file) == read_keyring(str(file), tmp_path / "none") == keys
    assert read_keyring(f"run:cat '{file}'", tmp_path / "none") == keys
    assert read_keyring(keys.text().replace("\n", ";"), tmp_path / "none") == keys
    for said in ("run:false", "run:/no/such/program", "run:'", str(tmp_path / "none")):
        with pytest.raises(OptionRefused, match="keys"):
            read_keyring(said, tmp_path / "none")


@pytest.mark.parametrize("same", [
    ("Mahamat Saleh Zenaba", "zénaba  MAHAMAT-SALEH"), ("فاطمة الزهراء", "فاطمه الزهراء"), ("أحمد", "احمد"), ("یاسر", "ياسر"),
    ("Müller Ana", "Ana Muller"), ("ИВАНОВ Пётр", "Петр Иванов"),
])  # fmt: skip
def test_spellings_that_differ_in_nothing_that_matters_meet(same: tuple[str, str]) -> None:
    assert fold_name(same[0]) == fold_name(same[1])


@given(texts, texts)
def test_folding_twice_is_folding_once_and_order_does_not_count(one: str, two: str) -> None:
    assert fold_name(f"{one} {two}") == fold_name(f"{two} {one}")
    assert fold_name(fold_name(one)) == fold_name(one)
    assert fold_phone(fold_phone(one)) == fold_phone(one)

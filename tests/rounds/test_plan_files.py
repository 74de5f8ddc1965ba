"""A plan's folder as one value: packing and unpacking are inverse, and nothing hostile comes out."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.errors import PlanUnreadable
from evenhand.rounds import plan_files
from evenhand.rounds.plan_files import pack_files, read_files, unpack_files, write_files

NAMES = st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8})?\.csv", fullmatch=True)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=5))
def test_what_is_packed_unpacks_the_same(files: dict[str, bytes]) -> None:
    assert unpack_files(pack_files(files)) == files


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(NAMES, st.binary(max_size=50), min_size=2, max_size=5))
def test_the_order_of_files_changes_no_byte(files: dict[str, bytes]) -> None:
    assert pack_files(dict(reversed(files.items()))) == pack_files(files)


def test_a_folder_is_read_as_it_was_written(tmp_path: Path) -> None:
    files = {"plan.csv": b"lot", "inputs/needs.csv": b"recipient"}
    write_files(files, tmp_path)
    assert read_files(tmp_path) == files


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 200), st.integers(1, 255))
def test_an_altered_byte_is_refused_or_leaves_the_files_as_they_were(place: int, change: int) -> None:
    files = {"plan.csv": b"lot,recipient,packs\n"}
    packed = bytearray(pack_files(files))
    packed[place % len(packed)] ^= change
    try:
        got = unpack_files(bytes(packed))
    except PlanUnreadable:
        return
    assert list(got.values()) == list(files.values())


@pytest.mark.parametrize("name", ["../plan.csv", "/etc/passwd", "a/../../b", "a\\..\\b", "folder/"])
def test_a_name_outside_its_folder_is_refused(name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(zipfile.ZipInfo(name), b"")
    with pytest.raises(PlanUnreadable, match="damaged: it names"):
        unpack_files(out.getvalue())


def test_a_file_that_would_fill_the_disk_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_files, "LARGEST", 1000)
    assert len(pack_files({"zeros": bytes(10**6)})) < 2000
    with pytest.raises(PlanUnreadable, match="larger than 1,000 bytes"):
        unpack_files(pack_files({"zeros": bytes(10**6)}))

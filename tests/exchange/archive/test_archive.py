"""The export folder: whole or not there, the same when read, and no cell that a spreadsheet would compute."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.errors import FileUnreadable, NameUnknown, OptionRefused
from evenhand.exchange.archive import read_archive, write_archive
from evenhand.exchange.archive.tables import FORMATS, kinds_of, read_table, write_table
from evenhand.ledger.entries import HEADING

MADE = datetime(2026, 11, 22, 3, 4, 5, 123456, tzinfo=UTC)
LINES = [
    b"1,%d,e-%d,AC-1,us-1,offered,outside/OF-1,offered/OF-1,mask,10,10,piece,,,,2026-11-01,2026-11-22T03:04:05.123456Z,OF-1,"
    % (seq, seq)
    for seq in range(1, 4)
]
LEAVES = [hashlib.sha256(b"\x00" + line).digest() for line in LINES]
ROOT = hashlib.sha256(b"root").digest()
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''-", "'", "", "O'Neill", "-", None, "＝1+1", "x=1"]
PARTIES = pl.DataFrame(
    {
        "key": [f"P{place}" for place in range(len(FORMULAS))],
        "name": FORMULAS,
        "level": [None, -1, 2**60, *range(len(FORMULAS) - 3)],
        "weight": [Decimal("-1.50"), None, *[Decimal(1)] * (len(FORMULAS) - 2)],
        "share": [0.1, None, *[1e300] * (len(FORMULAS) - 2)],
        "open": [True, False, None, *[True] * (len(FORMULAS) - 3)],
        "since": [date(1961, 9, 1), None, *[date(2021, 3, 2)] * (len(FORMULAS) - 2)],
        "made": [MADE, None, *[MADE] * (len(FORMULAS) - 2)],
    },
    schema_overrides={"weight": pl.Decimal(38, 2), "made": pl.Datetime("us", "UTC")},
)
EMPTY = pl.DataFrame(schema={"key": pl.String, "level": pl.Int64})


def write(folder: Path, **options: Any) -> Path:
    given: dict[str, Any] = {
        "entries": LINES, "leaves": LEAVES, "balances": [("offered/OF-1", 30), ("outside/OF-1", -30)],
        "checkpoints": {0: b"note\n", 3: b"note 3\n"}, "keys": ["evenhand+12345678+AQID"],
        "tables": {"parties": PARTIES, "places": EMPTY}, "root": ROOT, "made_at": MADE,
    }  # fmt: skip
    return write_archive(folder, **(given | options))


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_exported_is_read_back_the_same(format: str, tmp_path: Path) -> None:
    archive = read_archive(write(tmp_path / "out", format=format))
    assert list(archive.entries()) == LINES
    assert list(archive.leaves()) == LEAVES
    assert list(archive.balances()) == [("offered/OF-1", 30), ("outside/OF-1", -30)]
    assert archive.checkpoints == {0: b"note\n", 3: b"note 3\n"}
    assert archive.keys == ("evenhand+12345678+AQID",)
    assert (archive.size, archive.root, archive.made_at, archive.tables_as) == (3, ROOT, MADE, format)
    assert archive.counts == {"entries": 3, "accounts": 2, "checkpoints": 2, "parties": 15, "places": 0}
    assert archive.tables == ("parties", "places")
    assert archive.table("parties").equals(PARTIES)
    assert archive.table("parties").schema == PARTIES.schema
    assert archive.table("places").equals(EMPTY)
    with pytest.raises(NameUnknown, match="no table in the export 'party'; did you mean 'parties'"):
        archive.table("party")


def test_the_files_are_those_of_the_contract(tmp_path: Path) -> None:
    folder = write(tmp_path / "out")
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == [
        "SHA256SUMS", "balances.csv", "checkpoints/000000000000.txt", "checkpoints/000000000003.txt", "entries.csv",
        "export.json", "keys.txt", "leaves.txt", "tables/parties.csv", "tables/places.csv",
    ]  # fmt: skip
    assert (folder / "entries.csv").read_bytes() == b"\n".join([HEADING.encode(), *LINES, b""])
    assert (folder / "leaves.txt").read_text().splitlines() == [leaf.hex() for leaf in LEAVES]
    about = json.loads((folder / "export.json").read_text())
    assert base64.b64decode(about["root"]) == ROOT
    assert about["made_at"] == "2026-11-22T03:04:05.123456+00:00"


def test_the_checksums_are_those_that_sha256sum_checks(tmp_path: Path) -> None:
    folder = write(tmp_path / "out")
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


def test_the_same_records_are_the_same_bytes(tmp_path: Path) -> None:
    for format in FORMATS:
        one, two = write(tmp_path / f"{format}1", format=format), write(tmp_path / f"{format}2", format=format)
        assert (one / "SHA256SUMS").read_bytes() == (two / "SHA256SUMS").read_bytes()


def test_an_export_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield LINES[0]
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        write(tmp_path / "out", entries=breaking())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"format": "ods"}, "format is 'ods'; say one of csv, xlsx, parquet"),
        ({"entries": [b"a,b"]}, "entry 1 is no line of nineteen plain fields"),
        ({"leaves": LEAVES[:2]}, "there are 3 entries but 2 leaves"),
        ({"leaves": [b"x"]}, "leaf 1 has 1 bytes; a hash has 32"),
        ({"root": b"x"}, "the root has 32 bytes"),
        ({"made_at": datetime(2026, 1, 1)}, "the time a zone"),  # noqa: DTZ001  # the case that is refused
        ({"tables": {"../x": PARTIES}}, "a table cannot be called '../x'"),
        ({"tables": {"x": pl.DataFrame({"a": [[1]]})}}, r"table x, column a: List\(Int64\) cannot be exported"),
        ({"format": "xlsx", "tables": {"x": pl.DataFrame({"a": ["b" * 40_000]})}}, "has a text too long for XLSX"),
        ({"format": "xlsx", "tables": {"x": pl.DataFrame({"a": ["\ufffe"]})}}, "has a character that XLSX lacks"),
    ],
)
def test_what_cannot_be_exported_is_refused_and_leaves_nothing(options: Any, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(OptionRefused, match=sentence):
        write(tmp_path / "out", **options)
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write(tmp_path / "out")
    with pytest.raises(FileUnreadable, match="exists and is not empty; name another folder"):
        write(tmp_path / "out")
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("file", "link"):
        with pytest.raises(FileUnreadable, match="exists and is not empty"):
            write(tmp_path / name)
    with pytest.raises(FileUnreadable, match="cannot be written"):
        write(tmp_path / "file" / "below")


def test_no_cell_of_a_csv_table_begins_like_a_formula(tmp_path: Path) -> None:
    folder = write(tmp_path / "out")
    with (folder / "tables" / "parties.csv").open(newline="", encoding="utf-8") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert len(names) == len(FORMULAS)
    assert not any(re.match(r"[=+\-@\t\r＝＋－＠]", name) for name in names)
    assert names[0] == "'=1+1"


def test_no_cell_of_an_xlsx_table_is_a_formula(tmp_path: Path) -> None:
    folder = write(tmp_path / "out", format="xlsx")
    sheet = openpyxl.load_workbook(folder / "tables" / "parties.xlsx").active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert sheet["C3"].value == -1


TEXTS = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff"), max_size=8),
    st.sampled_from(FORMULAS),
)


@given(
    st.lists(st.tuples(TEXTS, st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))), max_size=6),
    st.sampled_from(FORMATS),
)
@settings(max_examples=150)
def test_any_text_is_read_back_the_same_from_every_format(rows: list[Any], format: str) -> None:
    frame = pl.DataFrame(rows, schema={"text": pl.String, "number": pl.Int64}, orient="row")
    back = read_table("t", write_table("t", frame, format), format, kinds_of("t", frame), frame.height)
    assert back.equals(frame)


def resum(folder: Path) -> None:
    """Make the checksums those of what now lies there, as somebody who means harm would."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in paths
    ]
    (folder / "SHA256SUMS").write_text("".join(lines))


def edit(name: str, change: Callable[[bytes], bytes], *, mend: bool = True) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        (folder / name).write_bytes(change((folder / name).read_bytes()))
        if mend:
            resum(folder)

    return apply


def about(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], None]:
    def apply(data: bytes) -> bytes:
        said = json.loads(data)
        change(said)
        return json.dumps(said).encode()

    return edit("export.json", apply)


def put(name: str, data: bytes = b"x", *, mend: bool = False) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
        if mend:
            resum(folder)

    return apply


def link(name: str, to: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(to)

    return apply


def linked_folder(folder: Path) -> None:
    moved = folder.with_name("moved")
    (folder / "tables").rename(moved)
    (folder / "tables").symlink_to(moved)


def needed_gone(folder: Path) -> None:
    (folder / "keys.txt").unlink()
    resum(folder)


def pipe(folder: Path) -> None:
    (folder / "keys.txt").unlink()
    os.mkfifo(folder / "keys.txt")


SPOILT: dict[str, tuple[Callable[[Path], None], str]] = {
    "no checksums": (lambda folder: (folder / "SHA256SUMS").unlink(), "SHA256SUMS is missing"),
    "a file gone": (lambda folder: (folder / "keys.txt").unlink(), "keys.txt is missing"),
    "a needed file gone": (needed_gone, "keys.txt is missing from SHA256SUMS"),
    "a byte changed": (edit("entries.csv", lambda data: data.replace(b",10,", b",11,", 1), mend=False), "entries.csv is not as it was exported"),
    "a file more": (put("tables/more.csv"), "holds 'tables/more.csv', which SHA256SUMS does not name"),
    "a folder more": (put("secrets/key.txt"), "holds a folder 'secrets', which no export has"),
    "a hidden file": (put(".hidden", mend=True), "names no file inside the folder"),
    "a checksum of elsewhere": (edit("SHA256SUMS", lambda data: data + b"0" * 64 + b"  ../../etc/passwd\n", mend=False), "names no file inside the folder"),
    "an absolute checksum": (edit("SHA256SUMS", lambda data: data + b"0" * 64 + b"  /etc/passwd\n", mend=False), "names no file inside the folder"),
    "a checksum of a backslash": (edit("SHA256SUMS", lambda data: data + b"0" * 64 + b"  ..\\x\n", mend=False), "names no file inside the folder"),
    "a checksum twice": (edit("SHA256SUMS", lambda data: data + data.splitlines(keepends=True)[0], mend=False), "twice"),
    "checksums of bytes": (edit("SHA256SUMS", lambda data: b"\xff\xfe" + data, mend=False), "is no list of checksums"),
    "endless checksums": (edit("SHA256SUMS", lambda data: b"0" * (2**25 + 1), mend=False), "larger than any that an export has"),
    "a linked file": (link("keys.txt", "/etc/passwd"), "is a link or no plain file"),
    "a linked folder": (linked_folder, "is a link or no plain file"),
    "a link in circles": (link("tables/again", ".."), "is a link or no plain file"),
    "a pipe": (pipe, "is a link or no plain file"),
    "no JSON": (edit("export.json", lambda data: b"{"), "does not say what an export says"),
    "deep JSON": (edit("export.json", lambda data: b"[" * 2_000_000), "does not say what an export says"),
    "huge JSON": (edit("export.json", lambda data: b" " * (2**22 + 1)), "larger than any that an export has"),
    "another format": (about(lambda said: said.update(format="evenhand-export/2")), "an export of another format"),
    "a size that lies": (about(lambda said: said.update(size=4)), "entries.csv has 3 entries, export.json says 4"),
    "a size that is text": (about(lambda said: said.update(size="3")), "does not say what an export says"),
    "a size that is true": (about(lambda said: said.update(size=True)), "does not say what an export says"),
    "counts that are none": (about(lambda said: said.update(counts=[1])), "does not say what an export says"),
    "a short root": (about(lambda said: said.update(root="AAAA")), "does not say what an export says"),
    "a time without zone": (about(lambda said: said.update(made_at="2026-01-01")), "does not say what an export says"),
    "a table of elsewhere": (about(lambda said: said["tables"].update({"../../etc/passwd": {"rows": 1, "columns": {}}})), "does not say what an export says"),
    "tables as programs": (about(lambda said: said.update(tables_as="py")), "does not say what an export says"),
    "no heading": (edit("entries.csv", lambda data: data.partition(b"\n")[2]), "does not begin with the heading"),
    "rows turned round": (edit("entries.csv", lambda data: b"\n".join([data.split(b"\n")[i] for i in (0, 2, 1, 3)]) + b"\n"), "line 2 of entries.csv is not entry 1"),
    "a quoted line": (edit("entries.csv", lambda data: data.replace(b"mask", b'"=1+1"', 1)), "line 2 of entries.csv is not entry 1"),
    "a line broken off": (edit("entries.csv", lambda data: data[:-1]), "too long or breaks off"),
    "an endless line": (edit("entries.csv", lambda data: data + b"a" * 10_000_000), "too long or breaks off"),
    "a leaf less": (edit("leaves.txt", lambda data: data[65:]), "leaves.txt has 2 hashes for 3 entries"),
    "a leaf that is none": (edit("leaves.txt", lambda data: b"x" * 64 + data[64:]), "line 1 of leaves.txt is no hash"),
    "a balance that is none": (edit("balances.csv", lambda data: data.replace(b"30", b"1e9", 1)), "line 2 of balances.csv is no balance"),
    "an endless balance": (edit("balances.csv", lambda data: data.replace(b"30", b"3" * 5_000, 1)), "line 2 of balances.csv is no balance"),
    "balances without heading": (edit("balances.csv", lambda data: data[16:]), "balances.csv does not begin with its heading"),
    "a checkpoint misnamed": (put("checkpoints/3.txt", mend=True), "is no checkpoint"),
    "keys of bytes": (edit("keys.txt", lambda data: b"\xff\xff\n"), "keys.txt is not text"),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILT)
def test_a_folder_that_is_not_whole_is_refused_with_what_is_wrong(what: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "out")
    spoil, sentence = SPOILT[what]
    spoil(folder)
    with pytest.raises(FileUnreadable) as refusal:
        read_archive(folder)
    assert sentence in str(refusal.value)
    assert "root:" not in str(refusal.value)


def test_a_folder_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "none", write(tmp_path / "out") / "keys.txt"):
        with pytest.raises(FileUnreadable, match="is not a folder; name the folder that `evenhand export` wrote"):
            read_archive(path)


@pytest.mark.parametrize(
    ("format", "change"),
    [
        ("csv", lambda data: b"other\n1\n"),
        ("csv", lambda data: b""),
        ("csv", lambda data: data.replace(b"1961-09-01", b"yesterday")),
        ("csv", lambda data: data.replace(b"true", b"perhaps", 1)),
        ("csv", lambda data: data + b"P99\n"),
        ("xlsx", lambda data: data[:-50]),
        ("xlsx", lambda data: b"PK\x05\x06" + bytes(18)),
        ("parquet", lambda data: data[:-9]),
        ("parquet", lambda data: b"PAR1"),
        ("parquet", lambda data: write_table("t", EMPTY, "parquet")),
    ],
)
def test_a_table_that_does_not_hold_what_it_should_is_refused(
    format: str, change: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    folder = write(tmp_path / "out", format=format)
    edit(f"tables/parties.{format}", change)(folder)
    with pytest.raises(FileUnreadable, match="table parties"):
        read_archive(folder).table("parties")


def test_an_unknown_kind_of_column_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "out")
    about(lambda said: said["tables"]["parties"]["columns"].update(key="python"))(folder)
    with pytest.raises(FileUnreadable, match="calls column key 'python', which this Evenhand does not know"):
        read_archive(folder).table("parties")


def test_a_parquet_table_of_one_text_thousands_of_times_is_refused(tmp_path: Path) -> None:
    bomb = pl.select(key=pl.lit("long" * 10_000).repeat_by(20_000).explode())
    folder = write(tmp_path / "out", format="parquet", tables={"bomb": bomb})
    with pytest.raises(FileUnreadable, match="table bomb"):
        read_archive(folder).table("bomb")


@given(st.data())
@settings(max_examples=60)
def test_any_byte_that_is_changed_anywhere_is_found(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = write(tmp_path_factory.mktemp("exported") / "out")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    path = data.draw(st.sampled_from(files))
    spoilt = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(spoilt) - 1))
    spoilt[place] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(spoilt)
    with pytest.raises(FileUnreadable):
        read_archive(folder)

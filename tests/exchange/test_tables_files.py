"""Files as they come: encodings, delimiters, headings, renamed, broken and malicious ones. A sentence or a table."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from evenhand.errors import FileUnreadable, InputRefused
from evenhand.exchange.tables import contents, open_source, package, read_tables
from evenhand.supply.tables import Tables

LOTS = {"lot": ["L1"], "packs": [1]}
BROKEN = "open it in a spreadsheet and save it again"


def read(path: Path, data: bytes) -> Tables:
    path.write_bytes(data)
    return read_tables(path, LOTS)


def unreadable(path: Path, data: bytes) -> str:
    with pytest.raises(FileUnreadable) as refusal:
        read(path, data)
    return str(refusal.value)


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    """A workbook; a cell that is a pair is merged over that many columns, one that starts with = has a cached value."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, tuple):
                    sheet.merge_range(row, column, row, column + cell[1] - 1, cell[0])
                elif isinstance(cell, str) and cell.startswith("="):
                    formula, _, cached = cell.partition("|")
                    sheet.write_formula(row, column, formula, None, cached)
                elif cell is not None:
                    sheet.write(row, column, cell)
    book.close()
    return made.getvalue()


# Encodings -------------------------------------------------------------------------------------------------------------

NAMES = "recipient,target,name\nCIV,9,Côte d’Ivoire\nSTP,9,São Tomé e Príncipe\nTUR,9,Türkiye\n"
NAMED = ["Côte d’Ivoire", "São Tomé e Príncipe", "Türkiye"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_with_its_marks_is_read_without_a_word(tmp_path: Path, encoding: str) -> None:
    tables = read(tmp_path / "needs.csv", NAMES.encode(encoding))
    assert tables.needs["name"].to_list() == NAMED
    assert tables.notes == ()


def test_windows_1252_is_read_and_named(tmp_path: Path) -> None:
    tables = read(tmp_path / "needs.csv", NAMES.encode("cp1252"))
    assert tables.needs["name"].to_list() == NAMED
    assert tables.notes == (
        "needs.csv is not UTF-8; it was read as Windows-1252: check the names, e.g. 'Côte d’Ivoire'",
    )


NO_WORDS = (
    "needs.csv is not UTF-8 (line 2), and read in the usual Western encoding it makes no words; save it as 'CSV UTF-8'"
)


@pytest.mark.parametrize(
    ("text", "encoding", "sentence"),
    [
        ("Côte d'Ivoire", "mac_roman", NO_WORDS),
        ("République", "cp437", NO_WORDS),
        ("Россия", "cp1251", NO_WORDS),
        ("Россия", "koi8_r", NO_WORDS),
        ("Ελλάδα", "iso8859_7", NO_WORDS),
        ("日本", "shift_jis", NO_WORDS),
        ("الجزائر", "cp1256", NO_WORDS),
        ("中国", "gbk", "needs.csv is UTF-8 in parts, but not in line 2: save it as 'CSV UTF-8'"),
        ("Chad", "utf-32", "needs.csv is in UTF-32, which Evenhand does not read; save it as 'CSV UTF-8'"),
        ("Chad", "utf-16-le", "needs.csv seems to be in UTF-16, but without the mark that says so; save it as 'CSV UTF-8'"),
    ],
)  # fmt: skip
def test_other_encodings_are_refused_and_never_garbled(tmp_path: Path, text: str, encoding: str, sentence: str) -> None:
    data = f"recipient,target,name\nTCD,9,{text}\n".encode(encoding)
    assert unreadable(tmp_path / "needs.csv", data) == sentence


def test_a_file_joined_from_two_encodings_is_refused(tmp_path: Path) -> None:
    data = "recipient,target,name\nCIV,9,Côte\n".encode() + "REU,9,Réunion\n".encode("latin-1")
    assert unreadable(tmp_path / "needs.csv", data) == (
        "needs.csv is UTF-8 in parts, but not in line 3: save it as 'CSV UTF-8'"
    )


def test_utf_16_that_breaks_off_is_refused(tmp_path: Path) -> None:
    assert unreadable(tmp_path / "needs.csv", NAMES.encode("utf-16")[:-1]) == (
        "needs.csv says it is UTF-16, but breaks off or is damaged; save it as 'CSV UTF-8'"
    )


# Delimiters and headings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("recipient;target\nTCD;9\n", ["needs.csv: the cells are separated by semicolons"]),
        ("recipient\ttarget\nTCD\t9\n", ["needs.csv: the cells are separated by tabs"]),
        ("recipient|target\nTCD|9\n", ["needs.csv: the cells are separated by bars"]),
        ("recipient,target\rTCD,9\r", []),
        ('"recipient","target"\r\n"TCD","9"\r\n', []),
        ("recipient,target\nTCD,9,,,\n", []),
        ("recipient,target,name\nTCD,9,a 5\" pipe\n", ["the name keeps its mark"]),
        ("\n\nrecipient,target\n\nTCD,9\n\n,\n", ["needs: the heading was found in row 3; 2 rows above it were skipped"]),
        ("sep=;\nrecipient;target\nTCD;9\n", [
            "needs.csv: the cells are separated by semicolons",
            "needs: the heading was found in row 2; 1 row above it was skipped",
        ]),
        ("Needs of the round\n\"as of\nMarch\",\nrecipient,target\n#adm1 +code,#targeted\nTCD,9\n", [
            "needs: the heading was found in row 3; 2 rows above it were skipped",
            "needs: row 4 holds HXL tags (#adm1 +code, #targeted) and was skipped",
        ]),
        ("recipient,target\n,(service units)\nTCD,9\n", ["needs: row 2 holds units ((service units)) and was skipped"]),
        ("recipient,Doses\n,target\nTCD,9\n", ["needs: rows 1 and 2 were read as one heading"]),
    ],
)  # fmt: skip
def test_a_table_is_found_whatever_stands_around_it(tmp_path: Path, text: str, notes: list[str]) -> None:
    tables = read(tmp_path / "needs.csv", text.encode())
    assert tables.needs.select("recipient", "target").rows() == [("TCD", 9)]
    if notes == ["the name keeps its mark"]:
        assert tables.needs["name"].to_list() == ['a 5" pipe']
    else:
        assert list(tables.notes) == notes


def test_groups_named_like_hxl_tags_are_no_second_heading() -> None:
    tables = read_tables(
        {"recipient": ["#adm1", "B"], "target": [1, 1]}, LOTS, {"recipient": ["#adm1"], "group": ["#x"]}
    )
    assert tables.groups.rows() == [("#adm1", "#x")]


def test_empty_cells_at_the_end_of_rows_are_not_mistaken_for_missing_ones(tmp_path: Path) -> None:
    text = 'recipient,target,name\nTCD,9,\n"KEN, of",9,\n\nCIV,9,x\n'
    assert read(tmp_path / "needs.csv", text.encode()).needs["name"].to_list() == ["x", None, None]


# Other files -----------------------------------------------------------------------------------------------------------


def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(600)


def archive(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name.replace("__", "/"), data)
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "needs.csv is empty"),
        (b"\n \r\n\n", "needs.csv is empty"),
        (b"\xef\xbb\xbf", "needs.csv is empty"),
        (b",,,\n" * 30 + b"recipient,target\n", "needs.csv has nothing in its first 20 rows; put the heading in the first row"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "needs.csv is a picture (PNG), not a table; give a CSV, Excel or Parquet file"),
        (b"%PDF-1.7\n...", "needs.csv is a PDF, not a table; give a CSV, Excel or Parquet file"),
        (bytes(range(256)), "needs.csv is not a table: it holds bytes that no text has; give a CSV, Excel or Parquet file"),
        (b'[{"recipient": "TCD"}]', "needs.csv seems to be JSON; save it as CSV, or read it into a dataframe first"),
        (b"<html><table></table></html>", "needs.csv seems to be a web page or XML; save it as CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
         "needs.csv is a workbook in the old Excel format (.xls); save it as .xlsx or CSV"),
        (encrypted(), "needs.csv is protected with a password; take the password off and save it again"),
        (b"PK\x03\x04 and no more", f"needs.csv is a broken workbook or archive; {BROKEN}"),
        (archive(**{"needs.csv": b"a"}), "needs.csv is a zip archive; unpack it and give the table in it"),
        (archive(content=b"", **{"content.xml": b""}), "needs.csv is an OpenDocument file; save it as .xlsx or CSV"),
        (archive(word__document=b""), "needs.csv is a Word document, not a table; save it as .xlsx or CSV"),
        (archive(**{"xl/workbook.bin": b""}), "needs.csv is a binary Excel workbook (.xlsb); save it as .xlsx or CSV"),
        (archive(**{"xl/workbook.xml": b"<x/>"}), f"needs.csv is a broken workbook; {BROKEN}"),
        (b"PAR1 and no more PAR1", "needs.csv is a damaged Parquet file; write or download it again"),
        (b"\x1f\x8b\x08 and no more", "needs.csv is damaged and cannot be unpacked; pack or download it again"),
        (gzip.compress(b"recipient,target\n" * 99, mtime=0)[:-9], "needs.csv is damaged and cannot be unpacked; pack or download it again"),
        (gzip.compress(b"\x89PNG", mtime=0), "needs.csv is a picture (PNG), not a table; give a CSV, Excel or Parquet file"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_named(tmp_path: Path, data: bytes, sentence: str) -> None:
    assert unreadable(tmp_path / "needs.csv", data) == sentence


def test_paths_that_lead_nowhere_are_named(tmp_path: Path) -> None:
    for path, sentence in (
        (tmp_path / "none.csv", f"there is no file {tmp_path / 'none.csv'}"),
        (tmp_path, f"{tmp_path} is a folder; give the file with the table"),
        ("a\0b.csv", "a\0b.csv cannot be read: embedded null byte"),
        (
            "https://example.org/needs.csv",
            "https://example.org/needs.csv is an address on the web; download the file and give its path",
        ),
    ):
        with pytest.raises(FileUnreadable) as refusal:
            read_tables(path, LOTS)
        assert str(refusal.value) == sentence


def test_a_renamed_file_is_read_by_its_contents_and_noted(tmp_path: Path) -> None:
    rows = [["recipient", "target"], ["TCD", 9]]
    tables = read(tmp_path / "needs.csv", workbook({"needs": rows}))
    assert tables.notes == ("needs.csv is an Excel workbook by its contents, and was read as one",)
    made = io.BytesIO()
    pl.DataFrame({"recipient": ["TCD"], "target": [9]}).write_parquet(made)
    assert read(tmp_path / "needs.txt", made.getvalue()).notes == (
        "needs.txt is a Parquet file by its contents, and was read as one",
    )


def test_what_would_not_fit_into_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "LARGEST_FILE", 2**20)
    monkeypatch.setattr(contents, "CHUNK", 2**16)
    bomb = gzip.compress(bytes(2**18), mtime=0) * 5
    assert unreadable(tmp_path / "needs.csv.gz", bomb) == (
        "needs.csv.gz unpacks to more than 0 GiB; give a smaller table"
    )
    monkeypatch.setattr(open_source, "LARGEST_FILE", 0)
    assert "is larger than 0 GiB; give a smaller table" in unreadable(
        tmp_path / "needs.csv", b"recipient,target\nA,1\n"
    )
    monkeypatch.undo()
    monkeypatch.setattr(open_source, "MOST_ROWS", 2)
    made = io.BytesIO()
    pl.DataFrame({"recipient": ["A", "B", "C"], "target": [9] * 3}).write_parquet(made)
    assert unreadable(tmp_path / "needs.parquet", made.getvalue()) == (
        "needs.parquet has 3 rows; Evenhand reads at most 2"
    )


# Workbooks -------------------------------------------------------------------------------------------------------------

ROWS: list[list[Any]] = [["recipient", "target", "held"], ["TCD", 1200, 1.5], [1001, "=A1+1|7", None]]


@pytest.mark.parametrize(
    ("sheets", "notes"),
    [
        ({"needs": ROWS, "lots": [["lot"]]}, []),
        ({"Sheet1": ROWS}, []),
        ({"Read me": [["Hello"]], "Data": ROWS, "Old": ROWS}, [
            "needs.xlsx has 3 sheets; 2 of them could be meant; 'Data' was read: name a sheet 'needs' to choose it",
        ]),
        ({"Data": ROWS, "Notes": [["x"]]}, ["needs.xlsx has 2 sheets; 'Data' was read: name a sheet 'needs' to choose it"]),
        ({"S": [[("Needs of the round", 3)], [], *ROWS]}, ["needs: the heading was found in row 3; 2 rows above it were skipped"]),
        ({"S": [["recipient", ("Doses", 2)], [None, "target", "held"], ["#org+code", "#targeted", "#reached"], *ROWS[1:]]}, [
            "needs: rows 1 and 2 were read as one heading",
            "needs: row 3 holds HXL tags (#org+code, #targeted, #reached) and was skipped",
        ]),
        ({"S": [[None, *row] for row in [[], [], *ROWS]]}, ["needs: the heading was found in row 3; 2 rows above it were skipped"]),
        ({"S": [*ROWS, [], [None, None, " "]]}, []),
    ],
)  # fmt: skip
def test_a_workbook_gives_its_table(tmp_path: Path, sheets: dict[str, list[list[Any]]], notes: list[str]) -> None:
    tables = read(tmp_path / "needs.xlsx", workbook(sheets))
    assert tables.needs.select("recipient", "target", pl.col("held").cast(pl.Float64)).rows() == [
        ("1001", 7, 0.0),
        ("TCD", 1200, 1.5),
    ]
    assert list(tables.notes) == notes


def test_error_cells_and_words_are_refused_where_they_stand(tmp_path: Path) -> None:
    rows = [["Needs"], [], *ROWS, ["KEN", "=1/0|#DIV/0!", "=NA()|#N/A"], ["CIV", "1,200", True]]
    with pytest.raises(InputRefused) as refusal:
        read(tmp_path / "needs.xlsx", workbook({"S": rows}))
    assert [str(problem) for problem in refusal.value.problems] == [
        "needs, row 6, column target: target holds the spreadsheet error #DIV/0!; mend the formula, or write a number above 0",
        ("needs, row 6, column held: held holds the spreadsheet error #N/A; mend the formula, or write a number, 0 or more,"
        " or leave the cell empty, which means 0"),
        "needs, row 7, column target: target is '1,200'; write 1200, or 1.2 if that is meant",
        ("needs, row 7, column held: held is 'TRUE', which is not a number; write a number, 0 or more,"
        " or leave the cell empty, which means 0"),
    ]  # fmt: skip


def test_an_empty_workbook_is_named(tmp_path: Path) -> None:
    assert unreadable(tmp_path / "needs.xlsx", workbook({"S": []})) == (
        "needs.xlsx is empty: no sheet has a cell with something in it"
    )


def test_a_broken_workbook_is_named(tmp_path: Path) -> None:
    whole = workbook({"S": ROWS})
    assert unreadable(tmp_path / "needs.xlsx", whole[:3000]) == f"needs.xlsx is a broken workbook or archive; {BROKEN}"
    bent = bytearray(whole)
    bent[whole.index(b"xl/worksheets/sheet1.xml") + 60] ^= 255
    assert unreadable(tmp_path / "needs.xlsx", bytes(bent)) == f"needs.xlsx is a broken workbook; {BROKEN}"


def test_a_workbook_with_encrypted_parts_is_named(tmp_path: Path) -> None:
    whole = bytearray(workbook({"S": ROWS}))
    at = whole.index(b"PK\x01\x02")
    struct.pack_into("<H", whole, at + 8, 1)
    assert unreadable(tmp_path / "needs.xlsx", bytes(whole)) == (
        "needs.xlsx is protected with a password; take the password off and save it again"
    )


def test_a_workbook_that_unpacks_beyond_reason_is_refused_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = archive(**{"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": bytes(40 * 2**20)})
    assert unreadable(tmp_path / "needs.xlsx", bomb) == (
        f"needs.xlsx would unpack to 40 MiB, {40 * 2**20 // len(bomb):,} times its size;"
        " no real table does that: save the table as CSV"
    )
    monkeypatch.setattr(package, "LARGEST_UNPACKED", 1000)
    assert "would unpack to 0 MiB" in unreadable(tmp_path / "needs.xlsx", workbook({"S": ROWS}))


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    bomb = bytearray(archive(**{"xl/workbook.xml": b"<workbook/>" + bytes(10_000_000)}))
    at = bomb.index(b"PK\x01\x02")
    struct.pack_into("<I", bomb, at + 24, 1000)
    assert unreadable(tmp_path / "needs.xlsx", bytes(bomb)) == f"needs.xlsx is a broken workbook; {BROKEN}"


@pytest.mark.parametrize("place", ["XFD1048576", "A99999999999"])
def test_a_sheet_with_one_cell_far_away_is_refused(tmp_path: Path, place: str) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook({"S": ROWS}))) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        b"</sheetData>", f'<row r="9"><c r="{place}"><v>1</v></c></row></sheetData>'.encode()
    )
    sentence = unreadable(tmp_path / "needs.xlsx", archive(**parts))
    assert sentence.startswith("needs.xlsx, sheet 'S', stretches over ")
    assert sentence.endswith("nearly all empty; delete the empty rows and columns beyond the table")

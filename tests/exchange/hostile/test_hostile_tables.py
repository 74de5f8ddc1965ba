"""Files built to do harm, sent as tables: each is refused, or read safely, in 2 s of one core and 256 MB.

Every file is made here, in a temporary folder, and read in a process of its own. What counts as harm is time, memory, an
error that is not Evenhand's, and anything read from outside the file.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

pytestmark = pytest.mark.slow

MOST_SECONDS = 2
MOST_MIB = 256

HEADING = b"party,resource,quantity,why,by,priority\n"
ROW = b"TCD,mask-surgical,10,because,2021-03-02,urgent\n"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

CHILD = r"""
import json, resource, sys, time
from pathlib import Path
from evenhand.errors import EvenhandError
from evenhand.exchange.imports import read_import
warm = sys.argv[2:]
for path in warm:
    read_import(path, "needs")
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
resource.setrlimit(resource.RLIMIT_AS, (8 * 2**30, 8 * 2**30))
def memory(name):
    [line] = [one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith(name)]
    return int(line.split()[1]) / 1024
# The peak of resource usage is handed down by the parent; the process's own is started anew instead.
Path("/proc/self/clear_refs").write_text("5")
before, started = memory("VmRSS"), time.process_time()
try:
    table = read_import(sys.argv[1], "needs")
    said = {"refused": "", "rows": table.frame.height, "total": table.total,
            "problems": [str(one) for one in table.problems[:3]],
            "questions": [one.text for one in table.questions],
            "cells": [[str(cell) for cell in row] for row in table.frame.head(3).rows()]}
except EvenhandError as error:
    said = {"refused": str(error)}
said |= {"seconds": time.process_time() - started, "mib": memory("VmHWM") - before}
print(json.dumps(said))
"""


def rows(count: int) -> bytes:
    return HEADING + ROW * count


def archive(parts: dict[str, bytes], packed: bool = True) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return buffer.getvalue()


def workbook_parts(write: Callable[[xlsxwriter.Workbook], None] | None = None) -> dict[str, bytes]:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    if write is None:
        sheet = book.add_worksheet("needs")
        for place, heading in enumerate(HEADING.decode().strip().split(",")):
            sheet.write_string(0, place, heading)
        for place, cell in enumerate(ROW.decode().strip().split(",")):
            sheet.write_string(1, place, cell)
    else:
        write(book)
    book.close()
    with zipfile.ZipFile(buffer) as file:
        return {name: file.read(name) for name in file.namelist()}


def changed(**parts: Callable[[bytes], bytes]) -> bytes:
    """Return a sound workbook with some of its parts changed: sheet, shared, book, styles, rels."""
    names = {
        "sheet": "xl/worksheets/sheet1.xml", "shared": "xl/sharedStrings.xml", "book": "xl/workbook.xml",
        "styles": "xl/styles.xml", "rels": "xl/_rels/workbook.xml.rels",
    }  # fmt: skip
    made = workbook_parts()
    for name, change in parts.items():
        made[names[name]] = change(made[names[name]])
    return archive(made)


def inside(xml: bytes, more: bytes, before: bytes = b"</sheetData>") -> bytes:
    return xml.replace(before, more + before)


def with_entities(xml: bytes, declared: bytes) -> bytes:
    head, _, rest = xml.partition(b"?>")
    return head + b"?><!DOCTYPE x [" + declared + b"]>" + rest.replace(b"mask-surgical", b"&a;")


LAUGHS = b'<!ENTITY l0 "ha">' + b"".join(
    b'<!ENTITY l%d "%s">' % (number, b"&l%d;" % (number - 1) * 10) for number in range(1, 12)
) + b'<!ENTITY a "&l11;">'  # fmt: skip


def lying_size(size: int) -> bytes:
    data = bytearray(archive(workbook_parts()))
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        struct.pack_into("<I", data, at + 24, size)
    return bytes(data)


def flagged_secret() -> bytes:
    data = bytearray(archive(workbook_parts()))
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 8] |= 1
    return bytes(data)


def many_sheets() -> bytes:
    def write(book: xlsxwriter.Workbook) -> None:
        for number in range(2_000):
            book.add_worksheet(f"s{number}")

    return archive(workbook_parts(write))


def shared_bomb() -> bytes:
    """One text of a megabyte that a hundred thousand cells share: a hundred gigabytes once written out."""
    made = workbook_parts()
    long = b"<si><t>" + b"long" * 250_000 + b"</t></si>"
    made["xl/sharedStrings.xml"] = made["xl/sharedStrings.xml"].replace(b"</sst>", long + b"</sst>")
    index = made["xl/sharedStrings.xml"].count(b"<si>") - 1
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>%d</v></c></row>' % (row, row, index) for row in range(3, 100_003)
    )
    made["xl/worksheets/sheet1.xml"] = inside(made["xl/worksheets/sheet1.xml"], cells)
    return archive(made)


def formulas() -> bytes:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("needs")
        for place, heading in enumerate(HEADING.decode().strip().split(",")):
            sheet.write_string(0, place, heading)
        sheet.write_row(1, 0, ["TCD", "mask-surgical", 10])
        sheet.write_formula(1, 3, '=WEBSERVICE("http://192.0.2.1/")', value="harmless")

    return archive(workbook_parts(write))


def parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def needs_frame(count: int, why: str = "because") -> pl.DataFrame:
    return pl.select(
        party=pl.lit("TCD").repeat_by(count).explode(), resource=pl.lit("mask").repeat_by(count).explode(),
        quantity=pl.lit(1).repeat_by(count).explode(), why=pl.lit(why).repeat_by(count).explode(),
    )  # fmt: skip


def lying_parquet() -> bytes:
    """Write 1,000 rows and say a billion: the count stands in the footer as a variable-length number."""
    data = parquet(needs_frame(1_000))
    told = bytes([0xD0, 0x0F])  # zigzag varint of 1,000
    footer = len(data) - 8 - struct.unpack("<I", data[-8:-4])[0]
    lies = data[footer:-8].replace(told, bytes([0x80, 0xA8, 0xD6, 0xB9, 0x07]))
    return data[:footer] + lies + struct.pack("<I", len(lies)) + b"PAR1"


def nested_frame(depth: int) -> pl.DataFrame:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return pl.DataFrame({"party": [value]})


def gz(data: bytes) -> bytes:
    return gzip.compress(data, compresslevel=6, mtime=0)


def gz_repeated(block: bytes, times: int) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return b"".join([packer.compress(block) for _ in range(times)] + [packer.flush()])


FILES: dict[str, Callable[[], bytes]] = {
    # Text that is none, or far too much of it.
    "empty.csv": lambda: b"",
    "nuls.csv": lambda: bytes(2**20),
    "nul_inside.csv": lambda: rows(10) + b"TCD,mask\x00,1,x,,\n",
    "line_breaks.csv": lambda: b"\n" * 10_000_000,
    "commas.csv": lambda: HEADING + b",,,,,\n" * 1_500_000,
    "million_columns.csv": lambda: b",".join(b"c%d" % i for i in range(1_000_000)) + b"\n1\n",
    "million_empty_headings.csv": lambda: b"," * 1_000_000 + b"\n" + b"," * 1_000_000,
    "same_heading_4000_times.csv": lambda: b"party," * 4_000 + b"why\n" + b"TCD," * 4_000 + b"x\n",
    "huge_cell.csv": lambda: HEADING + b"TCD,mask,1," + b"a" * 30_000_000 + b",,\n",
    "huge_quoted_cell.csv": lambda: HEADING + b'TCD,mask,1,"' + b"a" * 20_000_000 + b'",,\n',
    "huge_spaces.csv": lambda: HEADING + b"TCD,mask,1," + b" " * 20_000_000 + b",,\n",
    "open_quote.csv": lambda: rows(100_000) + b'TCD,mask,1,"never closed,,\n' + ROW * 100_000,
    "quote_storm.csv": lambda: HEADING + b'"' * 2_000_000,
    "crooked_rows.csv": lambda: HEADING + b"TCD,mask\n" * 200_000,
    "json_nested.csv": lambda: b"[" * 1_000_000,
    "laughs.csv": lambda: b'<?xml version="1.0"?><!DOCTYPE x [' + LAUGHS + b"]><x>&a;</x>",
    "page.csv": lambda: b"<html><script>alert(1)</script></html>" * 10_000,
    "utf16_unmarked.csv": lambda: rows(100).decode().encode("utf-16-le"),
    "utf16_broken.csv": lambda: b"\xff\xfe" + b"\xd8\x00" * 1_000_001,
    "utf32.csv": lambda: rows(100).decode().encode("utf-32"),
    "utf7.csv": lambda: HEADING + b"TCD,mask,1,+ADw-script+AD4-,,\n",
    "ebcdic.csv": lambda: rows(100).decode().encode("cp037"),
    "every_byte.csv": lambda: bytes(range(256)) * 10_000,
    "letters_of_no_encoding.csv": lambda: rows(10) + b"\x81\x8d\x8f\x90\x9d" * 1_000_000,
    # Cells.
    "formulas.csv": lambda: HEADING + b"TCD,mask,1,\"=cmd|' /C calc'!A0\",,\nTCD,mask,1,@SUM(1+1),,\nTCD,mask,1,-2+3,,\n",
    "path_keys.csv": lambda: HEADING + b"../../etc/passwd,C:\\boot,1,x,,\n",
    "sql.csv": lambda: HEADING + b"TCD,mask,1,\"'); DROP TABLE needs;--\",,\n",
    "turned_text.csv": lambda: HEADING + "TCD,mask,1,abc\u202etxt.exe,,\n".encode(),
    "control.csv": lambda: HEADING + b"TCD,mask,1,a\x1b[2Jb,,\nTCD,m\x07ask,1,x,,\n",
    "endless_digits.csv": lambda: HEADING + b"TCD,mask," + b"9" * 1_000_000 + b",x,,\n",
    "powers.csv": lambda: HEADING + b"TCD,mask,1e999999999,x,,\nTCD,mask,1e999,x,,\nTCD,mask,-1e308,x,,\nTCD,mask,nan,x,,\n",
    "separators.csv": lambda: HEADING.replace(b",", b";") + b"TCD;mask;" + b"1,1 1.1'" * 200_000 + b";x;;\n",
    "many_separators.csv": lambda: HEADING.replace(b",", b";") + b"".join(b"TCD;mask;%d,%03d.%d,5;x;;\n" % (i, i % 1000, i) for i in range(100_000)),
    "dates.csv": lambda: HEADING + b"".join(b"TCD,mask,1,x,%d/%d/%d,\n" % (i % 40, i % 40, i) for i in range(100_000)),
    "date_texts.csv": lambda: HEADING + b"".join(b"TCD,mask,1,x,%d of never %d,\n" % (i, i) for i in range(100_000)),
    "wrong_choices.csv": lambda: HEADING + b"".join(b"TCD,mask,1,x,,choice %d\n" % i for i in range(100_000)),
    "wrong_keys.csv": lambda: HEADING + b"".join(b"T C %d,mask,1,x,,\n" % i for i in range(100_000)),
    "all_missing.csv": lambda: HEADING + b",,,x,,\n" * 100_000,
    "marks.csv": lambda: HEADING + ("TCD,mask,1," + "e" + "\u0301" * 200_000 + ",,\n").encode(),
    # Packed with gzip.
    "zeros.csv.gz": lambda: gz_repeated(bytes(2**20), 300),
    "rows.csv.gz": lambda: HEADING and gz_repeated(ROW * 20_000, 300),
    "twice.csv.gz": lambda: gz(gz(rows(1_000))),
    "cut.csv.gz": lambda: gz(rows(10_000))[:-200],
    "spoilt.csv.gz": lambda: gz(rows(10_000))[:100] + b"spoilt" + gz(rows(10_000))[106:],
    "members.csv.gz": lambda: gz(ROW) * 50_000,
    # Something else under a name that promises a table.
    "picture.csv": lambda: b"\x89PNG\r\n\x1a\n" + bytes(1_000),
    "document.xlsx": lambda: b"%PDF-1.7" + bytes(1_000),
    "program.xlsx": lambda: b"\x7fELF" + bytes(1_000),
    "database.csv": lambda: b"SQLite format 3\x00" + bytes(1_000),
    "old_excel.xlsx": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(10_000),
    "secret.xlsx": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100) + "EncryptedPackage".encode("utf-16-le"),
    "zip_of_tables.xlsx": lambda: archive({"needs.csv": rows(10)}),
    "letter.xlsx": lambda: archive({"word/document.xml": b"<x/>"}),
    "open_document.xlsx": lambda: archive({"content.xml": b"<x/>"}),
    "binary.xlsx": lambda: archive({"xl/workbook.bin": b"x"}),
    # Workbooks.
    "bomb.xlsx": lambda: changed(sheet=lambda xml: inside(xml, b" " * 200_000_000)),
    "full.xlsx": lambda: changed(sheet=lambda xml: inside(xml, b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (r, r, r * 7919) for r in range(3, 400_000)))),
    "laughs.xlsx": lambda: changed(shared=lambda xml: with_entities(xml, LAUGHS)),
    "laughs_in_sheet.xlsx": lambda: changed(sheet=lambda xml: with_entities(xml, LAUGHS)),
    "outside_entity.xlsx": lambda: changed(shared=lambda xml: with_entities(xml, b'<!ENTITY a SYSTEM "file:///etc/passwd">')),
    "outside_address.xlsx": lambda: changed(shared=lambda xml: with_entities(xml, b'<!ENTITY a SYSTEM "http://192.0.2.1/">')),
    "outside_declaration.xlsx": lambda: changed(book=lambda xml: with_entities(xml, b'<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;')),
    "utf16_parts.xlsx": lambda: changed(shared=lambda xml: with_entities(xml, LAUGHS).decode().replace("UTF-8", "UTF-16").encode("utf-16")),
    "shared_bomb.xlsx": shared_bomb,
    "far_cell.xlsx": lambda: changed(sheet=lambda xml: inside(xml, b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
    "farther_cell.xlsx": lambda: changed(sheet=lambda xml: inside(xml, b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>')),
    "wide_and_long.xlsx": lambda: changed(sheet=lambda xml: inside(xml, b'<row r="90000"><c r="ZZ90000"><v>1</v></c></row>')),
    "single_quotes_far.xlsx": lambda: changed(sheet=lambda xml: inside(xml, b"<row r='1048576'><c  r = 'XFD1048576'><v>1</v></c></row>")),
    "dimension.xlsx": lambda: changed(sheet=lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', xml)),
    "deep.xlsx": lambda: changed(sheet=lambda xml: inside(xml, b"<a>" * 300_000 + b"</a>" * 300_000)),
    "unclosed.xlsx": lambda: changed(sheet=lambda xml: xml[: len(xml) // 2]),
    "merged.xlsx": lambda: changed(sheet=lambda xml: xml.replace(b"</sheetData>", b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 100_000 + b"</mergeCells>")),
    "styles.xlsx": lambda: changed(styles=lambda xml: xml.replace(b"</cellXfs>", b'<xf numFmtId="0"/>' * 200_000 + b"</cellXfs>")),
    "shared_missing.xlsx": lambda: changed(shared=lambda xml: b""),
    "shared_far.xlsx": lambda: changed(sheet=lambda xml: re.sub(rb"<v>1</v>", b"<v>99999999999999999999</v>", xml)),
    "relation_outside.xlsx": lambda: changed(rels=lambda xml: xml.replace(b"worksheets/sheet1.xml", b"../../../../etc/passwd")),
    "relation_to_itself.xlsx": lambda: changed(rels=lambda xml: xml.replace(b"worksheets/sheet1.xml", b"workbook.xml")),
    "claims_2_gib.xlsx": lambda: lying_size(2**31 - 1),
    "claims_little.xlsx": lambda: lying_size(10),
    "flagged_secret.xlsx": flagged_secret,
    "path_names.xlsx": lambda: archive({**workbook_parts(), "../../../tmp/evenhand-was-here": b"x", "/etc/evenhand-was-here": b"x"}),
    "many_parts.xlsx": lambda: archive({**workbook_parts(), **{f"xl/{i}": b"" for i in range(50_000)}}, packed=False),
    "many_sheets.xlsx": many_sheets,
    "formulas.xlsx": formulas,
    "macros.xlsx": lambda: archive({**workbook_parts(), "xl/vbaProject.bin": bytes(100_000)}),
    "cut.xlsx": lambda: archive(workbook_parts())[:-100],
    "spoilt.xlsx": lambda: archive(workbook_parts()).replace(b"PK\x01\x02", b"PK\x01\x03", 1),
    "only_an_end.xlsx": lambda: b"PK\x05\x06" + bytes(18),
    "long_inline.xlsx": lambda: changed(sheet=lambda xml: inside(xml, b'<row r="3"><c r="D3" t="inlineStr"><is><t>' + b"ab" * 4_000_000 + b"</t></is></c></row>")),
    # Parquet.
    "equal_rows.parquet": lambda: parquet(needs_frame(20_000_000)),
    "long_text.parquet": lambda: parquet(needs_frame(100_000, "long" * 25_000)),
    "lies.parquet": lying_parquet,
    "nested.parquet": lambda: parquet(nested_frame(60)),
    "wide.parquet": lambda: parquet(pl.DataFrame({f"c{i}": [1] for i in range(10_000)})),
    "bytes.parquet": lambda: parquet(pl.DataFrame({"party": [b"\xff\xfe" * 100], "why": [b"\x00"]})),
    "cut.parquet": lambda: parquet(needs_frame(1_000))[:-20],
    "footer.parquet": lambda: parquet(needs_frame(1_000))[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1",
    "only_marks.parquet": lambda: b"PAR1PAR1",
}  # fmt: skip

READ_SAFELY = {
    "utf7.csv", "formulas.csv", "sql.csv", "dimension.xlsx", "path_names.xlsx", "formulas.xlsx", "macros.xlsx",
    "merged.xlsx", "styles.xlsx",
}  # fmt: skip
"""Files that hold a sound table beside what was meant to do harm, which comes to nothing."""

EITHER = {"many_sheets.xlsx", "deep.xlsx", "members.csv.gz", "rows.csv.gz", "marks.csv", "relation_to_itself.xlsx"}
"""Files for which a refusal and a table without rows are both right."""


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Small sound files, read first so that what a door needs at all is not counted."""
    folder = tmp_path_factory.mktemp("ordinary")
    (folder / "needs.csv").write_bytes(rows(3))
    (folder / "needs.xlsx").write_bytes(archive(workbook_parts()))
    (folder / "needs.parquet").write_bytes(parquet(needs_frame(3)))
    return [str(path) for path in sorted(folder.iterdir())]


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_costs_little_and_does_nothing(name: str, tmp_path: Path, ordinary: list[str]) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path), *ordinary], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, (done.returncode, done.stderr[-2_000:])
    assert done.stderr == ""
    said = json.loads(done.stdout)
    assert said["seconds"] <= MOST_SECONDS, said
    assert said["mib"] <= MOST_MIB, said
    assert "root:" not in done.stdout
    sound = not said["refused"] and not said["total"] and not said["questions"]
    if name in READ_SAFELY:
        assert sound, said
        assert said["rows"]
    elif name not in EITHER:
        assert not sound, said
    assert not [folder for folder in ("/etc", "/tmp") if Path(folder, "evenhand-was-here").exists()]


def test_there_are_more_than_sixty() -> None:
    assert len(FILES) > 60
    assert set(FILES) >= READ_SAFELY | EITHER

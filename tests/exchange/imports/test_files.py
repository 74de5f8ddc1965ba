"""Files as they come: where the table begins, what is skipped and said, what repeats, and what cannot be read at all."""

from __future__ import annotations

import gzip
import hashlib
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from evenhand.errors import FileUnreadable, NameUnknown, OptionRefused
from evenhand.exchange.imports import read_import
from evenhand.supply.registers import MEMBERSHIPS

NEEDS = "party,resource,quantity,why\nTCD,mask,10,first\nKEN,mask,20,second\n"


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    """Return a workbook of the given cells; dates become dates, None stays empty."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd", "remove_timezone": True}
    )
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for row, cells in enumerate(rows):
            sheet.write_row(row, 0, cells)
    book.close()
    return buffer.getvalue()


ROWS: list[list[Any]] = [["party", "resource", "quantity", "why", "by"], ["TCD", "mask", 10.5, "x", date(2021, 3, 2)]]


def test_a_file_is_read_with_its_digest_and_the_rows_that_a_person_counts(tmp_path: Path) -> None:
    path = tmp_path / "needs.csv"
    path.write_text(NEEDS)
    table = read_import(path, "needs")
    assert table.sound
    assert table.name == "needs.csv"
    assert table.digest == hashlib.sha256(NEEDS.encode()).hexdigest()
    assert table.rows.to_list() == [2, 3]
    assert table.frame.schema == {
        "party": pl.String, "resource": pl.String, "quantity": pl.Decimal(38, 6), "why": pl.String,
    }  # fmt: skip
    assert table.refusal() is None


def test_the_digest_is_of_the_bytes_as_they_came_packed_or_not() -> None:
    packed = gzip.compress(NEEDS.encode(), mtime=0)
    assert read_import(packed, "needs").digest == hashlib.sha256(packed).hexdigest()
    assert read_import(packed, "needs").frame.equals(read_import(NEEDS.encode(), "needs").frame)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_titles_tags_and_blank_rows_are_skipped_and_said(mark: bytes) -> None:
    sent = mark + (
        b"Needs of the member states,,,\n\nParty,Resource,Quantity,Why\n#adm0+code,#item,#value,#description\n"
        b"TCD,mask,10,first\n,,,\nKEN,mask,20,second\n"
    )
    table = read_import(sent, "needs")
    assert table.sound
    assert table.rows.to_list() == [5, 7]
    assert table.notes == (
        "the file: the heading was found in row 3; 2 rows above it were skipped",
        "the file: row 4 holds HXL tags (#adm0+code, #item, #value, ...) and was skipped",
    )


def test_a_heading_in_two_rows_is_read_as_one() -> None:
    table = read_import(b"Who,What,Size,\nparty,resource,quantity,why\nTCD,mask,1,x\n", "needs")
    assert table.rows.to_list() == [3]
    merged = read_import(b"party,resource,Numbers,\n,,quantity,why\nTCD,mask,1,x\n", "needs")
    assert merged.frame["party"].to_list() == ["TCD"]
    assert merged.notes == ("the file: rows 1 and 2 were read as one heading",)


def test_western_letters_are_read_and_the_guess_is_said() -> None:
    sent = "key,name,kind\nCIV,Côte d'Ivoire,state\n".encode("cp1252")
    table = read_import(sent, "parties")
    assert table.frame["name"].to_list() == ["Côte d'Ivoire"]
    assert table.notes[0].startswith("the file is not UTF-8; it was read as Windows-1252: check the names, e.g. ")


def test_a_workbook_is_read_with_its_numbers_and_dates_as_they_are() -> None:
    table = read_import(workbook({"Cover": [["Needs 2021"]], "needs": ROWS}), "needs", name="sent.xlsx")
    assert table.sound
    assert table.frame.row(0) == ("TCD", "mask", Decimal("10.5"), date(2021, 3, 2), "x")


def test_the_time_of_a_day_is_left_out_and_said() -> None:
    cells = [ROWS[0], ["TCD", "mask", 1, "x", datetime(2021, 3, 2, 14, 30, tzinfo=UTC)]]
    frame = pl.DataFrame({name: [value] for name, value in zip(cells[0], cells[1], strict=True)})
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    table = read_import(buffer.getvalue(), "needs")
    assert table.frame["by"].to_list() == [date(2021, 3, 2)]
    assert table.notes == ("the file, column by: the time of the day was left out",)


def test_a_problem_names_the_file_the_sheet_the_row_and_the_column() -> None:
    wrong = [ROWS[0], ["TCD", "mask", 0, "x", None]]
    table = read_import(workbook({"needs": wrong}), "needs", name="sent.xlsx")
    assert [str(problem) for problem in table.problems] == [
        "sent.xlsx, sheet 'needs', row 2, column quantity: quantity is 0; write a number above 0"
    ]


def test_the_sheet_that_is_asked_for_is_read_and_no_other() -> None:
    sent = workbook({"needs": ROWS, "More": [ROWS[0], ["KEN", "tent", 3, "y", None]]})
    assert read_import(sent, "needs", sheet="More").frame["party"].to_list() == ["KEN"]
    with pytest.raises(NameUnknown, match="no sheet of the file 'Moer'; did you mean 'More'"):
        read_import(sent, "needs", sheet="Moer")
    with pytest.raises(FileUnreadable, match="the file is no workbook, so it has no sheet 'More'"):
        read_import(NEEDS.encode(), "needs", sheet="More")


def test_rows_that_repeat_another_are_named_and_kept() -> None:
    sent = NEEDS + "TCD,mask,10,first\nKEN,mask,20,other\nTCD,mask,10,first\n"
    table = read_import(sent.encode(), "needs")
    assert table.identical == ((2, 4, 6),)
    assert table.frame.height == 5
    assert table.sound


def test_unknown_columns_are_noted_and_columns_without_anything_are_left_out() -> None:
    table = read_import(b"party,resource,quantity,why,colour,by\nTCD,mask,1,x,red,\n", "needs")
    assert table.frame.columns == ["party", "resource", "quantity", "why"]
    assert table.notes == ("the file: column 'colour' is not known and is kept, but not used",)


def test_a_column_that_is_missing_is_one_problem_not_one_a_row() -> None:
    table = read_import(b"party,resource,quantity\nTCD,mask,1\nKEN,mask,1\n", "needs")
    assert [str(problem) for problem in table.problems] == [
        "the file, column why: the column is missing; the headings are 'party', 'resource', 'quantity'"
    ]


def test_a_table_without_rows_is_a_problem() -> None:
    table = read_import(b"group,party\n", "memberships")
    assert table.problems[0].text == (
        "there is no row below the heading; write one party's membership of one group in each row"
    )


def test_a_constant_stands_for_a_column_that_the_file_lacks_or_has() -> None:
    table = read_import(b"party,since\nTCD,1961\nKEN,1964\n", MEMBERSHIPS, constants={"group": "NAM", "party": "AZE"})
    assert table.frame.select("group", "party").rows() == [("NAM", "AZE"), ("NAM", "AZE")]
    with pytest.raises(NameUnknown, match="no column of memberships 'gruop'; did you mean 'group'"):
        read_import(b"party\nTCD\n", "memberships", constants={"gruop": "NAM"})


def test_options_outside_their_range_are_refused() -> None:
    with pytest.raises(NameUnknown, match="no table 'need'; did you mean 'needs'"):
        read_import(NEEDS.encode(), "need")
    with pytest.raises(OptionRefused, match=r"decimal is 'x'; say '\.' or ','"):
        read_import(NEEDS.encode(), "needs", decimal="x")
    with pytest.raises(OptionRefused, match="the layout hdx-pcodes is for places, not for needs"):
        read_import(NEEDS.encode(), "needs", layout="hdx-pcodes")


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="there is no file"):
        read_import(tmp_path / "needs.csv", "needs")


def test_nothing_that_was_sent_is_dropped_however_many_problems_there_are() -> None:
    lines = [f"T D,mask,{number},x" for number in range(1, 3_001)]
    table = read_import(("party,resource,quantity,why\n" + "\n".join(lines)).encode(), "needs")
    assert (table.frame.height, table.total, len(table.problems)) == (3_000, 3_000, 1_000)
    refusal = table.refusal()
    assert refusal is not None
    assert "... and 2,980 more" in refusal.sentence

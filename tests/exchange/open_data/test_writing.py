"""What is written reads back the same in every format; text stays text, numbers stay numbers; same rows, same bytes."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.errors import OptionRefused
from evenhand.exchange.open_data.about import LICENCES, About, licence_of
from evenhand.exchange.open_data.cells import cell_text, guard
from evenhand.exchange.open_data.columns import OpenColumn
from evenhand.exchange.open_data.write import FORMATS, stream_table, write_table

ABOUT = About("Needs", LICENCES["CC-BY-4.0"], date(2026, 3, 2), 7, 566, "8m87", "https://book.example/en/needs.csv")
COLUMNS = (
    OpenColumn("party", "Party", "who", "key", hxl="#org +code"),
    OpenColumn("why", "Why", "in its words"),
    OpenColumn("groups", "Groups", "which", "names"),
    OpenColumn("quantity", "Quantity", "how much", "whole", "dose", "#item +num"),
    OpenColumn("share", "Share", "of all", "amount"),
    OpenColumn("open", "Open", "whether", "flag"),
    OpenColumn("day", "Day", "when", "day"),
    OpenColumn("made_at", "Made at", "when", "moment"),
)
ROW = (
    "TCD",
    "floods",
    ("NAM", "AMC92"),
    -4,
    Fraction(1, 3),
    True,
    date(2026, 3, 2),
    datetime(2026, 3, 2, 9, tzinfo=UTC),
)
EMPTY = (None,) * 8


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


def read_sheet(data: bytes, name: str = "Data") -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(data))[name].iter_rows(values_only=True)]


def test_csv_says_every_kind_of_cell_in_plain_text() -> None:
    assert read_csv(write_table("csv", COLUMNS, [ROW, EMPTY], ABOUT)) == [
        [column.key for column in COLUMNS],
        ["TCD", "floods", "NAM;AMC92", "-4", "0.333333", "yes", "2026-03-02", "2026-03-02T09:00:00Z"],
        [""] * 8,
    ]


def test_a_workbook_keeps_types_and_explains_itself() -> None:
    data = write_table("xlsx", COLUMNS, [ROW], ABOUT)
    head, row = read_sheet(data)
    assert head == [column.key for column in COLUMNS]
    assert row == ["TCD", "floods", "NAM;AMC92", -4, 0.333333, True, datetime(2026, 3, 2), datetime(2026, 3, 2, 9)]  # noqa: DTZ001 -- a sheet has no zone
    assert read_sheet(data, "Columns")[4][:5] == ["quantity", "Quantity", "how much", "whole", "dose"]
    assert {name: value or "" for name, value in read_sheet(data, "About")} == ABOUT.told()
    assert openpyxl.load_workbook(io.BytesIO(data))["Data"].freeze_panes == "B2"


def test_json_says_what_it_is_and_keeps_numbers() -> None:
    read = json.loads(write_table("json", COLUMNS, [ROW, EMPTY], ABOUT))
    assert read["about"] == ABOUT.told()
    assert [column["key"] for column in read["columns"]] == [column.key for column in COLUMNS]
    assert read["rows"][0] == {
        "party": "TCD", "why": "floods", "groups": ["NAM", "AMC92"], "quantity": -4, "share": 0.333333, "open": True,
        "day": "2026-03-02", "made_at": "2026-03-02T09:00:00Z",
    }  # fmt: skip
    assert set(read["rows"][1].values()) == {None}


def test_parquet_has_typed_columns() -> None:
    frame = pl.read_parquet(io.BytesIO(write_table("parquet", COLUMNS, [ROW, EMPTY], ABOUT)))
    assert dict(frame.schema) == {
        "party": pl.String, "why": pl.String, "groups": pl.List(pl.String), "quantity": pl.Int64, "share": pl.Float64,
        "open": pl.Boolean, "day": pl.Date, "made_at": pl.Datetime("us", "UTC"),
    }  # fmt: skip
    assert frame.row(0)[2:4] == (["NAM", "AMC92"], -4)
    assert frame.row(1) == EMPTY


@pytest.mark.parametrize("format", FORMATS)
def test_a_table_without_rows_has_its_columns(format: str) -> None:
    data = write_table(format, COLUMNS, [], ABOUT)
    keys = {
        "csv": lambda: read_csv(data)[0],
        "xlsx": lambda: read_sheet(data)[0],
        "json": lambda: [column["key"] for column in json.loads(data)["columns"]],
        "parquet": lambda: pl.read_parquet(io.BytesIO(data)).columns,
    }[format]()
    assert keys == [column.key for column in COLUMNS]


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_rows_make_the_same_bytes(format: str) -> None:
    assert write_table(format, COLUMNS, [ROW] * 30, ABOUT) == write_table(format, COLUMNS, [ROW] * 30, ABOUT)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"), ("+44 20", "'+44 20"), ("-4", "'-4"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"), ("\n=1", "'\n=1"), ("＝1", "'＝1"), ("'=1", "''=1"), ("'quoted'", "'quoted'"), ("Chad", "Chad"),
        ("", ""), ("a=1", "a=1"), (" =1", " =1"),
    ],
)  # fmt: skip
def test_text_that_a_spreadsheet_would_compute_is_guarded(text: str, cell: str) -> None:
    assert guard(text) == cell
    rows = read_csv(write_table("csv", COLUMNS[:2], [(text, text)], ABOUT))
    assert rows[1] == [cell.replace("\r", "\n")] * 2


def test_numbers_are_never_guarded() -> None:
    columns = [OpenColumn("whole", "", "", "whole"), OpenColumn("amount", "", "", "amount")]
    assert read_csv(write_table("csv", columns, [(-4, Decimal("-0.5"))], ABOUT))[1] == ["-4", "-0.5"]


def test_names_are_guarded_too() -> None:
    columns = [OpenColumn("names", "", "", "names")]
    assert read_csv(write_table("csv", columns, [(("=A1", "B"),)], ABOUT))[1] == ["'=A1;B"]


def test_no_cell_of_a_workbook_is_a_formula_or_an_address() -> None:
    hostile = ['=HYPERLINK("http://x")', "https://x.example", "+1", "{=1}", "\ufffe", "mailto:a@b.example"]
    data = write_table("xlsx", COLUMNS[:2], [("K", text) for text in hostile], ABOUT)
    cells = [row[1] for row in openpyxl.load_workbook(io.BytesIO(data))["Data"].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells] == [text.replace("\ufffe", "\ufffd") for text in hostile]
    assert all(cell.hyperlink is None for cell in cells)


def test_a_text_too_long_for_a_sheet_is_cut_and_says_so() -> None:
    for text in ("a" * 40_000, "\U0001f4e6" * 20_000):
        cell = read_sheet(write_table("xlsx", COLUMNS[:2], [("K", text)], ABOUT))[1][1]
        assert len(cell.encode("utf-16-le")) <= 2 * 32_767
        assert cell.endswith("CSV and JSON hold all of it)")
    fits = "a" * 32_767
    assert read_sheet(write_table("xlsx", COLUMNS[:2], [("K", fits)], ABOUT))[1][1] == fits


def test_what_has_no_exact_form_is_text_rather_than_wrong() -> None:
    columns = [OpenColumn("n", "", "", "whole"), OpenColumn("since", "", "", "day")]
    rows = [(2**60, date(1899, 1, 1)), (2**70, "1961")]
    assert [row[0] for row in read_sheet(write_table("xlsx", columns, rows, ABOUT))[1:]] == [str(2**60), str(2**70)]
    assert [row[1] for row in read_sheet(write_table("xlsx", columns, rows, ABOUT))[1:]] == ["1899-01-01", "1961"]
    frame = pl.read_parquet(io.BytesIO(write_table("parquet", columns, rows, ABOUT)))
    assert frame["n"].to_list() == [2**60, 2**70]
    assert frame["since"].to_list() == ["1899-01-01", "1961"]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_row_of_hashtags_stands_below_the_heading_where_it_is_asked_for(format: str) -> None:
    data = write_table(format, COLUMNS, [ROW], ABOUT, hxl=True)
    rows = read_csv(data) if format == "csv" else read_sheet(data)
    assert [cell or "" for cell in rows[1]][:4] == ["#org +code", "", "", "#item +num"]
    assert rows[2][0] == "TCD"
    plain = write_table(format, COLUMNS, [ROW], ABOUT)
    assert "#org" not in str(read_csv(plain) if format == "csv" else read_sheet(plain))


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
tables = st.lists(
    st.tuples(
        texts, st.integers(-(2**63), 2**63 - 1), st.decimals(-(10**9), 10**9, places=6), st.booleans(), st.dates()
    ),
    max_size=12,
)
MIXED = (
    OpenColumn("text", "", ""), OpenColumn("whole", "", "", "whole"), OpenColumn("amount", "", "", "amount"),
    OpenColumn("flag", "", "", "flag"), OpenColumn("day", "", "", "day"),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(tables)
def test_whatever_is_written_reads_back_the_same(rows: list[tuple[Any, ...]]) -> None:
    written = read_csv(write_table("csv", MIXED, rows, ABOUT))[1:]
    assert [row[0] for row in written] == [cell_text(row[0]) for row in rows]
    assert [(int(row[1]), Decimal(row[2]), row[3] == "yes", row[4]) for row in written] == [
        (row[1], row[2], row[3], row[4].isoformat()) for row in rows
    ]
    told = json.loads(write_table("json", MIXED, rows, ABOUT))["rows"]
    assert [list(row.values()) for row in told] == [
        [row[0], row[1], float(row[2]), row[3], row[4].isoformat()] for row in rows
    ]
    frame = pl.read_parquet(io.BytesIO(write_table("parquet", MIXED, rows, ABOUT)))
    assert frame.rows() == [(row[0], row[1], float(row[2]), row[3], row[4]) for row in rows]


def test_csv_and_json_come_in_pieces_without_reading_all_rows_first() -> None:
    for format in ("csv", "json"):
        drawn = []
        rows = (drawn.append(number) or (f"K{number}", "x") for number in range(5_000))  # type: ignore[func-returns-value]
        pieces = stream_table(format, COLUMNS[:2], rows, ABOUT)
        next(pieces)
        assert len(drawn) <= 1_000
        assert sum(1 for _ in pieces) >= 4


def test_a_format_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(OptionRefused, match=r"no format 'xls' for data; did you mean 'xlsx'\?"):
        write_table("xls", COLUMNS, [], ABOUT)


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from evenhand.exchange.open_data import as_xlsx

    monkeypatch.setattr(as_xlsx, "MOST_ROWS", 3)
    assert len(read_sheet(write_table("xlsx", COLUMNS[:1], [("K",)] * 3, ABOUT))) == 4
    with pytest.raises(OptionRefused, match="XLSX holds 3 rows and there are more; say csv, json or parquet"):
        write_table("xlsx", COLUMNS[:1], [("K",)] * 4, ABOUT)


@pytest.mark.parametrize(
    ("text", "name"),
    [("CC-BY-4.0", "CC-BY-4.0"), (" cc by 4.0 ", "CC-BY-4.0"), ("Own Terms https://x.example/terms", "Own Terms")],
)
def test_a_licence_is_known_by_its_name_or_brings_its_address(text: str, name: str) -> None:
    assert licence_of(text).name == name
    assert licence_of(text).address.startswith("https://")


@pytest.mark.parametrize("text", ["", "Own Terms", "https://x.example/terms", "CC-BY-9"])
def test_a_licence_that_nobody_can_read_is_refused(text: str) -> None:
    with pytest.raises(OptionRefused, match="data_licence is"):
        licence_of(text)

"""The same tables from any source are the same: text, workbooks, Parquet, and dataframes of every make."""

from __future__ import annotations

import datetime as dt
import gzip
import random
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import xlsxwriter
from polars.testing import assert_frame_equal

from evenhand.exchange.tables import read_actual, read_tables, write_csv_bytes
from evenhand.supply.columns import GROUPS, LOTS, NEEDS
from evenhand.supply.tables import Tables

NEEDS_ROWS: list[dict[str, Any]] = [
    {"recipient": "TCD", "name": "Chad", "target": 1200, "held": 1.5, "handles": "ultra-cold;licence", "tier_1": 100, "iso2": "TD"},
    {"recipient": "CIV", "name": "Côte d'Ivoire", "target": 900, "held": None, "handles": None, "tier_1": None, "iso2": "CI"},
    {"recipient": "KEN", "name": None, "target": 2500, "held": 0.25, "handles": "ultra-cold", "tier_1": 40, "iso2": None},
]  # fmt: skip
LOTS_ROWS: list[dict[str, Any]] = [
    {"lot": "SII-2", "packs": 40, "for": "AMC92;KEN", "expires": dt.date(2021, 9, 30), "pack_size": 100},
    {"lot": "SII-1", "packs": 7, "for": None, "expires": None, "pack_size": None},
]
GROUPS_ROWS: list[dict[str, Any]] = [
    {"recipient": "TCD", "group": "AMC92"},
    {"recipient": "CIV", "group": "AMC92"},
    {"recipient": "CIV", "group": "ECOWAS"},
]
ALL_ROWS = {"needs": NEEDS_ROWS, "lots": LOTS_ROWS, "groups": GROUPS_ROWS}


def expected() -> Tables:
    """What every source must give: sorted, typed, defaults of `held` and `pack_size` filled in, the unknown kept."""
    return Tables(
        needs=pl.DataFrame(
            {
                "recipient": ["CIV", "KEN", "TCD"],
                "name": ["Côte d'Ivoire", None, "Chad"],
                "target": [900, 2500, 1200],
                "held": [Decimal("0"), Decimal("0.25"), Decimal("1.5")],
                "tier_1": [None, 40, 100],
                "handles": [None, "ultra-cold", "ultra-cold;licence"],
                "iso2": ["CI", None, "TD"],
            },
            schema_overrides={"held": pl.Decimal(38, 6)},
        ),
        lots=pl.DataFrame(
            {
                "lot": ["SII-1", "SII-2"],
                "packs": [7, 40],
                "pack_size": [1, 100],
                "for": [None, "AMC92;KEN"],
                "expires": [None, dt.date(2021, 9, 30)],
            }
        ),
        groups=pl.DataFrame({"recipient": ["CIV", "CIV", "TCD"], "group": ["AMC92", "ECOWAS", "AMC92"]}),
        notes=("needs: column 'iso2' is not known and is kept, but not used",),
    )


def assert_same(read: Tables, wanted: Tables) -> None:
    for name in ("needs", "lots", "groups"):
        assert_frame_equal(getattr(read, name), getattr(wanted, name))
    assert read.notes == wanted.notes


def text(rows: list[dict[str, Any]], delimiter: str = ",") -> str:
    lines = [delimiter.join(rows[0])]
    for row in rows:
        cells = ["" if value is None else str(value) for value in row.values()]
        lines.append(delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in cells))
    return "\n".join(lines) + "\n"


def columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def write_workbook(path: Path, sheets: dict[str, list[dict[str, Any]]]) -> None:
    workbook = xlsxwriter.Workbook(path)
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for title, rows in sheets.items():
        sheet = workbook.add_worksheet(title)
        sheet.write_row(0, 0, rows[0])
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row.values()):
                if isinstance(value, dt.date):
                    sheet.write_datetime(number, place, dt.datetime(value.year, value.month, value.day), day)  # noqa: DTZ001  # Excel knows no zones
                elif value is not None:
                    sheet.write(number, place, value)
    workbook.close()


def sources(kind: str, folder: Path) -> list[Any]:
    """Give the three tables as one kind of source."""
    made: list[Any] = []
    for name, rows in ALL_ROWS.items():
        path = folder / f"{name}.{kind}"
        match kind:
            case "csv" | "txt":
                path.write_text(text(rows), encoding="utf-8")
            case "csv with a mark":
                path.write_text(text(rows), encoding="utf-8-sig")
            case "csv of Windows lines":
                path.write_bytes(text(rows).replace("\n", "\r\n").encode())
            case "csv in UTF-16":
                path.write_bytes(text(rows).encode("utf-16"))
            case "tsv":
                path.write_text(text(rows, "\t"), encoding="utf-8")
            case "csv.gz":
                path.write_bytes(gzip.compress(text(rows).encode()))
            case "xlsx":
                write_workbook(path, {name: rows})
            case "parquet":
                pl.DataFrame(columns(rows)).write_parquet(path)
            case _:
                made.append(frame(kind, rows))
                continue
        made.append(path if name == "needs" else str(path))
    return made


def frame(kind: str, rows: list[dict[str, Any]]) -> Any:
    """Give one table as a kind of dataframe."""
    makers: dict[str, Any] = {
        "list of dicts": lambda: rows,
        "dict of lists": lambda: columns(rows),
        "Polars": lambda: pl.DataFrame(columns(rows)),
        "Polars, lazy": lambda: pl.LazyFrame(columns(rows)),
        "Polars of categories": lambda: pl.DataFrame(columns(rows)).with_columns(
            pl.col(pl.String).cast(pl.Categorical)
        ),
        "Polars of 32 bits": lambda: pl.DataFrame(columns(rows)).with_columns(
            pl.col(pl.Int64).cast(pl.UInt32), pl.col(pl.Float64).cast(pl.Float32)
        ),
        "PyArrow": lambda: pa.table(columns(rows)),
        "pandas": lambda: pd.DataFrame(rows),
        "pandas of objects": lambda: pd.DataFrame(rows, dtype=object),
        "pandas with an index": lambda: pd.DataFrame(rows).set_index("lot" if "lot" in rows[0] else "recipient"),
        "pandas of its own types": lambda: pd.DataFrame(rows).convert_dtypes(),
    }
    return makers[kind]()


@pytest.mark.parametrize(
    "kind",
    ["csv", "txt", "csv with a mark", "csv of Windows lines", "csv in UTF-16", "tsv", "csv.gz", "xlsx", "parquet",
     "list of dicts", "dict of lists", "Polars", "Polars, lazy", "Polars of categories", "Polars of 32 bits", "PyArrow",
     "pandas", "pandas of objects", "pandas with an index", "pandas of its own types"],
)  # fmt: skip
def test_the_same_content_gives_the_same_tables_from_any_source(kind: str, tmp_path: Path) -> None:
    wanted = expected()
    if kind == "tsv":
        assert read_tables(*sources(kind, tmp_path)).notes == wanted.notes
    assert_same(read_tables(*sources(kind, tmp_path)), wanted)


def test_one_workbook_may_hold_all_three_tables(tmp_path: Path) -> None:
    path = tmp_path / "round.xlsx"
    write_workbook(path, {"Lots": LOTS_ROWS, "groups": GROUPS_ROWS, "NEEDS": NEEDS_ROWS})
    assert_same(read_tables(path, path, path), expected())


def test_the_order_of_rows_does_not_matter() -> None:
    shuffled = {name: random.Random(7).sample(rows, len(rows)) for name, rows in ALL_ROWS.items()}
    assert_same(read_tables(**shuffled), expected())


def test_headings_match_whatever_their_case_spaces_and_hyphens() -> None:
    tables = read_tables(
        {" Recipient": ["TCD"], "TARGET": [9], "Per week": [3], "Tier-1": [4], "TIER_02": [5]},
        {"Lot": ["L1"], "Packs ": [1], "Not-for": ["TCD"]},
    )
    assert tables.needs.columns == ["recipient", "target", "tier_1", "tier_2", "per_week"]
    assert tables.lots.columns == ["lot", "packs", "not_for"]
    assert tables.notes == ()


def test_without_groups_the_table_is_there_and_empty() -> None:
    tables = read_tables({"recipient": ["TCD"], "target": [9]}, {"lot": ["L1"], "packs": [0]})
    assert tables.groups.schema == {"recipient": pl.String, "group": pl.String}
    assert tables.groups.height == 0


def test_names_are_trimmed_and_freed_of_empty_parts_and_repetitions() -> None:
    tables = read_tables(
        {"recipient": [" TCD ", "KEN"], "target": [9, 9], "handles": [" ultra-cold ;; licence;ultra-cold", " ; "]},
        {"lot": ["L1"], "packs": [1], "for": ["KEN; TCD;"], "requires": [["licence", "ultra-cold"]]},
    )
    assert tables.needs["handles"].to_list() == [None, "ultra-cold;licence"]
    assert tables.needs["recipient"].to_list() == ["KEN", "TCD"]
    assert tables.lots["for"].to_list() == ["KEN;TCD"]
    assert tables.lots["requires"].to_list() == ["licence;ultra-cold"]


def test_a_name_written_in_two_unicode_forms_is_one_name() -> None:
    composed, decomposed = "C\u00f4te", "Co\u0302te"
    tables = read_tables(
        {"recipient": [composed], "target": [9]},
        {"lot": ["L1"], "packs": [1], "for": [decomposed]},
        {"recipient": [decomposed], "group": ["A"]},
    )
    assert tables.lots["for"].to_list() == tables.groups["recipient"].to_list() == [composed]


def test_whole_numbers_may_be_written_as_floats_and_keys_as_numbers() -> None:
    tables = read_tables(
        {"recipient": [1001.0, 1002.0], "target": ["1e3", "1200.0"], "held": [3.0, None]},
        {"lot": [7], "packs": ["12.000"], "for": [1001]},
    )
    assert tables.needs.to_dict(as_series=False) == {
        "recipient": ["1001", "1002"],
        "target": [1000, 1200],
        "held": [3, 0],
    }
    assert tables.lots["packs"].to_list() == [12]


@pytest.mark.parametrize("column", [[0.1, 1 / 3, 2 / 3], ["0.1", "0.33333333333", "0.6666666"]])
def test_numbers_of_many_decimals_are_rounded_to_six_and_counted_in_a_note(column: list[Any]) -> None:
    tables = read_tables(
        {"recipient": list("ABC"), "target": [9, 9, 9], "weight": column}, {"lot": ["L"], "packs": [1]}
    )
    assert tables.needs["weight"].to_list() == [Decimal("0.1"), Decimal("0.333333"), Decimal("0.666667")]
    assert tables.notes == ("needs, column weight: 2 numbers had more than 6 decimals and were rounded",)


def test_a_float_is_its_shortest_decimal_and_not_what_it_is_in_binary() -> None:
    tables = read_tables({"recipient": ["A", "B"], "target": [0.1, 123456789.123456]}, {"lot": ["L"], "packs": [1]})
    assert tables.needs["target"].to_list() == [Decimal("0.1"), Decimal("123456789.123456")]
    assert tables.notes == ()


def test_a_number_that_may_have_meant_thousands_is_noted() -> None:
    tables = read_tables({"recipient": ["A", "B"], "target": ["1.200", "2.500"]}, {"lot": ["L"], "packs": [1]})
    assert tables.needs["target"].to_list() == [Decimal("1.2"), Decimal("2.5")]
    assert tables.notes == ("needs, column target: 1.200 was read as 1.2, not as 1200",)


def test_a_column_without_a_heading_is_noted_and_an_empty_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "needs.csv").write_text("recipient,target,,\nTCD,9,x,\n")
    tables = read_tables(tmp_path / "needs.csv", {"lot": ["L"], "packs": [1]})
    assert tables.notes == ("needs: column 3 has no heading and is not used",)
    assert tables.needs.columns == ["recipient", "target"]


def test_an_unknown_column_close_to_a_known_one_gets_a_suggestion() -> None:
    tables = read_tables({"recipient": ["A"], "target": [1], "capacty": [3]}, {"lot": ["L"], "packs": [1]})
    assert tables.notes == ("needs: column 'capacty' is not known and is kept, but not used; did you mean 'capacity'?",)
    assert tables.needs["capacty"].to_list() == ["3"]


def test_many_unknown_columns_share_a_note() -> None:
    needs = {"recipient": ["A"], "target": [1]} | {f"x{place}": [place] for place in range(9)}
    assert read_tables(needs, {"lot": ["L"], "packs": [1]}).notes == (
        "needs: columns 'x0', 'x1', 'x2', 'x3', 'x4' and 4 more are not known and are kept, but not used",
    )


# Writing ---------------------------------------------------------------------------------------------------------------


def test_the_canonical_file_is_sorted_plain_and_without_trailing_zeros() -> None:
    tables = read_tables(**ALL_ROWS)
    assert write_csv_bytes(tables.needs, NEEDS).decode() == (
        "recipient,name,target,held,tier_1,handles,iso2\n"
        "CIV,Côte d'Ivoire,900,0,,,CI\n"
        "KEN,,2500,0.25,40,ultra-cold,\n"
        "TCD,Chad,1200,1.5,100,ultra-cold;licence,TD\n"
    )
    assert write_csv_bytes(tables.lots, LOTS).decode() == (
        "lot,packs,pack_size,for,expires\nSII-1,7,1,,\nSII-2,40,100,AMC92;KEN,2021-09-30\n"
    )
    assert write_csv_bytes(tables.groups, GROUPS).decode() == "recipient,group\nCIV,AMC92\nCIV,ECOWAS\nTCD,AMC92\n"


def test_no_groups_are_a_heading_alone_and_read_as_none(tmp_path: Path) -> None:
    tables = read_tables(NEEDS_ROWS, {"lot": ["L"], "packs": [1]})
    data = write_csv_bytes(tables.groups, GROUPS)
    assert data == b"recipient,group\n"
    (tmp_path / "groups.csv").write_bytes(data)
    assert_frame_equal(
        read_tables(NEEDS_ROWS, {"lot": ["L"], "packs": [1]}, tmp_path / "groups.csv").groups, tables.groups
    )


# What happened ---------------------------------------------------------------------------------------------------------


def test_what_happened_is_read_with_packs_units_or_both(tmp_path: Path) -> None:
    tables = read_tables(**ALL_ROWS)
    units = read_actual({"recipient": ["TCD", "KEN", "TCD"], "units": [5, 2.5, 1]}, tables)
    assert units.to_dict(as_series=False) == {
        "recipient": ["KEN", "TCD", "TCD"],
        "units": [Decimal("2.5"), Decimal("5"), Decimal("1")],
    }
    path = tmp_path / "actual.csv"
    path.write_text("lot,recipient,packs,units\nSII-2,TCD,3,\nSII-1,KEN,,7\n")
    assert read_actual(path, tables).rows() == [("SII-1", "KEN", None, 7), ("SII-2", "TCD", 3, None)]


def test_another_plan_of_divisible_goods_is_read_as_what_happened(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("lot,recipient,packs,units,service_units\nSII-1,KEN,12/7,1.714286,1.714286\nSII-1,TCD,3,3,3\n")
    notes: list[str] = []
    frame = read_actual(path, read_tables(**ALL_ROWS), notes=notes)
    assert frame["packs"].to_list() == [Decimal("1.714286"), Decimal("3")]
    assert notes == [
        "actual: column 'service_units' is not known and is kept, but not used",
        "actual, column packs: 1 number had more than 6 decimals and was rounded",
    ]


# What is loaded --------------------------------------------------------------------------------------------------------


def test_text_and_polars_are_read_without_loading_what_only_others_need(tmp_path: Path) -> None:
    sources("csv", tmp_path)
    program = (
        "import sys; from evenhand.exchange.tables import read_tables; "
        f"read_tables({str(tmp_path / 'needs.csv')!r}, {str(tmp_path / 'lots.csv')!r}, {str(tmp_path / 'groups.csv')!r}); "
        "print(sorted({'fastexcel', 'narwhals', 'pandas', 'pyarrow', 'ortools'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )  # our own program
    assert done.stdout == "[]\n"

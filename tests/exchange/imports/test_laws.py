"""What holds for any table and any file: what is written reads back, order matters to nothing, and only Evenhand's errors."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.errors import EvenhandError
from evenhand.exchange.archive.tables import write_table
from evenhand.exchange.imports import ImportedTable, list_layouts, load_layout, read_import
from evenhand.exchange.templates.words import EXAMPLES
from evenhand.supply.registers import REGISTERS

KEYS = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,12}\Z")
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20).filter(
    lambda text: not text.startswith("#") and text.isprintable()
)
QUANTITIES = st.decimals(min_value="0.000001", max_value=10**9, places=6)
DAYS = st.dates(date(1960, 1, 1), date(2150, 12, 31))
NEEDS = st.lists(st.tuples(KEYS, KEYS, QUANTITIES, WORDS, DAYS), min_size=1, max_size=8)
HEADING = ("party", "resource", "quantity", "why", "by")


def as_csv(rows: list[tuple[Any, ...]]) -> bytes:
    frame = pl.DataFrame({name: [str(row[place]) for row in rows] for place, name in enumerate(HEADING)})
    return frame.write_csv().encode()


@given(NEEDS)
@settings(max_examples=50)
def test_what_is_written_is_read_exactly(rows: list[tuple[str, str, Decimal, str, date]]) -> None:
    table = read_import(as_csv(rows), "needs", decimal=".")
    assert table.sound, (table.problems, table.questions)
    read = table.frame.select("party", "resource", "quantity", "by").rows()
    assert read == [(party, resource, quantity, by) for party, resource, quantity, _, by in rows]


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8), st.sampled_from([",", " ", "\u00a0", "'", "."]))
@settings(max_examples=50)
def test_a_separator_between_thousands_changes_no_number(numbers: list[int], separator: str) -> None:
    written = [f"{number:,}".replace(",", separator) for number in numbers]
    sent = "party\tresource\tquantity\twhy\n" + "".join(f"TCD\tm\t{number}\tx\n" for number in written)
    table = read_import(sent.encode(), "needs", decimal="," if separator == "." else ".")
    assert table.sound, table.problems
    assert table.frame["quantity"].to_list() == numbers


@given(st.lists(DAYS, min_size=1, max_size=8), st.booleans())
@settings(max_examples=50)
def test_dates_are_read_in_the_order_that_was_said_and_never_in_the_other(days: list[date], day_first: bool) -> None:
    form = "%d/%m/%Y" if day_first else "%m/%d/%Y"
    sent = "group,party,since\n" + "".join(f"G,P{place},{day.strftime(form)}\n" for place, day in enumerate(days))
    said = read_import(sent.encode(), "memberships", day_first=day_first)
    assert said.sound
    assert said.frame["since"].to_list() == days
    unsaid = read_import(sent.encode(), "memberships")
    if not unsaid.questions:
        assert unsaid.frame["since"].to_list() == days


@given(NEEDS, st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_the_order_of_rows_and_columns_changes_nothing_but_their_numbers(rows: list[Any], chance: Any) -> None:
    turned = rows[:]
    chance.shuffle(turned)
    there, back = read_import(as_csv(rows), "needs", decimal="."), read_import(as_csv(turned), "needs", decimal=".")
    by = ["party", "resource", "quantity", "by", "why"]
    assert there.frame.sort(by).equals(back.frame.sort(by))
    assert sorted(len(group) for group in there.identical) == sorted(len(group) for group in back.identical)


@given(NEEDS)
@settings(max_examples=25)
def test_an_excel_workbook_and_a_csv_file_of_the_same_table_are_read_the_same(rows: list[Any]) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("needs")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADING)
    for place, (party, resource, quantity, why, by) in enumerate(rows, start=1):
        sheet.write_string(place, 0, party)
        sheet.write_string(place, 1, resource)
        sheet.write_string(place, 2, str(quantity))
        sheet.write_string(place, 3, why)
        sheet.write_datetime(place, 4, by, day)
    book.close()
    excel = read_import(buffer.getvalue(), "needs", decimal=".")
    assert excel.sound, excel.problems
    assert excel.frame.equals(read_import(as_csv(rows), "needs", decimal=".").frame)


def survive(data: bytes, table: str, **options: Any) -> ImportedTable | None:
    """Read anything; whatever is raised must be Evenhand's own."""
    try:
        return read_import(data, table, **options)
    except EvenhandError:
        return None


@cache
def sound_files() -> tuple[tuple[str, bytes], ...]:
    made = []
    for name, columns in EXAMPLES.items():
        frame = pl.DataFrame(
            {column.rstrip("_") + "_1" if column.endswith("_") else column: [cell] for column, cell in columns.items()}
        )
        made += [(name, write_table(name, frame, form)) for form in ("csv", "xlsx", "parquet")]
    return tuple(made)


@given(st.binary(max_size=400), st.sampled_from(sorted(REGISTERS)))
@settings(max_examples=200)
def test_any_bytes_give_a_table_or_one_of_our_errors(data: bytes, table: str) -> None:
    survive(data, table)


@given(
    st.text(st.sampled_from("party,resource;quantity\twhy\n\r\"'#1234567890.,/-% =+@\u00a0\u202eé\x00"), max_size=300)
)
@settings(max_examples=200)
def test_any_text_below_a_heading_gives_a_table_or_one_of_our_errors(text: str) -> None:
    table = survive(f"party,resource,quantity,why,by,priority\n{text}".encode(), "needs")
    assert table is None or table.frame.height == len(table.rows)


@given(st.data())
@settings(max_examples=150)
def test_a_sound_file_with_some_bytes_changed_gives_a_table_or_one_of_our_errors(data: st.DataObject) -> None:
    name, sound = data.draw(st.sampled_from(sound_files()))
    spoilt = bytearray(sound)
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(spoilt) - 1))
        spoilt[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(spoilt)))
    survive(bytes(spoilt if data.draw(st.booleans()) else spoilt[:cut]), name)


@given(st.data())
@settings(max_examples=100)
def test_any_cells_under_the_headings_of_a_layout_give_a_table_or_one_of_our_errors(data: st.DataObject) -> None:
    layout = load_layout(data.draw(st.sampled_from(list_layouts())))
    headings = layout.headings()
    cells = st.one_of(
        st.none(), st.text(max_size=12), st.sampled_from(["0", "1.5", "1900-01-01", "Global", "INN", "total"])
    )
    height = data.draw(st.integers(0, 4))
    frame = pl.DataFrame({name: data.draw(st.lists(cells, min_size=height, max_size=height)) for name in headings}, schema=dict.fromkeys(headings, pl.String))  # fmt: skip
    survive(frame.write_csv().encode(), layout.table, layout=layout)


@pytest.mark.parametrize("name", sorted(REGISTERS))
def test_the_sound_files_that_are_spoilt_were_sound(name: str) -> None:
    for table, data in sound_files():
        if table == name:
            read = read_import(data, name)
            assert read.sound, read.problems

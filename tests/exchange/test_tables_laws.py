"""Laws of reading: junk gives a sentence, and what was written reads back the same."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import tempfile
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from evenhand.errors import FileUnreadable, InputRefused
from evenhand.exchange.tables import read_tables, write_csv_bytes
from evenhand.exchange.tables.crooked_rows import CrookedRows
from evenhand.exchange.tables.sheet import Findings
from evenhand.supply.columns import GROUPS, LOTS, NEEDS

LOT = {"lot": ["L1"], "packs": [1]}


def read_or_refuse(data: bytes, name: str) -> str:
    """Read bytes as a file of needs; anything but tables or a refusal fails the test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            read_tables(path, LOT)
        except (FileUnreadable, InputRefused) as refusal:
            return str(refusal)
    return "read"


@given(data=st.binary(max_size=400), name=st.sampled_from(["needs.csv", "needs.xlsx", "needs.parquet", "needs.tsv"]))
@example(data=b'recipient,target\n"', name="needs.csv")
@example(data=b'recipient,target\r"\r\n\r,', name="needs.csv")
@example(data=b"recipient,target\n\xff", name="needs.csv")
def test_junk_gives_a_sentence(data: bytes, name: str) -> None:
    assert read_or_refuse(data, name)


@given(rows=st.lists(st.text(alphabet='ab,;\t"\n\r 1.#é\u200b', max_size=30), max_size=6))
def test_crooked_text_below_a_good_heading_gives_tables_or_a_sentence(rows: list[str]) -> None:
    assert read_or_refuse(("recipient,target,name\n" + "\n".join(rows)).encode(), "needs.csv")


@pytest.fixture(scope="module")
def whole_files() -> dict[str, bytes]:
    """One good file of each binary kind."""
    frame = pl.DataFrame({"recipient": ["TCD", "KEN"], "target": [9, 8], "name": ["Chad", None]})
    parquet = io.BytesIO()
    frame.write_parquet(parquet)
    book = io.BytesIO()
    made = xlsxwriter.Workbook(book)
    sheet = made.add_worksheet("needs")
    for number, row in enumerate([frame.columns, *frame.rows()]):
        sheet.write_row(number, 0, row)
    made.close()
    return {"needs.xlsx": book.getvalue(), "needs.parquet": parquet.getvalue()}


@pytest.mark.parametrize("name", ["needs.xlsx", "needs.parquet"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_a_damaged_file_gives_tables_or_a_sentence(name: str, seed: int, whole_files: dict[str, bytes]) -> None:
    chance = random.Random(seed)
    data = bytearray(whole_files[name])
    for _ in range(chance.randint(1, 4)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.2:
        del data[chance.randrange(len(data)) :]
    assert read_or_refuse(bytes(data), name)


@given(seed=st.integers(0, 2**32))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_workbook_with_damaged_parts_gives_tables_or_a_sentence(seed: int, whole_files: dict[str, bytes]) -> None:
    """Damage inside the XML, checksums right: what a broken exporter writes."""
    chance = random.Random(seed)
    damaged = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole_files["needs.xlsx"])) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            part = bytearray(old.read(name))
            if chance.random() < 0.4:
                for _ in range(chance.randint(1, 3)):
                    part[chance.randrange(len(part))] = chance.choice(b"<>\"'/=&;0129AZe\x00\xff")
            if chance.random() < 0.95:
                new.writestr(name, bytes(part))
    assert read_or_refuse(damaged.getvalue(), "needs.xlsx")


# What was written reads back the same ----------------------------------------------------------------------------------

printable = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Zs", "Cn", "Co"])
words = st.text(printable, min_size=1, max_size=8).filter(lambda word: ";" not in word and not word.startswith("#"))
amounts = st.decimals(min_value=0, max_value=10**12, places=6) | st.integers(0, 10**12).map(Decimal)
above_zero = amounts.filter(lambda amount: amount > 0)


@st.composite
def rounds(draw: st.DrawFn) -> dict[str, Any]:
    """Sound needs, lots and groups, with optional columns now and then."""
    recipients = draw(st.lists(words, min_size=1, max_size=5, unique=True))
    groups = draw(st.lists(words.filter(lambda word: word not in recipients), max_size=3, unique=True))
    count = len(recipients)

    def column(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(values, min_size=count, max_size=count))

    needs: dict[str, list[Any]] = {"recipient": recipients, "target": column(above_zero)}
    for name, values in {
        "name": st.none() | words,
        "held": st.none() | amounts,
        "capacity": st.none() | amounts,
        "weight": st.none() | above_zero,
        "handles": st.none() | st.lists(words, min_size=1, max_size=3, unique=True).map(";".join),
        "remarks, free": st.none()
        | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=9),
    }.items():
        if draw(st.booleans()):
            needs[name] = column(values)
    names = st.lists(st.sampled_from(recipients + groups), min_size=1, max_size=3, unique=True).map(";".join)
    lots = draw(st.lists(words, min_size=1, max_size=4, unique=True))
    count = len(lots)
    offered: dict[str, list[Any]] = {"lot": lots, "packs": column(st.integers(0, 10**12))}
    for name, values in {"pack_size": st.none() | above_zero, "for": st.none() | names, "expires": st.none() | st.dates(
        min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31)
    )}.items():  # fmt: skip
        if draw(st.booleans()):
            offered[name] = column(values)
    # Each group has a member, so that earmarks for it are known.
    membership = [{"recipient": draw(st.sampled_from(recipients)), "group": group} for group in groups]
    return {"needs": needs, "lots": offered, "groups": membership or None}


@given(round_=rounds())
def test_what_was_written_reads_back_the_same(round_: dict[str, Any]) -> None:
    tables = read_tables(**round_)
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for declared in (NEEDS, LOTS, GROUPS):
            path = Path(folder) / f"{declared.name}.csv"
            path.write_bytes(write_csv_bytes(getattr(tables, declared.name), declared))
            paths.append(path)
        again = read_tables(*paths)
        for declared in (NEEDS, LOTS, GROUPS):
            frame = getattr(again, declared.name)
            assert_frame_equal(frame, getattr(tables, declared.name))
            assert write_csv_bytes(frame, declared) == (Path(folder) / f"{declared.name}.csv").read_bytes()


@given(round_=rounds(), seed=st.integers(0, 2**32))
def test_the_order_of_rows_and_columns_never_matters(round_: dict[str, Any], seed: int) -> None:
    chance = random.Random(seed)

    def shuffled(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
        order = chance.sample(range(len(next(iter(columns.values())))), len(next(iter(columns.values()))))
        names = chance.sample(list(columns), len(columns))
        return {name: [columns[name][row] for row in order] for name in names}

    tables = read_tables(**round_)
    again = read_tables(shuffled(round_["needs"]), shuffled(round_["lots"]), round_["groups"])
    for name in ("needs", "lots", "groups"):
        assert_frame_equal(getattr(again, name), getattr(tables, name))


@given(values=st.lists(amounts | st.just(0.0) | st.floats(1e-6, 1e9), min_size=1, max_size=9))
def test_an_amount_is_kept_to_the_nearest_millionth(values: list[Any]) -> None:
    names = [f"R{place:03}" for place in range(len(values))]
    tables = read_tables(
        {"recipient": names, "target": [1] * len(values), "held": [str(value) for value in values]}, LOT
    )
    for value, kept in zip(values, tables.needs["held"].to_list(), strict=True):
        assert abs(Decimal(str(value)) - Decimal(kept)) <= Decimal("0.0000005")


def crooked(data: bytes, *, by_line: bool) -> tuple[list[list[str | None]], list[str]]:
    """Read three columns below a heading line, either way, and return the rows and what was said."""
    findings = Findings()
    rows = CrookedRows(NEEDS, ",", 3, 1, 1, findings)
    columns = rows._by_line(data) if by_line else rows._by_row(data.decode())
    cells = [[cell or None for cell in row] for row in zip(*columns, strict=True)]
    while cells and not any(cells[-1]):
        cells.pop()
    refusal = findings.refusal()
    return cells, [str(problem) for problem in refusal.problems] if refusal else []


@given(lines=st.lists(st.text(alphabet="ab1, ;é", max_size=9), max_size=8), end=st.sampled_from(["\n", "\r\n"]))
@example(lines=["", "", "a,b"], end="\n")
@example(lines=["a", ",,,,", "", ",b,,"], end="\r\n")
def test_crooked_rows_are_the_same_read_by_line_and_by_row(lines: list[str], end: str) -> None:
    data = end.join(["recipient,target,name", *lines]).encode()
    assert crooked(data, by_line=True) == crooked(data, by_line=False)


@given(
    names=st.lists(st.none() | st.text(alphabet='ab,;"\\n é', max_size=9), min_size=1, max_size=6),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
    delimiter=st.sampled_from([",", ";", "\t"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_whatever_a_csv_writer_wrote_is_read(names: list[str | None], quoting: Any, delimiter: str, end: str) -> None:
    written = io.StringIO()
    writer = csv.writer(written, quoting=quoting, delimiter=delimiter, lineterminator=end)
    writer.writerow(["recipient", "target", "remark"])
    for place, name in enumerate(names):
        writer.writerow([f"R{place:03}", 7, name])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "needs.csv"
        path.write_bytes(written.getvalue().encode())
        tables = read_tables(path, LOT)
    assert tables.needs["remark"].to_list() == [name or None for name in names]

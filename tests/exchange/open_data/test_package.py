"""The package of open data: every file under its checksum, described, the same bytes for the same tables."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from datetime import date

import polars as pl
import pytest

from evenhand.errors import OptionRefused
from evenhand.exchange.open_data.about import LICENCES, About
from evenhand.exchange.open_data.columns import OpenColumn, OpenTable
from evenhand.exchange.open_data.package import FORMATS, TYPES, write_package
from evenhand.exchange.open_data.tables import PUBLIC_TABLES

ABOUT = About(
    "Everything", LICENCES["CC-BY-4.0"], date(2026, 3, 2), 7, 2, "8m87", "https://book.example", "book.example"
)
TABLE = OpenTable(
    "needs", "Needs", "one need",
    (OpenColumn("ref", "Need", "its ref", "key"), OpenColumn("quantity", "Needed", "how much", "whole", "dose")), ("ref",),
)  # fmt: skip


def made(format: str = "csv", rows: int = 2) -> zipfile.ZipFile:
    out = io.BytesIO()
    tables = [(TABLE, iter([(f"ND-{number}", number) for number in range(rows)]))]
    packed = write_package(out, tables, ABOUT, checkpoint="book\n2\n8m87\n\n", format=format)
    assert packed.rows == {"needs": rows}
    return zipfile.ZipFile(out)


@pytest.mark.parametrize("format", FORMATS)
def test_every_file_has_its_checksum(format: str) -> None:
    package = made(format)
    sums = dict(line.split("  ")[::-1] for line in package.read("SHA256SUMS").decode().splitlines())
    assert set(sums) | {"SHA256SUMS"} == set(package.namelist())
    assert all(hashlib.sha256(package.read(name)).hexdigest() == digest for name, digest in sums.items())
    assert set(package.namelist()) >= {"datapackage.json", "LICENCE.txt", "README.md", "checkpoint.txt"}


@pytest.mark.parametrize("format", FORMATS)
def test_the_description_fits_the_files(format: str) -> None:
    package = made(format)
    described = json.loads(package.read("datapackage.json"))
    (resource,) = described["resources"]
    body = package.read(resource["path"])
    frame = pl.read_csv(body) if format == "csv" else pl.read_parquet(io.BytesIO(body))
    assert [field["name"] for field in resource["schema"]["fields"]] == frame.columns
    assert (resource["rows"], resource["bytes"]) == (frame.height, len(body))
    assert resource["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
    assert resource["schema"]["primaryKey"] == ["ref"]
    assert described["licenses"][0]["path"] == "https://creativecommons.org/licenses/by/4.0/"
    assert described["evenhand"]["entries"] == 2


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_tables_make_the_same_bytes(format: str) -> None:
    first, second = made(format), made(format)
    assert first.fp is not None
    assert second.fp is not None
    first.fp.seek(0)
    second.fp.seek(0)
    assert first.fp.read() == second.fp.read()


def test_a_package_is_csv_or_parquet() -> None:
    with pytest.raises(OptionRefused, match="say parquet or csv"):
        write_package(io.BytesIO(), [], ABOUT, format="xlsx")


HXL = re.compile(r"#[a-z][a-z0-9_]*( \+[a-z][a-z0-9_]*)*")


@pytest.mark.parametrize("name", PUBLIC_TABLES)
def test_a_public_table_is_soundly_declared(name: str) -> None:
    table = PUBLIC_TABLES[name]
    keys = [column.key for column in table.columns]
    assert len(set(keys)) == len(keys)
    assert set(table.unique) <= set(keys)
    assert re.fullmatch(r"[a-z][a-z-]*", table.name)
    for column in table.columns:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", column.key)
        assert column.kind in TYPES
        assert column.title
        assert column.meaning
        assert not column.hxl or HXL.fullmatch(column.hxl), column.hxl


def test_no_public_table_has_a_column_that_is_for_some_alone() -> None:
    hidden = {
        "conditions",
        "carrier",
        "waybill",
        "code",
        "mark",
        "by",
        "opened_by",
        "answered_by",
        "email",
        "full_name",
    }
    shown = {
        (name, column.key) for name, table in PUBLIC_TABLES.items() for column in table.columns if column.key in hidden
    }
    assert shown == set()
    assert "note" not in {column.key for name in ("entries", "differences") for column in PUBLIC_TABLES[name].columns}

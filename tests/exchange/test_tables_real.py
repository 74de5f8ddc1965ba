"""Files that people really sent: each gives tables or a sentence, and the good ones the right tables."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest

from evenhand.errors import FileUnreadable, InputRefused
from evenhand.exchange.tables import read_tables

LOTS = {"lot": ["L1"], "packs": [1]}


def sentence(path: Path) -> str:
    """Read a file as needs and return the refusal; anything else that is raised fails the test."""
    with pytest.raises((FileUnreadable, InputRefused)) as refusal:
        read_tables(path, LOTS)
    return str(refusal.value)


def test_every_messy_file_gets_a_sentence(shared: Path) -> None:
    folder = shared / "data" / "hxl"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert len(files) > 20
    for path in files:
        said = sentence(path)
        assert path.name in said or "the column is missing" in said, (path, said)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("libhxl_input-valid.xls", "is a workbook in the old Excel format (.xls); save it as .xlsx or CSV"),
        ("libhxl_input-quality.xls", "is a workbook in the old Excel format (.xls); save it as .xlsx or CSV"),
        ("libhxl_input-valid-csv.zip", "is a zip archive; unpack it and give the table in it"),
        ("libhxl_input-valid.json", "seems to be JSON; save it as CSV, or read it into a dataframe first"),
        ("libhxl_input-valid-objects.json", "seems to be JSON; save it as CSV, or read it into a dataframe first"),
    ],
)
def test_a_messy_file_is_named_for_what_it_is(shared: Path, name: str, said: str) -> None:
    assert sentence(shared / "data" / "hxl" / "messy" / name) == f"{name} {said}"


def test_real_facilities_with_their_accents_quotes_and_gaps_are_read_whole(shared: Path, tmp_path: Path) -> None:
    source = shared / "data" / "facilities" / "who_kwtrp_africa_facilities_2019.csv.gz"
    facilities = pl.read_csv(gzip.decompress(source.read_bytes()), infer_schema=False)
    names = facilities.get_column(next(name for name in facilities.columns if "name" in name.lower()))
    needs = pl.DataFrame(
        {
            "recipient": [f"F{place:06}" for place in range(len(names))],
            "target": pl.int_range(1, len(names) + 1, eager=True),
            "name": names,
        }
    )
    needs.write_csv(tmp_path / "needs.csv")
    tables = read_tables(tmp_path / "needs.csv", LOTS)
    assert tables.needs.height == facilities.height > 90_000
    assert tables.needs["target"].sum() == needs["target"].sum()
    tidy = names.str.replace_all(r"[\t\r\n]+", " ").str.strip_chars().str.normalize("NFC")
    assert tables.needs["name"].to_list() == tidy.to_list()


def test_people_in_need_with_their_hxl_tags_become_needs_once_their_columns_are_named(
    shared: Path, tmp_path: Path
) -> None:
    lines = (shared / "data" / "hxl" / "response_plans_in_need_2022.csv").read_text(encoding="utf-8-sig").splitlines()
    lines[0] = "number,name,recipient,kind,target,included"
    (tmp_path / "needs.csv").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputRefused) as refusal:
        read_tables(tmp_path / "needs.csv", LOTS)
    # Regional plans stand for several states and have no key of their own, one state has two plans; the rest is sound.
    assert {problem.column for problem in refusal.value.problems} <= {"recipient", "target"}
    spoilt = {problem.row for problem in refusal.value.problems}
    kept = [line for row, line in enumerate(lines, start=1) if row not in spoilt]
    (tmp_path / "needs.csv").write_text("\n".join(kept), encoding="utf-8")
    tables = read_tables(tmp_path / "needs.csv", LOTS)
    assert tables.needs.height == len(kept) - 2 > 20
    assert tables.needs.filter(pl.col("recipient") == "TCD")["target"].to_list() == [6149509]
    assert any(note.startswith("needs: row 2 holds HXL tags") for note in tables.notes)

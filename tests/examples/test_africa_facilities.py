"""The facilities of Africa: as many as the source holds, with keys that come out the same again."""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from evenhand.exchange.tables import read_tables

SCRIPT = Path(__file__).resolve().parents[2] / "examples/africa_facilities/build.py"
BUILT = ("needs.csv", "lots.csv", "groups.csv")

pytestmark = pytest.mark.slow


def build(shared: Path, out: Path) -> dict[str, str]:
    subprocess.run([sys.executable, SCRIPT, "--shared", shared, "--out", out], check=True, capture_output=True)
    return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in BUILT}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_real_facilities_make_sound_tables_and_the_same_ones_again(shared: Path, tmp_path: Path) -> None:
    first = build(shared, tmp_path / "first")
    assert build(shared, tmp_path / "second") == first
    folder = tmp_path / "first"
    tables = read_tables(folder / "needs.csv", folder / "lots.csv", folder / "groups.csv")
    assert tables.notes == ()
    assert (tables.needs.height, tables.lots.height) == (98_745, 50)

    needs, lots, groups = (rows(folder / name) for name in BUILT)
    countries = Counter(row["recipient"][:3] for row in needs)
    assert len(countries) == 49
    assert needs[0]["recipient"] == "AGO-00001"
    assert f"NGA-{countries['NGA']:05}" in {row["recipient"] for row in needs}
    in_groups: Counter[str] = Counter(row["group"] for row in groups)
    assert {country: in_groups[country] for country in countries} == countries
    assert all(in_groups[row["for"]] for row in lots)
    assert {int(row["pack_size"]) for row in lots} == {100}
    served = sum(int(row["packs"]) for row in lots) * 50
    missing = sum(max(0, int(row["target"]) - int(row["held"])) for row in needs)
    assert 0.3 < served / missing < 0.6

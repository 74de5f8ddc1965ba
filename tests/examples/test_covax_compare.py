"""The rounds set beside what COVAX gave: built from the real input, sound, and told with the numbers they have."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from evenhand.exchange.tables import read_tables

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "examples/covax_compare/build.py"
CASES = ("first_round", "first_round_plain", "hrp_to_may_2022")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def built(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("covax")
    subprocess.run([sys.executable, SCRIPT, "--shared", shared, "--out", out], check=True, capture_output=True)
    return out


@pytest.mark.parametrize("case", CASES)
def test_the_tables_are_read_without_a_problem_or_a_note(built: Path, case: str) -> None:
    assert read_tables(built / case / "needs.csv", built / case / "lots.csv").notes == ()


def test_the_first_round_holds_the_48_shares_that_are_known(built: Path) -> None:
    given = rows(built / "first_round/actual.csv")
    assert len(given) == 48
    assert sum(int(row["units"]) for row in given) == 127_296_800
    (lot,) = rows(built / "first_round/lots.csv")
    assert int(lot["packs"]) * 100 == 127_296_800


def test_the_two_first_rounds_differ_in_what_is_held_alone(built: Path) -> None:
    counted, plain = (rows(built / case / "needs.csv") for case in ("first_round", "first_round_plain"))
    assert [{**row, "held": "0"} for row in counted] == plain
    assert sum(int(row["held"]) for row in counted) > 0


def test_deliveries_add_up_to_the_summary_of_the_same_source(built: Path, shared: Path) -> None:
    given: Counter[str] = Counter()
    for row in rows(built / "hrp_to_may_2022/actual.csv"):
        given[row["recipient"]] += int(row["units"])
    summary = {
        row["ISO3"]: int(row["COVAX Delivered"].replace(",", ""))
        for row in rows(shared / "data/covax/ocha_covax_hrp_allocation_delivery_hxl.csv")[1:]
        if row["SFP/AMC"] != "SFP"
    }
    assert len(summary) == 25
    assert {code: given[code] for code in summary} == summary


def test_every_pack_serves_as_many_people_and_none_is_lost(built: Path) -> None:
    lots = rows(built / "hrp_to_may_2022/lots.csv")
    assert {int(row["pack_size"]) * 2 // int(row["per_person"]) for row in lots} == {100}
    offered = sum(int(row["packs"]) * int(row["pack_size"]) for row in lots)
    given = sum(int(row["units"]) for row in rows(built / "hrp_to_may_2022/actual.csv"))
    assert 0 <= given - offered < 100 * len(lots)


def test_each_funder_has_one_name(built: Path) -> None:
    donors = {row["donor"] for row in rows(built / "hrp_to_may_2022/lots.csv")}
    assert all(donor == donor.strip() for donor in donors)
    assert {"COVAX", "United Kingdom", "United States"} <= donors
    assert not {"Global", "UK", "USA"} & donors


def test_the_script_says_what_is_missing_when_there_is_no_shared_data(tmp_path: Path) -> None:
    refused = subprocess.run(
        [sys.executable, SCRIPT, "--shared", tmp_path, "--out", tmp_path], capture_output=True, text=True
    )
    assert refused.returncode != 0
    assert "name the shared collection with --shared" in refused.stderr
    assert "Traceback" not in refused.stderr

"""The rounds set beside what COVAX gave: built from the real input, sound, and told with the numbers they have."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import evenhand
from evenhand.exchange.tables import read_tables
from evenhand.fairness.measures import measure

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


def told_rows() -> dict[str, list[str]]:
    """Return the rows of the page's table of figures: cells after the first, by the first."""
    lines = (ROOT / "docs/covax.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return {first: rest for first, *rest in cells}


def test_the_page_tells_the_figures_that_the_engine_gives(built: Path) -> None:
    told = told_rows()
    wanted: dict[str, list[str]] = {"lowest level": [], "Gini of coverage": [], "share of target met": []}
    for case, day in (
        ("first_round_plain", "2021-03-02"),
        ("first_round", "2021-03-02"),
        ("hrp_to_may_2022", "2022-05-31"),
    ):
        plan = evenhand.allocate(built / case / "needs.csv", built / case / "lots.csv", date=day)
        assert plan.certificate["claim"] == "proved best"
        table = plan.recipients
        given = dict.fromkeys(table["recipient"], 0.0)
        per_person = {row["lot"]: float(row["per_person"]) for row in rows(built / case / "lots.csv")}
        for row in rows(built / case / "actual.csv"):
            given[row["recipient"]] += float(row["units"]) / per_person[row["lot"]]
        had = [held + given[key] for key, held in zip(table["recipient"], table["held"], strict=True)]
        coverage = [y / t for y, t in zip(had, table["target"], strict=True)]
        for measures in (plan.measures, measure(coverage, coverage, table["target"])):
            wanted["lowest level"].append(f"{measures.lowest_level:.3f}")
            wanted["Gini of coverage"].append(f"{measures.gini:.3f}")
            wanted["share of target met"].append(f"{measures.share_of_target_met:.1%}".replace("%", " %"))
        if case == "hrp_to_may_2022":
            served = {
                name: [f"{received / 1e6:.1f}", f"{given[key] / 1e6:.1f}"]
                for key, name, received in table.select("recipient", "name", "received").rows()
            }
            shown = {name: cells for name, cells in told.items() if name in served}
            assert len(shown) == 10
            assert shown == {name: served[name] for name in shown}
    assert {name: told[name] for name in wanted} == wanted

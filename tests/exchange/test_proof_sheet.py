"""The workbook re-does the check: TRUE everywhere for a plan that holds, FALSE in the right rows for one that does not.

What a spreadsheet program would compute stands in the workbook beside each formula; these values are read back here. That
the formulas give the same values when they are recalculated is tried with LibreOffice where it is installed.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evenhand.certificates import check_folder
from evenhand.errors import OptionRefused, PlanUnreadable
from evenhand.exchange.proof_sheet import ground, write_proof_sheet
from evenhand.exchange.proof_sheet.folder import read_folder


def _load_brute() -> Any:
    path = Path(__file__).resolve().parents[1] / "certificates" / "brute.py"
    spec = importlib.util.spec_from_file_location("brute", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules.setdefault("brute", importlib.util.module_from_spec(spec))
    if not hasattr(module, "Case"):
        spec.loader.exec_module(module)
    return module


brute = _load_brute()
KINDS = ("equal", "divisible", "bounded")


def some_plans(kind: str, seeds: range) -> Iterator[tuple[str, Any]]:
    """Plans that hold and plans that do not, with waterlines as kind to them as can be."""
    for seed in seeds:
        case = brute.random_case(seed, kind=kind)
        if kind == "bounded":
            plans = [plan for _, plan in zip(range(4), brute.all_plans(case), strict=False)]
            made = [brute.bounded_folder(case, plan) for plan in [brute.settled(case, plans[-1]), *plans]]
        elif kind == "equal":
            best, _ = brute.best_plan(case)
            plans = [plan for _, plan in brute.moves(case, best) if min(plan.values(), default=0) >= 0]
            made = [brute.best_folder(case, plan) for plan in [best, *plans[:6]]]
        else:
            best = brute.divisible_plan(case)
            plans = [brute.changed(best, (lot, key, -share / 3)) for (lot, key), share in best.items()]
            made = [brute.best_folder(case, plan) for plan in [best, *plans]]
        for place, folder in enumerate(made):
            yield f"{kind} {seed} {place}", folder


def workbook(folder: Path) -> Any:
    path = folder.parent / "proof.xlsx"
    write_proof_sheet(folder, path)
    return openpyxl.load_workbook(path, data_only=True)


def answer(book: Any) -> Any:
    return book["Read me"]["B2"].value


def failing_rows(sheet: Any) -> list[int]:
    """Rows whose last verdict, the column "holds", is not TRUE."""
    headings = [cell.value for cell in sheet[1]]
    column = len(headings) - 1 - headings[::-1].index("holds")
    return [row[0].row for row in sheet.iter_rows(min_row=2) if row[column].value is not True]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.slow
def test_the_workbook_and_the_checker_agree_on_plans_that_hold_and_plans_that_do_not(kind: str, tmp_path: Path) -> None:
    said = {True: 0, False: 0}
    for name, made in some_plans(kind, range(200, 214)):
        shutil.rmtree(tmp_path / "plan", ignore_errors=True)
        folder = made.write(tmp_path / "plan")
        holds = check_folder(folder).holds
        assert answer(workbook(folder)) is holds, name
        said[holds] += 1
    assert said[True] >= 10
    assert said[False] >= 10


# A and B, target 10; C, target 20, holds 1; X for everybody, Y for the group north (A); every pack is worth 2.
NEEDS = (
    brute.Need("A", Fraction(10), groups=("north",)),
    brute.Need("B", Fraction(10)),
    brute.Need("C", Fraction(20), Fraction(1)),
)
LOTS = (brute.Lot("X", 4, Fraction(2)), brute.Lot("Y", 2, Fraction(2), only=("north",)))
CASE = brute.Case(NEEDS, LOTS)
BEST = {("Y", "A"): 2, ("X", "B"): 2, ("X", "C"): 2}


def test_the_workbook_of_a_plan_that_holds_says_so_on_every_sheet_and_row(tmp_path: Path) -> None:
    book = workbook(brute.best_folder(CASE, BEST).write(tmp_path / "plan"))
    assert book.sheetnames == ["Read me", "Recipients", "Lots", "Plan", "Classes"]
    assert answer(book) is True
    for name in ("Recipients", "Lots", "Plan"):
        assert failing_rows(book[name]) == []
    values = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [value for value in values if isinstance(value, str) and value.startswith("#")]


def test_a_pack_in_the_wrong_hands_is_false_in_its_own_row(tmp_path: Path) -> None:
    made = brute.best_folder(CASE, BEST)
    marks = brute.highest_waterlines(CASE, BEST)
    worse = brute.folder(CASE, {("Y", "A"): 2, ("X", "A"): 1, ("X", "B"): 1, ("X", "C"): 2}, marks)
    book = workbook(worse.write(tmp_path / "plan"))
    assert answer(book) is False
    assert failing_rows(book["Plan"]) == [2]  # what A got of X stands above X's waterline
    assert failing_rows(book["Recipients"]) == [3]  # B, which went without, stands below
    assert failing_rows(book["Lots"]) == []
    made.tables["plan.csv"][2][1] = "C"
    made.tables["plan.csv"][3][1] = "C"
    twice = workbook(made.write(tmp_path / "plan"))
    assert 4 in failing_rows(twice["Plan"])


def test_every_check_is_a_formula_that_leads_back_to_the_lines(tmp_path: Path) -> None:
    folder = brute.best_folder(CASE, BEST).write(tmp_path / "plan")
    write_proof_sheet(folder, tmp_path / "proof.xlsx")
    book = openpyxl.load_workbook(tmp_path / "proof.xlsx")
    headings = {cell.value: cell.column_letter for cell in book["Recipients"][1]}
    received = book["Recipients"][f"{headings['received (service units)']}2"].value
    assert received == "=SUMIFS(Plan!$H$2:$H$4,Plan!$B$2:$B$4,$A2)"
    for name in ("Recipients", "Lots", "Plan"):
        sheet = book[name]
        assert sheet.freeze_panes is not None
        assert {cell.value for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is True} == set()
    assert str(book["Read me"]["B2"].value).startswith("=AND(")


def test_rows_are_those_of_the_files(tmp_path: Path) -> None:
    made = brute.best_folder(CASE, BEST)
    book = workbook(made.write(tmp_path / "plan"))
    for sheet, table, column in (("Recipients", "recipients.csv", 2), ("Lots", "lots.csv", 2), ("Plan", "plan.csv", 3)):
        keys = [book[sheet].cell(row, column).value for row in range(2, len(made.tables[table]) + 1)]
        assert keys == [row[0] for row in made.tables[table][1:]]


def test_a_name_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    sly = ('=HYPERLINK("http://example.org","click")', "+1", "@SUM(A1)", "-2", "http://example.org", "*", "007")
    needs = tuple(sorted((brute.Need(key, Fraction(9), name=key) for key in sly), key=lambda need: need.key))
    case = brute.Case(needs, (brute.Lot("=1+1", 7), brute.Lot("~?", 0)))
    plan = {("=1+1", need.key): 1 for need in needs}
    folder = brute.best_folder(case, plan).write(tmp_path / "plan")
    write_proof_sheet(folder, tmp_path / "proof.xlsx")
    book = openpyxl.load_workbook(tmp_path / "proof.xlsx")
    cells = [cell for row in book["Recipients"].iter_rows(min_row=2, max_col=3) for cell in row if cell.value in sly]
    assert len(cells) == 2 * len(sly)
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert answer(openpyxl.load_workbook(tmp_path / "proof.xlsx", data_only=True)) is True


def test_large_numbers_are_still_compared_exactly_in_two_halves(tmp_path: Path) -> None:
    # Level 1/3 of A, and one pack less of B: they differ by less than a decimal could show.
    a, b = brute.Need("A", Fraction(900_000_003)), brute.Need("B", Fraction(900_000_000))
    case = brute.Case((a, b), (brute.Lot("X", 600_000_001),))
    best = {("X", "A"): 300_000_001, ("X", "B"): 300_000_000}
    # At A 300,000,000/900,000,003 is below 300,000,000/900,000,000 by 1e-9: the last pack is A's.
    book = workbook(brute.best_folder(case, best).write(tmp_path / "plan"))
    assert answer(book) is True
    assert "in two halves" in str([row[1].value for row in book["Read me"].iter_rows()])
    marks = brute.highest_waterlines(case, best)
    other = {("X", "A"): 300_000_000, ("X", "B"): 300_000_001}
    assert answer(workbook(brute.folder(case, other, marks).write(tmp_path / "plan"))) is False


def test_what_no_spreadsheet_can_compare_exactly_is_compared_with_the_tolerance_it_states(tmp_path: Path) -> None:
    need = brute.Need("A", Fraction("123456789012.345678"))
    case = brute.Case((need, replace(need, key="B")), (brute.Lot("X", 2, Fraction("0.000001")),))
    book = workbook(brute.best_folder(case, {("X", "A"): 1, ("X", "B"): 1}).write(tmp_path / "plan"))
    assert answer(book) is True
    words = str([row[1].value for row in book["Read me"].iter_rows()])
    assert "equal if they differ by less than 1e-12" in words
    assert "evenhand check" in words


def test_the_bound_stands_beside_the_plan(tmp_path: Path) -> None:
    lots = (brute.Lot("X", 1, Fraction(2)), brute.Lot("Y", 1, Fraction(3)))
    case = brute.Case((brute.Need("A", Fraction(10)), brute.Need("B", Fraction(7))), lots)
    made = brute.bounded_folder(case, {("Y", "A"): 1, ("X", "B"): 1})
    book = workbook(made.write(tmp_path / "plan"))
    assert book.sheetnames[-2:] == ["Bound", "Bound_lines"]
    assert answer(book) is True
    said = {row[1].value: row[2].value for row in book["Read me"].iter_rows()}
    assert said["The plan's lowest level"] == pytest.approx(2 / 7)
    assert said["No plan can have a lowest level above"] == pytest.approx(5 / 17)
    assert said["As in the certificate"] is True
    made.certificate["bound"]["lowest_level"] = "2/7"
    assert answer(workbook(made.write(tmp_path / "plan"))) is False


def test_a_plan_too_large_for_a_workbook_is_refused_with_what_to_use_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = brute.best_folder(CASE, BEST).write(tmp_path / "plan")
    monkeypatch.setattr(ground, "MOST_RECIPIENTS", 2)
    with pytest.raises(
        OptionRefused, match="3 recipients are too many for a proof sheet, which holds 2: use `evenhand"
    ):
        write_proof_sheet(folder, tmp_path / "proof.xlsx")
    monkeypatch.setattr(ground, "MOST_RECIPIENTS", 100_000)
    monkeypatch.setattr(ground, "MOST_PAIRS", 3)
    with pytest.raises(OptionRefused, match="4 pairs of lots and eligibility classes are too many"):
        write_proof_sheet(folder, tmp_path / "proof.xlsx")
    monkeypatch.setattr(ground, "MOST_PAIRS", 200_000)
    made = brute.best_folder(CASE, BEST)
    made.tables["inputs/lots.csv"][2][5] = ";".join(["north", *(f"group {place}" for place in range(4000))])
    with pytest.raises(OptionRefused, match="letters in one cell of lots are too many"):
        write_proof_sheet(made.write(tmp_path / "plan"), tmp_path / "proof.xlsx")
    assert not (tmp_path / "proof.xlsx").exists()


def test_a_plan_that_cannot_be_put_into_cells_is_refused(tmp_path: Path) -> None:
    made = brute.best_folder(CASE, BEST)
    made.tables["plan.csv"][1][0] = "Z"
    with pytest.raises(PlanUnreadable, match=r"plan\.csv, row 2 cannot be put into a proof sheet: there is no 'Z'"):
        read_folder(made.write(tmp_path / "plan"))
    made.tables["plan.csv"][1][:3] = ["X", "B", "1/0"]
    with pytest.raises(PlanUnreadable, match=r"plan\.csv, row 2"):
        read_folder(made.write(tmp_path / "plan"))
    (tmp_path / "plan" / "lots.csv").unlink()
    with pytest.raises(PlanUnreadable, match="is not a complete plan"):
        read_folder(tmp_path / "plan")
    with pytest.raises(OptionRefused, match="cannot be written"):
        write_proof_sheet(brute.best_folder(CASE, BEST).write(tmp_path / "plan"), tmp_path / "nowhere" / "proof.xlsx")


RECALCULATE_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice, which would recalculate, is not installed")
def test_a_spreadsheet_program_that_recalculates_gets_the_same_values(tmp_path: Path) -> None:
    profile, books, again = (tmp_path / name for name in ("profile", "books", "again"))
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE_ALWAYS, encoding="utf-8")
    books.mkdir()
    for kind in KINDS:
        for name, made in some_plans(kind, range(300, 303)):
            shutil.rmtree(tmp_path / "plan", ignore_errors=True)
            write_proof_sheet(made.write(tmp_path / "plan"), books / f"{name.replace(' ', '_')}.xlsx")
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx"]
    paths = sorted(books.glob("*.xlsx"))
    subprocess.run([*command, "--outdir", str(again), *map(str, paths)], check=True, capture_output=True, timeout=300)
    compared = 0
    for path in paths:
        ours, theirs = (openpyxl.load_workbook(p, data_only=True) for p in (path, again / path.name))
        for sheet in ours:
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value not in (None, "")):
                other = theirs[sheet.title][cell.coordinate].value
                if isinstance(cell.value, float):
                    assert other == pytest.approx(cell.value, abs=1e-9), f"{path.name} {sheet.title} {cell.coordinate}"
                else:
                    assert other == cell.value, f"{path.name} {sheet.title} {cell.coordinate}"
                compared += 1
    assert compared > 1000

"""Every way in which a plan can be wrong is named, with its file and row; every rule of the contract is kept apart.

The plan that is spoilt here: A, B, C with targets 10, 10, 20; lot X of 4 packs for everybody, lot Y of 2 packs for the
group north (A); each pack worth 2. Best: Y goes to A, X to B and C.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import brute
import pytest

from evenhand.certificates import Verdict, check_folder

A = brute.Need("A", Fraction(10), groups=("north",), handles=("ultra-cold",))
B = brute.Need("B", Fraction(10))
C = brute.Need("C", Fraction(20), Fraction(1))
X = brute.Lot("X", 4, Fraction(2))
Y = brute.Lot("Y", 2, Fraction(2), only=("north",))
CASE = brute.Case((A, B, C), (X, Y))
BEST = {("Y", "A"): 2, ("X", "B"): 2, ("X", "C"): 2}
PLAN = brute.best_folder(CASE, BEST)


def said(made: brute.Folder, path: Path) -> str:
    return str(check_folder(made.write(path)))


def test_the_plan_holds_before_it_is_spoilt(tmp_path: Path) -> None:
    assert brute.best_plan(CASE)[1] == brute.levels(CASE, BEST)
    expected = "holds: 4 conditions, 4 pairs, 2 lots, 3 recipients; proved best under equal-coverage"
    assert said(copy.deepcopy(PLAN), tmp_path) == expected


def cell(table: str, row: int, column: int, text: str) -> Callable[[brute.Folder], None]:
    """Put a text into a cell; rows as a person counts, columns from 0."""

    def spoil(made: brute.Folder) -> None:
        made.tables[table][row - 1][column] = text

    return spoil


def insert(table: str, row: int, cells: str) -> Callable[[brute.Folder], None]:
    return lambda made: made.tables[table].insert(row - 1, cells.split(","))


def certify(key: str, value: object) -> Callable[[brute.Folder], None]:
    return lambda made: made.certificate.update({key: value})


SPOILT = [
    (cell("plan.csv", 2, 2, "1e3"), "plan.csv, row 2: packs is '1e3', not a whole number from 1"),
    (cell("plan.csv", 2, 2, " 2"), "plan.csv, row 2: packs is ' 2', not"),
    (cell("plan.csv", 2, 2, "+2"), "plan.csv, row 2: packs is '+2', not"),
    (cell("plan.csv", 2, 2, "02"), "plan.csv, row 2: packs is '02', not"),
    (cell("plan.csv", 2, 2, "-2"), "plan.csv, row 2: packs is '-2', not"),
    (cell("plan.csv", 2, 2, "0"), "plan.csv, row 2: packs is '0', not"),
    (cell("plan.csv", 2, 2, "2.0"), "plan.csv, row 2: packs is '2.0', not"),
    (cell("plan.csv", 2, 2, "4/2"), "plan.csv, row 2: packs is '4/2', not"),
    (cell("plan.csv", 2, 2, "\u0662"), "plan.csv, row 2: packs is '\u0662', not"),
    (cell("plan.csv", 2, 3, "5"), "plan.csv, row 2: units is '5'; it follows that it is '4'"),
    (cell("plan.csv", 2, 4, "5"), "plan.csv, row 2: service_units is '5'; it follows that it is '4'"),
    (cell("plan.csv", 2, 1, "Z"), "plan.csv, row 2: no recipient 'Z' in inputs/needs.csv"),
    (cell("plan.csv", 4, 0, "Z"), "plan.csv, row 4: no lot 'Z' in inputs/lots.csv"),
    (cell("plan.csv", 4, 1, "B"), "plan.csv, row 4: 'B' may not have lot 'Y': it is earmarked for others"),
    (insert("plan.csv", 3, "X,B,2,4,4"), "plan.csv, row 3: 'B' stands twice"),
    (insert("plan.csv", 5, "X,A,2,4,4"), "plan.csv, row 5: 'X' does not come after 'Y'; rows stand in the order"),
    (insert("plan.csv", 4, "X,A,2,4,4"), "plan.csv, row 4: 'A' does not come after 'C'"),
    (insert("plan.csv", 2, "X,A,1,2,2"), "lots.csv, row 2: 5 packs of lot 'X' are given, which has 4"),
    (insert("plan.csv", 2, "X,A,1,2"), "plan.csv, row 2: 4 cells, where the heading has 5"),
    (insert("plan.csv", 2, ""), "plan.csv, row 2: the key is empty"),
    (cell("plan.csv", 4, 2, "9"), "recipients.csv, row 2: 'A' receives 18, more than its capacity 10"),
    (cell("recipients.csv", 2, 1, "Chad"), "recipients.csv, row 2: name is 'Chad'; it follows that it is 'A'"),
    (cell("recipients.csv", 4, 3, "2"), "recipients.csv, row 4: held is '2'; it follows that it is '1'"),
    (cell("recipients.csv", 4, 5, "0.05"), "recipients.csv, row 4: coverage_before is '0.05'; it follows that it is '0.050000'"),
    (cell("recipients.csv", 4, 6, "0.3"), "recipients.csv, row 4: coverage_after is '0.3'"),
    (cell("recipients.csv", 4, 7, "0.3"), "recipients.csv, row 4: level is '0.3'"),
    (cell("recipients.csv", 4, 8, "0.3"), "recipients.csv, row 4: waterline is '0.3'"),
    (insert("recipients.csv", 3, "AA,,,,,,,,,"), "recipients.csv, row 3: 'AA' is not the next recipient of inputs/needs.csv"),
    (lambda made: made.tables["recipients.csv"].pop(2), "recipients.csv: 'B' has no row"),
    (lambda made: made.tables["recipients.csv"].append(["D"]), "recipients.csv, row 5: 'D' is not the next recipient"),
    (cell("lots.csv", 2, 3, "1"), "lots.csv, row 2: left is '1'; it follows that it is '0'"),
    (insert("lots.csv", 4, "Z,1,1,0,"), "lots.csv, row 4: the row 'Z,1,1,0,' has no place here"),
    (lambda made: made.tables["lots.csv"].pop(2), "lots.csv, row 3: the row 'Y,2,2,0,0.400000' is missing"),
    (cell("inputs/needs.csv", 2, 1, "-1"), "inputs/needs.csv, row 2: target is '-1', not a number above 0"),
    (cell("inputs/needs.csv", 2, 1, "0"), "inputs/needs.csv, row 2: target is '0', not a number above 0"),
    (cell("inputs/needs.csv", 2, 1, "10.50"), "inputs/needs.csv, row 2: target is '10.50', not"),
    (cell("inputs/needs.csv", 2, 1, "9999999999999"), "inputs/needs.csv, row 2: target is '9999999999999', not"),
    (cell("inputs/needs.csv", 4, 2, "nan"), "inputs/needs.csv, row 4: held is 'nan', not a number from 0"),
    (insert("inputs/needs.csv", 3, "A,10,0,"), "inputs/needs.csv, row 3: 'A' stands twice"),
    (cell("inputs/groups.csv", 2, 0, "Z"), "inputs/groups.csv, row 2: no recipient 'Z' in inputs/needs.csv"),
    (insert("inputs/groups.csv", 2, "A,north"), "inputs/groups.csv, row 3: 'north' stands twice"),
    (cell("inputs/lots.csv", 2, 1, "4.5"), "inputs/lots.csv, row 2: packs is '4.5', not a whole number from 0"),
    (cell("inputs/lots.csv", 2, 3, "0"), "inputs/lots.csv, row 2: per_person is '0', not a number above 0"),
    (cell("inputs/lots.csv", 2, 4, "0"), "inputs/lots.csv, row 2: min_packs is '0', not a whole number from 1"),
    (cell("inputs/lots.csv", 2, 9, "31.12.2026"), "inputs/lots.csv, row 2: expires is '31.12.2026', not a date"),
    (cell("inputs/lots.csv", 2, 4, "2"), "certificate.json: 'proved best' may not be claimed: a lot has a smallest shipment"),
    (cell("inputs/lots.csv", 2, 2, "3"), "certificate.json: 'proved best' may not be claimed: packs are worth different"),
    (certify("max_lots", 1), "certificate.json: 'proved best' may not be claimed: max_lots limits the lots"),
    (certify("waterlines", {"X": ["0", "1/5"]}), "certificate.json: waterlines: lot 'Y' has no waterline"),
    (certify("waterlines", {"X": ["1/0", "1"], "Y": "none", "Z": "none"}), "waterlines: no lot 'Z' in inputs/lots.csv"),
    (certify("waterlines", {"X": ["1/0", "1"], "Y": "none"}), "waterlines: lot 'X': not 'unlimited', 'none' or"),
    (certify("waterlines", {"X": ["0", "1"], "Y": "none"}), "waterlines: lot 'Y' has packs, so it needs a waterline"),
    (certify("bound", {}), "certificate.json: bound: a plan that is proved best has none"),
    (certify("claim", "bounded"), "certificate.json: bound: a bounded plan needs one"),
    (certify("signed", "by me"), "certificate.json: 'signed' has no place here"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "sentence"), SPOILT, ids=[sentence for _, sentence in SPOILT])
def test_what_is_wrong_is_named(spoil: Callable[[brute.Folder], None], sentence: str, tmp_path: Path) -> None:
    made = copy.deepcopy(PLAN)
    spoil(made)
    if made.certificate["claim"] == "bounded":
        made.tables |= {"bound.csv": [["lot", "recipient", "packs"]], "levels.csv": [["rank", "level", "bound"]]}
    verdict = check_folder(made.write(tmp_path))
    assert not verdict.holds
    assert any(sentence in problem for problem in verdict.problems), str(verdict)


def test_an_altered_file_is_named_even_if_nothing_in_it_matters(tmp_path: Path) -> None:
    made = copy.deepcopy(PLAN)
    made.write(tmp_path)
    made.tables["recipients.csv"][1][9] = "nothing"
    made.write(tmp_path, hashes=False)
    (problem,) = check_folder(tmp_path).problems
    assert problem.startswith("recipients.csv: changed: its SHA-256 is ")


def test_a_lot_left_over_needs_an_unlimited_waterline(tmp_path: Path) -> None:
    made = brute.folder(
        CASE,
        {("X", "B"): 2, ("X", "C"): 2},
        {"X": (Fraction(1, 5), Fraction(-2, 5)), "Y": (Fraction(0), Fraction(-1, 5))},
    )
    assert "condition 4: 2 packs of lot 'Y' are left over, and its waterline is not unlimited" in said(made, tmp_path)


def verdict_of(case: brute.Case, plan: brute.Plan, path: Path) -> Verdict:
    return check_folder(brute.best_folder(case, plan).write(path))


def test_a_recipient_that_cannot_keep_it_cold_gets_none(tmp_path: Path) -> None:
    case = brute.Case((A, B), (replace(X, packs=2, requires=("ultra-cold",)),))
    assert verdict_of(case, {("X", "A"): 2}, tmp_path).holds
    spoilt = verdict_of(case, {("X", "A"): 1, ("X", "B"): 1}, tmp_path)
    assert any("'B' may not have lot 'X': it needs 'ultra-cold'" in problem for problem in spoilt.problems)


def test_shelf_life_caps_what_a_recipient_can_use_in_time(tmp_path: Path) -> None:
    # 14 days at 2 a week, packs of 2: at most 2 packs for B; A has no pace and takes the rest.
    slow = replace(B, per_week=Fraction(2))
    case = brute.Case((A, slow), (replace(X, packs=5, expires=date(2026, 12, 5)),))
    plan = {("X", "A"): 3, ("X", "B"): 2}
    assert verdict_of(case, plan, tmp_path).holds
    spoilt = verdict_of(case, {("X", "A"): 2, ("X", "B"): 3}, tmp_path)
    assert any("'B' can use 2 packs of lot 'X' before it expires, not 3" in problem for problem in spoilt.problems)
    # Without the cap, one more pack for B would have been the better plan: the cap is what makes this one best.
    assert not verdict_of(brute.Case((A, slow), (replace(X, packs=5),)), {("X", "A"): 4, ("X", "B"): 1}, tmp_path).holds


def test_nobody_may_get_a_lot_that_has_expired(tmp_path: Path) -> None:
    case = brute.Case((A,), (replace(X, expires=date(2026, 11, 20)),))
    assert verdict_of(case, {}, tmp_path).holds
    spoilt = verdict_of(case, {("X", "A"): 1}, tmp_path)
    assert any("it expires before it can be used" in problem for problem in spoilt.problems)


def test_a_recipient_that_holds_more_than_its_target_gets_none(tmp_path: Path) -> None:
    case = brute.Case((replace(A, held=Fraction(12)), B), (replace(X, packs=6),))
    assert verdict_of(case, {("X", "B"): 5}, tmp_path).holds
    assert not verdict_of(case, {("X", "A"): 1, ("X", "B"): 5}, tmp_path).holds


def test_an_empty_first_tier_counts_as_filled(tmp_path: Path) -> None:
    # B has nobody in its first tier, so it starts at level 1: everything goes to A's first tier before B gets any.
    first = replace(A, tiers=(Fraction(8), Fraction(2)))
    second = replace(B, tiers=(Fraction(0), Fraction(10)))
    case = brute.Case((first, second), (X,), "tiers")
    made = brute.best_folder(case, {("X", "A"): 4})
    assert check_folder(made.write(tmp_path)).holds
    assert [row[7] for row in made.tables["recipients.csv"][1:]] == ["1.000000", "1.000000"]
    assert not verdict_of(case, {("X", "A"): 3, ("X", "B"): 1}, tmp_path).holds


def test_the_floor_comes_before_the_weights(tmp_path: Path) -> None:
    # Floor 2/5 of 10: 4 each. B weighs 4 times as much, but only beyond the floor.
    case = brute.Case((A, replace(B, weight=Fraction(4))), (X,), "floor-then-weighted", Fraction(2, 5))
    assert verdict_of(case, {("X", "A"): 2, ("X", "B"): 2}, tmp_path).holds
    assert not verdict_of(case, {("X", "A"): 1, ("X", "B"): 3}, tmp_path).holds
    more = replace(case, lots=(replace(X, packs=7),))
    assert verdict_of(more, {("X", "A"): 3, ("X", "B"): 4}, tmp_path).holds
    assert not verdict_of(more, {("X", "A"): 4, ("X", "B"): 3}, tmp_path).holds


def test_a_plan_for_nobody_with_nothing_holds(tmp_path: Path) -> None:
    made = brute.best_folder(brute.Case((), ()), {})
    assert (
        said(made, tmp_path) == "holds: 4 conditions, 0 pairs, 0 lots, 0 recipients; proved best under equal-coverage"
    )


def test_an_earmark_may_name_more_recipients_than_a_csv_cell_usually_holds(tmp_path: Path) -> None:
    made = copy.deepcopy(PLAN)
    made.tables["inputs/lots.csv"][2][5] = ";".join(["A", *(f"recipient {place}" for place in range(20_000))])
    assert said(made, tmp_path).startswith("holds: 4 conditions")

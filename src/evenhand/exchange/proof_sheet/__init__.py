"""The proof as a spreadsheet whose formulas do the check again, so that a ministry can see it for itself.

Called by the command `evenhand check plan/ --xlsx proof.xlsx`. Nothing here decides whether a plan holds: the formulas
do, in the reader's own Excel or LibreOffice. The exact check of any plan, of any size, is `evenhand.certificates`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from evenhand.errors import OptionRefused
from evenhand.exchange.proof_sheet.bounds import BoundedProof
from evenhand.exchange.proof_sheet.folder import PlanFolder, read_folder
from evenhand.exchange.proof_sheet.formulas import Column, Formula, both, shown
from evenhand.exchange.proof_sheet.levels import TOLERANCE, Exactness
from evenhand.exchange.proof_sheet.sheets import Proof
from evenhand.fairness.rules import RULES

LOOKS: dict[str, dict[str, Any]] = {
    "heading": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
    "plain": {"num_format": "#,##0.######"},
    "number": {"num_format": "#,##0.######"},
    "whole": {"num_format": "#,##0"},
    "decimal": {"num_format": "0.000000"},
    "date": {"num_format": "yyyy-mm-dd"},
    "text": {"num_format": "@"},
    "flag": {"align": "center"},
    "verdict": {"align": "center"},
    "failing": {"bg_color": "#B3261E", "font_color": "#FFFFFF"},
    "title": {"bold": True, "font_size": 16},
    "answer": {"bold": True, "font_size": 14, "align": "center", "border": 2},
    "words": {"text_wrap": True, "valign": "top"},
}


def write_proof_sheet(folder: str | os.PathLike[str], path: str | os.PathLike[str]) -> None:
    """Write an .xlsx workbook that re-does the check of a plan folder by formulas.

    Parameters
    ----------
    folder
        The plan folder. It need not hold: the workbook then shows the rows where it does not.
    path
        The workbook to write.

    Raises
    ------
    PlanUnreadable
        The folder is incomplete, or a cell of it cannot be put into a sheet.
    OptionRefused
        The plan is too large for a workbook, or the workbook cannot be written.
    """
    plan = read_folder(folder)
    proof = BoundedProof(plan) if plan.bounded and not plan.divisible else Proof(plan)
    proof.add_conditions()
    # Row by row, so that a large plan needs little memory; no external links, and no text becomes a formula.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    try:
        with xlsxwriter.Workbook(os.fspath(path), options) as workbook:
            workbook.set_properties({"title": "Proof of a plan", "comments": f"Rule: {plan.rule}"})
            looks = {name: workbook.add_format(look) for name, look in LOOKS.items()}
            _write_read_me(workbook, looks, proof)
            proof.recipients.write(workbook, looks, frozen=2)
            proof.lots.write(workbook, looks, frozen=2)
            proof.lines.write(workbook, looks, frozen=4)
            proof.classes.write(workbook, looks, frozen=0)
            if isinstance(proof, BoundedProof):
                proof.bound.write(workbook, looks, frozen=2)
                proof.bound_lines.write(workbook, looks, frozen=0)
    except (FileCreateError, OSError) as problem:
        raise OptionRefused(f"{Path(path)} cannot be written: {problem}; name a file in a folder that exists") from None


def _verdicts(proof: Proof) -> list[tuple[str, str, Column]]:
    """Return what each sheet checks, in words, and the column of its verdicts."""
    found = []
    if isinstance(proof, BoundedProof):
        found.append(("Recipients", "no pack moved to this recipient would help; capacity; published numbers", proof.recipient_verdict))
        found.append(("Plan", "no pack moved from or to this line would help; earmark, capability, shelf life, shipment", proof.line_verdict))
    else:
        found.append(("Recipients", "condition 3; capacity; published numbers", proof.recipient_verdict))
        found.append(("Plan", "condition 2; earmark, capability, shelf life, smallest shipment, whole packs", proof.line_verdict))
        found.append(("Classes", "condition 1, once for all recipients that may have the same lots", proof.class_verdict))
    found.append(("Lots", "condition 4; not more is given than there is", proof.lot_verdict))
    if isinstance(proof, BoundedProof):
        found.append(("Bound", "the divisible optimum: condition 3; capacity", proof.bound_verdict))
        found.append(("Bound_lines", "the divisible optimum: condition 2; earmark, capability, shelf life", proof.bound_line_verdict))
        found.append(("Lots", "the divisible optimum: condition 4", proof.bound_lot_verdict))
    return found


def _write_read_me(workbook: Any, looks: dict[str, Any], proof: Proof) -> None:
    plan, verdicts = proof.plan, _verdicts(proof)
    page = workbook.add_worksheet("Read me")
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 90)
    page.set_column(2, 4, 14)
    holds: Formula = both(*(column.all_hold for _, _, column in verdicts))
    if isinstance(proof, BoundedProof):
        holds = both(holds, proof.as_certified)
    page.write_string(0, 0, "Does this plan hold?", looks["title"])
    page.write_string(1, 0, "All checks hold:", looks["words"])
    page.write_formula(1, 1, "=" + holds.text, looks["answer"], shown(holds.value(0)))
    page.conditional_format(1, 1, 1, 1, {"type": "cell", "criteria": "==", "value": "FALSE", "format": looks["failing"]})
    row = 3
    for words in _words(plan, proof):
        page.write_string(row, 0, words[0], looks["words"])
        page.write_string(row, 1, words[1], looks["words"])
        row += 1
    row += 1
    for place, heading in enumerate(("Sheet", "What its last column says of each row", "rows", "rows that fail", "all hold")):
        page.write_string(row, place, heading, looks["heading"])
    for name, words, column in verdicts:
        row += 1
        page.write_string(row, 0, name, looks["words"])
        page.write_string(row, 1, words, looks["words"])
        page.write_number(row, 2, len(column.values), looks["whole"])
        failing = sum(1 for value in column.values if value is not True)
        text = f"={len(column.values)}-COUNTIF({column.range},TRUE)"
        page.write_formula(row, 3, text, looks["whole"], failing)
        page.write_formula(row, 4, "=" + column.all_hold.text, looks["verdict"], column.all_hold.value(0))
    if isinstance(proof, BoundedProof):
        row += 2
        gap = proof.bound_lowest - proof.lowest
        for name, formula, look in (
            ("The plan's lowest level", proof.lowest, "decimal"),
            ("No plan can have a lowest level above", proof.bound_lowest, "decimal"),
            ("The gap between them", gap, "decimal"),
            ("As in the certificate", proof.as_certified, "verdict"),
        ):
            page.write_string(row, 1, name, looks["words"])
            page.write_formula(row, 2, "=" + formula.text, looks[look], shown(formula.value(0)))
            row += 1
    row += 2
    page.write_string(row, 0, "Files", looks["heading"])
    page.write_string(row, 1, "SHA-256 in the certificate, to compare with the files you have", looks["heading"])
    for name, digest in plan.certificate["files"].items():
        row += 1
        page.write_string(row, 0, str(name), looks["words"])
        page.write_string(row, 1, str(digest), looks["words"])


def _words(plan: PlanFolder, proof: Proof) -> list[tuple[str, str]]:
    rule = RULES[plan.rule]
    floor = f"; the floor f is {plan.floor}" if plan.rule == "floor-then-weighted" else ""
    words = [
        ("The rule", f"{rule.name}: {rule.words} Its level: {rule.formula}{floor}."),
        ("The round", f"{plan.date.isoformat()}; {len(plan.lots):,} lots, {len(plan.recipients):,} recipients."),
    ]
    if isinstance(proof, BoundedProof):
        words += [
            (
                "What is shown",
                "Packs differ in worth, or there are smallest shipments or a limit of lots. It is shown that no single pack "
                "can be moved to help, and that no plan whatever can lift the lowest level above the bound. It is not shown "
                "that this plan is the best.",
            ),
            (
                "The waterline",
                "Each lot has a waterline. Nobody holds a pack of it that was of less use than the waterline, and nobody who "
                "could take one more stands below it.",
            ),
            ("The bound", "The best plan if packs could be split, proved by the conditions 1-4 on the sheets Bound and Bound_lines."),
        ]
    else:
        words += [
            ("What is shown", "That this plan is the best under the rule: nobody can be better off except at the cost of somebody worse off."),
            (
                "The waterline",
                "Each lot has a waterline. Every lot is used only for recipients on its waterline, and nobody who could have "
                "had it stands below. A recipient's waterline is the highest among the lots open to it, or that of its own "
                "last pack where that is higher.",
            ),
            (
                "The conditions",
                "1: a lot open to a recipient stands no higher than the recipient's waterline. 2: a lot that gives it something "
                "stands no lower. 3: a recipient with room is held to no more than its next pack. 4: a lot with packs left "
                "over has no waterline at all (it is unlimited).",
            ),
        ]
    words += [
        (
            "How to read",
            "Start here; a red FALSE on any sheet is a row where a check fails. Row 7 of Recipients, Lots and Plan is row 7 of "
            "recipients.csv, lots.csv and plan.csv. Click a cell to see its formula; change a number and watch the checks.",
        ),
        ("How it compares", _comparison(proof)),
        (
            "Not in here",
            "The files' hashes, and the reading of the groups file, are checked by `evenhand check` only.",
        ),
    ]
    return words


def _comparison(proof: Proof) -> str:
    exactly = (
        f"Levels and waterlines are compared as decimals, equal if they differ by less than {TOLERANCE:g}; ties are left to "
        "the exact check, which is `evenhand check`, or `evenhand check --standalone > check.py` and `python check.py plan/`."
    )
    if proof.exactness is Exactness.NEARLY:
        return exactly
    unit = "" if proof.unit == 1 else f" of 1/{proof.unit} service units"
    words = f"Levels are fractions of whole numbers{unit}, compared exactly by multiplying crosswise"
    if proof.exactness is Exactness.HALVES:
        words += ", one factor in two halves so that no product passes what a spreadsheet counts exactly"
    return f"{words}. The bound is compared as decimals. {exactly}" if isinstance(proof, BoundedProof) else f"{words}."

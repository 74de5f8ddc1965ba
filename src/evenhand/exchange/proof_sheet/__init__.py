"""The proof as a spreadsheet whose formulas do the check again, so that a ministry can see it for itself.

Called by the command `evenhand check plan/ --xlsx proof.xlsx`. Nothing here decides whether a plan holds: the formulas
do, in the reader's own Excel or LibreOffice. The exact check of any plan, of any size, is `evenhand.certificates`.
"""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from evenhand.errors import OptionRefused
from evenhand.exchange.proof_sheet.bounds import BoundedProof
from evenhand.exchange.proof_sheet.conditions import Proof
from evenhand.exchange.proof_sheet.folder import read_folder
from evenhand.exchange.proof_sheet.formulas import Column, Formula, both, shown
from evenhand.exchange.proof_sheet.words import words_of

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
    target = Path(path)
    try:
        # Beside its place first, so that a workbook is there whole or not at all.
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as beside:
            made = Path(beside) / "proof.xlsx"
            _write_workbook(made, proof)
            made.replace(target)
    except (FileCreateError, OSError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise OptionRefused(f"{target} cannot be written: {reason}; name a file in a folder that exists") from None


def _write_workbook(path: Path, proof: Proof) -> None:
    # Row by row, so that a large plan needs little memory; no external links, and no text becomes a formula.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(os.fspath(path), options) as workbook:
        # The round's date, not today's: the same plan gives the same bytes.
        day = datetime.combine(proof.plan.date, time(), UTC)
        workbook.set_properties({"title": "Proof of a plan", "comments": f"Rule: {proof.plan.rule}", "created": day})
        looks = {name: workbook.add_format(look) for name, look in LOOKS.items()}
        _write_read_me(workbook, looks, proof)
        proof.recipients.write(workbook, looks, frozen=2)
        proof.lots.write(workbook, looks, frozen=2)
        proof.lines.write(workbook, looks, frozen=4)
        proof.classes.write(workbook, looks, frozen=0)
        if isinstance(proof, BoundedProof):
            proof.bound.write(workbook, looks, frozen=2)
            proof.bound_lines.write(workbook, looks, frozen=0)


def _verdicts(proof: Proof) -> list[tuple[str, str, Column]]:
    """Return what each sheet checks, in words, and the column of its verdicts."""
    if not isinstance(proof, BoundedProof):
        return [
            ("Recipients", "condition 3; capacity; published numbers", proof.recipient_verdict),
            (
                "Plan",
                "condition 2; earmark, capability, shelf life, smallest shipment, whole packs",
                proof.line_verdict,
            ),
            ("Classes", "condition 1, once for all recipients that may have the same lots", proof.class_verdict),
            ("Lots", "condition 4; not more is given than there is", proof.lot_verdict),
        ]
    return [
        ("Recipients", "no pack moved here would help; capacity; published numbers", proof.recipient_verdict),
        ("Plan", "no pack moved from or to here would help; earmark, capability, shelf life", proof.line_verdict),
        ("Lots", "nothing is left over below an unlimited waterline; not more than there is", proof.lot_verdict),
        ("Bound", "the divisible optimum: condition 3; capacity", proof.bound_verdict),
        (
            "Bound_lines",
            "the divisible optimum: condition 2; earmark, capability, shelf life",
            proof.bound_line_verdict,
        ),
        ("Lots", "the divisible optimum: condition 4", proof.bound_lot_verdict),
    ]


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
    page.conditional_format(
        1, 1, 1, 1, {"type": "cell", "criteria": "==", "value": "FALSE", "format": looks["failing"]}
    )
    row = 3
    for about, words in words_of(proof).items():
        page.write_string(row, 0, about, looks["words"])
        page.write_string(row, 1, words, looks["words"])
        row += 1
    row += 1
    for place, heading in enumerate(
        ("Sheet", "What its last column says of each row", "rows", "rows that fail", "all hold")
    ):
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

"""`evenhand check`: does the plan hold? With arithmetic alone, no solver."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.answer import Answer, Heading, Listing
from evenhand.cli.options import AsJson, Everything
from evenhand.cli.progress import progress
from evenhand.cli.screen import PLAIN_ROWS
from evenhand.errors import OptionRefused


def check(
    plan: Annotated[
        Path | None, typer.Argument(metavar="PLAN", help="The plan's folder, as `evenhand allocate` wrote it.")
    ] = None,
    xlsx: Annotated[
        Path | None,
        typer.Option(
            "--xlsx", metavar="FILE", help="Also write the proof as a spreadsheet whose formulas do the check again."
        ),
    ] = None,
    standalone: Annotated[
        bool,
        typer.Option(
            "--standalone", help="Print the checker as one file that runs with bare Python, and do nothing else."
        ),
    ] = False,
    everything: Everything = False,
    as_json: AsJson = False,
) -> Answer:
    """Check a plan: its files, its feasibility, and its proof.

    Exit code 0 and one line if it holds; 1 and every condition that is broken, by row, if it does not.
    """
    from evenhand.certificates import check_folder, standalone_source

    if standalone:
        return Answer("check", raw=standalone_source())
    if plan is None:
        raise OptionRefused("no plan to check; name its folder, as in: evenhand check plan/")

    # Straight to the checker, not through evenhand.plan: checking loads neither tables nor a solver.
    with progress(quiet=as_json):
        verdict = check_folder(plan)
        if xlsx is not None:
            from evenhand.exchange.proof_sheet import write_proof_sheet

            write_proof_sheet(plan, xlsx)
    closing = (f"The proof as a spreadsheet: {xlsx}",) if xlsx is not None else ()
    result = {"holds": verdict.holds, "claim": verdict.claim, "rule": verdict.rule, "counts": dict(verdict.counts)}
    if verdict.holds:
        return Answer("check", verdict.line, result=result | {"problems": []}, closing=closing)
    shown = verdict.problems if everything else verdict.problems[:PLAIN_ROWS]
    listing = Listing(
        "problems",
        "",
        (Heading("problem"),),
        tuple((problem,) for problem in shown),
        more=len(verdict.problems) - len(shown),
    )
    return Answer("check", verdict.line, result=result, listings=(listing,), closing=closing, exit_code=1)

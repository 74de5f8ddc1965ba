"""`evenhand report`: one self-contained page about a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.answer import Answer
from evenhand.cli.options import AsJson, PlanFolder
from evenhand.cli.progress import progress


def report(
    plan: PlanFolder,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The page to write.")] = Path(
        "report.html"
    ),
    explain: Annotated[
        list[str] | None, typer.Option("--explain", metavar="RECIPIENT", help="Explain this recipient on the page.")
    ] = None,
    as_json: AsJson = False,
) -> Answer:
    """Write one page that tells the plan to people: the rule, the picture, the table, the proof.

    The page needs no other files, no JavaScript and no network.
    """
    from evenhand.plan import read_plan

    with progress(quiet=as_json):
        read_plan(plan).report(output, explain=explain or [])
    size = output.stat().st_size
    return Answer(
        "report", f"The report is in {output} ({size / 1000:,.0f} kB).", result={"file": str(output), "bytes": size}
    )

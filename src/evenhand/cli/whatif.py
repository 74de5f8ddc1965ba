"""`evenhand whatif`: change something, share out again, and show only what changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.answer import Answer
from evenhand.cli.compare import describe
from evenhand.cli.options import AsJson, Everything, PlanFolder
from evenhand.cli.progress import progress
from evenhand.cli.screen import rows_that_fit
from evenhand.errors import OptionRefused


def whatif(
    plan: PlanFolder,
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="TABLE.KEY.COLUMN=VALUE", help="Change one cell, such as needs.TCD.handles=ultra-cold."
        ),
    ] = None,
    without: Annotated[list[str] | None, typer.Option("--without", metavar="LOT", help="Leave out one lot.")] = None,
    add: Annotated[
        list[Path] | None, typer.Option("--add", metavar="TABLE", help="Add the lots of another table.")
    ] = None,
    everything: Everything = False,
    as_json: AsJson = False,
) -> Answer:
    """Change something, share out again, and show what changed.

    The plan's folder stays as it is. Each option may be given several times.
    """
    from evenhand.plan import read_plan

    if not (sets or without or add):
        raise OptionRefused(
            "nothing to change; give --set needs.TCD.handles=ultra-cold, --without LOT or --add lots2.csv"
        )
    with progress(quiet=as_json) as report:
        comparison = read_plan(plan).what_if(sets or [], without=without or [], add=add or [], progress=report)
    return describe("whatif", comparison, rows_that_fit(everything=everything, as_json=as_json))

"""`evenhand compare`: the plan beside what really happened, or beside another plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand.cli.answer import Answer, Heading, Listing
from evenhand.cli.options import AsJson, Everything, PlanFolder
from evenhand.cli.progress import progress
from evenhand.cli.screen import rows_that_fit

if TYPE_CHECKING:
    from evenhand import Comparison


def compare(
    plan: PlanFolder,
    actual: Annotated[
        Path,
        typer.Argument(
            metavar="ACTUAL",
            help="A table of what was received (columns: evenhand columns actual), or another plan's folder.",
        ),
    ],
    everything: Everything = False,
    as_json: AsJson = False,
) -> Answer:
    """Compare a plan with what really happened, or with another plan.

    Measures side by side, who gains and who loses.
    """
    from evenhand.plan import read_plan

    with progress(quiet=as_json):
        comparison = read_plan(plan).compare(actual)
    return describe("compare", comparison, rows_that_fit(everything=everything, as_json=as_json))


def describe(command: str, comparison: Comparison, limit: int | None) -> Answer:
    """Return what to say about a comparison: measures side by side, then who gains and who loses."""
    left, right = comparison.left, comparison.right
    changes = comparison.changes
    shown = changes.head(changes.height if limit is None else limit)
    measures = Listing(
        "measures",
        "Measures",
        (
            Heading("measure"),
            Heading("left", "number", label=left),
            Heading("right", "number", label=right),
            Heading("better"),
        ),
        tuple(comparison.measures),
    )
    listed = Listing(
        "changes",
        "Who gains and who loses",
        (
            Heading("recipient"),
            Heading("name"),
            Heading("received_left", "amount", label=f"received: {left}"),
            Heading("received_right", "amount", label=f"received: {right}"),
            Heading("difference", "change"),
            Heading("level_left", "number", label=f"level: {left}"),
            Heading("level_right", "number", label=f"level: {right}"),
        ),
        tuple(shown.rows()),
        more=changes.height - shown.height,
    )
    return Answer(
        command,
        comparison.title,
        result={"left": left, "right": right, "sentences": list(comparison.sentences)},
        listings=(measures, listed),
        closing=comparison.sentences,
    )

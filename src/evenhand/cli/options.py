"""Options that several commands share, each declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PlanFolder = Annotated[
    Path, typer.Argument(metavar="PLAN", help="The plan's folder, as `evenhand allocate` wrote it.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document, for machines.")]
Everything = Annotated[bool, typer.Option("--all", help="Show every row, not only the first.")]
Seconds = Annotated[
    float,
    typer.Option("--seconds", metavar="S", help="The most time to spend on proving more levels of a bounded plan."),
]

ActingUser = Annotated[
    str,
    typer.Option("--as", metavar="NAME", envvar="EVENHAND_USER", show_envvar=True, help="The user who acts or asks."),
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, in your words; kept in the audit line.")]
RequestId = Annotated[
    str, typer.Option("--id", metavar="ID", help="An id of your own: the same command sent twice is then done once.")
]

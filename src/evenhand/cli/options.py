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

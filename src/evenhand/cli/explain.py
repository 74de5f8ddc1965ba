"""`evenhand explain`: why this number, what binds, what would raise it."""

from __future__ import annotations

from typing import Annotated

import typer

from evenhand.cli.answer import Answer, Passage
from evenhand.cli.options import AsJson, PlanFolder
from evenhand.cli.progress import progress


def explain(
    plan: PlanFolder,
    recipients: Annotated[
        list[str],
        typer.Argument(metavar="RECIPIENT...", help="The keys of one or more recipients.", show_default=False),
    ],
    as_json: AsJson = False,
) -> Answer:
    """Say in sentences why a recipient gets what it gets.

    What it got and from whom, its waterline and who shares it, what keeps it from more, and what would raise it.
    """
    from evenhand.plan import read_plan

    with progress(quiet=as_json):
        made = read_plan(plan)
        found = [made.explain(key) for key in recipients]
    passages = [
        passage
        for explanation in found
        for passage in (
            Passage(f"{explanation.name} ({explanation.recipient})", ""),
            *(Passage(part.title, part.text) for part in explanation.parts),
        )
    ]
    explanations = [
        {
            "recipient": explanation.recipient,
            "name": explanation.name,
            "parts": [{"title": part.title, "text": part.text} for part in explanation.parts],
        }
        for explanation in found
    ]
    return Answer("explain", result={"explanations": explanations}, passages=passages)

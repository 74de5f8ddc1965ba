"""`evenhand demo`: an installation filled with a story to live in; says what it holds and what to try."""

from __future__ import annotations

import dataclasses
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from evenhand.cli.acting import read_day
from evenhand.cli.answer import Answer
from evenhand.cli.options import AsJson
from evenhand.cli.progress import progress
from evenhand.errors import OptionRefused

NAME = "demo.evenhand.example/stock-book"
TRUTH = (
    "Needs for vaccination and announced gifts are public figures of 2021 with their sources. The round never took place, and "
    "everything after an announcement is invented. So are the readouts, and whoever speaks in them."
)


EARLIEST = date(2024, 5, 1)
"""The 121st member joined in January 2024, and the story takes a hundred days."""

TASK_FORCE = "demo-task-force"
TRIES = (
    ("evenhand need list --party TCD --as focal-tcd", "what Chad needs, its drafts included"),
    ("evenhand stock history --party TCD-MOISSALA", "what reached the village clinic"),
    ("evenhand statement list", "look at what was said: on the pages /statements, /meetings, /promises?by=said"),
    ("evenhand audit", "prove that nothing was changed afterwards"),
    ("evenhand serve", "its pages, on http://127.0.0.1:8000; sign in there as anybody of the story"),
)
"""What to try first: a command, and what it shows."""


def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where to make it: a new folder, or one with a demo in it.")
    ] = Path("evenhand-demo"),
    day: Annotated[
        Any,
        typer.Option(
            metavar="DATE",
            parser=read_day,
            help="The day on which its story ends, today where not said. The same day gives the same stock book.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> Answer:
    """Make a filled installation to try everything on: 121 members, their needs, gifts, a decided round, what travels.

    Run again, it changes nothing and shows the figures.
    """  # fmt: skip
    from evenhand.configuration import FILE

    if folder.exists() and not folder.is_dir():
        raise OptionRefused(f"{folder} is a file; name a folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / FILE).is_file():
        raise OptionRefused(f"{folder} holds other files; name a new folder, or one with a demo in it")
    today = datetime.now(UTC).date()
    if day is not None and not EARLIEST <= day <= today:
        raise OptionRefused(f"its story cannot end on {day}; give a day from {EARLIEST} to {today}")
    os.environ["EVENHAND_DATA"] = str(folder)
    from evenhand.cli.init import prepare_databases, prepare_folder

    prepare_folder(NAME, "NAM")
    _open_doors(folder / FILE)
    from evenhand.cli.session import start

    start(fresh=True)
    prepare_databases()
    from evenhand.actions.demo.filling import fill_demo, refuse_others
    from evenhand.cli.init import _first_steps
    from evenhand.lookups.viewers import find_operator

    refuse_others()
    _first_steps("operator", seeds=True)
    operator = find_operator(on=today)
    if operator is None:
        raise OptionRefused(f"nobody is operator in {folder}; name a new folder")
    with progress(quiet=as_json) as report:
        filled = fill_demo(operator, day or today, report)
    return _describe(folder, filled.now)


OPENED = """
# A demo on one's own machine: without encryption, and whoever opens its pages may step in as anybody of it.
https = false
open_doors = true
"""


def _open_doors(settings: Path) -> None:
    """Open the doors of a demo that says nothing about them yet; whoever closed them keeps them closed."""
    written = settings.read_text(encoding="utf-8")
    if NAME in written and "open_doors" not in written and "https" not in written:
        settings.write_text(written + OPENED, encoding="utf-8")


def _describe(folder: Path, now: bool) -> Answer:
    from evenhand.access.viewers import PUBLIC
    from evenhand.cli.session import viewer_named
    from evenhand.cli.status import describe
    from evenhand.lookups.checkpoints import find_latest_checkpoint
    from evenhand.lookups.figures import read_headline
    from evenhand.lookups.rounds import list_rounds

    sentence = f"The demo is in {folder}." if now else f"The demo is in {folder} already; nothing was changed."
    answer = describe(read_headline(PUBLIC), "demo", sentence)
    checkpoint = find_latest_checkpoint(PUBLIC)
    facts = {"what is true in it": TRUTH}
    if checkpoint is not None:
        facts |= {"entries signed": f"{checkpoint.size:,}", "root": checkpoint.root}
    rounds = list_rounds(viewer_named(TASK_FORCE))
    is_open = next((one.ref for one in rounds if one.state == "open"), "")
    posted = next((one.ref for one in rounds if one.state == "posted"), "")
    tries = [("evenhand round show " + posted, "how the vaccine was shared out, and who objected")] if posted else []
    if is_open:
        tries.append((f"evenhand round freeze {is_open} --as {TASK_FORCE}", "go on with the round that is open"))
    tries += TRIES
    width = max(len(command) for command, _ in tries)
    closing = [f"Next: export EVENHAND_DATA={folder.absolute()}"]
    closing += [f"  {command:{width}}  {what}" for command, what in tries]
    return dataclasses.replace(
        answer, facts=facts, closing=tuple(closing), result={"folder": str(folder), "filled_now": now, **facts},
    )  # fmt: skip

"""What is read out of a round's plan and written as files: its lines, its explanations, the folder that anyone can check.

Called by `evenhand.cli.looking`. The folder holds the very bytes that the board votes on.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from evenhand.cli.answer import Answer, Passage
from evenhand.cli.options import ActingUser, AsJson, Everything
from evenhand.cli.pages import make_listing
from evenhand.cli.readings import Column
from evenhand.cli.round_page import newest_plan
from evenhand.cli.screen import rows_that_fit
from evenhand.errors import NameUnknown, OptionRefused

Ref = Annotated[str, typer.Argument(metavar="ROUND", help="The round's ref, RD-...", show_default=False)]
Number = Annotated[
    int,
    typer.Option(
        "--proposal", metavar="N", help="The number of the plan; the one before members, or the newest, where not said.",
        show_default=False,
    ),
]  # fmt: skip
LINES = (
    Column("recipient", "recipient", "key"),
    Column("offer", "offer", "key"),
    Column("packs", "packs", "amount"),
    Column("base units", "base_units", "amount"),
)


class Given(NamedTuple):
    """One line of a plan."""

    recipient: str
    offer: str
    packs: int
    base_units: int


def round_lines(
    ref: Ref,
    proposal: Number = 0,
    recipient: Annotated[str, typer.Option(metavar="KEY", help="Only what this recipient gets.")] = "",
    acting_as: ActingUser = "",
    everything: Everything = False,
    as_json: AsJson = False,
) -> Answer:
    """Show who gets what in a round's plan."""
    found, plan = _plan(acting_as, ref, proposal)
    sizes = {lot.offer: lot.pack_size for lot in found.lots}
    rows = sorted(
        Given(to, offer, packs, packs * sizes.get(offer, 1)) for offer, to, packs in plan.lines if recipient in ("", to)
    )
    if recipient and recipient not in plan.explanations:
        raise NameUnknown("recipient of the plan", recipient, sorted(plan.explanations))
    limit = rows_that_fit(everything=everything, as_json=as_json)
    shown = rows if limit is None else rows[:limit]
    served = len({row.recipient for row in rows})
    sentence = f"Plan {plan.number} of {ref} ({plan.claim}): {len(rows):,} lines, {served:,} of {len(plan.explanations):,} served."
    return Answer(
        "round lines",
        sentence
        if rows
        else f"Plan {plan.number} of {ref} gives {recipient or 'nobody'} {'nothing' if recipient else 'anything'}.",
        result={"proposal": plan.number, "claim": plan.claim, "rows": len(rows)},
        listings=(
            make_listing(
                "lines", "", LINES, shown, more=len(rows) - len(shown), records=[one._asdict() for one in shown]
            ),
        ),
        closing=(f"Why a recipient gets what it gets: evenhand round explain {ref} KEY",),
    )


def round_explain(
    ref: Ref,
    recipients: Annotated[
        list[str],
        typer.Argument(metavar="RECIPIENT...", help="The keys of one or more recipients.", show_default=False),
    ],
    proposal: Number = 0,
    acting_as: ActingUser = "",
    as_json: AsJson = False,
) -> Answer:
    """Say in sentences why a recipient gets what it gets in a round's plan."""
    _, plan = _plan(acting_as, ref, proposal)
    unknown = next((key for key in recipients if key not in plan.explanations), None)
    if unknown is not None:
        raise NameUnknown("recipient of the plan", unknown, sorted(plan.explanations))
    texts = {key: str(plan.explanations[key]) for key in recipients}
    return Answer(
        "round explain",
        f"Plan {plan.number} of {ref}.",
        result={"proposal": plan.number, "explanations": texts},
        passages=[Passage("", text) for text in texts.values()],
    )


def round_plan(
    ref: Ref,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="A new folder to write the plan into.")],
    proposal: Number = 0,
    acting_as: ActingUser = "",
    as_json: AsJson = False,
) -> Answer:
    """Write a round's plan as a folder, byte for byte as it was voted on; `evenhand check` checks it."""
    from evenhand.cli.session import viewer_named
    from evenhand.lookups.rounds import read_plan
    from evenhand.rounds.plan_files import unpack_files, write_files

    number = _plan(acting_as, ref, proposal)[1].number
    files = unpack_files(read_plan(viewer_named(acting_as), ref, number))
    _refuse_full(out)
    try:
        write_files(files, out)
    except OSError as error:
        raise OptionRefused(f"{out} cannot be written: {error.strerror}; choose another folder") from error
    return Answer(
        "round plan",
        f"Plan {number} of {ref} is in {out}.",
        {"files": f"{len(files):,}"},
        {"folder": str(out), "proposal": number, "files": sorted(files)},
        closing=(f"Check it with: evenhand check {out}",),
    )


def evidence_file(
    ref: Annotated[str, typer.Argument(metavar="EVIDENCE", help="Its ref, EV-...", show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="A new file to write it into.")],
    acting_as: ActingUser = "",
    as_json: AsJson = False,
) -> Answer:
    """Write the file of a piece of evidence, byte for byte as it was attached."""
    from evenhand.cli.session import viewer_named
    from evenhand.lookups.evidence import read_file

    body = read_file(viewer_named(acting_as), ref)
    if not body:
        raise OptionRefused(f"{ref} has no file of its own; its source says where it can be found: evidence show {ref}")
    try:
        with out.open("xb") as file:
            file.write(body)
    except FileExistsError as error:
        raise OptionRefused(f"{out} exists; give a name that is free") from error
    except OSError as error:
        raise OptionRefused(f"{out} cannot be written: {error.strerror}; choose another place") from error
    return Answer(
        "evidence file",
        f"The file of {ref} is in {out}.",
        {"bytes": f"{len(body):,}"},
        {"file": str(out), "bytes": len(body)},
        closing=("It came from somebody else: open it with the care that you give to an attachment.",),
    )


def _plan(acting_as: str, ref: str, number: int) -> tuple[Any, Any]:
    from evenhand.cli.session import viewer_named
    from evenhand.lookups.rounds import get_round

    found = get_round(viewer_named(acting_as), ref)
    plan = newest_plan(found, number)
    if plan is None:
        if not found.proposals:
            raise OptionRefused(f"{ref} has no plan yet, or none that you may see; it is {found.state}")
        numbers = ", ".join(str(one.number) for one in found.proposals)
        raise OptionRefused(f"{ref} has no plan {number} that you may see; it has {numbers}")
    return found, plan


def _refuse_full(folder: Path) -> None:
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise OptionRefused(f"{folder} is not empty; name a new folder, so that nothing else comes into the plan")


FILES: dict[str, dict[str, Callable[..., Answer]]] = {
    "round": {"lines": round_lines, "explain": round_explain, "plan": round_plan},
    "evidence": {"file": evidence_file},
}
"""Group → word → a command of its own, beside the listings."""

"""`evenhand allocate`: needs and lots in, a checked plan out."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand.cli.answer import Answer, Heading, Listing
from evenhand.cli.options import AsJson, Everything, Seconds
from evenhand.cli.progress import progress
from evenhand.cli.screen import rows_that_fit

if TYPE_CHECKING:
    from evenhand.plan import Plan

RECIPIENTS = (
    Heading("recipient"),
    Heading("name"),
    Heading("target", "amount", narrow=False),
    Heading("held", "amount", narrow=False),
    Heading("received", "amount"),
    Heading("coverage_before", "share", narrow=False),
    Heading("coverage", "bar"),
    Heading("coverage_after", "share", short="reaches"),
    Heading("level", "number", narrow=False),
    Heading("waterline", narrow=False),
    Heading("limited_by"),
)
LOTS = (
    Heading("lot"),
    Heading("packs", "amount"),
    Heading("given", "amount"),
    Heading("left", "amount"),
    Heading("waterline"),
)


def allocate(
    needs: Annotated[Path, typer.Argument(metavar="NEEDS", help="The table of needs: CSV, TSV, XLSX or Parquet.")],
    lots: Annotated[Path, typer.Argument(metavar="LOTS", help="The table of lots.")],
    groups: Annotated[
        Path | None, typer.Option(metavar="TABLE", help="The table of groups that earmarks name.")
    ] = None,
    rule: Annotated[
        str,
        typer.Option(
            metavar="RULE", help="What counts as equal: equal-coverage, need-weighted, tiers, floor-then-weighted."
        ),
    ] = "equal-coverage",
    floor: Annotated[
        str,
        typer.Option(metavar="SHARE", help="The share of its target everybody reaches first (floor-then-weighted)."),
    ] = "0.2",
    date: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The round's date, from which shelf life counts.", show_default="today"),
    ] = None,
    max_lots: Annotated[
        int | None, typer.Option(metavar="N", help="The most lots one recipient may get.", show_default="no limit")
    ] = None,
    divisible: Annotated[bool, typer.Option("--divisible", help="Packs may be split: money, grain, power.")] = False,
    seconds: Seconds = 2.0,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="The folder to write the plan into.")
    ] = Path("plan"),
    everything: Everything = False,
    as_json: AsJson = False,
) -> Answer:
    """Share out lots among recipients, prove it, and write the plan.

    The worst-served recipient is made as well off as possible, then the next, and so on. The plan is checked before it
    is written. `evenhand columns needs` (or lots, groups) lists what the tables hold.
    """
    from evenhand.plan import allocate as make_plan

    with progress(quiet=as_json) as report:
        plan = make_plan(
            needs,
            lots,
            groups,
            rule=rule,
            floor=floor,
            date=date,
            max_lots=max_lots,
            divisible=divisible,
            seconds=seconds,
            progress=report,
        )
        plan.write(out)
    return describe(plan, out, rows_that_fit(everything=everything, as_json=as_json))


def describe(plan: Plan, folder: Path, limit: int | None) -> Answer:
    """Return what to say about a fresh plan: claim, measures, the worst-served recipients, the lots."""
    from evenhand.fairness.measures import MEASURES

    claim, bound = plan.certificate["claim"], plan.certificate["bound"]
    result = {
        "folder": str(folder),
        "rule": plan.certificate["rule"],
        "claim": claim,
        "recipients_served": _served(plan),
        "measures": [
            {"measure": one.title, "value": getattr(plan.measures, one.name), "better": one.better} for one in MEASURES
        ],
        "bound": bound and {key: bound[key] for key in ("lowest_level", "gap", "closed")},
    }
    return Answer(
        "allocate",
        f"The plan is in {folder}: {claim}.",
        _facts(plan),
        result,
        listings=(_recipients(plan, limit), _lots(plan, limit)),
        closing=(f"Check it with: evenhand check {folder}",),
        notes=plan.notes,
    )


def _served(plan: Plan) -> int:
    return plan.recipients.filter(plan.recipients["received"] > 0).height


def _facts(plan: Plan) -> dict[str, str]:
    """Return the plan in a few lines for people."""
    even, bound = plan.measures, plan.certificate["bound"]
    facts = {
        "rule": plan.certificate["rule"],
        "recipients served": f"{_served(plan):,} of {plan.recipients.height:,}",
        "lowest level": f"{even.lowest_level:.6f}",
        "share of target met": f"{even.share_of_target_met:.6f}",
        "spread": f"Gini {even.gini:.4f}, Theil {even.theil:.4f}, Hoover {even.hoover:.4f} (0 is even), "
        f"Jain {even.jain:.4f} (1 is even)",
    }
    if bound and bound["lowest_level"] is not None:
        # A ceiling must not be rounded down.
        ceiling = math.ceil(Fraction(bound["lowest_level"]) * 10**6) / 10**6
        facts["ceiling"] = f"{ceiling:.6f} (no plan can bring the lowest level above it)"
    if bound and bound["closed"]:
        closed, what = bound["closed"], "level" if bound["closed"]["levels"] == 1 else "levels"
        facts["closed"] = f"the lowest {closed['levels']:,} {what} cannot be raised (says {closed['solver']})"
    return facts


def _lots(plan: Plan, limit: int | None) -> Listing:
    lots = plan.lots.select([head.name for head in LOTS])
    shown = lots.head(lots.height if limit is None else limit // 2)
    return Listing("lots", "Lots", LOTS, tuple(shown.rows()), more=lots.height - shown.height)


def _recipients(plan: Plan, limit: int | None) -> Listing:
    rows = plan.recipients.sort("level", "recipient")
    shown = rows.head(rows.height if limit is None else limit)
    return Listing(
        "recipients",
        "Recipients, the lowest level first",
        RECIPIENTS,
        tuple(
            tuple(
                (row["coverage_before"], row["coverage_after"]) if head.kind == "bar" else row[head.name]
                for head in RECIPIENTS
            )
            for row in shown.iter_rows(named=True)
        ),
        more=rows.height - shown.height,
    )

"""The plan as a table: who receives what, from where it stood to where it stands, and what stopped it."""

from __future__ import annotations

import math

from evenhand.figures.axis import level_words
from evenhand.figures.bars import LEVEL_SIGN, coverage_bar
from evenhand.figures.chapter import Setting, chapter, named
from evenhand.figures.layers import find_order
from evenhand.figures.markup import Child, Markup, join, tag
from evenhand.figures.standing import (
    Group,
    Kind,
    held_by_line,
    nearest_line,
    own_line_of,
    sample,
    share_out,
    stands_on_line,
)
from evenhand.figures.story import PlanStory, RecipientStory, donor_of
from evenhand.figures.tables import Head, cell, group, number, table
from evenhand.figures.words import amount, count, cut, isolate, listed, percent, short


def write_plan(story: PlanStory, setting: Setting) -> Markup:
    """Write the plan's table, its rows grouped by what stopped them; with many recipients, an even sample of each group."""
    groups = setting.standing.groups
    shares = share_out([len(one.rows) for one in groups], setting.rows, least=8)
    chosen = [sample(one.rows, room) for one, room in zip(groups, shares, strict=True)]
    scale = _scale(story)
    main = setting.standing.main
    line = main.level if main is not None and story.rule == "equal-coverage" else None
    by_level = story.rule != "equal-coverage"
    heads = [
        Head("Recipient"),
        Head("Receives", number=True, small=cut(story.unit, 24)),
        Head("Before", number=True, small="% of target"),
        Head("Held, received", small=f"bars run to {scale:.0%}"),
        Head("After", number=True, small="% of target"),
        *([Head("Level", number=True)] if by_level else []),
        Head("Stopped by"),
        Head("From"),
        Head("Target", number=True),
    ]
    order = find_order(story)
    donors = {lot.lot: donor_of(lot) for lot in story.lots}
    bodies = []
    for one, rows in zip(groups, chosen, strict=True):
        under = "" if len(rows) == len(one.rows) else f"{len(rows)} of {len(one.rows):,} shown, evenly chosen."
        written = [group(_title(story, setting, one), under, len(heads))]
        for row in rows:
            names = list(dict.fromkeys(donors[g.lot] for g in sorted(row.gifts, key=lambda g: order.get(g.lot, 0))))
            written.append(
                _row(story, row, scale, _line_of(row, one, setting) if line is not None else None, names, kind=one.kind)
            )
        bodies.append(written)
    bodies.append([_total(story, by_level=by_level)])
    shown = sum(len(rows) for rows in chosen)
    whole = (
        ""
        if shown == len(story.recipients)
        else f" {shown} of {len(story.recipients):,} recipients are shown; all of them stand in recipients.csv."
    )
    under = f"{cut(story.unit, 24).capitalize()}, and shares in percent of each one's own target.{whole}"
    if line is not None:
        under += " The upright mark in the bars is the waterline."
    inner = table("plan-c", "Who receives what, and what stopped it", under, tuple(heads), bodies)
    return chapter("plan", "The plan", inner)


def _scale(story: PlanStory) -> float:
    served = [row.coverage_after for row in story.recipients if row.received > 0]
    highest = max(served or [row.coverage_after for row in story.recipients], default=1.0)
    for end in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75):
        if highest <= end * 0.9:
            return end
    return 1.0


def _title(story: PlanStory, setting: Setting, one: Group) -> str:
    many = count(len(one.rows), "recipient")
    if one.kind == "line":
        if one.line is None:
            return f"On other lines: {many}"
        at = f" at {level_words(story, one.line.level)}"
        return f"On the waterline{at}: {many}"
    if one.kind == "above":
        return f"Already above the line: {many}" if setting.standing.main else f"Not served: {many}"
    words = {"lower": "Held lower", "filled": "Took all they can", "none": "No lot is open to them"}
    return f"{words[one.kind]}: {many}"


def _line_of(row: RecipientStory, one: Group, setting: Setting) -> float | None:
    """Return the line to mark in a row's bar: the group's, else the one nearest to the recipient's own."""
    if one.kind != "line":
        return own_line_of(row, setting.standing)
    found = one.line or nearest_line(row, setting.standing.lines)
    return found.level if found else None


def _row(
    story: PlanStory, row: RecipientStory, scale: float, line: float | None, names: list[str], *, kind: Kind
) -> Markup:
    return tag(
        "tr",
        tag("th", named(row.name), scope="row"),
        number(tag("b", amount(row.received)) if row.received > 0 else "0"),
        number(percent(row.coverage_before, unit="")),
        cell(coverage_bar(row, scale, line), cls="chart"),
        number(percent(row.coverage_after, unit="")),
        number(level_words(story, row.level)) if story.rule != "equal-coverage" else None,
        cell(_stopped(row, kind), cls="why"),
        cell(_from(names), cls="why"),
        number(amount(row.target)),
    )


def _from(names: list[str]) -> Markup:
    return join(listed([isolate(cut(name, 40)) for name in names], most=2)) if names else join("nobody")


def _stopped(row: RecipientStory, kind: Kind) -> Child:
    if kind == "above" and stands_on_line(row):
        return "stands above the line"
    if kind == "line" and not held_by_line(row):
        # Lots on a higher line are closed to it; among those open to it, the line is what counts.
        return join(LEVEL_SIGN, " waterline; higher lots: ", cut(row.limited_by, 80))
    if kind == "lower" and held_by_line(row):
        return tag("span", "no shipment left fits", cls="tag low")
    return stopped_by(row, low=kind == "lower")


def stopped_by(row: RecipientStory, *, low: bool = True) -> Markup:
    """Say what keeps a recipient from more: the line, or the kind of limit in front of its words."""
    if held_by_line(row):
        return join(LEVEL_SIGN, " waterline")
    kind, _, rest = row.limited_by.partition(":")
    return join(tag("span", cut(kind, 60), cls="tag low" if low else "tag"), " ", cut(rest.strip(), 140))


def _total(story: PlanStory, *, by_level: bool) -> Markup:
    target = math.fsum(row.target for row in story.recipients)
    held = math.fsum(row.held for row in story.recipients)
    return tag(
        "tr",
        tag("th", f"All {len(story.recipients):,}", scope="row"),
        number(short(story.given)),
        number(percent(held / target, unit="") if target else ""),
        cell(),
        number(percent((held + story.given) / target, unit="") if target else ""),
        cell() if by_level else None,
        cell(),
        cell(count(len(story.lots), "lot")),
        number(short(target)),
        cls="total",
    )

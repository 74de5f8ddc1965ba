"""The opening chapters of a report: the round in a sentence, the rule in words, the record, and three pictures."""

from __future__ import annotations

from collections import Counter

from evenhand.fairness.rules import RULES
from evenhand.figures.axis import axis_words, level_words
from evenhand.figures.bars import key
from evenhand.figures.chapter import Setting, chapter
from evenhand.figures.marks import reason_of
from evenhand.figures.markup import Child, Markup, join, tag
from evenhand.figures.shares import class_names, count_classes, draw_shares
from evenhand.figures.standing import Standing
from evenhand.figures.story import PlanStory, amount_words
from evenhand.figures.tables import Head, frame, number, table
from evenhand.figures.to_scale import draw_to_scale, find_totals
from evenhand.figures.waterline import draw_waterline
from evenhand.figures.words import amount, count, cut, day, listed, percent, short

RULE_STORIES = {
    "equal-coverage": (
        "Everybody should reach the same share of its own target. So each pack goes to whoever stands lowest at that "
        "moment, among those that may have it, can keep it and can use it in time."
    ),
    "need-weighted": (
        "Everybody should reach the same level, which is the share of its own target divided by its weight: where the "
        "weight (the risk) is twice as high, the share met should be twice as high. Each pack goes to whoever stands lowest "
        "on that scale, among those that may have it, can keep it and can use it in time."
    ),
    "tiers": (
        "Each one's target is divided into groups, first served first. Nobody's second group is served before everybody's "
        "first; within a group all should reach the same share. Each pack goes to whoever stands lowest, among those "
        "that may have it, can keep it and can use it in time."
    ),
    "floor-then-weighted": (
        "Everybody should first reach the same floor, {floor} of its own target. Beyond the floor those with a higher weight "
        "(risk) rise faster in proportion. Each pack goes to whoever stands lowest on that scale, among those that may have "
        "it, can keep it and can use it in time."
    ),
}
NOTHING_LEFT = "Nothing is left over while anybody who could use it stands lower."
PROVED = "proved best: under this rule no other way of sharing out these lots is fairer"
BOUNDED = "bounded: no single pack can be moved to somebody who stands lower, and the lowest level is at most the bound"

PROMISE = {
    "proved best": "Under this rule no fairer plan exists, and anybody can check that.",
    "bounded": "How near this comes to the best that is possible stands at the end.",
}

THINK = (
    "Think of everybody as a column that stands on what it already holds. The lots are poured in and find their level. A "
    "lid marks those that could take no more."
)
DRY = "room under the line that a limit left dry"


def headline(story: PlanStory, standing: Standing) -> str:
    """Tell the round in one or two sentences, with its numbers.

    Examples
    --------
    >>> from evenhand.figures.standing import find_standing
    >>> story = PlanStory("An empty round", "tiers", "proved best")
    >>> headline(story, find_standing(story))
    'Nothing was given in this round.'
    """
    served = [row for row in story.recipients if row.received > 0]
    if not served:
        return "Nothing was given in this round."
    givers = {lot.donor for lot in story.lots if lot.given > 0 and lot.donor}
    who = count(len(givers), "donor") if givers else count(len([lot for lot in story.lots if lot.given > 0]), "lot")
    verb = "gives" if who.startswith("1 ") else "give"
    said = f"{who} {verb} {amount_words(story, story.given)} to {count(len(served), 'recipient')}."
    parts = []
    on_line = [group for group in standing.groups if group.kind == "line"]
    level = sum(len(group.rows) for group in on_line)
    if level and len(standing.lines) == 1 and on_line[0].line is not None:
        at = level_words(story, on_line[0].line.level)
        meaning = {"equal-coverage": " of what they need"}.get(story.rule, " under the rule")
        parts.append(f"{level:,} {'ends' if level == 1 else 'end'} level, at {at}{meaning}")
    elif level:
        most = max(on_line, key=lambda group: (group.line is not None, len(group.rows)))
        need = " of what they need" if story.rule == "equal-coverage" else ""
        which = f", {len(most.rows):,} of them at {level_words(story, most.line.level)}{need}" if most.line else ""
        parts.append(f"{level:,} end level, on {count(len(standing.lines), 'line')}{which}")
    if lower := len(standing.of("lower")):
        theirs = "under a limit of its own" if lower == 1 else "each under a limit of its own"
        parts.append(f"{lower:,} {'ends' if lower == 1 else 'end'} lower, {theirs}")
    if filled := len(standing.of("filled")):
        parts.append(f"{filled:,} took all {'it' if filled == 1 else 'they'} can")
    if above := len(standing.of("above")):
        stood = "already stood higher and" if standing.main else ""
        parts.append(f"{above:,} {stood} {'gets' if above == 1 else 'get'} nothing this time".replace("  ", " "))
    return f"{said} {'; '.join(parts)}." if parts else said


def write_opening(story: PlanStory, setting: Setting) -> Markup:
    """Write the title, the round in words, and the margin for auditors."""
    words = RULE_STORIES[story.rule].format(floor=percent(float(story.floor)) if story.floor is not None else "a share")
    told = tag(
        "div",
        tag("p", headline(story, setting.standing), " ", PROMISE[story.claim], cls="lead"),
        tag("h2", "The rule, in words", cls="rule-words"),
        tag("p", words, " ", NOTHING_LEFT if not any(lot.left > 0 for lot in story.lots) else _left(story)),
    )
    lines = (join(tag("dt", term), tag("dd", said)) for term, said in _record(story, setting.standing))
    margin = tag("aside", tag("h2", "For the record"), tag("dl", lines), cls="record", aria_label="For the record")
    return tag("div", tag("h1", cut(story.title, 160)), tag("div", told, margin, cls="story"), cls="wrap", id="round")


def _left(story: PlanStory) -> str:
    lots = [lot.lot for lot in story.lots if lot.left > 0]
    return f"Some of {listed(lots, most=3)} is left over, because nobody who may have it can take more."


def _record(story: PlanStory, standing: Standing) -> list[tuple[str, Child]]:
    rule = RULES[story.rule]
    lines: list[tuple[str, Child]] = [
        ("Rule", join(tag("code", story.rule), f": level = {rule.formula}; y is held and received, t the target")),
    ]
    if story.floor is not None and story.rule == "floor-then-weighted":
        lines.append(("Floor", f"f = {percent(float(story.floor))} of target"))
    if story.tiers and story.rule == "tiers":
        lines.append(("Tiers", "; ".join(f"{place}: {cut(name, 60)}" for place, name in enumerate(story.tiers, 1))))
    lines.append(("Source", rule.source))
    if story.date:
        lines.append(("Date", day(story.date)))
    served = sum(row.received > 0 for row in story.recipients)
    if story.unit == "people":
        lines.append(("People", "units given, divided by the units that one person takes"))
    lines.append(("Recipients", f"{len(story.recipients):,}; {served:,} receive something"))
    dates = sorted({lot.expires for lot in story.lots if lot.expires})
    expiry = "" if not dates else f"; expire {day(dates[0])}" + (f" to {day(dates[-1])}" if len(dates) > 1 else "")
    lines.append(("Lots", f"{len(story.lots):,}{expiry}"))
    lines.append(("Who may", _who_may(story)))
    required = sorted({lot.requires for lot in story.lots if lot.requires})
    if required:
        lines.append(("Must handle", listed([cut(words, 40) for words in required], most=4)))
    limits = Counter(reason_of(row.limited_by) for row in standing.of("lower"))
    if limits:
        ranked = sorted(limits, key=lambda reason: (-limits[reason], reason))
        lines.append(("Limits", listed([f"{cut(reason, 40)} ({limits[reason]:,})" for reason in ranked], most=4)))
    lines.append(("Claim", PROVED if story.proved else BOUNDED))
    lines.extend((cut(term, 30), cut(said, 300)) for term, said in story.record)
    return lines


def _who_may(story: PlanStory) -> str:
    earmarks = sorted({lot.may_go_to for lot in story.lots if lot.may_go_to})
    if not earmarks:
        return "every lot: everybody"
    if len(earmarks) <= 3:
        return "; ".join(cut(words, 80) for words in earmarks)
    marked = sum(bool(lot.may_go_to) for lot in story.lots)
    free = len(story.lots) - marked
    rest = f", {free:,} may go to everybody" if free else ""
    return f"{count(marked, 'lot')} earmarked in {len(earmarks):,} ways (see the lots){rest}"


def write_waterline(story: PlanStory, setting: Setting) -> Markup:
    """Write the signature picture with its numbered sentences."""
    drawn = draw_waterline(story, direction=setting.direction)
    callouts = tag("ol", (tag("li", tag("b", mark.title), mark.sentence) for mark in drawn.marks), cls="callouts")
    reading = (
        "Height is the level under the rule: "
        + axis_words(story.rule)
        + ". Every column is equally wide, because everybody "
        "counts alike. The shape at the start is the basin: all the water of the round in one vessel, the area of each part "
        "being what that donor gave. Lines of paper inside a column divide lots."
    )
    if story.rule == "tiers":
        reading += " The shelf marked tier 1 is reached when the first group is served in full, and so on."
    if story.tiers and story.rule == "tiers":
        reading += " " + "; ".join(f"Tier {place}: {cut(name, 60)}" for place, name in enumerate(story.tiers, 1)) + "."
    if drawn.target:
        reading += f" {drawn.target}"
    return chapter(
        "waterline",
        "The waterline",
        tag("p", THINK),
        tag(
            "figure",
            frame(drawn.picture, "Waterline picture, scrolls sideways on small screens"),
            key(("f-ground", "already held"), ("f-mid", "given in this round"), ("f-none", DRY)),
            callouts,
            tag("figcaption", tag("b", "How to read it."), " ", reading, " The plan table holds every value."),
        ),
    )


def write_scale(story: PlanStory, setting: Setting) -> Markup:
    """Write the round drawn to scale."""
    sums = find_totals(story.recipients)
    entries = key(
        ("f-ground", f"already held: {short(sums.held)}"),
        ("f-water", f"this round: {short(sums.given)}"),
        ("f-none", f"still missing: {short(sums.missing)}"),
    )
    many = count(len(story.recipients), "recipient")
    return chapter(
        "scale",
        "The same round, drawn to scale",
        tag("p", f"Here everybody is as wide as its target, so area means {story.unit}. The round is the blue layer."),
        tag(
            "figure",
            frame(
                draw_to_scale(story, direction=setting.direction),
                "The round to scale, scrolls sideways on small screens",
            ),
            entries,
            tag("figcaption", f"{many}, lowest coverage first; what anybody holds beyond its target is not drawn."),
        ),
        band=True,
    )


def write_shares(story: PlanStory, setting: Setting) -> Markup:
    """Write how many had which share of their target, before and after."""
    before = count_classes([row.coverage_before for row in story.recipients])
    after = count_classes([row.coverage_after for row in story.recipients])
    rows = [
        tag("tr", tag("th", name, scope="row"), number(amount(was)), number(amount(now)))
        for name, was, now in zip(class_names(), before, after, strict=True)
    ]
    heads = (Head("Share of target met"), Head("Recipients before", number=True), Head("Recipients after", number=True))
    inner = table("shares-c", "Share of target met", "Number of recipients.", heads, [rows], big=False)
    return chapter(
        "shares",
        "Before and after",
        tag("p", "How many had which share of their target, before the round and after it."),
        tag(
            "figure",
            frame(
                draw_shares(story, direction=setting.direction), "Before and after, scrolls sideways on small screens"
            ),
            key(*((f"m{place}", name) for place, name in enumerate(class_names(), 1))),
        ),
        tag("details", tag("summary", "The same as a table"), inner),
    )

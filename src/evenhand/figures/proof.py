"""Why some recipients get what they get, the measures, what was checked, and how anybody checks it again.

The word "proof" stands here only for plans that are proved best; for bounded plans it is kept for the bound.
"""

from __future__ import annotations

from evenhand.figures.axis import level_words
from evenhand.figures.chapter import Setting, chapter, named
from evenhand.figures.markup import Markup, join, tag
from evenhand.figures.one import draw_one
from evenhand.figures.story import BoundStory, PlanStory
from evenhand.figures.tables import Head, cell, number, table
from evenhand.figures.words import count, cut

MOST_EXPLAINED = 6
MOST_LEVELS = 12
MOST_NOTES = 20
MOST_FILES = 40
COMMANDS = (
    ("evenhand check plan/", "checks every condition with exact arithmetic and no solver"),
    (
        "evenhand check --standalone > check.py\npython check.py plan/",
        "the same in one file, with bare Python and nothing else",
    ),
    ("evenhand check plan/ --xlsx check.xlsx", "a spreadsheet whose formulas check it again"),
)


def write_explanations(story: PlanStory, setting: Setting) -> Markup | None:
    """Write why a few recipients get what they get, each with its column."""
    rows = {row.recipient: row for row in story.recipients}
    told = [one for one in story.explanations if one.recipient in rows][:MOST_EXPLAINED]
    if not told:
        return None
    panels = []
    for place, one in enumerate(told):
        row = rows[one.recipient]
        picture = draw_one(story, row, setting.standing.main, direction=setting.direction, ident=f"one-{place}")
        sentences = (tag("li", tag("b", cut(title, 80)), " ", cut(text, 1200)) for title, text in one.sentences[:12])
        panels.append(
            tag(
                "div",
                tag("h3", "Why does ", named(row.name, 60), " get this?"),
                tag("div", tag("div", picture), tag("ol", sentences), cls="explain"),
                cls="panel",
            )
        )
    known = tag("p", "Every recipient can be explained so: ", tag("code", "evenhand explain plan/ KEY"), ".", cls="cap")
    return chapter("why", "Why this number?", *panels, known)


def write_measures(story: PlanStory) -> Markup | None:
    """Write the measures before and after, each with its meaning and source."""
    if not story.measures:
        return None
    heads = (
        Head("Measure"),
        Head("Before", number=True),
        Head("After", number=True),
        Head("What it means"),
        Head("Source"),
    )
    rows = [
        tag(
            "tr",
            tag("th", cut(one.name, 60), scope="row"),
            number(one.before),
            number(tag("b", one.after)),
            cell(cut(one.meaning, 240)),
            cell(cut(one.source, 160), cls="soft"),
        )
        for one in story.measures
    ]
    under = "One number never tells a whole plan; these say how equal the shares are, before the round and after it."
    return chapter("measures", "Measures", table("measures-c", "Before and after", under, heads, [rows]), band=True)


def write_proof(story: PlanStory, setting: Setting) -> Markup:
    """Write what was checked, condition by condition, and how to check it again."""
    if story.proved:
        title = "The proof"
        opening = (
            "The plan comes with a waterline for every lot: the level at which it stopped. With these, a few comparisons settle "
            "that no fairer plan exists under this rule. The checker shares no code with the maker."
        )
    else:
        title = "What was checked"
        opening = (
            "Packs here differ in worth, or shipments have a smallest size or a largest number. Then nobody can promise in "
            "reasonable time that a plan is the very best. What can be said is said here, and no more: the plan "
            "obeys every limit, no single pack can be moved to help somebody lower, and it is this near to a bound that no plan "
            "can pass."
        )
    checks = (
        tag(
            "li",
            tag("span", tag("span", "✓ holds" if one.holds else "✗ broken", cls="tag ok" if one.holds else "tag bad")),
            tag("span", tag("b", cut(one.sentence, 240)), tag("br"), tag("span", cut(one.record, 240), cls="soft")),
        )
        for one in story.checks
    )
    commands = (
        join(tag("pre", f"$ {command}".replace("\n", "\n$ ")), tag("p", cut(what, 200), cls="small soft"))
        for command, what in (story.commands or COMMANDS)
    )
    found = tag(
        "div",
        tag("ul", checks, cls="checks", aria_label="Conditions checked") if story.checks else None,
        tag("p", tag("b", "Verdict: "), cut(story.verdict, 300), cls="small") if story.verdict else None,
        write_bound(story, story.bound) if story.bound else None,
    )
    again = tag("div", tag("h3", "How to check it yourself"), commands, tag("p", _hint(setting), cls="small"))
    return chapter("proof", title, tag("p", opening), tag("div", found, again, cls="two"), _files(story), _notes(story))


def write_bound(story: PlanStory, bound: BoundStory) -> Markup:
    """Write the bound: a level that no plan can pass, and the plan's levels beside it."""
    lowest, reached = level_words(story, bound.lowest_level), level_words(story, bound.plan_lowest)
    said = (
        f"The lowest level of this plan is {reached}. It is proved that no plan can lift it above {lowest}: that is the level "
        "reached if packs could be split, and it has a certificate of its own."
    )
    if bound.levels_closed:
        said += (
            f" A solver reports that the lowest {count(bound.levels_closed, 'level')} cannot be raised at all; that is its "
            "word, and no part of the check."
        )
    heads = (
        Head("From the lowest", number=True),
        Head("This plan", number=True),
        Head("If packs could be split", number=True),
    )
    rows = [
        tag(
            "tr",
            tag("th", f"{rank:,}", scope="row", cls="n"),
            number(level_words(story, level)),
            number(level_words(story, best)),
        )
        for rank, level, best in bound.levels[:MOST_LEVELS]
    ]
    more = f"The first {len(rows)}; more in levels.csv." if len(bound.levels) > len(rows) else ""
    inner = table("bound-c", "Levels side by side", more, heads, [rows], big=False) if rows else None
    return join(tag("h3", "The bound"), tag("p", said), inner)


def _hint(setting: Setting) -> Markup:
    """Name a change that a reader can try, and that breaks the plan."""
    on_line = [row for group in setting.standing.groups if group.kind == "line" for row in group.rows if row.gifts]
    above = setting.standing.of("above")
    if not on_line or not above:
        return join("Any change to any line of the plan breaks the check.")
    return join(
        "Any change to any line of the plan breaks the check. Try: move one pack from ",
        named(on_line[0].name, 60),
        " to ",
        named(above[-1].name, 60),
        ".",
    )


def _files(story: PlanStory) -> Markup | None:
    if not story.files:
        return None
    rows = [
        tag("tr", tag("th", tag("code", cut(name, 80)), scope="row"), cell(cut(digest, 80), cls="hash"))
        for name, digest in story.files[:MOST_FILES]
    ]
    heads = (Head("File"), Head("SHA-256"))
    return table("files-c", "Files and their hashes", "Same inputs, same bytes.", heads, [rows], big=False)


def _notes(story: PlanStory) -> Markup | None:
    if not story.notes:
        return None
    shown = [tag("li", cut(note, 400)) for note in story.notes[:MOST_NOTES]]
    if len(story.notes) > MOST_NOTES:
        shown.append(tag("li", f"and {len(story.notes) - MOST_NOTES:,} more"))
    return join(tag("h3", "Notes"), tag("ul", shown, cls="small"))

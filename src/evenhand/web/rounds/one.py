"""One round, for a journalist and an auditor at once: the rule, the picture, the plan, the proof, what members said, what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evenhand.errors import OptionRefused
from evenhand.fairness.measures import MEASURES as MEASURED
from evenhand.fairness.rules import RULES as SOURCES
from evenhand.figures.story import PlanStory
from evenhand.figures.to_scale import draw_to_scale, find_totals
from evenhand.figures.waterline import Waterline, draw_waterline
from evenhand.lookups.reach import today
from evenhand.lookups.round_inputs import get_frozen, read_chosen
from evenhand.lookups.round_stories import RoundStory, get_story
from evenhand.web.frame.pages import public_page, show, viewer_of, wanted
from evenhand.web.frame.tables import Column, Table
from evenhand.web.rounds import columns as columns_of
from evenhand.web.rounds import plan_rows
from evenhand.web.rounds.naming import plain_name
from evenhand.web.rounds.steps import tell_decision, tell_stages, tell_votes, tell_work
from evenhand.web.rounds.told import Told, in_names, made, try_tell, waterline_of
from evenhand.web.rounds.words import LEVELS, MEASURES, RULES, level, measure, tell_checks, tell_lead, unit_of

TABLES: Final = ("plan", "lots", "lines", "objections", "votes", "measures")
RTL: Final = ("ar",)
MOST_OBJECTIONS_IN_FULL: Final = 50


@public_page
def one_round(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one round; as data, its plan, or the table that the address names."""
    viewer = viewer_of(request)
    story = get_story(viewer, ref, number_asked(request))
    told, damaged = try_tell(story.folder) if story.shown is not None else (None, "")
    if wanted(request) != "html":
        return show(request, "rounds/round.html", table=data_table(request, story, told))
    context: dict[str, Any] = {
        "round": story, "told": told, "damaged": damaged, "rule": RULES[story.rule], "rule_level": LEVELS[story.rule],
        "source": SOURCES[story.rule].source, "votes_said": tell_votes(story) if story.shown is not None else "",
    }  # fmt: skip
    context["short"] = tell_decision(story)
    context["stages"], context["stage"] = tell_stages(story)
    recipients: frozenset[str] = frozenset()
    if told is not None:
        recipients = frozenset(row.recipient for row in told.story.recipients)
        context |= tell_plan_context(story, told)
    elif story.shown is None:
        context["needs"], context["lots_chosen"] = read_chosen(viewer, ref)
        recipients = frozenset(one.party for one in context["needs"])
        context["frozen"] = [] if story.state == "open" else sorted(get_frozen(viewer, ref).tables)
    context["work"] = tell_work(viewer, story, recipients, today())
    context["overrides"] = [one for one in story.plans if one.override]
    return show(request, "rounds/round.html", context)


def number_asked(request: HttpRequest) -> int:
    """Return the number of the plan that an address asks for; 0 where it asks for none. Raises OptionRefused."""
    text = request.GET.get("proposal", "").strip()
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise OptionRefused(f"'{text[:40]}' is no number of a plan; write 1, 2 or another whole number")
    return int(text)


def tell_in_language(story: RoundStory, told: Told) -> PlanStory:
    """Return a plan's story with names and units in the reader's language."""
    unit = unit_of(story.resource_kind, story.base_unit, story.per_person)
    return replace(in_names(told.story, plain_name, unit), title=story.title)


def draw(what: str, story: PlanStory, told: Told) -> Any:
    """Return a picture of a plan in the reader's language and direction, drawn before or now."""
    language = get_language() or "en"
    direction: Any = "rtl" if language in RTL else "ltr"
    names = hash((story.unit, *(row.name for row in story.recipients), *(lot.donor for lot in story.lots)))
    key = ("picture", what, told.sha256, language, names)
    if what == "waterline":
        return made(
            key, lambda: draw_waterline(story, direction=direction, ident="wl"), lambda one: 2 * len(one.picture)
        )
    return made(key, lambda: draw_to_scale(story, direction=direction), lambda one: 2 * len(one))


def tell_plan_context(story: RoundStory, told: Told) -> dict[str, Any]:
    """Return what the page needs of a plan."""
    plan = tell_in_language(story, told)
    override = bool(story.shown and story.shown.override)
    people = story.per_person != "1" or story.base_unit == "person"
    drawn: Waterline = draw("waterline", plan, told)
    context: dict[str, Any] = {
        "plan": plan, "round_number": str(story.shown.number) if story.shown else "", "proved": told.verdict.holds and told.verdict.claim == "proved best", "people": people,
        "lead": tell_lead(plan, told.standing, people), "picture": mark_safe(str(drawn.picture)),  # noqa: S308 -- escaped there
        "marks": drawn.marks, "target_words": drawn.target, "scale": mark_safe(str(draw("scale", plan, told))),  # noqa: S308
        "line": waterline_of(told), "line_words": level(story.rule, told.standing.main.level) if told.standing.main else "",
        "checks": tell_checks(told), "files": files_of(story, told), "measures": list_measures(story, told),
        "givers": plan_rows.list_givers(plan), "lots": plan_rows.lot_rows(plan),
        "served": sum(row.received > 0 for row in plan.recipients), "given": plan.given,
        "expires": sorted({lot.expires for lot in plan.lots if lot.expires}),
        "requires": sorted({part for lot in plan.lots for part in lot.requires.split(", ") if part}),
        "left": [lot.lot for lot in plan.lots if lot.left > 0], "bar_end": plan_rows.scale_of(plan), "stood": standing_sums(plan),
        "since": list_since(story),
    }  # fmt: skip
    if override:
        context["changed"] = [
            row for row in plan_rows.override_rows(told, plan, story.lines) if abs(row.difference or 0.0) > 1e-9
        ]
    else:
        context["groups"] = made(
            ("rows", told.sha256, get_language(), hash(tuple(row.name for row in plan.recipients))),
            lambda: plan_rows.group_rows(plan, told.standing), lambda _: 300_000,
        )  # fmt: skip
        shown = sum(len(group.rows) for group in context["groups"])
        context["sampled"] = shown < len(plan.recipients)
    return context


def standing_sums(plan: PlanStory) -> Mapping[str, float]:
    """Return what all recipients together need and held; what one has beyond its target is nobody else’s."""
    sums = find_totals(plan.recipients)
    target = sum(row.target for row in plan.recipients)
    return {
        "target": target, "held": sums.held, "missing": sums.missing, "before": sums.held / target if target else 0.0,
        "after": (target - sums.missing) / target if target else 0.0,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileRow:
    """Hold one file of the plan's folder: its name, address, bytes and SHA-256."""

    name: str
    address: str
    size: int
    sha256: str


def files_of(story: RoundStory, told: Told) -> list[FileRow]:
    """Return the files of a plan, each with its address."""
    query = f"?proposal={story.shown.number}" if story.shown else ""
    return [
        FileRow(name, reverse("round-file", args=[story.ref, name]) + query, size, sha256)
        for name, size, sha256 in told.hashes
    ]


def list_measures(story: RoundStory, told: Told) -> list[dict[str, Any]]:
    """Return the measures before and after the plan; of an override, also after it."""
    before, after = told.plan.measures_before, told.plan.measures
    cost = {}
    if story.shown is not None and story.shown.override:
        cost = {one.name: story.shown.measures.get(one.name) for one in MEASURED}
    return [
        {
            "name": one.name, "title": MEASURES[one.name][0], "meaning": MEASURES[one.name][1], "source": one.source,
            "before": measure(one.name, getattr(before, one.name), story.rule),
            "after": measure(one.name, getattr(after, one.name), story.rule),
            "override": measure(one.name, cost.get(one.name), story.rule) if cost else "", "better": one.better,
            "raw": (getattr(before, one.name), getattr(after, one.name)),
        }
        for one in MEASURED
    ]  # fmt: skip


def list_since(story: RoundStory) -> list[tuple[str, int, Any]]:
    """Return what became of the round's lots: words, service units, share of what was allocated."""
    sums = {(one.verb, one.stage): one for one in story.since}

    def of(*keys: tuple[str, str]) -> Any:
        return sum((sums[key].service_units for key in keys if key in sums), 0)

    allocated = of(("allocate", "allocated"))
    if not allocated:
        return []
    sent, got = of(("dispatch", "in-transit"), ("pay", "paid")), of(("receive", "received"), ("pay", "paid"))
    lost = of(("damage", "damaged"), ("miss", "missing"))
    found = [
        (_("Allocated"), allocated), (_("Dispatched"), sent), (_("Received in good order"), got),
        (_("Handed out or used"), of(("distribute", "used"), ("spend", "spent"))), (_("Damaged or missing"), lost),
    ]  # fmt: skip
    return [(str(said), round(amount), amount / allocated) for said, amount in found]


def data_table(request: HttpRequest, story: RoundStory, told: Told | None) -> Table:
    """Return the table that an address with `.csv`, `.xlsx` or `.json` asks for: the plan where it names none."""
    name = request.GET.get("table", "plan")
    if name not in TABLES:
        raise OptionRefused(f"there is no table '{name[:40]}' of a round; there are {', '.join(TABLES)}")
    title = f"{story.title}: {name}"
    if name == "objections":
        return Table(f"{story.ref}-objections", title, OBJECTIONS, story.objections)
    if name == "votes":
        return Table(f"{story.ref}-votes", title, VOTES, story.votes)
    if told is None:
        return Table(f"{story.ref}-{name}", title, columns_of.plan_columns("", override=False), [])
    plan, unit = told.story, told.story.unit
    file = f"{story.ref}-{name}"
    if name == "lots":
        return Table(file, title, columns_of.lot_columns(), plan.lots)
    if name == "lines":
        return Table(file, title, columns_of.line_columns(), override_lines(story, told) or plan_rows.gift_rows(plan))
    if name == "measures":
        rows = [
            {"measure": one["name"], "before": one["raw"][0], "after": one["raw"][1]}
            for one in list_measures(story, told)
        ]
        columns = [
            Column("measure", _("Measure")),
            Column("before", _("Before"), "number"),
            Column("after", _("After"), "number"),
        ]
        return Table(file, title, columns, rows)
    if story.shown is not None and story.shown.override:
        rows_of_override = plan_rows.override_rows(told, plan, story.lines)
        return Table(
            file,
            title,
            columns_of.plan_columns(unit, override=True),
            sorted(rows_of_override, key=lambda row: row.recipient),
        )
    return Table(file, title, columns_of.plan_columns(unit, override=False), plan_rows.all_rows(plan, told.standing))


def override_lines(story: RoundStory, told: Told) -> list[dict[str, Any]]:
    """Return the lines of an override; none where the plan is the fair one."""
    if story.shown is None or not story.shown.override:
        return []
    names = {row.recipient: row.name for row in told.story.recipients}
    lots = told.story.lot_by_key
    return [
        {
            "lot": lot, "donor": lots[lot].donor if lot in lots else "", "recipient": recipient,
            "name": names.get(recipient, recipient), "packs": packs,
            "units": packs * lots[lot].pack_size if lot in lots else None, "service_units": None,
        }
        for lot, recipient, packs in story.lines
    ]  # fmt: skip


OBJECTIONS: Final = (
    Column("ref", "Ref", "code"), Column("proposal", "Plan", "number"), Column("party", "Party", "code"),
    Column("made_at", "When", "moment"), Column("text", "Objection"), Column("answered_at", "Answered", "moment"),
    Column("answer", "Answer"), Column("whatif", "Changes tried", value=lambda row: "; ".join(row.whatif)),
    Column("difference", "What they would have changed"),
)  # fmt: skip
VOTES: Final = (
    Column("proposal", "Plan", "number"), Column("party", "Party", "code"),
    Column("approves", "Approves", value=lambda row: "yes" if row.approves else "no"), Column("reason", "Reason"),
    Column("made_at", "When", "moment"), Column("folder_sha256", "SHA-256 of the plan's folder", "code"),
)  # fmt: skip

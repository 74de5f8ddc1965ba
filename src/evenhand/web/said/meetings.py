"""Meetings: the list with who met whom as a picture, and the page of one with what each side said, act by act."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import Viewer
from evenhand.errors import OptionRefused
from evenhand.figures.met import MOST as MOST_DRAWN
from evenhand.figures.met import Pair, draw_met
from evenhand.lookups.documents import Sentence
from evenhand.lookups.meetings import Meeting, MeetingInFull, Met, count_meetings, list_meetings, list_met, sentences_of
from evenhand.lookups.reviewing import with_alike
from evenhand.web.frame.pages import FROM_RIGHT_TO_LEFT, public_page, show, viewer_of, wanted
from evenhand.web.frame.tables import Column, Table, chosen_of, rows_of
from evenhand.web.languages.vocabulary import WORDS
from evenhand.web.said.columns import MEETINGS
from evenhand.web.said.documents import COLUMNS as SENTENCES
from evenhand.web.said.marking import BOTH, NARRATOR
from evenhand.web.said.subjects import topic_name
from evenhand.web.said.telling import name_of, quote, read_days, topics_of

NEWEST: Final = "-date"
FILTERS: Final = ("party", "group", "official", "place", "kind", "search")
MOST_PAIRS: Final = 50
MET: Final = (
    Column("party", gettext_lazy("Party"), "named", of="party"),
    Column("party_name", gettext_lazy("Party, as written")),
    Column("other", gettext_lazy("Met"), "named", of="party"),
    Column("other_name", gettext_lazy("Met, as written")),
    Column("meetings", gettext_lazy("Meetings"), "number"),
    Column("first", gettext_lazy("First"), "day"),
    Column("last", gettext_lazy("Last"), "day"),
    Column("refs", gettext_lazy("Which"), value=lambda row: "; ".join(row.refs)),
)
REVIEWING: Final = (
    ("meeting confirm", gettext_lazy("Confirm it"), ("proposed",)),
    ("meeting correct", gettext_lazy("Correct it"), ("proposed", "confirmed")),
    ("meeting merge", gettext_lazy("Merge it with another"), ("proposed", "confirmed")),
    ("meeting reject", gettext_lazy("Reject it"), ("proposed", "confirmed")),
)

ACTS: Final = ("commit", "request", "agree", "inform", "recall", "thank", "praise", "criticise", "other")
"""In which order what was said is told: what binds or asks first, courtesies last."""


@dataclass(frozen=True, slots=True)
class Act:
    """Hold what one side did with its words: the sentences of one act."""

    act: str
    sentences: Sequence[Sentence]


@dataclass(frozen=True, slots=True)
class Side:
    """Hold one side of a meeting: who stood on it and what it said, act by act."""

    title: str | Promise
    people: Sequence[Any]
    acts: Sequence[Act]


@public_page
def meetings(request: HttpRequest) -> HttpResponse:
    """List meetings, and draw who met whom; as data, the meetings, or the pairs where the address asks for them."""
    viewer, problems = viewer_of(request), list[tuple[str, str]]()
    chosen: dict[str, Any] = chosen_of(request, FILTERS)
    days = read_days(request, problems)
    asked = request.GET.get("table", "")
    if asked not in ("", "met"):
        raise OptionRefused(f"there is no table '{asked[:40]}' of meetings; there is met")
    if asked and wanted(request) != "html":
        met = list_met(viewer, party=chosen.get("party", ""), **days)
        return show(request, "said/meetings.html", table=Table("who-met-whom", _("Who met whom"), MET, met))
    found = rows_of(request, list_meetings, viewer, count=count_meetings, order=NEWEST, **chosen, **days)
    table = Table(
        "meetings", _("Meetings that official texts report"), MEETINGS, found.rows, found.next, found.total,
        request.GET.get("order", "") or NEWEST, _("No meeting fits. Leave out a filter to see more."), chosen,
    )  # fmt: skip
    if wanted(request) != "html":
        return show(request, "said/meetings.html", table=table)
    met = list_met(viewer, party=chosen.get("party", ""), **days)
    context = {
        "chosen": chosen, "days": request.GET, "problems": problems, "kinds": WORDS["kind of meeting"].items(),
        "met": met[:MOST_PAIRS], "met_more": max(0, len(met) - MOST_PAIRS),
        "picture": draw_pairs(met), "most_drawn": MOST_DRAWN,
    }  # fmt: skip
    return show(request, "said/meetings.html", context, table=table, status=422 if problems else 200)


def draw_pairs(met: Sequence[Met]) -> str:
    """Return the picture of who met whom, "" where there is too little to draw."""
    names: dict[str, str] = {}
    pairs = []
    for one in met:
        keys = []
        for key, name in ((one.party, one.party_name), (one.other, one.other_name)):
            keys.append(key or f"={name}")
            names[keys[-1]] = name_of("party", key, name) if key else name
        pairs.append(Pair(keys[0], keys[1], one.meetings))
    if not pairs:
        return ""
    direction: Any = "rtl" if (get_language() or "en") in FROM_RIGHT_TO_LEFT else "ltr"
    return str(draw_met(pairs, names, direction=direction))


@public_page
def meeting(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one meeting: when, where, who, and what each side said there."""
    viewer = viewer_of(request)
    name, caption = "{}-sentences", _("What was said at this meeting")
    if wanted(request) != "html":
        there, sentences = sentences_of(viewer, ref)
        return show(request, "said/meeting.html", table=Table(name.format(there), caption, SENTENCES, sentences))
    row, merges, alike = with_alike(viewer, ref)
    table = Table(name.format(row.ref), caption, SENTENCES, row.sentences)
    context = {
        "one": row, "sides": sides_of(row), "quotes": quote(row.statements),
        "topics": [(topic_name(key), key, words) for key, words in topics_of(row.sentences)],
        "merges": merges, "may_split": viewer.has(*RIGHTS["meeting split"]),
        "steps": steps_now(viewer, row), "alike": alike,
        "titles": {one.ref: one.title for one in row.reports},
    }  # fmt: skip
    return show(request, "said/meeting.html", context, table=table)


def sides_of(row: MeetingInFull) -> list[Side]:
    """Return the sides of a meeting, the host first, then what the sides said together and what others said."""
    told = [one for one in row.sentences if one.speaker != NARRATOR]
    found = [
        Side(title, [one for one in row.participants if one.side == side], acts_of(one for one in told if one.side == side and one.speaker != BOTH))
        for side, title in (("host", _("The host’s side")), ("guest", _("The guest’s side")))
    ]  # fmt: skip
    together = acts_of(one for one in told if one.speaker == BOTH)
    others = acts_of(one for one in told if one.speaker != BOTH and one.side not in ("host", "guest"))
    if together:
        found.append(Side(_("The sides together"), (), together))
    if others:
        found.append(Side(_("Others"), (), others))
    return [one for one in found if one.people or one.acts]


def acts_of(sentences: Iterable[Sentence]) -> list[Act]:
    """Return sentences by their first act."""
    held: dict[str, list[Sentence]] = {}
    for one in sentences:
        held.setdefault(one.acts[0] if one.acts else "other", []).append(one)
    known = [act for act in ACTS if act in held]
    return [Act(act, held[act]) for act in (*known, *sorted(set(held) - set(ACTS)))]


def steps_now(viewer: Viewer, row: Meeting) -> list[tuple[str, Any]]:
    """Return what a viewer may do with a meeting now, as (verb, words)."""
    return [
        (action.partition(" ")[2], said)
        for action, said, states in REVIEWING
        if row.state in states and viewer.has(*RIGHTS[action])
    ]

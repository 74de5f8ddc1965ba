"""One group: its members on any day, two days compared, its offices over time, its needs and rounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from evenhand.access.rights import may
from evenhand.access.viewers import Target, Viewer
from evenhand.figures.offices import Term, draw_group
from evenhand.lookups.gaps import list_gaps
from evenhand.lookups.groups import Belonging, Group, get_group, stands
from evenhand.lookups.office_suggestions import OfficeSuggestion, list_office_suggestions
from evenhand.lookups.reach import today
from evenhand.lookups.rounds import list_rounds
from evenhand.web.frame.pages import FROM_RIGHT_TO_LEFT, public_page, show, viewer_of
from evenhand.web.frame.tables import Column, Table
from evenhand.web.languages.formats import amount, list_of
from evenhand.web.languages.formats import day as day_words
from evenhand.web.languages.speaking import names_here
from evenhand.web.languages.vocabulary import word

Words = str | Promise
LONGEST: Final = 40
"""So much of a typed day is shown again."""

COLUMNS: Final = (
    Column("party", gettext_lazy("Member"), "named", of="party"),
    Column("what", gettext_lazy("Status"), "state", of="status in a group"),
    Column("since", gettext_lazy("Since"), "day", gettext_lazy("as exactly as it is known")),
    Column("until", gettext_lazy("Until"), "day", gettext_lazy("the last day, as exactly as it is known")),
    Column("source", gettext_lazy("Source")),
)
OFFICES: Final = (
    Column("party", gettext_lazy("Who"), "named", of="party"),
    Column("what", gettext_lazy("Office"), "state", of="office"),
    *COLUMNS[2:],
)
STEPS: Final[tuple[tuple[str, Words], ...]] = (
    ("group join", gettext_lazy("Record a new member")),
    ("group leave", gettext_lazy("Record who left")),
    ("group office", gettext_lazy("Record an office")),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """Hold who belonged on only one of two days, and how many on both."""

    joined: tuple[Belonging, ...]
    left: tuple[Belonging, ...]
    both: int


@public_page
def group(request: HttpRequest, key: str) -> HttpResponse:
    """Show one group as it was on a day, today where the address names none."""
    viewer = viewer_of(request)
    row = get_group(viewer, key, history=True)
    problems: list[tuple[str, str]] = []
    on = day_asked(request, "on", problems) or today()
    other = day_asked(request, "with", problems)
    now = by_name(on_day(row.members, on))
    wanted = request.GET.get("table", "members")
    history, rows = (row.offices, row.offices) if wanted == "offices" else (row.members, now)
    if wanted == "all":
        rows = by_name(row.members)
    table = Table(
        f"{row.key}-{wanted if wanted in ('offices', 'all') else 'members'}", caption_of(on, wanted),
        OFFICES if history is row.offices else COLUMNS, rows, total=len(rows),
        empty=_("Nobody belonged to it on that day."),
    )  # fmt: skip
    context = {
        "row": row, "on": on, "other": other, "problems": problems, "typed_on": request.GET.get("on", "")[:LONGEST],
        "typed_with": request.GET.get("with", "")[:LONGEST], "counts": counts_of(now),
        "compared": compare(row, on, other) if other else None, "offices": on_day(row.offices, on),
        "all_offices": sorted(row.offices, key=lambda one: (one.what, one.since or "0", one.until or "9", one.party)),
        "picture": picture_of(row) if row.members or row.offices else "",
        "gaps": list_gaps(viewer, by="resource", group=key), "rounds": list_rounds(viewer, group=key, order="-made_at", most=20),
        "steps": steps_of(viewer, key), "suggested": suggestions_for(viewer, key), "here": reverse("group", args=[key]), "is_today": on == today(),
    }  # fmt: skip
    return show(request, "groups/group.html", context, table=table, status=422 if problems else 200)


def caption_of(on: date, wanted: str) -> str:
    """Return what the table lists, in a sentence."""
    if wanted == "offices":
        return _("Offices of all time")
    if wanted == "all":
        return _("Everybody who ever belonged")
    return _("Who belonged on {day}").format(day=day_words(on))


def day_asked(request: HttpRequest, name: str, problems: list[tuple[str, str]]) -> date | None:
    """Return a day that the address names; says what is wrong with one that is none."""
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text[:LONGEST])
    except ValueError:
        problems.append(
            (f"f-{name}", _("“{typed}” is no day. Write year, month and day, such as 1979-09-01.").format(typed=text[:LONGEST]))
        )  # fmt: skip
        return None


def on_day(rows: Sequence[Belonging], on: date) -> list[Belonging]:
    """Return those that stood on a day."""
    return [one for one in rows if stands(one.since, one.until, on)]


COUNTED: Final[dict[str, Callable[[int], str]]] = {
    "member": lambda n: ngettext("{count} member", "{count} members", n),
    "observer": lambda n: ngettext("{count} observer", "{count} observers", n),
    "eligible": lambda n: ngettext("{count} eligible party", "{count} eligible parties", n),
    "suspended": lambda n: ngettext("{count} suspended party", "{count} suspended parties", n),
}
"""Status → so many of it, in words."""


def counts_of(rows: Sequence[Belonging]) -> str:
    """Return in words how many belonged with each status, the most first; "" where nobody did."""
    sums = sorted(Counter(one.what for one in rows).items(), key=lambda one: (-one[1], one[0]))
    said = [
        COUNTED[what](number).format(count=amount(number))
        if what in COUNTED
        else f"{amount(number)} {word('status in a group', what)}"
        for what, number in sums
    ]
    return list_of(said) if said else ""


def by_name(rows: Sequence[Belonging]) -> list[Belonging]:
    """Return rows in the order of the reader's alphabet."""
    known = names_here()
    return sorted(rows, key=lambda one: (known.name_of("party", one.party, one.party_name).text.casefold(), one.since))


def compare(row: Group, on: date, other: date) -> Compared:
    """Return who joined and who left between two days, whichever came first."""
    first, last = sorted((on, other))
    before = {(one.party, one.what): one for one in on_day(row.members, first)}
    after = {(one.party, one.what): one for one in on_day(row.members, last)}
    return Compared(
        tuple(by_name([after[one] for one in after.keys() - before.keys()])),
        tuple(by_name([before[one] for one in before.keys() - after.keys()])),
        len(after.keys() & before.keys()),
    )


def picture_of(row: Group) -> str:
    """Draw a group over time; a date known by its year alone lasts from its first day to its last."""
    known = names_here()

    def term(one: Belonging, office: str) -> Term:
        return Term(
            known.name_of("party", one.party, one.party_name).text, first_day(one.since), last_day(one.until), office
        )

    members = [term(one, "") for one in row.members if one.what == "member"]
    offices = [term(one, word("office", one.what)) for one in row.offices]
    rtl = (get_language() or "en") in FROM_RIGHT_TO_LEFT
    direction: Any = "rtl" if rtl else "ltr"
    name = known.name_of("group", row.key, row.name).text
    return str(draw_group(offices, members, today=today(), name=name, direction=direction))


def first_day(text: str) -> date | None:
    """Return the first day of a day, month or year.

    Examples
    --------
    >>> first_day("1961"), first_day("1961-09"), first_day("")
    (datetime.date(1961, 1, 1), datetime.date(1961, 9, 1), None)
    """
    return _read(f"{text}-01-01" if len(text) == 4 else f"{text}-01" if len(text) == 7 else text)


def last_day(text: str) -> date | None:
    """Return the last day of a day, month or year.

    Examples
    --------
    >>> last_day("1991"), last_day("1992-02"), last_day("")
    (datetime.date(1991, 12, 31), datetime.date(1992, 2, 29), None)
    """
    if len(text) == 7 and (first := _read(f"{text}-01")):
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)
    return _read(f"{text}-12-31" if len(text) == 4 else text)


def _read(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def suggestions_for(viewer: Viewer, key: str) -> list[tuple[OfficeSuggestion, str]]:
    """Return the offices that texts name, each with the address of its form; none to who may not record them."""
    if not viewer.public_id:
        return []
    form, back = reverse("act", args=["group", "office"]), reverse("group", args=[key])

    def filled(one: OfficeSuggestion) -> str:
        source = "; ".join(said.document for said in one.said)
        given = {
            "group": key,
            "party": one.party,
            "office": one.office,
            "since": one.since,
            "until": one.until,
            "source": source,
        }
        return f"{form}?{urlencode({**{name: value for name, value in given.items() if value}, 'next': back})}"

    return [(one, filled(one)) for one in list_office_suggestions(viewer, group=key)]


def steps_of(viewer: Viewer, key: str) -> list[tuple[str, Words]]:
    """Return what a viewer may do with a group now: address, words."""
    if not viewer.public_id:
        return []
    over = Target(groups=(key,))
    return [
        (f"{reverse('act', args=name.split())}?group={key}&next={reverse('group', args=[key])}", said)
        for name, said in STEPS
        if may(viewer, name, over)
    ]

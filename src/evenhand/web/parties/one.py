"""One party, whatever it does: what it needs, was given and waits for; what it gives; what stands below it; its groups.

One page for a state, an organisation, a facility, a team and a company; its parts depend on what it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from evenhand.access.viewers import Viewer
from evenhand.errors import OptionRefused
from evenhand.figures.member import ResourceNeed, draw_member, key_to_member
from evenhand.figures.promised import Promise as Stages
from evenhand.figures.promised import draw_promise
from evenhand.figures.world.maps import disclaimer, key_to_map
from evenhand.figures.world.places import PlacePoint, draw_places, outline_of
from evenhand.lookups.allowed import list_allowed
from evenhand.lookups.evidence import list_evidence
from evenhand.lookups.party_stories import Below, PartyStory, Stock, get_party_story
from evenhand.lookups.promises import Promise, list_promises
from evenhand.lookups.said_of import count_said
from evenhand.web.frame.pages import FROM_RIGHT_TO_LEFT, public_page, show, viewer_of, wanted
from evenhand.web.frame.tables import Table
from evenhand.web.languages.speaking import names_here
from evenhand.web.languages.vocabulary import unit as unit_words
from evenhand.web.parties.columns import BELOW, GIVEN, NEEDS, ROUNDS
from evenhand.web.parties.donors import in_currency

Words = str | Lazy
TABLES: Final = ("needs", "given", "rounds", "below")
MOST_EVIDENCE: Final = 20
MOST_NEEDS: Final = 50
MOST_DRAWN: Final = 3
"""So many of a donor's families are drawn stage by stage; all stand in the table."""

STEPS: Final[tuple[tuple[str, str, str, Words], ...]] = (
    ("need draft", "party", "", gettext_lazy("State a need")),
    ("offer make", "donor", "", gettext_lazy("Make an offer")),
    ("consignment plan", "origin", "", gettext_lazy("Plan a consignment")),
    ("evidence attach", "about", "plain", gettext_lazy("Attach evidence")),
    ("party register", "parent", "plain", gettext_lazy("Register a party below it")),
    ("party change", "party", "plain", gettext_lazy("Change its record")),
)
"""Action, the field that this party goes into, how the button looks, and what it says."""


@public_page
def party(request: HttpRequest, key: str) -> HttpResponse:
    """Show one party; as data, its needs, or the table that the address names."""
    viewer = viewer_of(request)
    story = get_party_story(viewer, key)
    given = in_currency(viewer, list_promises(viewer, by="donor", donor=key))
    table = table_of(request, story, given)
    if wanted(request) != "html":
        return show(request, "parties/party.html", table=table)
    name = names_here().name_of("party", key, story.party.name).text
    rtl = (get_language() or "en") in FROM_RIGHT_TO_LEFT
    direction: Any = "rtl" if rtl else "ltr"
    context = {
        "story": story, "party": story.party, "name": name, "given": given, "needs": story.needs,
        "shown": replace(table_of(request, story, given, "needs"), rows=story.needs[:MOST_NEEDS]),
        "needs_more": max(0, len(story.needs) - MOST_NEEDS),
        "picture": str(draw_member(resources_of(story.stocks), name=name, direction=direction)) if story.stocks else "",
        "picture_key": key_to_member(),
        "gifts": [(one, str(draw_promise(stages_of(one), name=name, direction=direction, ident=f"gift{place}")))
                  for place, one in enumerate(given[:MOST_DRAWN])],
        "map": places_of(story), "map_key": key_to_map(), "disclaimer": disclaimer(),
        "said": count_said(viewer, key),
        "evidence": list_evidence(viewer, about=key, most=MOST_EVIDENCE), "steps": steps_of(viewer, key),
        "codes": [code.partition(":")[::2] for code in story.party.codes], "above": list(reversed(story.above)),
        "now": [one for one in story.groups if not one.until], "before": [one for one in story.groups if one.until],
        "here": reverse("party", args=[key]),
    }  # fmt: skip
    return show(request, "parties/party.html", context, table=table)


def table_of(request: HttpRequest, story: PartyStory, given: Sequence[Promise], asked: str = "") -> Table:
    """Return a table by its name, or the one that the address asks for: its needs, where it names none. Raises OptionRefused."""
    asked = asked or request.GET.get("table", "") or "needs"
    rows: dict[str, tuple[Any, Sequence[Any], str]] = {
        "needs": (NEEDS, story.needs, _("Its needs, the least served first")),
        "given": (GIVEN, given, _("What it gives, and what became of it")),
        "rounds": (ROUNDS, story.rounds, _("Rounds that chose its needs")),
        "below": (BELOW, story.below, _("What stands below it")),
    }
    if asked not in rows:
        raise OptionRefused(f"there is no table '{asked[:40]}' of a party; there are {', '.join(TABLES)}")
    columns, found, caption = rows[asked]
    return Table(f"{story.party.key}-{asked}", caption, columns, found)


def resources_of(stocks: Sequence[Stock]) -> list[ResourceNeed]:
    """Return what the picture of a member tells, in the reader's language."""
    known = names_here()
    return [
        ResourceNeed(
            one.family, known.name_of("resource", one.family, one.name).text, unit_words(one.unit, one.needed),
            *map(float, (one.needed, one.held, one.received, one.on_the_way, one.allocated)),
        )
        for one in stocks
    ]  # fmt: skip


def stages_of(row: Promise) -> Stages:
    """Return a promise as its picture tells it: what left without a round was decided by whoever sent it."""
    firm, sent = row.pledged + row.committed, max(row.dispatched, row.received)
    words = (row.said + firm, firm, row.committed)
    things = (max(row.allocated, sent), sent, row.received, row.used, row.lost)
    return Stages(unit_words(row.unit, row.said + firm), *map(float, words), *map(float, things))


def places_of(story: PartyStory) -> str:
    """Return the map of what stands below a party, "" where nothing of it has coordinates."""
    if not any(one.latitude is not None for one in story.below):
        return ""
    state = ([story.party.key, *story.above])[-1]
    return str(draw_places([point_of(one) for one in story.below], outline_of(state), title=_("Map of what stands below it, by share of need met")))  # fmt: skip


def point_of(one: Below) -> PlacePoint:
    """Return one party as a point of the map."""
    return PlacePoint(
        one.key, names_here().name_of("party", one.key, one.name).text, one.longitude, one.latitude,
        None if one.share is None else float(one.share), reverse("party", args=[one.key]), large=one.depth == 1,
    )  # fmt: skip


def steps_of(viewer: Viewer, key: str) -> list[tuple[str, str, Words]]:
    """Return what a viewer may do for a party now: address, look, words."""
    if not viewer.public_id:
        return []
    allowed = list_allowed(viewer, [name for name, *_rest in STEPS], key)
    return [
        (f"{reverse('act', args=name.split())}?{field}={key}&next={reverse('party', args=[key])}", look, said)
        for name, field, look, said in STEPS
        if name in allowed
    ]

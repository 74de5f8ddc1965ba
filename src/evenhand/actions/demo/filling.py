"""Fill an installation with the demo, or say that it is filled already, or that it is somebody's own.

Called by `evenhand demo`. An interrupted filling is gone on with on the next call, from the day on which it began.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from evenhand.access.models import ActionLine
from evenhand.access.viewers import Viewer
from evenhand.actions.checkpoints import make_checkpoint
from evenhand.actions.demo.giving import make_offers
from evenhand.actions.demo.journeys import send_everything
from evenhand.actions.demo.people import let_everybody_in
from evenhand.actions.demo.saying import say_everything
from evenhand.actions.demo.sharing import decide_vaccines, open_masks
from evenhand.actions.demo.telling import LENGTH, PREFIX, Telling
from evenhand.actions.demo.wanting import say_what_is_needed
from evenhand.actions.installing import NAME as INSTALL
from evenhand.errors import ActionRefused

FIRST, LAST = f"{PREFIX}-user-demo-task-force", f"{PREFIX}-checkpoint"
BEFORE = (INSTALL, "seed plant")
"""What may have been done in an installation that is not somebody's own yet."""

Report = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Filled:
    """Say whether anything was filled now, and on which day the story ends."""

    now: bool
    last_day: date


def find_demo() -> Filled | None:
    """Return the demo that is here already, whole; None where there is none, or one that was interrupted."""
    begun = _begun()
    if begun is None or not ActionLine.objects.filter(pk=LAST).exists():
        return None
    return Filled(now=False, last_day=begun)


def fill_demo(operator: Viewer, last_day: date, report: Report | None = None) -> Filled:
    """Tell the whole demo, up to the day before a last day.

    Parameters
    ----------
    operator
        Who lets the others in.
    last_day
        The day on which the story ends; the same day gives the same stock book, entry by entry.
    report
        Told what is being done and how much of it is done, 0 to 1.

    Raises
    ------
    ActionRefused
        Somebody has done something else here.
    """
    there = find_demo()
    if there is not None:
        return there
    refuse_others()
    say = report or (lambda stage, done: None)
    telling = Telling(_begun() or last_day, operator)
    say("letting everybody in", 0.0)
    let_everybody_in(telling)
    say("saying what is needed", 0.2)
    say_what_is_needed(telling)
    say("making offers", 0.4)
    offers = make_offers(telling)
    say("sharing out", 0.45)
    posted = decide_vaccines(telling, offers)
    say("sending, receiving, handing out", 0.6)
    send_everything(telling, posted, offers)
    open_masks(telling)
    say("reading what was said", 0.9)
    say_everything(telling, posted, offers)
    with telling.on(-1):
        telling.act("demo-task-force", make_checkpoint, LAST.removeprefix(f"{PREFIX}-"))
    say("filled", 1.0)
    return Filled(now=True, last_day=telling.last_day)


def refuse_others() -> None:
    """Refuse an installation in which somebody has done anything of their own.

    Raises
    ------
    ActionRefused
        Somebody has.
    """
    own = ActionLine.objects.exclude(pk__startswith=f"{PREFIX}-").exclude(name__in=BEFORE)
    if own.exists() and not ActionLine.objects.filter(pk=FIRST).exists():
        raise ActionRefused(
            f"this installation is in use ({own.count():,} actions have been done in it), and the demo is told in an empty one "
            "alone; name another folder: evenhand demo FOLDER"
        )


def _begun() -> date | None:
    """Return the last day of the demo that was begun here."""
    at: datetime | None = ActionLine.objects.filter(pk=FIRST).values_list("at", flat=True).first()
    return None if at is None else at.date() + timedelta(days=LENGTH)

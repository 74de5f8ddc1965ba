"""`evenhand status`: the headline figures: needed, promised, allocated, received; the worst served; what is late."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evenhand.cli.acting import read_day
from evenhand.cli.answer import Answer, Heading, Listing
from evenhand.cli.options import AsJson

if TYPE_CHECKING:
    from evenhand.lookups.figures import Headline

FAMILIES = (
    Heading("family"),
    Heading("unit", narrow=False),
    Heading("needed", "amount"),
    Heading("promised", "amount"),
    Heading("still_open", "amount", label="still open"),
    Heading("allocated", "amount"),
    Heading("in_transit", "amount", label="on the way"),
    Heading("received", "amount"),
    Heading("used", "amount"),
    Heading("lost", "amount"),
)
MONEY = (
    Heading("currency"),
    Heading("pledged", "amount", label="pledged (beside)"),
    Heading("committed", "amount"),
    Heading("allocated", "amount"),
    Heading("paid", "amount"),
    Heading("spent", "amount"),
)
WORST = (
    Heading("party"),
    Heading("name"),
    Heading("family"),
    Heading("needed", "amount"),
    Heading("covered", "amount"),
    Heading("coverage", "share"),
)
WAITING = (
    Heading("consignment"),
    Heading("destination"),
    Heading("left"),
    Heading("due"),
    Heading("days", "amount"),
    Heading("state"),
)


def status(
    group: Annotated[str, typer.Option(metavar="KEY", help="Only the members of this group.")] = "",
    as_of: Annotated[
        Any, typer.Option("--as-of", metavar="DATE", parser=read_day, help="As the book stood at the end of this day.")
    ] = None,
    as_json: AsJson = False,
) -> Answer:
    """Show the headline figures, each a sum of entries that anybody may add up again."""
    from evenhand.cli.session import start

    start()
    from evenhand.access.viewers import PUBLIC
    from evenhand.lookups.figures import read_headline

    return describe(read_headline(PUBLIC, group=group, as_of=as_of))


def describe(headline: Headline, command: str = "status", sentence: str = "Headline figures") -> Answer:
    """Return headline figures as an answer."""
    families = [
        (
            one.family, one.unit, one.needed, one.promised, one.still_open, one.allocated, one.in_transit,
            one.received, one.used, one.damaged + one.missing + one.expired,
        )
        for one in headline.families
    ]  # fmt: skip
    money = [
        (
            one.currency,
            *(
                _in_currency(sum_, one.per_unit)
                for sum_ in (one.pledged, one.committed, one.allocated, one.paid, one.spent)
            ),
        )
        for one in headline.money
    ]
    worst = [
        (one.key, one.name, one.family, one.needed, one.covered, float(one.coverage or 0))
        for one in headline.worst_served
    ]
    waiting = [
        (one.consignment, one.destination, one.dispatched_on, _day(one.due_on), one.days, _lateness(one.due_on))
        for one in headline.waiting
    ]
    listings = [
        Listing("families", "Needed, promised, and where it stands now", FAMILIES, tuple(families)),
        Listing("money", "Money", MONEY, tuple(money)),
        Listing("worst_served", "The worst served", WORST, tuple(worst)),
        Listing("waiting", "Longest on the way", WAITING, tuple(waiting)),
    ]
    if not any(listing.rows for listing in listings):
        return Answer(command, "Nothing is needed, promised or received yet.", result={"empty": True})
    return Answer(command, sentence, listings=tuple(listings))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _lateness(due: date | None) -> str:
    late = (date.today() - due).days if due else 0  # noqa: DTZ011 -- whole days, as a person at this machine counts
    return f"late by {late} days" if late > 0 else "on the way"


def _in_currency(base_units: int, per_unit: int) -> Decimal:
    return Decimal(base_units) / per_unit

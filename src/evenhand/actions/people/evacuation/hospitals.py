"""Actions on places of hospitals: offer them, change how many, withdraw what nobody has been promised."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from evenhand.actions.action import Doing, Done
from evenhand.actions.finding import get_party
from evenhand.actions.people.action import people_action
from evenhand.actions.people.evacuation.finding import HOSTS, reach_offer
from evenhand.actions.people.evacuation.typed import MOST_COMPANIONS, read_languages, read_word, read_words
from evenhand.errors import ActionRefused, OptionRefused
from evenhand.people.evacuation import FITNESS, SERVICES
from evenhand.people.models import HospitalOffer
from evenhand.records.tree import target_of

MOST = 10_000
LONGEST = timedelta(days=2 * 366)
OfferRef = Annotated[str, "the ref of the places, HP-..."]


@people_action(HOSTS)
def offer_places(
    doing: Doing,
    *,
    party: Annotated[str, "the key of the hospital"],
    service: Annotated[str, f"what it treats: {', '.join(SERVICES)}"],
    places: Annotated[int, "how many patients it takes at once"],
    until: Annotated[date, "the last day on which it takes somebody in"],
    fitness: Annotated[str, f"how they may arrive, separated by ';': {', '.join(FITNESS)}"],
    languages: Annotated[str, "codes of the languages spoken there, separated by ';'"] = "",
    companions: Annotated[int, "how many of the family can stay with each patient"] = 0,
    since: Annotated[date | None, "the first day; today where not said"] = None,
) -> Done:
    """Offer places for patients from elsewhere."""
    row = get_party(party)
    doing.require(target_of(row, doing.today), HOSTS)
    if row.retired_on is not None:
        raise ActionRefused(f"{row.key} was retired on {row.retired_on}; it takes nobody in")
    first = since or doing.today
    _expect_window(first, until, doing.today)
    _expect_places(places, 0)
    if not 0 <= companions <= MOST_COMPANIONS:
        raise OptionRefused(f"{companions} companions with each patient is not between 0 and {MOST_COMPANIONS}")
    made = HospitalOffer.objects.create(
        ref=doing.ref("HP"), party=row.key, service=read_word("service", service, tuple(SERVICES)), places=places,
        languages=read_languages(languages), fitness=read_words("fitness", fitness, FITNESS), companions=companions,
        since=first, until=until, made_by=doing.viewer.public_id, made_at=doing.at,
    )  # fmt: skip
    return doing.done(made.ref, party=row.key, places=places)


@people_action(HOSTS)
def change_places(
    doing: Doing,
    *,
    offer: OfferRef,
    places: Annotated[int | None, "how many patients at once; as it is where not said"] = None,
    until: Annotated[date | None, "the last day; as it is where not said"] = None,
) -> Done:
    """Say anew how many places there are, never fewer than are promised, or until when."""
    row = reach_offer(doing, offer)
    _expect_open(row)
    if places is not None:
        _expect_places(places, row.taken)
        row.places = places
    if until is not None:
        _expect_window(row.since, until, doing.today)
        row.until = until
    row.save()
    return doing.done(row.ref, places=row.places, taken=row.taken, until=row.until)


@people_action(HOSTS)
def withdraw_places(doing: Doing, *, offer: OfferRef) -> Done:
    """Withdraw places: nobody new is named to them; who was accepted stays accepted."""
    row = reach_offer(doing, offer)
    _expect_open(row)
    row.state = "withdrawn"
    row.save(update_fields=["state"])
    return doing.done(row.ref, taken=row.taken)


def _expect_open(row: HospitalOffer) -> None:
    if row.state != "open":
        raise ActionRefused(f"{row.ref} is withdrawn; offer places anew")


def _expect_places(places: int, taken: int) -> None:
    if not 1 <= places <= MOST:
        raise OptionRefused(f"{places} places is not between 1 and {MOST}")
    if places < taken:
        raise ActionRefused(f"{taken} places are promised already; {places} would be fewer")


def _expect_window(since: date, until: date, today: date) -> None:
    if until < max(since, today):
        raise ActionRefused(f"the last day, {until}, is before {max(since, today)}; give a later one")
    if until > today + LONGEST:
        raise ActionRefused(f"the last day, {until}, is after {today + LONGEST}; offer no farther ahead")

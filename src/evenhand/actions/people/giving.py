"""Giving out: a card is scanned, the household's share is worked out, drawn from the site's stock, and given once.

`give` and `take_back` write both databases. The register's row is committed first, inside the stock book's write lock, and says
what is to be drawn; then `booking` posts the entries. Should the machine die in between, the row still says what is missing.

What was handed out without a line has happened: it is written down whatever is odd about it, and told as a doubt for a person to
look at. Only a card of another registration, or one that is none, is refused then too. Each gift names the persons it was worked out
for, so that nobody is counted twice in it, whatever households merge, split or move meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Final

from django.db.models import Q

from evenhand.access.rights import require
from evenhand.actions.action import Acting, Doing, Done
from evenhand.actions.finding import get_party
from evenhand.actions.people.action import people_action
from evenhand.actions.people.booking import commitment_of, draw, held_of, mark_posted, post_back, post_gifts
from evenhand.actions.people.finding import get_distribution
from evenhand.actions.typed import read_line
from evenhand.database.writing import run_written
from evenhand.errors import ActionRefused, CardRefused, NameUnknown, OptionRefused, StockShort, shown
from evenhand.ledger.entries import LARGEST_QUANTITY, PLAIN
from evenhand.lookups.people.reading import Reader, note_reading
from evenhand.lookups.people.shares import HouseholdShare, covered_persons, fields_read, shares_by_household
from evenhand.people.cards import read_card
from evenhand.people.models import Distribution, Gift, GiftPerson, Household, Ration, Scan, SharePlan
from evenhand.people.opening import sealer
from evenhand.records.tree import target_of

LONGEST_ID: Final = 36
CIRCLES: Final = 32
"""No household was merged into others so often."""


def give(
    acting: Acting,
    *,
    distribution: str,
    card: str,
    scan: str,
    device: str,
    at: datetime | None = None,
    handed_out: bool = False,
    quantity: int = 0,
) -> Done:
    """Give a household its share once, however often its card is scanned and on however many devices.

    Parameters
    ----------
    card
        The code of its card.
    scan
        The id of the scan, chosen by the device: sent twice, it is one.
    at
        When it was scanned, by the device's clock; now where not said.
    handed_out
        The officer has handed it out already, without a line; then it is taken also where the book is short.
    quantity
        How much was handed out, in base units, as the device's list had it; of what was handed out already, that is what counts.

    Returns
    -------
    Done
        Its facts: `outcome` is given, again where the household has had it, or taken-back; `quantity` in base units; `first_at`,
        `first_device` of the scan that counts; `doubts` that a person will look at.

    Raises
    ------
    CardRefused
        The code is no card of this register, or, at the table, one that was replaced.
    ActionRefused
        At the table: it is nobody's of this site, on another day, or comes to nothing. Always: it is of another registration.
    StockShort
        The site holds less, and nothing was handed out.
    """
    if not 0 < len(scan) <= LONGEST_ID or not PLAIN.fullmatch(scan):
        raise OptionRefused(f"the id of a scan has 1 to {LONGEST_ID} letters, digits, '-', '.', ':'")
    by_scan = replace(acting, request=scan)

    def both() -> Done:
        done = record_gift(
            by_scan,
            distribution=distribution,
            card=card,
            device=device,
            at=at,
            handed_out=handed_out,
            quantity=quantity,
        )
        post_gifts([str(done.facts["gift"])])
        return done

    done = run_written(both)
    mark_posted()
    if done.repeated and not Gift.objects.filter(commitment=done.facts["gift"], state="given").exists():
        return replace(done, facts={**done.facts, "outcome": "taken-back"})
    return done


@people_action("people give")
def record_gift(
    doing: Doing,
    *,
    distribution: Annotated[str, "the distribution's ref, DI-..."],
    card: Annotated[str, "the code of the household's card"],
    device: Annotated[str, "the name of the device"],
    at: Annotated[datetime | None, "when it was scanned; now where not said"] = None,
    handed_out: Annotated[bool, "it was handed out already"] = False,
    quantity: Annotated[int, "how much was handed out, in base units; by the rule where not said"] = 0,
) -> Done:
    """Write down one scan and, for the first of a household, what it is given. Called by `give`, within the book's write lock."""
    row = get_distribution(distribution)
    doing.require(target_of(get_party(row.site), doing.today))
    if not 0 <= quantity <= LARGEST_QUANTITY:
        raise OptionRefused(f"the quantity is {quantity:,}; give what was handed out, in base units")
    household, doubts = _household_of(card, late=handed_out)
    _expect_own(row, household)
    gift = Gift.objects.filter(distribution=row, household=household, state="given").first()
    if gift is None:
        doubts += _odd(row, household, doing, at or doing.at, late=handed_out)
    found, share, amount = gift, HouseholdShare(0, 0, ()), 0
    if gift is None:
        share = _share_of(row, household)
        found = None if share.quantity else _given_elsewhere(row, household)
    if found is None:
        amount, odd = _amount(row, household, share, quantity, late=handed_out)
        doubts += odd
    scan = Scan.objects.create(
        id=doing.id, distribution=row, household=household, device=read_line("device", device, most=64),
        handed_out=handed_out or found is None, at=(at or doing.at).astimezone(UTC), arrived_at=doing.at,
        by=doing.viewer.public_id, doubts=";".join(one for one in Scan.DOUBTS if one in doubts),
    )  # fmt: skip
    if found is None:
        found = _give(doing, row, household, scan, share, amount, late=handed_out)
    first = Scan.objects.get(pk=found.scan)
    counts = first.pk == scan.pk
    if handed_out and gift is not None and (scan.at, scan.id) < (first.at, first.id):
        gift.scan = scan.id  # the same answer in whatever order scans arrive that were made without a line
        gift.save(update_fields=["scan"])
        counts = True
    told = {"gift": found.commitment, "quantity": found.quantity, "doubts": sorted(doubts)}
    if counts:
        return doing.done(household.ref, outcome="given", **told)
    return doing.done(household.ref, outcome="again", first_at=first.at, first_device=first.device, **told)


@record_gift.before
def _note(acting: Acting, *, distribution: str, card: str, handed_out: bool = False, **_given: object) -> None:
    """Put on record what will be read of the household, also where it is then refused."""
    row = get_distribution(distribution)
    today = (acting.at or datetime.now(UTC)).date()
    require(acting.viewer, "people give", target_of(get_party(row.site), today))
    household, _ = _household_of(card, late=handed_out)
    _expect_own(row, household)
    reader = Reader(acting.viewer, "registrar", row.entitlement.purpose, f"{row.entitlement.title}, {row.ref}")
    note_reading(reader, [(household.ref, "", fields_read(row.entitlement))])


def take_back(acting: Acting, *, gift: str) -> Done:
    """Take a gift back that was never handed out, or came back unopened: its entries are reversed, and the household may have it anew.

    Raises
    ------
    ActionRefused
        No reason is given, or it was taken back already.
    """

    def both() -> Done:
        done = record_taking_back(acting, gift=gift)
        post_back(Gift.objects.get(commitment=gift))
        return done

    return run_written(both)


@people_action("people give")
def record_taking_back(doing: Doing, *, gift: Annotated[str, "the gift's commitment, HC-..."]) -> Done:
    """Write down that a gift was taken back. Called by `take_back`, within the book's write lock."""
    row = Gift.objects.select_related("distribution__entitlement").filter(commitment=gift).first()
    if row is None:
        raise NameUnknown("gift", shown(gift), ())
    doing.require(target_of(get_party(row.distribution.site), doing.today))
    if not doing.reason.strip():
        raise ActionRefused("taking a gift back needs a reason; say what became of it")
    if row.state != "given":
        raise ActionRefused("it was taken back already")
    row.state = "taken-back"
    row.save(update_fields=["state"])
    return doing.done(row.household_id, gift=row.commitment)


def _give(
    doing: Doing,
    row: Distribution,
    household: Household,
    scan: Scan,
    share: HouseholdShare,
    amount: int,
    *,
    late: bool,
) -> Gift:
    day = min(
        max(scan.at.date(), row.first_day), row.last_day, doing.today
    )  # no clock of a device books before or after
    lines = draw(row, amount, doing.today)
    if lines is None and not late:
        raise StockShort(f"received/…/{row.site}", held_of(row, doing.today), amount)
    number = Gift.objects.filter(distribution=row, household=household).count()
    gift = Gift.objects.create(
        distribution=row, household=household, commitment=commitment_of(row, household.ref, number), quantity=amount,
        lines=lines or [], scan=scan.id, on=day, action=doing.id, by=doing.viewer.public_id, made_at=doing.at,
    )  # fmt: skip
    GiftPerson.objects.bulk_create(GiftPerson(gift=gift, person_id=ref) for ref in share.refs)
    return gift


def _amount(
    row: Distribution, household: Household, share: HouseholdShare, handed: int, *, late: bool
) -> tuple[int, list[str]]:
    """Return how much a household is given and what is odd about it; of what was handed out already, what was handed out.

    Raises
    ------
    ActionRefused
        Nothing is to come, and nothing was handed out.
    """
    due, why, doubts = share.quantity, "", list[str]()
    if SharePlan.objects.filter(distribution=row).exists():  # the stock does not reach, and was shared out
        planned = (
            Ration.objects.filter(distribution=row, household=household).values_list("quantity", flat=True).first()
        )
        due = min(due, int(planned or 0))
        if planned is None:
            why = f"this household came after {row.ref} was shared out, so nothing is planned for it; give it its share in the next one"
        elif not planned:
            why = f"the stock of {row.ref} did not reach for this household by the rule; the plan's proof says why"
        doubts += ["not planned"] if why else []
    if not due:
        why = why or f"by the rule of {row.entitlement_id} this household has nothing to come: {row.entitlement.terms}"
    if not late:
        if why:
            raise ActionRefused(why)
        return due, doubts
    amount = handed or due
    if not amount:
        raise ActionRefused(f"{why}; if something was handed out all the same, say how much")
    return amount, [*doubts, *(["amount"] if amount != due else [])]


def _share_of(row: Distribution, household: Household) -> HouseholdShare:
    """Return what the rule gives those of a household for whom nothing was given yet."""
    covered = covered_persons(row, household)
    found = shares_by_household(
        row.entitlement, Household.objects.filter(pk=household.pk), row.first_day, covered=covered
    )
    return found.get(household.ref, HouseholdShare(0, 0, ()))


def _given_elsewhere(row: Distribution, household: Household) -> Gift | None:
    """Return the gift in which somebody who lives in a household now was counted, None where there is none."""
    gifts = Gift.objects.filter(distribution__entitlement=row.entitlement_id, state="given").order_by("-pk")
    overlapping = gifts.filter(distribution__first_day__lte=row.last_day, distribution__last_day__gte=row.first_day)
    present = household.persons.filter(state="present")
    ours = Q(persons__person__in=present) | Q(persons__person__merged_into__in=present)
    return overlapping.filter(ours).first()


def _household_of(code: str, *, late: bool) -> tuple[Household, list[str]]:
    """Return the household that a card is of, or the one that it lives with now, and what is odd about the card."""
    card = read_card(sealer().keys, code)
    row = Household.objects.filter(pk=card.household).first()
    if row is None:
        raise CardRefused("this card is of another register; its household is not in this one")
    doubts = ["replaced card"] if card.number != row.card else []
    if doubts and not late:
        raise CardRefused(
            "this card was replaced by a newer one; ask who holds it where the newer one is, and look at the household"
        )
    for _ in range(CIRCLES):
        if row.merged_into is None:
            return row, doubts
        row = row.merged_into
    return row, doubts


def _expect_own(row: Distribution, household: Household) -> None:
    if household.registration_id != row.entitlement.registration_id:
        raise ActionRefused("this household is of another registration, which this distribution is not for")


def _odd(row: Distribution, household: Household, doing: Doing, at: datetime, *, late: bool) -> list[str]:
    """Return what is odd about a scan; at the table it is refused in a sentence."""
    day = at.date() if late else doing.today
    found = [
        ("departed", household.state != "present", f"this household is {household.state}; nothing is given to it"),
        (
            "elsewhere", household.site != row.site,
            f"this household is served at {household.site}, not at {row.site}; a registrar can correct where it lives",
        ),
        ("closed", row.state != "open", f"{row.ref} is closed; nothing is given out any more"),
        (
            "another day", not row.first_day <= day <= row.last_day,
            f"{row.ref} is from {row.first_day} to {row.last_day}, and today is {doing.today}",
        ),
    ]  # fmt: skip
    odd = [(word, sentence) for word, holds, sentence in found if holds]
    if odd and not late:
        raise ActionRefused(odd[0][1])
    late_ones = [word for word, _ in odd]
    return [word for word in late_ones if word != "closed" or "another day" in late_ones]

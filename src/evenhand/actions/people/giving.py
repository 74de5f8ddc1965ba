"""Giving out: a card is scanned, the household's share is worked out, drawn from the site's stock, and given once.

`give` and `take_back` write both databases. The register's row is committed first, inside the stock book's write lock, and says
what is to be drawn; then the entries follow, under ids that follow from the row. Should the machine die in between, the row
still says what is missing, and `settle_gifts` posts it: an entry that is there already is not written again. So nothing is given
twice and nothing leaves the book unseen, whatever dies when.

In the stock book stands a commitment in place of the household: another one for each distribution, salted, so that nobody who
reads the book can tell two gifts of one household from gifts of two.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated, Final

from django.db.models import F

from evenhand.actions.action import Acting, Doing, Done, account
from evenhand.actions.finding import get_party
from evenhand.actions.people.action import people_action
from evenhand.actions.people.entitlements import resource_of
from evenhand.actions.people.finding import get_distribution
from evenhand.actions.typed import read_line
from evenhand.database.writing import run_written
from evenhand.errors import ActionRefused, CardRefused, NameUnknown, OptionRefused, StockShort, shown
from evenhand.ledger.entries import PLAIN
from evenhand.lookups.people.reading import Reader, note_reading
from evenhand.lookups.people.shares import fields_read, shares_by_household
from evenhand.people.cards import read_card
from evenhand.people.models import Distribution, Gift, Household, Ration, Scan, SharePlan
from evenhand.people.opening import sealer
from evenhand.people.router import PEOPLE
from evenhand.records.tree import target_of
from evenhand.stockbook.models import Account, Entry
from evenhand.stockbook.posting import Posting, post

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

    Returns
    -------
    Done
        Its facts: `outcome` is given, or again where the household has had it; `quantity` in base units; `first_at`, `first_device` of
        the scan that counts.

    Raises
    ------
    CardRefused
        The code is no card of this register, or one that was replaced.
    ActionRefused
        It is nobody's of this site, on another day, or comes to nothing.
    StockShort
        The site holds less, and nothing was handed out.
    """
    if not 0 < len(scan) <= LONGEST_ID or not PLAIN.fullmatch(scan):
        raise OptionRefused(f"the id of a scan has 1 to {LONGEST_ID} letters, digits, '-', '.', ':'")
    by_scan = replace(acting, request=scan)

    def both() -> Done:
        done = record_gift(by_scan, distribution=distribution, card=card, device=device, at=at, handed_out=handed_out)
        post_gifts([str(done.facts["gift"])])
        return done

    done = run_written(both)
    _mark_posted()
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
) -> Done:
    """Write down one scan and, for the first of a household, what it is given. Called by `give`, within the book's write lock."""
    row = get_distribution(distribution)
    doing.require(target_of(get_party(row.site), doing.today))
    when = (at or doing.at).astimezone(UTC)
    household = _household_of(card)
    gift = Gift.objects.filter(distribution=row, household=household, state="given").first()
    if not handed_out and gift is None:
        _expect_now(row, household, doing)
    scan = Scan.objects.create(
        id=doing.id, distribution=row, household=household, device=read_line("device", device, most=64), handed_out=handed_out,
        at=when, arrived_at=doing.at, by=doing.viewer.public_id,
    )  # fmt: skip
    if gift is None:
        gift = _give(doing, row, household, scan)
        return doing.done(household.ref, gift=gift.commitment, outcome="given", quantity=gift.quantity)
    first = Scan.objects.get(pk=gift.scan)
    if (when, scan.id) < (first.at, first.id):  # the same answer in whatever order scans arrive
        gift.scan, gift.on = scan.id, _day(scan, doing)
        gift.save(update_fields=["scan"] if gift.posted else ["scan", "on"])
        return doing.done(household.ref, gift=gift.commitment, outcome="given", quantity=gift.quantity)
    return doing.done(
        household.ref,
        gift=gift.commitment,
        outcome="again",
        quantity=gift.quantity,
        first_at=first.at,
        first_device=first.device,
    )


def take_back(acting: Acting, *, gift: str) -> Done:
    """Take a gift back that was never handed out, or came back unopened: its entries are reversed, and the household may have it anew.

    Raises
    ------
    ActionRefused
        No reason is given, or it was taken back already.
    """

    def both() -> Done:
        done = record_taking_back(acting, gift=gift)
        _post_back(Gift.objects.get(commitment=gift))
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


def settle_gifts() -> int:
    """Post what the register gave and the book does not hold yet: after a crash, or once the site's stock is booked.

    Returns
    -------
    int
        How many gifts still wait, because the book does not hold what was handed out.
    """
    run_written(
        lambda: post_gifts(list(Gift.objects.filter(posted=False, state="given").values_list("commitment", flat=True)))
    )

    def post_back() -> None:
        for one in Gift.objects.filter(state="taken-back"):
            _post_back(one)

    run_written(post_back)
    _mark_posted()
    return Gift.objects.filter(posted=False, state="given").count()


def post_gifts(commitments: list[str]) -> None:
    """Write the entries of gifts that the book does not hold; one that the stock does not reach for stays unposted."""
    rows = Gift.objects.select_related("distribution__entitlement").filter(commitment__in=commitments, posted=False)
    for row in rows.order_by("pk"):
        if not row.lines or not _reaches(row):
            row.lines = _draw(row.distribution, row.quantity, row.on) or []
            run_written(partial(row.save, update_fields=["lines"]), using=PEOPLE)
        if row.lines:
            post(_postings(row), action=row.action, by=row.by, recorded=datetime.now(UTC))


def _give(doing: Doing, row: Distribution, household: Household, scan: Scan) -> Gift:
    quantity = _share_of(doing, row, household)
    lines = _draw(row, quantity, _day(scan, doing))
    if lines is None and not scan.handed_out:
        raise StockShort(f"received/…/{row.site}", _held(row, _day(scan, doing)), quantity)
    number = Gift.objects.filter(distribution=row, household=household).count()
    return Gift.objects.create(
        distribution=row, household=household, commitment=commitment_of(row, household.ref, number), quantity=quantity,
        lines=lines or [], scan=scan.id, on=_day(scan, doing), action=doing.id, by=doing.viewer.public_id, made_at=doing.at,
    )  # fmt: skip


def _share_of(doing: Doing, row: Distribution, household: Household) -> int:
    """Return what the rule gives a household, in base units; what is read of it for that is on record."""
    entitlement = row.entitlement
    reader = Reader(doing.viewer, "registrar", entitlement.purpose, f"{entitlement.title}, {row.ref}")
    note_reading(reader, [(household.ref, "", fields_read(entitlement))])
    found = shares_by_household(entitlement, Household.objects.filter(pk=household.pk), row.first_day).get(
        household.ref
    )
    total = found.quantity if found is not None else 0
    if total and SharePlan.objects.filter(distribution=row).exists():  # the stock does not reach, and was shared out
        planned = (
            Ration.objects.filter(distribution=row, household=household).values_list("quantity", flat=True).first()
        )
        if planned is None:
            raise ActionRefused(
                f"this household came after {row.ref} was shared out, so nothing is planned for it; give it its share in the next one"
            )
        if not planned:
            raise ActionRefused(
                f"the stock of {row.ref} did not reach for this household by the rule; the plan's proof says why"
            )
        total = min(total, int(planned))
    if not total:
        raise ActionRefused(f"by the rule of {entitlement.ref} this household has nothing to come: {entitlement.terms}")
    return total


def _draw(row: Distribution, quantity: int, on: date) -> list[list[object]] | None:
    """Return from which offers a quantity is drawn, what expires first at first; None where the site holds less."""
    left, lines = quantity, []
    for offer, balance in stock_of(row, on):
        taken = min(left, balance)
        lines.append([offer, taken])
        left -= taken
        if not left:
            return lines
    return None


def stock_of(row: Distribution, on: date) -> list[tuple[str, int]]:
    """Return what the site of a distribution holds of its resource and may still be used on a day: (offer, base units)."""
    rows = Account.objects.filter(
        stage="received", holder=row.site, resource=row.entitlement.resource, balance__gt=0
    ).order_by(F("offer__expires").asc(nulls_last=True), "offer_id")
    return [
        (offer, int(balance))
        for offer, balance, expires in rows.values_list("offer_id", "balance", "offer__expires")
        if expires is None or expires >= on
    ]


def _held(row: Distribution, on: date) -> int:
    return sum(balance for _, balance in stock_of(row, on))


def _reaches(row: Gift) -> bool:
    """Say whether the entries of a gift are there already, or the stock still reaches for all of them."""
    postings = _postings(row)
    if Entry.objects.filter(entry__in=[one.entry for one in postings]).exists():
        return True
    held = dict(Account.objects.filter(pk__in=[str(one.source) for one in postings]).values_list("key", "balance"))
    return all(held.get(str(one.source), 0) >= one.quantity for one in postings)


def _postings(row: Gift) -> list[Posting]:
    site, what = row.distribution.site, resource_of(row.distribution.entitlement)
    return [
        Posting(
            f"{row.commitment}:{number}", "distribute", account("received", offer, site), account("used", offer, site), what.key,
            int(quantity), row.on, typed=str(quantity), unit=what.base_unit, concerns=row.commitment,
        )
        for number, (offer, quantity) in enumerate(row.lines, 1)
    ]  # fmt: skip


def _post_back(row: Gift) -> None:
    """Write the reversing entries of a gift that was taken back, of those entries that there are."""
    there = set(Entry.objects.filter(entry__startswith=f"{row.commitment}:").values_list("entry", flat=True))
    back = [
        Posting(
            f"{one.entry}:back", "reverse", one.target, one.source, one.resource, one.quantity, one.happened, typed=one.typed,
            unit=one.unit, concerns=one.concerns, reverses=one.entry,
        )
        for one in _postings(row)
        if one.entry in there
    ]  # fmt: skip
    if back:
        post(back, action=row.action, by=row.by, recorded=datetime.now(UTC))


def _mark_posted() -> None:
    """Note which gifts the book holds; where that fails, they are looked at again the next time."""
    waiting = {one.commitment: one for one in Gift.objects.filter(posted=False).exclude(lines=[])}
    firsts = {f"{commitment}:1" for commitment in waiting}
    there = [
        entry.partition(":")[0] for entry in Entry.objects.filter(entry__in=firsts).values_list("entry", flat=True)
    ]
    if there:
        run_written(lambda: Gift.objects.filter(commitment__in=there).update(posted=True), using=PEOPLE)


def _household_of(code: str) -> Household:
    """Return the household that a card is of, or the one that it lives with now."""
    card = read_card(sealer().keys, code)
    row = Household.objects.filter(pk=card.household).first()
    if row is None:
        raise CardRefused("this card is of another register; its household is not in this one")
    if card.number != row.card:
        raise CardRefused(
            "this card was replaced by a newer one; ask who holds it where the newer one is, and look at the household"
        )
    for _ in range(CIRCLES):
        if row.merged_into is None:
            return row
        row = row.merged_into
    return row


def _expect_now(row: Distribution, household: Household, doing: Doing) -> None:
    """Refuse what would not be given at the table: another site's household, another day, a closed distribution."""
    if household.state != "present":
        raise ActionRefused(f"this household is {household.state}; nothing is given to it")
    if household.registration_id != row.entitlement.registration_id:
        raise ActionRefused("this household is of another registration, which this distribution is not for")
    if household.site != row.site:
        raise ActionRefused(
            f"this household is served at {household.site}, not at {row.site}; a registrar can correct where it lives"
        )
    if row.state != "open":
        raise ActionRefused(f"{row.ref} is closed; nothing is given out any more")
    if not row.first_day <= doing.today <= row.last_day:
        raise ActionRefused(f"{row.ref} is from {row.first_day} to {row.last_day}, and today is {doing.today}")


def _day(scan: Scan, doing: Doing) -> date:
    return min(scan.at.date(), doing.today)


def commitment_of(row: Distribution, household: str, number: int = 0) -> str:
    """Return what stands in the stock book in place of a household: for its first gift of a distribution, or for a later one."""
    digest = hashlib.sha256(f"{row.salt}/{row.ref}/{household}/{number}".encode()).digest()[:16]
    return "HC-" + base64.b32encode(digest).decode().rstrip("=")

"""What the stock book holds of gifts: entries under ids that follow from the register's rows, posted once whatever dies in between.

Called by `actions.people.giving` and `sharing_out`, within the book's write lock. In the book stands a commitment in place of the
household, and the same as the action's id: nothing there leads to a device, a scan or a person.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, date, datetime
from functools import partial

from django.db.models import F

from evenhand.actions.action import account
from evenhand.actions.people.entitlements import resource_of
from evenhand.database.writing import run_written
from evenhand.people.models import Distribution, Gift
from evenhand.people.router import PEOPLE
from evenhand.stockbook.models import Account, Entry
from evenhand.stockbook.posting import Posting, post


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

    def back() -> None:
        for one in Gift.objects.filter(state="taken-back"):
            post_back(one)

    run_written(back)
    mark_posted()
    return Gift.objects.filter(posted=False, state="given").count()


def post_gifts(commitments: list[str]) -> None:
    """Write the entries of gifts that the book does not hold; one that the stock does not reach for stays unposted."""
    rows = Gift.objects.select_related("distribution__entitlement").filter(
        commitment__in=commitments, posted=False, state="given"
    )
    for row in rows.order_by("pk"):
        if not row.lines or not _reaches(row):
            row.lines = draw(row.distribution, row.quantity, row.on) or []
            run_written(partial(row.save, update_fields=["lines"]), using=PEOPLE)
        if row.lines:
            post(_postings(row), action=row.commitment, by=row.by, recorded=datetime.now(UTC))


def draw(row: Distribution, quantity: int, on: date) -> list[list[object]] | None:
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


def held_of(row: Distribution, on: date) -> int:
    """Return how much of its resource the site of a distribution holds and may still use on a day."""
    return sum(balance for _, balance in stock_of(row, on))


def post_back(row: Gift) -> None:
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
        post(back, action=f"{row.commitment}.back", by=row.by, recorded=datetime.now(UTC))


def mark_posted() -> None:
    """Note which gifts the book holds; where that fails, they are looked at again the next time."""
    waiting = {one.commitment: one for one in Gift.objects.filter(posted=False).exclude(lines=[])}
    firsts = {f"{commitment}:1" for commitment in waiting}
    there = [
        entry.partition(":")[0] for entry in Entry.objects.filter(entry__in=firsts).values_list("entry", flat=True)
    ]
    if there:
        run_written(lambda: Gift.objects.filter(commitment__in=there).update(posted=True), using=PEOPLE)


def commitment_of(row: Distribution, household: str, number: int = 0) -> str:
    """Return what stands in the stock book in place of a household: for its first gift of a distribution, or for a later one."""
    digest = hashlib.sha256(f"{row.salt}/{row.ref}/{household}/{number}".encode()).digest()[:16]
    return "HC-" + base64.b32encode(digest).decode().rstrip("=")


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

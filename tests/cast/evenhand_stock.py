"""Offers in the book for the tests of what travels: given by a donor, and some of them allocated, as a round would have.

Uses the tables and `post` alone, so that these tests do not fail with the actions on offers and rounds.
"""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from evenhand_cast import NOW, TODAY

_numbers = itertools.count(1)


def make_gift(
    donor: str, resource: str, base_units: int, *, allocated: dict[str, int] | None = None, **columns: Any
) -> str:
    """Write an offer that counts, and allocate parts of it; return its ref."""
    from evenhand.database.writing import writing
    from evenhand.ledger.entries import AccountKey
    from evenhand.ledger.stages import entered_stage
    from evenhand.records.models import Offer, Resource
    from evenhand.records.refs import make_ref
    from evenhand.stockbook.posting import Posting, post

    number = next(_numbers)
    ref = make_ref("OF", f"gift-{number}", 1)
    kind = Resource.objects.get(pk=resource).kind
    offer = Offer.objects.create(
        ref=ref, donor_id=donor, resource_id=resource, quantity=base_units, typed=str(base_units), unit="unit",
        firmness="commitment", said_on=TODAY, made_at=NOW, **columns,
    )  # fmt: skip
    stage = entered_stage(kind)
    first = AccountKey(stage, ref)

    def posting(verb: str, source: AccountKey, target: AccountKey, quantity: int, place: int) -> Posting:
        return Posting(
            f"gift-{number}:{place}", verb, source, target, offer.resource_id, quantity, date(2026, 3, 1),
            typed=str(quantity), unit="unit", concerns=ref,
        )  # fmt: skip

    verb = "commit" if kind == "money" else "offer"
    postings = [posting(verb, AccountKey("outside", ref), first, base_units, 1)]
    for place, (party, quantity) in enumerate((allocated or {}).items(), 2):
        postings.append(posting("allocate", first, AccountKey("allocated", ref, party), quantity, place))
    with writing():
        post(postings, action=f"gift-{number}", by="u-donor", recorded=NOW)
    return ref


def held(stage: str, offer: str, holder: str = "") -> int:
    """Return what an account holds."""
    from evenhand.ledger.entries import AccountKey
    from evenhand.stockbook.balances import balance_of

    return balance_of(AccountKey(stage, offer, holder))


def everything_held() -> dict[str, int]:
    """Return every account that is not at zero."""
    from evenhand.stockbook.models import Account

    return dict(Account.objects.exclude(balance=0).order_by("key").values_list("key", "balance"))


def entries_written() -> int:
    """Return how many entries the book has."""
    from evenhand.stockbook.models import Entry

    return Entry.objects.count()

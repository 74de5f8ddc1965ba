"""What the actions on stock and money share: units of one offer, moved between two of its accounts on a day.

Used by `actions.consignments`, `receipts`, `stock`, `money`, `reversals`. Whoever is refused for want of units is told where
the units are. Decides about no right and posts nothing.
"""

from __future__ import annotations

from datetime import date

from evenhand.actions.action import Doing
from evenhand.actions.typed import read_choice, read_text, refuse_future
from evenhand.errors import ActionRefused, StockShort
from evenhand.ledger.entries import AccountKey
from evenhand.ledger.stages import counted_from
from evenhand.records.earmarks import only_party
from evenhand.records.models import Offer
from evenhand.records.quantities import Quantity, value_of
from evenhand.rounds.models import Round, RoundLot
from evenhand.stockbook.balances import balance_of
from evenhand.stockbook.causes import CAUSES, OTHER
from evenhand.stockbook.models import EntryNote
from evenhand.stockbook.posting import Posting
from evenhand.stockbook.tracing import list_holdings

SHOWN_PLACES = 5
CAUSE_MEANING = f"why: {', '.join(CAUSES)}"
"""What the parameter `cause` says of itself, wherever it stands."""


def happened_on(doing: Doing, on: date | None) -> date:
    """Return the day on which something happened: today where nothing is said, never a day to come."""
    refuse_future(doing.today, "the day", on)
    return on or doing.today


def is_money(offer: Offer) -> bool:
    """Say whether an offer is of money, which is paid and spent and does not travel in boxes."""
    return offer.resource.kind == "money"


def expect_goods(offer: Offer, verb: str) -> None:
    """Refuse money where goods, teams, services or houses are meant."""
    if is_money(offer):
        raise ActionRefused(
            f"{offer.ref} is money ({offer.resource_id}), which cannot be {verb}; money pay and money spend record it"
        )


def expect_money(offer: Offer, verb: str) -> None:
    """Refuse goods where money is meant."""
    if not is_money(offer):
        raise ActionRefused(f"{offer.ref} is {offer.resource_id} and not money, so it cannot be {verb}")


def expect_held(offer: Offer, account: AccountKey, quantity: int) -> None:
    """Refuse to take more from an account than it holds.

    Raises
    ------
    StockShort
        It holds less.
    ActionRefused
        It holds nothing; says where the units of the offer are.
    """
    held = balance_of(account)
    if held == 0:
        whose = f"{account.holder or 'the donor'} has no units of {offer.ref} that are {account.stage}"
        raise ActionRefused(f"{whose}. {where_units_are(offer)}")
    if held < quantity:
        raise StockShort(str(account), held, quantity)


def where_units_are(offer: Offer) -> str:
    """Return a sentence that says in which accounts the units of an offer are."""
    held = list_holdings(offers=[offer.ref])
    if not held and offer.firmness != "commitment":
        needed = counted_from(offer.resource.kind)
        return f"None of its units are in the stock book: it is a {offer.firmness}, and counts from {needed} on"
    if not held:
        return "None of its units are in the stock book"
    places = [f"{one.quantity:,} {_place(one.account)}" for one in held[:SHOWN_PLACES]]
    more = f", and {len(held) - SHOWN_PLACES} more places" if len(held) > SHOWN_PLACES else ""
    return f"Its units are: {', '.join(places)}{more}"


def expect_no_round(offer: Offer) -> None:
    """Refuse to take units that a round which is not over yet has frozen as its lot."""
    live = RoundLot.objects.filter(offer=offer, round__state__in=Round.LIVE).values_list("round", flat=True).first()
    if live is not None:
        raise ActionRefused(
            f"{offer.ref} is a lot of the round {live}, which shares it out; wait until that is posted or cancelled"
        )


def is_meant_for(offer: Offer, parties: tuple[str, ...]) -> bool:
    """Say whether an offer is a gift to one of these parties by name, and to nobody else."""
    return only_party(offer.meant_for) in parties


def in_base_units(offer: Offer, base_units: int) -> Quantity:
    """Return a quantity that nobody typed: the rest of an account, in base units."""
    return Quantity(base_units, str(base_units), offer.resource.base_unit)


def move(
    doing: Doing,
    verb: str,
    offer: Offer,
    source: AccountKey,
    target: AccountKey,
    quantity: Quantity,
    *,
    on: date,
    concerns: str = "",
) -> Posting:
    """Return the posting that moves a quantity of an offer, with its money value where the donor gave one."""
    value = value_of(offer.unit_value, quantity.base_units) if offer.currency else ""
    return Posting(
        doing.entry(), verb, source, target, offer.resource_id, quantity.base_units, on,
        typed=quantity.typed,
        unit=quantity.unit,
        value=value,
        currency=offer.currency if value else "",
        valued_on=offer.valued_on.isoformat() if value and offer.valued_on else "",
        concerns=concerns or offer.ref,
    )  # fmt: skip


def read_cause(cause: str, note: str, *, needed: str = "") -> tuple[str, str]:
    """Return a cause and a note that can be kept.

    Parameters
    ----------
    needed
        What needs a cause, where it does: "damaged or missing units".

    Raises
    ------
    ActionRefused
        There is no such cause, one is missing, or "other" stands without a note.
    """
    note = read_text("note", note, most=2000)
    if not cause:
        if needed:
            raise ActionRefused(f"{needed} need a cause; it is one of {', '.join(CAUSES)}")
        return "", note
    read_choice("cause", cause, list(CAUSES))
    if cause == OTHER and not note:
        raise ActionRefused("the cause 'other' says nothing by itself; say in the note what it was")
    return cause, note


def keep_cause(entry: str, cause: str, note: str) -> None:
    """Keep why an entry was made, where something was said."""
    if cause or note:
        EntryNote.objects.create(entry_id=entry, cause=cause, note=note)


def _place(account: AccountKey) -> str:
    return f"{account.stage} ({account.holder})" if account.holder else account.stage

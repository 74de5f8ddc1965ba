"""The one way to correct the stock book: an entry that undoes another, whole and once, with a reason.

Who may record a thing may take it back: the recipient its receipt, the sender its dispatch, the donor its payment. What
enters the book or leaves it again belongs to the actions on offers. Nothing is ever edited or deleted.
"""

from __future__ import annotations

from typing import Annotated

from django.db.models import Q

from evenhand.access.viewers import Target
from evenhand.actions.action import Doing, Done, action
from evenhand.actions.consignments import require_sending
from evenhand.actions.finding import get_consignment, get_offer, get_party
from evenhand.actions.moving import keep_cause
from evenhand.actions.stock import expiring_right
from evenhand.errors import ActionRefused, NameUnknown
from evenhand.ledger.entries import AccountKey
from evenhand.ledger.stages import REVERSE
from evenhand.records.tree import target_of
from evenhand.stockbook.balances import balance_of
from evenhand.stockbook.models import Entry
from evenhand.stockbook.posting import Posting
from evenhand.stockbook.travelling import IN_TRANSIT, NOT_REVERSED, lines_of

SHOWN_ENTRIES = 5
ELSEWHERE = {
    "offer": "what an offer brought into the book is taken out with: offer change, offer withdraw",
    "commit": "what an offer brought into the book is taken out with: offer change, offer withdraw",
    "withdraw": "units that were withdrawn come back as a new offer: offer make",
}
"""Verbs that no reversal undoes, because the offer's own record would say something else than the book."""


@action("stock reverse")
def reverse_entry(doing: Doing, *, entry: Annotated[str, "the id of the entry that is wrong"]) -> Done:
    """Undo an entry, whole, by a new one the other way round; the reason says what was wrong."""
    row = Entry.objects.filter(entry=entry).first()
    if row is None:
        raise NameUnknown("entry", entry, ())
    source, target = AccountKey.read(row.source_id), AccountKey.read(row.target_id)
    if row.verb == REVERSE:
        raise ActionRefused(f"{entry} is a reversal (of {row.reverses}), which stands; record anew what did happen")
    _require_right(doing, row, source, target)
    if row.verb in ELSEWHERE:
        raise ActionRefused(f"{entry} cannot be reversed; {ELSEWHERE[row.verb]}")
    again = Entry.objects.filter(~Q(reverses=""), reverses=entry).first()
    if again is not None:
        raise ActionRefused(f"{entry} was reversed already, by {again.entry} on {again.happened}")
    if not doing.reason.strip():
        raise ActionRefused("a reversal needs a reason; say what was wrong with the entry")
    held = balance_of(target)
    if held < row.quantity:
        raise ActionRefused(
            f"{entry} moved {row.quantity:,} units to {target}, which holds {held:,} now: the others have moved on. Reverse "
            f"first what took them: {_what_took(target, row.quantity - held)}"
        )
    posting = Posting(
        doing.entry(), REVERSE, target, source, row.resource_id, row.quantity, doing.today,
        typed=row.typed, unit=row.unit, value=row.value, currency=row.currency, valued_on=row.valued_on,
        concerns=row.concerns, reverses=entry,
    )  # fmt: skip
    doing.post([posting])
    keep_cause(posting.entry, "", doing.reason.strip())
    return doing.done(posting.entry, reverses=entry, base_units=row.quantity, entries=[posting.entry])


def _require_right(doing: Doing, row: Entry, source: AccountKey, target: AccountKey) -> None:
    """Ask for the right by which an entry is written; the same is asked of who takes it back."""
    if row.verb == "dispatch":
        consignment = get_consignment(target.holder)
        return require_sending(doing, consignment, lines_of(consignment), "consignment dispatch")
    if row.verb == "return" and source.stage == IN_TRANSIT:  # turned back by those who sent it
        consignment = get_consignment(source.holder)
        return require_sending(doing, consignment, lines_of(consignment), "consignment return")
    return doing.require(*_right(doing, row.verb, source, target))


def _right(doing: Doing, verb: str, source: AccountKey, target: AccountKey) -> tuple[Target, str]:
    """Return over whom, and by which right, units are moved by a verb between two accounts."""
    gift = get_offer(source.offer)
    if verb == "expire":
        return expiring_right(doing, gift, source.stage, source.holder)
    if source.stage == IN_TRANSIT:
        return target_of(get_consignment(source.holder).destination, doing.today), "consignment receive"
    if verb == "allocate":  # given up by whom it was decided for, and by nobody who only arranges it
        return target_of(get_party(target.holder), doing.today), "stock return"
    if source.stage in ("received", "paid"):
        right = {"damage": "stock lose", "miss": "stock lose", "distribute": "stock distribute", "spend": "money spend"}
        return target_of(get_party(source.holder), doing.today), right.get(verb, "stock return")
    return target_of(gift.donor, doing.today), {"pay": "money pay", "withdraw": "offer withdraw"}.get(
        verb, "offer change"
    )


def _what_took(account: AccountKey, wanted: int) -> str:
    """Return the newest entries that took units out of an account, as many as would have to be reversed."""
    named, found = [], 0
    rows = Entry.objects.filter(NOT_REVERSED, source=str(account)).exclude(verb=REVERSE).order_by("-seq")
    for row in rows[:SHOWN_ENTRIES]:
        named.append(f"{row.entry} ({row.verb} {row.quantity:,})")
        found += row.quantity
        if found >= wanted:
            return ", ".join(named)
    return ", ".join(named) + ", and more" if named else "nothing that can be reversed"

"""Actions on offers: make, firm up, change, withdraw.

An offer enters the stock book when it is firm enough to count (`ledger.stages.counted_from`); from then on the book says
what is open of it, and raising, lowering and withdrawing are entries. What was allocated or sent is never taken back here.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from evenhand.actions.action import Doing, Done, account, action
from evenhand.actions.finding import NEAREST_AMONG, get_offer, get_party, get_programme, get_resource
from evenhand.actions.typed import read_choice, read_line, read_names, read_number, read_text, refuse_future, shown
from evenhand.errors import ActionRefused, NameUnknown, suggest
from evenhand.ledger.stages import counted_from, entered_stage
from evenhand.records.earmarks import PARTY, earmark_names, split_earmark, write_earmark
from evenhand.records.models import Group, Offer, Party, Resource
from evenhand.records.quantities import Quantity, read_quantity, unit_size, units_of, value_of
from evenhand.records.tree import target_of
from evenhand.rounds.models import Round, RoundLot
from evenhand.stockbook.models import Account
from evenhand.stockbook.posting import Posting

Ref = Annotated[str, "the offer's ref, OF-..."]
Firmness = Annotated[str, "how firm it is: statement, pledge or commitment"]


@action("offer make")
def make_offer(
    doing: Doing,
    *,
    donor: Annotated[str, "the key of the party that gives, such as IND"],
    resource: Annotated[str, "the key of the resource, such as vaccine-measles"],
    quantity: Annotated[str, "how much in all, as people say it: 1200, '40 box', '2000000 USD'"],
    unit: Annotated[str, "the unit or pack, where the quantity does not say it"] = "",
    firmness: Firmness = "pledge",
    said_on: Annotated[date | None, "the day it was said; today where not said"] = None,
    pack: Annotated[str, "the unit it is shared out in; the unit of the quantity where not said"] = "",
    min_packs: Annotated[int, "the fewest packs worth sending to one recipient"] = 1,
    window_from: Annotated[date | None, "the first day it can be had"] = None,
    window_until: Annotated[date | None, "the last day it can be had"] = None,
    meant_for: Annotated[
        str, "the groups or parties it is meant for, separated by ';'; a party named like a group: party:NAM"
    ] = "",
    not_for: Annotated[str, "the groups or parties it is not meant for, separated by ';'"] = "",
    conditions: Annotated[str, "what the donor asks for in return or in use"] = "",
    expires: Annotated[date | None, "the last day it can be used"] = None,
    unit_value: Annotated[str, "what one base unit is worth in money, such as 2.15"] = "",
    currency: Annotated[str, "the currency of that, such as USD"] = "",
    valued_on: Annotated[date | None, "the day of that price or rate"] = None,
    programme: Annotated[str, "the ref of the programme it belongs to"] = "",
) -> Done:
    """Make an offer. A pledge counts, of money only a commitment; a statement is kept as what was said."""
    giving = get_party(donor)
    doing.require(target_of(giving, doing.today))
    if giving.retired_on is not None:
        raise ActionRefused(f"{giving.key} was retired on {giving.retired_on}; it takes part in nothing new")
    given = get_resource(resource)
    amount = read_quantity(given, quantity, unit)
    refuse_future(doing.today, "said_on", said_on)
    meant, excepted = _read_earmark("meant_for", meant_for), _read_earmark("not_for", not_for)
    both = [name for these, those in zip(meant, excepted, strict=True) for name in these if name in those]
    if both:
        raise ActionRefused(f"{both[0]} stands both in meant_for and in not_for; leave it out of one")
    offer = Offer(
        ref=doing.ref("OF"), donor=giving, resource=given, quantity=amount.base_units, typed=amount.typed,
        unit=amount.unit, pack_size=_pack_size(given, pack or amount.unit), min_packs=min_packs,
        firmness=read_choice("firmness", firmness, Offer.FIRMNESS), said_on=said_on or doing.today,
        window_from=window_from, window_until=window_until, meant_for=_written("meant_for", meant), not_for=_written("not_for", excepted),
        conditions=read_text("conditions", conditions), expires=expires, made_at=doing.at,
        programme=get_programme(programme) if programme else None,
    )  # fmt: skip
    offer.unit_value, offer.currency, offer.valued_on = _read_value(doing, unit_value, currency, valued_on)
    _refuse_unshareable(offer)
    _refuse_closed(doing, offer, window_until=window_until, expires=expires)
    offer.save(force_insert=True)
    counted = _counts(offer)
    if counted:
        doing.post([_entering(doing, offer, amount, offer.said_on)])
    return doing.done(
        offer.ref, base_units=offer.quantity, firmness=offer.firmness, counted=counted,
        left_over=offer.quantity % offer.pack_size,
    )  # fmt: skip


@action("offer firm")
def firm_offer(doing: Doing, *, offer: Ref, firmness: Firmness) -> Done:
    """Make an offer firmer: a statement becomes a pledge, a pledge a commitment."""
    row = _own(doing, offer)
    wanted = Offer.FIRMNESS.index(read_choice("firmness", firmness, Offer.FIRMNESS))
    now = Offer.FIRMNESS.index(row.firmness)
    if wanted == now:
        raise ActionRefused(f"{row.ref} is a {row.firmness} already")
    if wanted < now:
        raise ActionRefused(
            f"{row.ref} is a {row.firmness} and never becomes a {firmness} again; withdraw it and make a new offer"
        )
    _refuse_closed(doing, row, window_until=row.window_until, expires=row.expires)
    was_counted = _counts(row)
    row.firmness = firmness
    row.save(update_fields=["firmness"])
    if _counts(row) and not was_counted:
        doing.post([_entering(doing, row, Quantity(row.quantity, row.typed, row.unit), doing.today)])
    return doing.done(row.ref, firmness=firmness, counted=_counts(row))


@action("offer change")
def change_offer(
    doing: Doing,
    *,
    offer: Ref,
    quantity: Annotated[str, "how much in all from now on, what was sent already included"] = "",
    unit: Annotated[str, "the unit or pack, where the quantity does not say it"] = "",
    window_from: Annotated[date | None, "the first day it can be had, where that changed"] = None,
    window_until: Annotated[date | None, "the last day it can be had, where that changed"] = None,
    conditions: Annotated[str, "what the donor asks for in return or in use, where that changed"] = "",
    expires: Annotated[date | None, "the last day it can be used, where that changed"] = None,
) -> Done:
    """Change an offer, with a reason; it cannot be lowered below what was allocated or sent."""
    row = _own(doing, offer)
    if not doing.reason:
        raise ActionRefused("changing an offer needs a reason; say why it is different now")
    _refuse_in_round(row)
    asked: dict[str, object] = {"window_from": window_from, "window_until": window_until, "expires": expires}
    asked["conditions"] = read_text("conditions", conditions)
    changed = [name for name, value in asked.items() if value and value != getattr(row, name)]
    for name in changed:
        setattr(row, name, asked[name])
    was = row.quantity
    if quantity or unit:
        amount = read_quantity(row.resource, quantity, unit)
        if amount.base_units != was:
            _move(doing, row, amount.base_units - was)
            row.quantity, row.typed, row.unit = amount.base_units, amount.typed, amount.unit
            changed += ["quantity", "typed", "unit"]
    if not changed:
        raise ActionRefused(
            f"nothing of {row.ref} would change; say which of quantity, window, conditions, expires is different"
        )
    _refuse_unshareable(row)
    _refuse_closed(doing, row, window_until=window_until, expires=expires)
    row.save(update_fields=changed)
    return doing.done(
        row.ref, changed=[name for name in changed if name not in ("typed", "unit")], base_units=row.quantity
    )


@action("offer withdraw")
def withdraw_offer(doing: Doing, *, offer: Ref) -> Done:
    """Withdraw all that is still open of an offer, also what came back since; what was allocated or sent stays."""
    row = _own(doing, offer, came_back=True)
    if not doing.reason:
        raise ActionRefused("a withdrawal needs a reason; say why the offer no longer stands")
    _refuse_in_round(row)
    open_units = 0
    if _counts(row):
        open_units = _open_units(row)
        if not open_units:
            raise ActionRefused(
                f"nothing of {row.ref} is open: all {row.quantity:,} {row.resource.base_unit} were allocated, sent, or "
                "taken off before"
            )
        doing.post([_leaving(doing, row, open_units)])
    row.withdrawn = True
    row.save(update_fields=["withdrawn"])
    return doing.done(row.ref, taken_back=open_units)


def _own(doing: Doing, ref: str, *, came_back: bool = False) -> Offer:
    """Return an offer that stands; or one that was withdrawn, if units of it came back by a reversal and that may be."""
    row = get_offer(ref)
    doing.require(target_of(row.donor, doing.today))
    if row.withdrawn and not (came_back and _open_units(row)):
        raise ActionRefused(f"{row.ref} was withdrawn and stays so; make a new offer")
    return row


def _counts(offer: Offer) -> bool:
    """Say whether an offer is firm enough to stand in the book."""
    ranks = Offer.FIRMNESS
    return ranks.index(offer.firmness) >= ranks.index(counted_from(offer.resource.kind))


def _open_units(offer: Offer) -> int:
    key = account(entered_stage(offer.resource.kind), offer.ref)
    return Account.objects.filter(pk=str(key)).values_list("balance", flat=True).first() or 0


def _move(doing: Doing, offer: Offer, more: int) -> None:
    """Bring the book to a raised or lowered quantity."""
    if not _counts(offer):
        return
    unit = offer.resource.base_unit
    if more > 0:
        doing.post([_entering(doing, offer, Quantity(more, str(more), unit), doing.today)])
        return
    open_units = _open_units(offer)
    if -more > open_units:
        raise ActionRefused(
            f"{offer.quantity - open_units:,} {unit} of {offer.ref} were allocated, sent or taken off already and "
            f"{open_units:,} are open; it cannot be lowered by {-more:,}. Give at least {offer.quantity - open_units:,} {unit}"
        )
    doing.post([_leaving(doing, offer, -more)])


def _entering(doing: Doing, offer: Offer, amount: Quantity, happened: date) -> Posting:
    stage = entered_stage(offer.resource.kind)
    verb = "commit" if stage == "committed" else "offer"
    return _posting(doing, offer, verb, "outside", stage, amount, happened)


def _leaving(doing: Doing, offer: Offer, units: int) -> Posting:
    amount = Quantity(units, str(units), offer.resource.base_unit)
    return _posting(doing, offer, "withdraw", entered_stage(offer.resource.kind), "withdrawn", amount, doing.today)


def _posting(
    doing: Doing, offer: Offer, verb: str, source: str, target: str, amount: Quantity, happened: date
) -> Posting:
    return Posting(
        entry=doing.entry(), verb=verb, source=account(source, offer.ref), target=account(target, offer.ref),
        resource=offer.resource_id, quantity=amount.base_units, happened=happened, typed=amount.typed,
        unit=amount.unit, value=value_of(offer.unit_value, amount.base_units), currency=offer.currency,
        valued_on=offer.valued_on.isoformat() if offer.valued_on else "", concerns=offer.ref,
    )  # fmt: skip


def _pack_size(resource: Resource, pack: str) -> int:
    size = unit_size(resource, pack)
    if size is None:
        units = units_of(resource)
        raise ActionRefused(
            f"{resource.key} has no pack '{shown(pack)}'; it has {', '.join(units)}{suggest(pack, units)}"
        )
    return size


def _refuse_unshareable(offer: Offer) -> None:
    """Refuse an offer of which no recipient could ever get anything."""
    if offer.min_packs < 1:
        raise ActionRefused(f"min_packs is {offer.min_packs}; at least 1 pack goes to a recipient")
    if offer.min_packs * offer.pack_size > offer.quantity:
        raise ActionRefused(
            f"{offer.quantity:,} {offer.resource.base_unit} are fewer than {offer.min_packs:,} packs of "
            f"{offer.pack_size:,}, so nobody could get any; name a smaller pack or fewer min_packs"
        )


def _refuse_closed(doing: Doing, offer: Offer, *, window_until: date | None, expires: date | None) -> None:
    """Refuse dates that contradict one another, and new ones that are past."""
    first, last, end = offer.window_from, offer.window_until, offer.expires
    if first is not None and last is not None and last < first:
        raise ActionRefused(f"the window ends on {last}, before it begins on {first}; change the two about")
    if first is not None and end is not None and end < first:
        raise ActionRefused(f"it expires on {end}, before it can be had on {first}")
    for name, day in (("expires", expires), ("window_until", window_until)):
        if day is not None and day < doing.today:
            raise ActionRefused(f"{name} is {day}, which is past; give today, {doing.today}, or a later day")


def _refuse_in_round(offer: Offer) -> None:
    lot = RoundLot.objects.filter(offer=offer, round__state__in=Round.LIVE).select_related("round").first()
    if lot is not None:
        raise ActionRefused(
            f"{offer.ref} is a lot of the round {lot.round_id}, which is {lot.round.state}; it can be changed or "
            "withdrawn once that round is posted or cancelled"
        )


def _read_earmark(column: str, text: str) -> tuple[list[str], list[str]]:
    """Return the groups and the parties of an earmark, each once."""
    names = earmark_names(text)
    read_names(column, ";".join(name.removeprefix(PARTY) for name in names))
    groups, parties = split_earmark(text)
    for name in names:
        if name not in groups and name.removeprefix(PARTY) not in parties:
            known = list(Party.objects.values_list("key", flat=True)[:NEAREST_AMONG])
            raise NameUnknown("group or party", name, [*Group.objects.values_list("key", flat=True), *known])
    return list(dict.fromkeys(groups)), list(dict.fromkeys(parties))


def _written(column: str, named: tuple[list[str], list[str]]) -> str:
    return read_line(column, write_earmark(*named), most=400, needed=False)


def _read_value(doing: Doing, unit_value: str, currency: str, valued_on: date | None) -> tuple[str, str, date | None]:
    if not unit_value:
        if currency or valued_on:
            raise ActionRefused("a currency or a day of a value was given without the value; say unit_value too")
        return "", "", None
    if not currency or valued_on is None:
        raise ActionRefused("a value needs its currency and the day of the price or rate; say currency and valued_on")
    refuse_future(doing.today, "valued_on", valued_on)
    money = get_resource(currency)
    if money.kind != "money":
        raise ActionRefused(f"{money.key} is {money.kind}, not a currency; name one such as USD")
    return read_number("unit_value", unit_value), money.key, valued_on

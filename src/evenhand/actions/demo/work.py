"""What else was given in the demo: oxygen, salts, tents, dialysis, a team, houses, money. All of it is invented."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from evenhand.actions.consignments import dispatch_consignment, plan_consignment
from evenhand.actions.demo.people import MEDICAL, RELIEF
from evenhand.actions.demo.telling import Telling
from evenhand.actions.money import pay_money, spend_money
from evenhand.actions.receipts import receive_consignment
from evenhand.actions.stock import distribute_stock, return_stock

Event = tuple[int, str, Callable[[], object]]

# name, offer, donor, recipient, how much, day it leaves, day it is due, day it comes (0: not yet), what came besides
TRAVELS: tuple[tuple[str, str, str, str, str, int, int, int, dict[str, str]], ...] = (
    ("oxygen-tcd", "oxygen", MEDICAL, "TCD", "40", -70, -60, -52, {"damaged": "2", "missing": "1", "cause": "broken", "note": "two compressors fell (invented)"}),
    ("oxygen-npl", "oxygen-npl", MEDICAL, "NPL", "50", -66, -58, -58, {}),
    ("oxygen-npl-2", "oxygen-npl", MEDICAL, "NPL", "20", -20, -12, 0, {}),
    ("ors-yem", "ors-yem", MEDICAL, "YEM", "350 carton", -64, -50, -36, {"damaged": "12 carton", "cause": "wet", "note": "rain in the port (invented)"}),
    ("tents-tcd", "tents-tcd", RELIEF, "TCD", "1200", -60, -45, -43, {"missing": "60", "cause": "theft", "note": "one lorry was robbed (invented)"}),
    ("tents-tcd-2", "tents-tcd", RELIEF, "TCD", "500", -25, -14, 0, {}),
    ("dialysis-lbn", "dialysis-lbn", MEDICAL, "LBN", "1300", -75, -75, -75, {}),
    ("team-moz", "team-moz", MEDICAL, "MOZ", "2", -62, -60, -60, {}),
    ("houses-syr", "houses-syr", RELIEF, "SYR", "18", -50, -20, -20, {}),
)  # fmt: skip

# name, party, offer, how much was used, day
USES = (
    ("oxygen-tcd", "TCD", "oxygen", "37", -45),
    ("oxygen-npl", "NPL", "oxygen-npl", "46", -50),
    ("ors-yem", "YEM", "ors-yem", "210 carton", -20),
    ("tents-tcd", "TCD", "tents-tcd", "980", -30),
    ("dialysis-lbn", "LBN", "dialysis-lbn", "920", -5),
    ("houses-syr", "SYR", "houses-syr", "11", -8),
)
KIND = {"team-moz": "deployment"}


def work_events(telling: Telling, offers: dict[str, str]) -> list[Event]:
    """Return the events of what is neither vaccine nor shared out by a round."""
    events: list[Event] = []
    refs: dict[str, str] = {}

    def plan(name: str, offer: str, donor: str, party: str, typed: str, leaves: int, due: int) -> None:
        who = f"donor-{donor.lower()}"
        refs[name] = telling.act(
            who, plan_consignment, f"plan-{name}", origin=donor, destination=party, lines=f"{offers[offer]}={typed}",
            kind=KIND.get(name, "shipment"), carrier="Demo Freight (invented)", leaves_on=telling.day(leaves),
            due_on=telling.day(due),
        ).ref  # fmt: skip
        telling.act(who, dispatch_consignment, f"send-{name}", consignment=refs[name])

    def arrive(name: str, party: str, besides: dict[str, str]) -> None:
        telling.act(f"focal-{party.lower()}", receive_consignment, f"receive-{name}", consignment=refs[name], **besides)

    for name, offer, donor, party, typed, leaves, due, came, besides in TRAVELS:
        events.append((leaves, name, partial(plan, name, offer, donor, party, typed, leaves, due)))
        if came:
            events.append((came, f"{name} ", partial(arrive, name, party, besides)))
    for name, party, offer, typed, day in USES:
        events.append(
            (day, name, partial(telling.act, f"focal-{party.lower()}", distribute_stock, f"use-{name}", party=party, offer=offers[offer], quantity=typed))
        )  # fmt: skip
    return [*events, *_team(telling, offers["team-moz"]), *_money(telling, offers)]


def _team(telling: Telling, offer: str) -> list[Event]:
    """Tell a deployment that ends: one team did its work, the other went home before it was needed."""
    return [
        (-30, "team-moz", partial(
            telling.act, "focal-moz", distribute_stock, "use-team-moz", party="MOZ", offer=offer, quantity="1",
        )),
        (-28, "team-moz", partial(
            telling.act, "focal-moz", return_stock, "return-team-moz", party="MOZ", offer=offer, quantity="1", cause="ended",
        )),
    ]  # fmt: skip


def _money(telling: Telling, offers: dict[str, str]) -> list[Event]:
    """Tell money that is committed, paid in parts, spent in part, and given back in part."""
    tcd, donor = offers["money-tcd"], "donor-demo-relief"
    return [
        (-72, "money", partial(telling.act, donor, pay_money, "pay-tcd-1", offer=tcd, to="TCD", quantity="150000 USD")),
        (-40, "money", partial(telling.act, "focal-tcd", spend_money, "spend-tcd-1", party="TCD", offer=tcd, quantity="92350.75 USD")),
        (-35, "money", partial(telling.act, donor, pay_money, "pay-tcd-2", offer=tcd, to="TCD", quantity="100000 USD")),
        (-12, "money", partial(telling.act, "focal-tcd", spend_money, "spend-tcd-2", party="TCD", offer=tcd, quantity="61200 USD")),
        (-10, "money", partial(
            telling.act, "focal-tcd", return_stock, "return-tcd", party="TCD", offer=tcd, quantity="5000 USD", cause="refund",
            note="a hall was lent free of charge (invented)",
        )),
        (-15, "money-uga", partial(telling.act, donor, pay_money, "pay-uga", offer=offers["money-uga"], to="UGA", quantity="60000 USD")),
    ]  # fmt: skip

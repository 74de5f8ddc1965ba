"""A book in the middle of its life, and every way there is to write into it next.

`make_scene` brings a fresh database to the point where each action that posts can be done; `STEPS` does each of them. A
step given twice with the same id is the same request, and another `turn` is another request, with other quantities.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from evenhand_cast import TODAY, Cast

GOODS, MONEY = "vaccine-measles", "USD"
LINES_OF_IMPORT = 3


@dataclass
class Scene:
    """Name what is in the book: refs of offers, consignments and rounds, ids of entries."""

    cast: Cast
    refs: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> str:
        try:
            return self.refs[name]
        except KeyError:
            raise AttributeError(name) from None

    def act(self, who: str, request: str, reason: str = "waybill 1182") -> Any:
        """Return the acting of somebody, under an id."""
        return self.cast(who, request=request, reason=reason)


def make_scene(cast: Cast) -> Scene:
    """Give, decide, send, receive, pay: by actions alone, as people would."""
    from evenhand.actions.consignments import dispatch_consignment, plan_consignment
    from evenhand.actions.money import pay_money
    from evenhand.actions.offers import make_offer
    from evenhand.actions.receipts import receive_consignment
    from evenhand.actions.stock import distribute_stock

    scene = Scene(cast)
    india = {"donor": "IND", "resource": GOODS, "pack": "vial"}
    for name, given in {
        "goods": india | {"quantity": "900 vial", "meant_for": "TCD", "unit_value": "2.15", "currency": "USD"},
        "said": india | {"quantity": "40 vial", "firmness": "statement"},
        "open": india | {"quantity": "300 vial"},
        "given": {
            "donor": "UNICEF",
            "resource": MONEY,
            "quantity": "500000 USD",
            "firmness": "commitment",
            "meant_for": "TCD",
        },
    }.items():
        who = "donor-" + str(given["donor"]).lower()
        scene.refs[name] = make_offer(cast(who, request=f"offer-{name}"), valued_on=_valued(given), **given).ref
    for name, packs in {"arrived": 400, "sent": 100, "planned": 50}.items():
        done = plan_consignment(
            cast("donor-ind", request=f"plan-{name}"),
            origin="IND",
            destination="TCD",
            lines=f"{scene.goods}={packs} vial",
        )
        scene.refs[name] = done.ref
        if name != "planned":
            dispatch_consignment(cast("donor-ind", request=f"dispatch-{name}"), consignment=done.ref)
    receive_consignment(cast("focal-tcd", request="receive-arrived"), consignment=scene.arrived)
    used = distribute_stock(cast("focal-tcd", request="used"), party="TCD", offer=scene.goods, quantity="3 vial")
    scene.refs["entry"] = used.facts["entries"][0]
    pay_money(cast("donor-unicef", request="paid"), offer=scene.given, to="TCD", quantity="200000 USD")
    _decide_a_round(scene)
    return scene


def _valued(given: Mapping[str, Any]) -> Any:
    return TODAY - timedelta(days=1) if "unit_value" in given else None


def _decide_a_round(scene: Scene) -> None:
    """Bring one round to where it is decided and only to be posted."""
    from evenhand.actions.needs import approve_need, draft_need, submit_need
    from evenhand.actions.offers import make_offer
    from evenhand.actions.rounds.deciding import decide_round
    from evenhand.actions.rounds.freezing import freeze_round
    from evenhand.actions.rounds.opening import open_round
    from evenhand.actions.rounds.proposing import propose_round, publish_round

    cast = scene.cast
    offer = make_offer(
        cast("donor-unicef", request="offer-shared"),
        donor="UNICEF",
        resource="mask-surgical",
        quantity="90 box",
        pack="box",
    ).ref
    for party in ("TCD", "KEN", "LBN"):
        who = f"focal-{party.lower()}"
        need = draft_need(
            cast(who, request=f"need-{party}"),
            party=party,
            resource="mask-surgical",
            quantity="100 box",
            why="a hospital",
        ).ref
        submit_need(cast(who, request=f"submit-{party}"), need=need)
        approve_need(cast("task-force", request=f"approve-{party}"), need=need)
    row = open_round(
        cast("task-force", request="open"), title="Masks in March", group="NAM", resource="mask-surgical", offers=offer
    ).ref
    freeze_round(cast("task-force", request="freeze"), round=row)
    propose_round(cast("task-force", request="propose"), round=row)
    publish_round(cast("task-force", request="publish"), round=row)
    for who in ("board-aze", "board-uga"):
        decide_round(cast(who, request=f"decide-{who}", reason="fair"), round=row)
    scene.refs["round"] = row


Step = Callable[[Scene, str, int], Any]
"""Scene, id of the request, turn → what the action answers."""


def _lose(scene: Scene, request: str, turn: int) -> Any:
    from evenhand.actions.stock import lose_stock

    what = ("missing", "damaged")[turn % 2]
    given = {"quantity": str(10 + turn), "cause": "theft", "what": what, "note": "seen by nobody"}
    return lose_stock(scene.act("focal-tcd", request), party="TCD", offer=scene.goods, **given)


def _distribute(scene: Scene, request: str, turn: int) -> Any:
    from evenhand.actions.stock import distribute_stock

    return distribute_stock(
        scene.act("focal-tcd", request), party="TCD", offer=scene.goods, quantity=f"{1 + turn} vial"
    )


def _return(scene: Scene, request: str, turn: int) -> Any:
    from evenhand.actions.stock import return_stock

    acting = scene.act("focal-tcd", request)
    return return_stock(acting, party="TCD", offer=scene.goods, quantity=str(5 + turn), cause="not-needed")


def _expire(scene: Scene, request: str, turn: int) -> Any:
    from evenhand.actions.stock import expire_stock

    who, stage, holder = (("donor-ind", "in-transit", scene.sent), ("focal-tcd", "received", "TCD"))[turn % 2]
    acting = scene.act(who, request)
    return expire_stock(acting, offer=scene.goods, quantity=str(7 + turn), stage=stage, holder=holder)


def _reverse(scene: Scene, request: str, turn: int) -> Any:
    from evenhand.actions.reversals import reverse_entry

    return reverse_entry(scene.act("focal-tcd", request, reason=f"counted twice ({turn})"), entry=scene.entry)


def _pay(scene: Scene, request: str, turn: int) -> Any:
    from evenhand.actions.money import pay_money

    return pay_money(scene.act("donor-unicef", request), offer=scene.given, to="TCD", quantity=f"{1000 + turn} USD")


def _spend(scene: Scene, request: str, turn: int) -> Any:
    from evenhand.actions.money import spend_money

    return spend_money(scene.act("focal-tcd", request), party="TCD", offer=scene.given, quantity=f"{100 + turn} USD")


def _plan(scene: Scene, request: str, turn: int) -> Any:
    from evenhand.actions.consignments import plan_consignment

    lines = f"{scene.goods}={20 + turn} vial"
    return plan_consignment(scene.act("donor-ind", request), origin="IND", destination="TCD", lines=lines)


def _dispatch(scene: Scene, request: str, turn: int) -> Any:
    from evenhand.actions.consignments import dispatch_consignment

    on = TODAY - timedelta(days=turn % 30)
    return dispatch_consignment(scene.act("donor-ind", request), consignment=scene.planned, on=on)


def _receive(scene: Scene, request: str, turn: int) -> Any:
    from evenhand.actions.receipts import receive_consignment

    given = {"good": f"{40 + turn}", "damaged": "3", "missing": "2", "cause": "wet", "note": f"rain, {turn}"}
    return receive_consignment(scene.act("focal-tcd", request), consignment=scene.sent, unit="vial", **given)


def _turn_back(scene: Scene, request: str, turn: int) -> Any:
    from evenhand.actions.turning_back import return_consignment

    given = {"quantity": str(20 + turn), "cause": "customs", "note": f"papers, {turn}"}
    return return_consignment(scene.act("donor-ind", request), consignment=scene.sent, **given)


def _make_offer(scene: Scene, request: str, turn: int) -> Any:
    from evenhand.actions.offers import make_offer

    given = {"donor": "IND", "resource": GOODS, "quantity": f"{100 + turn} vial", "conditions": "to be used by summer"}
    return make_offer(scene.act("donor-ind", request), **given)


def _firm(scene: Scene, request: str, turn: int) -> Any:
    from evenhand.actions.offers import firm_offer

    firmness = ("pledge", "commitment")[turn % 2]
    return firm_offer(scene.act("donor-ind", request), offer=scene.said, firmness=firmness)


def _change(scene: Scene, request: str, turn: int) -> Any:
    from evenhand.actions.offers import change_offer

    quantity = 300 + (1 + turn) * (-1) ** turn
    return change_offer(scene.act("donor-ind", request), offer=scene.open, quantity=f"{quantity} vial")


def _withdraw(scene: Scene, request: str, turn: int) -> Any:
    from evenhand.actions.offers import withdraw_offer

    return withdraw_offer(scene.act("donor-ind", request, reason=f"needed at home ({turn})"), offer=scene.open)


def _post_round(scene: Scene, request: str, turn: int) -> Any:
    from evenhand.actions.rounds.posting import post_round

    return post_round(scene.act("task-force", request, reason=f"minutes, item {turn}"), round=scene.round)


def _import_entries(scene: Scene, request: str, turn: int) -> Any:
    rows = [f"2026-01-1{one},received,IND,TCD,{GOODS},{40 + turn},box" for one in range(LINES_OF_IMPORT)]
    return _import(scene, "task-force", "entries", "happened,verb,donor,recipient,resource,quantity,unit", rows)


def _import_records(scene: Scene, request: str, turn: int) -> Any:
    rows = [f"IND,USD,{1000 + turn},USD,commitment,2026-01-01,400.25,2026-02-03,UNICEF"]
    return _import(scene, "donor-ind", "offers", "donor,resource,quantity,unit,firmness,said_on,paid,paid_on,to", rows)


def _import(scene: Scene, who: str, register: str, heading: str, rows: list[str]) -> Any:
    from evenhand.actions.bulk.importing import import_file
    from evenhand.actions.bulk.sending import Sent

    body = "\n".join([heading, *rows, ""]).encode()
    return import_file(scene.cast(who), Sent(register, body, filename=f"{register}.csv"))  # the file gives the id


STEPS: dict[str, Step] = {
    "consignment dispatch": _dispatch,
    "consignment plan": _plan,
    "consignment receive": _receive,
    "consignment return": _turn_back,
    "import entries": _import_entries,
    "import records": _import_records,
    "money pay": _pay,
    "money spend": _spend,
    "offer change": _change,
    "offer firm": _firm,
    "offer make": _make_offer,
    "offer withdraw": _withdraw,
    "round post": _post_round,
    "stock distribute": _distribute,
    "stock expire": _expire,
    "stock lose": _lose,
    "stock return": _return,
    "stock reverse": _reverse,
}
"""Name of the action → how it is done in the scene."""

LESS = {"import entries": 0.25, "import records": 0.25}
"""What is tried so much more seldom than the others, because each try costs ten times as much."""

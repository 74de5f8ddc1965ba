"""From the capital of Chad to a village clinic: one vaccine followed to the last hand. All of it is invented."""

from __future__ import annotations

from collections.abc import Callable

from evenhand.actions.consignments import dispatch_consignment, plan_consignment
from evenhand.actions.demo.people import CLINIC, DISTRICT
from evenhand.actions.demo.telling import Telling
from evenhand.actions.receipts import receive_consignment
from evenhand.actions.stock import distribute_stock, lose_stock
from evenhand.stockbook.models import Account

TO_DISTRICT, TO_CLINIC, GIVEN, SPOILT = 20_000, 2_000, 1_730, 60


def village_events(telling: Telling, offers: dict[str, str]) -> list[tuple[int, str, Callable[[], object]]]:
    """Return the events of the way to the village."""
    refs: dict[str, str] = {}

    def gift() -> str:
        """Return the gift of which the capital received most, the first of them by its ref."""
        held = Account.objects.filter(stage="received", holder="TCD", key__endswith="/TCD").order_by("-balance", "key")
        if "gift" not in refs:
            done = telling.act(
                "focal-tcd", plan_consignment, "plan-district", origin="TCD", destination=DISTRICT,
                lines=f"{held[0].offer_id}={TO_DISTRICT}", carrier="lorry of the ministry", leaves_on=telling.day(-58),
                due_on=telling.day(-55),
            )  # fmt: skip
            refs["district"] = done.ref
            refs["gift"] = str(done.facts["taken_from"][0]).split("/")[1]
        return refs["gift"]

    def on_to_clinic() -> None:
        refs["clinic"] = telling.act(
            "focal-tcd", plan_consignment, "plan-clinic", origin=DISTRICT, destination=CLINIC,
            lines=f"{refs['gift']}={TO_CLINIC}", carrier="motorcycle with a cold box", leaves_on=telling.day(-50),
            due_on=telling.day(-49),
        ).ref  # fmt: skip
        telling.act("focal-tcd", dispatch_consignment, "send-clinic", consignment=refs["clinic"])

    def arrive_short() -> None:
        telling.act(
            "nurse-moissala", receive_consignment, "receive-clinic", consignment=refs["clinic"], damaged=str(SPOILT),
            cause="cold-chain-broken", note="six vials at the bottom had thawed (invented)",
        )  # fmt: skip

    def give() -> None:
        telling.act(
            "nurse-moissala", distribute_stock, "use-clinic", party=CLINIC, offer=refs["gift"], quantity=str(GIVEN)
        )
        telling.act(
            "nurse-moissala", lose_stock, "lose-clinic", party=CLINIC, offer=refs["gift"], quantity="10", what="damaged",
            cause="broken", note="one vial fell (invented)",
        )  # fmt: skip

    return [
        (-60, "village", gift),
        (-58, "village", lambda: telling.act("focal-tcd", dispatch_consignment, "send-district", consignment=refs["district"])),
        (-55, "village", lambda: telling.act("focal-tcd", receive_consignment, "receive-district", consignment=refs["district"])),
        (-50, "village", on_to_clinic),
        (-49, "village", arrive_short),
        (-42, "village", give),
    ]  # fmt: skip

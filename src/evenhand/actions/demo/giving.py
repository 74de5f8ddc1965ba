"""What donors offer in the demo: 36 announcements of 2021, each with its source, and gifts of invented donors."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from evenhand.actions.demo.people import MEDICAL, RELIEF
from evenhand.actions.demo.telling import Telling, read_rows
from evenhand.actions.evidence import attach_evidence
from evenhand.actions.offers import firm_offer, make_offer
from evenhand.records.models import Resource

OFFERED = -92
ROUND_DAY = -90
"""The announcements' own windows and shelf lives are moved along, as if the first of June 2021 were this day."""

INVENTED = "Invented for the demo."


def make_offers(telling: Telling) -> dict[str, str]:
    """Make every offer; return name → ref."""
    refs: dict[str, str] = {}
    packs = dict(Resource.objects.values_list("key", "packs"))
    with telling.on(OFFERED):
        for row in read_rows("gifts"):
            refs[row["lot"]] = _announce(
                telling, row, next(name for name, size in packs[row["resource"]].items() if size == 100)
            )
    with telling.on(-91):
        for name, donor, given in _invented(telling):
            refs[name] = telling.act(
                f"donor-{donor.lower()}", make_offer, f"offer-{name}", donor=donor, conditions=INVENTED, **given
            ).ref
    with telling.on(-89):
        telling.act("donor-demo-relief", firm_offer, "firm-money-uga", offer=refs["money-uga"], firmness="commitment")
    return refs


def _announce(telling: Telling, row: dict[str, str], pack: str) -> str:
    donor = f"donor-{row['donor'].lower()}"
    day = telling.day(ROUND_DAY)
    moved: dict[str, Any] = {}
    if row["arrives_after"]:
        moved["window_from"] = day + timedelta(days=int(row["arrives_after"]))
    if row["expires_after"]:
        moved["expires"] = day + timedelta(days=int(row["expires_after"]))
    ref = telling.act(
        donor, make_offer, f"offer-{row['lot']}", donor=row["donor"], resource=row["resource"],
        quantity=f"{row['packs']} {pack}", firmness="commitment", said_on=date.fromisoformat(row["said_on"]),
        meant_for=row["meant_for"],
        conditions=f"Announced: {row['product']}; {row['said']}. That it was put into this pool is invented for the demo.",
        **moved,
    ).ref  # fmt: skip
    telling.act(
        donor, attach_evidence, f"said-{row['lot']}", about=ref, title=f"Announcement: {row['said']}", kind="readout",
        source=row["source"], dated=date.fromisoformat(row["said_on"]), confidence="medium", public=True,
    )  # fmt: skip
    return ref


def _invented(telling: Telling) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the gifts of invented donors: name, donor, what is given."""
    valued = {"currency": "USD", "valued_on": telling.day(-91)}
    far = telling.day(700)
    return [
        ("masks-1", MEDICAL, {"resource": "mask-surgical", "quantity": "1200 carton", "firmness": "commitment", "meant_for": "AU", "unit_value": "0.05", **valued}),
        ("masks-2", RELIEF, {"resource": "mask-surgical", "quantity": "600 carton", "firmness": "pledge", "not_for": "LBN"}),
        ("oxygen", MEDICAL, {"resource": "oxygen-concentrator-10l", "quantity": "40", "firmness": "commitment", "meant_for": "TCD", "unit_value": "1100", **valued}),
        ("oxygen-npl", MEDICAL, {"resource": "oxygen-concentrator-10l", "quantity": "70", "firmness": "commitment", "meant_for": "NPL", "unit_value": "1100", **valued}),
        ("oxygen-said", RELIEF, {"resource": "oxygen-concentrator-10l", "quantity": "500", "firmness": "statement"}),
        ("ors-yem", MEDICAL, {"resource": "ors", "quantity": "500 carton", "firmness": "commitment", "meant_for": "YEM", "expires": far}),
        ("ors-open", MEDICAL, {"resource": "ors", "quantity": "400 carton", "firmness": "pledge", "expires": far}),
        ("tents-tcd", RELIEF, {"resource": "tent-family", "quantity": "2000", "firmness": "commitment", "meant_for": "TCD", "unit_value": "420", **valued}),
        ("tents-open", RELIEF, {"resource": "tent-family", "quantity": "3500", "firmness": "pledge", "unit_value": "420", **valued}),
        ("dialysis-lbn", MEDICAL, {"resource": "dialysis-session", "quantity": "2600", "firmness": "commitment", "meant_for": "LBN"}),
        ("team-moz", MEDICAL, {"resource": "emt-type-1-mobile", "quantity": "2", "firmness": "commitment", "meant_for": "MOZ"}),
        ("houses-syr", RELIEF, {"resource": "house", "quantity": "50", "firmness": "commitment", "meant_for": "SYR"}),
        ("money-tcd", RELIEF, {"resource": "USD", "quantity": "400000 USD", "firmness": "commitment", "meant_for": "TCD"}),
        ("money-uga", RELIEF, {"resource": "USD", "quantity": "150000 USD", "firmness": "pledge", "meant_for": "UGA"}),
        ("money-pledged", RELIEF, {"resource": "USD", "quantity": "1000000 USD", "firmness": "pledge"}),
    ]  # fmt: skip

"""A gift that travelled: for the tests of the pages of offers, promises and programmes, as of now."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from evenhand_cast import Cast


@dataclass(frozen=True)
class Trail:
    """Hold the refs of a gift of 1,000 doses: 600 sent to Chad, 500 good, 60 damaged, 40 missing; 200 used; 100 sent on to the clinic."""

    offer: str
    statement: str
    money: str
    programme: str
    consignment: str
    evidence: str
    receipt: str


def now() -> datetime:
    """Return now: what pages do is done now."""
    return datetime.now(UTC)


@pytest.fixture
def trail(cast: Cast) -> Trail:
    """The gift and what became of it."""
    from evenhand.actions.consignments import dispatch_consignment, plan_consignment
    from evenhand.actions.evidence import attach_evidence
    from evenhand.actions.offers import make_offer
    from evenhand.actions.programmes import start_programme
    from evenhand.actions.receipts import receive_consignment
    from evenhand.actions.stock import distribute_stock

    def who(name: str, reason: str = "") -> Any:
        return cast(name, reason=reason, request=str(uuid.uuid4()), at=now())

    programme = start_programme(
        who("donor-ind"), title="Measles, <b>Mandoul</b>", kind="aid", lead="IND", sdg_targets="3.b"
    ).ref
    offer = make_offer(
        who("donor-ind"), donor="IND", resource="vaccine-measles", quantity="1000", firmness="commitment", meant_for="TCD",
        conditions="SECRETWORDS", unit_value="2.5", currency="USD", valued_on=now().date(), programme=programme,
    ).ref  # fmt: skip
    first = plan_consignment(who("donor-ind"), origin="IND", destination="TCD", lines=f"{offer}=600").ref
    dispatch_consignment(who("donor-ind"), consignment=first)
    receive_consignment(
        who("focal-tcd"), consignment=first, good="500", damaged="60", missing="40", cause="wet", note="the roof leaked"
    )
    distribute_stock(who("focal-tcd"), party="TCD", offer=offer, quantity="200")
    second = plan_consignment(who("focal-tcd"), origin="TCD", destination="TCD-moissala", lines=f"{offer}=100").ref
    dispatch_consignment(who("focal-tcd"), consignment=second)
    receive_consignment(who("nurse-moissala"), consignment=second)
    return Trail(
        offer,
        make_offer(who("donor-unicef"), donor="UNICEF", resource="vaccine-measles", quantity="5000", firmness="statement").ref,
        make_offer(
            who("donor-unicef"), donor="UNICEF", resource="USD", quantity="70000 USD", firmness="commitment", meant_for="TCD",
            programme=programme,
        ).ref,
        programme,
        first,
        attach_evidence(
            who("donor-ind"), about=offer, title="Said “<i>a thousand</i>”", kind="readout",
            source="The Daily; https://www.example.org/a?b=1&c=2; javascript:alert(1)", public=True,
        ).ref,
        attach_evidence(who("donor-ind"), about=offer, title="The receipt", kind="receipt", file=b"%PDF-1.7 <script>").ref,
    )  # fmt: skip


@pytest.fixture
def kept_in_use(trail: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the book and the names between requests, as in use; in a test's transaction nothing is kept otherwise."""
    from evenhand.lookups import gifts, overdue, programme_stories, promises, snapshot, version

    book = snapshot.read_book(None)
    for module in (gifts, overdue, programme_stories, promises):
        monkeypatch.setattr(module, "read_book", lambda as_of: book)
    monkeypatch.setattr(version, "_in_transaction", lambda: False)
    monkeypatch.setattr(version, "_KEPT", {})

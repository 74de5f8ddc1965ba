"""Goods on the way, and readers who are signed in: what the pages of consignments and receipts are tried with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from evenhand_cast import Cast
from evenhand_stock import make_gift


@dataclass(frozen=True)
class Travel:
    """Hold a consignment from UNICEF to Chad: 6 boxes of 100 doses, and 4 boxes of 50 masks."""

    cast: Cast
    ref: str
    vaccine: str
    mask: str

    def state(self) -> list[tuple[int, int, int, int]]:
        """Return good, damaged, missing, on the way of each line."""
        from evenhand.access.viewers import PUBLIC
        from evenhand.lookups.consignments import get_consignment

        lines = get_consignment(PUBLIC, self.ref).lines
        return [(one.good, one.damaged, one.missing, one.on_the_way) for one in lines]


@pytest.fixture
def planned(cast: Cast, signing: Any) -> Travel:
    """A consignment that has not left."""
    from evenhand.actions.consignments import plan_consignment

    vaccine = make_gift("UNICEF", "vaccine-measles", 4000, allocated={"TCD": 1000}, pack_size=100)
    mask = make_gift("UNICEF", "mask-surgical", 500, allocated={"TCD": 200})
    done = plan_consignment(
        cast("donor-unicef"), origin="UNICEF", destination="TCD", lines=f"{vaccine}=6 box;{mask}=4 box", carrier="Truck",
        waybill="1182", due_on=cast("donor-unicef").at.date(),
    )  # fmt: skip
    return Travel(cast, done.ref, vaccine, mask)


@pytest.fixture
def travel(planned: Travel) -> Travel:
    """The same, on its way."""
    from evenhand.actions.consignments import dispatch_consignment

    dispatch_consignment(planned.cast("donor-unicef"), consignment=planned.ref)
    return planned

"""One offer, followed to the last hand: what was said, what entered the book, and who has it now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import attrgetter
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from evenhand.access.rights import may
from evenhand.access.viewers import Viewer
from evenhand.lookups.gifts import (
    Gift,
    Hand,
    read_earmark,
    read_evidence_on,
    read_gift,
    read_standing,
    read_whole_units,
)
from evenhand.lookups.offers import Offer
from evenhand.lookups.reach import today
from evenhand.web.evidence.sources import with_sources
from evenhand.web.frame.pages import public_page, show, viewer_of
from evenhand.web.frame.tables import Column, Table

MOST_ROWS: Final = 100
"""Of hands, consignments and steps on the page; the data and the book have all."""

COLUMNS: Final = (
    Column("party", gettext_lazy("Who"), "named", of="party"),
    Column("above", gettext_lazy("Above it"), "named", gettext_lazy("the nearest party above it that got some too"), of="party"),
    Column("rounds", gettext_lazy("Round"), "code", value=lambda row: "; ".join(row.rounds)),
    *(
        Column(key, said, "amount", meaning, "base units", value=attrgetter(f"share.{key}"))
        for key, said, meaning in (
            ("allocated", gettext_lazy("Allocated"), gettext_lazy("decided for it, whatever became of it since")),
            ("sent", gettext_lazy("Sent"), gettext_lazy("dispatched to it in consignments")),
            ("received", gettext_lazy("Received"), gettext_lazy("arrived in good order, or paid to it")),
            ("used", gettext_lazy("Used"), gettext_lazy("handed to people, or spent")),
            ("passed_on", gettext_lazy("Passed on"), gettext_lazy("dispatched by it to somebody else")),
            ("held", gettext_lazy("Held now"), ""),
            ("damaged", gettext_lazy("Damaged"), ""),
            ("missing", gettext_lazy("Missing"), ""),
            ("expired", gettext_lazy("Expired"), ""),
            ("returned", gettext_lazy("Returned"), gettext_lazy("given back to the donor")),
        )
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """Hold one stage of a promise as it is drawn: its words, the part of a bar that it is, how much, and a remark."""

    said: str
    part: str
    amount: Fraction | None
    remark: str = ""

    @property
    def parts(self) -> Mapping[str, Fraction]:
        """Return the bar."""
        return {self.part: self.amount or Fraction(0)}


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one recipient as it is shown, its amounts in the unit that people read."""

    hand: Hand
    amounts: Mapping[str, Fraction]
    bar: Mapping[str, Fraction]
    level: int


@public_page
def offer(request: HttpRequest, ref: str) -> HttpResponse:
    """Show an offer and what became of it."""
    viewer = viewer_of(request)
    gift = read_gift(viewer, ref)
    row = gift.offer
    per = read_whole_units(viewer).get(row.resource, 0)
    table = Table("recipients", _("Who got what of this offer"), COLUMNS, gift.hands)
    proofs = with_sources(read_evidence_on(viewer, ref))
    context = {
        "offer": row, "gift": gift, "per": per or 1, "unit": row.resource if per else row.base_unit,
        "quantity": Fraction(row.quantity, per or 1), "stages": steps_of(gift, per or 1), "now": now_of_stages(row.stages),
        "rows": [_row(one, per or 1) for one in gift.hands[:MOST_ROWS]], "most": MOST_ROWS,
        "scale": max((max(one.share.sent, one.share.allocated, one.share.received) for one in gift.hands), default=0),
        "travels": gift.travels[:MOST_ROWS], "happened": gift.steps[-MOST_ROWS:][::-1],
        "words": [one for one in proofs if one.said.kind == "readout"],
        "proofs": [one for one in proofs if one.said.kind != "readout"],
        "late": row.window_until is not None and row.window_until < today() and left_of(row) > 0,
        "left": Fraction(left_of(row), per or 1), "worth": _worth(row, gift), "may": what_may_be_done(viewer, row),
        "meant_for": read_earmark(viewer, row.meant_for), "not_for": read_earmark(viewer, row.not_for),
    }  # fmt: skip
    return show(request, "offers/offer.html", context, table=table)


def left_of(row: Offer) -> int:
    """Return what is still with the donor."""
    return sum(row.stages.get(stage, 0) for stage in ("offered", "committed", "allocated"))


def steps_of(gift: Gift, per: int) -> list[Step]:
    """Return the stages of a gift, each counting what has come at least so far."""
    row = gift.offer
    firm = ("statement", "pledge", "commitment").index(row.firmness)

    def whole(units: int) -> Fraction:
        return Fraction(units, per)

    said, sent = whole(row.quantity), gift.dispatched
    money = row.kind == "money"
    steps = [
        Step(_("Said"), "promised", said),
        Step(_("Pledged"), "promised", said if firm >= 1 else None, "" if firm else _("not yet: it is a statement")),
        Step(_("Committed"), "promised", said if firm >= 2 else None, "" if firm >= 2 else _("not yet")),
    ]
    if gift.entered:
        by_round = (
            _("by no round: its donor says whom it is for") if gift.dispatched and not gift.allocated else _("not yet")
        )
        steps += [
            Step(_("Allocated"), "allocated", whole(gift.allocated) if gift.allocated else None, by_round),
            Step(
                _("Paid") if money else _("Dispatched"), "in_transit", whole(sent) if sent else None, _("nothing yet")
            ),
        ]
        if not money:
            steps.append(
                Step(
                    _("Received"),
                    "received",
                    whole(gift.received) if gift.received else None,
                    _("nothing confirmed yet"),
                )
            )
        steps.append(
            Step(
                _("Spent") if money else _("Used"),
                "used",
                whole(gift.used) if gift.used else None,
                _("nothing reported yet"),
            )
        )
    for words, units in (
        (_("Lost on the way"), gift.lost),
        (_("Returned"), gift.returned),
        (_("Withdrawn"), gift.withdrawn),
    ):
        if units:
            steps.append(Step(words, "lost" if words == _("Lost on the way") else "held", whole(units)))
    return steps


def now_of_stages(there: Mapping[str, int]) -> dict[str, int]:
    """Return where the units of an offer are now, as the parts of one bar."""
    return {
        "used": there.get("used", 0) + there.get("spent", 0), "received": there.get("received", 0) + there.get("paid", 0),
        "in_transit": there.get("in-transit", 0), "allocated": there.get("allocated", 0),
        "promised": there.get("offered", 0) + there.get("committed", 0),
        "lost": sum(there.get(stage, 0) for stage in ("damaged", "missing", "expired")),
    }  # fmt: skip


def _row(hand: Hand, per: int) -> Row:
    share = hand.share
    names = ("allocated", "sent", "received", "used", "passed_on", "held", "returned")
    amounts = {name: Fraction(getattr(share, name), per) for name in names} | {"lost": Fraction(hand.lost, per)}
    waiting = max(0, share.allocated - share.sent)
    bar = {
        "used": share.used, "received": share.held, "in_transit": hand.coming, "allocated": waiting, "lost": hand.lost,
    }  # fmt: skip
    return Row(hand, amounts, {name: Fraction(units) for name, units in bar.items()}, min(hand.depth, 5))


def _worth(row: Offer, gift: Gift) -> dict[str, Any] | None:
    """Return what the offer is worth at its donor's price; nothing where none was given."""
    if not row.unit_value:
        return None
    price = Fraction(row.unit_value)
    return {"unit": price, "all": price * row.quantity, "received": price * gift.received, "lost": price * gift.lost}


def what_may_be_done(viewer: Viewer, row: Offer) -> list[tuple[str, str, str]]:
    """Return what a viewer may do with an offer now, as (group, verb and query, words)."""
    if not viewer.public_id:
        return []
    target = read_standing(viewer, row.donor)
    open_ = row.stages.get("offered", 0) + row.stages.get("committed", 0)
    stands = row.state != "withdrawn"
    steps = [
        ("offer firm", "offer", _("Make it firmer"), stands and row.firmness != "commitment"),
        ("money pay", "offer", _("Pay"), row.kind == "money" and bool(open_ or row.stages.get("allocated"))),
        ("offer change", "offer", _("Change it"), stands),
        ("evidence attach", "about", _("Attach evidence"), True),
        ("offer withdraw", "offer", pgettext("an offer", "Withdraw it"), (stands and not row.counted) or bool(open_)),
    ]
    return [
        (action, f"{name}={row.ref}", said)
        for action, name, said, fits in steps
        if fits and may(viewer, action, target)
    ]

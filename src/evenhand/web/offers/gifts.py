"""A donor's own gifts and where each stands; and the first question of a new one: what kind of thing it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import Viewer
from evenhand.lookups.gifts import read_whole_units
from evenhand.lookups.lapsing import count_expiring
from evenhand.lookups.offers import Offer, count_offers, list_offers
from evenhand.lookups.overdue import count_overdue
from evenhand.web.frame.pages import private_page, show, viewer_of
from evenhand.web.frame.tables import PAGE, Table, chosen_of, rows_of
from evenhand.web.offers.one import left_of, now_of_stages
from evenhand.web.offers.views import NEWEST, columns_of, in_words

ROLES: Final = ("donor", "donor-reader")
FILTERS: Final = ("party", "resource", "state", "search")

KINDS: Final = (
    ("goods", gettext_lazy("Goods"), gettext_lazy("Vaccine, tents, masks, food: what is sent in packs and counted on receipt.")),
    ("money", gettext_lazy("Money"), gettext_lazy("An amount in one currency, for whom you name. It counts once it is committed.")),
    ("capacity", gettext_lazy("A team or beds"), gettext_lazy("People or places that are lent for a time and come back.")),
    ("service", gettext_lazy("A service"), gettext_lazy("Treatment, transport, training: what is done for somebody.")),
    ("structure", gettext_lazy("A structure"), gettext_lazy("Houses, classrooms, wells: what is built and handed over.")),
)  # fmt: skip
"""Kind of resource → what a donor calls it, and an example."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold one own offer and where its units are, as the parts of a bar."""

    offer: Offer
    quantity: str
    parts: dict[str, int]
    left: str


@private_page(*ROLES)
def give(request: HttpRequest) -> HttpResponse:
    """Ask what kind of thing is given; the form after it has only the fields of that kind."""
    viewer_may = viewer_of(request).has(*RIGHTS["offer make"])
    kept = request.GET.urlencode()
    return show(
        request, "offers/give.html", {"kinds": KINDS, "may_offer": viewer_may, "kept": f"&{kept}" if kept else ""}
    )


@private_page(*ROLES)
def gifts(request: HttpRequest) -> HttpResponse:
    """Show one's own gifts: each with where it stands, to be followed, changed or exported."""
    viewer = viewer_of(request)
    own = sorted(viewer.parties(*ROLES))
    chosen = chosen_of(request, FILTERS)
    party = chosen.get("party", "") if chosen.get("party", "") in own else own[0]
    chosen["party"] = party
    found = rows_of(request, list_offers, viewer, count=count_offers, order=NEWEST, most=PAGE, **chosen)
    whole = read_whole_units(viewer)
    table = Table(
        "gifts", _("My gifts and where each stands"), columns_of(request, whole), found.rows, found.next, found.total, NEWEST,
        _("You have offered nothing yet."), {name: value for name, value in chosen.items() if name != "party"},
    )  # fmt: skip
    context: dict[str, Any] = {
        "own": own, "party": party, "chosen": chosen, "rows": [_standing(one, whole) for one in found.rows],
        "overdue": count_overdue(viewer, party=party), "expiring": count_expiring(viewer, donor=party),
        "may_offer": viewer.has(*RIGHTS["offer make"]),
    }  # fmt: skip
    return show(request, "offers/gifts.html", context, table=table)


def own_offers(viewer: Viewer, **chosen: Any) -> Sequence[Offer]:
    """Return the offers of every party that a viewer gives for, the latest first."""
    found = [one for party in sorted(viewer.parties("donor")) for one in list_offers(viewer, party=party, **chosen)]
    return sorted({one.ref: one for one in found}.values(), key=lambda one: one.made_at, reverse=True)


def _standing(offer: Offer, whole: dict[str, int]) -> Standing:
    left = left_of(offer)
    return Standing(
        offer, in_words(offer.quantity, offer.resource, offer.base_unit, whole),
        now_of_stages(offer.stages) if offer.counted else {"promised": int(Fraction(offer.quantity))},
        in_words(left, offer.resource, offer.base_unit, whole) if left else "",
    )  # fmt: skip

"""What a party holds, and what can become of it: handed out, sent on, given back, lost, expired."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evenhand.lookups.allowed import list_allowed
from evenhand.lookups.holding import Held, list_held
from evenhand.web.frame.pages import private_page, show, viewer_of
from evenhand.web.frame.tables import Column, Table

RIGHTS: Final = ("stock distribute", "stock return", "stock lose", "stock expire", "money spend", "consignment plan")

COLUMNS: Final = (
    Column("resource", gettext_lazy("What"), "named", of="resource"),
    Column("holder", gettext_lazy("Who holds it"), "named", of="party"),
    Column("quantity", gettext_lazy("How much"), "amount", gettext_lazy("in base units")),
    Column("base_unit", gettext_lazy("Unit"), "text"),
    Column("stage", gettext_lazy("Stage"), "state", of="stage"),
    Column("expires", gettext_lazy("Good until"), "day"),
    Column("donor", gettext_lazy("Given by"), "named", of="party"),
    Column("offer", gettext_lazy("From the offer"), "code", link=lambda row: reverse("offer", args=[row.offer])),
)


@private_page()
def stock(request: HttpRequest) -> HttpResponse:
    """Show what a party and those below it hold; the viewer's own where none is named."""
    viewer, party = viewer_of(request), request.GET.get("party", "").strip()
    rows = list_held(viewer, party=party)
    allowed = list_allowed(viewer, RIGHTS, party) if party else frozenset(name for name in RIGHTS if rows)
    table = Table("stock", _("What is in hand, what expires first at the top"), COLUMNS, rows)
    context = {"rows": [(one, _told(one), _buttons(one, allowed)) for one in rows], "party": party}
    return show(request, "consignments/stock.html", context, table=table)


def _told(one: Held) -> tuple[Fraction, str]:
    """Return how much it is as people say it: in packs where it is whole packs or money, else in base units."""
    size = one.pack_size if one.kind == "money" or not one.quantity % one.pack_size else 1
    return Fraction(one.quantity, size), one.pack if size > 1 else one.base_unit


def _buttons(one: Held, allowed: frozenset[str]) -> list[tuple[str, str]]:
    """Return what a viewer may do with units now, as address and words; the commonest first."""
    here = f"party={one.holder}&offer={one.offer}&next={reverse('stock')}"
    past = one.days is not None and one.days < 0
    if one.stage == "paid":
        ways = [("money spend", _("Spent")), ("stock return", _("Give back"))]
    elif past:
        ways = [("stock expire", _("Expired")), ("stock lose", _("Lost or damaged")), ("stock return", _("Give back"))]
    else:
        ways = [("stock distribute", _("Handed out")), ("consignment plan", _("Send on")),
                ("stock lose", _("Lost or damaged")), ("stock return", _("Give back"))]  # fmt: skip
    found = []
    for name, said in ways:
        if name not in allowed:
            continue
        if name == "consignment plan":
            found.append((f"{reverse('plan-consignment')}?origin={one.holder}", said))
        elif name == "stock expire":
            asked = f"offer={one.offer}&stage=received&holder={one.holder}&next={reverse('stock')}"
            found.append((f"{reverse('act', args=['stock', 'expire'])}?{asked}", said))
        else:
            found.append((f"{reverse('act', args=name.split())}?{here}", said))
    return found

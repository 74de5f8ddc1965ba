"""What the papers of a consignment say: for those who send, give, receive or arrange it, because papers show the way.

Called by the pages, the API and `evenhand consignment manifest`. What draws them is `evenhand.exchange.papers`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated

from django.conf import settings

from evenhand.access.viewers import Viewer
from evenhand.errors import NotAllowed
from evenhand.exchange.papers.contents import Line, Loss, Paper, Side, Signed
from evenhand.lookups.checkpoints import find_latest_checkpoint
from evenhand.lookups.consignments import Consignment, get_consignment
from evenhand.lookups.names import read_names
from evenhand.records.models import Offer
from evenhand.stockbook.causes import CAUSES


def read_paper(
    viewer: Viewer, ref: Annotated[str, "the consignment's ref, CN-..."], *, site: str = "", language: str = "en"
) -> Paper:
    """Return everything that the papers of a consignment say.

    Parameters
    ----------
    site
        Where the installation is reached, such as https://book.example.org; "" for what the settings say.
    language
        The reader's, for names.

    Raises
    ------
    NameUnknown
        There is no such consignment.
    NotAllowed
        Its papers are not for this viewer.
    """
    found = get_consignment(viewer, ref)
    if found.carrier is None:
        raise NotAllowed(
            f"the papers of {ref} are for those who send, give, receive or arrange it; sign in as one of them, or ask the "
            "secretariat. What travels is public: its page, or evenhand consignment show"
        )
    names = read_names(viewer, language)

    def side(kind: str, key: str) -> Side:
        return Side(key, names.name_of(kind, key).text or key)

    checkpoint = find_latest_checkpoint(viewer)
    packs = dict(Offer.objects.filter(pk__in=[line.offer for line in found.lines]).values_list("ref", "pack_size"))
    return Paper(
        ref=found.ref,
        address=f"{site.rstrip('/') or site_address()}/c/{found.ref}",
        origin=side("party", found.origin),
        destination=side("party", found.destination),
        made_at=found.made_at,
        lines=tuple(_line(found, number, side, packs) for number in range(len(found.lines))),
        carrier=found.carrier or "",
        waybill=found.waybill or "",
        code=found.code or "",
        programme=side("programme", found.programme).name if found.programme else "",
        leaves=found.leaves_on,
        due=found.due_on,
        left=_day(found.dispatched_on),
        received=_day(found.last_received_on),
        signed=Signed(checkpoint.size, checkpoint.root, checkpoint.made_at) if checkpoint else None,
    )


def site_address() -> str:
    """Return where people reach the installation: the setting `address`, else the first of its hosts."""
    configuration = settings.EVENHAND
    if configuration["address"]:
        return str(configuration["address"]).rstrip("/")
    host = next((host.strip() for host in configuration["hosts"].split(",") if host.strip()), "localhost")
    return f"https://{host}"


def _line(found: Consignment, place: int, side: Callable[[str, str], Side], packs: Mapping[str, int]) -> Line:
    one = found.lines[place]
    return Line(
        number=one.number,
        resource=side("resource", one.resource),
        donor=side("party", one.donor),
        offer=one.offer,
        quantity=one.planned,
        base_unit=one.base_unit,
        typed=one.typed,
        unit=one.unit,
        pack_size=packs.get(one.offer, 1),
        good_until=one.good_until,
        mark=one.mark or "",
        sent=one.sent,
        good=one.good,
        damaged=one.damaged,
        missing=one.missing,
        aside=one.aside,
        on_the_way=one.on_the_way,
        losses=tuple(
            Loss(loss.what, loss.quantity, CAUSES.get(loss.cause, loss.cause), loss.note or "")
            for loss in found.differences
            if loss.offer == one.offer
        ),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

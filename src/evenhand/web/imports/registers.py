"""What can be sent in as a spreadsheet, what that is called, and who may send it: those that have the right of the single action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.access.rights import RIGHTS
from evenhand.access.viewers import Viewer

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Register:
    """Declare one kind of spreadsheet.

    Attributes
    ----------
    rights
        One of them is asked for each row; whoever has one over nothing at all is not offered the page.
    title, means
        What it is called, and what a row is.
    """

    name: str
    rights: tuple[str, ...]
    title: Words
    means: Words


REGISTERS: Final = (
    Register("needs", ("need submit", "need approve"), _("Needs"), _("a need in each row; they are submitted, and the secretariat checks them")),
    Register("offers", ("offer make",), _("Offers"), _("an offer in each row")),
    Register("entries", ("import entries",), _("Deliveries of the past"), _("something in each row that has happened already: dispatched, received, used")),
    Register("parties", ("party register",), _("Parties"), _("a state, organisation, facility, team or company in each row")),
    Register("places", ("place register",), _("Places"), _("a country, district or site in each row")),
    Register("resources", ("resource register",), _("Resources"), _("something in each row that can be needed or given")),
    Register("memberships", ("group join",), _("Memberships"), _("a party in each row, its group, and since when")),
)  # fmt: skip


def registers_of(viewer: Viewer) -> dict[str, Register]:
    """Return what a viewer may send in, by name."""
    held = {one.role for one in viewer.roles}
    return {
        one.name: one for one in REGISTERS if any(held.intersection(RIGHTS[right]) for right in one.rights)
    }  # fmt: skip

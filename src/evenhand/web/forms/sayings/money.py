"""What the forms of money say: the donor pays what it committed, the recipient says what it spent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.access.viewers import Viewer
from evenhand.errors import EvenhandError
from evenhand.lookups.gifts import read_gift, read_whole_units
from evenhand.lookups.offers import Offer
from evenhand.lookups.stock import list_balances
from evenhand.web.forms.saying import Group, Saying
from evenhand.web.forms.sayings.offers import OWN, offers_that
from evenhand.web.languages.speaking import names_here
from evenhand.web.offers.views import in_words

Choices = list[tuple[str, str | Promise]]


def _to_be_paid(offer: Offer) -> bool:
    return offer.kind == "money" and bool(offer.stages.get("committed") or offer.stages.get("allocated"))


def recipients(viewer: Viewer, given: Mapping[str, str]) -> Choices:
    """Return whom money can be paid to: those an offer is meant for by name, and those a round allocated it to."""
    names = names_here()
    refs = (
        [given["offer"]] if given.get("offer") else [ref for ref, _said in offers_that(_to_be_paid)(viewer, given)][:20]
    )
    found: dict[str, str] = {}
    for ref in refs:
        try:
            gift = read_gift(viewer, ref)
        except EvenhandError:  # what was typed for an offer is the action's to refuse
            continue
        for key in (*gift.offer.meant_for, *(hand.party for hand in gift.hands if hand.share.allocated)):
            name = names.name_of("party", key.removeprefix("party:"), "").text
            if name != key:
                found[key.removeprefix("party:")] = name
    return [*sorted(found.items(), key=lambda one: one[1].casefold())]


def paid_to_me(viewer: Viewer, given: Mapping[str, str]) -> Choices:
    """Return the gifts of money that the viewer's parties hold, with how much is left of each."""
    whole = read_whole_units(viewer)
    found: dict[str, str] = {}
    for party in sorted(viewer.parties("focal-point")):
        for one in list_balances(viewer, party=party, stage="paid"):
            donor = names_here().name_of("party", one.donor, "").text
            left = in_words(one.base_units, one.resource, one.base_unit, whole)
            found[one.offer] = _("{donor}: {left} left ({ref})").format(donor=donor, left=left, ref=one.offer)
    return list(found.items())


SAYINGS: Final[dict[str, Saying]] = {
    "money pay": Saying(
        _("Pay money"), _("Record the payment"),
        _("Record what you have paid. Only what was allocated to a recipient, or committed to it by name, can be paid."),
        groups=(Group(_("What is paid"), ("offer", "to", "quantity", "on")),),
        labels={"to": _("Whom you paid"), "quantity": _("How much"), "on": _("Day it was paid")},
        hints={
            "offer": OWN, "to": _("Whom it is meant for by name, or whom a round allocated it to."),
            "quantity": _("With its currency, such as 5000 USD."), "on": _("Left empty: today."),
        },
        choices={"offer": offers_that(_to_be_paid), "to": recipients}, absent=frozenset({"unit"}),
        danger=_("A payment stands in the book. A mistake is corrected by an entry that takes it back, and both stay readable."),
        done=_("Paid: {ref}."), onward=lambda done, given: reverse("offer", args=[done.ref]),
    ),
    "money spend": Saying(
        _("Say what was spent"), _("Record it"), _("Say what the money that you were paid was spent on. The donor and everybody else see the amount."),
        groups=(Group(_("What was spent"), ("party", "offer", "quantity", "on")),),
        labels={"party": _("Who spent it"), "offer": _("Of which gift"), "quantity": _("How much"), "on": _("Day it was spent")},
        hints={
            "party": _("On whose behalf you say it."), "offer": _("What you were paid and have not spent yet."),
            "quantity": _("With its currency, such as 5000 USD."), "on": _("Left empty: today."),
        },
        choices={"offer": paid_to_me}, absent=frozenset({"unit"}), done=_("Recorded: {ref}."), onward=lambda done, given: reverse("offer", args=[done.ref]),
    ),
}  # fmt: skip
"""Name of an action → what its form says."""

"""What the forms of offers say: one form for each kind of thing that is given, with only the fields of that kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.access.viewers import Viewer
from evenhand.lookups.gifts import read_whole_units
from evenhand.lookups.groups import list_groups
from evenhand.lookups.offers import Offer, list_offers
from evenhand.lookups.parties import list_parties
from evenhand.lookups.resources import list_resources
from evenhand.records.earmarks import PARTY
from evenhand.web.forms.saying import Group, Saying
from evenhand.web.languages import formats
from evenhand.web.languages.speaking import names_here
from evenhand.web.offers.views import in_words

Choices = list[tuple[str, str | Promise]]
Choosing = Callable[[Viewer, Mapping[str, str]], Choices]


def offers_that(fits: Callable[[Offer], bool]) -> Choosing:
    """Return what offers the viewer's own offers that fit, the latest first."""

    def choices(viewer: Viewer, given: Mapping[str, str]) -> Choices:
        parties = sorted(viewer.parties("donor"))
        found = {one.ref: one for party in parties for one in list_offers(viewer, party=party) if fits(one)}
        whole = read_whole_units(viewer)
        return [
            (one.ref, said(one, whole)) for one in sorted(found.values(), key=lambda one: one.made_at, reverse=True)
        ]

    return choices


def said(offer: Offer, whole: dict[str, int]) -> str:
    """Return an offer in few words: how much of what, how firm, when it was said, which."""
    resource = names_here().name_of("resource", offer.resource, offer.resource_name).text
    amount = in_words(offer.quantity, offer.resource, offer.base_unit, whole)
    return _("{amount}, {resource}, said {day} ({ref})").format(
        amount=amount, resource=resource, day=formats.day(offer.said_on), ref=offer.ref
    )


def resources_of(kind: str) -> Choosing:
    """Return what offers the resources of one kind, by their names; without a kind, all but money, which has a form of its own.

    The key stands beside a name that two have: the list is the heaviest thing on the page.
    """

    def choices(viewer: Viewer, given: Mapping[str, str]) -> Choices:
        names = names_here()
        fitting = [one for one in list_resources(viewer) if (one.kind == kind if kind else one.kind != "money")]
        named = [(one.key, names.name_of("resource", one.key, one.name).text) for one in fitting]
        called = Counter(name for _key, name in named)
        found: dict[str, str | Promise] = {
            key: f"{name} ({key})" if called[name] > 1 or kind == "money" else name for key, name in named
        }
        return sorted(found.items(), key=lambda one: str(one[1]).casefold())

    return choices


def groups_and_members(viewer: Viewer, given: Mapping[str, str]) -> Choices:
    """Return whom an offer is mostly meant for: groups first, then the states that belong to one, by their names.

    Any other party can be named too. Where no group has members, every state is on the list.
    """
    names, found = names_here(), list_groups(viewer)
    groups: Choices = [(one.key, names.name_of("group", one.key, one.name).text) for one in found]
    keys, members = {one.key for one in found}, {one.party for group in found for one in group.members}
    states: Choices = [
        (f"{PARTY}{one.key}" if one.key in keys else one.key, names.name_of("party", one.key, one.name).text)
        for one in list_parties(viewer, kind="state", state="active", most=600)
        if not members or one.key in members
    ]
    return [*sorted(groups, key=_by_name), *sorted(states, key=_by_name)]


def _by_name(choice: tuple[str, str | Promise]) -> str:
    return str(choice[1]).casefold()


HOW_FIRM: Final = {
    "money": _("Money counts once it is committed; a pledge of money is told as your words."),
    "": _("A pledge counts already: it can be shared out. A statement is told as your words."),
}
OWN: Final = _("Your own, the latest first.")
EMPTY: Final = _("Leave it empty if it stays.")
MAKING: Final = Saying(
    _("Make an offer"), _("Make the offer"),
    _("Everybody can read it, except its conditions. You can make it firmer, change or withdraw it while it is open."),
    groups=(
        Group(_("What you give"), ("donor", "resource", "quantity", "unit", "firmness")),
        Group(_("When it can be had"), ("window_from", "window_until", "expires")),
        Group(_("How it is packed"), ("pack", "min_packs")),
        Group(_("Whom it is meant for"), ("meant_for", "not_for"), folded=True),
        Group(_("What it is worth"), ("unit_value", "currency", "valued_on"), folded=True),
        Group(_("Conditions, programme, the day it was said"), ("conditions", "programme", "said_on"), folded=True),
    ),
    labels={
        "firmness": _("How firm is it?"), "window_from": _("First day"), "window_until": _("Last day"), "expires": _("Usable until"),
        "pack": _("Shared out in"), "min_packs": _("Fewest packs for one recipient"), "meant_for": _("Only for these"),
        "not_for": _("Not for these"), "unit_value": _("Value of one unit"), "currency": _("In which currency"),
        "valued_on": _("Price of which day"), "conditions": _("Conditions"), "said_on": _("Day it was said"),
    },
    hints={
        "donor": _("On whose behalf you give."),
        "resource": _("If it is not on the list, ask the secretariat to add it. Money has a form of its own."),
        "quantity": _("As people say it: 1200, or 40 box."),
        "firmness": HOW_FIRM[""],
        "window_from": _("Leave it empty if it can be had now."),
        "window_until": _("After this day, what has not left is shown as overdue."),
        "expires": _("The last day on which it can be used. Nobody is sent more than it can use by then."),
        "pack": _("The pack that is never opened, such as box. Left empty: the unit above."),
        "min_packs": _("Fewer are not worth sending."),
        "meant_for": _("A group or a member on each line, by name or by code. Left empty: everybody who needs it."),
        "not_for": _("Taken out of the above."),
        "unit_value": _("Of one base unit, such as 2.15. Kept with its currency and day; nothing is ever exchanged."),
        "currency": _("Its three letters, such as USD."),
        "conditions": _("What you ask for in return or in use. Read by you, your readers and the secretariat."),
        "said_on": _("Left empty: today."),
    },
    choices={"resource": resources_of("")},
    named={"meant_for": groups_and_members, "not_for": groups_and_members},
    done=_("Offer made: {ref}. Follow it here."),
    template="offers/make.html",
)  # fmt: skip

KINDS: Final[dict[str, Saying]] = {
    "goods": replace(MAKING, title=_("Offer goods"), choices={**MAKING.choices, "resource": resources_of("goods")}),
    "money": replace(
        MAKING, title=_("Offer money"), choices={**MAKING.choices, "resource": resources_of("money")},
        labels={**MAKING.labels, "resource": _("Currency"), "quantity": _("Amount")},
        hints={**MAKING.hints,
            "resource": "", "quantity": _("With its currency, such as 50000 USD."), "firmness": HOW_FIRM["money"],
            "meant_for": _("Whom you pay, one on each line, by name or by code. Money that is meant for one recipient can be paid without a round."),
        },
        absent=frozenset({"unit", "pack", "min_packs", "expires", "unit_value", "currency", "valued_on"}),
    ),
    "capacity": replace(
        MAKING, title=_("Offer a team or beds"), choices={**MAKING.choices, "resource": resources_of("capacity")},
        labels={**MAKING.labels, "quantity": _("How many")},
        hints={**MAKING.hints, "quantity": _("How many teams, beds or the like."), "window_until": _("The last day on which it can leave.")},
        absent=frozenset({"pack", "min_packs", "expires"}),
    ),
    "service": replace(
        MAKING, title=_("Offer a service"), choices={**MAKING.choices, "resource": resources_of("service")},
        labels={**MAKING.labels, "quantity": _("How many")}, hints={**MAKING.hints, "quantity": _("How many sessions, patients or the like.")},
        absent=frozenset({"pack", "min_packs"}),
    ),
    "structure": replace(
        MAKING, title=_("Offer a structure"), choices={**MAKING.choices, "resource": resources_of("structure")},
        labels={**MAKING.labels, "quantity": _("How many")}, hints={**MAKING.hints, "quantity": _("How many houses, classrooms or the like.")},
        absent=frozenset({"pack", "min_packs", "expires"}),
    ),
}  # fmt: skip
"""Kind of resource → what the form of an offer of it says."""


def of_its_kind(viewer: Viewer, given: Mapping[str, str]) -> Saying:
    """Return what the form says for the kind, or the resource, that it was opened with."""
    kind = given.get("kind", "")
    if not kind and (asked := given.get("resource", "")):
        kind = next((one.kind for one in list_resources(viewer) if one.key == asked), "")
    saying = KINDS.get(kind, MAKING)
    only_one = len(viewer.parties("donor")) == 1
    return replace(saying, context=lambda viewer, given: {"kind": kind, "only_one": only_one})


SAYINGS: Final[dict[str, Saying]] = {
    "offer make": replace(MAKING, varies=of_its_kind),
    "offer firm": Saying(
        _("Make an offer firmer"), _("Make it firmer"),
        _("A statement becomes a pledge, a pledge a commitment. It never becomes less firm again; you can withdraw it."),
        choices={"offer": offers_that(lambda one: one.state != "withdrawn" and one.firmness != "commitment")},
        labels={"firmness": _("How firm is it now?")}, hints={"offer": OWN, "firmness": HOW_FIRM[""]}, done=_("Done: {ref} is a {firmness} now."),
    ),
    "offer change": Saying(
        _("Change an offer"), _("Change it"),
        _("Fill in only what is different. It cannot be lowered below what was allocated or sent, nor changed while a round shares it out."),
        groups=(
            Group(_("Which offer"), ("offer",)),
            Group(_("What is different"), ("quantity", "unit", "window_from", "window_until", "expires", "conditions")),
            Group(_("Why"), ("reason",)),
        ),
        labels={"window_from": _("First day"), "window_until": _("Last day"), "expires": _("Usable until"), "conditions": _("Conditions"), "reason": _("Why")},
        hints={
            "offer": OWN, "quantity": _("In all from now on, what was sent already included. Leave it empty if it stays."),
            "window_from": EMPTY, "window_until": EMPTY, "expires": EMPTY, "conditions": EMPTY,
        },
        choices={"offer": offers_that(lambda one: one.state != "withdrawn")}, reason="needed", done=_("Changed: {ref}."),
    ),
    "offer withdraw": Saying(
        _("Withdraw an offer"), _("Withdraw it"),
        _("All that is still open of it is taken back. What was allocated or sent stays with its recipients, and the page stays readable."),
        choices={"offer": offers_that(lambda one: (one.state != "withdrawn" and not one.counted) or one.state == "open")},
        hints={"offer": OWN}, reason="needed", danger=_("A withdrawn offer does not come back; you would make a new one."),
        done=_("Withdrawn: {ref}."), onward=lambda done, given: reverse("offer", args=[done.ref]),
    ),
}  # fmt: skip
"""Name of an action → what its form says."""

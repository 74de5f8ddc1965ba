"""A registration in Chad for the tests of the people register: its keys, who works in it, and a household."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from evenhand_cast import NOW, TODAY, Cast, make_cast

DATABASES = ["default", "people"]
REASONS = {
    "given_name": "to call people by", "family_name": "to tell families apart", "other_name": "papers are in two scripts",
    "birth_year": "rations follow age", "birth_date": "vaccinations", "sex": "kits", "relation": "households are served together",
    "phone": "to tell when food comes", "outside": "to find who was registered elsewhere", "condition": "extra rations",
    "health_note": "the clinic asks", "address": "to find them", "contact_phone": "to reach them", "note": "what else helps",
}  # fmt: skip
ASSESSMENT = {
    "necessity": "Rations cannot be shared out by counts alone.", "risks": "Lists could reach those whom people fled from.",
    "measures": "Sealed fields; readers named; deletion on the last day.", "consulted": "The committee of the displaced, 1 March.",
}  # fmt: skip
MEMBERS = (
    {"given_name": "Zenaba", "family_name": "Mahamat Saleh", "birth_year": "1988", "sex": "female", "relation": "head",
     "phone": "+235 66 12 34 56", "condition": "pregnant"},
    {"given_name": "Idriss", "family_name": "Mahamat Saleh", "birth_year": "2014", "sex": "male", "relation": "child"},
)  # fmt: skip
OTHERS = (
    ("registrar-ken", "registrar", "KEN"),
    ("nurse-tcd", "case-worker", "TCD-moissala"),
    ("registrar-moissala", "registrar", "TCD-moissala"),
)


@dataclass(frozen=True)
class Register:
    """Hold who works in the register, and the registration's ref."""

    cast: Cast
    registration: str

    def __call__(self, name: str = "registrar-tcd", **given: Any) -> Any:
        """Return who acts."""
        return self.cast(name, **{"reason": "told at the gate", **given})

    def household(self, *members: Mapping[str, str], site: str = "TCD-moissala", **given: Any) -> Any:
        """Register a household; that of Zenaba where nobody is named."""
        from evenhand.actions.people.households import register_household

        who = given.pop("who", self())
        return register_household(
            who, registration=self.registration, site=site, members=list(members or MEMBERS), **given
        )


@dataclass(frozen=True)
class Table:
    """A table where something is given out: its distribution, and how to scan there."""

    register: Register
    distribution: str

    def scan(self, card: str, scan: str, device: str = "tablet-1", **given: Any) -> Any:
        """Scan a card."""
        from evenhand.actions.people.giving import give

        who = given.pop("who", self.register())
        return give(who, distribution=self.distribution, card=card, scan=scan, device=device, **given)

    def card(self, household: str, number: int = 1) -> str:
        """Return the code of a household's card."""
        from evenhand.people.cards import card_code
        from evenhand.people.opening import sealer

        return card_code(sealer().keys, household, number)


def put_in_stock(cast: Cast, quantity: int, *, site: str = "TCD-moissala", request: str = "s", **given: Any) -> str:
    """Let India's masks arrive at a site; return the offer."""
    from evenhand.actions.consignments import dispatch_consignment, plan_consignment
    from evenhand.actions.offers import make_offer
    from evenhand.actions.receipts import receive_consignment

    offer = make_offer(
        cast("donor-ind", request=f"{request}-1"), donor="IND", resource="mask-surgical", quantity=str(quantity), meant_for="TCD",
        **given,
    ).ref  # fmt: skip
    sent = plan_consignment(
        cast("donor-ind", request=f"{request}-2"), origin="IND", destination=site, lines=f"{offer}={quantity}"
    ).ref
    dispatch_consignment(cast("donor-ind", request=f"{request}-3"), consignment=sent)
    receive_consignment(cast("focal-tcd", request=f"{request}-4"), consignment=sent)
    return str(offer)


TERMS = "2 piece per person; 4 piece per person under 15; 10 piece per person pregnant; 1 piece per household"


def open_table(register: Register, terms: str = TERMS, **given: Any) -> Table:
    """Open a distribution of masks at the clinic of Moissala, from today for a week."""
    from datetime import timedelta

    from evenhand.actions.people.entitlements import make_entitlement, plan_distribution

    entitled = make_entitlement(
        register("focal-tcd"), registration=register.registration, title="Masks of March", service="kit",
        resource="mask-surgical", terms=terms, purpose="food",
    ).ref  # fmt: skip
    usual: dict[str, Any] = {"site": "TCD-moissala", "first_day": TODAY, "last_day": TODAY + timedelta(days=7)}
    done = plan_distribution(register(), entitlement=entitled, **{**usual, **given})
    return Table(register, str(done.ref))


def make_keys() -> Any:
    """Write keys into the data folder of the tests, and return them."""
    from django.conf import settings

    from evenhand.people.keyring import new_keyring

    file, keys = settings.EVENHAND.people_keys_file, new_keyring()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(keys.text(), encoding="ascii")
    return keys


def open_one(cast: Cast, **given: Any) -> str:
    """Open a registration of Chad's as its focal point; return its ref."""
    from evenhand.actions.people.registrations import open_registration

    usual: dict[str, Any] = {
        "title": "Returnees in Mandoul", "party": "TCD", "purposes": {"food": "rations every month", "care": "the clinic's care"},
        "fields": REASONS, "retain_until": date(2027, 3, 1), "assessment": ASSESSMENT, "recipients": {"WFP": "food rations"},
    }  # fmt: skip
    done = open_registration(cast("focal-tcd", reason="the influx of February"), **{**usual, **given})
    return str(done.ref)


def make_register() -> Register:
    """Write the cast, the keys and an open registration into the current databases."""
    from evenhand.access.models import RoleHeld, User
    from evenhand.access.viewers import viewer_of

    cast = make_cast()
    make_keys()
    for name, role, party in OTHERS:
        user = User.objects.create_user(name, public_id=f"u-{name}", made_at=NOW)
        RoleHeld.objects.create(user=user, role=role, party=party, since=date(2026, 1, 1))
        cast.viewers[name] = viewer_of(user, on=TODAY)
    return Register(cast, open_one(cast))


@pytest.fixture
def register(db: None) -> Iterator[Register]:
    """The register in this test's databases, rolled back after it."""
    from django.conf import settings

    yield make_register()
    settings.EVENHAND.people_keys_file.unlink()


def people_rows(*leave_out: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the people register."""
    from django.apps import apps

    return {
        model.__name__: sorted((tuple(row) for row in model._default_manager.values_list()), key=repr)
        for model in apps.get_app_config("people").get_models()
        if model.__name__ not in leave_out
    }


@contextmanager
def nothing_changes(
    error: type[Exception], sentence: str = "", *, read: bool = False
) -> Iterator[pytest.ExceptionInfo[Any]]:
    """Expect a refusal that says a sentence and leaves every row of the register as it was; but that somebody read, where it says so."""
    but = ("ReadLine", "Reason") if read else ()
    before, lines = people_rows(*but), len(people_rows()["ReadLine"])
    with pytest.raises(error) as caught:
        yield caught
    assert sentence in str(caught.value), str(caught.value)
    assert people_rows(*but) == before
    assert (len(people_rows()["ReadLine"]) > lines) == read


Opened = Callable[..., Any]

"""Hospitals in Chad and Kenya, who speaks for them, who sends, and the steps of one evacuation, for the tests of the people register."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from evenhand_cast import NOW, TODAY
from evenhand_register import MEMBERS, Register, make_register, open_one

HOSPITALS = (
    # key, parent, latitude, longitude
    ("TCD-hospital", "TCD", 12.11, 15.03),
    ("KEN-hospital", "KEN", -1.3, 36.8),
)
WORKERS = (
    ("worker-tcd", "case-worker", "TCD"),
    ("worker-ken", "case-worker", "KEN"),
    ("doctor-tcd", "case-worker", "TCD-hospital"),
    ("doctor-ken", "case-worker", "KEN-hospital"),
    ("desk-ken", "focal-point", "KEN-hospital"),
)
LAST = date(2026, 6, 1)
NOTE = "Canarynote: kidneys failed in January"


@dataclass
class Sending:
    """Hold who sends, who hosts, and walk an evacuation step by step."""

    register: Register

    def __call__(self, name: str = "worker-tcd", **given: Any) -> Any:
        """Return who acts."""
        return self.register(name, **given)

    def household(self, *members: Any, to: tuple[str, ...] = ("", "KEN"), **given: Any) -> Any:
        """Register a household that consents to care at home and to Kenya; that of Zenaba where nobody is named."""
        from evenhand.actions.people.consents import record_consent

        done = self.register.household(*(members or MEMBERS), **given)
        for recipient in to:
            record_consent(self.register(), household=done.ref, purpose="care", recipient=recipient, said="given")
        return done

    def ask(self, person: str, **given: Any) -> str:
        """Ask for dialysis; return the need's ref."""
        from evenhand.actions.people.evacuation.asking import ask_evacuation

        usual = {"purpose": "care", "service": "dialysis", "urgency": "urgent", "fitness": "seated", "note": NOTE}
        return str(ask_evacuation(self(given.pop("who", "worker-tcd")), person=person, **{**usual, **given}).ref)

    def offer(self, party: str = "TCD-hospital", **given: Any) -> str:
        """Offer places for dialysis; return their ref."""
        from evenhand.actions.people.evacuation.hospitals import offer_places

        who = {"TCD-hospital": "doctor-tcd", "KEN-hospital": "desk-ken"}[party]
        usual = {
            "service": "dialysis", "places": 2, "until": LAST, "fitness": "walking;seated;lying", "languages": "ar;fr",
            "companions": 1,
        }  # fmt: skip
        return str(offer_places(self(who), party=party, **{**usual, **given}).ref)

    def refer(self, need: str, offer: str, **given: Any) -> str:
        """Refer a patient; return the referral's ref."""
        from evenhand.actions.people.evacuation.referrals import refer_person

        return str(refer_person(self(), need=need, offer=offer, **given).ref)

    def accept(self, referral: str, who: str = "doctor-tcd") -> str:
        """Accept as the hospital; return the ref of the way out."""
        from evenhand.actions.people.evacuation.referrals import accept_referral

        return str(accept_referral(self(who), referral=referral).facts["transfer"])

    def plan(self, transfer: str, **given: Any) -> None:
        """Plan the way out over a checkpoint, seen across by the ICRC."""
        from evenhand.actions.people.evacuation.transfers import plan_transfer

        usual = {"leaves_on": TODAY, "checkpoint": "gate-north", "intermediary": "ICRC"}
        plan_transfer(self(), transfer=transfer, **{**usual, **given})

    def reach(self, transfer: str, *stages: str, hospital: str = "doctor-tcd") -> None:
        """Write stages down, one after the other."""
        from evenhand.actions.people.evacuation.transfers import record_stage, record_treatment
        from evenhand.people.evacuation import HOSPITALS_STAGES

        for stage in stages:
            if stage in HOSPITALS_STAGES:
                record_treatment(self(hospital), transfer=transfer, stage=stage)
            else:
                record_stage(self(), transfer=transfer, stage=stage)

    def accepted(self, person: str = "", **given: Any) -> tuple[str, str, str]:
        """Go as far as acceptance with a planned way; return the refs of need, referral and way out."""
        need = self.ask(person or self.household().facts["persons"][0], **given)
        referral = self.refer(need, self.offer())
        transfer = self.accept(referral)
        self.plan(transfer)
        return need, referral, transfer


def make_sending() -> Sending:
    """Write the cast, hospitals, a checkpoint and an open registration into the current databases."""
    from evenhand.access.models import RoleHeld, User
    from evenhand.access.viewers import viewer_of
    from evenhand.records.models import Party, Place

    register = make_register()
    for key, parent, latitude, longitude in HOSPITALS:
        Party.objects.create(
            key=key, name=key, kind="facility", parent_id=parent, latitude=latitude, longitude=longitude
        )
    Party.objects.create(key="ICRC", name="International Committee of the Red Cross", kind="organisation")
    Party.objects.filter(pk="TCD-moissala").update(latitude=8.34, longitude=17.77)
    Place.objects.create(key="gate-north", name="North gate", country="TCD")
    Place.objects.create(key="gate-south", name="South gate", country="TCD")
    cast = register.cast
    for name, role, party in WORKERS:
        user = User.objects.create_user(name, public_id=f"u-{name}", made_at=NOW)
        RoleHeld.objects.create(user=user, role=role, party=party, since=date(2026, 1, 1))
        cast.viewers[name] = viewer_of(user, on=TODAY)
    return Sending(Register(cast, open_one(cast, recipients={"KEN": "treatment"})))


def share(sending: Sending, recipient: str = "KEN") -> int:
    """Let two of a board switch on that patients are named to another state; return the sharing's number."""
    from evenhand.actions.people.registrations import ask_sharing, switch_sharing

    given = {"registration": sending.register.registration, "recipient": recipient, "purpose": "care"}
    asked = ask_sharing(sending("board-aze"), until=LAST, **given)
    number = int(asked.facts["sharing"])
    switch_sharing(sending("board-uga"), sharing=number, on=True)
    return number


@pytest.fixture
def sending(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sending]:
    """The register with its hospitals in this test's databases, on the day of the cast."""
    from django.conf import settings
    from evenhand_cast import let_it_be

    let_it_be(monkeypatch, TODAY)
    yield make_sending()
    settings.EVENHAND.people_keys_file.unlink()

"""A registration is opened with its assessment or not at all; sharing takes two of a board, and one to end."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from evenhand_register import ASSESSMENT, DATABASES, REASONS, Register, nothing_changes, open_one

from evenhand.actions.people.registrations import ask_sharing, close_registration, switch_sharing
from evenhand.errors import ActionRefused, EvenhandError, InputRefused, NameUnknown, NotAllowed, RepeatDiffers
from evenhand.people.models import Assessment, Registration, Sharing

pytestmark = pytest.mark.django_db(databases=DATABASES)


def test_the_assessment_is_kept_word_for_word_with_its_hash(register: Register) -> None:
    kept = Assessment.objects.get()
    said = json.loads(kept.text)
    assert {name: said[name] for name in ASSESSMENT} == ASSESSMENT
    assert said["fields"]["phone"] == {"reason": REASONS["phone"], "readers": ["registrar", "case-worker"]}
    assert said["fields"]["condition"]["readers"] == ["case-worker"]
    assert said["retain_until"] == "2027-03-01"
    assert len(kept.sha256) == 64


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"assessment": {**ASSESSMENT, "risks": " "}}, "risks: say what could happen"),
    ({"assessment": {**ASSESSMENT, "cost": "x"}}, "no such question"),
    ({"fields": {**REASONS, "phone": ""}}, "phone: give its reason"),
    ({"fields": {**REASONS, "religion": "to know"}}, "religion: there is no such field"),
    ({"fields": {**REASONS, "ethnicity": "to know"}}, "ethnicity: there is no such field"),
    ({"fields": {**REASONS, "fingerprint": "to know"}}, "fingerprint: there is no such field"),
    ({"fields": {"phone": "to call"}}, "given_name: it is always needed"),
    ({"purposes": {}}, "say what the data are for"),
    ({"purposes": {"food": ""}}, "say in a sentence"),
    ({"readers": {"phone": "auditor"}}, "name registrar or case-worker"),
    ({"readers": {"phone": ""}}, "name registrar or case-worker"),
    ({"retain_until": date(2036, 1, 1)}, "data are kept no longer"),
    ({"retain_until": date(2026, 3, 1)}, "not between today"),
])  # fmt: skip
def test_a_registration_without_its_reasons_is_not_opened(
    register: Register, wrong: dict[str, Any], sentence: str
) -> None:
    with nothing_changes(InputRefused, sentence):
        open_one(register.cast, **wrong)


def test_every_problem_is_told_at_once(register: Register) -> None:
    with nothing_changes(InputRefused, "5 problems"):
        open_one(register.cast, fields={"phone": ""}, assessment={**ASSESSMENT, "risks": ""}, purposes={})


@pytest.mark.parametrize(
    "who", ["registrar-tcd", "focal-ken", "donor-ind", "auditor", "operator", "public", "task-force-eu", "nurse-tcd"]
)
def test_only_who_answers_for_the_party_opens_and_closes(register: Register, who: str) -> None:
    from evenhand.actions.people.registrations import open_registration

    with nothing_changes(NotAllowed):
        open_registration(
            register(who), title="x", party="TCD", purposes={"food": "x"}, fields=REASONS, retain_until=date(2027, 1, 1),
            assessment=ASSESSMENT,
        )  # fmt: skip
    with nothing_changes(NotAllowed):
        close_registration(register(who), registration=register.registration)


def test_a_closed_registration_takes_nobody_and_is_closed_once(register: Register) -> None:
    close_registration(register("focal-tcd"), registration=register.registration)
    with nothing_changes(ActionRefused, "closed"):
        register.household()
    with nothing_changes(ActionRefused, "closed already"):
        close_registration(register("focal-tcd"), registration=register.registration)
    with nothing_changes(NameUnknown, "registration"):
        close_registration(register("focal-tcd"), registration="RG-0000000000")


def ask(register: Register, who: str = "board-aze", **given: Any) -> int:
    usual: dict[str, Any] = {"recipient": "WFP", "purpose": "food", "until": date(2026, 6, 1)}
    done = ask_sharing(register(who), registration=register.registration, **{**usual, **given})
    return int(done.facts["sharing"])


def test_sharing_is_off_until_two_of_a_board_agree_and_one_ends_it(register: Register) -> None:
    number = ask(register)
    assert Sharing.objects.get(pk=number).state == "asked"
    with nothing_changes(ActionRefused, "another member"):
        switch_sharing(register("board-aze"), sharing=number, on=True)
    for who in ("registrar-tcd", "focal-tcd", "operator", "task-force", "auditor"):
        with nothing_changes(NotAllowed):
            switch_sharing(register(who), sharing=number, on=True)
    switch_sharing(register("board-uga"), sharing=number, on=True)
    assert Sharing.objects.get(pk=number).state == "on"
    with nothing_changes(ActionRefused, "on already"):
        switch_sharing(register("board-ken"), sharing=number, on=True)
    switch_sharing(register("board-aze"), sharing=number, on=False)
    with nothing_changes(ActionRefused, "off already"):
        switch_sharing(register("board-ken"), sharing=number, on=False)


@pytest.mark.parametrize(("given", "error", "sentence"), [
    ({"recipient": "Army"}, ActionRefused, "no recipient 'Army'"), ({"purpose": "foood"}, ActionRefused, "did you mean 'food'"),
    ({"until": date(2027, 2, 1)}, ActionRefused, "not between"), ({"until": date(2026, 1, 1)}, ActionRefused, "not between"),
    ({"who": "donor-ind"}, NotAllowed, "board"),
])  # fmt: skip
def test_sharing_that_was_not_foreseen_is_refused(
    register: Register, given: dict[str, Any], error: type[EvenhandError], sentence: str
) -> None:
    with nothing_changes(error, sentence):
        ask(register, **given)


def test_sharing_needs_a_reason(register: Register) -> None:
    with nothing_changes(ActionRefused, "needs a reason"):
        ask_sharing(
            register("board-aze", reason=" "), registration=register.registration, recipient="WFP", purpose="food",
            until=date(2026, 6, 1),
        )  # fmt: skip


def test_the_database_itself_lets_nobody_switch_it_on_alone(register: Register) -> None:
    from django.db import IntegrityError, transaction

    number = ask(register)
    for second in ("", "u-board-aze"):
        with pytest.raises(IntegrityError), transaction.atomic(using="people"):
            Sharing.objects.filter(pk=number).update(state="on", second_by=second)


def test_the_same_id_opens_once(register: Register) -> None:
    first = close_registration(register("focal-tcd", request="r-1"), registration=register.registration)
    again = close_registration(register("focal-tcd", request="r-1"), registration=register.registration)
    assert (again.ref, again.repeated) == (first.ref, True)
    with nothing_changes(RepeatDiffers):
        close_registration(register("focal-tcd", request="r-1"), registration="RG-0000000000")
    assert Registration.objects.count() == 1

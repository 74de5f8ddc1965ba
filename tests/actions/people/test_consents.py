"""What a household says to a purpose and to a recipient: the newest counts, every earlier one stays, aid never asks."""

from __future__ import annotations

from typing import Any

import pytest
from evenhand_register import DATABASES, Register, nothing_changes

from evenhand.actions.people.consents import newest_consent, record_consent
from evenhand.actions.people.households import erase_record
from evenhand.errors import ActionRefused, EvenhandError, NameUnknown, NotAllowed, OptionRefused
from evenhand.people.models import Consent

pytestmark = pytest.mark.django_db(databases=DATABASES)


def say(register: Register, household: str, said: str, who: str = "registrar-tcd", **given: Any) -> Any:
    return record_consent(
        register(who), household=household, said=said, **{"purpose": "food", "recipient": "WFP", **given}
    )


def test_the_newest_word_counts_and_all_stay(register: Register) -> None:
    ref = register.household().ref
    for said in ("given", "withdrawn", "refused", "given"):
        say(register, ref, said)
        assert newest_consent(ref, "food", "WFP") == said
    assert [one.said for one in Consent.objects.order_by("pk")] == ["given", "withdrawn", "refused", "given"]
    assert newest_consent(ref, "food", "") == newest_consent(ref, "care", "WFP") == ""


def test_a_case_worker_of_the_place_writes_it_down_too(register: Register) -> None:
    assert say(register, register.household().ref, "given", "nurse-tcd", how="written").facts["said"] == "given"


@pytest.mark.parametrize(("given", "error", "sentence"), [
    ({"said": "yes"}, OptionRefused, "none of given"), ({"said": "withdrawn"}, ActionRefused, "nothing was consented"),
    ({"said": "given", "purpose": "war"}, ActionRefused, "no purpose 'war'"), ({"said": "given", "recipient": "WPF"}, ActionRefused, "did you mean 'WFP'"),
    ({"said": "given", "how": "thought"}, OptionRefused, "none of spoken"), ({"said": "given", "household": "HH-0000000000"}, NameUnknown, "household"),
    ({"said": "given", "who": "registrar-ken"}, NameUnknown, "household"), ({"said": "given", "who": "auditor"}, NotAllowed, "registrar or case-worker"),
])  # fmt: skip
def test_what_makes_no_consent_is_refused(
    register: Register, given: dict[str, Any], error: type[EvenhandError], sentence: str
) -> None:
    given = {"household": register.household().ref, **given}
    with nothing_changes(error, sentence):
        say(register, **given)


def test_who_is_erased_is_asked_nothing(register: Register) -> None:
    ref = register.household().ref
    erase_record(register(), record=ref)
    with nothing_changes(ActionRefused, "erased"):
        say(register, ref, "given")

"""What was typed as a reason stands nowhere in clear, opens for its own line alone, and goes with whoever it speaks of."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils.crypto import salted_hmac
from evenhand_evacuation import Sending
from evenhand_register import DATABASES, MEMBERS, Register, make_keys, people_rows

from evenhand.actions.people.cards import replace_card
from evenhand.actions.people.evacuation.asking import end_evacuation
from evenhand.actions.people.households import correct_record, erase_record, follow_person
from evenhand.actions.people.registrations import close_registration
from evenhand.actions.people.rekeying import rekey_register
from evenhand.errors import BoxRefused, RepeatDiffers
from evenhand.people.keyring import Keyring, read_keyring
from evenhand.people.models import Household, KeyEpoch, PeopleLine, Person, Reason
from evenhand.people.reasons import keep_reason, keep_reasons, line_of_reading, reasons_of

pytestmark = pytest.mark.django_db(databases=DATABASES)
WHY = "Zenaba Canaryname told us herself"


def lines_with_reasons() -> dict[str, str]:
    return reasons_of(PeopleLine.objects.values_list("pk", flat=True))


def test_a_reason_is_kept_sealed_and_goes_with_its_record(register: Register) -> None:
    home = register.household(who=register(reason=WHY))
    zenaba, idriss = home.facts["persons"]
    correct_record(register(reason=WHY, request="corrected"), record=zenaba, fields={"phone": "66 00 00 00"})
    follow_person(register(reason=WHY, request="left"), person=idriss, state="departed")
    replace_card(register(reason=WHY, request="card"), household=home.ref)
    rows = people_rows("Correction")  # whose reason is deleted with the record
    assert "Canaryname" not in repr(rows)
    assert set(PeopleLine.objects.values_list("reason", flat=True)) == {""}
    assert {one: text for one, text in lines_with_reasons().items() if text == WHY}.keys() == {
        home.action, "corrected", "left", "card",
    }  # fmt: skip
    erase_record(register(reason="asked for"), record=idriss)
    assert "left" not in lines_with_reasons()
    erase_record(register(reason="asked for", request="erased"), record=home.ref)
    assert "Canaryname" not in repr(people_rows())
    kept = lines_with_reasons()
    assert {kept.get(one) for one in (home.action, "corrected", "left", "card")} == {None}
    assert kept["erased"] == "asked for"  # an erasure answers for itself


def test_a_reason_of_an_evacuation_goes_with_the_patient(sending: Sending) -> None:
    home = sending.household()
    need = sending.ask(home.facts["persons"][0], who="worker-tcd")
    end_evacuation(sending(reason=WHY, request="ended"), need=need, why="withdrawn")
    assert lines_with_reasons()["ended"] == WHY
    erase_record(sending.register(reason="asked for"), record=home.ref)
    assert "ended" not in lines_with_reasons()
    assert not Reason.objects.filter(record=need).exists()


def test_why_somebody_read_is_kept_in_the_same_way(register: Register) -> None:
    home = register.household()
    keep_reasons([(home.ref, line_of_reading(7), "for the clinic"), (home.ref, line_of_reading(8), " ")])
    assert reasons_of([line_of_reading(7), line_of_reading(8), line_of_reading(9)]) == {"read#7": "for the clinic"}
    erase_record(register(), record=home.ref)
    assert reasons_of([line_of_reading(7)]) == {}


def test_a_reason_opens_for_its_own_line_alone(register: Register) -> None:
    home = register.household()
    keep_reason(home.ref, "one", WHY)
    row = Reason.objects.get(line="one")
    Reason.objects.create(record=home.ref, line="two", box=row.box)
    with pytest.raises(BoxRefused):
        reasons_of(["two"])
    for wrong in (
        lambda: Reason.objects.update(line="two"), lambda: KeyEpoch.objects.update(seal="0"),
        lambda: KeyEpoch.objects.all().delete(),
    ):  # fmt: skip
        KeyEpoch.objects.create(seal="1", at=Household.objects.get(pk=home.ref).made_at)
        with pytest.raises(DatabaseError), transaction.atomic(using="people"):
            wrong()


def test_reasons_are_sealed_anew_with_everything_else(register: Register, settings: Any) -> None:
    home = register.household()
    replace_card(register(reason=WHY, request="card"), household=home.ref)
    file = settings.EVENHAND.people_keys_file
    first = read_keyring("", file)
    newer = first.with_new_seal()
    make_keys()
    file.write_text(newer.text(), encoding="ascii")
    rekey_register(register("operator"))
    make_keys()
    file.write_text(Keyring({"2": newer.seal["2"]}, newer.index, newer.card).text(), encoding="ascii")
    assert lines_with_reasons()["card"] == WHY


def test_a_line_holds_neither_doubts_nor_which_fields_were_changed(register: Register) -> None:
    home = register.household(MEMBERS[0], {**MEMBERS[1], "birth_year": "1980"})  # a child older than its mother
    done = correct_record(
        register(request="corrected"), record=home.facts["persons"][0], fields={"condition": "survivor-of-violence"}
    )
    assert (bool(home.facts["doubts"]), list(done.facts["changed"])) == (True, ["condition"])
    kept = [PeopleLine.objects.get(pk=one).answer["facts"] for one in (home.action, "corrected")]
    assert [one.get("doubts", one.get("changed")) for one in kept] == [[], []]
    again = correct_record(
        register(request="corrected"), record=home.facts["persons"][0], fields={"condition": "survivor-of-violence"}
    )
    assert (again.repeated, again.facts["changed"], again.facts["number"]) == (True, [], done.facts["number"])


def test_nobody_with_the_server_s_secret_tries_names_against_a_line(register: Register, settings: Any) -> None:
    home = register.household()
    person = home.facts["persons"][0]
    given = {"record": person, "fields": {"given_name": "Zara"}}
    done = correct_record(register(request="named"), **given)
    line = PeopleLine.objects.get(pk="named")

    def digest(key: str | bytes) -> str:
        hidden = salted_hmac("named", json.dumps({k: given[k] for k in sorted(given)}), secret=key, algorithm="sha256")
        said = ["people correct", line.by, {}, hidden.hexdigest()]
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    keys = read_keyring("", settings.EVENHAND.people_keys_file)
    assert line.digest == digest(keys.index["1"])
    assert line.digest != digest(settings.SECRET_KEY)
    newer = Keyring(keys.seal, {"2": make_keys().index["1"], **keys.index}, keys.card)
    settings.EVENHAND.people_keys_file.write_text(newer.text(), encoding="ascii")
    assert correct_record(register(request="named"), **given).ref == done.ref  # what older keys digested is known again
    with pytest.raises(RepeatDiffers, match="fields or number or record"):
        correct_record(register(request="named"), record=person, fields={"given_name": "Zora"})


def test_a_line_about_a_registration_has_its_reason_too(register: Register) -> None:
    close_registration(
        register("focal-tcd", reason="everybody has gone home", request="closed"), registration=register.registration
    )
    assert lines_with_reasons()["closed"] == "everybody has gone home"
    assert Person.objects.count() == 0

"""Everything is sealed anew with the newest key and found as before; the old key can then be thrown away."""

from __future__ import annotations

import secrets

import pytest
from evenhand_evacuation import Sending
from evenhand_register import DATABASES, Register, nothing_changes, people_rows

from evenhand.actions.people.households import correct_record
from evenhand.actions.people.rekeying import rekey_register
from evenhand.errors import BoxRefused, NotAllowed
from evenhand.lookups.people.households import find_households, read_history, read_household
from evenhand.lookups.people.referrals import read_referral
from evenhand.people.keyring import Keyring, read_keyring
from evenhand.people.opening import sealer

pytestmark = pytest.mark.django_db(databases=DATABASES)


def write(keys: Keyring) -> None:
    import os

    from django.conf import settings

    file = settings.EVENHAND.people_keys_file
    before = file.stat().st_mtime_ns
    file.write_text(keys.text(), encoding="ascii")
    os.utime(file, ns=(before + 1_000_000, before + 1_000_000))


def test_after_rekeying_the_old_keys_are_not_needed(register: Register) -> None:
    from django.conf import settings

    done = register.household(household={"address": "Block 4"})
    correct_record(register(), record=done.facts["persons"][0], fields={"phone": "66 00 00 00"})
    viewer = register.cast.viewers["registrar-tcd"]
    told = read_household(viewer, done.ref, "food")
    old = read_keyring("", settings.EVENHAND.people_keys_file)
    both = Keyring({"2": secrets.token_bytes(32), **old.seal}, {"2": secrets.token_bytes(32), **old.index}, old.card)
    write(both)
    assert find_households(viewer, register.registration, name="Zenaba Mahamat Saleh")  # by either key's index
    first = rekey_register(register("operator"))
    assert first.facts["fields"] > 10
    again = rekey_register(register("operator"))
    assert (again.facts["fields"], again.facts["indexes"]) == (0, 0)
    write(Keyring({"2": both.seal["2"]}, {"2": both.index["2"]}, both.card))
    assert list(sealer().keys.seal) == ["2"]
    assert read_household(viewer, done.ref, "food") == told
    assert [one.value for one in read_history(viewer, done.ref, "food")] == ["+235 66 12 34 56"]
    assert [one.ref for one in find_households(viewer, register.registration, name="zenaba saleh mahamat")] == [
        done.ref
    ]


def test_evacuations_are_sealed_anew_too(sending: Sending) -> None:
    from django.conf import settings

    _, referral, _ = sending.accepted()
    viewer = sending.register.cast.viewers["doctor-tcd"]
    told = read_referral(viewer, referral)
    old = read_keyring("", settings.EVENHAND.people_keys_file)
    write(old.with_new_seal())
    new = read_keyring("", settings.EVENHAND.people_keys_file)
    rekey_register(sending.register("operator"))
    write(Keyring({"2": new.seal["2"]}, new.index, new.card))
    assert read_referral(viewer, referral) == told


def test_only_an_operator_rekeys(register: Register) -> None:
    register.household()
    for who in ("registrar-tcd", "focal-tcd", "auditor", "public"):
        with nothing_changes(NotAllowed):
            rekey_register(register(who))


def test_a_field_that_does_not_open_stops_it_and_nothing_is_changed(register: Register) -> None:
    from django.conf import settings

    register.household()
    write(read_keyring("", settings.EVENHAND.people_keys_file).with_new_seal())
    from evenhand.people.models import Person

    one = Person.objects.first()
    assert one is not None
    Person.objects.filter(pk=one.pk).update(boxes={**one.boxes, "given_name": "1.AAAA"})
    before = people_rows()
    with pytest.raises(BoxRefused, match="was changed outside Evenhand"):
        rekey_register(register("operator"))
    assert people_rows() == before

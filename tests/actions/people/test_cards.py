"""A lost card is replaced: the next number opens, the older one no more; whoever may register may do it, and says why."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from evenhand_register import DATABASES, Register, nothing_changes, open_table, put_in_stock

from evenhand.actions.people.cards import LAST_CARD, replace_card
from evenhand.actions.people.households import erase_record
from evenhand.errors import ActionRefused, CardRefused, NameUnknown, NotAllowed, RepeatDiffers
from evenhand.people.models import Household

pytestmark = pytest.mark.django_db(databases=DATABASES)


def test_a_new_card_opens_and_the_lost_one_no_more(register: Register) -> None:
    put_in_stock(register.cast, 1000)
    table, ref = open_table(register), register.household().ref
    done = replace_card(register(reason="burnt with the tent"), household=ref)
    assert (done.ref, done.facts) == (ref, {"card": 2})
    with pytest.raises(CardRefused, match="replaced by a newer one"):
        table.scan(table.card(ref), "s-1")
    assert table.scan(table.card(ref, 2), "s-2").facts
    assert replace_card(register(reason="lost again"), household=ref).facts == {"card": 3}


def test_sent_twice_a_card_is_replaced_once(register: Register) -> None:
    ref, other = register.household().ref, register.household().ref
    for repeated in (False, True):
        done = replace_card(register(request="c-1"), household=ref)
        assert (done.facts["card"], done.repeated) == (2, repeated)
    with nothing_changes(RepeatDiffers):
        replace_card(register(request="c-1"), household=other)


def test_who_may_not_register_replaces_no_card(register: Register) -> None:
    ref = register.household().ref
    for who in ("donor-ind", "auditor", "operator", "public"):
        with nothing_changes(NotAllowed):
            replace_card(register(who), household=ref)
    with nothing_changes(NameUnknown, "household"):
        replace_card(register("registrar-ken"), household=ref)
    with nothing_changes(NameUnknown, "household"):
        replace_card(register(), household="HH-0000000000")


def test_a_card_needs_a_reason_and_a_household_that_is_there(register: Register) -> None:
    ref = register.household().ref
    with nothing_changes(ActionRefused, "say what became of"):
        replace_card(register(reason=" "), household=ref)
    Household.objects.filter(pk=ref).update(card=LAST_CARD)
    with nothing_changes(ActionRefused, "there are no more"):
        replace_card(register(), household=ref)
    Household.objects.filter(pk=ref).update(card=1)
    with nothing_changes(ActionRefused, "is to be erased"):
        replace_card(register(at=datetime(2027, 3, 2, tzinfo=UTC)), household=ref)
    assert date(2027, 3, 1) == Household.objects.get(pk=ref).registration.retain_until
    erase_record(register(), record=ref)
    with nothing_changes(ActionRefused, "is erased"):
        replace_card(register(), household=ref)

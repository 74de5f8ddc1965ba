"""Cards: read back as they were made, however they were typed; a forged one is told without a look at any table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.errors import CardRefused
from evenhand.people.cards import Card, card_code, read_card
from evenhand.people.keyring import Keyring, new_keyring, parse_keyring
from evenhand.records.refs import LETTERS

KEYS = new_keyring()
refs = st.text(LETTERS, min_size=10, max_size=10).map("HH-{}".format)


@given(refs, st.integers(1, 9999))
def test_a_card_is_read_back_also_when_it_was_read_out(household: str, number: int) -> None:
    code = card_code(KEYS, household, number)
    assert read_card(KEYS, code) == Card(household, number)
    assert read_card(KEYS, f" {code.lower().replace('0', 'o').replace('1', 'l')} ") == Card(household, number)


@given(refs, st.integers(1, 9999), st.integers(0, 9), st.sampled_from(LETTERS))
def test_a_changed_letter_is_refused(household: str, number: int, place: int, letter: str) -> None:
    code = card_code(KEYS, household, number)
    forged = code[: 3 + place] + letter + code[4 + place :]
    if forged != code:
        with pytest.raises(CardRefused):
            read_card(KEYS, forged)


def test_older_card_keys_still_read_and_other_registers_do_not() -> None:
    code = card_code(KEYS, "HH-0123456789", 1)
    newer = Keyring(KEYS.seal, KEYS.index, {"2": new_keyring().card["1"], **KEYS.card})
    assert read_card(newer, code) == Card("HH-0123456789", 1)
    assert card_code(newer, "HH-0123456789", 1) != code
    with pytest.raises(CardRefused, match="not made by this register"):
        read_card(new_keyring(), code)


def test_printed_cards_stay_good_whatever_else_is_renewed() -> None:
    fresh = new_keyring()
    renewed = Keyring(fresh.seal, fresh.index, KEYS.card)  # as after rekeying, with every older key taken out
    code = card_code(KEYS, "HH-0123456789", 1)
    assert card_code(renewed, "HH-0123456789", 1) == code
    assert read_card(parse_keyring(renewed.with_new_seal().text(), "here"), code) == Card("HH-0123456789", 1)

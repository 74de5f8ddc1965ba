"""The card of a household: its ref, the number of the card, and a mark that nobody without the keys can make. Holds no Django.

The code holds no name. A forged or mistyped one is told from a true one without asking any table; a copied one is told by the
second scan; one that was lost is replaced, and its number opens nothing any more.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import Final

from evenhand.errors import CardRefused
from evenhand.people.keyring import Keyring
from evenhand.records.refs import LETTERS

MARK: Final = 8
"""Letters of the mark: 40 bits, tried against a register that answers each wrong one with a refusal."""

_CODE = re.compile(r"(HH-[0-9A-HJKMNP-TV-Z]{10})\.(\d{1,4})\.([0-9A-HJKMNP-TV-Z]{8})")
_LOOKALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


@dataclass(frozen=True, slots=True)
class Card:
    """Hold what a card says."""

    household: str
    number: int


def card_code(keys: Keyring, household: str, number: int) -> str:
    """Return the code of a card, as its QR has it and as it can be read out.

    Examples
    --------
    >>> from evenhand.people.keyring import new_keyring
    >>> keys = new_keyring()
    >>> read_card(keys, card_code(keys, "HH-0123456789", 2))
    Card(household='HH-0123456789', number=2)
    """
    return f"{household}.{number}.{_mark(keys.card[keys.cards], household, number)}"


def read_card(keys: Keyring, text: str) -> Card:
    """Return what a card says.

    Raises
    ------
    CardRefused
        It is no card's code, or its mark is not one that these keys make.
    """
    head, dot, rest = text.strip().upper().partition(".")
    head = head[:3] + head[3:].translate(_LOOKALIKE)
    found = _CODE.fullmatch(f"{head}{dot}{rest.translate(_LOOKALIKE)}")
    if found is None:
        raise CardRefused("this is no card's code; scan it again, or type it as it stands under the square: HH-….1.…")
    household, number = found[1], int(found[2])
    if not any(hmac.compare_digest(_mark(key, household, number), found[3]) for key in keys.card.values()):
        raise CardRefused(
            "this card was not made by this register, or was mistyped; look the household up by name instead"
        )
    return Card(household, number)


def _mark(key: bytes, household: str, number: int) -> str:
    digest = hmac.digest(key, f"evenhand/card/1/{household}/{number}".encode(), "sha256")
    bits = int.from_bytes(digest[:8], "big") >> (64 - 5 * MARK)
    return "".join(LETTERS[(bits >> shift) & 31] for shift in range(5 * (MARK - 1), -1, -5))

"""Folding a value so that spellings which differ in nothing that matters meet in one blind index. Holds no Django.

For exact search: case, accents, marks that are not written by everybody, spaces and the order of names do not count. What sounds
alike is the matter of `evenhand.matching`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

ARABIC: Final = str.maketrans({
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "ـ": "",
})  # fmt: skip
"""Letters that are written one way here and another there; the lengthening stroke is none."""

PHONE_DIGITS: Final = 8
"""The last digits of a number, which stay the same with and without the state's prefix."""


def fold_name(text: str) -> str:
    """Return a name without case, accents, points and the order of its parts.

    Examples
    --------
    >>> fold_name("  Ould-Abbès  Ibrahim") == fold_name("IBRAHIM Ould Abbes")
    True
    >>> fold_name("فاطمة") == fold_name("فَاطِمَه")
    True
    """
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", text.translate(ARABIC)) if not unicodedata.combining(letter)
    )
    return " ".join(sorted(re.findall(r"\w+", plain.translate(ARABIC).casefold())))


def fold_phone(text: str) -> str:
    """Return the last eight digits of a number, in whatever figures it was written.

    Examples
    --------
    >>> fold_phone("+235 66 12 34 56") == fold_phone("66123456")
    True
    >>> fold_phone("+961 3 123 456"), fold_phone("٩٦١٣١٢٣٤٥٦")
    ('13123456', '13123456')
    """
    digits = "".join(str(unicodedata.decimal(letter)) for letter in text if letter.isdecimal())
    return digits[-PHONE_DIGITS:]


def fold_outside(text: str) -> str:
    """Return somebody else's reference without case, spaces and strokes."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def folded(values: Mapping[str, str]) -> dict[str, str]:
    """Return what a person or household can be found by: kind → folded value, those that are there."""
    named = (values.get("given_name", ""), values.get("family_name", ""))
    found = {
        "name": fold_name(" ".join(named)),
        "other": fold_name(values.get("other_name", "")),
        "phone": fold_phone(values.get("phone", "") or values.get("contact_phone", "")),
        "outside": fold_outside(values.get("outside", "")),
    }
    return {kind: value for kind, value in found.items() if value}

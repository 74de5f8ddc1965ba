"""Letters that no text of a form may hold: they are not seen, and make one text look like another or break what keeps it.

Asked by every field of text.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
"""Characters that turn the direction of writing: they can make one text look like another."""


def refuse_unseen(text: str) -> str:
    """Return a text as it is.

    Raises
    ------
    ValidationError
        It holds what turns the direction of writing, NUL, or another character that is no text.
    """
    for letter in text:
        if letter in TURNING:
            raise forms.ValidationError(
                _("This holds an unseen character that turns the direction of writing (%(code)s). Type it anew."),
                params={"code": f"U+{ord(letter):04X}"},
            )
        if unicodedata.category(letter) == "Cc" and letter not in "\n\t":
            raise forms.ValidationError(
                _("This holds a character that is no text (%(code)s). Type it anew."),
                params={"code": f"U+{ord(letter):04X}"},
            )
    return text

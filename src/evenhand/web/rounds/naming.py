"""Names as plain text, for pictures and lists in Python: in the reader's language where one is known, else as stored."""

from __future__ import annotations

from evenhand.web.languages.speaking import names_here


def plain_name(kind: str, key: str, stored: str = "") -> str:
    """Return the name of a record; its key where it has none."""
    return names_here().name_of(kind, key, stored).text

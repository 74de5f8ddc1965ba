"""Where a record's own page is, from its ref or key alone."""

from __future__ import annotations

import re
from typing import Final

from django.urls import reverse

PAGES: Final = {
    "ND": "need", "OF": "offer", "RD": "round", "CN": "consignment", "EV": "evidence", "PG": "programme",
    "ST": "statement", "MT": "meeting", "HO": "official", "TH": "thread",
}  # fmt: skip
"""Prefix of a ref → the name of the page's address."""

KINDS: Final = {
    "party": "party", "resource": "resource", "group": "group", "programme": "programme", "need": "need",
    "offer": "offer", "round": "round", "consignment": "consignment", "evidence": "evidence",
    "statement": "statement", "meeting": "meeting", "official": "official", "thread": "thread", "document": "document",
}  # fmt: skip
"""Kind of a record → the name of its page's address."""

REF: Final = re.compile(r"([A-Z]{2})-[0-9A-HJKMNP-TV-Z]{10}")


def address_of(ref: str, kind: str = "") -> str:
    """Return the address of a record's page in the language of the request; the desk where it has none."""
    name = KINDS.get(kind, "")
    if not name and (match := REF.fullmatch(ref)):
        name = PAGES.get(match[1], "")
    return reverse(name, args=[ref]) if name and ref else reverse("desk")

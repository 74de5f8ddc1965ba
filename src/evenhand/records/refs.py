"""Public refs: short, opaque, and the same again when the same action is repeated.

Used by every action that makes a record. Not a running number, because that would tell how many there are and invite
guessing the others.
"""

from __future__ import annotations

import hashlib
from typing import Literal

Prefix = Literal[
    "ND", "OF", "RD", "CN", "EV", "PG", "OB", "KY", "HO", "MT", "ST", "TH", "RY", "RG", "HH", "PN", "ET", "DI", "EN", "HP", "RH", "TR",
]  # fmt: skip
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a ref can be read out over a telephone."""

LENGTH = 10


def make_ref(prefix: Prefix, action: str, number: int) -> str:
    """Return the ref of the `number`-th record of its kind that an action makes: 50 bits of SHA-256.

    Examples
    --------
    >>> make_ref("ND", "an action's id", 1)
    'ND-PW78PEPCPD'
    """
    bits = int.from_bytes(hashlib.sha256(f"{prefix}/{action}/{number}".encode()).digest()[:8], "big") >> 14
    return f"{prefix}-" + "".join(LETTERS[(bits >> shift) & 31] for shift in range(45, -1, -5))

"""Sealing one field of one record: AES-256-GCM, and blind indexes by which a value is found without opening any.

A box says which key opens it, and opens only in its own field of its own record: moved elsewhere it is refused. Two boxes of
the same value never look alike. A blind index is a keyed hash of a folded value, so that equal values meet within one
registration and nowhere else. Called by `actions.people` and `lookups.people`. Holds no Django.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from evenhand.errors import BoxRefused
from evenhand.people.keyring import Keyring

NONCE = 12
DIGEST = 16
"""Bytes of a blind index that are kept: enough that no two values meet by chance."""


class Sealer:
    """Seal and open with one keyring; made once a process."""

    def __init__(self, keys: Keyring) -> None:
        self.keys = keys
        self.ciphers = {name: AESGCM(key) for name, key in keys.seal.items()}

    def seal(self, record: str, field: str, value: str) -> str:
        """Return a value in a box: the key's id, a nonce of its own, what was sealed."""
        nonce = secrets.token_bytes(NONCE)
        sealed = self.ciphers[self.keys.seals].encrypt(nonce, value.encode(), _about(record, field))
        return f"{self.keys.seals}.{base64.b64encode(nonce + sealed).decode()}"

    def open(self, record: str, field: str, box: str) -> str:
        """Return what is in a box.

        Raises
        ------
        BoxRefused
            Its key is not here, it was changed, or it belongs to another field or record.
        """
        name, _, text = box.partition(".")
        cipher = self.cipher(name)
        if cipher is None:
            raise BoxRefused(
                f"{field} of {record} was sealed with the key seal.{name}, which is not in the keyring; put it back, or "
                "nobody can read what it sealed"
            )
        try:
            held = base64.b64decode(text, validate=True)
            return cipher.decrypt(held[:NONCE], held[NONCE:], _about(record, field)).decode()
        except (InvalidTag, binascii.Error, ValueError, UnicodeDecodeError):
            raise BoxRefused(
                f"{field} of {record} was changed outside Evenhand, or belongs elsewhere; it is not shown. Compare with a backup"
            ) from None

    def cipher(self, name: str) -> AESGCM | None:
        """Return what opens the boxes of a key, None where it is not there."""
        return self.ciphers.get(name)

    def open_all(self, record: str, boxes: Mapping[str, str]) -> dict[str, str]:
        """Return what is in each box of a record, by field."""
        return {field: self.open(record, field, box) for field, box in boxes.items()}

    def is_newest(self, box: str) -> bool:
        """Say whether a box was sealed with the key that seals now."""
        return box.partition(".")[0] == self.keys.seals

    def index(self, registration: str, kind: str, folded: str) -> str:
        """Return the blind index of a folded value, by the newest key; "" of nothing."""
        return self._digest(self.keys.indexes, registration, kind, folded) if folded else ""

    def indexes(self, registration: str, kind: str, folded: str) -> list[str]:
        """Return the blind indexes of a value by every key that may have made one, for a search."""
        return [self._digest(name, registration, kind, folded) for name in self.keys.index] if folded else []

    def _digest(self, name: str, registration: str, kind: str, folded: str) -> str:
        said = f"{registration}/{kind}/{folded}".encode()
        return f"{name}.{hmac.digest(self.keys.index[name], said, 'sha256')[:DIGEST].hex()}"


def _about(record: str, field: str) -> bytes:
    return f"evenhand/people/1/{record}/{field}".encode()

"""Signed checkpoints, which are everybody's to read: what the stock book said of itself, and when.

Asked by the pages, the demo and the commands. The notes are the very text that was signed.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from evenhand.access.viewers import Viewer
from evenhand.database.writing import reading
from evenhand.errors import CheckpointRefused, NameUnknown
from evenhand.ledger.checkpoint import check_note, parse_note
from evenhand.stockbook import checkpoints as signing
from evenhand.stockbook import memory
from evenhand.stockbook import models as stockbook

VERIFIERS = signing.VERIFIERS
HOW_TO_CHECK = (
    "RFC 9162, section 2.1.4.2, says how to check it, for whoever holds both checkpoints and trusts nobody here; in Python: "
    "evenhand.ledger.merkle.check_consistency(old size, old root, new size, new root, hashes), everything in base64 decoded"
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Hold one checkpoint: over how many entries, the root of their tree in base64, who signed, and the note itself.

    Attributes
    ----------
    checked
        Of those who signed, whose signature holds by a verifier key known here; only `get_checkpoint` looks.
    """

    size: int
    root: str
    why: str
    made_at: datetime
    signed_by: tuple[str, ...]
    note: str
    checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consistency:
    """Hold a proof that the entries under one checkpoint are the first entries under a later one.

    Attributes
    ----------
    old_root, new_root, hashes
        Base64.
    how_to_check
        A sentence.
    """

    old_size: int
    old_root: str
    new_size: int
    new_root: str
    hashes: tuple[str, ...]
    how_to_check: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold how far the book is signed, for whoever keeps the installation.

    Attributes
    ----------
    entries, signed
        Entries in the book; those under the newest checkpoint.
    made_at
        When that was made, None where there is none.
    verifiers
        Names of the keys in `verifiers.txt` beside the signing key.
    refused
        Why the key would sign nothing more as the book stands, "" where it would.
    remembers
        Whether the last signed checkpoint is kept beside the key.
    """

    entries: int
    signed: int
    made_at: datetime | None
    verifiers: tuple[str, ...]
    refused: str
    remembers: bool


def list_checkpoints(
    viewer: Viewer, *, most: Annotated[int, "how many to list, the newest first"] = 20
) -> list[Checkpoint]:
    """Return the newest checkpoints, the newest first."""
    return [_checkpoint(row) for row in stockbook.Checkpoint.objects.order_by("-size")[:most]]


def get_checkpoint(viewer: Viewer, size: Annotated[str, "over how many entries it was made"]) -> Checkpoint:
    """Return a checkpoint, and whose signatures hold.

    Raises
    ------
    NameUnknown
        None was made over so many entries.
    CheckpointRefused
        The note was changed after it was signed.
    """
    found = _checkpoint(_row(size))
    return replace(found, checked=check_note(parse_note(found.note), signing.known_keys()))


def prove_consistency(
    viewer: Viewer,
    old: Annotated[str, "over how many entries the older checkpoint was made"],
    new: Annotated[str, "over how many entries the newer one was made"],
) -> Consistency:
    """Return the proof that the book only grew in between.

    Raises
    ------
    NameUnknown
        No checkpoint was made at one of the sizes.
    CheckpointRefused
        The sizes are in the wrong order, or the entries no longer make the roots that were signed.
    """
    proof = signing.prove_consistency(_row(old).size, _row(new).size)
    return Consistency(
        proof.old.size, _base64(proof.old.root), proof.new.size, _base64(proof.new.root),
        tuple(_base64(one) for one in proof.hashes), HOW_TO_CHECK,
    )  # fmt: skip


def find_latest_checkpoint(viewer: Viewer) -> Checkpoint | None:
    """Return the newest checkpoint, None where nothing was signed yet."""
    row = stockbook.Checkpoint.objects.order_by("-size").first()
    return None if row is None else _checkpoint(row)


def read_standing() -> Standing:
    """Return how far the book is signed, and what would keep the key from signing on."""
    last = stockbook.Checkpoint.objects.order_by("-size").first()
    verifiers: tuple[str, ...] = ()
    refused, entries, remembers = "", 0, False
    try:
        with reading():
            entries = signing.read_head().size
            remembers = memory.memory_file().is_file()
            signing.expect_sound_book()
        own = signing.signing_key()
        verifiers = tuple(key.name for key in signing.known_keys() if own is None or key != own.verifier)
    except (CheckpointRefused, OSError) as error:
        refused = str(error)
    return Standing(entries, last.size if last else 0, last.made_at if last else None, verifiers, refused, remembers)


def _row(size: str) -> stockbook.Checkpoint:
    known = stockbook.Checkpoint.objects.order_by("-size")
    size = size.replace(",", "")  # as answers write it
    row = known.filter(pk=int(size)).first() if size.isascii() and size.isdigit() and len(size) < 16 else None
    if row is None:
        raise NameUnknown("checkpoint of size", size, [str(one) for one in known.values_list("size", flat=True)[:1000]])
    return row


def _checkpoint(row: stockbook.Checkpoint) -> Checkpoint:
    signers = tuple(signature.name for signature in parse_note(row.note).signatures)
    return Checkpoint(row.size, _base64(bytes(row.root)), row.why, row.made_at, signers, row.note)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")

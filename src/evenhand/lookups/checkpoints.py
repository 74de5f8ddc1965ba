"""Signed checkpoints, which are everybody's to read: what the stock book said of itself, and when.

Asked by the pages, the demo and the commands. The notes are the very text that was signed.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from evenhand.access.viewers import Viewer
from evenhand.errors import NameUnknown
from evenhand.ledger.checkpoint import parse_note
from evenhand.stockbook import models as stockbook


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Hold one checkpoint: over how many entries, the root of their tree in base64, who signed, and the note itself."""

    size: int
    root: str
    why: str
    made_at: datetime
    signed_by: tuple[str, ...]
    note: str


def list_checkpoints(
    viewer: Viewer, *, most: Annotated[int, "how many to list, the newest first"] = 20
) -> list[Checkpoint]:
    """Return the newest checkpoints, the newest first."""
    return [_checkpoint(row) for row in stockbook.Checkpoint.objects.order_by("-size")[:most]]


def get_checkpoint(viewer: Viewer, size: Annotated[str, "over how many entries it was made"]) -> Checkpoint:
    """Return the checkpoint over so many entries. Raises NameUnknown."""
    known = stockbook.Checkpoint.objects.order_by("-size")
    row = known.filter(pk=int(size)).first() if size.isascii() and size.isdigit() and len(size) < 16 else None
    if row is None:
        raise NameUnknown("checkpoint of size", size, [str(one) for one in known.values_list("size", flat=True)[:1000]])
    return _checkpoint(row)


def find_latest_checkpoint(viewer: Viewer) -> Checkpoint | None:
    """Return the newest checkpoint, None where nothing was signed yet."""
    row = stockbook.Checkpoint.objects.order_by("-size").first()
    return None if row is None else _checkpoint(row)


def _checkpoint(row: stockbook.Checkpoint) -> Checkpoint:
    signers = tuple(signature.name for signature in parse_note(row.note).signatures)
    root = base64.b64encode(bytes(row.root)).decode("ascii")
    return Checkpoint(row.size, root, row.why, row.made_at, signers, row.note)

"""Proofs that an entry stands in the book, and the very lines that the tree is made of, for whoever checks by themselves.

Asked by the API and the pages of the book. Everybody may read all of it: a leaf holds no personal data. Must never sign
anything.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Annotated

from evenhand.access.viewers import Viewer
from evenhand.database.writing import reading
from evenhand.errors import ActionRefused, NameUnknown
from evenhand.ledger.merkle import node_hash
from evenhand.stockbook import leaves as stored
from evenhand.stockbook import models as stockbook
from evenhand.stockbook import proving
from evenhand.stockbook.checkpoints import known_keys

HOW_TO_CHECK = (
    "SHA-256 of a zero byte and the line is the leaf; RFC 9162, section 2.1.3.2, leads from it over the hashes to the root; "
    "in Python: evenhand.ledger.merkle.check_inclusion(leaf, seq - 1, size, hashes, root), everything in base64 decoded"
)
PROOF_FORMAT = "c2sp.org/tlog-proof@v1"
DIGITS = 15


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Hold a proof that an entry stands in the book under a signed checkpoint.

    Attributes
    ----------
    seq, entry
        Its number in the book, counted from 1, and its id.
    line
        The very text that is hashed.
    leaf, hashes, root
        Base64: the line's hash, the way to the root, the root that was signed.
    size
        Over how many entries the checkpoint was made.
    checkpoint
        The signed note.
    tlog_proof
        The same as one text that any reader of C2SP tlog-proof checks.
    how_to_check
        A sentence.
    """

    seq: int
    entry: str
    line: str
    leaf: str
    size: int
    root: str
    hashes: tuple[str, ...]
    checkpoint: str
    tlog_proof: str
    how_to_check: str


@dataclass(frozen=True, slots=True)
class Step:
    """Hold one step of a proof: the hash beside, on which side it stands, and what both make; hexadecimal."""

    number: int
    beside: str
    side: str
    makes: str


def prove_inclusion(
    viewer: Viewer,
    seq: Annotated[str, "the entry's number in the book, counted from 1"],
    *,
    size: Annotated[str, "under the checkpoint over so many entries; the newest where not said"] = "",
) -> Inclusion:
    """Return the proof that an entry stands in the book under a signed checkpoint.

    Raises
    ------
    NameUnknown
        There is no such entry, or no such checkpoint.
    ActionRefused
        No checkpoint covers it yet.
    CheckpointRefused
        The entries no longer make the root that was signed.
    """
    with reading():
        number = _number(seq, "entry")
        row = stockbook.Entry.objects.filter(seq=number).values_list("entry", flat=True).first()
        if row is None:
            raise NameUnknown("entry", seq, ())
        known = stockbook.Checkpoint.objects.order_by("-size")
        signed = known.filter(pk=_number(size, "checkpoint of size")).first() if size else known.first()
        if signed is None and size:
            raise NameUnknown(
                "checkpoint of size", size, [str(one) for one in known.values_list("size", flat=True)[:1000]]
            )
        if signed is None or signed.size < number:
            covered = f"the checkpoint covers the first {signed.size:,}" if signed else "nothing was signed yet"
            raise ActionRefused(f"no proof for entry {number:,} yet: {covered}; one is signed at least once a day")
        proof = proving.prove_inclusion(number, signed)
    hashes = tuple(_base64(one) for one in proof.hashes)
    return Inclusion(
        seq=number, entry=row, line=proof.line.decode(), leaf=_base64(proof.leaf), size=signed.size,
        root=_base64(bytes(signed.root)), hashes=hashes, checkpoint=signed.note,
        tlog_proof=write_proof(number - 1, hashes, signed.note), how_to_check=HOW_TO_CHECK,
    )  # fmt: skip


def list_steps(viewer: Viewer, proof: Inclusion) -> list[Step]:
    """Return a proof carried out step by step, as RFC 9162, section 2.1.3.2, checks it."""
    steps: list[Step] = []
    place, last = proof.seq - 1, proof.size - 1
    found = base64.b64decode(proof.leaf)
    for beside in map(base64.b64decode, proof.hashes):
        if place & 1 or place == last:
            found, side = node_hash(beside, found), "left"
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found, side = node_hash(found, beside), "right"
        place, last = place >> 1, last >> 1
        steps.append(Step(len(steps) + 1, beside.hex(), side, found.hex()))
    return steps


def read_lines(viewer: Viewer, *, after: int = 0, most: int = 1000) -> bytes:
    """Return the lines of so many entries after a number, byte for byte as the tree hashes them, one on a line."""
    with reading():
        return b"".join(line + b"\n" for line, _ in stored.read_lines(after=after, until=after + most))


def list_verifiers(viewer: Viewer) -> list[str]:
    """Return the verifier keys that belong to this book, as C2SP signed-note writes them.

    Raises
    ------
    CheckpointRefused
        The key, or the list of keys beside it, cannot be read.
    """
    return [key.text() for key in known_keys()]


def write_proof(index: int, hashes: tuple[str, ...], note: str) -> str:
    """Return a proof as C2SP tlog-proof writes it.

    Source: C2SP tlog-proof: a line that names the format, the index, the hashes, an empty line, the signed checkpoint.

    Examples
    --------
    >>> print(write_proof(2, ("aGFzaA==",), "a note"))
    c2sp.org/tlog-proof@v1
    index 2
    aGFzaA==
    <BLANKLINE>
    a note
    """
    return "\n".join([PROOF_FORMAT, f"index {index}", *hashes, "", note])


def _number(text: str, kind: str) -> int:
    plain = text.replace(",", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) <= DIGITS):
        raise NameUnknown(kind, text[:60], ())
    return int(plain)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")

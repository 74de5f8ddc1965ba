"""The Merkle tree over the entries' lines, as RFC 6962 defines it: roots, growth, and the two kinds of proof.

Used by the stock book (a leaf in the transaction of its entry, a frontier of peaks beside it), by checkpoints and by
`evenhand audit`. Every hash is 32 raw bytes. No file, no database, no key here, and never a leaf that is changed or
taken back. The single-file verifier does the same arithmetic of its own and shares no code with this module.

Source: RFC 6962, section 2.1; the checking of proofs after RFC 9162, sections 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from evenhand.errors import CheckpointRefused, OptionRefused

EMPTY_ROOT = sha256().digest()
"""The root of the tree without leaves: SHA-256 of nothing."""

HASH_SIZE = 32
AT_ONCE = 1 << 16
"""Leaves taken in one step of `Frontier.extend`: enough for speed, little enough for memory."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256(0x00 || data).

    Examples
    --------
    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """Hold what is needed to append to a tree and to name its root: the roots of its perfect subtrees.

    Attributes
    ----------
    size
        How many leaves the tree has.
    peaks
        One hash for each bit set in `size`, that of the largest subtree first.

    Examples
    --------
    >>> frontier = Frontier().append(leaf_hash(b"first")).append(leaf_hash(b"second"))
    >>> frontier.root() == node_hash(leaf_hash(b"first"), leaf_hash(b"second"))
    True
    >>> Frontier.from_bytes(2, b"too short")
    Traceback (most recent call last):
    ...
    evenhand.errors.CheckpointRefused: the frontier of a tree of 2 leaves has 32 bytes, not 9; rebuild it from the leaves
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> Frontier:
        """Return the frontier with one leaf hash more."""
        peaks, size = list(self.peaks), self.size
        while size & 1:
            leaf = node_hash(peaks.pop(), leaf)
            size >>= 1
        return Frontier(self.size + 1, (*peaks, leaf))

    def extend(self, leaves: Iterable[bytes]) -> Frontier:
        """Return the frontier with many leaf hashes more: the same as `append` for each, several times faster."""
        frontier, waiting = self, iter(leaves)
        while row := list(islice(waiting, AT_ONCE)):
            frontier = frontier._extend_by(row)
        return frontier

    def _extend_by(self, row: list[bytes]) -> Frontier:
        """Add leaf hashes as one adds binary numbers: row by row upwards, an odd one out stays as a peak."""
        size, taken, peaks, found = self.size, len(row), list(self.peaks), []
        height = 0
        while row:
            if size >> height & 1:
                row.insert(0, peaks.pop())
            if len(row) & 1:
                found.append(row.pop())
            row = [sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=True)]
            height += 1
        return Frontier(size + taken, (*peaks, *reversed(found)))

    def root(self) -> bytes:
        """Return the root of the tree."""
        if not self.peaks:
            return EMPTY_ROOT
        *larger, root = self.peaks
        for peak in reversed(larger):
            root = node_hash(peak, root)
        return root

    def to_bytes(self) -> bytes:
        """Return the peaks one after the other; the size is kept beside them."""
        return b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> Frontier:
        """Return the frontier that `to_bytes` wrote.

        Raises
        ------
        CheckpointRefused
            The bytes are not as many as a tree of this size has peaks.
        """
        wanted = size.bit_count() * HASH_SIZE
        if size < 0 or len(data) != wanted:
            what = f"the frontier of a tree of {size} leaves has {wanted} bytes, not {len(data)}"
            raise CheckpointRefused(f"{what}; rebuild it from the leaves")
        return cls(size, tuple(data[start : start + HASH_SIZE] for start in range(0, wanted, HASH_SIZE)))


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root of the tree over these leaf hashes."""
    return Frontier().extend(leaves).root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the hashes that lead from the leaf at `index` (counted from 0) to the root: RFC 6962's PATH(m, D[n]).

    Raises
    ------
    OptionRefused
        The tree has no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise OptionRefused(f"leaf {index} does not exist: a tree of {len(leaves)} leaves counts them from 0")
    path: list[bytes] = []
    first, last = 0, len(leaves)
    while last - first > 1:
        middle = first + split_below(last - first)
        if index < middle:
            path.append(root_of(leaves[middle:last]))
            last = middle
        else:
            path.append(root_of(leaves[first:middle]))
            first = middle
    return tuple(reversed(path))


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether the proof shows that a leaf hash stands at `index` in the tree of this size and root.

    Source: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if not last:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return not last and found == root


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Return the hashes that show the first `old_size` leaves to be a beginning of all: RFC 6962's PROOF(m, D[n]).

    Raises
    ------
    OptionRefused
        The tree was never of that size.
    """
    if not 0 <= old_size <= len(leaves):
        raise OptionRefused(f"an old size of {old_size} is outside the tree, which grew from 0 to {len(leaves)} leaves")
    path: list[bytes] = []
    first, last, whole = 0, len(leaves), True
    while old_size and old_size != last:
        middle = first + split_below(last - first)
        if old_size <= middle:
            path.append(root_of(leaves[middle:last]))
            last = middle
        else:
            path.append(root_of(leaves[first:middle]))
            first, whole = middle, False
    if not whole:
        path.append(root_of(leaves[first:last]))
    return tuple(reversed(path))


def check_consistency(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether the proof shows the tree of the old size and root to be a beginning of the other.

    Source: RFC 9162, section 2.1.4.2. Every tree begins with the empty one, which needs no proof.
    """
    if not 0 <= old_size <= size:
        return False
    if old_size in (0, size):
        return not proof and old_root == (root if old_size == size else EMPTY_ROOT)
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return False
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if not last:
            return False
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return not last and old == old_root and new == root


def split_below(size: int) -> int:
    """Return the largest power of two below a size of at least 2: how many leaves its left subtree has."""
    return 1 << (size - 1).bit_length() - 1

"""Inclusion proofs out of a book of a million entries, in milliseconds: the roots of its tiles are kept.

A tile is 256 leaves in a row; entries are never changed, so the root of a whole tile never changes either and a process
keeps it once it was computed (a million entries: 4,000 roots, 125 kB). Every proof is checked against the root that was
signed before it is given out; where it fails, the tiles are computed anew, so that what was kept can never make a broken
book look sound or a sound one broken. Used by `lookups.proofs`. Writes nothing.

Source: RFC 6962, section 2.1.1; tiles as C2SP tlog-tiles cuts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from django.db import connection

from evenhand.errors import CheckpointRefused
from evenhand.ledger.checkpoint import parse_note
from evenhand.ledger.merkle import check_inclusion, leaf_hash, node_hash, root_of, split_below
from evenhand.stockbook.leaves import read_leaves, read_lines
from evenhand.stockbook.models import Checkpoint

TILE = 256
_tiles: dict[str, list[bytes]] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Proof:
    """Hold an entry's line, its leaf hash, and the hashes that lead from it to the signed root."""

    line: bytes
    leaf: bytes
    hashes: tuple[bytes, ...]


def prove_inclusion(seq: int, signed: Checkpoint) -> Proof:
    """Return the proof that an entry stands under a checkpoint; a transaction must be open (`writing.reading`).

    Parameters
    ----------
    seq
        The entry's number, counted from 1, at most the checkpoint's size.

    Raises
    ------
    CheckpointRefused
        The entries no longer make the root that was signed.
    """
    line = next(read_lines(after=seq - 1, until=seq), (b"", b""))[0]
    leaf, root = leaf_hash(line), parse_note(signed.note).checkpoint.root
    for attempt in (1, 2):
        hashes = _path(seq - 1, signed.size)
        if check_inclusion(leaf, seq - 1, signed.size, hashes, root):
            return Proof(line, leaf, hashes)
        if attempt == 1:
            _forget()
    raise CheckpointRefused(
        f"the entries here no longer make the root that was signed over {signed.size:,} of them; run: evenhand audit"
    )


def _path(index: int, size: int) -> tuple[bytes, ...]:
    tiles = _whole_tiles(size)
    path: list[bytes] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + split_below(last - first)
        if index < middle:
            path.append(_root(middle, last, tiles))
            last = middle
        else:
            path.append(_root(first, middle, tiles))
            first = middle
    return tuple(reversed(path))


def _root(first: int, last: int, tiles: Sequence[bytes]) -> bytes:
    """Return the root over the leaves from `first` until before `last`, from whole tiles where there are any."""
    count = last - first
    if count >= TILE and first % TILE == 0:
        whole = count // TILE
        roots = list(tiles[first // TILE : first // TILE + whole])
        if count % TILE == 0 and len(roots) == whole:
            return _combined(roots)
        middle = first + split_below(count)
        return node_hash(_root(first, middle, tiles), _root(middle, last, tiles))
    return root_of(read_leaves(after=first, until=last))


def _combined(roots: Sequence[bytes]) -> bytes:
    if len(roots) == 1:
        return roots[0]
    middle = split_below(len(roots))
    return node_hash(_combined(roots[:middle]), _combined(roots[middle:]))


def _whole_tiles(size: int) -> Sequence[bytes]:
    """Return the roots of the whole tiles of the first `size` leaves, computing those that are new."""
    book = str(connection.settings_dict["NAME"])
    with _lock:
        tiles = _tiles.setdefault(book, [])
        wanted = size // TILE
        if len(tiles) < wanted:
            leaves = read_leaves(after=len(tiles) * TILE, until=wanted * TILE)
            row: list[bytes] = []
            for leaf in leaves:
                row.append(leaf)
                if len(row) == TILE:
                    tiles.append(root_of(row))
                    row = []
        return tiles[:wanted]


def _forget() -> None:
    with _lock:
        _tiles.clear()

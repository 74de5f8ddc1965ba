"""Inclusion proofs from kept tiles: the same as from all leaves, for every entry under every checkpoint."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from evenhand.errors import CheckpointRefused, NameUnknown
from evenhand.ledger.merkle import Frontier, check_inclusion, inclusion_proof, leaf_hash
from evenhand.stockbook import proving


@pytest.mark.parametrize("tile", [2, 4, 8])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 31, 33])
def test_a_proof_from_tiles_is_the_proof_from_all_leaves(monkeypatch: pytest.MonkeyPatch, tile: int, size: int) -> None:
    leaves = [leaf_hash(b"%d" % number) for number in range(size)]
    monkeypatch.setattr(proving, "TILE", tile)
    monkeypatch.setattr(proving, "read_leaves", lambda *, after=0, until=None: iter(leaves[after:until]))
    monkeypatch.setattr(proving, "_tiles", {})
    root = Frontier().extend(leaves).root()
    for index in range(size):
        path = proving._path(index, size)
        assert path == inclusion_proof(leaves, index)
        assert check_inclusion(leaves[index], index, size, path, root)


def test_kept_tiles_that_are_wrong_are_computed_anew(monkeypatch: pytest.MonkeyPatch, cast: Any, signing: Any) -> None:
    from evenhand.actions.checkpoints import make_checkpoint
    from evenhand.actions.offers import make_offer
    from evenhand.lookups.proofs import list_steps, prove_inclusion

    monkeypatch.setattr(proving, "TILE", 2)
    for number in range(5):
        make_offer(
            cast("donor-ind"), donor="IND", resource="mask-surgical", quantity=f"{number + 1} box", firmness="pledge"
        )
    make_checkpoint(cast("task-force"))
    viewer = cast("public").viewer
    first = prove_inclusion(viewer, "3")
    proving._tiles.update({name: [b"\0" * 32 for _ in tiles] for name, tiles in proving._tiles.items()})
    assert prove_inclusion(viewer, "3") == first
    with pytest.raises(NameUnknown):
        prove_inclusion(viewer, "6")
    with pytest.raises(NameUnknown):
        prove_inclusion(viewer, "none")
    assert list_steps(viewer, first)[-1].makes == base64.b64decode(first.root).hex()
    monkeypatch.setattr(proving, "leaf_hash", lambda line: b"\1" * 32)
    with pytest.raises(CheckpointRefused):
        prove_inclusion(viewer, "3")

"""The tree is that of RFC 6962: its test vectors, its own recursive definition, and a second implementation agree."""

from __future__ import annotations

import hashlib
import random
from functools import cache

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.errors import CheckpointRefused, OptionRefused
from evenhand.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
)

# The inputs and roots that Certificate Transparency's reference implementation is tested with.
INPUTS = [bytes.fromhex(data) for data in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (leaf counted from 0, size): the hashes beside the way up.
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
# (old size, size): the hashes that show the one to be a beginning of the other.
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
LEAVES = [leaf_hash(data) for data in INPUTS]

sizes = st.integers(0, 130)


def some_leaves(count: int, seed: int = 0) -> list[bytes]:
    return [leaf_hash(b"%d/%d" % (seed, place)) for place in range(count)]


# RFC 6962, section 2.1, as it is written there: MTH(D[n]), PATH(m, D[n]), SUBPROOF(m, D[n], b).


def largest_power_below(n: int) -> int:
    return max(1 << bit for bit in range(n.bit_length()) if 1 << bit < n)


@cache
def mth(d: tuple[bytes, ...]) -> bytes:
    if len(d) <= 1:
        return d[0] if d else hashlib.sha256(b"").digest()
    k = largest_power_below(len(d))
    return hashlib.sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m: int, d: tuple[bytes, ...]) -> list[bytes]:
    if len(d) == 1:
        return []
    k = largest_power_below(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m: int, d: tuple[bytes, ...], b: bool = True) -> list[bytes]:
    if m == len(d):
        return [] if b else [mth(d)]
    k = largest_power_below(len(d))
    return [*subproof(m, d[:k], b), mth(d[k:])] if m <= k else [*subproof(m - k, d[k:], False), mth(d[:k])]


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_the_inclusion_proofs_are_those_of_certificate_transparency(index: int, size: int) -> None:
    proof = inclusion_proof(LEAVES[:size], index)
    assert [step.hex() for step in proof] == INCLUSION[index, size]
    assert check_inclusion(LEAVES[index], index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_the_consistency_proofs_are_those_of_certificate_transparency(old: int, size: int) -> None:
    proof = consistency_proof(LEAVES[:size], old)
    assert [step.hex() for step in proof] == CONSISTENCY[old, size]
    assert check_consistency(old, bytes.fromhex(ROOTS[old]), size, bytes.fromhex(ROOTS[size]), proof)


@settings(max_examples=50)
@given(st.data(), sizes)
def test_proofs_are_those_of_the_definition(data: st.DataObject, size: int) -> None:
    leaves = some_leaves(size)
    assert root_of(leaves) == mth(tuple(leaves))
    old = data.draw(st.integers(0, size))
    if old:
        assert list(consistency_proof(leaves, old)) == subproof(old, tuple(leaves))
    if size:
        index = data.draw(st.integers(0, size - 1))
        assert list(inclusion_proof(leaves, index)) == path(index, tuple(leaves))


@settings(max_examples=50)
@given(st.lists(sizes, max_size=5))
def test_growing_one_by_one_and_in_parts_gives_the_same_frontier(parts: list[int]) -> None:
    leaves, once, step = some_leaves(sum(parts)), Frontier(), Frontier()
    for leaf in leaves:
        once = once.append(leaf)
    start = 0
    for part in parts:
        step = step.extend(iter(leaves[start : start + part]))
        start += part
        assert Frontier.from_bytes(step.size, step.to_bytes()) == step
        assert step.root() == mth(tuple(leaves[:start]))
    assert step == once == Frontier().extend(leaves)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
def test_every_changed_bit_of_a_proof_and_every_other_place_is_refused(size: int) -> None:
    leaves = some_leaves(size)
    root = root_of(leaves)
    for index in range(size):
        proof = inclusion_proof(leaves, index)
        assert check_inclusion(leaves[index], index, size, proof, root)
        for place in range(-1, size + 2):
            assert check_inclusion(leaves[index], place, size, proof, root) is (place == index)
        for wrong in spoiled(proof):
            assert not check_inclusion(leaves[index], index, size, wrong, root)
        assert not check_inclusion(bytes(32), index, size, proof, root)
    for old in range(1, size):
        proof, old_root = consistency_proof(leaves, old), root_of(leaves[:old])
        assert check_consistency(old, old_root, size, root, proof)
        assert not check_consistency(old, bytes(32), size, root, proof)
        assert not check_consistency(old, old_root, size, bytes(32), proof)
        assert not check_consistency(size + 1, root, size, root, proof)
        for wrong in spoiled(proof):
            assert not check_consistency(old, old_root, size, root, wrong)


def spoiled(proof: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    """One step too many, one too few, and each step with one bit changed."""
    wrong = [(*proof, bytes(32)), *([proof[:-1], proof[1:]] if proof else [])]
    for place, step in enumerate(proof):
        wrong.append((*proof[:place], bytes([step[0] ^ 1]) + step[1:], *proof[place + 1 :]))
    return wrong


def test_every_tree_begins_with_the_empty_one_and_with_itself() -> None:
    leaves = some_leaves(5)
    root = root_of(leaves)
    assert check_consistency(0, EMPTY_ROOT, 5, root, consistency_proof(leaves, 0))
    assert check_consistency(5, root, 5, root, consistency_proof(leaves, 5))
    assert check_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, consistency_proof([], 0))
    assert not check_consistency(0, root, 5, root, ())
    assert not check_consistency(5, root, 5, EMPTY_ROOT, ())
    assert not check_consistency(0, EMPTY_ROOT, 5, root, (root,))
    assert not check_consistency(3, root_of(leaves[:3]), 5, root, ())


def test_a_leaf_and_a_node_of_the_same_bytes_have_different_hashes() -> None:
    left, right = some_leaves(2)
    assert leaf_hash(left + right) != node_hash(left, right)


def test_a_place_or_an_old_size_outside_the_tree_is_refused() -> None:
    leaves = some_leaves(3)
    for index in (-1, 3):
        with pytest.raises(OptionRefused, match=f"leaf {index} does not exist: a tree of 3 leaves"):
            inclusion_proof(leaves, index)
    for old in (-1, 4):
        with pytest.raises(OptionRefused, match="grew from 0 to 3 leaves"):
            consistency_proof(leaves, old)


@pytest.mark.parametrize(("size", "length"), [(3, 63), (3, 32), (0, 1), (-1, 32), (4, 0)])
def test_stored_peaks_that_do_not_fit_their_size_are_refused(size: int, length: int) -> None:
    with pytest.raises(CheckpointRefused, match="rebuild it from the leaves"):
        Frontier.from_bytes(size, bytes(length))


def agree_with_pymerkle(size: int, inclusions: int, consistencies: int) -> None:
    data = [b"%d" % place for place in range(size)]
    tree, leaves = pymerkle.InmemoryTree(algorithm="sha256"), [leaf_hash(one) for one in data]
    tree.append_entries(data)
    draw, root = random.Random(size), root_of(leaves)
    assert tree.get_root() == root
    for _ in range(inclusions):
        index = draw.randrange(size)
        theirs, ours = tree.prove_inclusion(index + 1, size), inclusion_proof(leaves, index)
        assert tuple(theirs.path) == (leaves[index], *ours) == (leaves[index], *path(index, tuple(leaves)))
        pymerkle.verify_inclusion(leaves[index], root, theirs)
        assert check_inclusion(tree.get_leaf(index + 1), index, size, ours, tree.get_root())
    for _ in range(consistencies):
        old = draw.randint(1, size)
        theirs, ours = tree.prove_consistency(old, size), consistency_proof(leaves, old)
        pymerkle.verify_consistency(root_of(leaves[:old]), root, theirs)
        assert check_consistency(old, tree.get_root(old), size, tree.get_root(), ours)
        assert list(ours) == subproof(old, tuple(leaves))  # pymerkle writes its own another way


@pytest.mark.parametrize("size", [1, 2, 3, 6, 17])
def test_pymerkle_agrees(size: int) -> None:
    agree_with_pymerkle(size, 20, 20)


@pytest.mark.slow
def test_pymerkle_agrees_on_ten_thousand_inclusions_and_a_thousand_consistencies() -> None:
    for size in range(1, 201):
        agree_with_pymerkle(size, 50, 6)

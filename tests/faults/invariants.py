"""What must hold of any book at any time, asked after every fault.

Everything is read anew from the rows, with plain sums; the live audit, which has its own tests, is asked beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from itertools import pairwise

from ground import execute

from evenhand.database.writing import reading
from evenhand.ledger.entries import read_line
from evenhand.ledger.merkle import leaf_hash, root_of
from evenhand.stockbook.auditing import audit_book
from evenhand.stockbook.checkpoints import read_head
from evenhand.stockbook.leaves import read_lines


def check_book(acknowledged: Collection[str] = (), *, audited: bool = True) -> int:
    """Assert that the book holds and that every acknowledged action is in it; return how many entries it has."""
    with reading():
        return _check(acknowledged, audited)


def _check(acknowledged: Collection[str], audited: bool) -> int:
    lines = list(read_lines())
    entries = [read_line(line) for line, _ in lines]
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1)), "the sequence is dense"
    assert len({entry.entry for entry in entries}) == len(entries), "an id is used once"
    assert all(before.recorded <= after.recorded for before, after in pairwise(entries)), "time goes on"
    assert all(leaf == leaf_hash(line) for line, leaf in lines), "a leaf is the hash of its line"
    head = read_head()
    assert (head.size, head.root()) == (len(lines), root_of(leaf for _, leaf in lines)), "the head is the tree's"
    sums: Counter[str] = Counter()
    for entry in entries:
        sums[entry.source] -= entry.quantity
        sums[entry.target] += entry.quantity
    kept = dict(execute("SELECT key, balance FROM stockbook_account"))
    assert kept == {key: sums[key] for key in kept}, "balances are the sums of entries"
    assert sums.keys() <= kept.keys(), "every account of an entry is there"
    assert all(balance >= 0 for key, balance in kept.items() if not key.startswith("outside/")), "nothing below zero"
    by_offer: Counter[str] = Counter()
    for key, balance in kept.items():
        by_offer[key.split("/")[1]] += balance
    assert not any(by_offer.values()), "of every offer, what came in is what is somewhere"
    done = {key for (key,) in execute("SELECT id FROM access_actionline")}
    assert {entry.action for entry in entries} <= done, "every entry has the audit line of its action"
    assert set(acknowledged) <= done, "whatever was acknowledged is there"
    if audited:
        verdict = audit_book()
        assert verdict.holds, str(verdict)
    return len(entries)

"""Balances as they are kept, and as the sum of entries.

The database's triggers keep them, entry by entry. Read by the actions before they take units from an account; rebuilt by
an operator where somebody has changed them behind the book's back. Never the source of anything: entries are.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from evenhand.ledger.entries import AccountKey
from evenhand.stockbook.models import Account

SUMS = """
    SELECT account, SUM(moved) FROM (
        SELECT from_account AS account, -quantity AS moved FROM stockbook_entry
        UNION ALL SELECT to_account, quantity FROM stockbook_entry) AS moves
    GROUP BY account
"""


def balance_of(account: AccountKey) -> int:
    """Return how many base units an account holds; 0 where nothing ever reached it."""
    return read_balances([account])[account]


def read_balances(accounts: Iterable[AccountKey]) -> dict[AccountKey, int]:
    """Return how many base units each of these accounts holds, in the order given."""
    wanted = {str(account): account for account in accounts}
    held = dict(Account.objects.filter(pk__in=wanted).values_list("key", "balance"))
    return {account: held.get(key, 0) for key, account in wanted.items()}


def wrong_balances() -> dict[str, tuple[int, int]]:
    """Return the accounts whose kept balance is not the sum of their entries: key → (kept, sum), sorted by key."""
    with connection.cursor() as cursor:
        cursor.execute(SUMS)
        sums = {key: int(moved) for key, moved in cursor.fetchall()}
    kept = dict(Account.objects.values_list("key", "balance"))
    return {key: (kept[key], sums.get(key, 0)) for key in sorted(kept) if kept[key] != sums.get(key, 0)}


def rebuild_balances() -> dict[str, tuple[int, int]]:
    """Set every kept balance to the sum of its entries; return those that were wrong. The caller holds the write lock."""
    wrong = wrong_balances()
    for key, (_, right) in wrong.items():
        Account.objects.filter(pk=key).update(balance=right)
    return wrong

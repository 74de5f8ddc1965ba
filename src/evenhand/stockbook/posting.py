"""Posting: the only way into the stock book.

`post` writes entries, their leaves and the tree's head inside the caller's transaction, which holds the write lock
(`evenhand.database.writing`). Called by `evenhand.actions` alone. It speaks plain SQL, because every unit of every donor
passes here, one by one and by the hundred thousand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction

from evenhand.errors import ActionRefused, RepeatDiffers, StockShort
from evenhand.ledger.entries import LARGEST_QUANTITY, PLAIN, AccountKey, Entry, read_line
from evenhand.ledger.merkle import Frontier, leaf_hash
from evenhand.ledger.stages import LEGAL, REVERSE

COLUMNS = (
    "seq", "entry", "action", "by", "verb", "from_account", "to_account", "resource", "quantity", "typed", "unit",
    "value", "currency", "valued_on", "happened", "recorded", "concerns", "reverses",
)  # fmt: skip
"""The line's fields after its format, under the names of the table's columns, in the line's order."""

ACCOUNT_COLUMNS = ("key", "stage", "offer_id", "holder", "resource_id", "balance")

FEW = 20
"""So many entries go in one INSERT on PostgreSQL; more are copied."""

HEAD_AND_LAST = """
    SELECT size, peaks, (SELECT recorded FROM stockbook_entry ORDER BY seq DESC LIMIT 1)
      FROM stockbook_head WHERE id = 1
"""
"""One question, not two: each costs PostgreSQL a way there and back."""

AT_ONCE = 500
"""Keys looked up in one statement; both databases take more, but plans grow worse."""


@dataclass(frozen=True, slots=True)
class Posting:
    """Say what is to be moved; the book adds the sequence, the time, and who did it.

    Attributes
    ----------
    entry
        The id chosen by the writer: sent twice, it changes nothing.
    quantity
        Whole base units, above 0.
    happened
        The day it happened.
    """

    entry: str
    verb: str
    source: AccountKey
    target: AccountKey
    resource: str
    quantity: int
    happened: date
    typed: str = ""
    unit: str = ""
    value: str = ""
    currency: str = ""
    valued_on: str = ""
    concerns: str = ""
    reverses: str = ""


def post(postings: Sequence[Posting], *, action: str, by: str, recorded: datetime) -> list[Entry]:
    """Write entries and return those that are new, in order. The caller holds the write lock in a transaction.

    Raises
    ------
    StockShort
        An account would go below zero, at whichever entry.
    RepeatDiffers
        An entry's id is taken by an entry that moves something else.
    ActionRefused
        An entry moves nothing, too much, or by a move that does not exist.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("post() outside a transaction would lose the lock between reading and writing the head")
    for posting in postings:
        _check(posting)
    with connection.cursor() as cursor:
        cursor.execute(HEAD_AND_LAST)
        size, peaks, last = cursor.fetchone()
        new = _unposted(cursor, postings)
        if not new:
            return []
        _make_accounts(cursor, new)
        entries = list(_entries(new, size, action, by, _moment(last, recorded)))
        leaves = [leaf_hash(entry.line()) for entry in entries]
        _insert(cursor, entries, leaves)
        frontier = Frontier.from_bytes(size, bytes(peaks)).extend(leaves)
        cursor.execute(
            "UPDATE stockbook_head SET size = %s, peaks = %s WHERE id = 1", [frontier.size, frontier.to_bytes()]
        )
    return entries


def _check(posting: Posting) -> None:
    """Refuse what the database would refuse, in words."""
    source, target = posting.source, posting.target
    if not 0 < posting.quantity <= LARGEST_QUANTITY:
        raise ActionRefused(
            f"an entry moves {posting.quantity:,} base units; it must move at least 1 and at most {LARGEST_QUANTITY:,}"
        )
    if posting.verb != REVERSE and (posting.verb, source.stage, target.stage) not in LEGAL:
        raise ActionRefused(f"no move '{posting.verb}' leads from {source.stage} to {target.stage}")
    texts = (
        posting.entry, posting.concerns, posting.reverses, posting.resource, posting.typed, posting.unit, posting.value,
        posting.currency, posting.valued_on,
    )  # fmt: skip
    # All fields at once: one by one, this took as long as writing the entry.
    plain = PLAIN.fullmatch("".join((*texts, source.offer, source.holder, target.offer, target.holder)))
    if not plain or not posting.entry or any(map(int.__gt__, map(len, texts), LONGEST)):
        _refuse_text(posting)


LONGEST = (64, 64, 64, 64, 40, 40, 40, 3, 10)
"""The most letters of the texts that `_check` looks at, in its order; the table's columns hold as many."""


def _refuse_text(posting: Posting) -> None:
    """Say which field of an entry holds what no line may, or too much."""
    for field in fields(posting):
        text = str(getattr(posting, field.name))
        if not PLAIN.fullmatch(text):
            raise ActionRefused(f"{field.name} of an entry is '{text}'; it may hold letters, digits and . _ : / @ + -")
    raise ActionRefused(
        f"a field of the entry '{posting.entry[:64]}' is empty or too long; an id has 1 to 64 letters, a number or unit "
        "at most 40"
    )


def _unposted(cursor: Any, postings: Sequence[Posting]) -> list[Posting]:
    """Return the postings whose id is new; refuse an id that stands for something else."""
    given: dict[str, Posting] = {}
    for posting in postings:
        if given.setdefault(posting.entry, posting) != posting:
            raise RepeatDiffers(f"entry '{posting.entry}' is given twice for different things; give each its own id")
    known = {row[0]: row[1:] for row in _lookup(cursor, COMPARED, "stockbook_entry", "entry", list(given))}
    for name, row in known.items():
        posting = given[name]
        asked = (posting.verb, str(posting.source), str(posting.target), posting.quantity, posting.reverses)
        for what, was, now in zip(COMPARED[1:], row, asked, strict=True):
            if was != now:
                raise RepeatDiffers(
                    f"entry '{name}' was recorded with {what} '{was}', and now says '{now}'; give a new id"
                )
    return [posting for name, posting in given.items() if name not in known]


COMPARED = ("entry", "verb", "from_account", "to_account", "quantity", "reverses")


def _lookup(cursor: Any, columns: Sequence[str], table: str, by: str, keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        cursor.execute(
            f"SELECT {', '.join(columns)} FROM {table} WHERE {by} IN ({', '.join(['%s'] * len(part))})",  # noqa: S608 -- names of our own
            part,
        )
        yield from cursor.fetchall()


def _make_accounts(cursor: Any, postings: Sequence[Posting]) -> None:
    """Make the accounts that are new, and refuse what would take one below zero, with the entry that does."""
    accounts: dict[str, tuple[AccountKey, str]] = {}
    for posting in postings:
        accounts.setdefault(str(posting.source), (posting.source, posting.resource))
        accounts.setdefault(str(posting.target), (posting.target, posting.resource))
    balances = dict(_lookup(cursor, ("key", "balance"), "stockbook_account", "key", list(accounts)))
    missing = [
        (key, account.stage, account.offer, account.holder, resource, 0)
        for key, (account, resource) in accounts.items()
        if key not in balances
    ]
    _write(cursor, "stockbook_account", ACCOUNT_COLUMNS, missing)
    for posting in postings:
        source, target = str(posting.source), str(posting.target)
        held = balances.get(source, 0)
        if posting.source.stage != "outside" and held < posting.quantity:
            raise StockShort(source, held, posting.quantity)
        balances[source] = held - posting.quantity
        balances[target] = balances.get(target, 0) + posting.quantity


def _moment(last: str | None, recorded: datetime) -> str:
    """Return the time of recording, never before the last one: a clock set back must not make the book go back."""
    return max(recorded.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), last or "")


def _entries(postings: Sequence[Posting], size: int, action: str, by: str, recorded: str) -> Iterator[Entry]:
    for seq, posting in enumerate(postings, size + 1):
        yield Entry(
            seq, posting.entry, action, by, posting.verb, str(posting.source), str(posting.target), posting.resource,
            posting.quantity, posting.typed, posting.unit, posting.value, posting.currency, posting.valued_on,
            posting.happened.isoformat(), recorded, posting.concerns, posting.reverses,
        )  # fmt: skip


def _row(entry: Entry, leaf: bytes) -> tuple[Any, ...]:
    return (
        entry.seq, entry.entry, entry.action, entry.by, entry.verb, entry.source, entry.target, entry.resource,
        entry.quantity, entry.typed, entry.unit, entry.value, entry.currency, entry.valued_on, entry.happened,
        entry.recorded, entry.concerns, entry.reverses, leaf,
    )  # fmt: skip


def _insert(cursor: Any, entries: Sequence[Entry], leaves: Sequence[bytes]) -> None:
    rows = [_row(entry, leaf) for entry, leaf in zip(entries, leaves, strict=True)]
    _write(cursor, "stockbook_entry", (*COLUMNS, "leaf"), rows)


def _write(cursor: Any, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write rows in the way that is quickest for so many on this database."""
    if not rows:
        return
    columns = ", ".join(f'"{name}"' for name in names)
    marks = f"({', '.join(['%s'] * len(names))})"
    if connection.vendor == "sqlite":
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES {marks}", rows)  # noqa: S608 -- names of our own
    elif len(rows) <= FEW:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) VALUES {', '.join([marks] * len(rows))}",  # noqa: S608 -- names of our own
            [cell for row in rows for cell in row],
        )
    else:
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def restore_entries(lines: Sequence[bytes]) -> None:
    """Write entries of an export into an empty book exactly as they were, sequence, times and all."""
    entries = [read_line(line) for line in lines]
    with connection.cursor() as cursor:
        cursor.execute("SELECT size, peaks FROM stockbook_head WHERE id = 1")
        size, peaks = cursor.fetchone()
        accounts: dict[str, tuple[str, str, str, str, str, int]] = {}
        for entry in entries:
            for key in (entry.source, entry.target):
                if key not in accounts:
                    account = AccountKey.read(key)
                    accounts[key] = (key, account.stage, account.offer, account.holder, entry.resource, 0)
        known = {row[0] for row in _lookup(cursor, ("key",), "stockbook_account", "key", list(accounts))}
        _write(cursor, "stockbook_account", ACCOUNT_COLUMNS, [row for key, row in accounts.items() if key not in known])
        leaves = [leaf_hash(line) for line in lines]
        _insert(cursor, entries, leaves)
        frontier = Frontier.from_bytes(size, bytes(peaks)).extend(leaves)
        cursor.execute(
            "UPDATE stockbook_head SET size = %s, peaks = %s WHERE id = 1", [frontier.size, frontier.to_bytes()]
        )

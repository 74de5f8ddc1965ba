"""The live audit: nothing in the stock book was changed, removed or put in later, and all that is kept beside it agrees.

The entries go through the same verifier as an export (`ledger.verifier`), which trusts nobody; here only what an export does
not have is compared: the head, the columns of accounts, the rows of checkpoints, the last checkpoint that the key
remembers, the database's own pages. Called by
`evenhand audit` and by whoever has restored a backup. Never changes anything, and stops at no fault.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from django.db import Error, OperationalError, connection

from evenhand.database.writing import reading
from evenhand.errors import CheckpointRefused
from evenhand.ledger.checkpoint import VerifierKey, parse_note
from evenhand.ledger.entries import AccountKey
from evenhand.ledger.verifier import MOST_FAULTS, Fault, Verdict, verify_lines
from evenhand.stockbook.checkpoints import known_keys, read_head
from evenhand.stockbook.leaves import Pair, read_lines
from evenhand.stockbook.memory import memory_file, read_last_signed
from evenhand.stockbook.models import Account, Checkpoint

ENTRIES, ACCOUNTS, CHECKPOINTS, HEAD = (
    "stockbook_entry", "stockbook_account", "stockbook_checkpoint", "stockbook_head",
)  # fmt: skip
"""The tables, as a fault names them. The line of an entry's fault is its number in the book."""

FILE = "the database's file"

Read = TypeVar("Read")


def audit_book(*, trusted: Sequence[str] = (), since: tuple[str, str] | None = None, pages: bool = True) -> Verdict:
    """Verify the stock book of this installation, in one snapshot, without stopping those who write to it.

    Parameters
    ----------
    trusted
        Verifier keys that the auditor brought along: each must have signed a checkpoint of this book.
    since
        Name and text of an older checkpoint that the auditor kept: the book must begin with what was signed then.
    pages
        Also have SQLite check every page and index of its file; PostgreSQL checks its pages when it reads them.

    Raises
    ------
    ExportUnreadable
        A key or the older checkpoint of the auditor cannot be read.
    """
    found: list[Verdict] = []
    try:
        with reading():
            found.append(_audit(trusted, since, pages=pages))
    except Error as error:
        if not found and isinstance(error, OperationalError):
            raise  # no database to be reached: that is no verdict
        if not found:
            found.append(_with_faults(verify_lines(()), [Fault(FILE, 0, "", f"it cannot be read: {error}")]))
    return found[0]


def _audit(trusted: Sequence[str], since: tuple[str, str] | None, *, pages: bool) -> Verdict:
    """Read everything once, in the snapshot that is open."""
    faults: list[Fault] = []
    if pages and connection.vendor == "sqlite":
        faults += _check_pages()
    nothing: list[Checkpoint] = []
    checkpoints = _read(CHECKPOINTS, faults, lambda: list(Checkpoint.objects.order_by("size")), nothing)
    verdict = verify_lines(
        _until_unreadable(faults),
        balances=_read(ACCOUNTS, faults, lambda: dict(Account.objects.values_list("key", "balance")), None),
        checkpoints=[
            *((f"{CHECKPOINTS} {row.size}", row.note) for row in checkpoints),
            *_remembered(checkpoints, faults),
        ],
        keys=[key.text() for key in _read_keys(faults)],
        trusted=trusted,
        since=since,
        file=ENTRIES,
        signature_holds=_signature_holds,
    )
    faults += _check_checkpoints(checkpoints)
    faults += _read(HEAD, faults, lambda: _check_head(verdict), [])
    faults += _read(ACCOUNTS, faults, lambda: list(_check_accounts()), [])
    return _with_faults(verdict, faults)


def _until_unreadable(faults: list[Fault]) -> Iterator[Pair]:
    """Return lines and leaves up to where the database can no longer be read."""
    number = 0
    try:
        for number, pair in enumerate(read_lines(), 1):  # noqa: B007 -- the last number is what a fault names
            yield pair
    except Error as error:
        faults.append(Fault(ENTRIES, number + 1, "", f"the database cannot be read from here on: {error}"))


def _read(table: str, faults: list[Fault], function: Callable[[], Read], otherwise: Read) -> Read:
    """Return what a function reads; where the database cannot, note that and go on."""
    try:
        return function()
    except (Error, CheckpointRefused) as error:
        faults.append(Fault(table, 0, "", f"it cannot be read: {error}"))
        return otherwise


def _read_keys(faults: list[Fault]) -> tuple[VerifierKey, ...]:
    return _read("keys", faults, known_keys, ())


def _remembered(rows: Sequence[Checkpoint], faults: list[Fault]) -> list[tuple[str, str]]:
    """Return the last checkpoint that the key signed, where the database does not have it, as an older copy would not."""
    note = _read(memory_file().name, faults, read_last_signed, None)
    if note is None or any((row.size, bytes(row.root)) == (note.checkpoint.size, note.checkpoint.root) for row in rows):
        return []
    return [(memory_file().name, note.text())]


def _signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether a signature holds, by OpenSSL; the export's verifier does the same arithmetic in Python."""
    return VerifierKey("", public).holds(message.decode("utf-8", "replace"), signature)


def _check_pages() -> list[Fault]:
    """Return what SQLite finds wrong with its own file."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            said = [str(row[0]) for row in cursor.fetchall()]
    except Error as error:
        said = [str(error)]
    return [Fault(FILE, 0, "", text) for text in said if text != "ok"]


def _check_checkpoints(rows: Sequence[Checkpoint]) -> Iterator[Fault]:
    """Compare the columns of each kept checkpoint with the note that was signed."""
    for row in rows:
        try:
            said = parse_note(row.note).checkpoint
        except CheckpointRefused:
            continue  # the verifier has said so
        for column, kept, signed in (
            ("size", str(row.size), str(said.size)),
            ("root", bytes(row.root).hex(), said.root.hex()),
        ):
            if kept != signed:
                yield Fault(f"{CHECKPOINTS} {row.size}", 0, "", f"its {column} is {kept}, and its note signs {signed}")


def _check_head(verdict: Verdict) -> list[Fault]:
    """Compare the head with the tree of the entries."""
    head = read_head()
    found = []
    if head.size != verdict.entries:
        found.append(Fault(HEAD, 0, "", f"its size is {head.size:,}, and the book has {verdict.entries:,} entries"))
    elif (root := b64encode(head.root()).decode()) != verdict.root:
        found.append(Fault(HEAD, 0, "", f"its peaks make the root {root}; the entries make {verdict.root}"))
    return found


def _check_accounts() -> Iterator[Fault]:
    """Compare the columns of each account with what its key says, and its resource with its offer's."""
    rows = Account.objects.values_list("key", "stage", "offer_id", "holder", "resource_id", "offer__resource_id")
    for key, stage, offer, holder, resource, offered in rows.order_by("key").iterator():
        if key != str(AccountKey(stage, offer, holder)):
            text = f"the account '{key}' says that its stage is '{stage}', its offer '{offer}', its holder '{holder}'"
            yield Fault(ACCOUNTS, 0, "", text)
        if resource != offered:
            text = f"the account '{key}' is of '{resource}', and the offer {offer} of '{offered}'"
            yield Fault(ACCOUNTS, 0, "", text)


def _with_faults(verdict: Verdict, faults: Sequence[Fault]) -> Verdict:
    """Return the verdict with what only a live book can have wrong."""
    if not faults:
        return verdict
    count = verdict.count + len(faults)
    what = "1 fault" if count == 1 else f"{count:,} faults"
    entries = "1 entry" if verdict.entries == 1 else f"{verdict.entries:,} entries"
    return replace(
        verdict,
        holds=False,
        faults=(*verdict.faults, *faults)[:MOST_FAULTS],
        count=count,
        line=f"does not hold: {what} in {entries}",
    )

"""Signed checkpoints of the stock book: made on each decision and each day, never two that contradict each other.

A checkpoint says that the book had so many entries and this root. Before one is signed, the entries since the last one are
read, hashed anew and put on top of the last one's tree: only where that gives the head as it is kept is anything signed.
So whoever has changed, removed or put in an entry gets no signature for it; nor does a book that was set back to an older
copy, because what was signed last is remembered beside the key (`stockbook.memory`). Only entries that are committed are
signed: a rollback would leave a signature over what never was. Called by `evenhand.actions` alone; the key lies in a file
and is never stored, logged or shown.

Source: C2SP tlog-checkpoint ("a log must never sign two inconsistent checkpoints"); RFC 6962, section 2.1.2.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from evenhand.access.models import Version
from evenhand.database.writing import reading, run_written
from evenhand.errors import CheckpointRefused, NameUnknown
from evenhand.ledger import checkpoint as notes
from evenhand.ledger.checkpoint import Note, SigningKey, VerifierKey, check_note, parse_note, sign_checkpoint
from evenhand.ledger.merkle import Frontier, consistency_proof, leaf_hash
from evenhand.stockbook.leaves import read_leaves, read_lines
from evenhand.stockbook.memory import alone_with_the_key, find_contradiction, remember
from evenhand.stockbook.models import Checkpoint, Head

EVERY = timedelta(days=1)
"""How old the last checkpoint may grow while the book is written to."""

VERIFIERS = "verifiers.txt"
"""Beside the signing key: further verifier keys, one on a line; older keys of this book, and those of countersigners."""

log = logging.getLogger("evenhand.checkpoints")


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """Show that the tree of one checkpoint is the beginning of the tree of another: RFC 6962's PROOF(m, D[n])."""

    old: notes.Checkpoint
    new: notes.Checkpoint
    hashes: tuple[bytes, ...]


def signing_key() -> SigningKey | None:
    """Return the key that signs checkpoints, or None where the installation has none.

    Raises
    ------
    CheckpointRefused
        The file cannot be read, or holds no signing key. The sentence never shows the key.
    """
    file = settings.EVENHAND.signing_key_file
    if not file.is_file():
        return None
    try:
        return SigningKey.read(file.read_text(encoding="ascii").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise CheckpointRefused(
            f"the signing key in {file.name} cannot be read; check who may read the file"
        ) from error


def known_keys() -> tuple[VerifierKey, ...]:
    """Return the verifier keys that belong to this book: its own, and those that stand in `verifiers.txt` beside it.

    Raises
    ------
    CheckpointRefused
        A line of the file is not a verifier key.
    """
    own = signing_key()
    file = settings.EVENHAND.signing_key_file.parent / VERIFIERS
    lines = file.read_text(encoding="utf-8").split("\n") if file.is_file() else []
    found = [own.verifier] if own else []
    found += [VerifierKey.read(line.strip()) for line in lines if line.strip()]
    return tuple(dict.fromkeys(found))


def make_checkpoint(why: str, at: datetime) -> Checkpoint | None:
    """Sign the book as it stands and keep the note; return it, or the one that covers it already.

    Nothing is signed, and None returned, where there is no key or no entry. The caller holds the write lock, in a
    transaction that has written no entry itself.

    Raises
    ------
    CheckpointRefused
        The book does not continue the last checkpoint: something in it was changed, removed or put in later, or it is an
        older copy. Or what is signed cannot be remembered beside the key.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("make_checkpoint() outside a transaction could sign what is never committed")
    key = signing_key()
    head = read_head()
    if key is None or not head.size:
        return None
    with alone_with_the_key():
        last = _expect_sound(head)
        if last is not None and last.size == head.size:
            return last
        note = sign_checkpoint(notes.Checkpoint(settings.EVENHAND["name"], head.size, head.root()), key)
        remember(note)
    return Checkpoint.objects.create(
        size=head.size, root=head.root(), peaks=head.to_bytes(), note=note, why=why, made_at=at
    )


def make_checkpoint_after(why: str, at: datetime) -> None:
    """Make a checkpoint of what was just committed.

    A refusal is logged and not raised: what was done is done and committed, and `evenhand audit` says what is wrong.
    """

    def make() -> None:
        before = Checkpoint.objects.count()
        make_checkpoint(why, at)
        if Checkpoint.objects.count() != before:
            Version.objects.raise_by_one()  # everybody sees a new checkpoint, and no action raises it here

    try:
        run_written(make)
    except CheckpointRefused as refused:
        log.error("no checkpoint was signed: %s", refused)


def make_daily_checkpoint(at: datetime) -> None:
    """Make a checkpoint if the last one is a day old; called after the commit of every action that wrote entries."""
    if not settings.EVENHAND.signing_key_file.is_file():
        return
    last = Checkpoint.objects.order_by("-size").values_list("made_at", flat=True).first()
    if last is None or at - last >= EVERY:
        make_checkpoint_after("daily", at)


def expect_sound_book() -> None:
    """Refuse where the key would not sign the book as it stands; a decision is not posted on such a book.

    Raises
    ------
    CheckpointRefused
        As `make_checkpoint` does; nothing is signed or written here.
    """
    if signing_key() is not None:
        _expect_sound(read_head())


def read_head() -> Frontier:
    """Return the tree's size and peaks as they are kept.

    Raises
    ------
    CheckpointRefused
        The row that holds them is damaged.
    """
    size, peaks = Head.objects.values_list("size", "peaks").get(pk=1)
    return Frontier.from_bytes(size, bytes(peaks))


def get_note(size: int) -> Note:
    """Return the checkpoint made over so many entries. Raises NameUnknown."""
    row = Checkpoint.objects.filter(pk=size).first()
    if row is None:
        known = [str(one) for one in Checkpoint.objects.order_by("-size").values_list("size", flat=True)[:1000]]
        raise NameUnknown("checkpoint of size", str(size), known)
    return parse_note(row.note)


def prove_consistency(old_size: int, new_size: int) -> ConsistencyProof:
    """Return the proof that one checkpoint of this book is the beginning of a later one, for whoever holds both.

    Raises
    ------
    NameUnknown
        No checkpoint was made at one of the sizes.
    CheckpointRefused
        The sizes are in the wrong order, or the entries no longer make the roots that were signed.
    """
    old, new = get_note(old_size).checkpoint, get_note(new_size).checkpoint
    if old_size > new_size:
        raise CheckpointRefused(
            f"the checkpoint of {old_size:,} entries is not older than that of {new_size:,}; give the older one first"
        )
    with reading():
        leaves = list(read_leaves(until=new_size))
    if len(leaves) != new_size or Frontier().extend(leaves).root() != new.root:
        raise CheckpointRefused(
            f"the entries here no longer make the root that was signed over {new_size:,} of them; run: evenhand audit"
        )
    return ConsistencyProof(old, new, consistency_proof(leaves, old_size))


def _expect_sound(head: Frontier) -> Checkpoint | None:
    """Return the last checkpoint, if the book continues it and what the key remembers."""
    last = Checkpoint.objects.order_by("-size").first()
    if last is not None:
        _check_signed(last)
    _check_continues(last, head)
    contradiction = find_contradiction(head)
    if contradiction:
        raise CheckpointRefused(contradiction)
    return last


def _check_signed(row: Checkpoint) -> None:
    """Refuse a kept checkpoint that says something else than its note, or that no key of this book signed."""
    note = parse_note(row.note)
    name = settings.EVENHAND["name"]
    if note.checkpoint.origin != name:
        raise CheckpointRefused(
            f"the last checkpoint is of the book '{note.checkpoint.origin}', and this installation is named '{name}'; "
            "a stock book keeps its name for ever, so set the name back"
        )
    if (note.checkpoint.size, note.checkpoint.root) != (row.size, bytes(row.root)):
        raise CheckpointRefused(f"the checkpoint kept under {row.size:,} entries is not the one that its note signs")
    if not check_note(note, known_keys()):
        who = ", ".join(signature.name for signature in note.signatures[:5])
        raise CheckpointRefused(
            f"the last checkpoint is signed by {who} and by no key of this installation; put the verifier key of the "
            f"older signing key into {VERIFIERS} beside the new one"
        )


def _check_continues(last: Checkpoint | None, head: Frontier) -> None:
    """Refuse unless the entries since the last checkpoint, hashed anew, lead from its tree to the head."""
    size = last.size if last else 0
    if size > head.size:
        raise CheckpointRefused(
            f"a checkpoint of {size:,} entries was signed, and the book has {head.size:,}; nothing is signed over a book "
            "that has lost entries. Run: evenhand audit"
        )
    before = _frontier_of(last) if last else Frontier()
    leaves = []
    for number, (line, leaf) in enumerate(read_lines(after=size), size + 1):
        if leaf_hash(line) != leaf:
            raise CheckpointRefused(
                f"entry {number:,} was changed after it was written; nothing is signed over it. Run: evenhand audit"
            )
        leaves.append(leaf)
    if (last and before.root() != bytes(last.root)) or before.extend(leaves) != head:
        since = f"since the checkpoint of {size:,}" if last else "from the beginning"
        raise CheckpointRefused(
            f"the entries {since} do not lead to the head of the book; nothing is signed over it. Run: evenhand audit"
        )


def _frontier_of(row: Checkpoint) -> Frontier:
    """Return the tree of a checkpoint: as kept with it or, of one that came in from an export, from the leaves."""
    if row.peaks:
        return Frontier.from_bytes(row.size, bytes(row.peaks))
    return Frontier().extend(read_leaves(until=row.size))

"""The signer's memory: the last checkpoint that the key signed, in a file beside the key and outside the database.

A database can be brought back to what it was last week; the key must not then sign another history than it has signed. So
each note is written here, durably, before anybody can see it, and nothing is signed that does not begin with what stands
here. Called by `stockbook.checkpoints`, which signs, and by the audit. It never removes or loosens what it remembers.

Source: C2SP tlog-checkpoint ("a log must never sign two inconsistent checkpoints").
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from evenhand.errors import CheckpointRefused
from evenhand.ledger.checkpoint import LONGEST_NOTE, Note, parse_note
from evenhand.ledger.merkle import Frontier
from evenhand.stockbook.leaves import read_leaves
from evenhand.stockbook.models import Checkpoint

LAST = ".last"
"""What is added to the name of the key's file."""

REMEDY = (
    "bring the later entries back into an empty installation, from a newer backup (evenhand restore) or a newer export "
    "(evenhand import archive)"
)


def memory_file() -> Path:
    """Return the file of the last signed checkpoint: the signing key's own name with `.last` behind it."""
    key: Path = settings.EVENHAND.signing_key_file
    return key.with_name(key.name + LAST)


def read_last_signed() -> Note | None:
    """Return the last checkpoint that the key signed, or None where it has signed none yet.

    Raises
    ------
    CheckpointRefused
        The file cannot be read, or is no checkpoint.
    """
    file = memory_file()
    try:
        with file.open("rb") as kept:
            return parse_note(kept.read(4 * LONGEST_NOTE).decode("utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CheckpointRefused(
            f"{file.name}, the last checkpoint that the key signed, cannot be read: {error.strerror}; check who may read it"
        ) from error
    except (UnicodeDecodeError, CheckpointRefused) as error:
        raise CheckpointRefused(
            f"{file.name}, which should hold the last checkpoint that the key signed, holds none; put the newest checkpoint "
            "of this book there, from the folder checkpoints/ of the newest export"
        ) from error


def find_contradiction(head: Frontier) -> str:
    """Return why a checkpoint of this book would contradict the last one that the key signed, "" where it would not.

    Raises
    ------
    CheckpointRefused
        What was signed last cannot be read.
    """
    note = read_last_signed()
    if note is None:
        return ""
    last, name = note.checkpoint, settings.EVENHAND["name"]
    if last.origin != name:
        return (
            f"the key last signed a checkpoint of the book '{last.origin}', and this one is named '{name}'; a key signs one "
            "book for ever, so set the name back, or give this book a key of its own"
        )
    if last.size > head.size:
        return (
            f"the key has signed a checkpoint of {last.size:,} entries, and the book here has {head.size:,}: it is an older "
            f"copy, and what would be signed over it could contradict that; {REMEDY}"
        )
    row = Checkpoint.objects.filter(pk=last.size).first()  # what was signed since was built on it
    known = row is not None and bytes(row.root) == last.root
    if not known and Frontier().extend(read_leaves(until=last.size)).root() != last.root:
        return (
            f"the key has signed other entries than the first {last.size:,} that stand here: since then the book was set "
            f"back to an older copy and written on; {REMEDY}"
        )
    return ""


@contextmanager
def alone_with_the_key() -> Iterator[None]:
    """Keep every other process from signing with this key meanwhile, also one that has another database."""
    descriptor = os.open(settings.EVENHAND.signing_key_file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def remember(note: str) -> None:
    """Write the note that is about to be handed out, so that no crash and no restored backup can undo it.

    Raises
    ------
    CheckpointRefused
        It cannot be written; the note must not leave this process then.
    """
    file = memory_file()
    fresh = file.with_name(file.name + ".new")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as out:
            os.fchmod(out.fileno(), 0o600)  # whatever a leftover of a crash had
            out.write(note)
            out.flush()
            os.fsync(out.fileno())
        fresh.rename(file)
        folder = os.open(file.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise CheckpointRefused(
            f"nothing was signed, because {file.name} cannot be written beside the key: {error.strerror}; let whoever runs "
            f"Evenhand write into the folder {file.parent.name}/, where it keeps the last checkpoint that the key signed"
        ) from error

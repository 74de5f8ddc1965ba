"""Actions on checkpoints of the stock book: make one, take the signatures of others, rebuild the kept balances.

A checkpoint is made on each decision (`checkpoint_decision`), each day (`stockbook.checkpoints.make_daily_checkpoint`, by every
action that writes entries) and whenever somebody asks. Outside parties countersign by file: they get the note, compare it
with what they know, add a line, and send it back.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated

from django.conf import settings
from django.db import transaction

from evenhand.access.rights import shared_list
from evenhand.access.viewers import ANYTHING
from evenhand.actions.action import Doing, Done, action
from evenhand.errors import ActionRefused, CheckpointRefused
from evenhand.ledger.checkpoint import VerifierKey, add_signature, check_note, parse_note
from evenhand.stockbook import checkpoints
from evenhand.stockbook.balances import rebuild_balances
from evenhand.stockbook.models import Checkpoint


def checkpoint_decision(at: datetime) -> None:
    """Make a checkpoint of a decision once it is committed; called by its action before it writes entries.

    Nothing happens where no key signs. Signed is only what is committed, since a signature cannot be rolled back.

    Raises
    ------
    CheckpointRefused
        The book is not the one that was signed before; the action is not done either.
    """
    checkpoints.expect_sound_book()
    transaction.on_commit(partial(checkpoints.make_checkpoint_after, "decision", at), robust=True)


@action("checkpoint make")
def make_checkpoint(doing: Doing) -> Done:
    """Sign the stock book as it stands: how many entries it has, and the root of their tree."""
    doing.require(shared_list(doing.viewer))
    made = checkpoints.make_checkpoint("asked for", doing.at)
    if made is not None:
        note = parse_note(made.note)
        return doing.done(_ref(made.size), size=made.size, note=made.note, signatures=len(note.signatures))
    if checkpoints.signing_key() is None:
        file = settings.EVENHAND.signing_key_file.name
        raise ActionRefused(f"there is no signing key ({file}), so nothing can be signed; evenhand init makes one")
    raise ActionRefused("the stock book has no entry yet, so there is nothing to sign")


@action("checkpoint countersign")
def countersign_checkpoint(
    doing: Doing,
    *,
    note: Annotated[bytes, "the file of a checkpoint of this book, with the signatures of others under it"],
    key: Annotated[str, "the verifier key of whoever signed (name+hash+base64), to check the signature with"] = "",
) -> Done:
    """Take the signatures that others have put under a checkpoint of this book."""
    doing.require(shared_list(doing.viewer))
    try:
        text = note.decode("utf-8")
    except UnicodeDecodeError:
        raise CheckpointRefused("this is not a signed checkpoint: it is not UTF-8") from None
    given = parse_note(text)
    row = Checkpoint.objects.filter(pk=given.checkpoint.size).first()
    kept = parse_note(row.note) if row is not None else None
    if row is None or kept is None or kept.checkpoint != given.checkpoint:
        what = "no checkpoint was made over" if row is None else "another checkpoint was made over"
        raise CheckpointRefused(
            f"{what} the first {given.checkpoint.size:,} entries of this book; only what it signed itself can be countersigned"
        )
    brought = [VerifierKey.read(key.strip())] if key.strip() else []
    held = check_note(given, [*checkpoints.known_keys(), *brought])
    for one in brought:
        if one.name not in held:
            raise CheckpointRefused(f"the key '{one.name}' has not signed this checkpoint")
    merged = row.note
    for signature in given.signatures:
        merged = add_signature(merged, signature.line())
    parse_note(merged)  # more signatures than a note may have are refused here
    new = [one.name for one in given.signatures if one not in kept.signatures]
    if merged != row.note:
        row.note = merged
        row.save(update_fields=["note"])
    return doing.done(
        _ref(row.size), size=row.size, added=new, verified=[name for name in new if name in held], note=merged
    )


@action("stock rebuild")
def rebuild_stock(doing: Doing) -> Done:
    """Set every kept balance to the sum of its entries, where somebody has changed it behind the book's back."""
    doing.require(ANYTHING)
    if not doing.reason.strip():
        raise ActionRefused("rebuilding the balances needs a reason; say what evenhand audit found")
    wrong = rebuild_balances()
    return doing.done("balances", corrected={key: f"{kept:,} → {right:,}" for key, (kept, right) in wrong.items()})


def _ref(size: int) -> str:
    """Return a checkpoint's name: its size in twelve digits, as its file in an export has it."""
    return f"{size:012d}"

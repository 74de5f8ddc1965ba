"""A whole export into an empty installation: the same records, the same entries, the same root of their tree.

`import_archive` is the front, for the command. The folder is verified by the stand-alone verifier before anything of it is
written, and the head and balances are compared after; where anything differs, nothing is kept.
"""

from __future__ import annotations

import hashlib
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import Annotated, Any

from django.conf import settings

from evenhand.access.models import ActionLine
from evenhand.access.viewers import ANYTHING
from evenhand.actions.action import Acting, Doing, Done, action
from evenhand.errors import ActionRefused, CheckpointRefused, FileUnreadable
from evenhand.exchange.archive import Archive, read_archive
from evenhand.ledger.checkpoint import parse_note
from evenhand.ledger.verifier import ExportUnreadable, verify_folder
from evenhand.lookups.exported_tables import FILES, TABLES, Exported, Filed, read_rows
from evenhand.rounds.models import Proposal
from evenhand.stockbook.checkpoints import VERIFIERS, known_keys, read_head
from evenhand.stockbook.models import Account, Checkpoint, Entry
from evenhand.stockbook.posting import restore_entries

AT_ONCE = 20_000
BULK = 2_000
SUMS = "SHA256SUMS"
AFTER_ENTRIES = frozenset({"entry-notes", "checkpoints"})
_READ: ContextVar[Archive | None] = ContextVar("archive", default=None)


def import_archive(acting: Acting, folder: str | PathLike[str]) -> Done:
    """Bring an export folder into an empty installation.

    Raises
    ------
    FileUnreadable
        It is no export, is not as it was exported, or its stock book does not hold.
    NotAllowed
        Who acts is no operator.
    ActionRefused
        The installation has records already, or is of another stock book.
    """
    archive = read_archive(folder)
    _verify(archive)
    sums = hashlib.sha256((Path(folder) / SUMS).read_bytes()).hexdigest()
    token = _READ.set(archive)
    try:
        done = restore_archive(replace(acting, request=f"archive-{sums[:24]}"), sums=sums)
    finally:
        _READ.reset(token)
    _keep_keys(archive)
    return done


@action("import archive")
def restore_archive(
    doing: Doing, *, sums: Annotated[str, "the SHA-256 of the archive's list of files, which names every other hash"]
) -> Done:
    """Bring a whole export into an empty installation; from the machine's own command line alone."""
    doing.require(ANYTHING)
    archive = _READ.get()
    if archive is None:
        raise ActionRefused("an archive is read from a folder of the machine itself: evenhand import archive FOLDER")
    _refuse_filled()
    if not archive.tables or "actions" not in archive.tables:
        raise ActionRefused(
            "this export holds what everybody may see, not everything; ask an operator or auditor for a whole one"
        )
    filed = Filed(archive.table(FILES))
    counts: dict[str, int] = {}
    for table in TABLES:
        if table.name not in AFTER_ENTRIES:
            counts[table.name] = _restore(table, archive, filed)
    lines = archive.entries()
    while chunk := list(islice(lines, AT_ONCE)):
        restore_entries(chunk)
    for name in sorted(AFTER_ENTRIES):
        counts[name] = _restore(next(one for one in TABLES if one.name == name), archive, filed)
    _compare(archive)
    return doing.done(
        "",
        entries=archive.size,
        root=archive.root.hex(),
        **{name.replace("-", "_"): count for name, count in counts.items() if count},
    )


def _verify(archive: Archive) -> None:
    """Refuse an export whose stock book does not hold, and one of another book."""
    try:
        verdict = verify_folder(str(archive.folder))
    except ExportUnreadable as refusal:
        raise FileUnreadable(str(refusal)) from None
    if not verdict.holds:
        raise FileUnreadable(
            f"{archive.folder} is not taken in, because its stock book does not hold: {verdict.faults[0]}"
        )
    name = settings.EVENHAND["name"]
    for note in archive.checkpoints.values():
        origin = parse_note(note.decode()).checkpoint.origin
        if origin != name:
            raise ActionRefused(
                f"the export is of the stock book '{origin}', and this installation is named '{name}'; set its name (setting "
                "name) before anything else"
            )


def _refuse_filled() -> None:
    for table in TABLES:
        rows = table.model._default_manager.all()
        if table.model is ActionLine:
            continue
        if rows.exists():
            raise ActionRefused(
                f"there are {table.name} already, and an archive is taken into an empty installation only; make one with: "
                "evenhand init FOLDER --no-seeds"
            )
    if Entry.objects.exists() or read_head().size:
        raise ActionRefused("the stock book has entries already; an archive is taken into an empty installation only")


def _restore(table: Exported, archive: Archive, filed: Filed) -> int:
    """Write the rows of one table, as they were."""
    if table.name not in archive.tables:
        raise FileUnreadable(f"{archive.folder} has no table {table.name}; use the release of Evenhand that made it")
    rows = read_rows(table, archive.table(table.name), filed)
    names = {one.name: one.attname for one in table.fields}
    proposals = _proposals() if "proposal" in table.through else {}
    count = 0
    while chunk := list(islice(rows, BULK)):
        made = []
        for row in chunk:
            if proposals:
                row["proposal"] = proposals[row["round"], row["proposal"]]
            made.append(table.model(**{names[name]: _moment(value) for name, value in row.items()}))
        count += len(made)
        table.model._default_manager.bulk_create(made, batch_size=200)
    return count


def _proposals() -> dict[tuple[str, int], int]:
    return {(ref, number): pk for pk, ref, number in Proposal.objects.values_list("pk", "round", "number")}


def _moment(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return value


def _compare(archive: Archive) -> None:
    """Refuse where what was written is not what was exported."""
    head = read_head()
    if (head.size, head.root()) != (archive.size, archive.root):
        raise FileUnreadable(f"the entries of {archive.folder} do not make the root that it names; nothing was kept")
    kept = dict(Account.objects.values_list("key", "balance").iterator(AT_ONCE))
    said = {one.account: one.balance for one in archive.balances()}
    if kept != said:
        account = sorted(set(kept.items()) ^ set(said.items()))[0][0]
        raise FileUnreadable(
            f"{archive.folder}: the balance of {account} is not the sum of its entries; nothing was kept"
        )
    for size, note in archive.checkpoints.items():
        if not Checkpoint.objects.filter(size=size, note=note.decode()).exists():
            raise FileUnreadable(f"{archive.folder}: the checkpoint of {size:,} entries is not the one in its table")


def _keep_keys(archive: Archive) -> None:
    """Put the verifier keys of the export beside the signing key, so that its checkpoints are known here too."""
    known = {key.text() for key in known_keys()}
    new = [key for key in archive.keys if key not in known]
    if not new:
        return
    file = settings.EVENHAND.signing_key_file.parent / VERIFIERS
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as out:
            out.write("".join(f"{key}\n" for key in new))
    except OSError as error:
        raise CheckpointRefused(
            f"the export's verifier keys cannot be put into {file.name}: {error.strerror}"
        ) from error

"""`evenhand backup` and `evenhand restore`: the whole database in one file, and back."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.answer import Answer
from evenhand.cli.options import AsJson
from evenhand.cli.session import start


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not exist yet.")],
    as_json: AsJson = False,
) -> Answer:
    """Copy the whole database into one file while others go on working.

    The file holds everything, users and their password hashes included: keep it as safe as the database itself. The keys
    are not in it; keep a copy of the folder keys/ in another place.
    """
    start()
    from evenhand.database.backups import write_backup

    size = write_backup(file)
    facts = {"file": str(file), "size": f"{size:,} bytes"}
    return Answer(
        "backup", f"The database is copied to {file}.", facts, {"file": str(file), "bytes": size},
        closing=(f"Bring it back into an empty data folder with: evenhand restore {file}",),
    )  # fmt: skip


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `evenhand backup` wrote.")],
    as_json: AsJson = False,
) -> Answer:
    """Bring a backup back into an installation that has no records yet, and audit it."""
    start(fresh=True)
    from evenhand.database.backups import read_backup

    read_backup(file)
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)  # a backup of an older release is brought up to date
    from evenhand.cli.audit import describe
    from evenhand.lookups.checkpoints import read_standing
    from evenhand.stockbook.auditing import audit_book

    answer = describe("restore", audit_book(), f"restored from {file}")
    key, standing = settings.EVENHAND.signing_key_file, read_standing()
    hints = []
    if not key.is_file():
        if answer.exit_code:
            hints.append(f"The keys are not in a backup: copy yours to {key.parent}, then: evenhand audit")
    elif standing.refused:
        hints.append(f"The key signs nothing over what was restored: {standing.refused}")
    if standing.signed and not standing.remembers:
        hints.append(
            f"Nothing beside the key ({key.name}.last) says what it signed last. If anybody holds a checkpoint of more than "
            f"{standing.signed:,} entries, this is an older copy: sign and record nothing in it, and bring back a newer one"
        )
    return dataclasses.replace(answer, closing=(*answer.closing, *hints))

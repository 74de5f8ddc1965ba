"""`evenhand export`: everything as files that anybody can check, in one folder."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.answer import Answer
from evenhand.cli.options import ActingUser, AsJson
from evenhand.cli.session import acting_as, start, viewer_named


def export(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="The folder to write; it must not exist, or be empty. With --open: a file."
        ),
    ],
    format_: Annotated[
        str, typer.Option("--format", metavar="csv|xlsx|parquet", help="Of the records; the stock book is always text.")
    ] = "csv",
    open_: Annotated[
        bool,
        typer.Option("--open", help="Only what everybody may see, as tables that are easy to read, in one ZIP file."),
    ] = False,
    acting: ActingUser = "",
    as_json: AsJson = False,
) -> Answer:
    """Write all records and the whole stock book into one folder, with checksums; `evenhand audit FOLDER` verifies it.

    An operator or auditor gets everything but the people who act; everybody else, and whoever names nobody, what they may
    see. `evenhand import archive` brings a whole export back into an empty installation. With `--open` it is the open data
    instead, csv or parquet: what the pages hand out, with its licence.
    """
    start()
    if open_:
        return _export_open(folder, format_)
    from evenhand.lookups.exporting import write_export

    viewer = viewer_named(acting)
    refused = _sign(acting)
    written = write_export(viewer, folder, made_at=datetime.now(UTC), format=format_)
    facts = {
        "folder": str(written.folder),
        "holds": "everything" if written.whole else "what you may see",
        "entries": f"{written.entries:,}",
        "root": base64.b64encode(written.root).decode(),
        "checkpoints": f"{written.checkpoints:,}",
        "records": ", ".join(f"{count:,} {name}" for name, count in written.tables.items() if count),
    }
    result = {
        "folder": str(written.folder), "whole": written.whole, "entries": written.entries, "root": facts["root"],
        "checkpoints": written.checkpoints, "tables": dict(written.tables), "signed": refused == "",
    }  # fmt: skip
    return Answer(
        "export", f"Exported to {folder}.", facts, result, closing=(f"Verify it with: evenhand audit {folder}",),
        notes=(f"nothing was signed for this export: {refused}",) if refused else (),
    )  # fmt: skip


def _export_open(file: Path, format: str) -> Answer:
    """Write the package of open data into a file that is not there yet."""
    from evenhand.access.viewers import PUBLIC
    from evenhand.errors import OptionRefused
    from evenhand.lookups.open_data import write_bulk
    from evenhand.lookups.papers import site_address

    try:
        with file.open("xb") as out:
            written = write_bulk(PUBLIC, out, format=format, address=site_address())
    except FileExistsError as error:
        raise OptionRefused(f"{file} exists; give a name that is free, such as open-data.zip") from error
    except OSError as error:
        raise OptionRefused(f"{file} cannot be written: {error.strerror}; choose another place") from error
    except OptionRefused:
        file.unlink(missing_ok=True)
        raise
    facts = {
        "bytes": f"{written.size:,}", "day": written.about.day.isoformat(), "version": f"{written.about.version:,}",
        "entries": f"{written.about.entries:,}", "licence": written.about.licence.name,
    }  # fmt: skip
    result = {"file": str(file), "bytes": written.size} | written.about.told()
    return Answer("export", f"The open data is in {file}.", facts, result,
                  closing=("What is in it says its README.md; what its columns mean, datapackage.json.",))  # fmt: skip


def _sign(name: str) -> str | None:
    """Have the book signed as it stands, where there is a key and who asks may; an export without it is as true.

    Return "" where it was signed, None where nothing was to be signed, else why the key refused.
    """
    if not name:
        return None
    from evenhand.actions.checkpoints import make_checkpoint
    from evenhand.errors import ActionRefused, CheckpointRefused, NotAllowed

    try:
        make_checkpoint(acting_as(name, reason="export"))
    except (ActionRefused, NotAllowed):
        return None
    except CheckpointRefused as error:
        return error.sentence
    return ""

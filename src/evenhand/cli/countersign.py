"""`evenhand make-key` and `evenhand countersign`: an outside party's own key and its signature under a checkpoint.

Meant for donors, ministries, auditors: whoever holds an export. Needs no installation and no database; files go to and fro.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.answer import Answer
from evenhand.cli.options import AsJson
from evenhand.errors import FileUnreadable, OptionRefused

KeyFile = Annotated[Path, typer.Option("--key", metavar="FILE", help="Your key, as `evenhand make-key` wrote it.")]


def make_key(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose key it is, such as donor.example/relief.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write the secret half to.")],
    as_json: AsJson = False,
) -> Answer:
    """Make a key of your own to countersign checkpoints with, and say its public half."""
    from evenhand.ledger.checkpoint import new_signing_key

    key = new_signing_key(name)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(key.text() + "\n")
    except FileExistsError:
        raise OptionRefused(f"{file} exists; a key never takes the place of another one. Give a new name") from None
    except OSError as error:
        raise OptionRefused(f"{file} cannot be written: {error.strerror}") from error
    facts = {"secret half": f"{file} (keep it to yourself)", "public half": key.verifier.text()}
    return Answer(
        "make-key", f"The key of {name} is made.", facts, {"file": str(file), "verifier": key.verifier.text()}
    )


def countersign(
    export: Annotated[Path, typer.Argument(metavar="EXPORT", help="The folder of an export, as you got it.")],
    key: KeyFile,
    since: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The checkpoint that you countersigned last: this book must only add to it."),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The file to write the countersigned checkpoint to.")
    ] = Path("checkpoint.txt"),
    as_json: AsJson = False,
) -> Answer:
    """Verify an export, and put your signature under its newest checkpoint only if everything holds.

    Send the file back; the secretariat takes it in with `evenhand checkpoint countersign`. Keep a copy: it is your proof of
    what the book was that day.
    """
    from evenhand.cli.audit import describe
    from evenhand.ledger import verify_folder
    from evenhand.ledger.checkpoint import SigningKey
    from evenhand.ledger.checkpoint import countersign as sign_under

    verdict = verify_folder(export, since=since)
    if not verdict.holds:
        return describe("countersign", verdict, str(export))
    notes = sorted((export / "checkpoints").glob("*.txt"))
    if not notes:
        raise OptionRefused(
            f"{export} holds no checkpoint, so there is nothing to countersign; ask for one that was signed"
        )
    signing = SigningKey.read(_read(key).strip())
    note = sign_under(_read(notes[-1]), signing)
    if out.exists():
        raise OptionRefused(f"{out} exists; give a new name with --out, or keep the old one elsewhere first")
    try:
        out.write_text(note, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OptionRefused(f"{out} cannot be written: {error.strerror}") from error
    facts = {
        "book": note.splitlines()[0],
        "entries": f"{int(notes[-1].stem):,}",
        "signed by": signing.name,
        "file": str(out),
    }
    warning = (
        ()
        if since
        else ("no older checkpoint was given (--since), so nothing compared this book with what it was before",)
    )
    return Answer(
        "countersign", "Everything holds; the checkpoint carries your signature.", facts,
        {"size": int(notes[-1].stem), "root": verdict.root, "file": str(out), "signer": signing.name}, notes=warning,
    )  # fmt: skip


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnreadable(
            f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not text'}"
        ) from error

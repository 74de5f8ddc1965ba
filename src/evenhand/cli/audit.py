"""`evenhand audit`: nothing in the stock book was changed, removed or put in later; the live book, or an export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evenhand.cli.answer import Answer, Heading, Listing
from evenhand.cli.options import AsJson
from evenhand.errors import FileUnreadable

if TYPE_CHECKING:
    from evenhand.ledger.verifier import Verdict

FAULTS = (Heading("where"), Heading("line"), Heading("entry"), Heading("fault"))


def audit(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="EXPORT", help="An export's folder; the live stock book where none is named.", show_default=False
        ),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY",
            help="A verifier key that you know to be right: it must have signed the book. May be repeated.",
        ),
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A checkpoint that you kept: prove that this book only added to it."),
    ] = None,
    standalone: Annotated[
        bool, typer.Option("--standalone", help="Print the verifier as one file that needs Python and nothing else.")
    ] = False,
    as_json: AsJson = False,
) -> Answer:
    """Verify the stock book: every entry, balance, leaf and signed checkpoint; exit 1 with every fault located."""
    if standalone:
        from evenhand.ledger import standalone_verifier

        return Answer("audit", raw=standalone_verifier())
    if folder is not None:
        from evenhand.ledger import verify_folder

        verdict = verify_folder(str(folder), keys=tuple(key or ()), since=None if since is None else str(since))
        return describe("audit", verdict, str(folder))
    from evenhand.cli.session import start

    start()
    from evenhand.ledger.verifier import ExportUnreadable
    from evenhand.stockbook.auditing import audit_book

    kept = None if since is None else (str(since), _read(since))
    try:
        return describe("audit", audit_book(trusted=tuple(key or ()), since=kept), "the live stock book")
    except ExportUnreadable as refusal:  # the verifier stands alone, so it has an error of its own
        raise FileUnreadable(str(refusal)) from None


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnreadable(
            f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is not text'}"
        ) from error


def describe(command: str, verdict: Verdict, what: str) -> Answer:
    """Return what to say about a verdict: one line where the book holds, else every fault."""
    facts = {
        "book": what,
        "entries": f"{verdict.entries:,}",
        "root": verdict.root,
        "checkpoints that hold": f"{verdict.checkpoints:,}",
        "entries that are signed": f"{verdict.signed:,}",
        "signed by": ", ".join(verdict.signers),
    }
    faults = tuple((fault.file, fault.line or "", fault.entry, fault.text) for fault in verdict.faults)
    return Answer(
        command,
        verdict.line,
        {key: value for key, value in facts.items() if value},
        {
            "holds": verdict.holds, "entries": verdict.entries, "root": verdict.root, "signed": verdict.signed,
            "checkpoints": verdict.checkpoints, "signers": list(verdict.signers), "faults_in_all": verdict.count,
        },
        listings=(Listing("faults", "Faults", FAULTS, faults, more=verdict.count - len(faults)),) if faults else (),
        exit_code=0 if verdict.holds else 1,
    )  # fmt: skip

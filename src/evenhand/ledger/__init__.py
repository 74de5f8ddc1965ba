"""The arithmetic of the stock book: lines and sums, the Merkle tree over them, signed checkpoints, and the verifier.

Used by the stock book, its actions, the export and `evenhand audit`. `verifier` is one file of standard library that
knows nothing of Evenhand, so that anybody can run it with bare Python (`python verify.py export/`). Nothing in this
folder may know a database, a clock or a setting. Only `checkpoint` needs the package `cryptography`, so this page
does not import it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from evenhand.errors import FileUnreadable
from evenhand.ledger import verifier
from evenhand.ledger.verifier import Fault, Verdict

__all__ = ["Fault", "Verdict", "standalone_verifier", "verify_folder", "verify_lines"]


def verify_folder(
    path: str | os.PathLike[str], keys: Sequence[str] = (), since: str | os.PathLike[str] | None = None
) -> Verdict:
    """Verify the export at `path`: sums, lines, leaves, balances, checkpoints.

    Parameters
    ----------
    path
        A folder that `evenhand export` wrote.
    keys
        Verifier keys known to be right, `name+hash+base64`: each must have signed a checkpoint of this book.
    since
        The file of an older checkpoint that somebody kept.

    Raises
    ------
    FileUnreadable
        The folder is no export; a key or the older checkpoint cannot be read.

    Examples
    --------
    >>> verify_folder("no/such/export")
    Traceback (most recent call last):
    ...
    evenhand.errors.FileUnreadable: 'no/such/export' is not a folder, so it is not an export
    """
    try:
        return verifier.verify_folder(os.fspath(path), keys, None if since is None else os.fspath(since))
    except verifier.ExportUnreadable as refusal:  # the verifier stands alone, so it has an error of its own
        raise FileUnreadable(str(refusal)) from None


def verify_lines(
    lines: Iterable[tuple[bytes | None, bytes | None]],
    *,
    balances: Mapping[str, int] | None = None,
    checkpoints: Iterable[tuple[str, str]] = (),
    keys: Sequence[str] = (),
    trusted: Sequence[str] = (),
    since: tuple[str, str] | None = None,
    file: str = "entries",
) -> Verdict:
    """Verify a live book in one pass over (line, leaf) in order; the parameters are those of the verifier's own.

    Raises
    ------
    FileUnreadable
        A trusted key or the older checkpoint cannot be read.

    Examples
    --------
    >>> verdict = verify_lines([], balances={})
    >>> verdict.holds, verdict.root
    (True, '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')
    """
    try:
        return verifier.verify_lines(
            lines, balances=balances, checkpoints=checkpoints, keys=keys, trusted=trusted, since=since, file=file
        )
    except verifier.ExportUnreadable as refusal:
        raise FileUnreadable(str(refusal)) from None


def standalone_verifier() -> str:
    """Return the text of the verifier as one file, to be kept as `verify.py` and run as `python verify.py export/`.

    Examples
    --------
    >>> standalone_verifier().splitlines()[0]
    '\"\"\"Verify a stock book, trusting nobody: not the database, not the export, not Evenhand.'
    """
    return Path(verifier.__file__).read_text(encoding="utf-8")

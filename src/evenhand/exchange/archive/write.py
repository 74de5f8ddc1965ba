"""Write the export folder: beside the wanted place first, then into it, so that it is never there by half.

Called by actions. What the files hold is in docs/reference; their form is a public contract.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from evenhand.errors import FileUnreadable, OptionRefused
from evenhand.exchange.archive.tables import FORMATS, kinds_of, write_table
from evenhand.ledger import entries as entries_of_ledger

FORMAT = "evenhand-export/1"
HEADING = entries_of_ledger.HEADING.encode("ascii")
LINE = re.compile(b",".join([entries_of_ledger.PLAIN.pattern.encode("ascii")] * len(entries_of_ledger.FIELDS)))
"""Nineteen fields of an alphabet that never needs quoting; a line is also the data of a leaf, byte for byte."""

TABLE_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
SUMS = "SHA256SUMS"


class Balance(NamedTuple):
    """Hold what stands on one account, in base units; only `outside` may be below zero."""

    account: str
    balance: int


def write_archive(
    folder: str | os.PathLike[str],
    *,
    entries: Iterable[bytes],
    leaves: Iterable[bytes],
    balances: Iterable[tuple[str, int]],
    checkpoints: Mapping[int, bytes],
    keys: Iterable[str],
    tables: Mapping[str, pl.DataFrame],
    root: bytes,
    made_at: datetime,
    format: str = "csv",
) -> Path:
    """Write everything into one folder, with checksums, or nothing at all.

    Parameters
    ----------
    folder
        Where to; it must not exist, or be empty.
    entries, leaves
        The line of each entry, without its line break, and the hash of each leaf (32 bytes), in the order of `seq`. Both
        are read once, one at a time.
    balances
        Each account and what stands on it; they are sorted here.
    checkpoints
        Signed notes by the size of the tree that they are about.
    keys
        The verifier keys of whoever signs, one a line.
    tables
        The records, by name.
    root
        The root of the tree over all entries, 32 bytes.
    made_at
        When, with a time zone.
    format
        Of the records: "csv", "xlsx" or "parquet". The stock book is always CSV.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    OptionRefused
        An unknown format; a table's name or column that cannot be exported; a line, leaf or root that is none.
    FileUnreadable
        The folder exists and is not empty, or cannot be written.
    """
    if format not in FORMATS:
        raise OptionRefused(f"format is '{format}'; say one of {', '.join(FORMATS)}")
    if len(root) != 32 or made_at.tzinfo is None:
        raise OptionRefused("the root has 32 bytes and the time a zone; neither can be left out")
    target = Path(folder)
    with _made_beside(target) as made:
        size = _write_lines(made / "entries.csv", _checked(entries), HEADING)
        hashed = _write_lines(made / "leaves.txt", _hexadecimal(leaves))
        if hashed != size:
            raise OptionRefused(f"there are {size:,} entries but {hashed:,} leaves; each entry has one")
        accounts = sorted((account, int(balance)) for account, balance in balances)
        _write_lines(made / "balances.csv", (f"{a},{b}".encode() for a, b in accounts), b"account,balance")
        (made / "checkpoints").mkdir()
        for count, note in checkpoints.items():
            (made / "checkpoints" / f"{count:012d}.txt").write_bytes(note)
        _write_lines(made / "keys.txt", (key.encode() for key in keys))
        (made / "tables").mkdir()
        described = {}
        for name, frame in tables.items():
            if not TABLE_NAME.fullmatch(name):
                raise OptionRefused(f"a table cannot be called '{name}'; use small letters, digits, - and _")
            (made / "tables" / f"{name}.{format}").write_bytes(write_table(name, frame, format))
            described[name] = {"rows": frame.height, "columns": kinds_of(name, frame)}
        about = {
            "format": FORMAT,
            "made_at": made_at.isoformat(),
            "size": size,
            "root": base64.b64encode(root).decode(),
            "counts": {"entries": size, "accounts": len(accounts), "checkpoints": len(checkpoints)}
            | {name: frame.height for name, frame in tables.items()},
            "tables_as": format,
            "tables": described,
        }
        (made / "export.json").write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        _write_sums(made)
    return target


@contextmanager
def _made_beside(target: Path) -> Iterator[Path]:
    """Give a folder beside the wanted one, and move it there once all is written and on the disk."""
    try:
        if target.is_symlink() or (target.exists() and not (target.is_dir() and not any(target.iterdir()))):
            raise FileUnreadable(f"{target} exists and is not empty; name another folder")
        target.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as problem:
        raise FileUnreadable(f"{target} cannot be written: {problem.strerror}") from problem
    try:
        yield made
        made.chmod(0o755)
        for path in [*made.rglob("*"), made]:
            _settle(path)
        made.rename(target)
        _settle(target.parent)
    except OSError as problem:
        raise FileUnreadable(f"{target} cannot be written: {problem.strerror}") from problem
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _settle(path: Path) -> None:
    """Wait until a file or folder is on the disk, so that what was reported as written survives a loss of power."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _write_lines(path: Path, lines: Iterable[bytes], heading: bytes | None = None) -> int:
    count = 0
    with path.open("wb") as file:
        if heading is not None:
            file.write(heading + b"\n")
        for line in lines:
            file.write(line + b"\n")
            count += 1
    return count


def _checked(entries: Iterable[bytes]) -> Iterator[bytes]:
    for place, line in enumerate(entries, start=1):
        if not LINE.fullmatch(line):
            raise OptionRefused(f"entry {place:,} is no line of nineteen plain fields, so it was not exported")
        yield line


def _hexadecimal(leaves: Iterable[bytes]) -> Iterator[bytes]:
    for place, leaf in enumerate(leaves, start=1):
        if len(leaf) != 32:
            raise OptionRefused(f"leaf {place:,} has {len(leaf)} bytes; a hash has 32")
        yield leaf.hex().encode()


def _write_sums(made: Path) -> None:
    sums = []
    for path in made.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                sums.append((path.relative_to(made).as_posix(), hashlib.file_digest(file, "sha256").hexdigest()))
    (made / SUMS).write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(sums)), encoding="ascii")

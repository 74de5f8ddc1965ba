"""Read an export folder, all of it found whole before any of it is handed on.

Called by actions and by `evenhand audit`. A folder may come from anybody: nothing in it is followed out of it, no file
is read that its checksums do not name, and nothing of a folder that is not whole is returned.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from evenhand.errors import FileUnreadable, NameUnknown
from evenhand.exchange.archive.tables import FORMATS, read_table
from evenhand.exchange.archive.write import FORMAT, HEADING, LINE, SUMS, TABLE_NAME, Balance

SUM = re.compile(r"([0-9a-f]{64}) [ *]([A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)?)")
"""A line of sha256sum: the path has at most one folder, and no part of it begins with a dot."""

NEEDED = ("balances.csv", "entries.csv", "export.json", "keys.txt", "leaves.txt")
CHECKPOINT = re.compile(r"checkpoints/([0-9]{12})\.txt")
LARGEST_SMALL = 2**22
"""Bytes of export.json, keys.txt or a checkpoint."""

LARGEST_SUMS = 2**25
LARGEST_FILE = 2**36
LARGEST_TABLE = 2**31
LONGEST_LINE = 2**16
LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Archive:
    """Hold an export folder whose checksums hold.

    Attributes
    ----------
    made_at
        When it was made.
    size, root
        How many entries it has, and the root of the tree over them as it says; whether it is, the stock book checks.
    counts
        How many of everything, by name.
    checkpoints
        Signed notes by the size of the tree that they are about.
    keys
        The verifier keys of whoever signed them, as the folder says.
    tables_as
        The format of the records: "csv", "xlsx" or "parquet".
    """

    folder: Path
    made_at: datetime
    size: int
    root: bytes
    counts: Mapping[str, int]
    checkpoints: Mapping[int, bytes]
    keys: tuple[str, ...]
    tables_as: str
    _kinds: Mapping[str, Mapping[str, str]]

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the names of the records' tables."""
        return tuple(self._kinds)

    def entries(self) -> Iterator[bytes]:
        """Return the line of each entry, in order, one at a time."""
        with (self.folder / "entries.csv").open("rb") as file:
            next(file)
            for line in file:
                yield line.rstrip(b"\n")

    def leaves(self) -> Iterator[bytes]:
        """Return the hash of each leaf, in order, one at a time."""
        with (self.folder / "leaves.txt").open("rb") as file:
            for line in file:
                yield bytes.fromhex(line.decode("ascii").strip())

    def balances(self) -> Iterator[Balance]:
        """Return what stands on each account, one at a time."""
        with (self.folder / "balances.csv").open(encoding="ascii") as file:
            next(file)
            for line in file:
                account, _, balance = line.rstrip("\n").partition(",")
                yield Balance(account, int(balance))

    def table(self, name: str) -> pl.DataFrame:
        """Return a table of records as it was exported.

        Raises
        ------
        NameUnknown
            There is no such table.
        FileUnreadable
            It does not hold what export.json says.
        """
        if name not in self._kinds:
            raise NameUnknown("table in the export", name, list(self._kinds))
        data = _read_whole(self.folder / "tables" / f"{name}.{self.tables_as}", LARGEST_TABLE)
        return read_table(name, data, self.tables_as, self._kinds[name], self.counts.get(name, -1))


def read_archive(folder: str | os.PathLike[str]) -> Archive:
    """Read an export folder.

    Raises
    ------
    FileUnreadable
        It is no export, a file is missing, changed or not named by its checksums, or it leads out of itself.
    """
    path = Path(folder)
    if not path.is_dir():
        raise FileUnreadable(f"{path} is not a folder; name the folder that `evenhand export` wrote")
    sums = _read_sums(path)
    found = _find_files(path)
    for name in NEEDED:
        if name not in sums:
            raise FileUnreadable(f"{path} is no complete export: {name} is missing from {SUMS}")
    if missing := sorted(set(sums) - found):
        raise FileUnreadable(f"{path} is no complete export: {missing[0]} is missing")
    if strange := sorted(found - set(sums)):
        raise FileUnreadable(f"{path} holds {strange[0]!r}, which {SUMS} does not name; take it out")
    for name, digest in sums.items():
        if _digest(path / name) != digest:
            raise FileUnreadable(f"{path}: {name} is not as it was exported (its checksum differs)")
    about = _read_about(path)
    _check_lines(path, about["size"])
    return Archive(folder=path, checkpoints=_read_checkpoints(path, sums), keys=_read_keys(path), **about)


def _read_sums(path: Path) -> dict[str, str]:
    try:
        lines = _read_whole(path / SUMS, LARGEST_SUMS).decode("ascii").splitlines()
    except UnicodeDecodeError as error:
        raise FileUnreadable(f"{path}: {SUMS} is no list of checksums") from error
    sums: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        found = SUM.fullmatch(line)
        if found is None:
            raise FileUnreadable(f"{path}: line {number} of {SUMS} names no file inside the folder")
        if found[2] in sums:
            raise FileUnreadable(f"{path}: {SUMS} names {found[2]} twice")
        sums[found[2]] = found[1]
    return sums


def _find_files(path: Path) -> set[str]:
    """Return every file in the folder by its path; refuse links and whatever else is neither file nor folder."""
    found = set()
    waiting = [path]
    while waiting:
        with os.scandir(waiting.pop()) as inside:
            for one in inside:
                relative = Path(one.path).relative_to(path).as_posix()
                if one.is_symlink() or not (one.is_file(follow_symlinks=False) or one.is_dir(follow_symlinks=False)):
                    raise FileUnreadable(f"{path}: {relative!r} is a link or no plain file; an export has neither")
                if one.is_dir(follow_symlinks=False):
                    if relative not in ("checkpoints", "tables"):
                        raise FileUnreadable(f"{path} holds a folder {relative!r}, which no export has; take it out")
                    waiting.append(Path(one.path))
                elif relative != SUMS:
                    found.add(relative)
    return found


def _open(path: Path, largest: int) -> int:
    """Return a plain file opened without following a link; neither a pipe nor a device can hold the reader up."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise FileUnreadable(f"{path.parent} is no complete export: {path.name} is missing") from error
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be read: {error.strerror}") from error
    about = os.fstat(opened)
    if not stat.S_ISREG(about.st_mode) or about.st_size > largest:
        os.close(opened)
        raise FileUnreadable(f"{path} is no plain file, or larger than any that an export has")
    return opened


def _read_whole(path: Path, largest: int) -> bytes:
    with os.fdopen(_open(path, largest), "rb") as file:
        return file.read()


def _digest(path: Path) -> str:
    with os.fdopen(_open(path, LARGEST_FILE), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_about(path: Path) -> dict[str, Any]:
    """Return what export.json says, each value of the kind that it should be."""
    try:
        about = json.loads(_read_whole(path / "export.json", LARGEST_SMALL))
        if about["format"] != FORMAT:
            raise FileUnreadable(f"{path} is an export of another format than {FORMAT}; use the Evenhand that made it")
        tables = about["tables"]
        read = {
            "made_at": datetime.fromisoformat(about["made_at"]),
            "size": about["size"],
            "root": base64.b64decode(about["root"], validate=True),
            "counts": dict(about["counts"]),
            "tables_as": about["tables_as"],
            "_kinds": {name: {str(c): str(kind) for c, kind in tables[name]["columns"].items()} for name in tables},
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        raise FileUnreadable(f"{path}: export.json does not say what an export says") from error
    plain = all(type(count) is int and count >= 0 for count in (read["size"], *read["counts"].values()))
    named = all(TABLE_NAME.fullmatch(name) for name in read["_kinds"])
    if (
        not plain
        or not named
        or len(read["root"]) != 32
        or read["tables_as"] not in FORMATS
        or read["made_at"].tzinfo is None
    ):
        raise FileUnreadable(f"{path}: export.json does not say what an export says")
    return read


def _check_lines(path: Path, size: int) -> None:
    """Find that entries, leaves and balances have the lines that an export has; their sums are the stock book's."""
    lines = _lines(path / "entries.csv")
    if next(lines, b"") != HEADING:
        raise FileUnreadable(f"{path}: entries.csv does not begin with the heading of a stock book")
    count = 0
    for count, line in enumerate(lines, start=1):
        if not LINE.fullmatch(line) or not line.startswith(b"1,%d," % count):
            raise FileUnreadable(f"{path}: line {count + 1:,} of entries.csv is not entry {count:,}")
    if count != size:
        raise FileUnreadable(f"{path}: entries.csv has {count:,} entries, export.json says {size:,}")
    count = 0
    for count, line in enumerate(_lines(path / "leaves.txt"), start=1):
        if not re.fullmatch(rb"[0-9a-f]{64}", line):
            raise FileUnreadable(f"{path}: line {count:,} of leaves.txt is no hash")
    if count != size:
        raise FileUnreadable(f"{path}: leaves.txt has {count:,} hashes for {size:,} entries")
    lines = _lines(path / "balances.csv")
    if next(lines, b"") != b"account,balance":
        raise FileUnreadable(f"{path}: balances.csv does not begin with its heading")
    for count, line in enumerate(lines, start=2):
        if not re.fullmatch(rb"[A-Za-z0-9._:/@+-]+,-?[0-9]{1,%d}" % LONGEST_NUMBER, line):
            raise FileUnreadable(f"{path}: line {count:,} of balances.csv is no balance")


def _lines(path: Path) -> Iterator[bytes]:
    with os.fdopen(_open(path, LARGEST_FILE), "rb") as file:
        while line := file.readline(LONGEST_LINE):
            if not line.endswith(b"\n"):
                raise FileUnreadable(f"{path} has a line that is too long or breaks off")
            yield line[:-1]


def _read_checkpoints(path: Path, sums: Mapping[str, str]) -> dict[int, bytes]:
    notes = {}
    for name in sorted(sums):
        if name.startswith("checkpoints/"):
            found = CHECKPOINT.fullmatch(name)
            if found is None:
                raise FileUnreadable(f"{path}: {name} is no checkpoint; their names are the size in twelve digits")
            notes[int(found[1])] = _read_whole(path / name, LARGEST_SMALL)
    return notes


def _read_keys(path: Path) -> tuple[str, ...]:
    try:
        return tuple(_read_whole(path / "keys.txt", LARGEST_SMALL).decode("utf-8").splitlines())
    except UnicodeDecodeError as error:
        raise FileUnreadable(f"{path}: keys.txt is not text") from error

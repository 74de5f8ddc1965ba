"""Is a SQLite file safe where it lies and as it is opened? For ``database.checks``; it changes nothing.

Source
------
The WAL-reset fault: sqlite.org/wal.html, "The WAL-Reset Bug" (3.7.0 to 3.51.2, fixed in 3.51.3). Locks on network file
systems: sqlite.org/howtocorrupt.html, section 2.1.
"""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from pathlib import Path
from typing import Any

from evenhand.database.finding import Finding, Level

FIRST_FAULTY, FIRST_REPAIRED = (3, 7, 0), (3, 51, 3)
NETWORK = re.compile(r"nfs\d?|cifs|smb\w*|9p|afs|ceph|glusterfs|lustre|virtiofs|vboxsf|vmhgfs|fuse(\..*)?")
VANISHING = {"tmpfs": "memory", "ramfs": "memory", "overlay": "a container's own layer"}
MOUNTS = Path("/proc/mounts")


def look_at_sqlite(cursor: Any, name: str) -> tuple[Finding, ...]:
    """Return what is to be said about the file of that name, through an open cursor."""

    def pragma(setting: str) -> str:
        answer = cursor.execute(f"PRAGMA {setting}").fetchone()
        return str(answer[0]) if answer else ""

    mode = pragma("journal_mode")
    return (
        check_sqlite_version(sqlite3.sqlite_version_info, mode),
        check_sqlite_durability(mode, int(pragma("synchronous")), int(pragma("mmap_size") or 0)),
        check_file_system(Path(name)),
        check_reach_of_file(Path(name)),
    )


def check_sqlite_version(version: tuple[int, int, int], journal_mode: str) -> Finding:
    """Find the WAL-reset fault: a version that has it, in the mode that meets it.

    Examples
    --------
    >>> check_sqlite_version((3, 51, 3), "wal").level, check_sqlite_version((3, 40, 1), "wal").level
    ('ok', 'warning')
    """
    said = ".".join(map(str, version))
    if not FIRST_FAULTY <= version < FIRST_REPAIRED or journal_mode != "wal":
        return Finding("ok", f"SQLite {said}, journal mode {journal_mode}")
    return Finding(
        "warning",
        f"SQLite {said} has the WAL-reset fault",
        "two connections that write or checkpoint at the same moment can damage the file. Evenhand's write lock never "
        "lets two write at once, so it is safe as long as no other program writes this file.",
        "SQLite 3.51.3 or newer would be better, and for a team's server PostgreSQL. Open the file with other tools "
        "for reading only.",
    )


def check_sqlite_durability(journal_mode: str, synchronous: int, mmap_size: int) -> Finding:
    """Check that what was acknowledged survives a loss of power, given the three pragmas as SQLite answers them."""
    wrong = []
    if journal_mode == "memory":
        wrong.append("the database or its journal is in memory, and gone when the process ends")
    elif journal_mode != "wal":
        wrong.append(f"journal mode is {journal_mode} and not wal, so readers and writers wait for one another")
    if synchronous < 2:
        wrong.append(f"synchronous is {synchronous} and not 2 (FULL), so a loss of power can lose acknowledged entries")
    if mmap_size > 0:
        wrong.append(f"mmap_size is {mmap_size} and not 0, so a stray write in memory can damage the file")
    if not wrong:
        return Finding("ok", "every commit is on the disk before it is acknowledged (WAL, synchronous=FULL, no mmap)")
    level: Level = (
        "warning" if journal_mode not in ("wal", "memory") and synchronous >= 2 and not mmap_size else "unsafe"
    )
    return Finding(
        level,
        "SQLite does not run in the mode that Evenhand sets",
        "; ".join(wrong) + ".",
        "Use ENGINE evenhand.database.sqlite on a local disk, and take init_command out of the OPTIONS.",
    )


def check_file_system(file: Path, mounts: str | None = None) -> Finding:
    """Find a database file where locks do not hold or that does not outlast a restart.

    Parameters
    ----------
    file
        The database's file.
    mounts
        What stands in /proc/mounts; read from there when None.
    """
    if mounts is None:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="replace") if MOUNTS.is_file() else ""
    kind = _kind_of_file_system(Path(os.path.realpath(file)), mounts)
    if not kind:
        return Finding(
            "warning",
            f"the file system under {file} is not known",
            "on a network file system locks do not hold, and the file can be damaged.",
            "Make sure that it is a local disk.",
        )
    if NETWORK.fullmatch(kind):
        return Finding(
            "unsafe",
            f"{file} is on a network file system ({kind})",
            "locks and shared memory do not hold there, so two writers can damage the file.",
            "Move the data folder to a local disk, or use PostgreSQL.",
        )
    if kind in VANISHING:
        return Finding(
            "unsafe" if VANISHING[kind] == "memory" else "warning",
            f"{file} is in {VANISHING[kind]} ({kind})",
            "what is recorded is gone after a restart."
            if VANISHING[kind] == "memory"
            else "it goes with the container.",
            "Move the data folder to a disk, or to a volume of the container.",
        )
    return Finding("ok", f"the database's file is on a local disk ({kind})")


def _kind_of_file_system(file: Path, mounts: str) -> str:
    """Return the type of the longest mount point above a file; the last line wins, as the last mount does."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[1]))
        if file.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return kind


def check_reach_of_file(file: Path) -> Finding:
    """Find a database file that any user of the machine can read."""
    try:
        open_file, open_folder = file.stat().st_mode & stat.S_IROTH, file.parent.stat().st_mode & stat.S_IXOTH
    except OSError:
        return Finding("ok", f"{file} is not there yet")
    if not (open_file and open_folder):
        return Finding("ok", "other users of this machine cannot read the database's file")
    return Finding(
        "warning",
        f"every user of this machine can read {file}",
        "the records of every party, and the accounts, stand in it.",
        f"chmod 700 {file.parent}",
    )

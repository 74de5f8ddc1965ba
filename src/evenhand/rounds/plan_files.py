"""A plan's folder as one value that a database can hold: a zip file in memory, the same bytes for the same files.

Used by `rounds.planning`, by the actions on rounds and by whoever hands the files out. It judges no plan; what comes
out of the database is read as if a stranger had put it there.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from evenhand.errors import PlanUnreadable

MOMENT = (1980, 1, 1, 0, 0, 0)
"""The time that every file bears; zip knows none earlier."""

LARGEST = 2**30
"""Bytes of all files together; far above the plan of a million recipients."""


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip file: by name, without times.

    Examples
    --------
    >>> pack_files({"b": b"2", "a": b"1"}) == pack_files({"a": b"1", "b": b"2"})
    True
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, files[name])
    return out.getvalue()


def unpack_files(packed: bytes) -> dict[str, bytes]:
    """Return the files of a zip file by name.

    Raises
    ------
    PlanUnreadable
        It is no zip file, is damaged, is too large once unpacked, or names a file outside its own folder.

    Examples
    --------
    >>> unpack_files(pack_files({"plan.csv": b"lot"}))
    {'plan.csv': b'lot'}
    >>> unpack_files(b"no zip")
    Traceback (most recent call last):
    evenhand.errors.PlanUnreadable: the stored plan is damaged: File is not a zip file
    """
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as opened:
            entries = opened.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise PlanUnreadable(f"the stored plan is damaged: unpacked it would be larger than {LARGEST:,} bytes")
            for entry in entries:
                path = PurePosixPath(entry.filename)
                if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or entry.is_dir():
                    raise PlanUnreadable(f"the stored plan is damaged: it names '{entry.filename}'")
            return {entry.filename: opened.read(entry) for entry in entries}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as problem:
        raise PlanUnreadable(f"the stored plan is damaged: {problem}") from None


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by name, those of its folders included."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
    }


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder."""
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

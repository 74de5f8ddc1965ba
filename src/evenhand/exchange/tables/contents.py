"""What kind of file it is, by its first bytes: names lie, and a renamed file should still be read or named.

Called by `open_source`. Also unpacks gzip, within limits.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from typing import Literal

from evenhand.errors import FileUnreadable

LARGEST_FILE = 4 * 2**30
"""Bytes, packed or unpacked; more would not fit into the memory of the machines that Evenhand is used on."""

CHUNK = 2**22
SMALL = 2**24
"""Below this many bytes unpacked, how well a file was packed does not matter."""

MOST_MEMBERS = 5_000
"""Parts that a workbook may have; each costs memory before anything of it is read."""

Contents = Literal["text", "xlsx", "parquet"]

SAVE_AS = "save it as .xlsx or CSV"
OTHERS = {
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"%PDF": "a PDF",
    b"ARROW1": "an Arrow file",
    b"SQLite format 3": "an SQLite database",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"{\\rtf": "a text document (RTF)",
    b"\x7fELF": "a program",
}
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def unpack(data: bytes, name: str, *, largest: int | None = None, ratio: int | None = None) -> bytes:
    """Return what is in a gzip file, or the bytes as they are; refuse what is damaged or unpacks beyond all bounds.

    Parameters
    ----------
    largest
        Bytes that it may unpack to; None for `LARGEST_FILE`.
    ratio
        How many times its packed size it may unpack to, where the file comes from anybody; None for any.
    """
    if not data.startswith(b"\x1f\x8b"):
        return data
    parts: list[bytes] = []
    size = 0
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            while part := packed.read(CHUNK):
                parts.append(part)
                size += len(part)
                if size > (LARGEST_FILE if largest is None else largest):
                    raise FileUnreadable(f"{name} unpacks to more than {say_limit(largest)}; give a smaller table")
                if ratio is not None and size > max(SMALL, ratio * len(data)):
                    raise FileUnreadable(
                        f"{name} unpacks to more than {ratio} times its size; no real table does that: give it unpacked"
                    )
    except (OSError, EOFError, zlib.error) as error:
        raise FileUnreadable(f"{name} is damaged and cannot be unpacked; pack or download it again") from error
    return b"".join(parts)


def say_limit(largest: int | None) -> str:
    """Return a limit of bytes as a sentence gives it; None is `LARGEST_FILE`."""
    return f"{LARGEST_FILE // 2**30} GiB" if largest is None else f"{largest // 2**20} MiB"


def tell_contents(data: bytes, name: str) -> Contents:
    """Return which door a file takes.

    Raises
    ------
    FileUnreadable
        It is empty, or a kind of file that Evenhand does not read; the sentence names it.
    """
    if not data:
        raise FileUnreadable(f"{name} is empty")
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _tell_archive(data, name)
    if data.startswith(OLD_OFFICE):
        if ENCRYPTED in data:
            raise FileUnreadable(f"{name} is protected with a password; take the password off and save it again")
        raise FileUnreadable(f"{name} is a workbook in the old Excel format (.xls); {SAVE_AS}")
    for mark, kind in OTHERS.items():
        if data.startswith(mark):
            raise FileUnreadable(f"{name} is {kind}, not a table; give a CSV, Excel or Parquet file")
    return "text"


def _tell_archive(data: bytes, name: str) -> Contents:
    if data.count(b"PK\x01\x02") > MOST_MEMBERS:
        raise FileUnreadable(f"{name} is an archive of more than {MOST_MEMBERS:,} files; no workbook is")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise FileUnreadable(
            f"{name} is a broken workbook or archive; open it in a spreadsheet and save it again"
        ) from error
    if "xl/workbook.xml" in members:
        return "xlsx"
    if "xl/workbook.bin" in members:
        raise FileUnreadable(f"{name} is a binary Excel workbook (.xlsb); {SAVE_AS}")
    if "content.xml" in members:
        raise FileUnreadable(f"{name} is an OpenDocument file; {SAVE_AS}")
    if any(member.startswith("word/") for member in members):
        raise FileUnreadable(f"{name} is a Word document, not a table; {SAVE_AS}")
    raise FileUnreadable(f"{name} is a zip archive; unpack it and give the table in it")

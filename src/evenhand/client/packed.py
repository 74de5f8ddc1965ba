"""Folders out of the zip files that a server sends, taken apart with care: no path leads out of the folder.

Used by `client.server` for plans and for the whole of the open data.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

from evenhand.errors import FileUnreadable

MOST_FILES: Final = 1000
MOST_BYTES: Final = 2**33
SUMS: Final = "SHA256SUMS"


def unpack(data: bytes, folder: Path, name: str) -> tuple[Path, ...]:
    """Write the files of a zip file into a folder, and return their paths.

    Raises
    ------
    FileUnreadable
        It is no zip file, holds too much, or a name in it leads elsewhere.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise FileUnreadable(f"what came as {name} is no zip file") from None
    with archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
        if len(members) > MOST_FILES or sum(one.file_size for one in members) > MOST_BYTES:
            raise FileUnreadable(f"{name} holds more than is taken apart here; unzip it by hand")
        places = [PurePosixPath(one.filename) for one in members]
        for place in places:
            if place.is_absolute() or ".." in place.parts or "\\" in str(place) or ":" in str(place):
                raise FileUnreadable(
                    f"{name} names the file '{place}', which leads out of its folder; nothing was written"
                )
        found = []
        for member, place in zip(members, places, strict=True):
            target = folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                target.write_bytes(archive.read(member))
            except (zipfile.BadZipFile, OSError) as error:
                raise FileUnreadable(f"{place} in {name} cannot be taken out: {error}") from None
            found.append(target)
    return tuple(found)


def expect_sums(folder: Path) -> None:
    """Refuse a folder whose files are not those that its list of hashes names.

    Raises
    ------
    FileUnreadable
        A file differs, or the list is missing.
    """
    file = folder / SUMS
    if not file.is_file():
        raise FileUnreadable(f"{folder} has no {SUMS}, by which its files could be checked")
    for row in file.read_text(encoding="utf-8").splitlines():
        wanted, _, name = row.partition("  ")
        target = folder / name
        if not target.is_file() or hashlib.sha256(target.read_bytes()).hexdigest() != wanted:
            raise FileUnreadable(f"{name} in {folder} is not the file that {SUMS} names; fetch it again")

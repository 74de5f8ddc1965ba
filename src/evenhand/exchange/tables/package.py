"""A workbook as the zip archive it is: whether it is safe and whole, and which cells need a closer look.

Called by `workbook` before anything else may open the file. An archive of a few kilobytes can unpack to terabytes, and
a sheet with one cell in its last row and column would be laid out as seventeen billion empty ones.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from html import unescape
from pathlib import PurePosixPath

from evenhand.errors import FileUnreadable
from evenhand.exchange.tables.sheet import quoted

LARGEST_UNPACKED = 2**30
"""Bytes that all parts of a workbook may unpack to."""

LARGEST_RATIO = 200
"""How many times larger than packed a workbook may be; real ones stay below 30, bombs reach a thousand."""

SMALL = 2**24
"""Below this many bytes unpacked, the ratio does not matter."""

MOST_CELLS = 100_000_000
"""Rows times columns that a sheet may stretch over, empty cells included."""

MOST_TEXT = 2**30
"""Bytes that shared text may come to, written out in every cell that shares it."""

MEND = "open it in a spreadsheet and save it again"
SHEET_TAG = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
RELATION_TAG = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,9})([0-9]+)[\"']")
FAR = re.compile(rb' r="(?:[A-Za-z]{3,9}[0-9]|[A-Za-z]{1,9}[0-9]{6})')
"""A cell beyond column ZZ or row 99,999, as every spreadsheet program writes it."""

NOT_NEAR = re.compile(rb' r="(?:[A-Za-z]{2,9}[0-9]|[A-Za-z]{1,9}[0-9]{6})')
"""A cell beyond column Z or row 99,999: within them a sheet has at most 2,600,000."""

SHARES = re.compile(rb"\bt\s*=\s*[\"']s[\"']")
SHARED_CELL = re.compile(rb"<c [^>]*\bt=[\"']s[\"'][^>]*><v>([0-9]{1,9})</v>")
SHORT_TEXT = 500
"""Bytes; text that cells share is not counted where none is longer than this."""

UNUSUAL = (b" r='", b" r ", b"\tr=", b"\nr=", b"\rr=", b"\tr ", b"\nr ", b"\rr ", b" r\t", b" r\n", b" r\r")
"""Other ways that XML allows to write the place of a cell, which only odd programs use."""

ODD_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*\bt=[\"'][eb][\"'](?:[^>]*[^/>])?)>(.*?)</(?:\w+:)?c>", re.DOTALL)
VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
BOOLEANS = {"1": "TRUE", "0": "FALSE"}


@dataclass(frozen=True, slots=True)
class Limits:
    """Say how large a workbook may become."""

    unpacked: int
    ratio: int
    cells: int
    text: int


@dataclass(frozen=True, slots=True)
class Package:
    """Hold the XML of each sheet by its title."""

    sheets: dict[str, bytes]

    def odd_cells(self, title: str) -> dict[int, tuple[list[int], list[str]]]:
        """Return cells that a reader would drop or turn into numbers: errors, and TRUE and FALSE.

        By column: the rows, and the texts that a person sees there; rows and columns count from 1.
        """
        found: dict[int, tuple[list[int], list[str]]] = {}
        xml = self.sheets.get(title, b"")
        if not any(mark in xml for mark in (b't="e"', b't="b"', b"t='e'", b"t='b'")):
            return found
        for cell in ODD_CELL.finditer(xml):
            place = PLACE.search(cell.group(1))
            value = VALUE.search(cell.group(2))
            if place:
                text = value.group(1).decode("utf-8", "replace") if value else ""
                rows, texts = found.setdefault(_column_number(place.group(1)), ([], []))
                rows.append(int(place.group(2)))
                texts.append(BOOLEANS.get(text, text))
        return found


def open_package(data: bytes, name: str, limits: Limits | None = None) -> Package:
    """Return the sheets of a workbook, all of it found safe and whole.

    Raises
    ------
    FileUnreadable
        It is protected, damaged, or unpacks to more than a real workbook would.
    """
    limits = limits or Limits(LARGEST_UNPACKED, LARGEST_RATIO, MOST_CELLS, MOST_TEXT)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if any(member.flag_bits & 1 for member in members):
                raise FileUnreadable(f"{name} is protected with a password; take the password off and save it again")
            _check_size(members, len(data), name, limits)
            # Reading to the end also compares checksums and stops at the declared size, so a size that lies is caught.
            # Readers of workbooks do not mind capitals in the names of parts.
            parts = {member.filename.lower(): archive.read(member) for member in members}
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise FileUnreadable(f"{name} is a broken workbook; {MEND}") from error
    for path, part in parts.items():
        _check_markup(part, path, name)
    sheets = _sheets(parts)
    lengths = _shared_lengths(parts.get("xl/sharedstrings.xml", b""))
    for title, xml in sheets.items():
        _check_extent(xml, title, name, limits)
        _check_shared(xml, title, name, lengths, limits)
    return Package(sheets)


def _check_markup(part: bytes, path: str, name: str) -> None:
    """Refuse what no spreadsheet program writes: declarations of entities, and markup that hides from a search."""
    if not path.endswith((".xml", ".rels")) or not path.startswith(("xl/", "_rels/", "[content_types]")):
        # Other programs keep parts of their own beside the table's, in any encoding; nothing here reads those.
        return
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise FileUnreadable(f"{name} declares entities in {quoted(path)}, which no workbook needs; {MEND}")
    if b"\x00" in part[:200]:
        raise FileUnreadable(f"{name} is not written in UTF-8 ({quoted(path)}); {MEND}")


def _shared_lengths(xml: bytes) -> list[int]:
    """Return how many bytes each text has that cells share, markup included, and what is behind the last."""
    # Tags with a prefix are not split: all is then one text, and the longest.
    return [len(text) for text in xml.split(b"</si>")]


def _check_shared(xml: bytes, title: str, name: str, lengths: list[int], limits: Limits) -> None:
    """Refuse a long text that so many cells share that it would fill the memory; it would be copied for each."""
    longest = max(lengths)
    if longest < SHORT_TEXT:
        return
    sharing = sum(1 for _ in SHARES.finditer(xml))
    if sharing * longest <= limits.text:
        return
    # Could be too much: so it is added up cell by cell, which only cells as every program writes them allow.
    places = [int(place) for place in SHARED_CELL.findall(xml)]
    known = len(places) == sharing and all(place < len(lengths) for place in places)
    if not known or sum(lengths[place] for place in places) > limits.text:
        raise FileUnreadable(
            f"{name}, sheet {quoted(title)}, shares a text of {longest:,} bytes among its {sharing:,} cells of text;"
            " shorten the longest cell"
        )


def _check_size(members: list[zipfile.ZipInfo], packed: int, name: str, limits: Limits) -> None:
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked or (unpacked > SMALL and unpacked > limits.ratio * packed):
        raise FileUnreadable(
            f"{name} would unpack to {unpacked / 2**20:,.0f} MiB, {unpacked // max(packed, 1):,} times its size;"
            " no real table does that: save the table as CSV"
        )


def _sheets(parts: dict[str, bytes]) -> dict[str, bytes]:
    relations = {}
    for tag in RELATION_TAG.findall(parts.get("xl/_rels/workbook.xml.rels", b"")):
        fields = _attributes(tag)
        relations[fields.get("Id", "")] = fields.get("Target", "")
    sheets = {}
    for tag in SHEET_TAG.findall(parts.get("xl/workbook.xml", b"")):
        fields = _attributes(tag)
        relation = next((value for key, value in fields.items() if key.endswith(":id")), "")
        target = relations.get(relation, "")
        path = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        sheets[fields.get("name", "")] = parts.get(path.lower(), b"")
    # Sheets that no relation leads to cannot be read, but would still be laid out by a reader that finds them.
    return sheets


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        key.decode("ascii", "replace"): unescape((double or single).decode("utf-8", "replace"))
        for key, double, single in ATTRIBUTE.findall(tag)
    }


def _check_extent(xml: bytes, title: str, name: str, limits: Limits) -> None:
    # One search settles most sheets; only what could be too large is measured cell by cell.
    far = FAR if limits.cells >= MOST_CELLS else NOT_NEAR
    if not far.search(xml) and not any(way in xml for way in UNUSUAL):
        return
    last_row = last_column = 0
    for place in PLACE.finditer(xml):
        last_row = max(last_row, int(place.group(2)[:12]))
        last_column = max(last_column, _column_number(place.group(1)))
    if last_row * last_column > limits.cells:
        raise FileUnreadable(
            f"{name}, sheet {quoted(title)}, stretches over {last_row:,} rows and {last_column:,} columns, nearly all"
            " empty; delete the empty rows and columns beyond the table"
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number

"""What a file is, by what it holds and never by its name.

Asked before a file is kept as evidence, and again when one is shown. Knows the kinds that are kept; a file that a browser
or a computer could run as a program is none of them. Opens nothing: it looks at bytes.
"""

from __future__ import annotations

import re

ZIP = b"PK\x03\x04"
OFFICE = {
    b"word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"xl/workbook.bin": "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    b"ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
MACROS = (b"vbaProject.bin", b"macrosheets/", b"Basic/Standard/", b"xl/workbook.bin")
BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"PAR1", "application/vnd.apache.parquet"),
)
HEAD = 8192
MARKUP = re.compile(
    r"<\s*(!doctype|html|head|body|script|svg|iframe|object|embed|img|meta|link|\?xml|\?php|%)", re.IGNORECASE
)
IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff")
TABLES = (
    "text/plain",
    "application/vnd.apache.parquet",
    "application/vnd.oasis.opendocument.spreadsheet",
    OFFICE[b"xl/workbook.xml"],
)
"""Kinds of file that can hold a table; a CSV file is plain text."""

KEPT = "PDF, PNG, JPEG, GIF, WebP, TIFF, plain text or CSV, Word, Excel, PowerPoint or OpenDocument without macros, Parquet"


def media_type(body: bytes) -> str:
    """Return the media type of a file that may be kept, or "" for every other.

    Examples
    --------
    >>> media_type(b"%PDF-1.7 ..."), media_type(b"<html>"), media_type("besoin;quantité".encode())
    ('application/pdf', '', 'text/plain')
    """
    for beginning, kind in BEGINNINGS:
        if body.startswith(beginning):
            return kind
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    if body.startswith(ZIP):
        return _office(body)
    return "text/plain" if _is_text(body) else ""


def _office(body: bytes) -> str:
    """Tell office files apart by the names in their directory, which ZIP does not compress."""
    if any(macro in body for macro in MACROS):
        return ""
    opened = re.match(rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)", body[38:120])
    if body[30:38] == b"mimetype" and opened:
        return opened[0].decode("ascii")
    if b"[Content_Types].xml" in body:
        return next((kind for name, kind in OFFICE.items() if name in body), "")
    return ""


def _is_text(body: bytes) -> bool:
    """Say whether bytes are text that is no markup and no script, in UTF-8, UTF-16 with its mark, or one byte a letter."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = body.decode("utf-16")
        except UnicodeDecodeError:
            return False
    else:
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = body.decode("latin-1")
    unseen = any(letter < " " and letter not in "\t\n\r\f\x1a" for letter in set(text))
    return bool(text) and not unseen and not text.startswith("#!") and not MARKUP.search(text[:HEAD])

"""From bytes to text, as UTF-8: what the encoding is, and never a name garbled in silence.

Called by `text_file`. UTF-8 and marked UTF-16 are certain. Anything else is taken for Windows-1252 only where the
result reads like words, and then it is said; otherwise the file is refused.
"""

from __future__ import annotations

import codecs
import re

from evenhand.errors import FileUnreadable
from evenhand.exchange.tables.sheet import Findings, quoted

SAVE_AS_UTF8 = "save it as 'CSV UTF-8'"
CELL_WITH_LETTER = re.compile(r"[^,;|\t\r\n\"]*[^\x00-\x7f,;|\t\r\n\"][^,;|\t\r\n\"]*")
NOT_WORDS = re.compile(
    # Signs that no table of names has, but that other encodings turn their letters into.
    r"[ƒ„‚†‡ˆ‰‹›˜¤¦¨¬¯¶¸¹¼¾]"
    # A sign inside a word ("C™te"), or a capital inside one ("RŽpublique").
    r"|[a-zA-ZÀ-ÖØ-öø-ÿ](?:[^\x00-\x7f\w’‘´·\u00ad–—]|[¡-¿])[a-zA-ZÀ-ÖØ-öø-ÿ]"
    r"|[a-z][À-ÖØ-ÞŠŽŒŸ][a-z]"
    # A dash or quotation mark that touches another sign, but not a space, digit or bracket.
    r"|[–—“”•][^\x00-\x20\w()\[\],;.'\"’‘“”«»–—…\xa0]|[ÀÁÂÃÄÅÆÈ-Ïà-ïò-öù-ýú][–—“•][^ \w]"
    # Three letters with accents in a row, as every Cyrillic, Greek, Arabic or Chinese word would give.
    r"|[À-ÿŠšŽžŒœŸ¡-¿€-™]{3}"
)


def to_utf8(data: bytes, name: str, findings: Findings) -> bytes:
    """Return the text of a file as UTF-8 without a mark.

    Parameters
    ----------
    data
        The bytes as read.
    name
        The file's name, for sentences.
    findings
        Where the note about a guessed encoding goes.

    Raises
    ------
    FileUnreadable
        It is not text, or in no encoding that can be told.
    """
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise FileUnreadable(f"{name} is in UTF-32, which Evenhand does not read; {SAVE_AS_UTF8}")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16").encode("utf-8")
        except UnicodeError as error:
            raise FileUnreadable(f"{name} says it is UTF-16, but breaks off or is damaged; {SAVE_AS_UTF8}") from error
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    if b"\x00" in data[:100] and len(data) > 3 and (data[1::2][:50].count(0) > 20 or data[::2][:50].count(0) > 20):
        raise FileUnreadable(f"{name} seems to be in UTF-16, but without the mark that says so; {SAVE_AS_UTF8}")
    if b"\x00" in data:
        raise FileUnreadable(
            f"{name} is not a table: it holds bytes that no text has; give a CSV, Excel or Parquet file"
        )
    if data.isascii():
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _from_windows(data, name, error, findings)
    return data


def _from_windows(data: bytes, name: str, error: UnicodeDecodeError, findings: Findings) -> bytes:
    row = data.count(b"\n", 0, error.start) + 1
    if _has_utf8_letters(data):
        raise FileUnreadable(f"{name} is UTF-8 in parts, but not in line {row}: {SAVE_AS_UTF8}")
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    if not text or NOT_WORDS.search(text) or re.search(r"[\x01-\x08\x0e-\x1f]", text):
        raise FileUnreadable(
            f"{name} is not UTF-8 (line {row}), and read in the usual Western encoding it makes no words; {SAVE_AS_UTF8}"
        )
    cell = CELL_WITH_LETTER.search(text)
    example = f", e.g. {quoted(cell.group().strip())}" if cell else ""
    findings.notes.append(f"{name} is not UTF-8; it was read as Windows-1252: check the names{example}")
    return text.encode("utf-8")


def _has_utf8_letters(data: bytes) -> bool:
    """Return whether bytes hold letters of more than one byte in UTF-8: Western text in other encodings has none."""
    return (
        re.search(rb"[\xc3-\xdf][\x80-\xbf](?![\x80-\xbf])|[\xe1-\xef][\x80-\xbf]{2}(?![\x80-\xbf])", data) is not None
    )

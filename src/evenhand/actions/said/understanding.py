"""From the bytes of a document to what the reader understood, before any transaction.

The only place where the server meets the reader of `evenhand.statements`. What a text says is data: nothing in it is obeyed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from itertools import islice

from evenhand.errors import ActionRefused, shown
from evenhand.records.file_kinds import MARKUP, OFFICE, media_type
from evenhand.statements import read_text
from evenhand.statements.document import Document
from evenhand.statements.resolving import KnownParty
from evenhand.statements.sources import open_source

READ = ("text/plain", "application/pdf", OFFICE[b"word/document.xml"])
"""Kinds of file that hold a text to read, beside saved web pages."""

HEAD = 8192
WEB_PAGE = "text/html"
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Understood:
    """Hold what the reader understood of a document, and its text as it is kept."""

    document: Document
    text: str
    reader: str


def understand(body: bytes, filename: str, known: Sequence[KnownParty] = (), item: int = 1) -> Understood:
    """Return what Evenhand's own rules read in a file; always something, with what is wrong with the file as notes.

    Parameters
    ----------
    known
        The parties of the records, against which names are resolved.
    item
        Of a feed, which of its items, counted from 1.

    Raises
    ------
    ActionRefused
        The file has no such item.
    """
    text = next(islice(open_source(body, filename), max(item - 1, 0), None), None)
    if text is None or item < 1:
        raise ActionRefused(f"{shown(filename)} has no item {item}; only a feed has more than one, counted from 1")
    if UNSEEN.search(text.text):  # as long as before, so that every offset still points at its words
        text = replace(
            text, text=UNSEEN.sub(" ", text.text), notes=(*text.notes, "Characters that are no text were left out.")
        )
    if text.source == "feed":
        text = replace(
            text,
            notes=(
                *text.notes,
                f"The file is a feed; item {item} of it was read. The others are read one by one, by their number.",
            ),
        )
    document = read_text(text, known)
    return Understood(document, document.text.text, f"evenhand {_version()}")


def kind_of_text(body: bytes) -> str:
    """Return the media type of a file that can be read, or "".

    Examples
    --------
    >>> kind_of_text(b"<!doctype html><p>He said"), kind_of_text(b"He said"), kind_of_text(b"PAR1")
    ('text/html', 'text/plain', '')
    """
    kind = media_type(body)
    if not kind and MARKUP.search(body[:HEAD].decode("latin-1")):
        return WEB_PAGE
    return kind if kind in READ else ""


def expect_text(body: bytes, named: str, most: int) -> None:
    """Refuse a file that is too large, or that no text can be read from.

    Parameters
    ----------
    most
        How many MiB a file may have.
    """
    if len(body) > most * 2**20:
        raise ActionRefused(
            f"the file has {len(body) / 2**20:,.1f} MiB; at most {most} MiB are kept (setting largest_file)"
        )
    if not kind_of_text(body):
        raise ActionRefused(
            f"{named} is, by what it holds, no document with a text to read; give plain text, a saved web page, PDF or Word"
        )


def _version() -> str:
    try:
        return version("evenhand")
    except PackageNotFoundError:
        return "from source"

"""From an official text to who said what, when, about what, in their words.

Meeting readouts and press reports in English, as text, HTML, PDF, DOCX or feeds, become a `Document`: the meeting and its people, the
speaker and act of each sentence, and the claims about assistance, each with offsets into the stored text, a confidence and a reason. Rules
and word lists do it, without a model; whoever has a better extractor plugs it in as a `Reader` and is scored by the same measures. It
needs no server. What a text says is data: it is never obeyed and never stated as Evenhand's own claim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.statements.document import Claim, Document, Meeting, Participant, Reader, Resolution, Sentence, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evenhand.statements.resolving import KnownParty

__all__ = [
    "Claim",
    "Document",
    "Meeting",
    "Participant",
    "Reader",
    "Resolution",
    "Sentence",
    "Text",
    "read_document",
    "read_text",
]


def read_text(text: Text, known: Sequence[KnownParty] = ()) -> Document:
    """Return everything that Evenhand's own rules read from a text; see `evenhand.statements.reader.read_text`."""
    from evenhand.statements.reader import read_text as read

    return read(text, known)


def read_document(content: bytes | str, name: str = "text", known: Sequence[KnownParty] = ()) -> Document:
    """Return what a file says; of a feed, its first item (`read_folder` reads them all).

    Parameters
    ----------
    content
        The bytes of a text, HTML, PDF, DOCX or feed, or a text.
    known
        The parties of the records, against which names are resolved.

    Returns
    -------
    Document
        Always one: what is wrong with the file stands in its notes.

    Examples
    --------
    >>> document = read_document("UNICEF will send 900 tents to Chad, said Eva Lund, Director of UNICEF.")
    >>> claim = document.claims[0]
    >>> claim.giver, claim.quantity, claim.unit, claim.receiver
    ('UNICEF', 900, 'tent', ('TCD',))
    >>> read_document(b"%PDF-1.4 broken", "scan.pdf").notes
    ('the PDF ...',)
    """
    from evenhand.statements.sources import open_source

    return read_text(next(iter(open_source(content, name))), known)

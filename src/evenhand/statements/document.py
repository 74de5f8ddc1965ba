"""What the reader hands back: a document, its meeting, its sentences and its claims, as frozen records.

Every offset counts characters of `Text.text`, half-open, so that `text[start:end]` is the exact words. Called by all
modules here and by whoever uses them. Holds no behaviour beyond turning itself into JSON, in the shape of the annotated
readouts (`file`, `published`, `meeting`, `sentences`, `claims`) with a confidence and a reason added to each part.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Side = Literal["host", "guest"]
ClaimKind = Literal["given", "promised", "needed"]


@dataclass(frozen=True, slots=True)
class Text:
    """Hold a text as it is stored, and where it came from.

    Attributes
    ----------
    name
        The name of the file or of the feed's item.
    source
        "text", "html", "pdf", "docx" or "feed".
    notes
        What was found wrong while it was opened, in sentences.
    published
        A date that the container states (a feed's item, a page's metadata), ISO 8601, or None.
    """

    name: str
    text: str
    source: str = "text"
    notes: tuple[str, ...] = ()
    published: str | None = None

    @property
    def sha256(self) -> str:
        """Return the hash of the stored text, in UTF-8."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Participant:
    """Name one person who took part in a meeting.

    Attributes
    ----------
    party
        The state's ISO 3166 alpha-3 code; None for somebody who speaks for an organisation.
    party_name
        The state's name, or the organisation's as this text spells it.
    """

    name: str
    office: str | None
    party: str | None
    party_name: str | None
    side: Side
    confidence: float = 1.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Hold what the text says of the meeting: its date, place, kind and people."""

    date: str | None
    place: str | None
    kind: str
    participants: tuple[Participant, ...] = ()
    confidence: float = 1.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Hold one sentence: whose words it reports, and what was done with them.

    Attributes
    ----------
    speaker
        A name, "both" for the sides together, or "narrator".
    """

    start: int
    end: int
    speaker: str
    acts: tuple[str, ...]
    confidence: float = 1.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """Hold one mention of assistance that was given, promised or needed.

    Attributes
    ----------
    giver, receiver
        ISO 3166 alpha-3 codes of states, or names of organisations.
    quantity, unit
        A plain number, and a singular English word or an ISO 4217 code.
    place, when
        Where the aid goes, in the text's words; an ISO date, or words such as "since 2024-12".
    """

    start: int
    end: int
    speaker: str
    kind: ClaimKind
    giver: str | None
    receiver: tuple[str, ...]
    resource: str
    quantity: int | float | None = None
    unit: str | None = None
    place: str | None = None
    when: str | None = None
    confidence: float = 1.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Say what a name in the text was taken for.

    Attributes
    ----------
    party
        The key of the one party that fits; None where none fits, or several do.
    candidates
        Every party that fits, best first: the key, a score from 0 to 1 and the reason.
    """

    words: str
    party: str | None
    candidates: tuple[tuple[str, float, str], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Hold everything that was read from one text."""

    text: Text
    published: str | None = None
    meeting: Meeting = field(default_factory=lambda: Meeting(None, None, "statement"))
    sentences: tuple[Sentence, ...] = ()
    claims: tuple[Claim, ...] = ()
    parties: tuple[Resolution, ...] = ()
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the document as one JSON object, in the shape of the annotated readouts.

        Examples
        --------
        >>> Document(Text("a.txt", "")).to_json()["meeting"]["kind"]
        'statement'
        """
        return {
            "file": self.text.name,
            "source": self.text.source,
            "sha256": self.text.sha256,
            "published": self.published,
            "meeting": _plain(self.meeting) | {"participants": [_plain(one) for one in self.meeting.participants]},
            "sentences": [_plain(one) for one in self.sentences],
            "claims": [_plain(one) for one in self.claims],
            "parties": [
                {
                    "words": one.words,
                    "party": one.party,
                    "candidates": [
                        {"party": key, "score": score, "reason": reason} for key, score, reason in one.candidates
                    ],
                }
                for one in self.parties
            ],
            "notes": list(self.notes),
        }


Reader = Callable[[Text], Document]
"""Whatever turns a text into a document: Evenhand's own rules, or an extractor that somebody plugs in."""


def _plain(record: Any) -> dict[str, Any]:
    """Return a record's fields, tuples as lists."""
    values = {name: getattr(record, name) for name in record.__dataclass_fields__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

"""How a statement is shown: its words in their sentence, who said them, when and where, and what was read in them.

Used by every page that shows statements. Must never say in our own voice what somebody claimed: `line_of` names speaker, day
and source each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from evenhand.errors import OptionRefused
from evenhand.lookups.documents import Topic
from evenhand.lookups.statements import Statement
from evenhand.web.evidence.sources import Source, sources_of
from evenhand.web.frame.pages import wanted
from evenhand.web.languages import formats, vocabulary
from evenhand.web.languages.speaking import names_here


@dataclass(frozen=True, slots=True)
class Quoted:
    """Hold a statement as it is shown.

    Attributes
    ----------
    before, words, after
        Its sentence, cut at its words.
    receivers
        Pairs of a party's key, "" where none is known, and the name as written.
    amount
        What it says how much, "" where it says nothing.
    """

    statement: Statement
    before: str
    words: str
    after: str
    amount: str
    receivers: tuple[tuple[str, str], ...]
    sources: tuple[Source, ...]


def quote(statements: Iterable[Statement]) -> list[Quoted]:
    """Return statements as they are shown."""
    return [_quote(one) for one in statements]


def _quote(one: Statement) -> Quoted:
    before, found, after = one.sentence.partition(one.words)
    if not found:  # the words go beyond one sentence
        before, after = "", ""
    return Quoted(
        one, before, one.words, after, amount_of(one.quantity, one.unit), tuple(_receivers(one)), sources_of(one.source)
    )


def _receivers(one: Statement) -> Iterable[tuple[str, str]]:
    """Give the receivers: those that are known as parties by their keys, the others as they are written."""
    yield from ((key, "") for key in one.receivers)
    known = {name_of("party", key).casefold() for key in one.receivers} | {key.casefold() for key in one.receivers}
    for name in one.receiver_names[len(one.receivers) :] if one.receivers else one.receiver_names:
        if name.casefold() not in known:
            yield "", name


def amount_of(quantity: Decimal | float | None, unit: str | None) -> str:
    """Return an amount as it is written, "" where none is said.

    Examples
    --------
    >>> amount_of(None, "USD")
    ''
    """
    if quantity is None:
        return ""
    plain = int(quantity) if quantity == int(quantity) else float(quantity)
    written = formats.amount(plain)
    if not unit:
        return written
    if unit in vocabulary.UNITS or unit.isupper():
        return f"{written} {vocabulary.unit(unit, plain)}"
    return _("{amount} ({unit})").format(amount=written, unit=unit)  # a word of the text, in the singular


def line_of(one: Statement) -> str:
    """Return a statement as a sentence about who said it, when and where."""
    source = one.publisher or one.document_title
    if one.said_on:
        return _("{speaker} said on {day}, in {source}: “{words}”").format(
            speaker=speaker_of(one.speaker), day=formats.day(one.said_on), source=source, words=one.words
        )
    return _("{speaker} said, in {source}: “{words}”").format(
        speaker=speaker_of(one.speaker), source=source, words=one.words
    )


def speaker_of(name: str) -> str:
    """Return whose words they are, in the reader's language where nobody is named."""
    return {"narrator": _("The report"), "both": _("The sides together")}.get(name, name)


def name_of(kind: str, key: str, stored: str = "") -> str:
    """Return a name as bare text in the reader's language."""
    return names_here().name_of(kind, key, stored).text


def sure_of(confidence: float) -> str:
    """Return how sure the reader is, as a sentence."""
    if confidence >= 0.9:
        return _("The rules that read the document are sure of this.")
    if confidence >= 0.7:
        return _("The rules that read the document are fairly sure of this.")
    return _("The rules that read the document are not sure of this.")


def topics_of(rows: Iterable[object]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the topics of sentences with the words that caused them, those met most often first."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for row in rows:
        topics: Sequence[Topic] = getattr(row, "topics", ())
        for one in topics:
            found.setdefault((one.scheme, one.code), {})[one.words] = None
    ordered = sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))
    return [(f"{scheme}:{code}", tuple(words)) for (scheme, code), words in ordered]


def read_days(request: HttpRequest, problems: list[tuple[str, str]]) -> dict[str, Any]:
    """Return the days between which a list is asked for; what is no day is told among the problems.

    Raises
    ------
    OptionRefused
        The list is asked for as data, and a day is none: data that are not what was asked for would mislead.
    """
    found = {}
    for name in ("since", "until"):
        text = request.GET.get(name, "").strip()
        if text:
            try:
                found[name] = date.fromisoformat(text)
            except ValueError:
                if wanted(request) != "html":
                    raise OptionRefused(
                        f"'{text[:40]}' is no date; write it as year-month-day, such as 2026-03-02"
                    ) from None
                said = _("“{text}” is no date. Write it as year-month-day, such as 2026-03-02.")
                problems.append((f"f-{name}", said.format(text=text[:40])))
    return found

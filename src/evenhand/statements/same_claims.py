"""Compare two claims about assistance field by field: who gave what to whom, how much, when, in which words.

Called by `alike`, which proposes; must never decide. A claim said again, or with another number, is a thread: each keeps its
own words and source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from rapidfuzz import fuzz

Way = Literal["same", "thread"]
REPORTED_WITHIN: Final = 7
"""Within so many days outlets report the same words."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


KINDS_OF_AID: Final = (
    _words(
        "assistance aid help support relief cooperation gift donation supply supplies projects programs programmes services"
    ),
    _words("money funds fund funding contribution contributions grant grants financing sum donation relief"),
)
"""Words that stand for one another when nothing nearer is said."""
SAME_KIND: Final = 0.3
"""What it counts that both are given, promised or needed."""
NAMED: Final = 0.15
"""What it counts that both name the same thing, and not only aid."""
MORE: Final = re.compile(r"\b(?:further|additional|another|extra|second|third|new)\b", re.IGNORECASE)
"""Words by which a speaker says that this is not the gift named before."""


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """Hold what one statement says of assistance.

    Attributes
    ----------
    giver, receivers
        Codes of states, or names of organisations; empty where it is not said.
    quantity, unit
        The number, and a singular word or an ISO 4217 code; None where it is unspecified.
    words
        The exact words.
    """

    kind: str
    giver: str = ""
    receivers: tuple[str, ...] = ()
    resource: str = ""
    quantity: Decimal | int | float | None = None
    unit: str = ""
    place: str = ""
    when: str = ""
    speaker: str = ""
    said_on: date | None = None
    words: str = ""


def compare_claims(first: ClaimFacts, later: ClaimFacts) -> tuple[float, list[str], Way] | None:
    """Return how surely two claims belong together, why, and as what; None where something tells them apart."""
    if first.kind != later.kind:  # what was given is not what is promised, though the number be the same
        return None
    parties = _parties(first, later)
    resource = _resource(first.resource, later.resource)
    if parties is None or resource is None or not _same_place(first.place, later.place):
        return None
    alike_words = (
        fuzz.token_set_ratio(first.words.casefold(), later.words.casefold()) / 100
        if first.words and later.words
        else None
    )
    number = _number(first, later, alike_words, vague=resource[0] < NAMED)
    if number is None:
        return None
    said = _said(first, later)
    reasons = [reason for part in (parties, resource, said, number) for reason in part[1]]
    score = SAME_KIND + sum(part[0] for part in (parties, resource, said, number))
    if alike_words is not None and alike_words >= 0.8:
        score += 0.1
        reasons.insert(-1 if number[1] else len(reasons), f"{alike_words:.0%} of the words are the same")
    ways: Iterable[Way] = (said[2], number[2])
    return score, reasons, "thread" if "thread" in ways else "same"


Part = tuple[float, list[str], Way]


def _parties(first: ClaimFacts, later: ClaimFacts) -> Part | None:
    """Compare giver and receivers: what both state must agree, and something must be stated by both."""
    score, reasons, agreed = 0.0, [], 0
    if first.giver and later.giver:
        if first.giver.casefold() != later.giver.casefold():
            return None
        score, agreed = 0.2, 1
        reasons.append(f"both have {first.giver} as giver")
    elif first.giver or later.giver:
        reasons.append(f"only one names a giver, {first.giver or later.giver}")
    mine, yours = ({one.casefold(): one for one in claim.receivers} for claim in (first, later))
    if mine and yours:
        if not mine.keys() & yours.keys():
            return None
        score, agreed = score + 0.15, agreed + 1
        reasons.append(f"both have {', '.join(mine[key] for key in sorted(mine.keys() & yours.keys()))} as receiver")
    elif mine or yours:
        score -= 0.1
        reasons.append("only one names a receiver")
    return (score, reasons, "same") if agreed else None


def _resource(one: str, other: str) -> Part | None:
    """Compare what was given."""
    mine, yours = _singular(one), _singular(other)
    if not mine or not yours:
        return None
    if mine == yours or fuzz.token_set_ratio(" ".join(sorted(mine)), " ".join(sorted(yours))) >= 88:
        both = min(one, other, key=lambda words: (len(words), words))
        vague = any(mine <= _singular(" ".join(sorted(kind))) for kind in KINDS_OF_AID)
        return (0.1 if vague else NAMED), [f"both are about {both}"], "same"
    for kind in KINDS_OF_AID:
        known = _singular(" ".join(sorted(kind)))
        if mine <= known and yours <= known:
            return 0.08, [f"'{min(one, other)}' and '{max(one, other)}' may mean one thing"], "same"
    return None


def _same_place(one: str, other: str) -> bool:
    return not one or not other or fuzz.token_set_ratio(one.casefold(), other.casefold()) >= 80


def _number(first: ClaimFacts, later: ClaimFacts, alike_words: float | None, *, vague: bool) -> Part | None:
    """Compare the amounts: equal, grown or unspecified."""
    mine, yours = (None if one.quantity is None else Decimal(str(one.quantity)) for one in (first, later))
    unit, other_unit = first.unit.casefold(), later.unit.casefold()
    if mine is None and yours is None:
        return (0.0, [], "same") if alike_words is not None and alike_words >= (0.7 if vague else 0.6) else None
    if mine is None or yours is None:
        return (
            (-0.05, ["only one names an amount"], "same")
            if alike_words is None or alike_words >= (0.65 if vague else 0.5)
            else None
        )
    if unit != other_unit:
        return None
    if mine == yours:
        return 0.2, [f"the amount is the same: {_amount(mine, first.unit)}"], "same"
    if MORE.search(first.words) or MORE.search(later.words):
        return None
    money = len(first.unit) == 3 and first.unit.isupper()
    if alike_words is not None and alike_words < (0.6 if money else 0.4):
        return None
    if not first.said_on or not later.said_on or first.said_on == later.said_on:
        least, most = sorted((mine, yours))
        return 0.0, [f"the numbers differ: {_amount(least, first.unit)} and {_amount(most, first.unit)}"], "thread"
    before, after = (
        f"{_amount(mine, first.unit)} ({first.said_on.isoformat()})",
        f"{_amount(yours, later.unit)} ({later.said_on.isoformat()})",
    )
    grew = "grew" if yours > mine else "shrank"
    return (0.1 if yours > mine else 0.0), [f"the number {grew}: {before} → {after}"], "thread"


def _said(first: ClaimFacts, later: ClaimFacts) -> Part:
    """Compare the days on which it was said."""
    when_differs = bool(first.when and later.when and first.when != later.when)
    when = [f"one is about {first.when}, the other about {later.when}"] if when_differs else []
    if first.said_on is None or later.said_on is None:
        return (
            -0.1 * when_differs,
            [*when, "not both have a day on which they were said"],
            "thread" if when_differs else "same",
        )
    apart = abs((later.said_on - first.said_on).days)
    if apart == 0:
        return (
            0.1 - 0.1 * when_differs,
            [*when, f"both were said on {first.said_on.isoformat()}"],
            "thread" if when_differs else "same",
        )
    again = f"said on {first.said_on.isoformat()} and again on {later.said_on.isoformat()}"
    if apart <= REPORTED_WITHIN and not when_differs:
        return 0.05, [again], "same"
    return -0.1 * when_differs, [*when, again], "thread"


def _amount(quantity: Decimal, unit: str) -> str:
    return f"{quantity.normalize():,f} {unit}".strip()


def _singular(words: str) -> frozenset[str]:
    found = (
        word
        for word in re.findall(r"[^\W_]+", words.casefold())
        if word not in ("of", "the", "and", "for", "in", "to", "relief")
    )
    kept = frozenset(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in found
    )
    return kept or frozenset(re.findall(r"[^\W_]+", words.casefold()))

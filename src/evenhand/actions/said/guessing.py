"""What a claim's own words say of its firmness and its deadline, and what is missing or doubtful about it, in sentences.

Pure: asked when a document is read. A guess is proposed to a person, never a decision.
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from decimal import Decimal, InvalidOperation

from evenhand.statements.document import Claim

AGREED = re.compile(
    r"\b(sign(s|ed|ing)?|agree(d|ment|ments)?|contract(s|ed)?|memorandum|treaty|concluded)\b", re.IGNORECASE
)
INTENDED = re.compile(
    r"\b(ready|readiness|hop(e|es|ed|ing)|plan(s|ned|ning)?|consider(s|ed|ing)?|intend(s|ed)?|intention|might|(?-i:may)|"
    r"could|willing(ness)?|wish(es|ed)?|aim(s|ed)?|explor(e|es|ed|ing)|look(s|ed|ing)? (into|at))\b",
    re.IGNORECASE,
)
YEAR = re.compile(r"(?:19|20|21)\d\d")
DAY = re.compile(r"((?:19|20|21)\d\d)(?:-(\d\d))?(?:-(\d\d))?")
SINCE = re.compile(r"\b(since|from|after|in the past)\b", re.IGNORECASE)
SURE = 0.6
"""Below this the reader itself says that it is not sure."""

LARGEST = Decimal(10) ** 17


def guess_firmness(claim: Claim, words: str, sentence: str) -> str:
    """Return how firm a promise is: intent, pledge or agreement; "" for what is no promise.

    Examples
    --------
    >>> promise = Claim(0, 5, "A", "promised", None, (), "tents")
    >>> [guess_firmness(promise, "", said) for said in ("They signed a contract.", "He will send tents.", "She is ready to help.")]
    ['agreement', 'pledge', 'intent']
    >>> [guess_firmness(promise, "", said) for said in ("It may send tents.", "It will send tents by 31 May.")]
    ['intent', 'pledge']
    """
    if claim.kind != "promised":
        return ""
    for said in (words, sentence):
        if AGREED.search(said):
            return "agreement"
        if INTENDED.search(said):
            return "intent"
    return "pledge"


def guess_deadline(claim: Claim) -> date | None:
    """Return the last day of the time that a promise or a need names, None where it names none that is sure.

    Examples
    --------
    >>> [guess_deadline(Claim(0, 1, "A", "promised", None, (), "x", when=when)) for when in ("2022-04", "by 2025", "since 2020")]
    [datetime.date(2022, 4, 30), datetime.date(2025, 12, 31), None]
    """
    when = claim.when or ""
    if claim.kind == "given" or SINCE.search(when):
        return None
    found = list(DAY.finditer(when))
    if not found:
        return None
    year, month, day = (int(part) if part else 0 for part in found[-1].groups())
    try:
        return date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None


def read_amount(quantity: float | None) -> Decimal | None:
    """Return an amount exactly as it was written, None where there is none or none that a book could hold."""
    if quantity is None:
        return None
    try:
        amount = round(Decimal(str(quantity)), 6)
    except InvalidOperation:
        return None
    return amount if 0 <= amount < LARGEST else None


def tell_health(claim: Claim, said_on: date | None, left_open: list[str]) -> list[str]:
    """Return what is missing or doubtful about a claim, in sentences."""
    health: list[str] = []
    if claim.quantity is None:
        health.append("No amount is named.")
    elif read_amount(claim.quantity) is None:
        health.append(f"The amount {claim.quantity} is larger than can be kept.")
    if not claim.giver and claim.kind != "needed":
        health.append("Who gives is not said.")
    if not claim.receiver:
        health.append("Who receives is not said.")
    if said_on is None:
        health.append("Neither the document nor the meeting bears a date.")
    if claim.kind == "promised" and not claim.when:
        health.append("By when is not said.")
    if claim.confidence < SURE:
        health.append(f"The reader is not sure of it ({claim.confidence:.2f} of 1).")
    return [*health, *dict.fromkeys(filter(None, left_open))]

"""A claim while its parts are gathered, and the few words that several of its modules share.

Called by every `claim_` module. Holds no rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from evenhand.statements.aid import Aid
from evenhand.statements.document import ClaimKind
from evenhand.statements.quantities import Amount
from evenhand.statements.wordlists import word_list

AID_KIND = "aid"


THANKING = frozenset(
    {
        "thank",
        "express",
        "voice",
        "convey",
        "appreciate",
        "commend",
        "praise",
        "hail",
        "laud",
        "applaud",
        "welcome",
        "acknowledge",
        "recognise",
        "recognize",
        "grateful",
        "thankful",
        "salute",
        "value",
    }
)

MADE_OF = re.compile(
    r"\b(?:made up of|consist(?:s|ed|ing)? of|compris(?:e|es|ed|ing)(?: of)?|includ(?:e|es|ed|ing)|contain(?:s|ed|ing)?|composed of)\b"
    r"|\bholds?\b(?= (?:about |some |over |more than )?\d)"
)


TRADED = frozenset(
    word_list(
        "export exports exported exporting import imports imported importing sell sells sold selling trade traded produce produced produces manufactured seized destroyed looted stole stolen lost"
    )
)
"""What is done with goods that are no gift."""


PARTS_OF = "what a gift is made up of"
UNCOUNTED = "goods without a number"


@dataclass(slots=True)
class Draft:
    """Hold a claim while its parts are gathered; tokens are counted from the sentence's first.

    Attributes
    ----------
    receivers
        Who gets it, where the verb alone says so; else it is looked for in the claim's words.
    """

    first: int
    last: int
    kind: ClaimKind
    verb: int = -1
    noun: int = -1
    giver: str | None = None
    amount: Amount | None = None
    counted: int = -1
    passive: bool = False
    thanked: bool = False
    reasons: list[str] = field(default_factory=list)
    receivers: tuple[str, ...] = ()


TIMES = frozenset(
    [
        "years",
        "year",
        "months",
        "month",
        "days",
        "day",
        "weeks",
        "week",
        "hours",
        "hour",
        "minutes",
        "percent",
        "times",
        "occasions",
        "km",
        "kilometres",
        "kilometers",
        "miles",
        "people",
        "persons",
    ]
)


def ruling_verb(aid: Aid, place: int) -> str:
    """Return the verb of saying that rules a token: the last one before it."""
    verbs = [(at, verb) for at, verb in aid.one.clause.verbs.items() if at < place and aid.letters[at] in "VvEJMU"]
    return max(verbs)[1] if verbs else aid.one.verb

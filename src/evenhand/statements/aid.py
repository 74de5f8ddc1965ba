"""A sentence as letters once more, this time for assistance: verbs of giving, things given, amounts, parties, limits of clauses.

Called by `claims`. The letters say only what a word can be; which of them make a claim is decided there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache

from evenhand.statements.aid_verbs import form_at, giving_forms
from evenhand.statements.aid_words import (
    ASKING,
    DETERMINERS,
    NEED_NOUNS,
    NEVER_SIMPLE,
    NOUN_OR_VERB,
    PASSED_ON,
    PROMISE_NOUNS,
    PROMISING,
    PRONOUNS,
    SECOND_WORDS,
    SIMPLE,
    TWO_WORDS,
    WITHHELD,
    WORDS,
)
from evenhand.statements.attributed import Attribution
from evenhand.statements.quantities import NUMBER_WORDS, Amount, find_amounts, singular
from evenhand.statements.tokens import Tokens
from evenhand.statements.wordlists import Form, rows_by, word_list


@dataclass(slots=True)
class Aid:
    """Hold a sentence's letters, its amounts by their first token, and where it stands in the row."""

    letters: str
    first: int
    last: int
    row: Tokens
    one: Attribution
    amounts: dict[int, tuple[int, Amount]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    verbs: dict[int, Form] = field(default_factory=dict)

    def start(self, place: int) -> int:
        """Return the offset at which a token begins."""
        return self.row.starts[self.first + place]

    def end(self, place: int) -> int:
        """Return the offset at which a token ends."""
        return self.row.ends[self.first + place]


@cache
def _resources() -> dict[str, str]:
    """Return the letter of each noun of the table: L what is given, W who gets it."""
    return {word: "W" if row["kind"] == "receiver" else "L" for word, row in rows_by("resources", "word").items()}


@cache
def _telling() -> frozenset[str]:
    """Return every word that can have a letter of its own."""
    tables = (
        WITHHELD
        | DETERMINERS
        | PRONOUNS
        | NEED_NOUNS
        | PROMISE_NOUNS
        | PROMISING
        | ASKING
        | triggers()
        | {"government", "authorities", *AS_WELL_AS, "since", "how"}
    )
    return tables | {word for pair in TWO_WORDS for word in pair.split()} | set(WORDS)


@cache
def triggers() -> frozenset[str]:
    """Return the words without which no sentence speaks of assistance, so that most are passed over at once."""
    nouns = {word.split()[0] for word, row in rows_by("resources", "word").items()}
    return frozenset(
        nouns
        | set(giving_forms())
        | NEED_NOUNS
        | ASKED_MONEY
        | {"short", "require", "needed", "lack", "appealed", "appealing", "requiring"}
    )


def read_aid(row: Tokens, first: int, last: int, one: Attribution) -> Aid | None:
    """Return a sentence's letters, or None where nothing in it can be assistance."""
    words = [word.lower() for word in row.words[first:last]]
    if not triggers().intersection(words):
        return None
    aid = Aid("", first, last, row, one, words=words)
    _amounts(aid)
    letters: list[str] = []
    skip_until = 0
    telling, codes, verbs = _telling(), row.codes[first:last], one.clause.verbs
    for place, word in enumerate(words):
        if place < skip_until:
            letters.append("_")
            continue
        if place in aid.amounts:
            skip_until = aid.amounts[place][0]
            letters.append("Q")
            continue
        if word not in telling and place not in verbs:
            code = codes[place]
            letters.append(
                code
                if code in PASSED_ON
                else "C"
                if code in "CFIDg" and row.words[first + place][:1].isupper()
                else "w"
            )
            continue
        simple = SIMPLE.get(word)
        if simple and codes[place] not in NEVER_SIMPLE and words[place + 1 : place + 2] != ["-"]:
            letters.append(simple)
            continue
        letters.append(_letter(aid, place, word, letters))
        if letters[-1] in "EeU" and place in aid.verbs:
            skip_until = place + len(aid.verbs[place].verb.split())
    aid.letters = "".join(letters)
    return aid


DIGIT = re.compile(r"\d")


def _amounts(aid: Aid) -> None:
    starts = aid.row.starts[aid.first : aid.last]
    if not starts or not (
        DIGIT.search(aid.row.plain, starts[0], aid.row.ends[aid.last - 1]) or not NUMBER_WORDS.isdisjoint(aid.words)
    ):
        return
    for amount in find_amounts(aid.row.plain, starts[0], aid.row.ends[aid.last - 1]):
        begin = bisect_left(starts, amount.start)
        if begin < len(starts) and aid.row.codes[aid.first + begin] in ("PNG" if amount.currency else "PNGTSA"):
            continue
        if begin < len(starts) and starts[begin] == amount.start:
            aid.amounts[begin] = (max(begin + 1, bisect_left(starts, amount.end)), amount)


def _letter(aid: Aid, place: int, word: str, before: list[str]) -> str:
    code = aid.row.codes[aid.first + place]
    if code in PASSED_ON:
        return code
    if code == "M":
        return "w"
    if word in AS_WELL_AS and _is_as_well_as(aid.words, place):
        return "&"
    if word == "since" and aid.words[place + 1 : place + 2] and aid.words[place + 1] in BECAUSE:
        return "k"
    if word == "how" and before and before[-1] == "V" and aid.words[place + 1 : place + 2] != ["to"]:
        return "c"
    if word == "so" and aid.words[place + 1 : place + 2] == ["far"]:
        return "w"
    if word == "as" and aid.words[place + 1 : place + 2] and aid.words[place + 1] in AS_WHAT:
        return "w"
    if word in WORDS and aid.words[place + 1 : place + 2] != ["-"]:
        return WORDS[word]
    if word == "not" and aid.words[place + 1 : place + 2] in (["only"], ["just"], ["merely"]):
        return "w"
    if word in WITHHELD and not (word in ("cancelled", "canceled") and form_at(aid, place, word)):
        return "Z"
    if word in DETERMINERS:
        return "t"
    if word in PRONOUNS:
        return "R"
    second = SECOND_WORDS.get(word)
    if second and place + 1 < len(aid.words) and aid.words[place + 1] in second:
        return "L"
    if before and before[-1] == "L" and word in SECOND_WORDS.get(aid.words[place - 1], ()):
        return "L"
    if _is_compound(aid, place, word):
        return "w"
    if word == "budget" and not {"support", "aid", "assistance"}.intersection(aid.words[place + 1 : place + 2]):
        return "w"  # a budget is approved, not given
    if word == "support" and aid.words[place - 1 : place] == ["in"] and place:
        return "w"
    as_noun = word in NOUN_OR_VERB and _stands_as_noun(aid, place, before)
    form = None if as_noun or (code in "CFg" and place) else form_at(aid, place, word)
    if (
        form is not None
        and "participle" in form.tenses
        and before[-2:] == ["t", "w"]
        and aid.words[place - 1].endswith("ly")
        and _resources().get((aid.words[place + 1 : place + 2] or [""])[0])
    ):
        form = None  # "the newly announced aid"
    if form is not None and not (word in _resources() and _stands_as_noun(aid, place, before)):
        aid.verbs[place] = form
        needs = rows_by("giving", "verb")[form.verb]["needs"]
        if "gerund" in form.tenses:
            return "e"
        if needs == "receiver":
            return "U"
        return "E"
    if (
        code in "gyb"
        and word in ("government", "authorities")
        and not BODIES.intersection(aid.words[place + 1 : place + 2])
    ):
        return "S"
    letter = _resources().get(word)
    named = place > 0 and code in "CFg" and aid.row.words[aid.first + place][:1].isupper()
    if letter and named and before and before[-1] == "C":
        return "C"  # Lancaster House, the Emergency Fund
    if letter:
        return letter
    if word in NEED_NOUNS:
        return "D" if _stands_as_noun(aid, place, before) else "J"
    if word in PROMISE_NOUNS and not (before and before[-1] in "uR2"):
        return "O"
    if (
        word in ("needed", "required")
        and before
        and before[-1] in "w&ot,fx"
        and "b" not in before[-3:]
        and not (before[-1] == "w" and len(before) > 1 and before[-2] in "SGRPNW")
    ):
        return "w"
    if word == "short":
        return "J" if aid.words[place + 1 : place + 2] == ["of"] and "b" in before[-3:] else "w"
    if word in ASKING and not (word in ("call", "calls", "hope") and aid.words[place + 1 : place + 2] == ["of"]):
        return "J"
    if word in PROMISING:
        return "M"
    verb = aid.one.clause.verbs.get(place)
    if verb and word in ("state", "states") and aid.row.words[aid.first + place][:1].isupper() and place:
        return "w"  # "the Party, State and people"
    if verb and before and before[-1] == "u":
        return "w"
    if verb:
        return "v" if aid.one.clause.letters[place] == "v" else "V"
    return "C" if code in "CFIDg" and aid.row.words[aid.first + place][:1].isupper() else "w"


BODIES = frozenset({"organisation", "organisations", "organization", "organizations"})
"""What "government" only describes: non-government organisations."""
AT_PAINS = frozenset({"utmost", "best", "ready", "everything", "efforts", "willing", "able", "hard"})
AS_WELL_AS = ("as", "well")
ASKED_MONEY = frozenset({"seeks", "seek", "seeking", "sought", "requires", "required", "requested", "lacks", "lacked"})
AS_WHAT = frozenset({"a", "an", "part", "many", "much", "soon", "of"})
BECAUSE = frozenset(
    word_list("he she it they we there some many most people families more our his her their no only nobody everything")
)
"""What follows "since" where it tells a reason rather than a time."""


GATHERINGS = frozenset(
    word_list(
        "conference conferences meeting meetings event events round rounds process ceremony agency agencies organisation organization "
        "country countries nations partner partners plan states body bodies"
    )
)
"""What a gerund before it only describes: a pledging conference, donating countries."""


COMPANIES = frozenset(
    word_list(
        "department lines line company companies costs cost capacity power firm firms sector industry data routes route rate rates lanes"
    )
)
"""What a gerund of carrying or giving before it belongs to: the shipping department, lending rates."""


def _is_compound(aid: Aid, place: int, word: str) -> bool:
    """Say whether a word only belongs to a compound: "well-established", "a pledging conference", "as well"."""
    if word == "well":
        return aid.words[place - 1 : place] not in (["a"], ["the"], ["water"], ["deep"], ["new"], ["this"])
    if word.endswith("ing"):
        following = aid.words[place + 1 : place + 2]
        return bool(following) and (
            following[0] in GATHERINGS or (following[0] in COMPANIES and aid.words[place - 1 : place] != ["by"])
        )
    return place > 1 and aid.words[place - 1] == "-" and aid.row.codes[aid.first + place - 2] not in "SAGC"


def _is_as_well_as(words: list[str], place: int) -> bool:
    """Say whether a word belongs to "as well as", which joins like "and"."""
    return any(words[begin : begin + 3] == ["as", "well", "as"] for begin in range(max(0, place - 2), place + 1))


def _stands_as_noun(aid: Aid, place: int, before: list[str]) -> bool:
    """Say whether a word such as "support" is the thing rather than the deed, by its neighbours."""
    if not before:
        return True
    previous, word = before[-1], aid.words[place - 1]
    if aid.words[place] in ("funding", "financing") and previous in "SGA'":
        return True  # "U.S. funding to address drought"
    following = aid.words[place + 1] if place + 1 < len(aid.words) else "."
    if word == "support" and aid.words[place - 1] == "in":
        return False
    if previous in "tofAQLD'yxpF" or (
        previous == "'" or word in ("humanitarian", "financial", "medical", "urgent", "emergency", "generous", "relief")
    ):
        return True
    if previous == "w" and before[-2:-1] and before[-2] in "oQ_" and not word.endswith("ly"):
        return True  # "30 tons of temporary shelters"
    if previous == "S" and len(before) > 2 and before[-2] == "t" and before[-3] in "fFyx":
        return True  # "thanked him for the U.S. support"
    if previous == "2" and aid.words[place - 2 : place - 1] and aid.words[place - 2] in AT_PAINS:
        return False  # "will do its utmost to help"
    if previous in "uRPNGS2i" or (previous == "w" and word.endswith("ly")):
        return previous == "2" and following in ("to", "for", "from", ".")
    if previous in 'ck"&' and _resources().get(following):
        return True  # "that shelter tools had been shipped"
    if previous == "&":
        return following in ("to", "for", "from", ".", ",", "of", "in")
    if previous in "EeUVv":
        return True
    return following in (
        "to",
        "for",
        "from",
        ".",
        ",",
        "of",
        "in",
        "and",
        "was",
        "is",
        "were",
        "has",
        "have",
    ) or word.endswith(("ic", "al", "ive", "ous", "ed", "saving"))


def unit_of(word: str) -> str:
    """Return the singular unit of a counted thing's word."""
    return singular(word)

"""A sentence as letters once more, this time for assistance: verbs of giving, things given, amounts, parties, limits of clauses.

Called by `claims`. The letters say only what a word can be; which of them make a claim is decided there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache

from evenhand.statements.attributed import Attribution
from evenhand.statements.quantities import NUMBER_WORDS, Amount, find_amounts, singular
from evenhand.statements.tokens import Tokens
from evenhand.statements.wordlists import Form, Tense, read_table, rows_by, verb_forms, word_list

LETTERS = """
E gave, donated   e giving   U supports, helped (a verb with a receiver)   Q an amount   L a thing given   W people, countries
P N G S A T parties, as in tokens   R he, she, it, they, we   V said   v saying   b h u be, have, modal   c that   i which   k but, while, as
y by   o of   f for   2 to   p in, at, into, near   F from   t the, a, its   & , . " : ;   Z not, declined, suspended   D appeal, need
O commitment, decision, resolve, readiness   M promising verbs before "to": decided, intends, ready   J asking verbs   w any other word
"""
WITHHELD = frozenset(
    word_list(
        "not never no without declined refused suspended cancelled canceled halted withheld withdrew withdrawn blocked frozen stopped failed yet nor "
        "rejected postponed delayed cut declines refuses suspends neither n't unable instead"
    )
)
NEED_NOUNS = frozenset(
    word_list("appeal appeals need needs request requests requirement requirements shortfall shortage gap")
)
PROMISE_NOUNS = frozenset(
    word_list("intent commitment decision resolve readiness willingness intention pledge promise determination offer")
)
PROMISING = frozenset(
    word_list("""decided decides intends intended intend ready willing prepared determined plans planned committed pledged promised pledges promises vowed agreed
    undertook undertakes wants wishes set due expected aims resolved keep continue offered offers announced""")
)
ASKING = frozenset(
    word_list(
        "ask urge call hope asked asks urged urges called calls appealed appeals invited invites requested requests encouraged encourages hopes hoped hope "
        "demanded need needs needed needing seeks sought implored begged appealing asking requesting seeking calling pleaded pleads require requires required lack lacks lacked lacking short"
    )
)
PASSED_ON = frozenset("PNGSAT,.\":;()'")
PRONOUNS = frozenset(word_list("he she it they we i"))
DETERMINERS = frozenset(
    word_list("the a an its their his her our this that these those some any all more further another additional")
)
_WORDS = {
    "that": "c", "which": "i", "who": "i", "whom": "i", "where": "i", "by": "y", "of": "o", "for": "f", "to": "2", "in": "p", "at": "p",
    "into": "p", "near": "p", "around": "p", "across": "p", "inside": "p", "throughout": "p", "from": "F", "but": "k", "while": "k", "as": "k", "whereas": "k",
    "because": "k", "although": "k", "though": "k", "so": "k", "if": "k", "when": "k", "since": "w", "unless": "k", "pending": "k", "and": "&", "or": "&",
    "is": "b", "are": "b", "was": "b", "were": "b", "been": "b", "be": "b", "being": "b", "has": "h", "have": "h", "had": "h", "having": "h",
    "will": "u", "would": "u", "shall": "u", "can": "u", "could": "u", "may": "u", "might": "u", "must": "u", "should": "u", "until": "k",
    "whose": "i", "with": "x",
}  # fmt: skip
NOUN_OR_VERB = frozenset(
    word_list(
        "hand back support help aid supply supplies fund funds finance grant grants present gift ship train drill offer release pledge promise commit host order shelter "
        "contribution transfer treat feed rescue reach aids supports helps need needs"
    )
)
TWO_WORDS = frozenset(row["word"] for row in read_table("resources") if row["word"].count(" ") == 1)


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
def _giving() -> dict[str, tuple[tuple[str, Form], ...]]:
    found: dict[str, list[tuple[str, Form]]] = {}
    for form, entry in verb_forms("giving").items():
        found.setdefault(form.split(" ", 1)[0], []).append((form, entry))
    return {word: tuple(sorted(forms, key=lambda one: -len(one[0]))) for word, forms in found.items()}


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
    return tables | {pair.split()[0] for pair in TWO_WORDS} | set(_WORDS)


@cache
def triggers() -> frozenset[str]:
    """Return the words without which no sentence speaks of assistance, so that most are passed over at once."""
    nouns = {word.split()[0] for word, row in rows_by("resources", "word").items()}
    return frozenset(nouns | set(_giving()) | NEED_NOUNS | ASKED_MONEY)


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
    if word in _WORDS and aid.words[place + 1 : place + 2] != ["-"]:
        return _WORDS[word]
    if word in WITHHELD:
        return "Z"
    if word in DETERMINERS:
        return "t"
    if word in PRONOUNS:
        return "R"
    pair = f"{word} {aid.words[place + 1]}" if place + 1 < len(aid.words) else ""
    if pair in TWO_WORDS:
        return "L"
    if _is_compound(aid, place, word):
        return "w"
    if word == "budget" and not {"support", "aid", "assistance"}.intersection(aid.words[place + 1 : place + 2]):
        return "w"  # a budget is approved, not given
    if word == "support" and aid.words[place - 1 : place] == ["in"] and place:
        return "w"
    as_noun = word in NOUN_OR_VERB and _stands_as_noun(aid, place, before)
    form = None if as_noun or (code in "CFg" and place) else _form(aid, place, word)
    if form is not None and not (word in _resources() and _stands_as_noun(aid, place, before)):
        aid.verbs[place] = form
        needs = rows_by("giving", "verb")[form.verb]["needs"]
        if "gerund" in form.tenses:
            return "e"
        if needs == "receiver":
            return "U"
        return "E"
    if code in "gyb" and word in ("government", "authorities"):
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
    if word in ("needed", "required") and before and before[-1] in "w&ot,fx" and "b" not in before[-3:]:
        return "w"
    if word == "short":
        return "J" if aid.words[place + 1 : place + 2] == ["of"] and "b" in before[-3:] else "w"
    if word in ASKING and not (word in ("call", "calls", "hope") and aid.words[place + 1 : place + 2] == ["of"]):
        return "J"
    if word in PROMISING:
        return "M"
    verb = aid.one.clause.verbs.get(place)
    if verb and before and before[-1] == "u":
        return "w"
    if verb:
        return "v" if aid.one.clause.letters[place] == "v" else "V"
    return "C" if code in "CFIDg" and aid.row.words[aid.first + place][:1].isupper() else "w"


AS_WELL_AS = ("as", "well")
ASKED_MONEY = frozenset({"seeks", "seek", "seeking", "sought", "requires", "required", "requested", "lacks", "lacked"})
GIFTS = frozenset({"donation", "donations", "gift", "grant", "pledge", "pledges"})
PAID = frozenset({"financial", "voluntary", "humanitarian", "cash", "annual"})
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


def _is_compound(aid: Aid, place: int, word: str) -> bool:
    """Say whether a word only belongs to a compound: "well-established", "a pledging conference", "as well"."""
    if word == "well":
        return aid.words[place - 1 : place] not in (["a"], ["the"], ["water"], ["deep"], ["new"], ["this"])
    if word.endswith("ing"):
        return aid.words[place + 1 : place + 2] != [] and aid.words[place + 1] in GATHERINGS
    return place > 1 and aid.words[place - 1] == "-" and aid.row.codes[aid.first + place - 2] not in "SAGC"


def _is_as_well_as(words: list[str], place: int) -> bool:
    """Say whether a word belongs to "as well as", which joins like "and"."""
    return any(words[begin : begin + 3] == ["as", "well", "as"] for begin in range(max(0, place - 2), place + 1))


def _form(aid: Aid, place: int, word: str) -> Form | None:
    for form, entry in _giving().get(word, ()):
        parts = form.split()
        if aid.words[place : place + len(parts)] == parts and _holds(aid, place, place + len(parts), entry.verb):
            return entry
    if word in COMING and _comes_to_help(aid, place):
        return Form("assist", COMING[word])
    return None


COMING: dict[str, frozenset[Tense]] = {
    "come": frozenset({"base", "participle"}),
    "comes": frozenset({"present"}),
    "came": frozenset({"past"}),
    "coming": frozenset({"gerund"}),
}
NEXT = {
    "come": ("from",),
    "go": ("to", "towards"),
    "head": ("to", "for", "towards"),
    "sail": ("to", "for", "from", "with"),
}
PLAIN_FORMS = frozenset({"land", "head", "leave", "sail", "leaves", "lands", "heads"})
"""Forms that are nouns, or that no report of a delivery uses."""


CARRIED = {
    "move": frozenset({"to", "into"}),
    "collect": frozenset({"for", "to"}),
    "raise": frozenset({"for", "to"}),
    "put": frozenset({"towards", "toward", "into"}),
}
"""What must stand behind a verb that tells of aid only then: "moved 120 tons of food to", "put $10 million towards"."""
MOVED_ABOUT = frozenset({"move", "collect"})
NOT_BROUGHT = frozenset({"within", "together", "closer", "about", "end", "halt", "justice", "attention"})
"""What is brought about, together or within reach is no aid."""
OWNERS = frozenset({"our", "its", "their", "his", "her", "my", "your"})
HELPED = frozenset({"aid", "rescue", "help", "assistance"})


def _is_thing_next(aid: Aid, after: int) -> bool:
    """Say whether goods stand right behind a verb, so that "moved 300 families" is none."""
    for at in range(after, min(len(aid.words), after + 7)):
        row = rows_by("resources", "word").get(aid.words[at])
        if row is not None and row["kind"] == "unit" and aid.words[at + 1 : at + 2] == ["of"]:
            continue  # "20 boxes of files"
        if (
            row is not None
            and row["kind"] == "aid"
            and rows_by("resources", "word").get(aid.words[at + 1 : at + 2][0] if aid.words[at + 1 :] else "")
        ):
            continue  # of "relief items" and "aid workers" the last word counts
        if row is not None:
            return row["kind"] in ("goods", "unit", "aid")
        if aid.words[at] in _WORDS and aid.words[at] != "of" and at not in aid.amounts:
            return False
    return False


def _comes_to_help(aid: Aid, place: int) -> bool:
    """Say whether "come" means help: "came to Tonga's help", "had come to our rescue"."""
    behind = aid.words[place + 1 : place + 7]
    if behind[:1] != ["to"]:
        return False
    at = next((number for number, word in enumerate(behind) if word in HELPED), 0)
    return at > 1 and (behind[at - 1] in OWNERS or any(word[0] in "'’" for word in behind[:at]))


def _holds(aid: Aid, place: int, after: int, verb: str) -> bool:
    """Say whether a verb of moving or adding stands with what makes it one of giving."""
    needs = rows_by("giving", "verb")[verb]["needs"]
    near = aid.words[after : after + 10]
    if verb in CARRIED and not CARRIED[verb].intersection(near):
        return False
    if verb in MOVED_ABOUT:
        return _is_thing_next(aid, after)
    if verb in ("raise", "put"):
        return any(at in aid.amounts and aid.amounts[at][1].currency for at in range(after, after + 4))
    if verb == "bring":
        return not NOT_BROUGHT.intersection(near) or any(at in aid.amounts for at in range(after, after + 4))
    if needs == "moved":
        to_come = aid.words[place - 1 : place] in (["to"], ["will"], ["would"], ["shall"])
        return (to_come or aid.words[place] not in PLAIN_FORMS) and (
            verb not in NEXT or (after < len(aid.words) and aid.words[after] in NEXT[verb])
        )
    if needs == "made":
        near = aid.words[after : after + 4]
        if "available" in aid.words[after : after + 9] and any(at in aid.amounts for at in range(after, after + 6)):
            return True  # "is making 10 million euros available"
        return any(word in GIFTS for word in near) or bool(
            PAID.intersection(near) and {"contribution", "contributions"}.intersection(near)
        )
    if needs in ("added", "raised"):
        places = range(after, min(len(aid.words), after + 4))
        if needs == "added" and any(at in aid.amounts and aid.amounts[at][1].currency for at in places):
            return True
        return any(rows_by("resources", "word").get(aid.words[at], {}).get("kind") == "aid" for at in places)
    return True


def _stands_as_noun(aid: Aid, place: int, before: list[str]) -> bool:
    """Say whether a word such as "support" is the thing rather than the deed, by its neighbours."""
    if not before:
        return True
    previous, word = before[-1], aid.words[place - 1]
    following = aid.words[place + 1] if place + 1 < len(aid.words) else "."
    if word == "support" and aid.words[place - 1] == "in":
        return False
    if previous in "tofAQLD'yxpF" or (
        previous == "'" or word in ("humanitarian", "financial", "medical", "urgent", "emergency", "generous", "relief")
    ):
        return True
    if previous == "S" and len(before) > 2 and before[-2] == "t" and before[-3] in "fFyx":
        return True  # "thanked him for the U.S. support"
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
    ) or word.endswith(("ic", "al", "ive", "ous", "ed"))


def unit_of(word: str) -> str:
    """Return the singular unit of a counted thing's word."""
    return singular(word)

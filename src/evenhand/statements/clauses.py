"""A sentence as a second row of letters: who could be speaking, verbs of saying, passives, joins.

Called by `attribution` and `acts`. Made from the letters of `tokens`, with the verbs put in. See `LETTERS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from evenhand.statements.days import MONTHS
from evenhand.statements.tokens import Tokens
from evenhand.statements.verb_phrases import CITED, MAY_SAY, verb_by_neighbours
from evenhand.statements.wordlists import Form, verb_forms, word_list, words_after

LETTERS = """
P N G S as in tokens   R he, she   J they, the sides, both   V says or said   v saying   K said after "was" (also V where the form allows)
X discussed (done by the sides together)   b is, was, been   h has, had   a also, -ly, further   c that   i who, which   k but, while, as
y by, l according to   u modal (will, would)   z not
"""
JOINT_NOUNS = frozenset(word_list("sides parties interlocutors counterparts participants attendees"))
JOINT_PAIRS = frozenset(
    word_list("ministers leaders presidents officials delegations heads statesmen diplomats men women countries")
)
HOST_AND_GUEST = frozenset({"host and guest", "the host and guest", "host and guests", "the host and the guest"})
PLURAL_OFFICES = frozenset(
    word_list("president minister leader secretary director ambassador official diplomat premier")
)
ADVERBS = frozenset(
    word_list(
        "very also further then again once here too both sincerely furthermore likewise first finally later earlier once now again today separately "
        "jointly additionally once there moreover thus therefore meanwhile still always never just already"
    )
)
PASSED = frozenset(word_list("has have had is"))
BE = frozenset(word_list("is was were are been be being"))
HAVE = frozenset(word_list("has have had having"))
RELATIVE = frozenset(word_list("who which whom whose where"))
DOCUMENTS = frozenset(
    word_list("statement communique communiqué release declaration readout note message letter report tweet post")
)
TURNS = frozenset({"for", "in", "on", "from", "by"})
WHOSE = frozenset({"his", "her", "its", "their"})
REMARKS = frozenset(
    word_list("remarks address speech statement message comments intervention presentation contribution")
)
OPENING = frozenset(word_list("opening closing keynote welcome welcoming brief own reciprocal concluding"))
TURNING = WHOSE | {"turn", "response", "reply"}
OPENS_CLAUSE = frozenset({",", '"', ";", "but", "and"})
"""What stands before an "it" that says something, rather than being spoken of: "are needed, it said"."""
GATHERINGS = frozenset(word_list("meeting conference summit participants delegates attendees assembly forum gathering"))
OF_A_KIND = frozenset(
    word_list("prime foreign defence defense finance deputy health trade interior vice economy senior")
)
"""Words between "the" and an office in the plural whose holders speak together: "the prime ministers welcomed"."""
SEVERAL = frozenset(word_list("two three four five six seven eight nine ten both"))
SEVERAL_BODIES = frozenset(
    word_list(
        "agencies organisations organizations bodies governments states nations ministries companies charities groups funds institutions NGOs unions banks"
    )
)
"""Nouns for bodies that, counted, speak together."""
MODAL = frozenset(word_list("will would shall should can could may might must did do does"))
AUXILIARIES = HAVE | BE | MODAL
LEADING = frozenset(
    word_list("but while whereas although though because if when since after before until as unless so")
)


@dataclass(slots=True)
class Clause:
    """Hold a sentence's letters, and the verb behind each V, v, K and X by its place."""

    letters: str
    verbs: dict[int, str]
    first: int


@cache
def _saying() -> dict[str, tuple[tuple[str, Form], ...]]:
    """Return the forms of verbs of saying by their first word, the longest first."""
    found: dict[str, list[tuple[str, Form]]] = {}
    for form, entry in verb_forms("saying").items():
        found.setdefault(form.split(" ", 1)[0], []).append((form, entry))
    return {word: tuple(sorted(forms, key=lambda one: -len(one[0]))) for word, forms in found.items()}


@cache
def _joint() -> dict[str, tuple[tuple[str, Form], ...]]:
    found: dict[str, list[tuple[str, Form]]] = {}
    for form, entry in verb_forms("joint").items():
        found.setdefault(form.split(" ", 1)[0], []).append((form, entry))
    return {word: tuple(sorted(forms, key=lambda one: -len(one[0]))) for word, forms in found.items()}


def letters_of(row: Tokens, first: int, last: int) -> Clause:
    """Return the second row of letters of a sentence.

    Examples
    --------
    >>> from evenhand.statements.tokens import tokenise
    >>> row = tokenise("She also said that it was noted.")
    >>> letters_of(row, 0, len(row.words)).letters
    'RaVcwbK.'
    """
    letters: list[str] = []
    verbs: dict[int, str] = {}
    words = [word.lower() for word in row.words[first:last]]
    saying, joint = _saying(), _joint()
    ahead = [*words[1:], ""]
    skip, skipped = 0, "w"
    for place, word in enumerate(words):
        code = row.codes[first + place]
        if skip:
            skip -= 1
            letters.append(skipped)
            continue
        if ahead[place] in TURNING and word in TURNS and (long := _turn(words, place)):
            letters.append("a")
            skip, skipped = long - 1, "a"
            continue
        if word in TIME_HEADS and (long := _time(words, row.codes, first, place)):
            letters.append("a")
            skip, skipped = long - 1, "a"
            continue
        if word == "words" and (whose := _in_words(words, place)):
            letters[place - 2 :] = ["l", whose, "w"]
            continue
        if word == "heads" and ahead[place] == "of" and words[place - 1 : place] in (["two"], ["both"]):
            letters.append("J")
            skip, skipped = 2, "a"
            continue
        if code == "N" and word.startswith(("the heads of ", "heads of ")):
            letters.append("J")
            continue
        plural = code == "N" and word.endswith("s") and word.split()[-1].rstrip("s") in PLURAL_OFFICES
        if plural and (word.split()[0] in ("the", "both") or words[place - 1 : place] in (["two"], ["both"])):
            letters.append("J")
            continue
        group = place > 1 and words[place - 2] == "the" and row.codes[first + place - 1] in "CG"
        if group and word in ("leaders", "ministers") and (ahead[place] in joint or ahead[place] == "agreed"):
            letters.append("J")  # "the Quad leaders agreed"
            continue
        if code == "N" and word in HOST_AND_GUEST:
            letters.append("J")
            continue
        if code == "H" and words[place - 1 : place] in (["his"], ["her"]):
            letters.append("R")  # "His Excellency underlined"
            continue
        if code == "H" and word == "he":
            letters.append("w")  # "HE the Secretary-General": a style
            continue
        if code in 'PNGS,."():;-':
            letters.append(code)
            continue
        if code in "&'":
            letters.append(code)
            continue
        letter = _SIMPLE.get(word) or (_plain_letter(word, words, place) if word in _SPECIAL else "")
        if letter:
            letters.append(letter)
            continue
        counted = word in SEVERAL_BODIES and (
            words[place - 1 : place] == ["the"] or SEVERAL & set(words[max(0, place - 3) : place])
        )
        if counted and _goes_on_to_say(words, place):
            letters.append("J")  # "three UN agencies warned"
            continue
        if (
            place > 1
            and words[place - 1] == "two"
            and words[place - 2] == "the"
            and word[-1] == "s"
            and word not in saying
        ):
            letters.append("J" if _goes_on_to_say(words, place) else "w")
            continue
        if (word not in saying and word not in joint) or (word in CITED and ahead[place] == "as"):
            beside = word in MAY_SAY or ahead[place] == "that"
            verb = verb_by_neighbours(word, words, place, letters) if beside else ""
            letters.append("V" if verb else "a" if word.endswith("ly") and len(word) > 4 else "w")
            if verb:
                verbs[place] = verb
            continue
        found = _verb(saying.get(word), words, place)
        if (
            found
            and found[1].verb in words_after()
            and not set(words[place + len(found[0].split()) : place + len(found[0].split()) + 2])
            & words_after()[found[1].verb]
        ):
            found = _second(saying.get(word), words, place, found)
        together = _verb(joint.get(word), words, place)
        chosen = found or together
        verb = "" if chosen else verb_by_neighbours(word, words, place, letters)
        if verb:
            letters.append("V")
            verbs[place] = verb
            continue
        if chosen is None or row.codes[first + place] == "M":
            letters.append("a" if word.endswith("ly") and len(word) > 4 else "w")
            continue
        form, entry = chosen
        behind = words[place + len(form.split()) : place + len(form.split()) + 1]
        if not entry.tenses & {"past", "participle", "gerund"} and behind and behind[0] in AUXILIARIES:
            letters.append("w")  # "volunteers have rescued": a noun
            continue
        letters.append(_tense(entry, letters, joint=found is None))
        verbs[place] = entry.verb
        skip, skipped = len(form.split()) - 1, "w"
    return Clause("".join(letters), verbs, first)


def _time(words: list[str], codes: str, first: int, place: int) -> int:
    """Return how many words say when somebody speaks, "on Tuesday", "late last night", "earlier this week"; 0 for none."""
    at = place
    while at < len(words) and words[at] in TIME_HEADS and at - place < MOST_TIME_WORDS:
        at += 1
    if at >= len(words):
        return 0
    if words[at] in DAY_PARTS or (
        codes[first + at] == "M" and words[at].rstrip(".") not in MONTHS and words[at] != "may"
    ):
        more = words[at + 1 : at + 2]
        return at + 1 - place + (bool(more) and more[0] in DAY_PARTS)
    return at - place if words[at - 1] == "yesterday" else 0


TIME_HEADS = frozenset(word_list("on late early last this earlier later yesterday"))
DAY_PARTS = frozenset(word_list("night morning afternoon evening week month year weekend today yesterday"))
MOST_TIME_WORDS = 3
_SIMPLE = (
    dict.fromkeys(ADVERBS - {"both"}, "a") | dict.fromkeys(LEADING, "k") | dict.fromkeys(MODAL, "u") | dict.fromkeys(RELATIVE, "i")
    | dict.fromkeys(HAVE, "h") | dict.fromkeys(BE, "b") | dict.fromkeys(JOINT_NOUNS, "J") | dict.fromkeys(("the", "a", "an"), "t")
    | dict.fromkeys(("according", "citing", "quoting"), "l")
    | {"he": "R", "she": "R", "they": "J", "that": "c", "by": "y", "not": "z"}
)  # fmt: skip
_SPECIAL = JOINT_PAIRS | GATHERINGS | DOCUMENTS | {"both", "reference", "it", "two", "her", "him", "partners", "source"}


def _plain_letter(word: str, words: list[str], place: int) -> str:
    """Return the letter of a word that depends on its neighbours, "" if it has none."""
    if word == "both":
        return "a" if words[place + 1 : place + 2] not in (["sides"], ["parties"], ["countries"]) else ""
    if word == "reference":
        return "l" if place and words[place - 1] == "with" else ""
    if word in JOINT_PAIRS and set(words[max(0, place - 2) : place]) & {"two", "both"}:
        return "J"
    if word in ("her", "him"):
        return "R" if words[max(0, place - 2) : place] == ["according", "to"] else ""
    if word == "it":
        opens = place == 0 or words[place - 1] in OPENS_CLAUSE
        return "R" if opens and _goes_on_to_say(words, place) and words[place + 1] not in BE else ""
    if word == "partners":
        opens = place == 0 or words[:place] in (["the"], ["development"], ["the", "development"], ["all"])
        return "J" if opens and _goes_on_to_say(words, place) else ""
    if word == "source":
        return "R" if words[place - 1 : place] == ["same"] and _goes_on_to_say(words, place) else ""
    if word in DOCUMENTS:
        return ("J" if words[place - 1] == "joint" else "R") if place and _goes_on_to_say(words, place) else ""
    if words[place - 1 : place] != ["the"]:
        of_a_kind = word in JOINT_PAIRS and words[max(0, place - 2) : place - 1] == ["the"]
        return "J" if of_a_kind and words[place - 1] in OF_A_KIND and _goes_on_to_say(words, place) else ""
    if word == "heads" and words[place + 1 : place + 2] == ["of"]:
        place += 2  # the heads of state, the heads of delegation
    return (
        "J" if _goes_on_to_say(words, place) else ""
    )  # "the ministers agreed", "the meeting noted", "the two discussed"


def _turn(words: list[str], place: int) -> int:
    """Return how many words say whose turn it is to speak, "for his part", "in turn"; 0 for none."""
    if words[place + 1 : place + 2] in (["turn"], ["response"], ["reply"]):
        return 2
    whose = words[place + 1 : place + 4]
    if len(whose) < 2 or whose[0] not in WHOSE:
        return 0
    if whose[1] in ("part", "turn", "side") or (words[place] == "in" and whose[1] in REMARKS):
        return 3
    return 4 if words[place] == "in" and whose[1] in OPENING and whose[2:] and whose[2] in REMARKS else 0


def _in_words(words: list[str], place: int) -> str:
    """Return the letter of whose "words" make an attribution, "in his words", "in the words of the mayor"; "" for none."""
    before = words[max(0, place - 2) : place]
    if before in (["in", "his"], ["in", "her"]):
        return "R"
    return "t" if before == ["in", "the"] and words[place + 1 : place + 2] == ["of"] else ""


def _goes_on_to_say(words: list[str], place: int) -> bool:
    """Say whether a verb of saying or discussing follows a word at once, adverbs apart."""
    following = next(
        (one for one in words[place + 1 : place + 4] if one not in ADVERBS and one not in PASSED and one != '"'), ""
    )
    return following in _joint() or following in _saying()


def _verb(forms: tuple[tuple[str, Form], ...] | None, words: list[str], place: int) -> tuple[str, Form] | None:
    """Return the longest form that stands here."""
    for form, entry in forms or ():
        parts = form.split()
        if words[place : place + len(parts)] == parts:
            return form, entry
    return None


def _second(
    forms: tuple[tuple[str, Form], ...] | None, words: list[str], place: int, tried: tuple[str, Form]
) -> tuple[str, Form] | None:
    others = tuple(one for one in forms or () if one != tried)
    found = _verb(others, words, place)
    if (
        found
        and found[1].verb in words_after()
        and not set(words[place + 1 : place + 3]) & words_after()[found[1].verb]
    ):
        return None
    return found


def _tense(entry: Form, letters: list[str], *, joint: bool) -> str:
    before = "".join(letters[-4:])
    stripped = before.rstrip("a")
    if "gerund" in entry.tenses:
        return "V" if stripped.endswith("b") and not joint else "v"  # "is appealing for"
    if stripped.endswith("b") and "participle" in entry.tenses:
        return "K"
    if entry.tenses == {"base"}:
        return (
            "w"
            if not stripped.endswith(("u", "J", "&"))
            else ("X" if joint else "V")
            if not stripped.endswith("u")
            else "w"
        )
    if entry.tenses == {"participle"}:
        return ("X" if joint else "V") if stripped.endswith("h") else "w"
    return "X" if joint else "V"

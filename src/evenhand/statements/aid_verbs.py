"""Whether a form of a verb tells of giving where it stands: "moved 120 tons of food to", but not "moved 300 families".

Called by `aid` for each word that a verb of the table has among its forms. Which thing is given, and by whom, is found later.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from evenhand.statements.aid_words import DETERMINERS, WORDS
from evenhand.statements.wordlists import Form, Tense, rows_by, verb_forms, word_list

if TYPE_CHECKING:
    from evenhand.statements.aid import Aid


@cache
def giving_forms() -> dict[str, tuple[tuple[str, Form], ...]]:
    """Return the forms of the verbs of giving by their first word, the longest first."""
    found: dict[str, list[tuple[str, Form]]] = {}
    for form, entry in verb_forms("giving").items():
        found.setdefault(form.split(" ", 1)[0], []).append((form, entry))
    return {word: tuple(sorted(forms, key=lambda one: -len(one[0]))) for word, forms in found.items()}


GIFTS = frozenset({"donation", "donations", "gift", "grant", "pledge", "pledges"})
PAID = frozenset({"financial", "voluntary", "humanitarian", "cash", "annual"})


def form_at(aid: Aid, place: int, word: str) -> Form | None:
    """Return the form of a verb of giving that begins at a token, None where it stands for something else."""
    for form, entry in giving_forms().get(word, ()):
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
PLAIN_FORMS = frozenset(
    {"follow", "follows", "followed", "following", "land", "head", "leave", "sail", "leaves", "lands", "heads"}
)
"""Forms that are nouns, or that no report of a delivery uses."""


_TO = frozenset({"to", "into"})
CARRIED = {
    "take": _TO,
    "drive": _TO,
    "cart": _TO,
    "shuttle": _TO,
    "rush": _TO,
    "forward": _TO,
    "mail": _TO,
    "assign": _TO,
    "consign": _TO,
    "cede": _TO,
    "entrust": _TO,
    "move": frozenset({"to", "into"}),
    "collect": frozenset({"for", "to"}),
    "raise": frozenset({"for", "to"}),
    "put": frozenset({"towards", "toward", "into"}),
}
"""What must stand behind a verb that tells of aid only then: "moved 120 tons of food to", "put $10 million towards"."""
MOVED_ABOUT = frozenset(
    {
        "move",
        "collect",
        "take",
        "drive",
        "cart",
        "shuttle",
        "rush",
        "forward",
        "mail",
        "assign",
        "consign",
        "cede",
        "entrust",
    }
)
CHANGED = frozenset(
    {"resume", "restart", "renew", "continue", "maintain", "sustain", "expand", "quadruple", "intensify"}
)
"""Verbs of going on: they tell of aid where aid itself goes on."""
PAYING = frozenset({"decide on", "vote", "advance", "deposit", "reimburse"})
"""Verbs that tell of aid where a sum stands right behind."""
DEBTS = frozenset({"debt", "debts", "arrears", "repayment", "repayments"})
HEALTH = frozenset(
    {"vaccine", "vaccines", "dose", "doses", "treatment", "jabs", "medicine", "medicines", "drugs", "shots"}
)
NO_DEEDS = frozenset(
    word_list(
        "second seconds post posts stock stocks bore station stations advance advances mail mails drive drives "
        "cart carts loan loans assembly"
    )
)
"""Forms of verbs of giving that are nouns far more often."""
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
        if aid.words[at] in WORDS and aid.words[at] != "of" and at not in aid.amounts:
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
    if aid.words[place] in NO_DEEDS and after == place + 1:
        return False
    if needs == "people-sent":
        return any(rows_by("resources", "word").get(word, {}).get("kind") == "people" for word in near[:6])
    if needs == "debt":
        return not DEBTS.isdisjoint(aid.words[max(0, place - 8) : after + 8])
    if verb in PAYING:
        return near[:1] != ["on"] and any(
            at in aid.amounts and aid.amounts[at][1].currency for at in range(after, after + 5)
        )
    if needs == "service":
        return any(rows_by("resources", "word").get(word, {}).get("kind") == "service" for word in near[:6])
    if verb == "administer":
        return not HEALTH.isdisjoint(aid.words[max(0, place - 7) : after + 7])
    if verb == "load":
        return aid.words[place - 1 : place] in (["been"], ["being"], ["were"], ["was"]) and near[:1] != ["with"]
    if verb == "follow" and not any(at in aid.amounts for at in range(max(0, place - 7), place)):
        return False
    if verb in ("put", "place") and "disposal" in aid.words[after : after + 15]:
        return True  # "put two of its warehouses at the disposal of the agency"
    if verb == "place":
        return False
    if verb in CARRIED and not CARRIED[verb].intersection(near):
        return False
    if verb == "take" and not _goes_to_a_name(aid, after):
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
        if "available" in aid.words[after : after + 9] and (
            any(at in aid.amounts for at in range(after, after + 6)) or _is_thing_next(aid, after)
        ):
            return True  # "is making 10 million euros available"
        return any(word in GIFTS for word in near) or bool(
            PAID.intersection(near) and {"contribution", "contributions"}.intersection(near)
        )
    if needs in ("added", "raised"):
        places = range(after, min(len(aid.words), after + 4))
        if needs == "added" and any(at in aid.amounts and aid.amounts[at][1].currency for at in places):
            return True
        if verb in CHANGED:
            return _goes_on_giving(aid, place, after)
        return any(rows_by("resources", "word").get(aid.words[at], {}).get("kind") == "aid" for at in places)
    return True


def _goes_to_a_name(aid: Aid, after: int) -> bool:
    """Say whether what is taken goes to a place or a party with a name: "took tents to Beirut", but not "take the sets to the schools"."""
    codes = aid.row.codes[aid.first + after : aid.last]
    for at, word in enumerate(aid.words[after : after + 12]):
        if word in ("to", "into") and codes[at + 1 + (codes[at + 1 : at + 2] == "t") :][:1] in tuple("SGTC"):
            return True
    return False


def _goes_on_giving(aid: Aid, place: int, after: int) -> bool:
    """Say whether what goes on is aid: "resumed its funding to", but not "its continued support" or "continues to support"."""
    if (
        aid.words[place].endswith(("ed", "ing"))
        and place
        and (
            aid.words[place - 1] in DETERMINERS
            or aid.words[place - 1] in WORDS
            or aid.row.codes[aid.first + place - 1] in "'A,"
        )
        and (
            aid.words[place - 1] not in ("and", "has", "have", "had", "was", "were", "been")
            or (
                aid.words[place - 1] == "and"
                and not aid.words[place - 2].endswith("s")
                and aid.words[place - 3 : place - 2]
                and aid.words[place - 3] in DETERMINERS
            )
        )
    ):
        return False
    for at in range(after, min(len(aid.words), after + 6)):
        if rows_by("resources", "word").get(aid.words[at], {}).get("kind") == "aid":
            return True
        if (aid.words[at] in WORDS and aid.words[at] != "and") or aid.words[at].endswith("ing"):
            return False
    return False

"""Whether a verb tells of a gift, a promise or a need: by its tense and by what governs it.

Called by `claim_verbs`.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.document import ClaimKind
from evenhand.statements.wordlists import rows_by

NEED_FOR = re.compile(r"Df[^EUVJ.;:k]{1,60}2(?:w{0,3}2)?b?w?$")
LATER_TOO = re.compile(r"u[^VEiRc;]{0,24}&U?_*$")


def read_kind(aid: Aid, verb: int, word: str, governed: str, start: int) -> ClaimKind:
    """Return whether a verb tells of a gift, a promise or a need, by its tense and what governs it."""
    letters = aid.letters
    outside = letters[max(0, start - 6) : start]
    asked = re.search(r"J[^.;:Vk]{0,12}$", governed) or (
        outside.rstrip("c").endswith("J")
        and aid.words[start - 2 if letters[start - 1] == "c" else start - 1] in ("hoped", "hopes", "hope")
    )
    if asked and not re.search(r"^[^J]*J[^2]*$", governed + "#"):
        return "needed"
    if asked and (letters[max(start, verb - 1)] == "2" or aid.words[start - 1 : start] in (["hoped"], ["that"])):
        return "needed"
    if letters[verb] == "e" and aid.words[verb - 2 : verb] in (["committed", "to"], ["dedicated", "to"]):
        return "promised"
    later = LATER_TOO.search(letters, start, verb) if letters[verb - 1 : verb] in ("&", "U") else None
    if later and "base" in aid.verbs[verb].tenses and aid.words[later.start()] in ("will", "would", "shall"):
        return "promised"  # "will flow through agencies and help provide"
    if NEED_FOR.search(letters, start, verb):
        return "needed"  # "an urgent need for assistance to be extended"
    near = [aid.words[place] for place in range(max(start, verb - 5), verb) if letters[place] == "u"]
    if near and near[-1] in ("must", "should"):
        return "needed"
    if near and near[-1] in ("will", "would", "shall"):
        return "promised"
    if aid.words[max(0, verb - 2) : verb] == ["going", "to"]:
        return "promised"
    if aid.words[verb - 1 : verb] == ["be"] and letters[verb - 2 : verb - 1] not in ("u", "2", "w"):
        return "promised"  # "instructions that a grant be paid"
    if (
        re.search(r"[MO][^.;:]{0,8}2[wa]*$", governed)
        or re.search(r"[MOV][^.;:Vk]{0,5}2w*$", governed)
        or re.search(r"b2$", governed)
    ):
        return "promised"
    offered = re.search(r"E_*2w?$", governed)
    if (
        offered
        and verb - start >= 2
        and any(
            form.verb in ("offer", "pledge", "promise", "commit", "announce")
            for at, form in aid.verbs.items()
            if verb - 4 <= at < verb
        )
    ):
        return "promised"  # "offered to treat the wounded"
    if letters[verb] == "e" and (re.search(r"u[^.;:]{0,14}$", governed) or re.search(r"M[^.;:]{0,10}$", governed)):
        return "promised"
    if rows_by("giving", "verb")[word]["kind"] == "promised":
        return "promised"
    if (
        aid.one.verb in ("agree", "pledge", "promise")
        and letters[verb] in "eEU"
        and not re.search(r"[bh]w*$", governed)
        and "participle" not in aid.verbs[verb].tenses
    ):
        return "promised"
    return "given"

"""Verbs of saying that no list can hold: "gave an assurance", "began by thanking", "ventured that".

Called by `clauses` for the words that its tables do not know. What the phrase does is that of the verb it stands for.
"""

from __future__ import annotations

from functools import cache

from evenhand.statements.wordlists import read_table, verb_forms, word_list

LIGHT = frozenset(
    form
    for verb in word_list(
        "give make provide issue deliver present pay place put lay draw raise sound launch render share show offer"
    )
    for form in (verb, f"{verb}s", f"{verb[:-1] if verb.endswith('e') else verb}ed")
) | frozenset(
    word_list(
        "gave given made paid put laid drew drawn shed sheds threw throws cast transmit transmits transmitted sent sends brought brings"
    )
)
"""Verbs that say nothing without their noun: "gave an assurance", "made a plea", "paid tribute"."""
BEGINS = frozenset(
    word_list(
        "began begins begin started starts opened opens concluded concludes ended ends closed closes finished continued"
    )
)
"""Verbs before "by" and what somebody says: "began by thanking", "concluded by saying"."""
CITED = frozenset({"quoted", "cited"})
SAYING = (["saying"], ["stating"], ["telling"], ["adding"], ["noting"])
"""Gerunds behind "was quoted as": whoever is quoted says it."""
HIDING = frozenset({"hide", "conceal", "disguise", "mask"})
"""Verbs that say something only where they are denied: "did not hide his anger"."""
NAMING = frozenset(word_list("termed dubbed labelled labeled branded characterised characterized"))
OCCASIONS = (["visit"], ["visits"], ["call"], ["calls"], ["trip"], ["meeting"])
"""What makes the noun of saying before it a description: "paid a sympathy visit"."""
BETWEEN = frozenset(
    word_list(
        "a an the his her its their our my some any further more another every due full special particular great high clear firm solemn strong new short brief"
    )
)
MAY_SAY = LIGHT | BEGINS | NAMING | HIDING | CITED | {"full"}
"""Words that can become verbs of saying by what stands beside them."""


@cache
def _speech_nouns() -> dict[str, str]:
    """Return the nouns that make a light verb one of saying, and the verb that it then stands for."""
    return {row["noun"]: row["verb"] for row in read_table("speech_nouns")}


def verb_by_neighbours(word: str, words: list[str], place: int, letters: list[str]) -> str:
    """Return the verb of saying that a word is by what stands beside it, "" for none.

    "gave an assurance" and "made a plea" by the noun, "began by thanking" by the gerund, and any verb at all between a
    person and "that": "the envoy ventured that".
    """
    if word in BEGINS and words[place + 1 : place + 2] == ["by"]:
        form = verb_forms("saying").get("".join(words[place + 2 : place + 3]))
        return form.verb if form and "gerund" in form.tenses else ""
    if word in CITED:
        return "say" if words[place + 1 : place + 2] == ["as"] and words[place + 2 : place + 3] in SAYING else ""
    if word in HIDING and letters[-1:] == ["z"]:
        felt = [one for one in words[place + 1 : place + 5] if one in _speech_nouns()]
        return _speech_nouns()[felt[0]] if felt else "voice"
    if word in ("drew", "draws", "draw") and "attention" in words[place + 1 : place + 6]:
        return "note"
    if word in ("made", "makes") and words[place + 1 : place + 4] == ["no", "secret", "of"]:
        felt = [one for one in words[place + 4 : place + 7] if one in _speech_nouns()]
        return _speech_nouns()[felt[0]] if felt else "voice"
    if word in NAMING:
        return "describe"
    if word == "full" and words[place + 1 : place + 3] == ["of", "praise"]:
        return "praise"
    if word in LIGHT and letters[-1:] not in (["b"], ["y"]):
        described = False  # one adjective that no list knows may stand behind "a": "made a passionate plea"
        for at, following in enumerate(words[place + 1 : place + 6], start=place + 1):
            if following in _speech_nouns() and words[at + 1 : at + 2] not in OCCASIONS:
                return _speech_nouns()[following]
            if following in BETWEEN or following.endswith("ly"):
                continue
            if described or words[at - 1] not in BETWEEN or not following.isalpha():
                break
            described = True
    if words[place + 1 : place + 2] == ["that"] and word.endswith(("ed", "es", "ts", "ns")):
        before = "".join(letters[-3:]).rstrip("ah")
        if before[-1:] in ("P", "N", "R"):
            return word
    return ""

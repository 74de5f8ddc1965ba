"""Claims of verbs: "has sent 20 tents", "would keep supporting", "the land it has provided".

Called by `claims`. What is refused or has not arrived is no claim; the tense and what governs the verb say whether it is given, promised or needed.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.claim_draft import AID_KIND, THANKING, TIMES, Draft, ruling_verb
from evenhand.statements.claim_givers import find_giver
from evenhand.statements.claim_kinds import read_kind
from evenhand.statements.claim_parties import party_of
from evenhand.statements.claim_spans import find_stop, phrase_start
from evenhand.statements.references import Cast
from evenhand.statements.wordlists import rows_by

PROGRAMMES = frozenset(
    [
        "project",
        "projects",
        "programme",
        "programmes",
        "program",
        "programs",
        "training",
        "treatment",
        "power",
        "plant",
        "plants",
        "centre",
        "centres",
        "center",
        "centers",
        "camp",
        "camps",
        "station",
        "stations",
        "oil",
        "land",
        "water",
        "gas",
    ]
)


HUMANE = re.compile(
    r"\b(?:aid|relief|humanitarian|assistance|emergency|support|help|medical|food|health|vaccin\w+|evacuat\w+)\b", re.I
)


TOPICS = frozenset(
    [
        "efforts",
        "ways",
        "issues",
        "possibility",
        "possibilities",
        "prospects",
        "opportunities",
        "need",
        "needs",
        "how",
        "whether",
    ]
)


def claim_by_verb(aid: Aid, start: int, end: int, cast: Cast) -> Draft | None:
    """Return the claim of a clause with a verb of giving."""
    letters = aid.letters
    verbs = [at for at in range(start, end) if letters[at] in "EeU"]
    for verb in sorted(verbs, key=lambda at: letters[at] == "U"):
        form = aid.verbs.get(verb)
        if form is None:
            continue
        needs = rows_by("giving", "verb")[form.verb]["needs"]
        head = letters[start:verb]
        passive = (bool(re.search(r"b[wZ]*$", head)) and "participle" in form.tenses) or needs == "arrived"
        reduced = (
            not passive
            and "participle" in form.tenses
            and bool(re.search(r"(?:L|Q_*)\)?[w]?$", head))
            and not re.search(r"[uhb]w*$", head)
        )
        noun = _object(aid, verb, start, end, needs, before=passive or reduced)
        relative = None
        if needs == "receiver":
            with_what = re.compile(r"[^,.;]{0,8}x[twA]{0,3}(?P<what>L)").match(letters, verb + 1, end)
            direct = re.compile(r"[twA]{0,2}(?P<what>L)").match(letters, verb + 1, end)
            if direct and rows_by("resources", "word").get(aid.words[direct.start("what")], {}).get("kind") == AID_KIND:
                direct = None
            with_what = direct or with_what
            noun = with_what.start("what") if with_what else None
        elif not passive and not reduced and (noun is None or letters[verb + 1 : verb + 2] in ("2", "p")):
            relative = re.compile(r"(?P<what>L)[ci]?t?[RSGPNw](?:\([GC]\))?[wuhV]{0,4}$").search(letters, start, verb)
            noun = relative.start("what") if relative else noun
        if noun is None and needs != "receiver":
            continue
        if needs == "receiver" and not _helps_somebody(aid, verb, end):
            continue
        finite = re.compile(r"[hbu]").search(letters, verb + 1, end) if reduced else None
        stop = find_stop(
            aid, verb, end if finite is None or "Q" in letters[finite.start() : finite.start() + 4] else finite.start()
        )
        governed = head[-14:]
        withheld = re.search(r"Z[^,;]{0,8}$", head[-10:]) is not None
        if withheld and not reduced and not relative:
            continue
        if (letters[verb - 1 : verb] == "2" and TOPICS & set(aid.words[max(start, verb - 3) : verb])) or (
            form.verb == "bring"
            and noun is not None
            and not re.search(r"2", letters[verb:end])
            and "Q" not in letters[noun - 3 : noun]
        ):
            continue
        if form.verb == "receive":
            continue
        if (
            re.search(r"fe?$", head)
            and letters[verb] == "e"
            and start < verb - 1
            and aid.words[verb - 2] in ("programme", "program", "plan", "project")
        ):
            continue
        kind = read_kind(aid, verb, form.verb, governed, start)
        first = _begin(aid, start, verb, noun, passive=passive or reduced)
        draft = Draft(first, stop, kind, verb, noun if noun is not None else verb, passive=passive or reduced)
        if kind == "needed":
            asked = max(head.rfind("J"), -1) if not re.search(r"bw*J", head) else -1
            draft.first = (
                start + asked + 1 + (aid.words[start + asked + 1] in ("on", "upon", "to", "for"))
                if asked >= 0
                else draft.first
            )
        owner = re.search(r"O(?:ot?[GSPNA])?[wt]{0,2}2(?:[wM]{0,2}2)?[w]{0,2}$", head)
        if owner:
            draft.first = phrase_start(aid, start + owner.start(), start)
        draft.giver = find_giver(aid, start, verb, stop, cast, passive=passive or reduced)
        blessed = re.search(r"(?P<who>[SGPN])[^PNGS.;]{0,6}f[^.;PNGS]{0,12}$", letters[start:verb]) if reduced else None
        if blessed and ruling_verb(aid, verb) in THANKING:
            draft.giver = party_of(
                aid, start + blessed.start("who"), cast
            )  # "thanked Japan for the tents sent to Chad"
            draft.thanked = True
            at = start + blessed.start("who")
            draft.first = at - (letters[at - 1 : at] == "t")
        possessor = re.search(r"(?P<who>[SGPNA])'?w{0,2}O(?:[^O]{0,6})$", head) or re.search(
            r"Oot?(?P<who>[SGPN])[^O]{0,14}$", head
        )
        if owner and possessor:
            draft.giver = party_of(aid, start + possessor.start("who"), cast)
            draft.first = min(
                draft.first,
                start
                + possessor.start("who")
                - (letters[start + possessor.start("who") - 1 : start + possessor.start("who")] == "t"),
            )
        if relative and noun is not None:
            draft.first = phrase_start(aid, noun, start)
            inside = re.compile(r"(?P<who>[GSPNR])").search(letters, noun + 1, verb)
            if inside and inside.group() != "R":
                draft.giver = party_of(aid, inside.start("who"), cast)
        ruled = max([at for at in aid.one.clause.verbs if at < verb - 1 and letters[at] in "VJ"], default=-1)
        whom = re.compile(r"(?P<who>[PNGSA])").search(letters, ruled + 1, verb)
        if relative and ruling_verb(aid, verb) in THANKING and whom and letters[verb - 1] in "Rh":
            draft.giver = party_of(aid, whom.start("who"), cast)
            draft.thanked = True
            draft.first = whom.start("who") - (letters[whom.start("who") - 1 : whom.start("who")] == "t")
        if kind == "needed" and not re.match(r"t?C?[SGPN]", letters[draft.first : verb]):
            draft.giver = None
        draft.reasons.append(f'"{aid.words[verb]}"')
        return draft
    return None


def _object(aid: Aid, verb: int, start: int, end: int, needs: str, *, before: bool) -> int | None:
    """Return the token of what is given: after an active verb, before a passive one."""
    letters = aid.letters
    if before:
        places = [place for place in range(verb - 1, start - 1, -1) if letters[place] in "LQ"]
        places = [
            place
            for place in places
            if not re.search(r"[bhV]", letters[place:verb].replace("b", "", 1) if "b" in letters[place:verb] else "")
        ] or places
    else:
        places = []
        for place in range(verb + 1, end):
            if letters[place] in "VikM;:" or (letters[place] in "bhu"):
                break
            if letters[place] in "LQ":
                places.append(place)
    allowed = []
    for place in places:
        if letters[place] == "Q":
            if _amount_counts(aid, place):
                allowed.append(place)
            continue
        row = rows_by("resources", "word").get(aid.words[place], {})
        kind = row.get("kind", "")
        if needs in ("structure",) and kind != "structure":
            continue
        if needs == "people":
            continue
        if needs == "money" and kind != AID_KIND:
            continue
        if (
            aid.words[place] in PROGRAMMES
            and kind != "goods"
            and not HUMANE.search(" ".join(aid.words[max(start, place - 3) : end]))
        ):
            continue
        allowed.append(place)
    if needs in ("people", "fire") and not before:
        people = [
            place
            for place in range(verb + 1, min(end, verb + 8))
            if letters[place] in "WQ" or aid.words[place] in ("fire", "fires", "wounded", "injured")
        ]
        return people[0] if people else None
    return allowed[0] if allowed else None


def _amount_counts(aid: Aid, place: int) -> bool:
    """Say whether an amount can be something given: money, or things rather than time, distance or people."""
    after, amount = aid.amounts[place]
    if amount.currency:
        return True
    following = aid.words[after : after + 2]
    return not TIMES & set(following)


def _helps_somebody(aid: Aid, verb: int, end: int) -> bool:
    """Say whether "supports", "helped" has a receiver or a relief work behind it, not a cause or a policy."""
    after = aid.letters[verb + 1 : min(end, verb + 9)].lstrip("_")
    near = aid.words[verb + 1 : min(end, verb + 7)]
    if re.match(r"[twL]{0,3}(?:[SGPN](?!'|w?[VbhuE])|[A]?[tw]{0,2}W)", after) and "territorial" not in near:
        return True
    return (
        bool({"relief", "humanitarian", "evacuations", "fight", "response", "aid", "recovery"} & set(near))
        and "territorial" not in near
    )


def _begin(aid: Aid, start: int, verb: int, noun: int | None, *, passive: bool) -> int:
    """Return the first token of the claim: the subject of the verb, or the thing of a passive one."""
    letters = aid.letters
    if passive and noun is not None:
        return phrase_start(aid, noun, start)
    first = start
    head = letters[start:verb]
    speech = max(head.rfind("V"), -1)
    if speech >= 0 and not (
        aid.words[start + speech]
        in ("pledged", "promised", "announced", "offered", "committed", "decided", "vowed", "agreed")
        and aid.one.place == start + speech - 0
        and "2" in head[speech:]
    ):
        first = start + speech + 1
    while (
        first < verb
        and letters[first] in ',.&c"kw:;2iZ'
        and not (
            letters[first] == "w"
            and re.match(r"w{0,2}[LPNGSA]", letters[first:])
            and aid.words[first] not in ("also", "adding", "likewise", "then", "further", "thus", "instead")
        )
    ):
        first += 1
    return first if first <= verb else verb

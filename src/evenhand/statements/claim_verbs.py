"""Claims of verbs: "has sent 20 tents", "would keep supporting", "the land it has provided".

Called by `claims`. What is refused or has not arrived is no claim; the tense and what governs the verb say whether it is given, promised or needed.
"""

from __future__ import annotations

import re

from evenhand.statements.aid import Aid
from evenhand.statements.aid_verbs import CHANGED
from evenhand.statements.claim_begins import find_begin
from evenhand.statements.claim_causes import is_political
from evenhand.statements.claim_draft import AID_KIND, THANKING, Draft, ruling_verb
from evenhand.statements.claim_givers import find_giver
from evenhand.statements.claim_kinds import NEED_FOR, read_kind
from evenhand.statements.claim_nouns import GRATEFUL
from evenhand.statements.claim_objects import HUMANE, PROGRAMMES, find_object, kind_of
from evenhand.statements.claim_parties import meant_by, other_side, party_of, speakers_party
from evenhand.statements.claim_people import HELPED_WORK, helps_somebody, whose
from evenhand.statements.claim_receipts import claim_by_dative, claim_by_receipt
from evenhand.statements.claim_spans import find_stop, phrase_start
from evenhand.statements.references import Cast
from evenhand.statements.wordlists import rows_by

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
        "ceremony",
        "meeting",
        "event",
        "conference",
        "occasion",
        "ability",
        "capacity",
        "chance",
        "opportunity",
    ]
)


NO_AID = frozenset({"election", "elections", "referendum", "polls", "combat", "against"})
"""What people are sent for where it is no assistance."""
WORK_OF = re.compile(r"_*t?(?P<who>[SG])'w{0,2}?w")
TOTAL = re.compile(r"[twASG']{1,4}(?:L|2)")
LOADED = re.compile(r"[^,.;VEk]{0,10}x[twA]{0,4}(?P<what>[LQ])")
APPEALS = frozenset({"appeal", "appeals", "request", "requests"})
POLITE = frozenset(
    {"gratitude", "thanks", "appreciation", "condolences", "greetings", "congratulations", "invitation", "welcome", "sympathy", "sympathies", "regards", "wishes",
     "respects", "recognition", "apologies", "felicitations", "praise", "tribute", "message", "letter"}
)  # fmt: skip
STATUS = frozenset(
    {"fully", "partially", "percent", "cent", "%", "only", "under", "well", "poorly", "severely", "half"}
)
FINITE_LATER = re.compile(r"[^,;kiVE]{0,8}[hbu]{1,2}w?E")
"""A finite verb behind one that only describes: "the supplies landed in Kigali would be used"."""
AID_FOR = re.compile(r"(?<![QE])Lf[tAwGSkC&,L]{1,20}[GSPC]2$")
ASKED_OF = re.compile(r"(?:[DJ]f(?P<who>t?[wSGPNW]{1,3})|Df(?P<all>[^EULVDJQ.;:k]{1,40}))2[^DJV]{0,8}$")
"""The need for the agency to send."""
FROM_GIVER = re.compile(r"[QL][^.;V]{0,12}F[twC]{0,3}[SGPN][^VEb]{0,12}2$")
ENABLING = frozenset(
    {
        "allow",
        "allows",
        "allowed",
        "allowing",
        "enable",
        "enables",
        "enabled",
        "enabling",
        "permit",
        "permits",
        "permitted",
    }
)
CONSENT = re.compile(r"[tw]{0,2}O2")
FUNDED_BY = re.compile(r"_*y[tw]{0,2}[SGPN]")
"""The project, funded by Korea."""
ASIDE_BEHIND = re.compile(r"_*,[pwx2f][^,;VEUbhu]{1,30},(?=[tw]{0,2}[QLw])")
"""What stands between a verb and its thing: "has been providing, in the camps of Tindouf, a basket of food"."""
RUMOUR = frozenset({"speculation", "rumour", "rumours", "rumor", "rumors"})
ASKED_WHETHER = re.compile(r"(?:^|,)\"?[hub]t?[SGPNR]w{0,2}$")
PLEDGED_TO = re.compile(r"_*2w?E")
OBJECT_NEXT = re.compile(r"_*[twA]{0,2}[QL](?!_*w?[bhu])")
RELATIVE = re.compile(r"(?P<what>L|Q_*w?)[ci]?t?[RSGPNTw](?:\([GC]\))?[wuhV]{0,4}$")


def claim_by_verb(aid: Aid, start: int, end: int, cast: Cast) -> Draft | None:
    """Return the claim of a clause with a verb of giving."""
    letters = aid.letters
    verbs = [at for at in range(start, end) if letters[at] in "EeU"]
    for verb in sorted(verbs, key=lambda at: _rank(aid, start, at)):
        form = aid.verbs.get(verb)
        if form is None:
            continue
        entry = rows_by("giving", "verb")[form.verb]
        needs = entry["needs"]
        if entry["kind"] == "received":
            got = claim_by_receipt(aid, start, end, verb, find_begin(aid, start, verb, None, passive=False), cast)
            if got is not None:
                return got
            continue
        head = letters[start:verb]
        if aid.words[-1] == "?" and ASKED_WHETHER.search(head):
            continue  # "Has China provided any assistance?"
        if (
            re.search(r"b[wZ]*$", head)
            and PLEDGED_TO.match(letters, verb + 1, end)
            and form.verb in ("pledge", "promise", "commit")
        ):
            continue  # "is pledged to supply"
        passive = (bool(re.search(r"b[wZ]*$", head)) and "participle" in form.tenses) or needs in ("arrived", "moved")
        dative = (
            claim_by_dative(aid, start, end, verb, find_begin(aid, start, verb, None, passive=False), cast)
            if passive and needs not in ("arrived", "moved")
            else None
        )
        if dative is not None:
            return dative
        reduced = (
            not passive
            and "participle" in form.tenses
            and bool(re.search(r"(?:L|Q_*)\)?[w]?$", head))
            and not re.search(r"[uhb]w*$", head)
        )
        reduced = reduced or (
            not passive and re.search(r"L,$", head) is not None and FUNDED_BY.match(letters, verb + 1) is not None
        )
        reduced = reduced and not OBJECT_NEXT.match(letters, verb + 1, end)
        if re.search(r"D2w?$", head[-4:]) and APPEALS.intersection(aid.words[max(start, verb - 3) : verb]):
            continue  # "an appeal to finance operations" is a need
        if POLITE.intersection(aid.words[verb + 1 : verb + 5]) and "L" not in letters[verb + 1 : verb + 3]:
            continue  # "extended gratitude", "conveyed his condolences"
        if letters[verb - 1 : verb] == "2" and ENABLING.intersection(aid.words[max(start, verb - 4) : verb - 1]):
            continue  # what somebody is enabled to deliver is not delivered yet
        if form.verb == "give" and CONSENT.match(letters, verb + 1, end):
            continue  # "has given its consent to grant"
        if letters[verb - 1 : verb] == "2" and (FROM_GIVER.search(head[-80:]) or AID_FOR.search(head[-80:])):
            continue  # "welcomed $66 million from Japan to provide food": the gift is Japan's
        noun = find_object(aid, verb, start, end, needs, before=passive or reduced, whole=passive)
        if noun is None and reduced and FUNDED_BY.match(letters, verb + 1):
            noun = next((at for at in range(verb, end) if at in aid.amounts and aid.amounts[at][1].currency), None)
        relative = None
        loaded = LOADED.match(letters, verb + 1, end) if needs in ("arrived", "moved") and noun is None else None
        if loaded:
            passive, noun = False, loaded.start("what")  # "a Hercules arrived in Suva with relief supplies"
        if needs == "receiver":
            with_what = re.compile(r"[^,.;]{0,8}x[twA]{0,3}(?P<what>L)").match(letters, verb + 1, end)
            direct = re.compile(r"[twA]{0,2}(?P<what>L)").match(letters, verb + 1, end)
            if direct and rows_by("resources", "word").get(aid.words[direct.start("what")], {}).get("kind") == AID_KIND:
                direct = None
            with_what = direct or with_what
            noun = with_what.start("what") if with_what else None
        elif (
            not loaded and not passive and not reduced and (noun is None or letters[verb + 1 : verb + 2] in ("2", "p"))
        ):
            relative = RELATIVE.search(letters, start, verb)
            noun = relative.start("what") if relative else noun
        if noun is None and needs != "receiver":
            continue
        if noun is not None and kind_of(aid, noun) == "people" and NO_AID.intersection(aid.words[start:end]):
            continue  # observers of an election, troops against somebody
        if form.verb in ("open", "inaugurate") and re.search(r"(?:^|[^fF2oxy])t?[RPN][huwt]{0,4}$", head):
            continue  # a minister who opens a school gives none
        if (
            noun is not None
            and (form.verb in CHANGED or form.verb in ("convey", "extend"))
            and is_political(aid, noun + 1, min(end, noun + 10))
        ):
            continue
        if needs == "used" and not (
            passive
            and noun is not None
            and ((letters[noun] == "Q" and aid.amounts[noun][1].currency) or kind_of(aid, noun) == AID_KIND)
        ):
            continue
        if needs == "moved" and not loaded and not _moves(aid, start, verb, end, noun, form.verb):
            continue
        if needs == "receiver" and not helps_somebody(aid, verb, end):
            continue
        finite = re.compile(r"[hbu]").search(letters, verb + 1, end) if reduced or relative else None
        aside = ASIDE_BEHIND.match(letters, verb + 1, end)
        if aside and noun is not None and verb < noun < aside.end():
            noun = next((at for at in range(aside.end(), end) if letters[at] in "LQ"), noun)
        stop = find_stop(
            aid,
            aside.end() if aside else verb,
            end if finite is None or "Q" in letters[finite.start() : finite.start() + 4] else finite.start(),
        )
        governed = head[-14:]
        withheld = re.search(r"Z[^,;]{0,8}$", head[-10:]) is not None
        if withheld and not reduced and not relative:
            continue
        if (
            form.verb in ("fund", "finance")
            and passive
            and aid.words[verb - 1 : verb] != []
            and aid.words[verb - 1] in STATUS
        ):
            continue
        if "whether" in aid.words[max(0, start - 1) : verb] or RUMOUR.intersection(aid.words[:start]):
            continue
        if form.verb == "announce" and noun is not None and {"on", "about"}.intersection(aid.words[verb + 1 : noun]):
            continue  # a law on land
        if aid.words[verb - 1 : verb] == ["can"] and letters[verb - 1] == "u":
            continue  # what somebody is able to send is not sent
        if (letters[verb - 1 : verb] == "2" and TOPICS & set(aid.words[max(start, verb - 3) : verb])) or (
            form.verb == "bring"
            and noun is not None
            and not re.search(r"2", letters[verb:end])
            and "Q" not in letters[noun - 3 : noun]
        ):
            continue
        if form.verb in ("buy", "purchase", "procure", "lease", "order") and not re.search(
            r"[2fp][tw]{0,3}[SGWCTA]", letters[start:stop]
        ):
            continue
        if (
            form.verb in ("invest", "spend", "pay")
            and not (form.verb == "pay" and re.search(r"[2f]t?[SG]", letters[verb:stop]))
            and not HUMANE.search(aid.row.plain, aid.start(verb), aid.end(stop - 1))
            and "W" not in letters[verb:stop]
            and not any(
                letters[at] == "L" and letters[at + 1 : at + 2] != "L" and aid.words[at] not in PROGRAMMES
                for at in range(verb, stop)
            )
        ):
            continue
        if (
            re.search(r"fe?$", head)
            and letters[verb] == "e"
            and start < verb - 1
            and aid.words[verb - 2] in ("programme", "program", "plan", "project")
        ):
            continue
        kind = read_kind(aid, verb, form.verb, governed, start)
        first = find_begin(aid, start, verb, noun, passive=passive or reduced)
        draft = Draft(first, stop, kind, verb, noun if noun is not None else verb, passive=passive or reduced)
        if first < verb and not (passive or reduced):
            total = TOTAL.match(letters, verb + 1)
            if form.verb == "announce" or (total and "total" in aid.words[verb + 1 : total.end()]):
                draft.first = verb + 1  # "announced [a contribution of]", "this brings [Norway's total support]"
        need = NEED_FOR.search(letters, start, verb) if kind == "needed" and (passive or reduced) else None
        if need:
            draft.first = phrase_start(aid, need.start(), start)
            draft.reasons.append(f'"{aid.words[verb]}"')
            return draft
        if kind == "needed":
            asked = head.rfind("J")
            if asked >= 0 and re.search(r"bw*J", head) and not aid.words[start + asked].endswith("ing"):
                asked = -1  # "was asked to send"
            draft.first = (
                start + asked + 1 + (aid.words[start + asked + 1] in ("on", "upon", "to", "for", "from", "of"))
                if asked >= 0
                else draft.first
            )
        if letters[verb] == "e" and letters[verb - 1] == "L" and re.search(r"[VE]", letters[start : verb - 1]):
            draft.first = phrase_of(aid, verb - 1, start)  # "announced the departure of a ship carrying"
        asked_of = ASKED_OF.search(letters, max(start, verb - 80), verb)
        if asked_of:
            draft.kind, draft.first = "needed", max(asked_of.start("who"), asked_of.start("all"))
        owner = re.search(r"O(?:ot?[GSPNAT]){0,2}[wt]{0,2}2(?:[wM]{0,2}2)?[wM]{0,2}$", head)
        if owner:
            draft.first = phrase_start(aid, start + owner.start(), start)
        draft.giver = find_giver(aid, start, verb, stop, cast, passive=passive or reduced)
        thanks = (
            max((at for at in aid.one.clause.verbs if start <= at < verb and letters[at] in "VJ"), default=start - 1)
            + 1
        )
        blessed = (
            re.search(r"(?P<who>[SGPNC])[^PNGSC.;]{0,6}f[^.;PNGS]{0,12}$", letters[thanks:verb]) if reduced else None
        )
        if blessed and (ruling_verb(aid, verb) in THANKING or GRATEFUL.intersection(aid.words[start:verb])):
            at = thanks + blessed.start("who")
            draft.giver = party_of(aid, at, cast)  # "thanked Japan for the tents sent to Chad"
            draft.thanked = True
            draft.first = at - (letters[at - 1 : at] == "t")
        possessor = re.search(r"(?P<who>[SGPNA])'?w{0,2}O(?:[^O]{0,6})$", head) or re.search(
            r"Oot?(?P<who>[SGPNT])[^O]{0,14}$", head
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
            inside = re.compile(r"(?P<who>[GSPNRT])").search(letters, noun + 1, verb)
            if inside and inside.group() != "R":
                draft.giver = party_of(aid, inside.start("who"), cast)
            if inside and inside.group() == "T" and letters[inside.end() : inside.end() + 1] == "w":
                draft.giver = None  # "the maize which a Lusaka trader had offered"
            elif (
                not inside
                and "w" in letters[noun + 1 : verb]
                and not any(meant_by(aid, at, cast, None) for at in range(noun + 1, verb) if letters[at] == "w")
            ):
                draft.giver = None  # "the helicopters which donors had offered"
        ruled = max([at for at in aid.one.clause.verbs if at < verb - 1 and letters[at] in "VJ"], default=-1)
        whom = re.compile(r"(?P<who>[PNGSA])").search(letters, ruled + 1, verb)
        if relative and ruling_verb(aid, verb) in THANKING and whom and letters[verb - 1] in "Rh":
            draft.giver = party_of(aid, whom.start("who"), cast)
            draft.thanked = True
            draft.first = whom.start("who") - (letters[whom.start("who") - 1 : whom.start("who")] == "t")
        if kind == "needed" and not asked_of and head.rfind("J") >= 0:
            body = re.compile(r"J[wF2]?t?w?(?P<who>[SGPN])[^VE]{0,6}2w?$").search(letters, start, verb)
            draft.giver = party_of(aid, body.start("who"), cast) if body else draft.giver
        if asked_of:
            named = re.search(r"[SGPN]", asked_of.group("who")) if asked_of.group("who") else None
            draft.giver = party_of(aid, draft.first + named.start(), cast) if named else None
            draft.reasons.append(f'"{aid.words[verb]}"')
            return draft
        if kind == "needed" and aid.words[draft.first : draft.first + 1] == ["you"]:
            draft.giver = other_side(speakers_party(aid, cast), cast)
        elif kind == "needed" and not re.match(r"t?C?[SGPN]", letters[draft.first : verb]):
            draft.giver = None
        if form.verb in ("host", "shelter") and draft.giver and len(draft.giver) == 3 and draft.giver.isupper():
            draft.receivers = (draft.giver,)  # refugees stand for the state that they are in
        if needs in ("people", "debt") and not draft.receivers:
            draft.receivers = tuple(one for one in (whose(aid, verb, stop, cast, needs),) if one and one != draft.giver)
        work = WORK_OF.match(letters, verb + 1, stop) if needs == "receiver" else None
        if work and aid.words[work.end() - 1] in HELPED_WORK and letters[verb - 1 : verb] != "y":
            party = party_of(aid, work.start("who"), cast)
            draft.receivers = (party,) if party and party != draft.giver else draft.receivers
        draft.reasons.append(f'"{aid.words[verb]}"')
        return draft
    return None


def phrase_of(aid: Aid, place: int, start: int) -> int:
    """Return where the words before a noun begin that belong to it alone: of "the departure of a ship", "a ship"."""
    while place > start and aid.letters[place - 1] in "wACQ_L'":
        place -= 1
    return place - (place > start and aid.letters[place - 1] == "t")


def _rank(aid: Aid, start: int, verb: int) -> int:
    """Return how late a verb of giving is tried: those that only describe a thing ("the tents sent by", "a plane carrying") after the others."""
    letters = aid.letters
    form = aid.verbs.get(verb)
    if aid.words[verb - 1] == "being" and verb - 1 > start and letters[verb - 2] in "LwC_":
        return 3  # "relief operations being carried out"
    if letters[verb] == "U":
        return 2
    if letters[verb] == "e" and letters[verb - 1 : verb] in ("L", "C") and verb > start:
        return 1
    described = (
        form is not None and "participle" in form.tenses and letters[verb - 1 : verb] in ("L", "_") and verb > start
    )
    if not described or OBJECT_NEXT.match(letters, verb + 1):
        return 0
    moved = rows_by("giving", "verb")[form.verb]["needs"] in ("arrived", "moved") if form else False
    return int(not moved or FINITE_LATER.match(letters, verb + 1) is not None)


def _moves(aid: Aid, start: int, verb: int, end: int, noun: int | None, word: str) -> bool:
    """Say whether what came, left or landed is aid on its way to somebody: "a plane left Doha with tents for Mali"."""
    letters = aid.letters
    head = re.sub(r",.*,(?=[hbu]{0,2}w?$)", "", letters[start:verb])
    if noun is None or not re.search(r"(?:[LCT]|Q_*(?:o[tw]{1,2})?)[bhuwM2]{0,5}$", head):
        return False
    money = letters[noun] == "Q" and bool(aid.amounts[noun][1].currency)
    given = money or kind_of(aid, noun) == AID_KIND
    if word == "follow":
        return "Q" in letters[start:verb] and letters[noun] in "LQ"
    if word == "come":
        return re.compile(r"F[tw]{0,2}[SGP]").match(letters, verb + 1, end) is not None and (
            given or letters[noun] == "L"
        )
    if word == "go":
        return given and re.compile(r"2t?w{0,2}[SGPNWCT]").match(letters, verb + 1, end) is not None
    return re.compile(r"x[twA]{0,3}[QL]|[f2p][twoA]{0,5}[SGTC]|eL|eQ").search(letters, start, end) is not None
